"""`fixer runs`: the state database in, a table of what is real out."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fixer.journal import RunRecord

COMMAND = "runs"
PANEL = "Operate"
ORDER = 10
_TITLES = ("RUN", "STATE", "KIND", "ATTEMPT", "CREATED", "TOOK", "NOTE")


def command(
    *,
    repo: Annotated[Path, typer.Option("--repo", help="The project's folder.")] = Path(),
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many runs, the newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """List the runs of this repository, and which of them are really alive.

    A run is queued, running, dead (its process was killed: `fixer resume` goes on with it), done, failed or cancelled.

    Example: `fixer runs --json`
    """
    from fixer.git import find_repository  # noqa: PLC0415 - `fixer --help` must not pay for what a command needs
    from fixer.journal import compare, existing_journal  # noqa: PLC0415
    from fixer.schema.base import SCHEMA_VERSION  # noqa: PLC0415

    repository = find_repository(repo)
    with existing_journal(repository / ".fixer") as journal:
        differences = compare(journal, mend=True) if journal else []
        runs = journal.runs(limit) if journal else []
        now = journal.now() if journal else 0.0
    for difference in differences:
        sys.stderr.write(f"{difference.text}{' (noted)' if difference.mended else ''}\n")
    if as_json:
        listed = [run.model_dump(mode="json") for run in runs]
        sys.stdout.write(json.dumps({"schema_version": SCHEMA_VERSION, "runs": listed}, indent=2) + "\n")
    elif not runs:
        sys.stderr.write(f"{repository} has no runs yet; `fixer run info.json` begins one\n")
    else:
        _print([_cells(run, now) for run in runs])


def _cells(run: "RunRecord", now: float) -> tuple[str, ...]:
    end = run.ended or (now if run.alive else run.updated)
    took = "" if run.started is None else f"{max(0.0, end - run.started):.0f} s"
    created = datetime.fromtimestamp(run.created, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    note = run.error
    if run.alive and run.owner is not None:
        note = f"process {run.owner.pid}"
    elif run.state == "dead":
        note = f"`fixer resume {run.id}` goes on with it"
    return (run.id, run.state.value, run.kind, str(run.attempt), created, took, " ".join(note.split()))


def _print(rows: list[tuple[str, ...]]) -> None:
    """A table for people at a terminal; padded columns, nothing cut off, for pipes and files."""
    if not sys.stdout.isatty():
        widths = [max(len(row[column]) for row in [_TITLES, *rows]) for column in range(len(_TITLES))]
        for row in [_TITLES, *rows]:
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            sys.stdout.write(line.rstrip() + "\n")
        return
    from rich.console import Console  # noqa: PLC0415 - only where there is a terminal
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    colours = {"running": "cyan", "dead": "bold red", "done": "green", "failed": "red", "cancelled": "yellow"}
    table = Table(box=None, pad_edge=False)
    for title in _TITLES:
        table.add_column(title, no_wrap=title != "NOTE", overflow="fold")
    for row in rows:
        state = Text(row[1], style=colours.get(row[1], ""))
        table.add_row(Text(row[0]), state, *(Text(cell) for cell in row[2:]))
    Console().print(table)
