"""What repeats itself is read once, what may count after all is read again, and the like of it only so often."""

from collections.abc import Sequence

import pytest

from fixer.distiller.repetition import ENOUGH_ALIKE, ENOUGH_READINGS, FEW_ALIKE, MANY, Repetition
from fixer.schema.execution import Step, StepStatus

FIRST = b"2024-05-01T10:00:00.0000000Z error: a\nb\nc\nd\ne\n"
LATER = b"2024-05-01T11:11:11.0000000Z error: a\nb\nc\nd\ne\n"


def steps(*statuses: StepStatus) -> Sequence[Step]:
    return [Step(number=number, name="s", status=status) for number, status in enumerate(statuses, 1)]


def taken(repetition: Repetition, data: bytes, step: int, *, failed: bool, ended: Sequence[Step] = ()) -> bool:
    new = repetition.is_new(data, 0, step, ended)
    if new:
        repetition.ran(data, 0, len(data) - 2)
    if repetition.reading:
        repetition.end(step if failed else None)
    return new


def test_a_copy_is_known_as_a_whole_whenever_it_was_printed() -> None:
    repetition = Repetition()
    assert taken(repetition, FIRST, 1, failed=True)
    assert not taken(repetition, LATER, 1, failed=True)
    assert repetition.known_until == len(LATER) - 2


def test_only_the_part_that_is_the_same_is_known() -> None:
    repetition = Repetition()
    assert taken(repetition, FIRST, 1, failed=True)
    assert not taken(repetition, LATER.replace(b"\ne\n", b"\nf\n"), 1, failed=True)
    assert repetition.known_until == len(LATER) - 2


def test_what_a_passed_step_said_is_read_again_in_the_next_but_not_for_ever() -> None:
    repetition = Repetition()
    passed = steps(*[StepStatus.PASSED] * 9)
    again = [taken(repetition, LATER, step, failed=True, ended=passed[: step - 1]) for step in range(1, 8)]
    assert again == [True] * ENOUGH_READINGS + [False] * (7 - ENOUGH_READINGS)


@pytest.mark.parametrize("status", [StepStatus.FAILED, StepStatus.UNKNOWN])
def test_what_a_step_said_that_did_not_pass_is_not_read_again(status: StepStatus) -> None:
    repetition = Repetition()
    assert taken(repetition, FIRST, 1, failed=True)
    assert not taken(repetition, LATER, 2, failed=True, ended=steps(status))


def test_what_stated_no_failure_is_not_read_again_in_any_step() -> None:
    repetition = Repetition()
    assert taken(repetition, FIRST, 1, failed=False)
    assert not taken(repetition, LATER, 2, failed=False, ended=steps(StepStatus.PASSED))


def test_lines_that_differ_by_numbers_are_read_so_often_and_less_often_in_a_log_of_very_many() -> None:
    repetition = Repetition()
    lines = [b"a.c:%d: error: x\n%d\n\n\n\n" % (n, n) for n in range(2 * ENOUGH_ALIKE)]
    assert sum(taken(repetition, line, 1, failed=True) for line in lines) == ENOUGH_ALIKE
    for number in range(MANY):
        repetition.read(b"%s\n" % (b"x" * (number % 300)), 0, 1)
    repetition.end(None)
    others = [line.replace(b"a.c", b"b.c") for line in lines]
    assert sum(taken(repetition, line, 1, failed=True) for line in others) == FEW_ALIKE


def test_a_line_of_which_nothing_came_is_known_wherever_it_stands() -> None:
    repetition = Repetition()
    repetition.dull(FIRST, 0)
    assert not repetition.is_new(LATER.replace(b"b", b"z"), 0, 3, ())


def test_what_holds_a_mark_of_a_step_is_never_passed_over() -> None:
    repetition = Repetition()
    marked = FIRST.replace(b"\nc\n", b"\n##[error]c\n")
    assert taken(repetition, marked, 1, failed=True)
    assert not taken(repetition, marked, 1, failed=True)
    assert repetition.known_until == 0
