"""`fixer worker`: a repository in; every run that is due is gone on with, a line for each thing that happens."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fixer.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from fixer.worker import Told

COMMAND = "worker"
PANEL = "Operate"
ORDER = 25


def command(
    *,
    repo: Annotated[Path, typer.Option("--repo", help="The repository, or a folder inside of it.")] = Path(),
    once: Annotated[
        bool, typer.Option("--once", help="Work off what is due now, and leave with 0: for timers and CI.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> int:
    """Go on with runs by itself: those that wait for a limit once it is over, and those whose process was killed.

    One after the other, each as `fixer resume` in a process of its own; then it waits for the next one, until Ctrl-C
    or SIGTERM. Several workers may run at once. A run that is stopped again goes on later each time; after three
    resumes in a row without a finished step it is left to you. A run that you stopped with Ctrl-C is left to you, too.

    Example: `fixer worker --once`
    """
    from fixer.git import find_repository, forget_hook_environment  # noqa: PLC0415 - --help must not pay for these
    from fixer.journal import existing_journal, open_journal  # noqa: PLC0415
    from fixer.worker import Worker  # noqa: PLC0415

    forget_hook_environment()
    repository = find_repository(repo)
    folder = repository / ".fixer"
    tell = _as_json if as_json else _in_words()
    if once:
        # Looking for work leaves nothing behind where fixer never ran.
        with existing_journal(folder) as found:
            if found is not None:
                worker = Worker(found, repository, tell)
                worker.work_off()
                worker.say_waiting()
        return int(ExitCode.OK)
    with open_journal(folder) as journal:
        Worker(journal, repository, tell).work()
    return int(ExitCode.OK)


def _in_words() -> "Callable[[Told], None]":
    import os  # noqa: PLC0415
    import time  # noqa: PLC0415

    from fixer.cli.base import print_result  # noqa: PLC0415
    from fixer.redact import Masker  # noqa: PLC0415
    from fixer.terminal import clean_line  # noqa: PLC0415

    mask = Masker(os.environ).mask

    def tell(told: "Told") -> None:
        print_result(f"{time.strftime('%H:%M:%S', time.localtime(told.at))} {clean_line(mask(told.text))}")

    return tell


def _as_json(told: "Told") -> None:
    from fixer.schema.base import SCHEMA_VERSION  # noqa: PLC0415 - pydantic costs what --help must not pay

    line = {"schema_version": SCHEMA_VERSION, **told.model_dump(mode="json")}
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
    sys.stdout.flush()
