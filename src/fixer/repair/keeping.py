"""Keeps a reproduction in the repository: on its own branch `repro/NAME`, or on the user's where asked (spec B10)."""

import os
import shlex
from pathlib import Path

from fixer.branches import KEY_TRAILER, find, find_or_create
from fixer.errors import PolicyError
from fixer.git import Git
from fixer.own_files import link_in
from fixer.schema.base import Record
from fixer.schema.reproduction import Reproduction
from fixer.worktree import Worktree

FOLDERS = {True: "reproduce-deterministic-failures", False: "reproduce-ND-failures"}


class Kept(Record):
    """Where the reproduction was committed."""

    branch: str
    commit: str
    folder: str


def folder_of(reproduction: Reproduction) -> str:
    """Return the reproduction's folder, relative to the repository."""
    return f"{FOLDERS[reproduction.deterministic]}/{reproduction.name}"


def lay(reproduction: Reproduction, root: Path) -> None:
    """Write the reproduction's folder below `root`.

    Raises:
        PolicyError: a link of the repository leads from there to elsewhere.
    """
    for name, text in reproduction.files.items():
        path = _place(root, f"{folder_of(reproduction)}/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")


def _place(root: Path, name: str) -> Path:
    path = root / name
    if (link := link_in(path, root)) is not None:
        there = link.relative_to(root)
        raise PolicyError(
            f"the reproduction cannot be kept as {name}: {there} is a symbolic link to {link.readlink()} in the "
            "repository, and could lead out of it",
            f"take the link away: git rm {shlex.quote(str(there))}, and commit that",
        )
    return path


def keep(reproduction: Reproduction, tree: Worktree, head: str, key: str) -> Kept:
    """Commit the reproduction on `repro/NAME`, made from `head`. The user's branch, index and files do not move."""
    git = Git(tree.repository)
    folder = folder_of(reproduction)
    there = find(git, f"repro/{reproduction.name}", key)
    if there is not None:
        return Kept(branch=there, commit=git.line("rev-parse", f"refs/heads/{there}"), folder=folder)
    commit = _commit(reproduction, tree, head, key, with_test=True)
    branch, commit, _ = find_or_create(git, f"repro/{reproduction.name}", commit, key)
    return Kept(branch=branch, commit=commit, folder=folder)


def keep_here(reproduction: Reproduction, tree: Worktree, branch: str, key: str) -> Kept:
    """Commit the reproduction on the user's own branch, its index and files included.

    Done a second time, after a kill in between, it finishes what the first time began.

    Raises:
        PolicyError: that would touch uncommitted work, or another branch is checked out by now.
    """
    git = Git(tree.repository)
    folder = folder_of(reproduction)
    head = git.line("rev-parse", f"refs/heads/{branch}")
    if git.show(head, f"{folder}/README.md") is None:
        refuse_unsafe(git, branch, folder)
        commit = _commit(reproduction, tree, head, key)
        git.run("update-ref", "-m", f"fixer: {folder}", f"refs/heads/{branch}", commit, head)
        head = commit
    listed = git.run("ls-tree", "-r", "-z", "--end-of-options", head, "--", folder).stdout
    git.run("update-index", "-z", "--index-info", stdin=listed)
    lay(reproduction, tree.repository)
    return Kept(branch=branch, commit=head, folder=folder)


def refuse_unsafe(git: Git, branch: str, folder: str = "") -> None:
    """Raise PolicyError where committing `folder` on the user's branch would touch uncommitted work."""
    now = git.run("symbolic-ref", "--quiet", "--short", "HEAD", check=False).stdout.strip()
    if not branch or now != branch:
        raise PolicyError(
            f"--commit-here: {git.folder} has {f'the branch {now}' if now else 'no branch'} checked out, "
            f"and the run was started on {branch or 'a detached HEAD'}",
            "check out the branch that the reproduction should go to, or leave --commit-here out",
        )
    if folder and os.path.lexists(git.folder / folder):
        raise PolicyError(
            f"--commit-here: {git.folder / folder} is there already and not committed; the commit would touch it",
            "commit or move it away, or leave --commit-here out: the reproduction then goes to its own branch",
        )


def _commit(reproduction: Reproduction, tree: Worktree, parent: str, key: str, *, with_test: bool = False) -> str:
    tree.reset(parent)
    lay(reproduction, tree.path)
    if with_test and (written := reproduction.written) is not None:
        path = _place(tree.path, written.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written.text, encoding="utf-8")
        tree.git.run("add", "--force", "--", written.path)
    # A project may ignore `logs/` or `*.log`; the reproduction is whole all the same.
    tree.git.run("add", "--force", "--", folder_of(reproduction))
    how = "always" if reproduction.deterministic else f"in {reproduction.failure_rate:.0%} of {reproduction.runs} runs"
    text = f"Reproduce {reproduction.name}\n\nFails {how}: see {folder_of(reproduction)}/README.md\n"
    commit = tree.commit_all(f"{text}\n{KEY_TRAILER}: {key}\n")
    tree.reset(parent)
    return commit
