"""The loop: failed work comes in; bounded attempts, landing and manual steps; the recovery goes out.

Each attempt and the landing are steps of the journal: killed in between and resumed, none is done twice.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from fixer.budget import Budget
from fixer.circuit_breaker import LIMIT, WINDOW_SECONDS, admit
from fixer.errors import GitError, ModelError
from fixer.recovery import landing, snapshot
from fixer.recovery.attempt import Attempt, Tried, refusal, remedies
from fixer.recovery.manual import JUDGE, keep_patch, steps_for, unknown
from fixer.recovery.playbooks import BUILT_IN
from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene, failure_of
from fixer.recovery.specification import write
from fixer.recovery.work import INSIDE, FailedWork, Ground
from fixer.schema.base import content_id
from fixer.schema.command import CommandResult
from fixer.schema.recovery import ErrorContext, Recovery, RecoveryAttempt


def recover(work: FailedWork, ground: Ground) -> Recovery:
    """Try to mend what a command failed on, and run it again, within the limits of `settings.recovery`.

    What was changed reaches the project as one commit when the command passed, and not at all when it did not. With
    recovery off (`enabled` false or no attempts) nothing is run again, and the steps are told that would mend it.

    Raises:
        FencedError: the run is not ours any more.
        JournalError: the journal could not be written.
        PolicyError: the settings require a sandbox that this machine has not.
    """
    return _Recovering(work, ground).result()


class _Recovering:
    def __init__(self, work: FailedWork, ground: Ground) -> None:
        self.work = work
        self.ground = ground
        self.context = work.context
        self.settings = ground.settings.recovery
        self.key = work.key or _key(work.context, ground.repository)
        self.specification = write(work.context, ground.repository)
        self.tried: list[Tried] = []

    def result(self) -> Recovery:
        if os.environ.get(INSIDE):
            return self._left("this fixer runs inside of a recovery, and a recovery never starts another one")
        off = "recovery is off" if not self.settings.enabled else "no recovery attempts are allowed"
        try:
            if not self.settings.enabled or not self.settings.max_attempts:
                return self._advice(off)
            until = self.ground.run.step(self._step("admit"), TypeAdapter(float | None), self._admitted)
            if until is not None:
                return self._refused(until)
            return self._tried()
        except GitError as error:
            return self._left(". ".join(filter(None, (error.message, error.hint))))
        except ModelError as error:
            return self._put_off(error)

    def _step(self, name: str) -> str:
        return f"recovery.{self.key}.{name}"

    def _admitted(self) -> float | None:
        fingerprint = f"{self.context.subject}: {failure_of(self.context).fingerprint}"
        return admit(self.ground.run, fingerprint, self.key, time.time())

    def _scene(self, base: str) -> Scene:
        spent = self.ground.run.active_seconds(self._step(""))
        return Scene(self.ground, self.context, base, Budget("recovery", self.settings.timeout_seconds, spent))

    def _tried(self) -> Recovery:
        base = self.ground.run.step(self._step("snapshot"), str, lambda: snapshot.take(self.ground.repository))
        with self._scene(base) as scene:
            for number in range(1, self.settings.max_attempts + 1):
                if scene.stop():
                    limit = f"{self.settings.timeout_seconds:g} s"
                    return self._left(f"the time for recovery ({limit}) ended after {number - 1} attempts")
                tried = self.ground.run.step(self._step(f"attempt.{number}"), Tried, self._attempt(number, scene).make)
                self.tried.append(tried)
                if tried.attempt is None:
                    return self._left(self._nothing(tried))
                if tried.attempt.retry is not None and tried.attempt.retry.passed:
                    return self._mended(scene, tried)
                self._go_on(scene, tried.attempt)
        last = self.tried[-1].attempt
        return self._left(f"{_times(len(self.tried))} did not mend it; the last: {last.summary if last else ''}")

    def _attempt(self, number: int, scene: Scene) -> Attempt:
        return Attempt(number, self.work, scene, self.specification, list(self.tried))

    def _nothing(self, tried: Tried) -> str:
        if tried.by_hand:
            return "; ".join(tried.notes)
        if self.settings.command in BUILT_IN:
            refused = [note.rpartition(f"; {JUDGE}")[0] for note in tried.notes if JUDGE in note]
            return f"no playbook mends it ({refused[0]})" if refused else "no playbook mends it"
        return "; ".join(tried.notes) or "the recovery command could not be run"

    def _go_on(self, scene: Scene, attempt: RecoveryAttempt) -> None:
        """Build on what changed the failure; drop what left it as it was."""
        self.ground.talk(f"recovery {attempt.number}: {_short(attempt)}")
        if attempt.retry is None or not attempt.diff:
            return
        found = tuple(scene.failures_in(attempt.retry.output))
        if found and all(one.id != scene.failure.id and one.fingerprint != scene.failure.fingerprint for one in found):
            context = scene.context.model_copy(
                update={"result": attempt.retry, "failures": found, "root_cause": found[0].root_cause}
            )
            scene.carry(attempt.diff, context.model_copy(update={"result": _as_typed(attempt.retry, scene.context)}))

    def _mended(self, scene: Scene, tried: Tried) -> Recovery:
        attempt = tried.attempt
        if attempt is None or not attempt.diff:
            return self._recovered(tried, "")
        patch = keep_patch(attempt.diff, self.specification, str(attempt.number))
        self.ground.talk(f"recovery {attempt.number}: the command passes with it; the change: {patch}")
        plan = self.ground.run.step(self._step("plan"), landing.Landing, lambda: self._plan(scene, attempt))
        refused = plan.refused or self.ground.run.step(
            self._step("land"), str, lambda: landing.land(self.ground.repository, plan)
        )
        if not refused:
            return self._recovered(tried, plan.commit)
        remedy = Remedy(attempt.summary, diff=attempt.diff, afterwards=tried.afterwards)
        steps = steps_for(remedy, patch, self.work.context, self.ground.repository)
        reason = f"the command passes with the change, but the change could not be committed alone: {refused}"
        return self._left(reason, steps)

    def _plan(self, scene: Scene, attempt: RecoveryAttempt) -> landing.Landing:
        scene.tree.reset(scene.base)
        scene.tree.apply(attempt.diff)
        summaries = [t.attempt.summary for t in self.tried if t.attempt and t.attempt.diff and t.attempt.retry]
        body = f"{self.context.subject} failed, and passes with this change."
        message = f"{summaries[-1]}\n\n{body}"
        mended = scene.tree.commit_all(message)
        key = content_id(self.ground.run.id, self.key)
        return landing.plan(self.ground.repository, scene.base, mended, message, key)

    def _recovered(self, tried: Tried, commit: str) -> Recovery:
        return Recovery(
            recovered=True,
            attempts=self._attempts(),
            specification=str(self.specification),
            commit=commit,
            manual_steps=tried.afterwards,
        )

    def _attempts(self) -> tuple[RecoveryAttempt, ...]:
        return tuple(tried.attempt for tried in self.tried if tried.attempt is not None)

    def _left(self, reason: str, steps: tuple[str, ...] = ()) -> Recovery:
        by_hand = next((tried.by_hand for tried in self.tried if tried.by_hand), ())
        notes = [note for tried in self.tried for note in tried.notes]
        steps = steps or by_hand or unknown(self.work.context, self.specification, self.ground.repository, notes)
        return Recovery(
            recovered=False,
            reason=reason,
            attempts=self._attempts(),
            specification=str(self.specification),
            manual_steps=steps,
        )

    def _refused(self, until: float) -> Recovery:
        opens = datetime.fromtimestamp(until, UTC).isoformat(timespec="seconds")
        window = f"{WINDOW_SECONDS / 60:g} minutes"
        advice = self._advice(f"the circuit breaker is open until {opens}: {LIMIT} recoveries of it within {window}")
        return advice.model_copy(update={"opens_again": opens})

    def _put_off(self, limit: ModelError) -> Recovery:
        """Say until when the model that recovery follows cannot be asked."""
        left = self._left(limit.message)
        if limit.passing is None or limit.passing.at is None:
            return left
        opens = datetime.fromtimestamp(limit.passing.at, UTC).isoformat(timespec="seconds")
        return left.model_copy(update={"opens_again": opens, "refused_by": "the model's limit"})

    def _advice(self, reason: str) -> Recovery:
        """Say what would mend it, changing nothing and running nothing in the project."""
        name = self._step("advice")
        steps = self.ground.run.step(name, TypeAdapter(tuple[str, ...]), self._advised)
        return self._left(reason, steps)

    def _advised(self) -> tuple[str, ...]:
        notes: list[str] = []
        with self._scene(snapshot.take(self.ground.repository)) as scene:
            for _, remedy in remedies(scene, notes):
                if not remedy.diff:
                    return steps_for(remedy, None, self.context, self.ground.repository)
                if why := scene.refused(remedy.diff):
                    notes.append(refusal(remedy, why, self.specification, self.ground.repository))
                    continue
                patch = keep_patch(remedy.diff, self.specification, "0")
                return steps_for(remedy, patch, self.context, self.ground.repository)
        return unknown(self.work.context, self.specification, self.ground.repository, notes)


def _key(context: ErrorContext, repository: Path) -> str:
    folder = os.path.relpath(context.folder, repository)
    return content_id(context.subject, context.phase, folder, *context.result.argv)[:12]


def _as_typed(retry: CommandResult, context: ErrorContext) -> CommandResult:
    """Return the retry's result with the failed command's own arguments and folder: the retry ran in a worktree."""
    return retry.model_copy(update={"argv": context.result.argv, "cwd": context.result.cwd})


def _times(attempts: int) -> str:
    return "1 attempt" if attempts == 1 else f"{attempts} attempts"


def _short(attempt: RecoveryAttempt) -> str:
    if attempt.retry is None:
        return attempt.summary
    return f"the command still fails (exit code {attempt.retry.exit_code})"
