"""What is kept of a log: the lines that matter, within the budget, for logs of any kind and size."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.distiller import distill
from fixer.distiller.scan import MOST_HITS
from fixer.schema.log_summary import LogSummary
from tests.parsers.reading import LOGS

PIECES = sorted(
    {line for path in LOGS.rglob("*.log") for line in path.read_bytes().splitlines(keepends=True) if len(line) < 200}
)


def of(data: bytes, budget: int = 12_000) -> LogSummary:
    return distill("test", [(None, io.BytesIO(data))], budget)


def noise(count: int) -> bytes:
    return b"".join(b"%d: compiling module %d of the project, all is well\n" % (n, n) for n in range(count))


def test_a_small_log_is_kept_as_a_whole() -> None:
    summary = of(b"one\ntwo\n\nthree\n")
    assert summary.context.text == "one\ntwo\n\nthree"
    assert (summary.lines, summary.omitted_lines) == (4, 0)


@pytest.mark.parametrize("budget", [500, 4000])
def test_the_error_is_found_in_the_noise(budget: int) -> None:
    error = b"shop/cart.c:12:3: error: unknown type name 'price_t'\n"
    summary = of(noise(20_000) + error + noise(20_000), budget)
    assert error.decode().strip() in summary.context.text
    assert summary.context.characters == len(summary.context.text) <= budget
    assert summary.failures[0].log_line == 20_001
    assert any(place.first_line <= 20_001 <= place.last_line for place in summary.context.places)
    assert summary.root_cause == "compile_error"


def test_the_places_are_those_of_the_text() -> None:
    data = noise(500) + b"E   KeyError: 'price'\n" + noise(500) + b"fatal: no such thing\n" + noise(500)
    summary = of(data, 1500)
    lines = data.decode().splitlines()
    shown = [lines[n - 1] for p in summary.context.places for n in range(p.first_line, p.last_line + 1)]
    assert [line for line in summary.context.text.splitlines() if not line.startswith("--- lines ")] == shown
    assert summary.omitted_lines == summary.lines - len(shown)


def test_a_step_that_passed_gives_way_to_the_one_that_failed() -> None:
    text = (
        "##[group]Run make warm\n##[endgroup]\n"
        + "error: survived, tried again\n" * 1
        + "x\n" * 2000
        + "##[group]Run make test\n##[endgroup]\n"
        + "x\n" * 2000
        + "error: the real one\n"
        + "##[error]Process completed with exit code 2.\n"
    )
    summary = of(text.encode(), 220)
    assert "error: the real one" in summary.context.text
    assert [failure.message for failure in summary.failures][0:1] == ["error: the real one"]
    assert not any("survived" in failure.message for failure in summary.failures)


def test_repeated_lines_do_not_use_up_the_budget() -> None:
    data = b"Error: cannot reach the cache\n" * 5000 + b"AssertionError: 3 != 4\n" + noise(50)
    assert "AssertionError: 3 != 4" in of(data, 1000).context.text


def test_more_hits_than_are_kept() -> None:
    words = [
        f"error: number {'x' * (n % 50)} {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{n // 676}"
        for n in range(3 * MOST_HITS)
    ]
    summary = of("\n".join([*words, "FAILED tests/test_a.py::test_x - KeyError: 'k'"]).encode(), 2000)
    assert "FAILED tests/test_a.py::test_x" in summary.context.text


def test_the_first_cause_is_the_root_cause() -> None:
    data = b"ERROR: No matching distribution found for nothing\n##[error]Process completed with exit code 1.\n"
    assert of(data).root_cause == "missing_dependency"


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b[31m" * 20_000,
        b"a\rb" * 50_000,
        b"\xff\xfe" * 20_000,
        b"\0" * 50_000,
        b"(" * 50_000,
        b"error: " * 20_000,
        b"/a" * 40_000,
        b"'" * 50_000,
        b" at a (" * 10_000,
        b"=" * 50_000 + b" x",
        b"##[group]Run \n" * 5_000,
        b"Traceback (most recent call last):\n" * 3_000,
        b"--- FAIL: T (0.0s)\n" * 3_000,
        b"  1) a\n" * 5_000,
        b"<testcase " * 10_000,
        b"\x1b]0;" * 20_000,
        b"<failure><testcase name='" * 5_000,
    ],
)
def test_adversarial_logs_are_read_to_their_end(data: bytes) -> None:
    summary = of(data, 2000)
    assert summary.lines >= 1
    assert summary.context.characters <= 2000


@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from(PIECES)), max_size=80), st.integers(200, 3000))
@settings(max_examples=80, deadline=None)
def test_any_log_is_read_within_the_budget(pieces: list[bytes], budget: int) -> None:
    summary = of(b"".join(pieces), budget)
    assert summary.context.characters == len(summary.context.text) <= budget
    assert all(char in "\n\t" or (ord(char) >= 32 and not 127 <= ord(char) < 160) for char in summary.context.text)
    assert 0 <= summary.omitted_lines <= summary.lines
