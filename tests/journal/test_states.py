import itertools
import tempfile
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, initialize, invariant, multiple, rule

from fixer.journal import BusyError, FencedError, OwnedRun, RunState, StepState, TransitionError, open_journal
from fixer.journal.due import RESUMES
from fixer.journal.states import TRANSITIONS, check_transition


def test_what_ended_stays_as_it_ended() -> None:
    assert {state for state in RunState if state.ended} == {RunState.DONE, RunState.FAILED, RunState.CANCELLED}


def test_dead_is_seen_and_never_stored() -> None:
    assert RunState.DEAD not in TRANSITIONS
    assert not any(RunState.DEAD in after for after in TRANSITIONS.values())


def test_an_illegal_transition_names_the_run_and_both_states() -> None:
    with pytest.raises(TransitionError, match="run abc is done and cannot become running") as caught:
        check_transition("abc", RunState.DONE, RunState.RUNNING)
    assert "fixer run" in caught.value.hint


class RunMachine(RuleBasedStateMachine):
    """Anything done in any order by several owners: only legal transitions, and one event for each."""

    owners: Bundle[OwnedRun] = Bundle("owners")

    @initialize()
    def open(self) -> None:
        self.place = tempfile.TemporaryDirectory()
        self.journal = open_journal(Path(self.place.name))
        self.model = RunState.QUEUED
        self.owner: OwnedRun | None = None
        self.attempt = 1
        self.held = False
        self.run_id = self.journal.submit("test", None, "key").id

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.leave()
            self.journal.close()
            self.place.cleanup()

    def leave(self) -> None:
        if self.owner is not None:
            self.manager.__exit__(None, None, None)
            self.owner = None

    @rule(target=owners)
    def own(self) -> OwnedRun | MultipleResults[OwnedRun]:
        manager = self.journal.own(self.run_id)
        expected = TransitionError if self.model.ended else BusyError if self.owner is not None else None
        if expected is not None:
            with pytest.raises(expected):
                manager.__enter__()
            return multiple()
        self.manager = manager
        self.owner = manager.__enter__()
        self.model = RunState.RUNNING
        self.held = False
        return self.owner

    @rule()
    def give_back(self) -> None:
        self.leave()

    @rule(owner=owners, state=st.sampled_from([RunState.DONE, RunState.FAILED]))
    def end(self, owner: OwnedRun, state: RunState) -> None:
        write = partial(owner.finish, 1) if state is RunState.DONE else partial(owner.fail, "no")
        if self.is_current(owner):
            write()
            self.model = state
        else:
            with pytest.raises(FencedError):
                write()

    @rule(owner=owners, at=st.sampled_from([None, 0.0, 4e9]))
    def put_off(self, owner: OwnedRun, at: float | None) -> None:
        if not self.is_current(owner):
            with pytest.raises(FencedError):
                owner.put_off("a limit", at)
            return
        resumes = self.journal.run(self.run_id).resumes
        due = owner.put_off("a limit", at)
        assert (due is None) == (resumes >= RESUMES)
        self.held = due is None
        self.model = RunState.RUNNING if self.held else RunState.WAITING
        self.leave()

    @rule(owner=owners)
    def interrupt(self, owner: OwnedRun) -> None:
        if self.is_current(owner):
            owner.interrupt()
            self.held = True
            self.leave()
        else:
            with pytest.raises(FencedError):
                owner.interrupt()

    @rule(owner=owners)
    def step(self, owner: OwnedRun) -> None:
        if self.is_current(owner):
            assert owner.step("step", int, lambda: 7) == 7
        else:
            with pytest.raises(FencedError):
                owner.step("step", int, lambda: 8)

    @rule()
    def cancel(self) -> None:
        if self.model in {RunState.DONE, RunState.FAILED}:
            with pytest.raises(TransitionError):
                self.journal.cancel(self.run_id)
        else:
            self.journal.cancel(self.run_id)
            self.model = RunState.CANCELLED

    @rule()
    def submit(self) -> None:
        run = self.journal.submit("test", None, "key")
        if self.model.ended:
            self.leave()
            self.attempt += 1
            self.model = RunState.QUEUED
            self.held = False
        assert run.attempt == self.attempt
        self.run_id = run.id

    def is_current(self, owner: OwnedRun) -> bool:
        """Whether the record is still that owner's: the last one to begin, and no end since."""
        run = self.journal.run(self.run_id)
        same = (owner.id, owner.epoch) == (run.id, run.epoch)
        return self.model is RunState.RUNNING and not self.held and same

    @invariant()
    def the_record_is_what_happened(self) -> None:
        run = self.journal.run(self.run_id)
        dead = self.model is RunState.RUNNING and self.owner is None
        assert run.state is (RunState.DEAD if dead else self.model)
        assert run.alive == (self.model is RunState.RUNNING and self.owner is not None)
        path = [e.kind.removeprefix("run.") for e in self.journal.events(run.id) if e.kind.startswith("run.")]
        assert path[0] == RunState.QUEUED
        for old, new in itertools.pairwise(path):
            assert RunState(new) in TRANSITIONS[RunState(old)]
        assert path[-1] == self.model
        due = {one.id: one.due for one in self.journal.due()}
        # Only an open run that nobody works on and nobody holds goes on by itself, and every such one does.
        died = dead and not self.held and run.resumes < RESUMES
        goes_on = died or self.model in {RunState.QUEUED, RunState.WAITING}
        assert (run.due is not None) == (run.id in due) == goes_on
        if run.state.ended:
            assert all(step.state is not StepState.RUNNING for step in self.journal.steps(run.id))


TestRunMachine = RunMachine.TestCase
TestRunMachine.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
