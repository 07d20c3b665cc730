"""Applies a recorded fix and undoes it, byte for byte; killed in between, the next use settles it (spec E6)."""

from collections.abc import Callable
from pathlib import Path

from fixer.errors import ConfigError, PolicyError
from fixer.explaining.changes import Files, diff_of, planned
from fixer.journal.fixes import Fixes
from fixer.own_files import replace
from fixer.schema.explanation import FixState, RecordedFix
from fixer.schema.workspace import option_for

UNDO_SECONDS = 5
"""How long a key press undoes what was applied in a terminal (spec E6)."""


def preview(fix: RecordedFix, root: Path) -> str:
    """Return the diff that applying the fix would make now.

    Raises:
        FixerError: see `planned`.
    """
    return diff_of(planned(fix.fix, root), root)


def apply(fix: RecordedFix, fixes: Fixes, root: Path, shown: str) -> None:
    """Write the files of a fix, after what they held was recorded.

    Args:
        fix: offered, or undone.
        fixes: where it is recorded.
        root: the project.
        shown: the diff that the user said yes to.

    Raises:
        PolicyError: a file has changed since the diff was shown, or the change is not allowed.
        ConfigError: it is applied already, or a file cannot be written.
    """
    files = planned(fix.fix, root)
    if diff_of(files, root) != shown:
        raise PolicyError(
            f"a file of fix {fix.id} has changed since the diff was shown",
            f"fixer fix apply {fix.id}{option_for(fix.workspace)}",
        )
    fixes.begin_apply(fix.id, {str(path): content for path, content in files.items()})
    try:
        for path, (_, after) in files.items():
            _write(path, after)
    except OSError as error:
        settle(fixes, lambda _: None)
        raise ConfigError(f"{error.filename} could not be written: {error.strerror}", "nothing was changed") from error
    fixes.move(fix.id, FixState.APPLIED)


def undo(fix: RecordedFix, fixes: Fixes, root: Path) -> None:
    """Give the files of an applied fix back as they were, byte for byte.

    Raises:
        PolicyError: one has changed since; with the diff. Nothing was written.
        ConfigError: the fix is not applied.
    """
    kept = _kept(fix.id, fixes)
    changed = {path: (after, _content(path)) for path, (_, after) in kept.items() if _content(path) != after}
    if fix.state is FixState.APPLIED and changed:
        names = ", ".join(str(path) for path in changed)
        raise PolicyError(
            f"{names} changed after fix {fix.id} was applied; undoing it would lose this:\n{diff_of(changed, root)}",
            f"take the changes back first, or undo by hand: `fixer fix show {fix.id}{option_for(fix.workspace)}`",
        )
    fixes.move(fix.id, FixState.UNDOING)
    for path, (before, _) in kept.items():
        _write(path, before)
    fixes.move(fix.id, FixState.UNDONE)


def settle(fixes: Fixes, tell: Callable[[str], None]) -> None:
    """Bring every fix that a kill left half done to an end: half applied is taken back, half undone is undone.

    A file that holds neither what it held before nor what the fix wrote is somebody's: it stays, and is told.
    """
    for fix in fixes.all():
        if fix.state not in {FixState.APPLYING, FixState.UNDOING}:
            continue
        kept = _kept(fix.id, fixes)
        applying = fix.state is FixState.APPLYING
        if applying and all(_content(path) == after for path, (_, after) in kept.items()):
            fixes.move(fix.id, FixState.APPLIED)
            tell(f"fix {fix.id} was applied by a process that was killed before it could say so")
            continue
        for path, (before, after) in kept.items():
            now = _content(path)
            if now == after:
                _write(path, before)
            elif now != before:
                tell(f"{path} was changed by somebody while fix {fix.id} was being written; it stays as it is")
        fixes.move(fix.id, FixState.OFFERED if applying else FixState.UNDONE)
        tell(f"fix {fix.id} was cut short; it is {'taken back' if applying else 'undone'}")


def _kept(id_: str, fixes: Fixes) -> Files:
    return {Path(path): content for path, content in fixes.files(id_).items()}


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _write(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, content)
