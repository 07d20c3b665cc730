"""Takes a repository, settings and a request, and says what a run would need and what is missing; runs nothing."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from fixer.errors import FixerError, PolicyError
from fixer.git import Git
from fixer.github_access import GITHUB, find_access
from fixer.input.request_file import resolve_log_path
from fixer.own_files import refuse_links
from fixer.preflight.finding import Finding, Level
from fixer.preflight.model import external_agent, model
from fixer.preflight.test_runner import find_test_runner
from fixer.schema.request import Request
from fixer.schema.settings import Settings

MIN_GIT = (2, 31)
"""The first with `rev-parse --path-format`, which worktrees need."""
NEEDED_MB = 200
WANTED_MB = 1024
INSTRUCTIONS = ("AGENTS.md", "CLAUDE.md", "CONTRIBUTING.md")
MAIN_NAMES = ("main", "master", "trunk", "develop")
STATE_FOLDER = ".fixer"
_UNFINISHED = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}


def check(
    repository: Path, settings: Settings, request: Request | None, request_folder: Path | None = None
) -> list[Finding]:
    """Look at everything that a run needs (spec A7, F8).

    Args:
        repository: the project's folder.
        settings: of the run.
        request: the content of `info.json`; None: only the machine and the repository are looked at.
        request_folder: what a relative `raw-logs` is relative to; None: `repository`.
    """
    findings = [_git(repository)]
    if findings[0].level is not Level.PROBLEM:
        findings += _repository(repository, settings)
    findings += [
        _instructions(repository),
        _test_runner(repository, settings),
        _sandbox(settings),
        _disk(repository),
        _writable(repository / STATE_FOLDER, "state folder", repository),
        _database(repository / STATE_FOLDER),
        _writable(repository / settings.output_dir, "reports", repository),
        _credentials(request),
        model(repository, settings),
        *external_agent(settings),
    ]
    if request is not None:
        findings += _input(request, request_folder or repository)
    return findings


def is_ready(findings: list[Finding]) -> bool:
    """Whether a run can start."""
    return all(finding.level is not Level.PROBLEM for finding in findings)


def render(findings: list[Finding]) -> str:
    """Return the findings as lines for people, each missing thing with the way to mend it."""
    width = max(len(finding.name) for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{finding.level:<7}  {finding.name:<{width}}  {finding.seen}")
        if finding.mend:
            lines.append(f"{'':<7}  {'':<{width}}  mend it: {finding.mend}")
    return "\n".join(lines)


def _git(repository: Path) -> Finding:
    mend = "install git 2.31 or newer and make sure that `git --version` works"
    if shutil.which("git") is None:
        return Finding("git", Level.PROBLEM, "git is not on the PATH", mend)
    try:
        said = Git(repository).line("--version")
    except FixerError as error:
        return Finding("git", Level.PROBLEM, error.message, mend)
    numbers = [part for part in said.replace("-", ".").split(" ")[-1].split(".") if part.isdigit()]
    numbers = numbers or [part for word in said.split() for part in word.split(".") if part.isdigit()]
    version = tuple(int(part) for part in numbers[:2])
    if version < MIN_GIT:
        return Finding("git", Level.PROBLEM, f"{said} is too old", mend)
    return Finding("git", Level.OK, said)


def _repository(repository: Path, settings: Settings) -> Iterator[Finding]:
    git = Git(repository)
    inside = git.run("rev-parse", "--is-inside-work-tree", check=False)
    if inside.stdout.strip() != "true":
        seen = f"{repository} is not inside a git working tree"
        yield Finding("repository", Level.PROBLEM, seen, "change to the project's folder, or name it with --repo PATH")
        return
    head = git.commit_of("HEAD")
    if head is None:
        seen = f"{repository} has no commit yet"
        yield Finding("repository", Level.PROBLEM, seen, "git add --all && git commit -m 'First commit'")
        return
    yield _history(git, repository, head)
    yield _unfinished(git)
    yield _main_branch(git, settings.project.main)
    yield _changes(git)
    yield _clock(git)


def _history(git: Git, repository: Path, head: str) -> Finding:
    if git.line("rev-parse", "--is-shallow-repository") == "true":
        seen = f"{repository} at {head[:10]}, a shallow clone: the change that broke it may lie before its first commit"
        return Finding("repository", Level.WARNING, seen, "git fetch --unshallow")
    commits = git.line("rev-list", "--count", "HEAD")
    return Finding("repository", Level.OK, f"{repository} at {head[:10]}, commits: {commits}")


def _unfinished(git: Git) -> Finding:
    folder = Path(git.line("rev-parse", "--path-format=absolute", "--git-dir"))
    found = next((word for name, word in _UNFINISHED.items() if (folder / name).exists()), None)
    if found is None:
        return Finding("operation", Level.OK, "no merge or rebase is unfinished")
    mend = f"git {found} --continue, or git {found} --abort"
    return Finding("operation", Level.PROBLEM, f"a {found} is unfinished", mend)


def _main_branch(git: Git, wanted: str) -> Finding:
    if wanted:
        if git.commit_of(wanted) is not None:
            return Finding("main branch", Level.OK, f"{wanted} (from the settings)")
        seen = f"the settings name '{wanted}', which is no branch here"
        return Finding("main branch", Level.PROBLEM, seen, "correct project.main: fixer config shows where it is set")
    remote = git.run("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD", check=False).stdout.strip()
    names = [remote, *(f"origin/{name}" for name in MAIN_NAMES), *MAIN_NAMES]
    found = next((name for name in names if name and git.commit_of(name) is not None), None)
    if found:
        return Finding("main branch", Level.OK, found)
    branch = git.run("symbolic-ref", "--quiet", "--short", "HEAD", check=False).stdout.strip()
    seen = f"none of {', '.join(MAIN_NAMES)} exists; the fix would go to '{branch or 'HEAD'}'"
    return Finding("main branch", Level.WARNING, seen, 'name it in fixer.toml: [project] main = "NAME"')


def _changes(git: Git) -> Finding:
    changed = [line for line in git.run("status", "--porcelain", "-z").stdout.split("\0") if line]
    what = f"{len(changed)} changed or new files; they stay as they are" if changed else "no uncommitted changes"
    return Finding("working tree", Level.OK, f"{what} (fixer works in a worktree of its own)")


def _clock(git: Git) -> Finding:
    behind = int(git.line("log", "-1", "--format=%ct", "HEAD")) - time.time()
    if behind > 300:
        seen = f"the clock is {behind / 60:.0f} minutes behind the last commit"
        return Finding("clock", Level.WARNING, seen, "set the clock: sudo timedatectl set-ntp true")
    return Finding("clock", Level.OK, time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))


def _instructions(repository: Path) -> Finding:
    found = [name for name in INSTRUCTIONS if (repository / name).is_file()]
    seen = ", ".join(found) if found else f"none of {', '.join(INSTRUCTIONS)}; fixer does without"
    return Finding("instructions", Level.OK, seen)


def _test_runner(repository: Path, settings: Settings) -> Finding:
    found = find_test_runner(repository, settings.project)
    if found.problem:
        return Finding("test runner", Level.WARNING, found.problem, found.mend)
    return Finding("test runner", Level.OK, found.seen)


def _sandbox(settings: Settings) -> Finding:
    from fixer.sandbox import choose_rung  # noqa: PLC0415 - starts bubblewrap once, to see whether it works
    from fixer.schema.command import Rung  # noqa: PLC0415

    mend = "install bubblewrap (apt install bubblewrap, dnf install bubblewrap)"
    try:
        rung, reason = choose_rung(settings.sandbox)
    except FixerError as error:
        return Finding("sandbox", Level.PROBLEM, error.message, error.hint)
    if rung is Rung.BUBBLEWRAP:
        return Finding("sandbox", Level.OK, rung.value)
    return Finding("sandbox", Level.WARNING, f"{rung.value}: {reason}", mend)


def _disk(repository: Path) -> Finding:
    free = shutil.disk_usage(repository).free // 2**20
    levels: list[tuple[int, Level]] = [(NEEDED_MB, Level.PROBLEM), (WANTED_MB, Level.WARNING)]
    level = next((level for limit, level in levels if free < limit), Level.OK)
    mend = "" if level is Level.OK else f"free some space: fixer needs {NEEDED_MB} MiB, better {WANTED_MB} MiB"
    return Finding("disk", level, f"{free} MiB free", mend)


def _writable(folder: Path, name: str, repository: Path) -> Finding:
    """Look whether `folder` can be made or written, without doing either."""
    try:
        refuse_links(folder, repository)
    except PolicyError as error:
        return Finding(name, Level.PROBLEM, error.message, error.hint)
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if existing == folder and not folder.is_dir():
        return Finding(name, Level.PROBLEM, f"{folder} is in the way: it is not a folder", f"mv {folder} {folder}.old")
    if not os.access(existing, os.W_OK | os.X_OK):
        return Finding(name, Level.PROBLEM, f"{existing} cannot be written", f"chmod u+wx {existing}")
    return Finding(name, Level.OK, str(folder) if existing == folder else f"{folder} (made when it is needed)")


def _database(folder: Path) -> Finding:
    """Ask the journal whether its database is whole; where there is none, none is made."""
    from fixer.journal import existing_journal  # noqa: PLC0415 - only where there is a database

    try:
        with existing_journal(folder) as journal:
            if journal is None:
                return Finding("state database", Level.OK, "none yet (the first run makes it)")
            damage = journal.problems()
    except FixerError as error:
        return Finding("state database", Level.PROBLEM, error.message, error.hint)
    if damage:
        mend = f"move it away and start anew: mv {folder} {folder}.broken"
        return Finding("state database", Level.PROBLEM, f"it is damaged: {'; '.join(damage[:3])}", mend)
    return Finding("state database", Level.OK, "it is whole")


def _credentials(request: Request | None) -> Finding:
    """Say whether there is a token for GitHub, which only a run with a `url` needs; the token itself is not shown."""
    url = request.url if request is not None else None
    try:
        access = find_access(urlsplit(url).netloc if url else GITHUB, os.environ)
    except FixerError as error:
        return Finding("credentials", Level.PROBLEM if url else Level.WARNING, error.message, error.hint)
    if access.token:
        return Finding("credentials", Level.OK, f"a token for {access.host} is there ({access.token_from})")
    if url:
        seen = f"no token for {access.host}, which gives logs only to those who are logged in"
        return Finding("credentials", Level.WARNING, seen, "gh auth login, or set GITHUB_TOKEN")
    return Finding("credentials", Level.OK, "none are needed, but a token for GitHub where info.json names a url")


def _input(request: Request, folder: Path) -> Iterator[Finding]:
    if request.existing_test_path is not None:
        yield Finding("input", Level.OK, f"existing test {request.existing_test_path}")
    if request.raw_logs is not None:
        yield _raw_logs(request.raw_logs, folder)
    if request.url is not None:
        yield Finding("input", Level.OK, f"{request.url} (fetched when the run starts)")


def _raw_logs(value: str, folder: Path) -> Finding:
    path = resolve_log_path(value, folder)
    if path is None:
        return Finding("input", Level.OK, f"the log's text, {len(value.splitlines())} lines")
    looks: dict[bool, Callable[[], str]] = {
        True: lambda: f"{sum(1 for entry in path.rglob('*') if entry.is_file())} files in {path}",
        False: lambda: f"{path}, {path.stat().st_size} bytes",
    }
    try:
        seen = looks[path.is_dir()]()
        if not os.access(path, os.R_OK):
            return Finding("input", Level.PROBLEM, f"{path} cannot be read", f"chmod u+r {path}")
    except OSError as error:
        return Finding("input", Level.PROBLEM, f"{path}: {error}", "name a log that can be read under raw-logs")
    return Finding("input", Level.OK, seen)
