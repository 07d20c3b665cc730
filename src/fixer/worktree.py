"""Worktrees of fixer's own: commits are checked out, changed and thrown away here, never in the user's tree."""

import contextlib
import re
import shutil
from pathlib import Path

from fixer.errors import GitError
from fixer.git import AUTHOR, DIFF_FLAGS, Git

MARK = ".fixer-worktree"
"""A file in the folder above each worktree; only folders that carry it are ever removed."""
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""An object's whole id (gitglossary, "object name"): SHA-1's, or SHA-256's."""


class Worktree:
    """One checkout on a detached HEAD, registered with the user's repository, outside of the user's tree."""

    def __init__(self, repository: Path, path: Path) -> None:
        """Bind to a worktree that `open_worktree` made."""
        self.repository = repository
        self.path = path
        self.git = Git(path)
        self.flags: tuple[str, ...] = ()
        """Options of git where it looks for what was changed."""

    @property
    def commit(self) -> str:
        """The commit that is checked out."""
        return self.git.line("rev-parse", "HEAD")

    def reset(self, commit: str | None = None) -> None:
        """Make the tree exactly that of `commit` (None: the one checked out); ignored files go as well."""
        # The id, not the name: `git checkout` of git 2.39 takes `--end-of-options` for a path.
        # An id needs no look-up, which would be one of every three processes that a run starts.
        target = [commit if _ID.fullmatch(commit) else _resolved(self.git, commit)] if commit else []
        self.git.run("checkout", "--quiet", "--force", "--detach", *target)
        self.git.run("clean", "-ffdxq")

    def apply(self, diff: str, *, reverse: bool = False) -> None:
        """Apply a unified diff to the files (not to the index).

        Raises:
            GitError: it does not apply as a whole; then nothing was changed.
        """
        direction = ["--reverse"] if reverse else []
        self.git.run("apply", "--whitespace=nowarn", *direction, "-", stdin=diff)

    def diff(self) -> str:
        """Return every change against the commit, new files included, ignored ones not."""
        self.git.run(*self.flags, "add", "--all", "--intent-to-add")
        return self.git.run("diff", *DIFF_FLAGS, "HEAD").stdout

    def commit_all(self, message: str) -> str:
        """Commit every change on the detached HEAD and return the commit's id. No branch moves."""
        self.git.run(*self.flags, "add", "--all")
        self.git.run("commit", "--quiet", "--no-verify", "--allow-empty", "-F", "-", stdin=message, env=AUTHOR)
        return self.commit

    def remove(self) -> None:
        """Take the worktree away: its folder and its registration."""
        close_worktree(self.repository, self.path)


def open_worktree(repository: Path, path: Path, commit: str) -> Worktree:
    """Check `commit` out at `path`, or take over the worktree that a killed run left there.

    Raises:
        GitError: the commit does not exist, or git could not check it out.
    """
    git = Git(repository)
    # A name such as HEAD~1 means another commit inside of the worktree.
    commit = _resolved(git, commit)
    tree = Worktree(repository, path)
    if path.exists() and _usable(tree):
        tree.reset(commit)
        return tree
    close_worktree(repository, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / MARK).write_text(f"{repository}\n", encoding="utf-8")
    git = Git(repository)
    git.run(
        "worktree",
        "add",
        "--quiet",
        "--force",
        "--detach",
        "--no-checkout",
        "--end-of-options",
        str(path),
        commit,
    )
    tree.reset(commit)
    return tree


def _resolved(git: Git, commit: str) -> str:
    """Return the id of a commit that is there."""
    return git.line("rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}")


def _usable(tree: Worktree) -> bool:
    """Whether a folder left by a killed run is a whole worktree of this repository."""
    if not (tree.path / ".git").exists():
        return False
    _unlock(tree)
    try:
        top = Path(tree.git.line("rev-parse", "--show-toplevel"))
        own = Path(tree.git.line("rev-parse", "--path-format=absolute", "--git-common-dir"))
        theirs = Path(Git(tree.repository).line("rev-parse", "--path-format=absolute", "--git-common-dir"))
    except (GitError, OSError):
        return False
    return top == tree.path.resolve() and own == theirs


def _unlock(tree: Worktree) -> None:
    """Remove the index lock that a git killed with its run left in fixer's own worktree."""
    with contextlib.suppress(GitError):
        folder = Path(tree.git.line("rev-parse", "--path-format=absolute", "--git-dir"))
        (folder / "index.lock").unlink(missing_ok=True)


def close_worktree(repository: Path, path: Path) -> None:
    """Remove a worktree of fixer's own; does nothing where there is none."""
    git = Git(repository)
    git.run("worktree", "remove", "--force", "--force", str(path), check=False)
    if path.exists() and (path.parent / MARK).exists():
        shutil.rmtree(path, onerror=_make_writable)
    git.run("worktree", "prune", check=False)
    with contextlib.suppress(OSError):
        (path.parent / MARK).unlink(missing_ok=True)
        path.parent.rmdir()


def _make_writable(function: object, name: str, _: object) -> None:
    """Let rmtree go on over files that a test made read-only."""
    target = Path(name)
    target.parent.chmod(0o700)
    if callable(function):
        function(name)
