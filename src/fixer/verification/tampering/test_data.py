"""Data that tests compare with: snapshots, expected outputs, fixtures in files."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from fixer.verification.change import Change
from fixer.verification.places import is_python, is_test_data
from fixer.verification.tampering.base import Finding

RULE = "test-data"


def findings(change: Change) -> Iterator[Finding]:
    """Yield test data that is changed, deleted, or added where it can change what existing tests see."""
    named = {path for path in change.reproduction.test_files if not is_python(path)}
    for file in change.files:
        if file.path.endswith((".md", ".rst")) or "requirements" in file.path.rpartition("/")[2]:
            continue
        if not is_test_data(file.path) and file.path not in named:
            continue
        if file.before is None:
            if _is_new_island(file.path, change.paths_before):
                continue
            yield Finding(RULE, file.path, 0, "data is added among the data of existing tests, which may pick it up")
        elif file.after is None:
            yield Finding(RULE, file.path, 0, "data that tests compare with is deleted")
        elif file.after.split() != file.before.split():
            line = file.removed[0][0] if file.removed else 0
            yield Finding(RULE, file.path, line, "data that tests compare with is changed to fit the code")
        elif file.after.rstrip() != file.before.rstrip() and not file.path.endswith((".md", ".rst", ".json")):
            yield Finding(RULE, file.path, 0, "the white space of data that tests compare with is changed")


def _is_new_island(path: str, known: frozenset[str]) -> bool:
    """Whether no file lies in the new file's own folder yet, apart from code: existing tests do not read it."""
    folder = PurePosixPath(path).parent
    return not any(PurePosixPath(other).parent == folder and is_test_data(other) for other in known)
