"""The only place that runs git: one function, always the same safe flags.

Why the flags: a repository's own config may name programs (`core.fsmonitor`, hooks, external diffs), and code
that fixer ran may have planted such a config (seen: facts of the project, git holes on the host's side). User and
system config are not read, so that a run does not depend on whose machine it is.
"""

import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fixer.errors import GitError

log = logging.getLogger(__name__)
SAFE_FLAGS = (
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "commit.gpgSign=false",
    "-c", "gc.auto=0",
    "-c", "maintenance.auto=false",
    "-c", "advice.detachedHead=false",
    "-c", "protocol.ext.allow=never",
    # Containers often own the checkout by another user; the flags above take away what makes that dangerous.
    "-c", "safe.directory=*",
)  # fmt: skip
SAFE_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    # Reading must not refresh the user's index: it stays byte for byte the same.
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_EDITOR": "true",
    "LC_ALL": "C",
}
DIFF_FLAGS = (
    "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--binary", "--full-index",
)  # fmt: skip
AUTHOR = {
    "GIT_AUTHOR_NAME": "fixer",
    "GIT_AUTHOR_EMAIL": "fixer@localhost",
    "GIT_COMMITTER_NAME": "fixer",
    "GIT_COMMITTER_EMAIL": "fixer@localhost",
}
_FROM_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX",
               "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_EXTERNAL_DIFF", "GIT_CONFIG_PARAMETERS",
               "GIT_CONFIG_COUNT")  # fmt: skip


def forget_hook_environment() -> None:
    """Drop the variables that git gives to hooks: inside one, they would point every command at its repository."""
    for name in _FROM_HOOKS:
        os.environ.pop(name, None)


@dataclass(frozen=True)
class GitResult:
    """What one git command printed; text that is not UTF-8 survives as surrogates."""

    exit_code: int
    stdout: str
    stderr: str


class Git:
    """Git in one folder (the user's repository, or a worktree of fixer's own)."""

    def __init__(self, folder: Path) -> None:
        """Bind to `folder`; nothing is run yet."""
        self.folder = folder

    def run(
        self,
        *args: str,
        stdin: str | None = None,
        check: bool = True,
        env: dict[str, str] | None = None,
        timeout: float | None = None,
    ) -> GitResult:
        """Run `git ARGS` and return what it printed.

        Values that come from data belong behind `--end-of-options` or `--`. `timeout` is in seconds; a command
        that is ended by it has failed.

        Raises:
            GitError: the exit code is not 0 and `check` is on, or git is not installed.
        """
        # Without git, the import itself would fail; the call below says it better.
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        from git import Git as GitPython  # noqa: PLC0415 - 130 ms that `--help` must not pay
        from git.exc import GitCommandNotFound  # noqa: PLC0415

        command = ["git", *SAFE_FLAGS, *args]
        with tempfile.TemporaryFile() as feed:
            if stdin is not None:
                feed.write(stdin.encode("utf-8", "surrogateescape"))
                feed.seek(0)
            try:
                status, stdout, stderr = GitPython(self.folder).execute(
                    command,
                    istream=feed,
                    with_extended_output=True,
                    with_exceptions=False,
                    strip_newline_in_stdout=False,
                    stdout_as_string=True,
                    kill_after_timeout=timeout,
                    env={**SAFE_ENVIRONMENT, **(env or {})},
                )
            except GitCommandNotFound as error:
                raise GitError(
                    f"git could not be started in {self.folder.absolute()}: it is not on the PATH",
                    "install git and make sure that `git --version` works; `fixer doctor` checks it",
                ) from error
        log.debug("git %s in %s: exit code %s", " ".join(args), self.folder, status or 0)
        result = GitResult(int(status or 0), _text(stdout), _text(stderr))
        if check and result.exit_code != 0:
            said = result.stderr.strip() or result.stdout.strip() or "it printed nothing"
            raise GitError(
                f"git {' '.join(args)} failed in {self.folder} with exit code {result.exit_code}: {said}",
                "the command above can be tried by hand; `fixer doctor` checks the repository",
            )
        return result

    def line(self, *args: str) -> str:
        """Run a command that prints one value; return it without the line end."""
        return self.run(*args).stdout.strip()

    def commit_of(self, name: str) -> str | None:
        """Return the full id of the commit that `name` means here, or None where it means none."""
        found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", check=False)
        return found.stdout.strip() if found.exit_code == 0 else None

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether `newer` contains `older`."""
        return self.run("merge-base", "--is-ancestor", older, newer, check=False).exit_code == 0

    def show(self, commit: str, path: str) -> str | None:
        """Return a file's text at a commit, or None where the commit has no such file."""
        found = self.run("cat-file", "blob", "--end-of-options", f"{commit}:{path}", check=False)
        return found.stdout if found.exit_code == 0 else None

    def files(self, commit: str) -> list[str]:
        """List every file of a commit."""
        listed = self.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", "--end-of-options", commit).stdout
        return [name for name in listed.split("\0") if name]

    def diff(self, old: str, new: str, *paths: str) -> str:
        """Return the difference of two commits in the form that `git apply` takes."""
        return self.run("diff", *DIFF_FLAGS, "--end-of-options", old, new, "--", *paths).stdout


def user_config() -> dict[str, str]:
    """Return what lets one command read the user's own config: a remote may need its credential helper."""
    own = os.environ.get("GIT_CONFIG_GLOBAL") or str(Path.home() / ".gitconfig")
    return {"GIT_CONFIG_GLOBAL": own, "GIT_CONFIG_NOSYSTEM": "0"}


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")


def find_repository(start: Path) -> Path:
    """Return the top folder of the repository that holds `start`.

    Raises:
        GitError: `start` is in no repository, or the repository has no working tree.
    """
    found = Git(start).run("rev-parse", "--show-toplevel", check=False)
    if found.exit_code != 0:
        raise GitError(
            f"{start.absolute()} is not inside a git repository",
            "change to the project's folder, name it with --repo PATH, or make it a repository: git init",
        )
    return Path(found.stdout.rstrip("\n"))
