"""Finds the newest main of a repository: the remote's where there is one (spec C1)."""

from dataclasses import dataclass

from fixer.errors import GitError
from fixer.git import Git, user_config

FETCH_SECONDS = 20
NO_QUESTIONS = {"GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=10", "GIT_ASKPASS": "true"}
NAMES = ("main", "master", "trunk", "develop")


@dataclass(frozen=True)
class Mainline:
    """The branch that fixes go to."""

    name: str
    commit: str
    note: str = ""
    """What could not be done to get the newest one; empty when it is the newest."""


def newest_main(git: Git, named: str) -> Mainline | str:
    """Return the newest main, or the reason why there is none.

    Args:
        git: the user's repository; no branch of it, local or remote-tracking, is moved.
        named: the branch from the settings; empty: found by the remote's HEAD, then by the usual names.
    """
    remote = _remote(git)
    name = named or (_remote_head(git, remote) if remote else "") or _usual(git, remote)
    if not name:
        return f"no main branch was found (looked for {', '.join(NAMES)}); set project.main in fixer.toml"
    local = git.commit_of(f"refs/heads/{name}")
    if not remote:
        return Mainline(name, local) if local else f"there is no branch {name} in {git.folder}"
    known = git.commit_of(f"refs/remotes/{remote}/{name}")
    fetched, note = _fetch(git, remote, name)
    commit = fetched or known or local
    if commit is None:
        return f"neither {remote}/{name} nor {name} exists in {git.folder}"
    return Mainline(f"{remote}/{name}" if fetched or known else name, commit, note)


def _remote(git: Git) -> str:
    remotes = git.run("remote").stdout.split()
    return "origin" if "origin" in remotes else (remotes[0] if remotes else "")


def _remote_head(git: Git, remote: str) -> str:
    found = git.run("symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD", check=False).stdout.strip()
    return found.removeprefix(f"refs/remotes/{remote}/")


def _usual(git: Git, remote: str) -> str:
    for name in NAMES:
        places = [f"refs/heads/{name}"] + ([f"refs/remotes/{remote}/{name}"] if remote else [])
        if any(git.commit_of(place) for place in places):
            return name
    return ""


def _fetch(git: Git, remote: str, name: str) -> tuple[str | None, str]:
    """Fetch into fixer's own reference; a remote that does not answer is noted, not an error."""
    own = f"refs/fixer/main/{name}"
    flags = ("--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--end-of-options")
    try:
        git.run("fetch", *flags, remote, f"+refs/heads/{name}:{own}",
                env={**user_config(), **NO_QUESTIONS}, timeout=FETCH_SECONDS)  # fmt: skip
    except GitError as error:
        return None, f"{remote} could not be asked for its newest {name} ({error.message.splitlines()[-1]})"
    return git.commit_of(own), ""
