"""`fixer stats`: how often runs and fixes succeed, from what was recorded."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.cli.base import named_workspace, print_json, print_table, project_folder, say, warn_of_settings

if TYPE_CHECKING:
    from fixer.explaining.stats import FixStats, RunStats

COMMAND = "stats"
PANEL = "Look"
ORDER = 50
_RUNS = 10_000


class What(StrEnum):
    """What is counted."""

    RUNS = "runs"
    FIXES = "fixes"


def command(
    *,
    what: Annotated[What, typer.Argument(help="runs, or fixes (those of `fixer fix`).")] = What.RUNS,
    workspace: Annotated[
        str, typer.Option("--workspace-id", callback=named_workspace, help="Whose fixes.")
    ] = "default",
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the success rate of runs over time, or of applied fixes by type and by cause, with 95 % intervals.

    Example: `fixer stats fixes`
    """
    from fixer.explaining.stats import of_fixes, of_runs  # noqa: PLC0415 - `--help` must not pay for pydantic
    from fixer.journal import existing_journal  # noqa: PLC0415
    from fixer.journal.fixes import Fixes  # noqa: PLC0415

    root = project_folder(repo)
    warn_of_settings(root)
    with existing_journal(root / ".fixer") as journal:
        if what is What.FIXES:
            found = of_fixes(Fixes(journal.database, journal.now, workspace).all() if journal else [])
            _fixes(found, as_json=as_json)
        else:
            _runs(of_runs(journal.runs(_RUNS) if journal else []), as_json=as_json)


def _fixes(found: "FixStats", *, as_json: bool) -> None:
    if as_json:
        print_json({"fixes": found.model_dump(mode="json")})
        return
    rows = [
        (kind, one.name, f"{one.succeeded} of {one.counted}", one.words)
        for kind, rates in (("type", found.by_type), ("cause", found.by_cause))
        for one in rates
    ]
    if rows:
        print_table(("BY", "NAME", "SUCCEEDED", "RATE (95 %)"), rows)
    say(
        f"{found.offered} offered, {found.applied} applied, {found.undone} undone, "
        f"{found.watched} followed by an execution of the agent"
    )


def _runs(found: "RunStats", *, as_json: bool) -> None:
    if as_json:
        print_json({"runs": found.model_dump(mode="json")})
        return
    if not found.runs:
        say("no run has ended here yet; `fixer run info.json` begins one")
        return
    rows = [(one.name, f"{one.succeeded} of {one.counted}", one.words) for one in found.by_week]
    print_table(("WEEK", "FIXED", "RATE (95 %)"), rows)
    for failure, count in found.failures[:5]:
        say(f"{count} times: {failure}")
    seconds = found.median_seconds_to_fix
    took = "" if seconds is None else f"; half of the fixes took less than {seconds:.0f} s"
    say(f"{found.runs} runs ended{took}; models cost ${found.cost_usd:.4f}")
