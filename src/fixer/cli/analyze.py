"""`fixer analyze [TOOL…]`: a project in; coverage, lint findings and benchmarks out, beside those of the last time."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.cli.base import loaded_settings, print_json, project_folder, say
from fixer.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from fixer.journal import Journal, OwnedRun, RunRecord
    from fixer.reporters.metrics import Analysed
    from fixer.schema.analysis import Series, ToolRun
    from fixer.schema.recovery import Recovery
    from fixer.schema.settings import Settings

COMMAND = "analyze"
PANEL = "Look"
ORDER = 20
KIND = "analysis"
"""Of the journal's run."""
LOOKED_AT = 20
"""Measurements in which the number before the present one is looked for."""


def command(  # noqa: PLR0913 - one argument an option
    *,
    tools: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TOOL]…",
            help="coverage, lint, bench, or a name from \\[analysis.NAME] in the settings; default: all that apply.",
            show_default=False,
        ),
    ] = None,
    repo: Annotated[Path | None, typer.Option(help="The project's folder; default: found from here.")] = None,
    max_cache_age: Annotated[
        float | None,
        typer.Option(
            min=0, metavar="SECONDS", help="Use a result of the same commit that is no older.", show_default=False
        ),
    ] = None,
    auto_recover: Annotated[
        bool, typer.Option("--auto-recover", help="Mend what makes a tool fail, and run the tool again.")
    ] = False,
    timeout: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="Time that one command gets.")] = 900,
    history: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Run nothing; show the last N results.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> int:
    """Measure the project with its own tools: test coverage, lint findings, benchmarks; and compare with the last time.

    Python: coverage.py, ruff, pytest-benchmark. Rust: cargo-llvm-cov or tarpaulin, clippy, cargo bench. JavaScript:
    c8, jest or vitest, eslint, vitest bench. Go: go test -cover, go vet, go test -bench. They run in your project as
    your own commands do, and leave nothing there.

    It leaves with 0 when all tools ran, whatever they found; 1 when one ran and failed, such as tests that do not
    pass; 3 when one is not installed (the command that installs it is printed); 4 when recovery gave up for now.

    Example: `fixer analyze coverage lint --json`
    """
    from fixer.git import forget_hook_environment  # noqa: PLC0415
    from fixer.journal import existing_journal, open_journal  # noqa: PLC0415

    forget_hook_environment()
    folder = project_folder(repo)
    loaded = loaded_settings(folder)
    if history is not None:
        with existing_journal(folder / ".fixer") as journal:
            return _show_history(journal, tools or [], folder, loaded.settings, history, as_json=json)
    given = Given(tuple(tools or ()), str(folder), max_cache_age, auto_recover, timeout)
    with _journal_for(given, loaded.settings, open_journal) as journal:
        record = _submit(journal, given, loaded.settings)
        return go_on(journal, record, as_json=json)


@dataclass(frozen=True)
class Given:
    """What one use of the command was asked for; with the settings, a killed run goes on from it."""

    tools: tuple[str, ...]
    folder: str
    max_cache_age: float | None
    auto_recover: bool
    timeout: float


def _journal_for(given: Given, settings: "Settings", opened: "Callable[[Path], Journal]") -> "Journal":
    """Open the journal, after it is known that there is anything to run: a slip leaves nothing behind."""
    from fixer.analysis import choose  # noqa: PLC0415 - only where something runs

    choose(given.tools, Path(given.folder), settings)
    return opened(Path(given.folder) / ".fixer")


def _submit(journal: "Journal", given: Given, settings: "Settings") -> "RunRecord":
    """Record the run. The same command on the same files goes on with its own run that was killed."""
    from dataclasses import asdict  # noqa: PLC0415 - only where something runs

    from fixer.analysis import state_of  # noqa: PLC0415
    from fixer.schema.base import content_id  # noqa: PLC0415

    state = state_of(Path(given.folder))
    key = content_id(KIND, repr(given), settings.model_dump_json(), state.key)
    stored = {**asdict(given), "tools": list(given.tools), "settings": settings.model_dump(mode="json")}
    # Outside of git nobody can tell whether the files are still those of the killed run.
    return journal.submit(KIND, stored, key, fresh=not state.commit)


def go_on(journal: "Journal", record: "RunRecord", *, as_json: bool) -> int:
    """Work on a run to its end, from its last finished step; print its result and return its exit code.

    Raises:
        FixerError: the run has ended, a live process works on it, or nothing can be run here.
    """
    import os  # noqa: PLC0415 - with those below: what --help need not pay

    from fixer import analysis  # noqa: PLC0415
    from fixer.redact import Masker  # noqa: PLC0415
    from fixer.schema.settings import Settings  # noqa: PLC0415
    from fixer.terminal import Progress  # noqa: PLC0415

    assert isinstance(record.given, dict)
    stored = dict(record.given)
    settings = Settings.model_validate(stored.pop("settings"))
    given = Given(**{**stored, "tools": tuple(stored["tools"])})  # type: ignore[arg-type] # as `_submit` stored it
    folder = Path(given.folder)
    mask = Masker(os.environ).mask
    with journal.own(record.id) as run, Progress() as progress:
        runs = analysis.run(
            given.tools, folder, settings, run, progress.talk, mask,
            given.max_cache_age, timeout_seconds=given.timeout,
        )  # fmt: skip
        mended = _recovered(runs, given, settings, run, progress.talk, mask) if given.auto_recover else {}
        analysed = [_beside_history(journal, mended.get(one.series, (one, None)), run.id) for one in runs]
        broken = [one.ended for one in analysed if not one.ended.passed]
        used = _used(run) if mended else {}
        if broken:
            run.fail("; ".join(f"{one.series.label}: {one.reason}" for one in broken), used)
        else:
            run.finish({"tools": [one.series.label for one in runs], **used})
    return _present(analysed, record.id, as_json=as_json)


def _used(run: "OwnedRun") -> "dict[str, JsonValue]":
    """Return what the models that recoveries asked have used."""
    from fixer.spending import in_result, spent_by  # noqa: PLC0415 - only where something was recovered

    spent = spent_by(run)
    return in_result(spent) if spent.calls else {}


def _recovered(  # noqa: PLR0913, PLR0917 - one argument a part of the run
    runs: "tuple[ToolRun, ...]",
    given: Given,
    settings: "Settings",
    run: "OwnedRun",
    talk: "Callable[[str], None]",
    mask: "Callable[[str], str]",
) -> "dict[Series, tuple[ToolRun, Recovery]]":
    """Give what failed to recovery; without a failure nothing of it is loaded."""
    if all(one.passed for one in runs):
        return {}
    from fixer.healing import heal  # noqa: PLC0415 - only where something failed

    return heal(runs, Path(given.folder), settings, run, talk, mask, timeout_seconds=given.timeout)


def _beside_history(journal: "Journal", mended: "tuple[ToolRun, Recovery | None]", run_id: str) -> "Analysed":
    from fixer.journal.metrics import history  # noqa: PLC0415 - only where something ran
    from fixer.reporters.metrics import Analysed  # noqa: PLC0415

    ended, recovery = mended
    kept = history(journal.database, ended.series, LOOKED_AT)
    used = ended.cached_at
    earlier = [one for one in kept if (one.at < used if used is not None else one.run_id != run_id)]
    return Analysed(ended, earlier, recovery)


def _present(analysed: "list[Analysed]", run_id: str, *, as_json: bool) -> int:
    """Print the result; return the exit code."""
    from fixer.reporters import metrics  # noqa: PLC0415 - only where something ran
    from fixer.terminal import stdout_console  # noqa: PLC0415

    code = _exit_code(analysed)
    if as_json:
        print_json({"run": run_id, "exit_code": int(code), "tools": metrics.as_json(analysed)})
    else:
        metrics.print_analysis(analysed, stdout_console())
    broken = [one.ended.series.label for one in analysed if not one.ended.passed]
    ended = f"{', '.join(broken)} failed; `fixer events {run_id}` shows every command" if broken else "every tool ran"
    say(f"fixer: {ended}")
    return int(code)


def _exit_code(analysed: "list[Analysed]") -> ExitCode:
    """Return what the shell sees: a failed tool weighs more than a missing one, which only hides what it would say."""
    broken = [one for one in analysed if not one.ended.passed]
    if any(one.recovery is not None and one.recovery.opens_again for one in broken):
        return ExitCode.BUDGET
    if any(not one.ended.missing for one in broken):
        return ExitCode.NOT_FIXED
    return ExitCode.DEPENDENCY if broken else ExitCode.OK


def _show_history(  # noqa: PLR0913 - one argument a part of the request
    journal: "Journal | None", tools: list[str], folder: Path, settings: "Settings", limit: int, *, as_json: bool
) -> int:
    """Print the last results of each tool; nothing is run."""
    from fixer.analysis import canonical  # noqa: PLC0415 - only where it is asked for
    from fixer.journal.metrics import all_series, history  # noqa: PLC0415
    from fixer.reporters import metrics  # noqa: PLC0415
    from fixer.terminal import stdout_console  # noqa: PLC0415

    wanted = canonical(tools, folder, settings)
    series = all_series(journal.database) if journal else []
    kept = [
        one
        for each in series
        if journal and (not wanted or each.tool in wanted)
        for one in history(journal.database, each, limit)
    ]
    if as_json:
        print_json({"measurements": [one.model_dump(mode="json") for one in kept]})
    elif kept:
        metrics.print_history(kept, stdout_console())
    else:
        say(f"nothing was measured in {folder} yet; `fixer analyze` does")
    return int(ExitCode.OK)
