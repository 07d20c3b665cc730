from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.journal import Journal, OwnedRun, RunRecord, RunState
from fixer.journal.due import BLIND, LONGEST, PAUSES, QUEUED_SECONDS, RESUMES, put_off_until
from tests.journal.conftest import Clock


def submit(journal: Journal, key: str = "key") -> RunRecord:
    return journal.submit("test", None, key)


def die(journal: Journal, run_id: str, step: str = "") -> None:
    with journal.own(run_id) as owned:
        finish(owned, step)


def finish(owned: OwnedRun, step: str) -> None:
    if step:
        owned.step(step, int, lambda: 1)


def test_a_run_that_is_put_off_waits_for_its_time(journal: Journal, clock: Clock) -> None:
    run = submit(journal)
    with journal.own(run.id) as owned:
        assert owned.put_off("the limit of GitHub is used up", clock.seconds + 1800) == clock.seconds + 1800
    waiting = journal.run(run.id)
    assert (waiting.state, waiting.alive, waiting.due) == (RunState.WAITING, False, clock.seconds + 1800)
    assert waiting.waits == "the limit of GitHub is used up"
    last = journal.events(run.id)[-1]
    assert (last.kind, last.data) == ("run.waiting", {"reason": waiting.waits, "due": waiting.due})
    with journal.own(run.id) as owned:
        assert owned.resumed
        taken = journal.run(run.id)
        assert (taken.state, taken.due, taken.waits, taken.resumes) == (RunState.RUNNING, None, "", 1)
        owned.finish(None)
    assert journal.due() == []


def test_each_time_in_a_row_it_is_due_later_and_then_given_up(journal: Journal, clock: Clock) -> None:
    run = submit(journal)
    for pause in BLIND:
        with journal.own(run.id) as owned:
            assert owned.put_off("no network", None) == clock.seconds + pause
        clock.seconds += pause
    with journal.own(run.id) as owned:
        assert owned.put_off("no network", None) is None
    given_up = journal.run(run.id)
    assert (given_up.state, given_up.due) == (RunState.DEAD, None)
    assert given_up.waits == "given up after 3 resumes in a row that did not get it further: no network"
    # Somebody who resumes it by hand knows more: the count begins anew.
    with journal.own(run.id) as owned:
        assert owned.put_off("no network", None) == clock.seconds + BLIND[0]


def test_a_run_that_died_is_due_at_once_and_after_three_deaths_in_a_row_given_up(
    journal: Journal, clock: Clock
) -> None:
    run = submit(journal)
    die(journal, run.id)
    for pause in PAUSES:
        assert journal.run(run.id).due == clock.seconds + pause
        clock.seconds += pause
        die(journal, run.id)
    given_up = journal.run(run.id)
    assert (given_up.state, given_up.due) == (RunState.DEAD, None)
    assert given_up.waits == "given up: its process died, and 3 resumes in a row did not get it further"
    die(journal, run.id)
    assert journal.run(run.id).due == clock.seconds


def test_a_step_that_is_finished_begins_the_count_anew(journal: Journal, clock: Clock) -> None:
    run = submit(journal)
    for number in range(2 * RESUMES):
        die(journal, run.id, f"step.{number}")
        assert journal.run(run.id).due == clock.seconds


def test_a_run_that_somebody_stopped_does_not_go_on_by_itself(journal: Journal) -> None:
    run = submit(journal)
    with journal.own(run.id) as owned:
        owned.interrupt()
    stopped = journal.run(run.id)
    assert (stopped.state, stopped.due, stopped.waits) == (RunState.DEAD, None, "stopped with Ctrl-C")
    assert journal.due() == []


def test_what_is_due_first_comes_first(journal: Journal, clock: Clock) -> None:
    late, new, dead, live = (submit(journal, key) for key in ("late", "new", "dead", "live"))
    with journal.own(late.id) as owned:
        owned.put_off("a quota", clock.seconds + 5000)
    die(journal, dead.id)
    with journal.own(live.id):
        due = journal.due()
    # A new run is left to the process that is about to begin it.
    assert [(one.id, one.due) for one in due] == [
        (dead.id, clock.seconds),
        (new.id, clock.seconds + QUEUED_SECONDS),
        (late.id, clock.seconds + 5000),
    ]


def test_a_waiting_run_can_be_cancelled(journal: Journal) -> None:
    run = submit(journal)
    with journal.own(run.id) as owned:
        owned.put_off("a quota", None)
    assert journal.cancel(run.id).run.state is RunState.CANCELLED
    assert journal.run(run.id).waits == ""
    assert journal.due() == []


@settings(max_examples=60)
@given(
    st.none() | st.floats(allow_nan=False), st.floats(min_value=0, max_value=4e9), st.integers(min_value=0, max_value=9)
)
def test_the_time_is_never_past_nor_beyond_belief(at: float | None, now: float, resumes: int) -> None:
    due = put_off_until(at, now, resumes)
    assert (due is None) == (resumes >= RESUMES)
    if due is not None:
        assert now <= due <= now + LONGEST
