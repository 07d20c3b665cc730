"""The room as a whole: any text is survived, repetitions are said once, passed steps are left out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.ci_log.clean import clean
from fixer.parsers import failures_in, lines_of
from fixer.parsers.base import MOST_FAILURES
from fixer.schema.execution import Step, StepStatus
from tests.parsers.reading import LOGS

PIECES = sorted(
    {line for path in LOGS.rglob("*.log") for line in path.read_text(encoding="utf-8").splitlines() if len(line) < 200}
)


@given(st.lists(st.one_of(st.text(max_size=80), st.sampled_from(PIECES)), max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(lines: list[str]) -> None:
    failures = failures_in(lines_of(clean(line) for line in lines))
    assert len(failures) <= len(lines)
    assert all(failure.log_line and 1 <= failure.log_line <= len(lines) for failure in failures)
    assert len({failure.id for failure in failures}) == len(failures)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(max_examples=50, deadline=None)
def test_the_same_log_gives_the_same_answer(lines: list[str]) -> None:
    assert failures_in(lines_of(lines)) == failures_in(lines_of(lines))


def test_one_failure_said_often_is_one_failure() -> None:
    text = ["FAILED tests/test_a.py::test_x - KeyError: 'k'"] * 5
    assert len(failures_in(lines_of(text))) == 1


def test_what_a_passed_step_printed_is_no_failure() -> None:
    text = ["FAILED tests/test_a.py::test_x - KeyError: 'k'", "FAILED tests/test_a.py::test_y - KeyError: 'k'"]
    steps = (
        Step(number=1, name="first try", status=StepStatus.PASSED, first_line=1, last_line=1),
        Step(number=2, name="second", status=StepStatus.FAILED, exit_code=1, first_line=2, last_line=2),
    )
    (failure,) = failures_in(lines_of(text, steps), steps)
    assert (failure.test, failure.step, failure.exit_code) == ("tests/test_a.py::test_y", 2, 1)


def test_the_first_cause_stands_above_what_follows_from_it() -> None:
    text = [
        "a.py:3: error: Name 'x' is not defined  [name-defined]",
        "b.py:1:7: invalid-syntax: Expected a parameter",
    ]
    assert [failure.file for failure in failures_in(lines_of(text))] == ["b.py", "a.py"]


def test_failures_are_bounded() -> None:
    text = (f"a.py:{number}: error: bad  [misc]" for number in range(1, 3 * MOST_FAILURES))
    assert len(failures_in(lines_of(text))) == MOST_FAILURES


def test_two_findings_on_one_line_are_two() -> None:
    text = [f"a.py:1:{column}: F401 'os' imported but unused" for column in (8, 20)]
    found = failures_in(lines_of(text))
    assert [failure.column for failure in found] == [8, 20]
    assert len({failure.id for failure in found}) == 2
