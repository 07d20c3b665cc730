"""`fixer runs`: the state database in, a table of what is real out."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fixer.journal import Journal, RunRecord

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

    A run is queued, running, waiting (something is in its way that passes by itself), dead (its process was killed or
    interrupted), done, failed or cancelled. `fixer resume` goes on with a waiting or dead one, and `fixer worker` by
    itself.

    Example: `fixer runs --json`
    """
    from fixer.git import find_repository  # noqa: PLC0415 - `fixer --help` must not pay for what a command needs
    from fixer.journal import existing_journal  # noqa: PLC0415
    from fixer.schema.base import SCHEMA_VERSION  # noqa: PLC0415

    repository = find_repository(repo)
    with existing_journal(repository / ".fixer") as journal:
        if journal:
            _mend(journal)
        runs = journal.runs(limit) if journal else []
        now = journal.now() if journal else 0.0
    if as_json:
        listed = [run.model_dump(mode="json") for run in runs]
        sys.stdout.write(json.dumps({"schema_version": SCHEMA_VERSION, "runs": listed}, indent=2) + "\n")
    elif not runs:
        sys.stderr.write(f"{repository} has no runs yet; `fixer run info.json` begins one\n")
    else:
        _print([_cells(run, now) for run in runs])


def _mend(journal: "Journal") -> None:
    """Set the record right, and say what was found. A disk without room must not hide the runs."""
    from fixer.errors import JournalError  # noqa: PLC0415 - `fixer --help` must not pay for what a command needs
    from fixer.journal import compare  # noqa: PLC0415

    try:
        for difference in compare(journal, mend=True):
            sys.stderr.write(f"{difference.text}{'; the record is set right' if difference.mended else ''}\n")
    except JournalError as error:
        sys.stderr.write(f"the record could not be compared with reality: {error.message}\nhint: {error.hint}\n")


def _cells(run: "RunRecord", now: float) -> tuple[str, ...]:
    end = run.ended or (now if run.alive else run.updated)
    took = "" if run.started is None else f"{max(0.0, end - run.started):.0f} s"
    created = datetime.fromtimestamp(run.created, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    note = run.error
    if run.alive and run.owner is not None:
        note = f"process {run.owner.pid}"
    elif run.state in {"waiting", "dead"}:
        note = f"{run.waits}; {goes_on(run, now)}".removeprefix("; ")
    return (run.id, run.state.value, run.kind, str(run.attempt), created, took, " ".join(note.split()))


def goes_on(run: "RunRecord", now: float) -> str:
    """Say when and how an open run goes on."""
    from fixer.journal import how_it_goes_on  # noqa: PLC0415 - `fixer --help` must not pay for what a command needs

    return how_it_goes_on(run.id, run.due, now)


def _print(rows: list[tuple[str, ...]]) -> None:
    """A table for people at a terminal; padded columns, nothing cut off, for pipes and files."""
    widths = [max(len(row[column]) for row in [_TITLES, *rows]) for column in range(len(_TITLES))]
    if not sys.stdout.isatty():
        for row in [_TITLES, *rows]:
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            sys.stdout.write(line.rstrip() + "\n")
        return
    from rich.console import Console  # noqa: PLC0415 - only where there is a terminal
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    colours = {
        "running": "cyan",
        "waiting": "yellow",
        "dead": "bold red",
        "done": "green",
        "failed": "red",
        "cancelled": "yellow",
    }
    table = Table(box=None, pad_edge=False)
    for title, width in zip(_TITLES[:-1], widths, strict=False):
        table.add_column(title, no_wrap=True, min_width=width)
    # Only the note may take more than one line.
    table.add_column(_TITLES[-1], overflow="fold")
    for row in rows:
        state = Text(row[1], style=colours.get(row[1], ""))
        table.add_row(Text(row[0]), state, *(Text(cell) for cell in row[2:]))
    Console().print(table)
