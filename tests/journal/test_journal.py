import subprocess
from pathlib import Path

import pytest

from fixer.errors import ConfigError, ExitCode
from fixer.journal import BusyError, FencedError, Journal, RunState, StepState, TransitionError, open_journal
from fixer.journal.database import BUSY_SECONDS
from tests.journal.conftest import Clock
from tests.journal.programs import holding


def end(journal: Journal, key: str, state: RunState = RunState.DONE) -> str:
    run = journal.submit("test", None, key)
    with journal.own(run.id) as owned:
        if state is RunState.DONE:
            owned.finish({"answer": 42})
        else:
            owned.fail("it broke")
    return run.id


def leave_dead(journal: Journal, key: str) -> str:
    run = journal.submit("test", None, key)
    with journal.own(run.id):
        pass
    return run.id


def test_a_submitted_run_is_queued_with_what_was_given(journal: Journal, clock: Clock) -> None:
    run = journal.submit("repair", {"path": "info.json", "odd": "\udcff"}, "key")
    assert (run.kind, run.key, run.attempt, run.state, run.alive) == ("repair", "key", 1, RunState.QUEUED, False)
    assert run.given == {"path": "info.json", "odd": "\udcff"}
    assert (run.created, run.started, run.owner) == (clock.seconds, None, None)


def test_an_open_run_is_returned_again_and_an_ended_one_followed_by_the_next_attempt(journal: Journal) -> None:
    queued = journal.submit("test", None, "key")
    assert journal.submit("test", "other", "key") == queued
    with journal.own(queued.id):
        assert journal.submit("test", None, "key").id == queued.id
    dead = journal.submit("test", None, "key")
    assert (dead.id, dead.state) == (queued.id, RunState.DEAD)
    end(journal, "key", RunState.FAILED)
    second = journal.submit("test", None, "key")
    assert (second.attempt, second.state) == (2, RunState.QUEUED)
    assert second.id != queued.id
    assert journal.latest("key") == second
    assert journal.latest("nothing") is None


def test_a_failed_run_can_be_tried_again(journal: Journal) -> None:
    first = end(journal, "key", RunState.FAILED)
    second = end(journal, "key")
    assert journal.run(first).state is RunState.FAILED
    assert journal.run(first).error == "it broke"
    assert (journal.run(second).state, journal.run(second).attempt) == (RunState.DONE, 2)
    assert journal.run(second).result == {"answer": 42}


def test_fresh_cancels_a_dead_run_and_refuses_a_live_one(journal: Journal) -> None:
    dead = leave_dead(journal, "key")
    fresh = journal.submit("test", None, "key", fresh=True)
    assert (fresh.attempt, fresh.state) == (2, RunState.QUEUED)
    assert journal.run(dead).state is RunState.CANCELLED
    assert "fresh run" in journal.run(dead).error
    with journal.own(fresh.id), pytest.raises(BusyError):
        journal.submit("test", None, "key", fresh=True)


def test_runs_are_listed_newest_first_with_what_is_real(journal: Journal, clock: Clock) -> None:
    done = end(journal, "done")
    clock.seconds += 1
    failed = end(journal, "failed", RunState.FAILED)
    dead = leave_dead(journal, "dead")
    queued = journal.submit("test", None, "queued").id
    cancelled = journal.cancel(journal.submit("test", None, "cancelled").id).run.id
    running = journal.submit("test", None, "running").id
    with journal.own(running):
        listed = [(run.id, run.state.value, run.alive) for run in journal.runs()]
    assert listed == [
        (running, "running", True),
        (cancelled, "cancelled", False),
        (queued, "queued", False),
        (dead, "dead", False),
        (failed, "failed", False),
        (done, "done", False),
    ]
    assert [run.id for run in journal.runs(limit=2)] == [running, cancelled]


def test_a_run_is_found_by_the_beginning_of_its_id(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    assert journal.run(run.id) == run
    assert journal.run(run.id[:4]) == run


def test_an_unknown_id_is_answered_with_the_nearest_and_where_to_look(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    wrong = run.id[:-1] + ("0" if run.id[-1] != "0" else "1")
    with pytest.raises(ConfigError, match=f"there is no run '{wrong}'") as caught:
        journal.run(wrong)
    assert run.id in caught.value.hint
    assert "fixer runs" in caught.value.hint
    assert caught.value.code is ExitCode.USAGE


@pytest.mark.parametrize("wild", ["%", "_", "*", "zz"])
def test_wildcards_find_nothing(journal: Journal, wild: str) -> None:
    journal.submit("test", None, "key")
    with pytest.raises(ConfigError, match="there is no run"):
        journal.run(wild)


def test_an_ambiguous_id_names_the_candidates(journal: Journal) -> None:
    ids = [journal.submit("test", None, str(number)).id for number in range(17)]
    shared = next(letter for letter in "0123456789abcdef" if sum(id_.startswith(letter) for id_ in ids) > 1)
    with pytest.raises(ConfigError, match="more than one run begins with") as caught:
        journal.run(shared)
    assert sum(id_ in caught.value.message for id_ in ids) > 1


def test_what_ended_cannot_be_owned(journal: Journal) -> None:
    for state in (RunState.DONE, RunState.FAILED):
        with pytest.raises(TransitionError, match=f"is {state} and cannot become running"):
            journal.own(end(journal, state.value, state)).__enter__()


def test_cancel_a_queued_run(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    cancelled = journal.cancel(run.id[:5])
    assert (cancelled.run.state, cancelled.signalled) == (RunState.CANCELLED, None)
    with pytest.raises(TransitionError):
        journal.own(run.id).__enter__()


def test_cancel_a_dead_run_closes_its_step(journal: Journal, folder: Path) -> None:
    run = journal.submit("test", None, "key")
    with holding(folder, run.id) as holder:
        holder.kill()
        holder.communicate()
        assert journal.cancel(run.id).run.state is RunState.CANCELLED
        (step,) = journal.steps(run.id)
        assert step.state is StepState.INTERRUPTED
        assert "killed" in step.error


def test_cancel_a_live_run_signals_and_fences_its_process(journal: Journal, folder: Path) -> None:
    run = journal.submit("test", None, "key")
    with holding(folder, run.id) as holder:
        cancelled = journal.cancel(run.id)
        assert (cancelled.run.state, cancelled.signalled) == (RunState.CANCELLED, holder.pid)
        holder.communicate()
        assert holder.returncode == -15
        assert journal.run(run.id).state is RunState.CANCELLED


@pytest.mark.parametrize("state", [RunState.DONE, RunState.FAILED])
def test_cancel_what_ended_is_refused(journal: Journal, state: RunState) -> None:
    run_id = end(journal, "key", state)
    with pytest.raises(TransitionError, match=f"run {run_id} is {state} and cannot become cancelled"):
        journal.cancel(run_id)
    assert journal.run(run_id).state is state


def test_cancel_twice_changes_nothing(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    first = journal.cancel(run.id).run
    events = journal.events(run.id)
    assert journal.cancel(run.id).run == first
    assert journal.events(run.id) == events


def test_a_cancelled_owner_writes_nothing_more(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    with journal.own(run.id) as owned:

        def body() -> int:
            journal.cancel(run.id)
            return 1

        with pytest.raises(FencedError, match=f"run {run.id} was cancelled meanwhile") as fenced:
            owned.step("work", int, body)
        before = journal.events(run.id)
        for write in (
            lambda: owned.step("more", int, lambda: 1),
            lambda: owned.event("note", None),
            lambda: owned.finish(None),
            lambda: owned.fail("no"),
            lambda: owned.hold("worktree", "/x"),
            lambda: owned.attempt("subject", 3, 3600),
            owned.check,
        ):
            with pytest.raises(FencedError):
                write()
    assert fenced.value.code is ExitCode.INTERRUPTED
    assert journal.events(run.id) == before
    assert [(step.name, step.state) for step in journal.steps(run.id)] == [("work", StepState.INTERRUPTED)]


def test_an_owner_that_was_replaced_writes_nothing_more(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    with journal.own(run.id) as old:
        pass
    with journal.own(run.id) as new:
        with pytest.raises(FencedError, match="taken over by another process"):
            old.event("note", None)
        new.event("note", None)
    assert [event.kind for event in journal.events(run.id)].count("note") == 1


def test_every_transition_has_its_event(journal: Journal, clock: Clock) -> None:
    run_id = leave_dead(journal, "key")
    clock.seconds += 5
    with journal.own(run_id) as owned:
        owned.fail("it broke")
    events = journal.events(run_id)
    assert [(event.kind, event.at) for event in events] == [
        ("run.queued", clock.seconds - 5),
        ("run.running", clock.seconds - 5),
        ("run.running", clock.seconds),
        ("run.failed", clock.seconds),
    ]
    assert events[-1].data == {"error": "it broke"}


def test_prune_forgets_old_runs_but_not_what_still_has_to_be_taken_away(journal: Journal, clock: Clock) -> None:
    old = end(journal, "old")
    kept = journal.submit("test", None, "kept")
    with journal.own(kept.id) as owned:
        owned.hold("worktree", "/tree")
        owned.finish(None)
    dead = leave_dead(journal, "dead")
    clock.seconds += 100
    new = end(journal, "new")
    assert journal.prune(clock.seconds - 50) == 1
    assert {run.id for run in journal.runs()} == {kept.id, dead, new}
    with pytest.raises(ConfigError):
        journal.run(old)
    assert old not in {event.run_id for event in journal.events()}
    assert journal.problems() == []


def test_the_state_folder_stays_out_of_git_status(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with open_journal(tmp_path / ".fixer") as journal:
        end(journal, "key")
        status = subprocess.run(
            ["git", "-C", str(tmp_path), "status", "--porcelain", "--ignored=no"], capture_output=True, check=True
        )
    assert status.stdout == b""


def test_a_write_waits_for_other_processes() -> None:
    assert BUSY_SECONDS >= 30
