"""What is said of a run that cannot be had: an id that fits none, or a run that another process works on."""

from collections.abc import Sequence
from pathlib import Path

from fixer.errors import ConfigError
from fixer.journal.lease import BusyError
from fixer.journal.records import RunRecord


def no_such_run(run_id: str, folder: Path, known: Sequence[str] = ()) -> ConfigError:
    """Build the error for an id that fits no run, with the nearest of those that are known."""
    import difflib  # noqa: PLC0415 - only for a slip

    near = difflib.get_close_matches(run_id, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    return ConfigError(f"there is no run '{run_id}' in {folder}", f"{hint}`fixer runs` lists every run")


def busy(record: RunRecord) -> BusyError:
    """Build the error for a run that another process works on."""
    where = f"process {record.owner.pid}" if record.owner is not None and record.alive else "another process"
    return BusyError(
        f"run {record.id} is being worked on by {where}",
        f"`fixer events {record.id} --follow` shows what it does, `fixer cancel {record.id}` stops it",
    )
