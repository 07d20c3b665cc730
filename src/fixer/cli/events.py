"""`fixer events`: the append-only stream in, one line an event out."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fixer.journal import Event

COMMAND = "events"
PANEL = "Operate"
ORDER = 40


def command(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="A run's id or its first letters.")] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as events come, until the run ends.")] = False,
    after: Annotated[int, typer.Option("--after", min=0, help="Only events behind this number.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    repo: Annotated[Path, typer.Option("--repo", help="The project's folder.")] = Path(),
) -> None:
    """Show what happened in one run, or in all.

    Example: `fixer events 3fa8 --follow`
    """
    from fixer.git import find_repository  # noqa: PLC0415 - `fixer --help` must not pay for what a command needs
    from fixer.journal import existing_journal, no_such_run  # noqa: PLC0415

    folder = find_repository(repo) / ".fixer"
    with existing_journal(folder) as journal:
        if journal is None:
            if run is not None:
                raise no_such_run(run, folder)
            sys.stderr.write(f"{folder.parent} has no runs yet; `fixer run info.json` begins one\n")
            return
        for event in journal.follow(run, after) if follow else journal.events(run, after):
            sys.stdout.write((_json(event) if as_json else _line(event)) + "\n")
            sys.stdout.flush()


def _json(event: "Event") -> str:
    return json.dumps(event.model_dump(mode="json"))


def _line(event: "Event") -> str:
    when = datetime.fromtimestamp(event.at, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    data = event.data
    if isinstance(data, dict):
        said = "  ".join(f"{key}={value}" for key, value in data.items())
    else:
        said = "" if data is None else str(data)
    return f"{when}  {event.run_id}  {event.kind}  {' '.join(said.split())}".rstrip()
