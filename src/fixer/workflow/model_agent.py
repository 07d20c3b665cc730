"""A prompt file's task in; the configured model does it in a place of fixer's own, and its change lands in the project.

What other steps printed is data to the model. Its work and the landing are steps of the journal: killed in between
and resumed, nothing is done twice.
"""

import re
import time
from pathlib import Path

from fixer.agent import Ending, Worked
from fixer.agent.commands import allowed
from fixer.agent.marking import data
from fixer.budget import Budget
from fixer.errors import BudgetError, ConfigError, GitError, ModelError
from fixer.input.known_commands import FOLDER
from fixer.own_files import replace
from fixer.preflight.test_runner import find_test_runner
from fixer.recovery import landing, snapshot, work
from fixer.recovery.following import Errand, account, follow
from fixer.recovery.place import Place
from fixer.schema import command
from fixer.schema.base import Record, content_id
from fixer.verification.places import is_ci, is_guard
from fixer.workflow.route import is_taken_up
from fixer.workflow.services import HOW_TO, Ground, Task

OUTPUT = 16_000
"""Characters of another step's output that the model is shown."""
_ENDED = {
    Ending.GAVE_UP: "the model gave up",
    Ending.STUCK: "the model got stuck",
    Ending.UNUSABLE: "the model gave no usable answer",
    Ending.BUDGET: "the model was stopped",
    Ending.FAILED: "the model could not be asked",
}
_PLAIN = {"000000", "100644", "100755"}
"""Modes of plain files, and of none (gitformat-index(5))."""


class Followed(Record):
    """What the conversation came to."""

    reason: str = ""
    """Why the task is not done; empty: it is."""
    out_of_time: bool = False
    words: str = ""
    """The model's account."""
    model: str = ""
    diff: str = ""
    """What it changed."""
    seconds: float = 0.0


class ModelAgent:
    """fixer's own agent loop with the model that settings and environment lead to."""

    def __init__(self, ground: Ground) -> None:
        """Bind to a run; nothing is asked yet."""
        self._ground = work.Ground(ground.repository, ground.settings, ground.run, ground.talk, ground.mask)

    def work(self, task: Task) -> command.CommandResult:
        """Let the model do it; with `commit_required` its change becomes a commit, else it stays in the files.

        Raises:
            PolicyError: the settings require a sandbox that this machine has not.
            ModelError: the model has met a limit and said when that is over, and the workflow has no other way.
        """
        try:
            return self._result(task, self._done(task))
        except GitError as error:
            return self._result(task, Followed(reason=". ".join(filter(None, (error.message, error.hint)))))

    def _done(self, task: Task) -> Followed:
        ground = self._ground
        limit = task.step.timeout_seconds or ground.settings.budget.fix
        spent = ground.run.active_seconds(f"{task.label}: ")
        base = ground.run.step(f"{task.label}: snapshot", str, lambda: snapshot.take(ground.repository))
        with Place(ground, base, Budget(f"the step '{task.step.name}'", limit, spent), "agent") as place:
            done = ground.run.step(f"{task.label}: model", Followed, lambda: self._followed(task, place))
            if not done.diff:
                return done
            refused = done.reason or self._landed(task, done, place)
        if not refused:
            return done
        kept = self._keep(task, done.diff)
        return done.model_copy(update={"reason": f"{refused}; what it had changed is kept: git apply {kept}"})

    def _followed(self, task: Task, place: Place) -> Followed:
        began = time.monotonic()
        try:
            worked = follow(self._errand(task, place), place)
        except (ModelError, BudgetError, ConfigError) as error:
            return Followed(reason=f"{error.message}; {error.hint}", seconds=time.monotonic() - began)
        if worked is None:
            return Followed(reason=f"there is no model any more; {HOW_TO}")
        if not is_taken_up(task.step, 1):
            worked.put_off()
        return Followed(
            reason=_why(worked),
            out_of_time=worked.ending is Ending.TIME,
            words=self._ground.mask(account(worked)),
            model=worked.model,
            diff=place.tree.diff(),
            seconds=time.monotonic() - began,
        )

    def _errand(self, task: Task, place: Place) -> Errand:
        ground = self._ground
        printed = [data(name, ground.mask(text), limit=OUTPUT) for name, text in task.outputs.items()]
        runner = find_test_runner(ground.repository, ground.settings.project)
        tests = [place.python if word == "python" else word for word in runner.argv]
        where = f"It is about the folder {task.step.working_dir}.\n\n" if task.step.working_dir else ""
        return Errand(
            prompt="workflow_step",
            values={
                "task": ground.mask(where + task.instructions.strip()),
                "outputs": "\n\n".join(printed) or "Nothing.",
                "landing": _COMMIT if task.step.commit_required else _FILES,
            },
            seconds=place.budget.left,
            commands=allowed(None, ground.settings.agent.commands, tests),
            refuses=untouchable,
            may_be_unchanged=not task.step.commit_required,
        )

    def _landed(self, task: Task, done: Followed, place: Place) -> str:
        """Bring the change into the project, once; return why that cannot be."""
        ground = self._ground
        plan = ground.run.step(f"{task.label}: plan", landing.Landing, lambda: self._plan(task, done, place))
        refused = plan.refused or ground.run.step(
            f"{task.label}: land", str, lambda: landing.land(ground.repository, plan)
        )
        how = "become a commit" if task.step.commit_required else "be taken over"
        return f"its change cannot {how}: {refused}" if refused else ""

    def _plan(self, task: Task, done: Followed, place: Place) -> landing.Landing:
        ground = self._ground
        place.tree.reset(place.base)
        place.tree.apply(done.diff)
        message = f"{done.words.strip()}\n\nA language model ({done.model}) did what {task.file.name} asks for."
        mended = place.tree.commit_all(message)
        if task.step.commit_required:
            key = content_id(ground.run.id, task.label)
            plan = landing.plan(ground.repository, place.base, mended, message, key)
        else:
            plan = landing.plan_files(ground.repository, place.base, mended)
        for change in plan.changes:
            why = untouchable(change.path)
            if why or {change.file_before[0], change.file_after[0]} - _PLAIN:
                return landing.Landing(refused=f"{change.path}: {why or 'it is no plain file'}")
        return plan

    def _keep(self, task: Task, diff: str) -> Path:
        name = re.sub(r"[^\w.-]+", "-", task.label)
        path = self._ground.repository / ".fixer" / "runs" / self._ground.run.id / f"{name}.patch"
        replace(path, diff.encode("utf-8", "surrogateescape"))
        return path.relative_to(self._ground.repository)

    @staticmethod
    def _result(task: Task, done: Followed) -> command.CommandResult:
        ending = command.Ending.TIMED_OUT if done.out_of_time else command.Ending.EXITED
        return command.CommandResult(
            argv=("agent", task.file.name),
            cwd=task.step.working_dir or ".",
            ending=ending,
            exit_code=None if done.out_of_time else int(bool(done.reason)),
            stdout=done.words,
            stderr="",
            seconds=done.seconds,
            rung=command.Rung.PROCESS_GROUP,
            reason=done.reason,
        )


def untouchable(path: str) -> str:
    """Return why a model's change may not touch `path`: it would decide what is run without anybody looking."""
    if is_ci(path):
        return "it is a CI file"
    if is_guard(path):
        return "it decides what is loaded, run or reviewed"
    return "it is a prompt of a workflow" if Path(path).is_relative_to(FOLDER) else ""


def _why(worked: Worked) -> str:
    if worked.ending is Ending.SUBMITTED:
        return ""
    return f"{_ENDED.get(worked.ending, 'the model was not done')}: {worked.words}"


_COMMIT = (
    "The task has to leave a commit. fixer makes it from what you changed, with your summary as its first line: where "
    "the task says to commit, submit."
)
_FILES = (
    "What you changed stays in the user's files, not committed. A task that only asks for an answer is done without a "
    "change."
)
