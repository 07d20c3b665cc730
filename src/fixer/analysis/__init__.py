"""Names of analysis tools and a project in; measurements, or failures with their causes and cures, out (spec D6)."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fixer import registry
from fixer.analysis.base import BUILT_IN, UNREADABLE, Measured, Project, Tool
from fixer.analysis.running.session import TOOL_SECONDS, Commands, ToolSession
from fixer.analysis.running.state import ProjectState, state_of
from fixer.errors import ConfigError
from fixer.input.problems import nearest
from fixer.journal import OwnedRun
from fixer.schema.analysis import Measurement, Series, ToolRun
from fixer.schema.command import CommandResult, Ending, Rung
from fixer.schema.root_cause import RootCause
from fixer.schema.settings import Settings

__all__ = [
    "ALIASES",
    "TOOL_SECONDS",
    "again",
    "anew",
    "as_result",
    "canonical",
    "choose",
    "find_tools",
    "known_names",
    "run",
    "state_of",
]

ALIASES = {
    "mmm-coverage": "coverage",
    "mmm-lint": "lint",
    "mmm-benchmark": "bench",
    "mmm-bench": "bench",
    "benchmark": "bench",
}
"""The names that existing workflows use."""
ROOM = "analysis"
_CACHED = 20
"""Measurements that are looked through for one of the same commit."""
KEPT = 200_000
"""Characters of each stream that are kept of the command that decided: the end is where tools say what failed."""
_NOTHING_RAN = CommandResult(argv=(), cwd=".", ending=Ending.EXITED, exit_code=0, stdout="", stderr="", seconds=0,
                             rung=Rung.PROCESS_GROUP)  # fmt: skip


def known_names(folder: Path, settings: Settings) -> tuple[str, ...]:  # noqa: ARG001 - callers name the project
    """Return every name that `run` takes: built-in tools, their aliases, and the tools of the settings."""
    return tuple(dict.fromkeys([*BUILT_IN, *ALIASES, *settings.analysis]))


def find_tools(folder: Path, settings: Settings) -> list[Tool]:
    """Return every tool of the project, of all ecosystems, in the order in which they run; runs nothing.

    A tool of the settings takes the place of the built-in ones of its name.
    """
    project = Project(folder, settings)
    found = [tool for module in registry.modules(ROOM, ("ECOSYSTEM", "find")) for tool in module.find(project)]
    own = [tool for tool in found if tool.series.ecosystem == "settings"]
    order = {name: number for number, name in enumerate((*BUILT_IN, *settings.analysis))}
    replaced = [tool for tool in found if tool in own or tool.series.tool not in settings.analysis]
    return sorted(replaced, key=lambda tool: (order[tool.series.tool], tool.series.ecosystem, tool.series.folder))


def canonical(names: Sequence[str], folder: Path, settings: Settings) -> set[str]:
    """Return the tools' own names for names of `known_names`.

    Raises:
        ConfigError: a name is unknown.
    """
    known = known_names(folder, settings)
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {near}? " if near else ""
            raise ConfigError(f"there is no analysis tool '{name}'", f"{hint}known: {', '.join(known)}")
    return {name if name in settings.analysis else ALIASES.get(name, name) for name in names}


def choose(names: Sequence[str], folder: Path, settings: Settings) -> list[Tool]:
    """Return the tools that are named, or those that apply where none is.

    Raises:
        ConfigError: a name is unknown, or the project has nothing that a named tool could measure.
    """
    wanted = canonical(names, folder, settings)
    tools = find_tools(folder, settings)
    chosen = [tool for tool in tools if (tool.series.tool in wanted if wanted else tool.applies)]
    absent = wanted - {tool.series.tool for tool in chosen}
    if not chosen or absent:
        what = f"'{min(absent)}'" if absent else "nothing"
        words = f"{what} has nothing to measure" if absent else "there is nothing to measure"
        raise ConfigError(
            f"{words} in {folder}: no Python, Rust, JavaScript or Go project was found there",
            'go to the project\'s folder, or add a command of your own to fixer.toml: [analysis.NAME] command = "..."',
        )
    return chosen


def run(  # noqa: PLR0913, PLR0917 - one argument a part of the contract
    names: Sequence[str],
    folder: Path,
    settings: Settings,
    run: OwnedRun,
    talk: Callable[[str], None],
    mask: Callable[[str], str],
    max_cache_age: float | None = None,
    *,
    step: str = "analyze",
    timeout_seconds: float = TOOL_SECONDS,
) -> tuple[ToolRun, ...]:
    """Run tools in the user's project, keep what they measured, and return how each ended.

    Every tool is a step of the run: killed and resumed, no finished one runs twice.

    Args:
        names: of `known_names`; empty: all that apply.
        folder: the project's top folder, absolute.
        settings: in force.
        run: the run that the tools belong to.
        talk: told one line a tool.
        mask: takes secrets out of text.
        max_cache_age: seconds; a measurement of the same commit that is no older is used in place of a new one,
            where neither tree had changes.
        step: begins the names of the journal's steps; to be different for each call within one run.
        timeout_seconds: of one command of a tool.

    Raises:
        ConfigError: see `choose`.
        ToolError: no command can be run at all on this machine.
    """
    tools = choose(names, folder, settings)
    state = state_of(folder)
    done = []
    with Commands(folder, settings, run, mask, timeout_seconds=timeout_seconds) as commands:
        for tool in tools:

            def body(tool: Tool = tool) -> ToolRun:
                stored = _cached(tool, run, state, max_cache_age)
                if stored is not None:
                    return stored
                talk(f"{tool.series.label}: {tool.program}")
                return _measure_and_keep(tool, commands, run, mask, step)

            done.append(run.step(f"{step}: {tool.series.label}", ToolRun, body))
    return tuple(done)


def again(  # noqa: PLR0913, PLR0917 - one argument a part of the contract
    failed: ToolRun,
    folder: Path,
    settings: Settings,
    run: OwnedRun,
    mask: Callable[[str], str],
    timeout_seconds: float = TOOL_SECONDS,
) -> Callable[[Path, Mapping[str, str | None]], CommandResult]:
    """Return what runs a failed tool once more: in the project or a worktree of it, with variables changed.

    The result counts as passed exactly where the tool does: findings of a linter are a result. Nothing is stored.
    """

    def retry(place: Path, changes: Mapping[str, str | None]) -> CommandResult:
        tool = _the_tool(failed.series, folder, settings)
        with Commands(
            folder, settings, run, mask, root=place, changes=changes, timeout_seconds=timeout_seconds
        ) as commands:
            ended = _tool_run(tool, _measure(tool, commands), mask)
        return as_result(ended)

    return retry


def anew(  # noqa: PLR0913, PLR0917 - one argument a part of the contract
    failed: ToolRun,
    folder: Path,
    settings: Settings,
    run: OwnedRun,
    talk: Callable[[str], None],
    mask: Callable[[str], str],
    *,
    changes: Mapping[str, str | None] | None = None,
    step: str = "analyze again",
    timeout_seconds: float = TOOL_SECONDS,
) -> ToolRun:
    """Run a tool once more in the user's project, after what made it fail was mended; keep what it measured.

    `changes` are the variables that it runs with (None: taken away); the rest is as for `run`.

    Raises:
        ConfigError: the project has no such tool any more.
    """

    def body() -> ToolRun:
        tool = _the_tool(failed.series, folder, settings)
        talk(f"{tool.series.label}: {tool.program}, once more")
        with Commands(folder, settings, run, mask, changes=changes, timeout_seconds=timeout_seconds) as commands:
            return _measure_and_keep(tool, commands, run, mask, step)

    return run.step(f"{step}: {failed.series.label}", ToolRun, body)


def _the_tool(series: Series, folder: Path, settings: Settings) -> Tool:
    tool = next((tool for tool in find_tools(folder, settings) if tool.series == series), None)
    if tool is None:
        raise ConfigError(f"{series.label} is no tool of {folder} any more", "`fixer analyze` shows what there is")
    return tool


def _measure_and_keep(tool: Tool, commands: Commands, run: OwnedRun, mask: Callable[[str], str], step: str) -> ToolRun:
    state = state_of(commands.project)
    ended = _tool_run(tool, _measure(tool, commands), mask)
    if ended.passed:
        run.store_measurement(_measurement(ended, state, f"{step}: {ended.series.label}"))
    return ended


def _measure(tool: Tool, commands: Commands) -> Measured:
    with ToolSession(commands, tool.series.folder, tool.byproducts) as session:
        try:
            return tool.measure(session)
        except UNREADABLE as error:
            # The output of another version of the tool, or none at all: a failure of the tool, with its words.
            reason = (
                f"{tool.program} wrote something that cannot be read as its output ({type(error).__name__}: {error})"
            )
            return Measured(root_cause=RootCause.INVALID_DATA, reason=reason, result=commands.last)


def as_result(ended: ToolRun) -> CommandResult:
    """Return a result that has passed exactly where the tool has, whatever its exit code says about findings."""
    result = ended.result or _NOTHING_RAN
    if ended.passed == result.passed:
        return result if result.reason or ended.passed else result.model_copy(update={"reason": ended.reason})
    if ended.passed:
        said = f"exit code {result.exit_code} says that there are findings, which are a result"
        return result.model_copy(update={"ending": Ending.EXITED, "exit_code": 0, "reason": said})
    return result.model_copy(update={"exit_code": 1, "reason": ended.reason})


def _tool_run(tool: Tool, measured: Measured, mask: Callable[[str], str]) -> ToolRun:
    result = measured.result
    return ToolRun(
        series=tool.series,
        program=tool.program,
        version=measured.version,
        metrics=measured.metrics,
        result=result.shortened(KEPT) if result else None,
        root_cause=measured.root_cause,
        reason=mask(measured.reason),
        install=mask(measured.install),
    )


def _measurement(ended: ToolRun, state: ProjectState, step: str) -> Measurement:
    return Measurement(
        series=ended.series,
        metrics=ended.metrics,
        program=ended.program,
        version=ended.version,
        commit=state.commit,
        dirty=state.dirty,
        step=step,
        at=time.time(),
    )


def _cached(tool: Tool, run: OwnedRun, state: ProjectState, max_age: float | None) -> ToolRun | None:
    """Return a stored measurement of exactly this state, where it is young enough."""
    if max_age is None or not state.commit or state.dirty:
        return None
    oldest = time.time() - max_age
    for kept in run.measurements(tool.series, _CACHED):
        if kept.commit == state.commit and not kept.dirty and kept.at >= oldest:
            return ToolRun(
                series=kept.series,
                program=kept.program,
                version=kept.version,
                metrics=kept.metrics,
                reason="" if kept.metrics else "there was nothing to measure",
                cached_at=kept.at,
            )
    return None
