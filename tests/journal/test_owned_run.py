from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter

from fixer.errors import InterruptedRunError, JournalError, ToolError
from fixer.journal import Journal, OwnedRun, RunState, StepState
from fixer.schema.base import Record
from tests.journal.conftest import Clock


class Finding(Record):
    path: Path
    lines: tuple[int, ...]
    names: frozenset[str] = frozenset()
    seconds: float = 1.0


def never() -> int:
    raise AssertionError("a finished step must not run again")


def submit(journal: Journal) -> str:
    return journal.submit("test", {"n": 1}, "key").id


def test_a_finished_step_gives_its_output_on_resume(journal: Journal) -> None:
    run_id = submit(journal)
    found = Finding(path=Path("a.py"), lines=(1, 2), names=frozenset({"x", "y"}), seconds=float("inf"))
    many = TypeAdapter(tuple[Finding, ...])
    with journal.own(run_id) as owned:
        assert owned.step("one", Finding, lambda: found) == found
        assert owned.step("many", many, lambda: (found, found)) == (found, found)
    with journal.own(run_id) as owned:
        assert owned.given == {"n": 1}
        assert owned.step("one", Finding, lambda: pytest.fail("ran again")) == found
        assert owned.step("many", many, lambda: pytest.fail("ran again")) == (found, found)


def test_text_that_is_not_utf8_comes_back_unchanged(journal: Journal) -> None:
    run_id = submit(journal)
    text = b"caf\xe9 \xff".decode("utf-8", "surrogateescape") + "\x00 \u2028 \N{PILE OF POO}"
    with journal.own(run_id) as owned:
        assert owned.step("text", str, lambda: text) == text
        owned.event("text", text)
    with journal.own(run_id) as owned:
        assert owned.step("text", str, lambda: "") == text
        assert owned.events("text")[0].data == text


def test_a_failing_step_is_recorded_and_may_run_again(journal: Journal) -> None:
    run_id = submit(journal)

    def broken() -> int:
        raise ToolError("ruff could not be started", "install ruff")

    with journal.own(run_id) as owned:
        with pytest.raises(ToolError):
            owned.step("lint", int, broken)
        with pytest.raises(ZeroDivisionError):
            owned.step("lint", int, lambda: 1 // 0)
    with journal.own(run_id) as owned:
        assert owned.step("lint", int, lambda: 3) == 3
        assert owned.step("lint", int, never) == 3
    assert [(s.attempt, s.state, s.error, s.output) for s in journal.steps(run_id)] == [
        (1, StepState.FAILED, "ruff could not be started", None),
        (2, StepState.FAILED, "ZeroDivisionError: integer division or modulo by zero", None),
        (3, StepState.DONE, "", 3),
    ]
    failed = [event.data for event in journal.events(run_id) if event.kind == "step.failed"]
    assert failed[0] == {"name": "lint", "attempt": 1, "error": "ruff could not be started"}


def test_an_error_without_a_message_still_has_words(journal: Journal) -> None:
    with journal.own(submit(journal)) as owned:

        def silent() -> int:
            raise ValueError

        with pytest.raises(ValueError):  # noqa: PT011 - it has no message, that is the point
            owned.step("silent", int, silent)
        owned.fail("")
    assert journal.steps(owned.id)[0].error == "ValueError"
    assert journal.run(owned.id).error == "no reason was given"


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), InterruptedRunError("stopped", "resume")])
def test_a_step_that_is_stopped_is_interrupted_and_not_failed(journal: Journal, stop: BaseException) -> None:
    def stopped() -> int:
        raise stop

    run_id = submit(journal)
    with pytest.raises(type(stop)), journal.own(run_id) as owned:
        owned.step("work", int, stopped)
    assert journal.steps(run_id)[0].state is StepState.INTERRUPTED
    assert journal.run(run_id).state is RunState.DEAD


def test_an_output_that_does_not_survive_json_fails_at_once(journal: Journal) -> None:
    whole = TypeAdapter(Annotated[float, Field(multiple_of=1)])
    with journal.own(submit(journal)) as owned, pytest.raises(JournalError, match="output of step 'odd'"):
        owned.step("odd", whole, lambda: 0.5)
    assert journal.steps(owned.id)[0].state is StepState.FAILED


def test_an_output_of_another_version_is_explained(journal: Journal) -> None:
    run_id = submit(journal)
    with journal.own(run_id) as owned:
        owned.step("found", str, lambda: "text")
    with journal.own(run_id) as owned, pytest.raises(JournalError, match="does not have the form"):
        owned.step("found", Finding, lambda: pytest.fail("ran"))


def test_the_end_is_recorded_with_its_result(journal: Journal, clock: Clock) -> None:
    with journal.own(submit(journal)) as owned:
        clock.seconds += 7
        owned.finish({"fixed": True})
    run = journal.run(owned.id)
    assert (run.state, run.result, run.error, run.ended) == (RunState.DONE, {"fixed": True}, "", clock.seconds)
    assert not (journal.folder / "locks" / run.id).exists()


def test_the_first_start_survives_resumes(journal: Journal, clock: Clock) -> None:
    run_id = submit(journal)
    clock.seconds += 3
    first = clock.seconds
    with journal.own(run_id) as owned:
        assert (owned.started, owned.resumed) == (first, False)
    clock.seconds += 500
    with journal.own(run_id) as owned:
        assert journal.run(run_id).updated == clock.seconds
        clock.seconds += 1
        owned.step("work", int, lambda: 1)
        assert journal.run(run_id).updated == clock.seconds
        assert (owned.started, owned.resumed, owned.epoch) == (first, True, 2)


def take(owned: OwnedRun, clock: Clock, name: str, seconds: float) -> None:
    def body() -> None:
        clock.seconds += seconds

    owned.step(name, TypeAdapter(None), body)


def test_active_seconds_counts_work_across_resumes_and_not_the_pause(journal: Journal, clock: Clock) -> None:
    run_id = submit(journal)
    with journal.own(run_id) as owned:
        take(owned, clock, "fix.1", 10)
        take(owned, clock, "other", 5)
    clock.seconds += 1000
    with journal.own(run_id) as owned:
        take(owned, clock, "fix.1", 10)
        take(owned, clock, "fix.2", 20)
        assert owned.active_seconds("fix.") == 30
        assert owned.active_seconds() == 35


def test_active_seconds_counts_a_killed_attempt_until_its_last_event(journal: Journal, clock: Clock) -> None:
    run_id = submit(journal)
    with journal.own(run_id) as owned:

        def killed() -> int:
            clock.seconds += 4
            owned.event("command", {"argv": ["pytest"]})
            clock.seconds += 100
            owned._database.close()
            raise KeyboardInterrupt

        # The database that is gone stands for the kill: nothing more can be recorded.
        with pytest.raises(JournalError):
            owned.step("fix.1", int, killed)
    from fixer.journal import open_journal  # noqa: PLC0415 - only here a second life is needed

    with open_journal(journal.folder, clock) as again, again.own(run_id) as owned:
        assert owned.active_seconds("fix.") == 4
        assert again.steps(run_id)[0].state is StepState.INTERRUPTED


def test_nested_steps_count_once(journal: Journal, clock: Clock) -> None:
    with journal.own(submit(journal)) as owned:

        def outer() -> None:
            clock.seconds += 1
            take(owned, clock, "fix.inner", 10)
            clock.seconds += 1

        owned.step("fix", TypeAdapter(None), outer)
        assert owned.active_seconds() == 12


def test_events_are_read_back_across_resumes(journal: Journal) -> None:
    run_id = submit(journal)
    with journal.own(run_id) as owned:
        owned.event("command", {"argv": ["one"]})
    with journal.own(run_id) as owned:
        owned.event("command", {"argv": ["two"]})
        assert [event.data for event in owned.events("command")] == [{"argv": ["one"]}, {"argv": ["two"]}]


def test_the_breaker_admits_three_attempts_in_an_hour(journal: Journal, clock: Clock) -> None:
    first = clock.seconds
    for number in range(3):
        with journal.own(journal.submit("test", None, str(number)).id) as owned:
            assert owned.attempt("fingerprint", 3, 3600) is None
            assert owned.attempt("fingerprint", 3, 3600) is None
        clock.seconds += 60
    with journal.own(journal.submit("test", None, "late").id) as owned:
        assert owned.attempt("fingerprint", 3, 3600) == first + 3600
        assert owned.attempt("another", 3, 3600) is None
        assert owned.attempt("none at all", 0, 3600) == clock.seconds + 3600
        clock.seconds = first + 3600
        assert owned.attempt("fingerprint", 3, 3600) is None
    assert journal.attempts_since("fingerprint", first) == (first, first + 60, first + 120, first + 3600)
    assert journal.attempts_since("fingerprint", first + 100) == (first + 120, first + 3600)


def test_what_is_held_is_known_until_it_is_let_go(journal: Journal) -> None:
    run_id = submit(journal)
    with journal.own(run_id) as owned:
        owned.hold("worktree", "/a")
        owned.hold("worktree", "/a")
        owned.hold("folder", "/b")
    with journal.own(run_id) as owned:
        assert [(r.kind, r.name) for r in owned.held()] == [("worktree", "/a"), ("folder", "/b")]
        owned.let_go("worktree", "/a")
        journal.cancel(run_id)
        owned.let_go("folder", "/b")
    assert journal.resources(run_id) == []
