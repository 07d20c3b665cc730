"""What the fixes of services name: the person in the right role, the value, the place, the template; in any language.

Each record is told by its cause and by what a reader of it would look for in the fixes (`a|b`: either).
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.people import receiver, signed_in
from fixer.explaining.causes.reading.sizes import size_of
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.input.workspace_file import parse_workspace

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROWS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "named" / "fixes.json").read_text(encoding="utf-8"))


def found(steps: list[dict[str, Any]], workspace: dict[str, Any] | None = None) -> Finding:
    record = parse_execution(json.dumps({"agent": "Bot", "workspace": "w", "steps": steps}).encode(), "record.json")
    known = parse_workspace(json.dumps(workspace or {}).encode(), "workspace.json")
    failed, step = failed_step(record)
    return find(Scene(record, failed, step, known, NOW))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['cause']}-{number}" for number, row in enumerate(ROWS)])
def test_the_fixes_name_what_a_reader_looks_for(row: dict[str, Any]) -> None:
    finding = found(row["steps"], row.get("workspace"))
    said = " | ".join(f"{fix.description} {fix.action}" for fix in finding.fixes).lower()
    assert finding.root_cause.value == row["cause"]
    assert [name for name in row["names"] if not any(one in said for one in name.lower().split("|"))] == []


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['cause']}-{number}" for number, row in enumerate(ROWS)])
def test_no_fix_is_longer_than_one_reads(row: dict[str, Any]) -> None:
    for fix in found(row["steps"], row.get("workspace")).fixes:
        assert len(fix.description) < 320, fix.description
        assert "Traceback" not in fix.description


@pytest.mark.parametrize(
    ("text", "sent_to"),
    [
        ("Final-Recipient: rfc822; a.lind@ostra.example\nReporting-MTA: dns; mx.brev.example", "a.lind@ostra.example"),
        ("from news@brev.example to a.lind@ostra.example: 550 unknown", "a.lind@ostra.example"),
        ("Zustellung an a.lind@ostra.example gescheitert (Absender news@brev.example)", "a.lind@ostra.example"),
        ("MAILER-DAEMON@mx.brev.example could not deliver: a.lind@ostra.example", "a.lind@ostra.example"),
        ("a.lind@ostra,com is not valid", "a.lind@ostra,com"),
        ("write to a.lind@ostra.example,b.lind@ostra.example", "a.lind@ostra.example"),
        ("a.lind@@ostra.example", "a.lind@@ostra.example"),
        ("nobody is named", ""),
    ],
)
def test_the_receiver_is_neither_the_sender_nor_who_reports(text: str, sent_to: str) -> None:
    assert receiver(text) == sent_to


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("Versand an kunde@rot.example gescheitert: 535 (Benutzer buero@blau.example)", "buero@blau.example"),
        ("could not mail kunde@rot.example, login buero@blau.example refused", "buero@blau.example"),
        ("envoi à kunde@rot.example refusé : compte buero@blau.example", "buero@blau.example"),
        ("sending to kunde@rot.example failed: 535", ""),
        ("535 for buero@blau.example", "buero@blau.example"),
    ],
)
def test_who_signs_in_is_not_who_gets_the_mail(text: str, user: str) -> None:
    assert signed_in(text) == user


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("maximum context length is 8192 tokens, you sent 9000 tokens", "9000 tokens, where at most 8192 are taken"),
        ("File is 31 MB, larger than the limit of 25 MB", "31 MB, where at most 25 are taken"),
        ("1.730 Zeichen, höchstens 1.600 erlaubt", "1.730 Zeichen, where at most 1.600 are taken"),
        ("The limit is 25 MB and the file has 12 MB", None),
        ("too long", None),
    ],
)
def test_a_size_is_told_with_both_numbers(text: str, words: str | None) -> None:
    size = size_of(text)
    assert (size.words if size else None) == words


KINDS = ["''", '""', "``", "“”", "„“", '„"', "\u201a\u2018", "«»", "\u2039\u203a", "»«", "「」", "『』", "\u2018\u2019"]


@pytest.mark.parametrize(("left", "right"), KINDS)
def test_a_template_is_named_in_quotes_of_any_kind(left: str, right: str) -> None:
    error = f"template {left}Relance d'avril{right} could not be loaded"
    steps = [{"action": "Send", "status": "failed", "error": error}]
    assert "'Relance d'avril'" in found(steps).fixes[0].description


def test_a_template_that_is_there_lacks_its_variable_only() -> None:
    steps = [{"action": "render", "status": "failed", "error": 'undefined variable bonus in template "Offer"'}]
    finding = found(steps, {"templates": [{"name": "Offer", "body": "{{bonus}}"}]})
    assert finding.root_cause.value == "missing_field"
    assert "bonus" in finding.fixes[0].description
    assert finding.fixes[-1].description.startswith("Give 'bonus' a default in the template 'Offer'")


def test_an_error_in_ones_own_code_is_told_where_it_is() -> None:
    error = (
        'Traceback (most recent call last):\n  File "/srv/run.py", line 8, in go\n    step(x)\n'
        '  File "/srv/steps/rate.py", line 4, in step\n    rate = won / calls\nZeroDivisionError: division by zero'
    )
    fix = found([{"action": "code", "status": "failed", "error": error}]).fixes[0]
    assert "'rate = won / calls'" in fix.description
    assert "/srv/steps/rate.py:4" in fix.action
