"""The contract of the room: a runner knows how one tool is started, narrowed to one failure, and read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

from fixer.project import find_place, python_files
from fixer.reproduction.command.command_line import Options, sort_arguments
from fixer.schema.command import CommandResult, Ending, Invocation
from fixer.schema.failure import Failure
from fixer.schema.reproduction import SuiteOutcome


@dataclass(frozen=True)
class Project:
    """What a runner may know about the project."""

    root: Path
    """The worktree."""
    python: str
    """Interpreter of the project's environment."""
    command: tuple[str, ...] | None = None
    """The failing step's own command, where it is one plain command that this runner's `accepts` took."""
    cwd: str = "."
    """Folder, relative to the worktree, that the command runs in."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables that the command was given in front of it."""


class Runner(Protocol):
    """One tool that can be run again. Each module of the room defines `RUNNER: type[Runner]`."""

    tool: ClassVar[str]
    """`Failure.tool` that it can run again."""

    def accepts(self, argv: Sequence[str]) -> bool:
        """Whether `argv`, found in a log or workflow file, is a plain use of this tool and safe to run again."""
        ...

    def narrowed(self, failure: Failure, project: Project) -> Invocation:
        """Return the command that runs only `failure`, in seconds."""
        ...

    def suite(self, failure: Failure, project: Project) -> Invocation:
        """Return the command that runs everything; its result must be readable by `outcome`."""
        ...

    def outcome(self, result: CommandResult, project: Project) -> SuiteOutcome:
        """Read what a run of `suite` or `narrowed` said, test by test or finding by finding.

        A run that was cut short, or that left nothing readable, is `readable=False` with the reason.
        """
        ...

    def test_files(self, failure: Failure, project: Project) -> tuple[str, ...]:
        """Return the files that state what is right for this failure (the test and the data it compares with)."""
        ...


class Checker:
    """A runner for a linter, formatter or type checker: its findings are the failures.

    `SuiteOutcome.failed` holds the findings as `file:code:message` (no line: lines move; the second of its kind ends
    in `#2`), `passed` the checked files without one. So nothing is worse than before when no file left `passed` and
    no finding came to `failed`.
    """

    tool: ClassVar[str]
    known: ClassVar[Options]
    targets: ClassVar[frozenset[str]] = frozenset()
    """Options that choose what is checked, each with a value: a single file does not need them."""
    always: ClassVar[tuple[str, ...]]
    """Options that make a run readable and keep it from writing."""
    settings: ClassVar[tuple[str, ...]] = ()
    """Files that state the tool's rules and nothing else."""
    exit_codes: ClassVar[frozenset[int]] = frozenset({0, 1})
    """Exit codes of a run that checked everything."""

    def findings(self, result: CommandResult) -> Sequence[tuple[str, str, str]]:
        """Return (file, code, message) of each finding that a run printed."""
        raise NotImplementedError

    def total(self, result: CommandResult) -> int | None:
        """Return how many findings the tool itself counted; None where it does not say."""
        raise NotImplementedError

    def accepts(self, argv: Sequence[str]) -> bool:
        """Whether `argv` checks by this tool."""
        return self.arguments(argv) is not None

    def arguments(self, argv: Sequence[str]) -> list[str] | None:
        """Return what follows the tool's name, or None where `argv` is another command."""
        words = list(argv)
        if words and Path(words[0]).name == self.tool:
            return words[1:]
        if words and Path(words[0]).name.startswith("python") and words[1:3] == ["-m", self.tool]:
            return words[3:]
        return None

    def only(self, failure: Failure) -> tuple[str, ...]:  # noqa: ARG002 - for tools with rules
        """Return the options that check nothing but the failure's own rule, in the settings of the project."""
        return ()

    def before(self, failure: Failure) -> tuple[str, ...]:  # noqa: ARG002 - for tools with subcommands
        """Return the words between the tool's name and the places, and what only this use of the tool needs."""
        return ()

    def narrowed(self, failure: Failure, project: Project) -> Invocation:
        """Return the command that checks the failing file; everything, where the failure names none."""
        if failure.file is None:
            return self.suite(failure, project)
        command = self._invocation(failure, project, [find_place(project.root, project.cwd, failure.file)])
        return command.model_copy(update={"argv": (*command.argv, *self.only(failure))})

    def suite(self, failure: Failure, project: Project) -> Invocation:
        """Return the command that checks what the failing step checked."""
        return self._invocation(failure, project, None)

    def outcome(self, result: CommandResult, project: Project) -> SuiteOutcome:
        """Read the findings; they must add up to the tool's own count."""
        if result.ending is not Ending.EXITED or result.omitted_bytes:
            cut = result.reason or f"{result.ending.value}, {result.omitted_bytes} bytes of its output are missing"
            return SuiteOutcome(readable=False, reason=f"{self.tool} was cut short: {cut}")
        found, total = self.findings(result), self.total(result)
        if result.exit_code not in self.exit_codes or (result.exit_code != 0) != bool(found):
            reason = f"{self.tool} ended with exit code {result.exit_code} and {len(found)} readable findings"
            return SuiteOutcome(readable=False, reason=reason)
        if total is not None and total != len(found):
            reason = f"{self.tool} counted {total} findings, but {len(found)} can be read"
            return SuiteOutcome(readable=False, reason=reason)
        here = project.root / project.cwd
        files = {self._name(file, here) for file, _, _ in found}
        places = [word for word in result.argv[3:] if (here / word).is_dir() or (here / word).suffix == ".py"]
        passed = {name for name in python_files(here, places or ["."]) if name not in files}
        names: dict[str, int] = {}
        failed = set()
        for file, code, message in found:
            name = f"{self._name(file, here)}:{code}:{message}"
            names[name] = names.get(name, 0) + 1
            failed.add(name if names[name] == 1 else f"{name}#{names[name]}")
        return SuiteOutcome(passed=frozenset(passed), failed=frozenset(failed))

    def test_files(self, failure: Failure, project: Project) -> tuple[str, ...]:  # noqa: ARG002 - the contract's
        """Return the files that hold the tool's rules and nothing else."""
        return tuple(name for name in self.settings if (project.root / name).is_file())

    def _invocation(self, failure: Failure, project: Project, places: Sequence[str] | None) -> Invocation:
        here = project.root / project.cwd
        given = self.arguments(project.command or ()) or []
        found = sort_arguments(given, self.known, lambda word: (here / word).exists())
        options = list(found.options)
        if places is not None:
            chosen = Options(dropped_with_value=self.targets, with_value=self.known.with_value)
            options = list(sort_arguments(options, chosen, lambda _: False).options)
        checked = places if places is not None else found.places or self.default_places(options)
        argv = (project.python, "-m", self.tool, *self.before(failure), *checked, *options, *self.always)
        return Invocation(argv=argv, cwd=project.cwd, env=dict(project.env))

    def default_places(self, options: Sequence[str]) -> Sequence[str]:  # noqa: ARG002 - for tools that configure it
        """Return what is checked where the step named nothing."""
        return ["."]

    def _name(self, file: str, here: Path) -> str:
        path = Path(file)
        return str(path.relative_to(here) if path.is_relative_to(here) else path).removeprefix("./")
