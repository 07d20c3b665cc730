"""Goes through the steps of a workflow: each is a journal step, which a resumed run does not do again."""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from fixer.git import Git
from fixer.journal import OwnedRun
from fixer.schema.execution import StepStatus
from fixer.schema.recovery import Recovery
from fixer.schema.workflow import CONTINUE, FAIL, WorkflowStep
from fixer.schema.workflow_report import StepRecovery, StepRun
from fixer.workflow.given import Given
from fixer.workflow.route import FAILED, VISITS, Route, after, is_taken_up
from fixer.workflow.screen import Screen
from fixer.workflow.services import FailedStep, Recoverer
from fixer.workflow.working import Label, NoValueError, Outputs, Worker

PUT_OFF = "workflow.put_off"
"""Kind of the event of a run whose recovery was refused for a time: the number of the step run that failed."""
MOST_WAITS = 3
"""How often one run waits for a recovery: mending is tried a bounded number of times, also over days."""
_STEP_RUN: TypeAdapter[StepRun] = TypeAdapter(StepRun)
"""Made once: it costs more than the step `true`."""


@dataclass
class Steps:
    """The state of one run; a function of what the journal keeps, so that it need not be stored itself."""

    run: OwnedRun
    given: Given
    worker: Worker
    screen: Screen
    recoverer: Callable[[], Recoverer] | None
    done: list[StepRun] = field(default_factory=list)
    recoveries: list[StepRecovery] = field(default_factory=list)
    place: int = 0
    """How far in the sequence it is."""
    too_often: str = ""
    """The step that was asked for once too often."""

    def __post_init__(self) -> None:
        """Begin before the first step."""
        self.route = Route(self.given.workflow)
        self.outputs = Outputs(self.given.argument)
        self._visits: Counter[tuple[int, int]] = Counter()
        self._waited_at = [event.data for event in self.run.events(PUT_OFF)]

    def go(self) -> bool:
        """Go through the workflow; return whether it came to its end.

        A branch leads back to behind the step of the sequence that it began at; a `next` that names a step of the
        sequence goes on from there.
        """
        while self.place < len(self.route.sequence):
            word = self._visit(self.route.sequence[self.place])
            while word not in {CONTINUE, FAIL, FAILED}:
                named = self.route.named(word)
                place = self.route.place(named)
                self.place = self.place if place is None else place
                word = self._visit(named)
            if word != CONTINUE:
                return False
            self.place += 1
        return True

    def not_reached(self) -> tuple[str, ...]:
        """Return the names of the steps of the sequence behind the one where it ended."""
        return tuple(step.name for step in self.route.sequence[self.place + 1 :])

    def last_failure(self) -> StepRun | None:
        """Return the newest run of a step that failed."""
        return next((run for run in reversed(self.done) if not run.passed), None)

    def refused(self) -> Recovery | None:
        """Return the recovery that was refused to the newest failure for a time; None where none was."""
        last = self.last_failure()
        found = (r.recovery for r in self.recoveries if last and r.number == last.number)
        return next((one for one in found if one.opens_again), None)

    def may_wait(self) -> bool:
        """Whether a run that such a refusal ended goes on by itself once that is over."""
        return len(self._waited_at) < MOST_WAITS

    def wait(self) -> None:
        """Record that the run waits for a recovery: resumed, it runs the step that failed once more."""
        failed = self.last_failure()
        if failed is not None:
            self.run.event(PUT_OFF, failed.number)

    def _visit(self, step: WorkflowStep) -> str:
        key = (step.line, step.column)
        if self._visits[key] >= VISITS:
            self.too_often = step.name
            return FAIL
        self._visits[key] += 1
        return self._whole(step, "")

    def _whole(self, step: WorkflowStep, place: str) -> str:
        """Run a step with everything nested in it; return where to go on."""
        run = self._once(step, place)
        if not run.passed and step.on_failure is not None:
            word = self._whole(step.on_failure, _below(place, step, "on_failure"))
            if word not in {CONTINUE, FAILED}:
                return word
            run = self._once(step, place) if word == CONTINUE else run
        elif not run.passed and not is_taken_up(step, run.exit_code):
            run = self._after_waiting(step, place, run)
            needed = not run.passed and not is_taken_up(step, run.exit_code)
            changes = self._recovered(step, run) if needed else None
            run = run if changes is None else self._once(step, place, changes)
        if run.passed and step.on_success is not None:
            word = self._whole(step.on_success, _below(place, step, "on_success"))
            if word != CONTINUE:
                return word
        return after(step, run.exit_code, passed=run.passed)

    def _after_waiting(self, step: WorkflowStep, place: str, run: StepRun) -> StepRun:
        """Run a step once more for each time that the run waited at it: much may have changed meanwhile."""
        while not run.passed and run.number in self._waited_at:
            run = self._once(step, place)
        return run

    def _once(self, step: WorkflowStep, place: str, changes: Mapping[str, str | None] | None = None) -> StepRun:
        number = len(self.done) + 1
        label = Label(number, step.name, place, self._visits[step.line, step.column] or 1)
        name = label.journal_name
        head = None
        if step.commit_required:
            head = (
                self.run.step(f"{name}: before", str, lambda: Git(self.worker.project).commit_of("HEAD") or "") or None
            )
        replayed = True

        def body() -> StepRun:
            nonlocal replayed
            replayed = False
            self.screen.say(f"[{number}] {label.text}")
            with self.screen.working():
                done = self.worker.work(step, label, self.outputs, head, changes or {})
            seconds = done.command.seconds if done.command else 0.0
            self.run.event(
                "workflow.step",
                {"name": label.text, "status": done.status.value, "exit_code": done.exit_code, "seconds": seconds},
            )
            self.screen.say(f"    {_in_words(done)}")
            return done

        done = self.run.step(name, _STEP_RUN, body)
        if replayed:
            self.screen.say(f"[{number}] {label.text}: {done.status.value} before, not run again")
        self.done.append(done)
        self.recoveries += [StepRecovery(number=number, name=done.name, recovery=one) for one in done.recoveries]
        self.outputs.take(done)
        return done

    def _recovered(self, step: WorkflowStep, failed: StepRun) -> Mapping[str, str | None] | None:
        """Let the recovery mend what a step failed on; return the changes of the environment to run it again with.

        None where it was not recovered: it is not run again.
        """
        result = failed.command
        if self.recoverer is None or result is None or result.passed or not step.command:
            return None
        try:
            env = self.worker.env(step, self.outputs)
            self.worker.argv(step, self.outputs)
        except NoValueError:
            return None
        recoverer = self.recoverer()
        label = f"{failed.number:04} {failed.name}"

        def body() -> Recovery:
            asked = FailedStep(
                name=step.name,
                phase="test" if any(failure.test for failure in failed.failures) else "workflow",
                result=result,
                folder=(self.worker.project / step.working_dir).resolve(),
                environment={**os.environ, **env},
                failures=failed.failures,
                label=label,
                request=step.analysis,
            )
            return recoverer.recover(
                asked, lambda folder, changes: self.worker.run_again(step, self.outputs, folder, changes)
            )

        self.screen.say(f"    looking at what '{step.name}' failed on")
        recovery = self.run.step(f"{label}: recovery", Recovery, body)
        self.recoveries.append(StepRecovery(number=failed.number, name=failed.name, recovery=recovery))
        self.screen.say(f"    {'mended' if recovery.recovered else f'not mended: {recovery.reason}'}")
        if not recovery.recovered:
            return None
        return recovery.attempts[-1].environment if recovery.attempts else {}


def _below(place: str, step: WorkflowStep, key: str) -> str:
    return f"{place}: {step.name} {key}" if place else f"{step.name} {key}"


def _in_words(run: StepRun) -> str:
    seconds = f" ({run.command.seconds:.1f} s)" if run.command else ""
    if run.status is StepStatus.PASSED:
        return f"passed{seconds}{f': {run.summary}' if run.summary else ''}"
    return f"failed{seconds}: {run.reason}"
