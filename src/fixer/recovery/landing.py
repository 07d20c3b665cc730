"""A change made in a place of fixer's own comes in; a commit of its own on the user's branch goes out, or why not.

Where no commit is wanted, the change goes into the user's files alone. The user's other uncommitted work stays as it
is: each file, each index entry and the branch are changed from exactly the state that was seen to exactly the state
that was planned, and whatever is in the planned state already was done before a kill.
"""

import shutil
import tempfile
from pathlib import Path

from fixer.branches import KEY_TRAILER
from fixer.errors import GitError
from fixer.git import AUTHOR, DIFF_FLAGS, Git
from fixer.own_files import replace
from fixer.schema.base import Record

_GOING_ON = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "BISECT_LOG")
_NOTHING = "0" * 40
_Entries = dict[str, tuple[str, str]]
_ABSENT = ("000000", _NOTHING)


class PathChange(Record):
    """One path: mode and object id in the files and in the index, before and after; mode 0 and id 0: not there."""

    path: str
    file_before: tuple[str, str]
    file_after: tuple[str, str]
    index_before: tuple[str, str]
    index_after: tuple[str, str]


class Landing(Record):
    """What is to be done, decided before any of it is."""

    refused: str = ""
    """Why the change cannot become a commit of its own; nothing else is filled then."""
    head: str = ""
    commit: str = ""
    """Empty: only files are changed."""
    changes: tuple[PathChange, ...] = ()


def plan(repository: Path, snapshot: str, mended: str, message: str, key: str) -> Landing:
    """Decide how the difference of two commits on no branch reaches the user's branch.

    Args:
        repository: the user's repository.
        snapshot: its files as they were when the recovery began.
        mended: the same with what the recovery changed.
        message: of the new commit.
        key: goes into the commit's message.

    Raises:
        GitError: git itself failed.
    """
    git = Git(repository)
    if going := _going_on(git):
        return Landing(refused=f"{going} is in progress in {repository}; finish it, then apply the change")
    head = git.line("rev-parse", "--verify", "HEAD^{commit}")
    paths = _paths(git, snapshot, mended)
    index = _index(git)
    diff = _of_tracked(git, snapshot, mended, paths, index)
    tree, why = _applied(git, diff, head)
    if why:
        return Landing(refused=f"it builds on work that is not committed: {why}")
    staged, why = _applied(git, diff, None)
    if why:
        return Landing(refused=f"it conflicts with what is staged: {why}")
    changes = _changes(git, paths, snapshot, mended, index, _of_tree(git, staged, paths))
    text = f"{message.strip()}\n\n{KEY_TRAILER}: {key}\n"
    commit = git.run("commit-tree", "-p", head, "-F", "-", tree, stdin=text, env=AUTHOR).stdout.strip()
    return Landing(head=head, commit=commit, changes=changes)


def plan_files(repository: Path, snapshot: str, mended: str) -> Landing:
    """Decide how the difference of two commits on no branch reaches the user's files; what is staged stays as it is.

    Raises:
        GitError: git itself failed.
    """
    git = Git(repository)
    paths, index = _paths(git, snapshot, mended), _index(git)
    return Landing(changes=_changes(git, paths, snapshot, mended, index, index))


def _changes(  # noqa: PLR0913, PLR0917 - before and after, of files and of the index
    git: Git, paths: list[str], snapshot: str, mended: str, index: _Entries, wanted: _Entries
) -> tuple[PathChange, ...]:
    old, new = (_of_tree(git, commit, paths) for commit in (snapshot, mended))
    return tuple(
        PathChange(
            path=path,
            file_before=old.get(path, _ABSENT),
            file_after=new.get(path, _ABSENT),
            index_before=index.get(path, _ABSENT),
            index_after=wanted.get(path, _ABSENT),
        )
        for path in paths
    )


def land(repository: Path, landing: Landing) -> str:
    """Do what was planned; return why it could not be done, empty when it is. Done twice, it changes nothing more.

    Raises:
        GitError: git failed in the middle; then everything is as it was before.
    """
    git = Git(repository)
    if landing.commit:
        now = git.line("rev-parse", "--verify", "HEAD^{commit}")
        if now == landing.commit or git.is_ancestor(landing.commit, now):
            return ""
        if now != landing.head:
            return "the branch has moved since the change was tried"
    if why := _in_the_way(git, repository, landing):
        return why
    staged = [change for change in landing.changes if change.index_before != change.index_after]
    _write_index(git, [(change.path, change.index_after) for change in staged])
    try:
        for change in landing.changes:
            _write_file(git, repository / change.path, change.file_after)
        if landing.commit:
            git.run("update-ref", "-m", "fixer: recovery", "HEAD", landing.commit, landing.head)
    except (GitError, OSError):
        for change in landing.changes:
            _write_file(git, repository / change.path, change.file_before)
        _write_index(git, [(change.path, change.index_before) for change in staged])
        raise
    return ""


def _in_the_way(git: Git, repository: Path, landing: Landing) -> str:
    """Return what was done meanwhile to a file that is to be changed."""
    index = _index(git)
    for change in landing.changes:
        entry = index.get(change.path, _ABSENT)
        if entry not in {change.index_before, change.index_after}:
            return f"{change.path} was staged anew since the change was tried"
        if _on_disk(git, repository / change.path) not in {change.file_before[1], change.file_after[1]}:
            return f"{change.path} was edited since the change was tried"
    return ""


def _going_on(git: Git) -> str:
    folder = Path(git.line("rev-parse", "--path-format=absolute", "--git-dir"))
    found = [name for name in _GOING_ON if (folder / name).exists()]
    names = {"rebase-merge": "a rebase", "rebase-apply": "a rebase", "BISECT_LOG": "a bisection"}
    return names.get(found[0], f"a {found[0].removesuffix('_HEAD').lower().replace('_', '-')}") if found else ""


def _paths(git: Git, old: str, new: str) -> list[str]:
    listed = git.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--end-of-options", old, new).stdout
    return [path for path in listed.split("\0") if path]


def _of_tracked(git: Git, snapshot: str, mended: str, paths: list[str], index: _Entries) -> str:
    """Return the difference without files that the project has and git does not track, such as a lock file just made.

    They change on disk and stay out of the commit, unless there is nothing else.
    """
    there = {*index, *_of_tree(git, "HEAD", paths)}
    loose = [path for path in _of_tree(git, snapshot, paths) if path not in there]
    if not loose or len(loose) == len(paths):
        return git.diff(snapshot, mended)
    left_out = [f":(exclude,top,literal){path}" for path in loose]
    return git.run("diff", *DIFF_FLAGS, snapshot, mended, "--", ":/", *left_out).stdout


def _applied(git: Git, diff: str, commit: str | None) -> tuple[str, str]:
    """Apply a diff to a commit (None: to what is staged) in an index of fixer's own; return the tree, or why not."""
    with tempfile.TemporaryDirectory(prefix="fixer-index-") as folder:
        own = Path(folder) / "index"
        env = {"GIT_INDEX_FILE": str(own)}
        if commit is None:
            shutil.copyfile(git.line("rev-parse", "--path-format=absolute", "--git-path", "index"), own)
        else:
            git.run("read-tree", "--end-of-options", commit, env=env)
        done = git.run("apply", "--cached", "--3way", "--whitespace=nowarn", "-", stdin=diff, check=False, env=env)
        if done.exit_code != 0:
            return "", " ".join(done.stderr.split()) or "git apply refuses it"
        tree = git.run("write-tree", check=False, env=env).stdout.strip()
        return tree, "" if tree else "the index holds a merge that is not resolved"


def _index(git: Git) -> _Entries:
    """Read `git ls-files -s -z`: mode, object, stage, path."""
    found: _Entries = {}
    for entry in git.run("ls-files", "-s", "-z").stdout.split("\0"):
        head, _, path = entry.partition("\t")
        fields = head.split()
        if len(fields) == 3 and fields[2] == "0":
            found[path] = (fields[0], fields[1])
    return found


def _of_tree(git: Git, commit: str, paths: list[str]) -> _Entries:
    """Read `git ls-tree -z`: mode, type, object, path."""
    found: _Entries = {}
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit).stdout
    wanted = set(paths)
    for entry in listed.split("\0"):
        head, _, path = entry.partition("\t")
        fields = head.split()
        if len(fields) == 3 and path in wanted:
            found[path] = (fields[0], fields[2])
    return found


def _on_disk(git: Git, path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return _NOTHING if not path.exists() and not path.is_symlink() else "not a plain file"
    return git.line("hash-object", "--", str(path))


def _write_index(git: Git, entries: list[tuple[str, tuple[str, str]]]) -> None:
    lines = [f"{mode} {blob}\t{path}\0" for path, (mode, blob) in entries]
    git.run("update-index", "-z", "--index-info", stdin="".join(lines))


def _write_file(git: Git, path: Path, wanted: tuple[str, str]) -> None:
    mode, blob = wanted
    if _on_disk(git, path) == blob:
        return
    if blob == _NOTHING:
        path.unlink(missing_ok=True)
        return
    data = git.run("cat-file", "--filters", f"--path={path.relative_to(git.folder)}", blob).stdout
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.stat().st_mode & 0o7777 if path.exists() else None
    replace(path, data.encode("utf-8", "surrogateescape"))
    path.chmod(before if before is not None else 0o755 if mode == "100755" else 0o644)
