"""One step in, what it did out: its placeholders filled, its command, tool or prompt run, its promises checked."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fixer.git import Git
from fixer.input.known_commands import Known, KnownCommands
from fixer.input.placeholders import ARGUMENT, CAPTURED, OUTPUT, fill
from fixer.project import with_python_path
from fixer.redact import Masker
from fixer.schema.command import CommandResult, Ending, Invocation, Rung
from fixer.schema.execution import StepStatus
from fixer.schema.failure import Failure
from fixer.schema.workflow import AnalysisRequest, WorkflowStep
from fixer.schema.workflow_report import StepRun
from fixer.workflow.command import Commands, exit_code_of
from fixer.workflow.run_log import RunLog
from fixer.workflow.services import Agent, Analyst, Measured, Task

KEPT_OUTPUT = 20_000
"""Characters of each stream that the journal and the report keep of a step; the run's log has all of it."""
MAX_FAILURES = 20
CAPTURED_BYTES = 1024 * 1024
"""Most that is kept of a captured output."""
ARGUMENT_BYTES = 128 * 1024
"""Longest argument that Linux takes (MAX_ARG_STRLEN, execve(2))."""


class NoValueError(Exception):
    """A placeholder has no value; the text says why."""


@dataclass
class Outputs:
    """What steps printed that keep their output; filled in the order in which they ran."""

    argument: str | None = None
    last: str | None = None
    by_name: dict[str, str] = field(default_factory=dict)

    def take(self, run: StepRun) -> None:
        """Remember what a step printed."""
        if run.captured is not None:
            self.last = self.by_name[run.name] = run.captured

    def value(self, asked: str) -> str:
        """Return what stands for a placeholder; raises where there is nothing yet."""
        if asked == ARGUMENT:
            found, why = self.argument, "$ARG was not given"
        elif asked == CAPTURED:
            found, why = self.last, "no step that keeps its output has run, so $CAPTURED_OUTPUT has no value"
        else:
            name = asked.removesuffix(OUTPUT)
            found, why = self.by_name.get(name), f"the step '{name}' has not run, so ${{{asked}}} has no value"
        if found is None:
            raise NoValueError(why)
        return found


@dataclass(frozen=True)
class Worker:
    """Everything that running one step needs."""

    known: KnownCommands
    commands: Commands
    log: RunLog
    masker: Masker
    analyst: Callable[[], Analyst]
    agent: Callable[[], Agent]
    warn: Callable[[str], None]

    @property
    def project(self) -> Path:
        """The folder that steps run in."""
        return self.known.project

    def work(
        self,
        step: WorkflowStep,
        label: "Label",
        outputs: Outputs,
        head: str | None,
        changes: Mapping[str, str | None],
    ) -> StepRun:
        """Run a step once.

        Args:
            step: what to do.
            label: which run of it this is.
            outputs: of the steps before it.
            head: the commit before it, which a step with `commit_required` has to leave behind.
            changes: of its environment, that a recovery found to be needed.
        """
        done = self._by_kind(step, label, outputs, changes)
        code = 0 if done.passed else exit_code_of(done.command) if done.command else 1
        reason = done.reason
        measured = done.measured
        commit = ""
        if done.passed and step.commit_required:
            commit, reason = self._commit(head)
        if done.passed and not reason and step.analysis is not None and measured is None:
            measured = self.analyst().measure((), step.analysis, label.journal_name)
            reason = "" if measured.passed else f"its analysis failed: {measured.summary}"
        code = 1 if reason and code == 0 else code
        lines = self.log.append(label.text, done.command, code) if done.command else (None, None)
        failed = code != 0 or not done.passed
        return StepRun(
            number=label.number,
            name=step.name,
            place=label.place,
            visit=label.visit,
            status=StepStatus.FAILED if failed else StepStatus.PASSED,
            exit_code=code or int(failed),
            reason=reason,
            command=done.command and shortened(done.command),
            summary=measured.summary if measured else "",
            recoveries=measured.recoveries if measured else (),
            commit=commit,
            captured=self._captured(step, done.command),
            failures=failures_of(done.command) if failed and done.command else (),
            first_line=lines[0],
            last_line=lines[1],
        )

    def argv(self, step: WorkflowStep, outputs: Outputs) -> tuple[str, ...]:
        """Return the argument list of a step with a command.

        Raises:
            NoValueError: a placeholder has no value, or one that is too long for an argument.
        """
        words = tuple(_bounded(fill(word, outputs.value)) for word in (*step.command[1:], *step.args))
        return (step.command[0], *words)

    def env(self, step: WorkflowStep, outputs: Outputs) -> dict[str, str]:
        """Return the step's own variables."""
        return {name: _bounded(fill(text, outputs.value)) for name, text in step.env.items()}

    def run_again(
        self, step: WorkflowStep, outputs: Outputs, folder: Path, changes: Mapping[str, str | None]
    ) -> CommandResult:
        """Run a step's command once more, in `folder` (the project or a worktree), for whoever recovers it."""
        env: dict[str, str | None] = {**self.env(step, outputs), **changes}
        if folder.resolve() != self.project.resolve():
            given = env.get("PYTHONPATH", os.environ.get("PYTHONPATH"))
            # An editable install would import the project's own files, not those of the worktree.
            path = with_python_path(Invocation(argv=("-",), env={"PYTHONPATH": given or ""}), folder).env
            env["PYTHONPATH"] = path["PYTHONPATH"]
        return self.commands.run(self.argv(step, outputs), folder, step.working_dir, env, step.timeout_seconds)

    def _by_kind(
        self, step: WorkflowStep, label: "Label", outputs: Outputs, changes: Mapping[str, str | None]
    ) -> "_Done":
        try:
            env: dict[str, str | None] = {**self.env(step, outputs), **changes}
            if step.command:
                return self._command(step, self.argv(step, outputs), env)
            known = self.known.find(step.name) or Known()
            if known.tool:
                measured = self.analyst().measure((known.tool,), step.analysis or AnalysisRequest(), label.journal_name)
                return _Done(passed=measured.passed, command=measured.command, measured=measured, reason=_why(measured))
            if known.prompt is None:
                return _Done(passed=False, reason=f"the prompt file of '{step.name}' is gone")
            task = self._task(step, known.prompt, label, outputs, env)
        except NoValueError as error:
            return self._not_started(step, str(error))
        result = self.agent().work(task)
        return _Done(passed=result.passed, command=result, reason=_ended_badly(result))

    def _task(
        self, step: WorkflowStep, file: Path, label: "Label", outputs: Outputs, env: Mapping[str, str | None]
    ) -> Task:
        printed: dict[str, str] = {}

        def named(asked: str) -> str:
            value = outputs.value(asked)
            if asked == ARGUMENT:
                return value
            name = f"output of {'the step before' if asked == CAPTURED else asked.removesuffix(OUTPUT)}"
            printed[name] = value
            return f"[{name}]"

        return Task(
            file=file,
            prompt=_prompt(file, [fill(word, outputs.value) for word in step.args]),
            instructions=_prompt(file, [fill(word, named) for word in step.args]),
            outputs=printed,
            label=label.journal_name,
            step=step,
            run_command=lambda argv: self._command(step, argv, env).result(),
        )

    def _command(self, step: WorkflowStep, argv: tuple[str, ...], env: Mapping[str, str | None]) -> "_Done":
        result = self.commands.run(argv, self.project, step.working_dir, env, step.timeout_seconds)
        return _Done(passed=result.passed, command=result, reason=_ended_badly(result))

    def _not_started(self, step: WorkflowStep, reason: str) -> "_Done":
        argv = tuple(map(self.masker.mask, (*step.command, *step.args))) or (step.name,)
        result = CommandResult(
            argv=argv,
            cwd=step.working_dir or ".",
            ending=Ending.NOT_STARTED,
            stdout="",
            stderr="",
            seconds=0,
            rung=Rung.PROCESS_GROUP,
            reason=reason,
        )
        return _Done(passed=False, command=result, reason=reason)

    def _commit(self, before: str | None) -> tuple[str, str]:
        """Return the commit that the step left, and why it is none."""
        now = Git(self.project).commit_of("HEAD")
        if now is None or now == before:
            return "", "it left no commit, and commit_required asks for one"
        if before is not None and Git(self.project).is_ancestor(now, before):
            return "", f"it went back to {now[:12]} and left no new commit, and commit_required asks for one"
        return now, ""

    def _captured(self, step: WorkflowStep, result: CommandResult | None) -> str | None:
        if not step.capture_output or result is None:
            return None
        text = result.stdout.rstrip("\n")
        if "[masked" in text:
            self.warn(f"the output of '{step.name}' holds a secret: steps that use it get the mask, not the secret")
        return text if len(text) <= CAPTURED_BYTES else text[: CAPTURED_BYTES + 1]


@dataclass(frozen=True)
class Label:
    """Which run of which step this is."""

    number: int
    name: str
    place: str
    visit: int

    @property
    def text(self) -> str:
        """Return what a person reads."""
        again = f" (visit {self.visit})" if self.visit > 1 else ""
        return f"{self.place}: {self.name}{again}" if self.place else f"{self.name}{again}"

    @property
    def journal_name(self) -> str:
        """Return the name of its journal step: the same in every process that works on the run."""
        return f"{self.number:04} {self.text}"


@dataclass(frozen=True)
class _Done:
    """What the step itself did, before its promises are looked at."""

    passed: bool
    command: CommandResult | None = None
    measured: Measured | None = None
    reason: str = ""

    def result(self) -> CommandResult:
        if self.command is None:
            raise RuntimeError("only a command has a result")
        return self.command


def failures_of(result: CommandResult) -> tuple[Failure, ...]:
    """Read the failures out of a command's output."""
    from fixer.parsers import failures_in, lines_of  # noqa: PLC0415 - sixty formats, which a passing step does not need

    return tuple(failures_in(lines_of(result.output.splitlines())))[:MAX_FAILURES]


def _bounded(text: str) -> str:
    size = len(text.encode("utf-8", "surrogateescape"))
    if size >= ARGUMENT_BYTES:
        raise NoValueError(
            f"an argument of it is {size} bytes long, and the system takes {ARGUMENT_BYTES - 1}; write it to a file"
        )
    return text


def _why(measured: Measured) -> str:
    return "" if measured.passed else measured.summary


def _ended_badly(result: CommandResult) -> str:
    if result.passed:
        return ""
    if result.reason:
        return result.reason
    return (
        f"exit code {result.exit_code}" if result.exit_code is not None else f"it was ended by signal {result.signal}"
    )


def _prompt(path: Path, args: list[str]) -> str:
    """Return a prompt file's text without its front matter; `$ARGUMENTS` in it stands for the step's arguments."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if text.startswith("---\n") and "\n---\n" in text[4:]:
        text = text[4:].partition("\n---\n")[2]
    given = " ".join(args)
    if "$ARGUMENTS" in text:
        return text.replace("$ARGUMENTS", given).strip() + "\n"
    return text.strip() + (f"\n\nArguments: {given}\n" if given else "\n")


def shortened(result: CommandResult, limit: int = KEPT_OUTPUT) -> CommandResult:
    """Return a result with both ends of its output, and how much is missing."""
    return result.model_copy(update={"stdout": _short(result.stdout, limit), "stderr": _short(result.stderr, limit)})


def _short(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n[… {len(text) - 2 * half} characters omitted …]\n{text[-half:]}"
