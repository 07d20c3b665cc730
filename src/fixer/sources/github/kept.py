"""Runs that were fetched before: one folder an attempt, whole or not there."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from fixer.errors import SourceError
from fixer.own_files import make_ignored
from fixer.schema.execution import Execution

RECORD = "execution.json"
DRAFT = ".draft-"


def load(folder: Path) -> Execution | None:
    """Return what was kept in `folder`; None where there is nothing whole."""
    try:
        kept = Execution.model_validate_json((folder / RECORD).read_bytes())
    except (OSError, ValidationError):
        return None
    log = folder / "log.txt"
    return _placed(kept, folder) if log.is_file() else None


def save(draft: Path, folder: Path, execution: Execution) -> Execution:
    """Make `draft`, which holds the log and the reports, the folder of a fetched run.

    Raises:
        SourceError: the disk refuses.
    """
    try:
        (draft / RECORD).write_text(execution.model_dump_json(indent=1), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        # Another process may have put the same run there in between: then its copy is as good.
        with contextlib.suppress(FileExistsError):
            draft.rename(folder)
    except OSError as error:
        if not (folder / RECORD).is_file():
            raise _refused(folder, error) from error
    return _placed(execution, folder)


@contextlib.contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside `folder`, readable by its owner only, that is gone afterwards unless it was saved.

    Raises:
        SourceError: the disk refuses.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        for left in folder.parent.glob(f"{DRAFT}{folder.name}-*"):
            _forget(left)
        path = Path(tempfile.mkdtemp(prefix=f"{DRAFT}{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _refused(folder, error) from error
    import fcntl  # noqa: PLC0415 - only where something is fetched

    with (path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield path
        except OSError as error:
            raise _refused(folder, error) from error
        finally:
            shutil.rmtree(path, ignore_errors=True)


def place(root: Path) -> Path:
    """Make the folder of all fetched runs, which git leaves alone; return it.

    Raises:
        SourceError: the disk refuses.
    """
    try:
        make_ignored(root)
    except OSError as error:
        raise _refused(root, error) from error
    return root


def _forget(path: Path) -> None:
    """Remove a draft that no live process writes: one that was killed left it."""
    import fcntl  # noqa: PLC0415 - only where something is fetched

    try:
        with (path / ".lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
    except OSError:
        return


def _placed(execution: Execution, folder: Path) -> Execution:
    """Point to where the files lie now: the repository may have been moved."""
    reports = tuple(str(folder / "reports" / Path(report).name) for report in execution.reports)
    return execution.model_copy(update={"log_path": str((folder / "log.txt").absolute()), "reports": reports})


def _refused(folder: Path, error: OSError) -> SourceError:
    return SourceError(
        f"cannot keep the fetched run in {folder}: {error.strerror}", "check the disk and its permissions"
    )
