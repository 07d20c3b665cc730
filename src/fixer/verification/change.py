"""The patch as the gate sees it: a diff comes in, every touched file before and after goes out.

The diff is applied inside git's object store, through an index of its own: nothing of a hostile patch reaches the
working tree before the static rules have seen it, and the commit that comes of it holds the base and the patch alone.
"""

import difflib
import re
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fixer.git import AUTHOR, Git
from fixer.schema.patch import Patch
from fixer.schema.reproduction import Reproduction

MAX_DIFF_CHARACTERS = 2_000_000
MAX_FILES = 500
_PLAIN = "100644"
_FILES = {_PLAIN, "100755"}
_MISSING = "000000"
_KINDS = {"120000": "a symbolic link", "160000": "a submodule", "040000": "a folder"}


class DoesNotApplyError(Exception):
    """The patch is not a plain change of text files of the base; the text says why."""


@dataclass(frozen=True)
class TouchedFile:
    """One file that the patch touches; a renamed file is one that goes and one that comes."""

    path: str
    before: str | None
    """None: the patch makes the file."""
    after: str | None
    """None: the patch deletes the file."""

    @cached_property
    def added(self) -> tuple[tuple[int, str], ...]:
        """Lines that only the new text has, as (1-based line of the new text, line)."""
        return tuple((start, line) for start, line in self._one_sided(1))

    @cached_property
    def removed(self) -> tuple[tuple[int, str], ...]:
        """Lines that only the old text has, as (1-based line of the old text, line)."""
        return tuple((start, line) for start, line in self._one_sided(0))

    def _one_sided(self, side: int) -> list[tuple[int, str]]:
        texts = [(self.before or "").splitlines(), (self.after or "").splitlines()]
        found = []
        for tag, *places in difflib.SequenceMatcher(None, texts[0], texts[1], autojunk=False).get_opcodes():
            if tag != "equal":
                first, last = places[2 * side], places[2 * side + 1]
                found += [(number + 1, texts[side][number]) for number in range(first, last)]
        return found


@dataclass(frozen=True)
class Change:
    """Everything that a static rule may look at."""

    patch: Patch
    reproduction: Reproduction
    base: str
    """Commit that the patch was applied to."""
    commit: str
    """Commit that holds the base with the patch applied, and nothing else; on no branch."""
    files: tuple[TouchedFile, ...]
    git: Git

    def text(self, path: str) -> str | None:
        """Return a file's text with the patch applied, or None where there is no such file."""
        return self.git.show(self.commit, path) if path in self.paths else None

    def text_before(self, path: str) -> str | None:
        """Return a file's text at the base, or None where there is no such file."""
        return self.git.show(self.base, path) if path in self.paths_before else None

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every file with the patch applied."""
        return frozenset(self.git.files(self.commit))

    @cached_property
    def paths_before(self) -> frozenset[str]:
        """Every file of the base."""
        return frozenset(self.git.files(self.base))


def read_change(patch: Patch, reproduction: Reproduction, git: Git) -> Change:
    """Apply the patch to the commit that is checked out, without touching the working tree.

    Raises:
        DoesNotApplyError: the diff is empty, too large, binary, does not apply, or is more than text in plain files.
        GitError: git itself failed.
    """
    _check_form(patch.diff)
    base = git.line("rev-parse", "HEAD")
    commit = _commit_with(patch.diff, git)
    changed = git.run("diff-tree", "-r", "-z", "--raw", "--no-renames", "--end-of-options", base, commit).stdout
    fields = changed.split("\0")
    files = tuple(
        _touched(git, (base, commit), header, path) for header, path in zip(fields[:-1:2], fields[1::2], strict=False)
    )
    if not files:
        raise DoesNotApplyError("the patch changes nothing")
    if len(files) > MAX_FILES:
        raise DoesNotApplyError(f"the patch touches {len(files)} files; at most {MAX_FILES} are accepted")
    return Change(patch=patch, reproduction=reproduction, base=base, commit=commit, files=files, git=git)


def _check_form(diff: str) -> None:
    """Refuse what is not a diff of text before git sees it."""
    if not diff.strip():
        raise DoesNotApplyError("the patch is empty")
    if len(diff) > MAX_DIFF_CHARACTERS:
        raise DoesNotApplyError(f"the patch has {len(diff)} characters; at most {MAX_DIFF_CHARACTERS} are accepted")
    if "\0" in diff or re.search(r"^(GIT binary patch|Binary files .* differ)$", diff, re.MULTILINE):
        raise DoesNotApplyError("the patch changes a binary file; only text can be reviewed")


def _commit_with(diff: str, git: Git) -> str:
    """Return a new commit, on no branch, that holds the base and the diff."""
    # In the worktree's part of the repository, which goes with it: what a kill leaves here is gone after a resume.
    with tempfile.TemporaryDirectory(prefix="fixer-index-", dir=git.line("rev-parse", "--absolute-git-dir")) as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git.run("read-tree", "HEAD", env=index)
        applied = git.run("apply", "--cached", "--whitespace=nowarn", "-", stdin=diff, check=False, env=index)
        if applied.exit_code != 0:
            said = " ".join((applied.stderr or applied.stdout).split())
            raise DoesNotApplyError(f"git apply refuses the patch on the base alone: {said}")
        tree = git.run("write-tree", env=index).stdout.strip()
        return git.run("commit-tree", "-p", "HEAD", "-m", "patch under test", tree, env=AUTHOR).stdout.strip()


def _touched(git: Git, commits: tuple[str, str], header: str, path: str) -> TouchedFile:
    """Read one entry of `git diff-tree --raw`, whose form is in git's documentation of the raw output."""
    old_mode, new_mode = header.lstrip(":").split()[:2]
    for mode in (old_mode, new_mode):
        if mode not in _FILES | {_MISSING}:
            raise DoesNotApplyError(f"{path} is {_KINDS.get(mode, 'no plain file')}; only plain files may be changed")
    if old_mode != _MISSING and new_mode not in {_MISSING, old_mode}:
        raise DoesNotApplyError(f"the patch changes the file mode of {path} from {old_mode} to {new_mode}")
    if old_mode == _MISSING and new_mode != _PLAIN:
        raise DoesNotApplyError(f"the patch adds {path} as an executable file")
    before = git.show(commits[0], path) if old_mode != _MISSING else None
    after = git.show(commits[1], path) if new_mode != _MISSING else None
    if "\0" in (before or "") + (after or ""):
        raise DoesNotApplyError(f"{path} is a binary file; only text can be reviewed")
    return TouchedFile(path=path, before=before, after=after)
