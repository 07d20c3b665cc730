"""The short form: what a person sees at the end of a run."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from fixer.reporters.terminal import print_report
from fixer.schema.report import Outcome, Report
from tests.reporters.examples import FIXED, PARTLY, PATCH, VERIFIED, of_outcome
from tests.reporters.test_markdown import HOSTILE, replaced

EXPECTED = """✓ fixed  tests/test_prices.py::test_import passes again.  (12.3 s)

  failed    tests/test_prices.py::test_import (pytest)
            KeyError: 'prize'
            and 1 more in the same log
  seen here python -m pytest -q tests/test_prices.py::test_import
  why       The column is called `price`; the code asks for `prize`.
  since     1111111111 Read prices from a file (Dev)
  fix       Ask for the column price (names)

    --- a/shop/prices.py
    +++ b/shop/prices.py
    @@ -7,3 +7,3 @@ def load_prices(text):
         for row in rows:
    -        prices[row["name"]] = float(row["prize"])
    +        prices[row["name"]] = float(row["price"])
         return prices

  proof     2 of 2 checks passed, by 3 commands
            ✓ fails_before      it fails the same way
            ✓ stable            it passed 2 of 2 times
  branch    fix/test-import (made from main)
  patch     /home/dev/shop/.fixer/fix.patch
  report    outputs/report.md

  next      Look at the fix: git diff main...fix/test-import
"""


def printed(report: Report, *, colour: bool = False, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, errors="backslashreplace", newline="\n")
    console = Console(file=file, force_terminal=colour, color_system="standard" if colour else None, width=60)
    print_report(report, console, Path("outputs/report.md"))
    file.flush()
    return raw.getvalue().decode(encoding)


def test_the_whole_text_of_a_fixed_run() -> None:
    assert printed(FIXED) == EXPECTED


def test_the_diff_is_coloured() -> None:
    text = printed(FIXED, colour=True)
    assert '\x1b[32m    +        prices[row["name"]] = float(row["price"])\x1b[0m' in text
    assert '\x1b[31m    -        prices[row["name"]] = float(row["prize"])\x1b[0m' in text


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_says_what_happened_and_what_is_next(outcome: Outcome) -> None:
    report = of_outcome(outcome)
    text = printed(report)
    assert text.splitlines()[0][2:].startswith(outcome.value.replace("_", " "))
    assert report.error in text
    assert "\n  next      " in text
    assert "None" not in text


@pytest.mark.parametrize("payload", HOSTILE)
def test_control_codes_and_markup_do_nothing(payload: str) -> None:
    report = Report.model_validate(replaced(FIXED.model_dump(mode="json", by_alias=True), f"[red]{payload}[/red]"))
    text = printed(report)
    assert all(c == "\n" or c.isprintable() for c in text)
    assert "[red]" in text


def test_a_long_diff_is_cut() -> None:
    diff = PATCH.diff + "".join(f"+line {number}\n" for number in range(200))
    attempt = VERIFIED.model_copy(update={"patch": PATCH.model_copy(update={"diff": diff})})
    text = printed(FIXED.model_copy(update={"attempts": (attempt,)}))
    assert "+line 52\n" in text
    assert "+line 53\n" not in text
    assert "… 147 more lines in the report" in text


def test_what_was_fixed_too_and_what_is_left() -> None:
    text = printed(PARTLY)
    assert text.startswith("✗ partial")
    assert "also      tests/test_prices.py::test_export (pytest)" in text
    assert "fix       Close the file (names)" in text
    assert "left      shop/prices.py (ruff): E501 Line too long | 130" in text
    assert "            it does not show here" in text


def test_an_encoding_without_the_marks() -> None:
    assert printed(FIXED, encoding="latin-1").startswith("+ fixed")
