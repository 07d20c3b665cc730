"""Makes branches in the user's repository without touching its HEAD, index or files."""

from collections.abc import Iterator

from fixer.errors import GitError
from fixer.git import Git

KEY_TRAILER = "Fixer-Key"
NO_COMMIT = "0" * 40
MOST_NAMES = 50
MOST_COMMITS = 50
"""Commits at the end of a branch that are looked through for a key."""


def find_or_create(git: Git, branch: str, commit: str, key: str, onto: str = "") -> tuple[str, str, bool]:
    """Point a new branch at `commit`, or find the one that carries `key` already.

    A branch of the same name that is not fixer's, or is for another key, is left alone: the next free
    name (`NAME-2`, …) is taken. With `onto`, fixer's own commit below `commit`, a branch that ends there is
    moved on to `commit`, unless somebody has it checked out.

    Returns:
        The branch's name, its commit with the key, and whether that is new.

    Raises:
        GitError: the reference could not be made.
    """
    for name in _names(branch):
        there = git.commit_of(f"refs/heads/{name}")
        if there is None:
            # The zero id makes git refuse if somebody else made the branch in between.
            git.run("update-ref", "-m", f"fixer: made {name}", f"refs/heads/{name}", commit, NO_COMMIT)
            return name, commit, True
        if carrier := _carrier(git, there, key):
            return name, carrier, False
        if onto and there == onto and not _checked_out(git, name):
            git.run("update-ref", "-m", f"fixer: {name} goes on", f"refs/heads/{name}", commit, onto)
            return name, commit, True
    raise GitError(
        f"no free name for the branch {branch} in {git.folder}: {MOST_NAMES} branches of that name exist",
        f"look at them with `git branch --list '{branch}*'` and delete those that are not needed",
    )


def find(git: Git, branch: str, key: str) -> str | None:
    """Return the name of the branch that carries `key`, where an earlier run made one."""
    for name in _names(branch):
        there = git.commit_of(f"refs/heads/{name}")
        if there is None:
            return None
        if key_of(git, there) == key:
            return name
    return None


def key_of(git: Git, commit: str) -> str:
    """Return the key in a commit's message; empty where it is not one of fixer's commits."""
    form = f"--format=%(trailers:key={KEY_TRAILER},valueonly)"
    return git.line("log", "-1", form, "--end-of-options", commit)


def _carrier(git: Git, tip: str, key: str) -> str:
    """Return the commit with `key` among fixer's own at the end of a branch; empty where none has it."""
    form = f"--format=%H %(trailers:key={KEY_TRAILER},valueonly,separator=%x20)"
    listed = git.run("log", "--first-parent", f"--max-count={MOST_COMMITS}", form, "--end-of-options", tip).stdout
    for line in listed.splitlines():
        commit, _, found = line.partition(" ")
        if not found:
            return ""
        if found == key:
            return commit
    return ""


def _checked_out(git: Git, branch: str) -> bool:
    """Whether a working tree stands on the branch: to move it would turn that tree's files into changes."""
    return f"branch refs/heads/{branch}" in git.run("worktree", "list", "--porcelain").stdout.splitlines()


def _names(branch: str) -> Iterator[str]:
    yield branch
    for number in range(2, MOST_NAMES + 1):
        yield f"{branch}-{number}"
