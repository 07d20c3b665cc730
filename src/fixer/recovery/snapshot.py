"""The project as it is on disk comes in, uncommitted work included; a commit on no branch with just that goes out.

The failed command ran on the files as they are, so whatever is tried has to start from the same ones. The user's
index, files and branch are only read: the commit is made through an index of fixer's own.
"""

import shutil
import tempfile
from pathlib import Path

from fixer.errors import GitError
from fixer.git import AUTHOR, Git
from fixer.recovery import byproducts

LINKED = ("node_modules", ".venv", "venv", "vendor")
"""Folders of packages that git usually ignores; a worktree sees the project's own through a link."""


def take(repository: Path) -> str:
    """Return the id of the commit; git removes it in time, as no branch holds it.

    Raises:
        GitError: the repository has no commit, or its files could not be read.
    """
    git = Git(repository)
    if git.commit_of("HEAD") is None:
        raise GitError(
            f"{repository} has no commit yet, from which a change could be told apart",
            "make the first one: git add --all && git commit -m 'first'",
        )
    index = Path(git.line("rev-parse", "--path-format=absolute", "--git-path", "index"))
    with tempfile.TemporaryDirectory(prefix="fixer-index-") as folder:
        own = Path(folder) / "index"
        env = {"GIT_INDEX_FILE": str(own)}
        if index.exists():
            # A copy knows which files are unchanged, so that they need not be read.
            shutil.copyfile(index, own)
        # fixer's own folder ignores itself; naming it here would fail where the project ignores it as well.
        git.run(*byproducts.flags(repository), "add", "--all", "--", ".", env=env)
        tree = git.run("write-tree", env=env).stdout.strip()
        made = git.run("commit-tree", "-p", "HEAD", "-m", "the project as it was on disk", tree, env=AUTHOR)
    return made.stdout.strip()


def linked_folders(repository: Path) -> tuple[str, ...]:
    """Return the folders of packages at the top of the project that git does not track."""
    git = Git(repository)
    present = [name for name in LINKED if (repository / name).is_dir()]
    return tuple(name for name in present if not git.run("ls-files", "-z", "--", name).stdout)
