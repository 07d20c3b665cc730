"""Runs the reproduction on a state of the code and says what it showed; no state is run twice."""

from collections.abc import Callable, Sequence

from fixer.errors import GitError
from fixer.schema.reproduction import Shown
from fixer.worktree import Worktree


class OutOfTime(Exception):  # noqa: N818 - not an error: the end of the time that a search may take
    """No new run may be started."""


class Probe:
    """A worktree in which code varies while the test stays as it is at `bad`."""

    def __init__(
        self,
        tree: Worktree,
        bad: str,
        shows: Callable[[], Shown],
        hold: Sequence[str],
        stop: Callable[[], bool],
    ) -> None:
        """Bind to a worktree; nothing is run yet. `hold` are files of `bad` that do not vary."""
        self.tree = tree
        self.bad = bad
        self.runs = 0
        """How often the reproduction was run."""
        self._shows = shows
        self._stop = stop
        present = set(tree.git.files(bad)) if hold else set()
        self.held = tuple(name for name in hold if name in present)
        self._known: dict[str, Shown] = {}

    def at_commit(self, commit: str) -> Shown:
        """Run on the code of `commit` under the tests of `bad`.

        OTHER where the two cannot be put together.

        Raises:
            OutOfTime: the state is new and no run may be started.
        """
        return self._run() if self._lay(commit) else Shown.OTHER

    def without(self, commit: str, change: str) -> Shown:
        """Run on the code of `commit` after taking `change` (a diff) back.

        OTHER where it cannot be taken back.

        Raises:
            OutOfTime: the state is new and no run may be started.
        """
        if not self._lay(commit):
            return Shown.OTHER
        try:
            self.tree.apply(change, reverse=True)
        except GitError:
            return Shown.OTHER
        return self._run()

    def can_be_taken_back(self, commit: str, change: str) -> bool:
        """Whether `change` can be reversed on `commit` under the tests of `bad`; nothing is run."""
        if not self._lay(commit):
            return False
        # Not `--check`: that overlooks a folder in the place of a file.
        try:
            self.tree.apply(change, reverse=True)
        except GitError:
            return False
        return True

    def _lay(self, commit: str) -> bool:
        """Check `commit` out and lay the held files over it; False where a path is in their way."""
        self.tree.reset(commit)
        if commit == self.bad or not self.held:
            return True
        laid = self.tree.git.run(
            "checkout",
            "--quiet",
            "--force",
            "--pathspec-from-file=-",
            "--pathspec-file-nul",
            self.bad,
            stdin="\0".join(self.held),
            check=False,
            env={"GIT_LITERAL_PATHSPECS": "1"},
        )
        return laid.exit_code == 0

    def _run(self) -> Shown:
        """Return what the reproduction shows on the tree as it is, from an earlier run where there was one."""
        self.tree.git.run("add", "--all")
        content = self.tree.git.line("write-tree")
        if content not in self._known:
            if self._stop():
                raise OutOfTime
            self.runs += 1
            self._known[content] = self._shows()
        return self._known[content]
