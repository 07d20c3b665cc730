"""`fixer cancel`: a run's id in, the run ended as cancelled and its process told so."""

import sys
from pathlib import Path
from typing import Annotated

import typer

COMMAND = "cancel"
PANEL = "Operate"
ORDER = 30


def command(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or its first letters.")],
    *,
    repo: Annotated[Path, typer.Option("--repo", help="The project's folder.")] = Path(),
) -> None:
    """Cancel a run that is queued, running, waiting or dead.

    Its process is sent SIGTERM, and can record nothing more whatever it does. A cancelled run cannot be resumed.

    Example: `fixer cancel 3fa8`
    """
    from fixer.git import find_repository  # noqa: PLC0415 - `fixer --help` must not pay for what a command needs
    from fixer.journal import existing_journal, no_such_run  # noqa: PLC0415

    folder = find_repository(repo) / ".fixer"
    with existing_journal(folder) as journal:
        if journal is None:
            raise no_such_run(run, folder)
        cancellation = journal.cancel(run)
    told = f"; process {cancellation.signalled} was told to stop" if cancellation.signalled else ""
    sys.stdout.write(f"run {cancellation.run.id} is cancelled{told}\n")
