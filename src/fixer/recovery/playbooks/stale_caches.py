"""Caches older than the code: where the failure does not show in a clean copy, they are named, never deleted."""

import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

from fixer.git import Git
from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene
from fixer.strategies.base import NotMine

ORDER = 20
CACHES = frozenset({
    "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".tox", ".nox", ".eggs", "build",
    "dist", "target", ".cache", ".next", ".nuxt", ".turbo", ".parcel-cache", ".angular", ".svelte-kit", "CMakeFiles",
    "CMakeCache.txt", ".gradle", "out", "obj", "coverage", ".nyc_output", ".vite", "htmlcov", "tsconfig.tsbuildinfo",
})  # fmt: skip
"""Names of folders and files that tools write and write again."""


def remedies(scene: Scene) -> Iterator[Remedy]:
    """Yield the removal of the caches, as something that only a person may do.

    Raises:
        NotMine: the failure shows in a clean copy as well, or there is no cache.
    """
    if not scene.as_it_was().passed:
        raise NotMine("the failure shows in a clean copy as well, so no cache makes it")
    found = _caches(scene)
    if not found:
        raise NotMine("the failure does not show in a clean copy, but there is no cache that git ignores")
    named = " ".join(shlex.quote(path) for path in found)
    yield Remedy(
        f"Remove {', '.join(found)}",
        allowed=False,
        why_not="it passes in a clean copy, so a cache is stale, and nothing is deleted outside of the worktree",
        typed=(f"git clean -fdX -- {named}",),
    )


def _caches(scene: Scene) -> list[str]:
    listed = Git(scene.ground.repository).run(
        "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"
    )
    paths = [path.rstrip("/") for path in listed.stdout.split("\0") if path]
    return sorted(path for path in paths if PurePosixPath(path).name in CACHES)
