"""`make try-real`: real projects from the package registry, broken by a real kind of change, mended by fixer.

For each case: the source distribution becomes a git repository with a history (green, unrelated, red, unrelated
commits), the project's own command is run on the red commit, its output is the CI log, and `fixer run info.json`
gets it. What counts is not fixer's word: the fix branch is cloned afterwards and the project's own command is run
on it here. Needs the registry for the downloads; they are kept in the
user's cache folder.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from try_real_cases import CASES, Case, append

# Outside of fixer's own tree: tools look for their configuration in every folder above.
PLACE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fixer-try-real"
AT_ONCE = 2
"""Cases at the same time: most of a case is one process after the other."""
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Developer",
    "GIT_AUTHOR_EMAIL": "developer@project.example",
    "GIT_COMMITTER_NAME": "Developer",
    "GIT_COMMITTER_EMAIL": "developer@project.example",
}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    case: Case
    outcome: str
    strategy: str
    seconds: float
    tried: int
    green: bool
    """Whether the project's own command passes on the fix branch, run here, without fixer."""
    note: str


def sh(
    *command: str, cwd: Path, env: dict[str, str] | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **GIT, **(env or {})}, capture_output=True, text=True, check=check
    )


def environment(packages: tuple[str, ...]) -> Path:
    """Make (once) an environment with the packages that a case's tests need; return its interpreter."""
    folder = PLACE / "env" / "-".join(("pytest", *packages)).replace("/", "_")
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        sh(sys.executable, "-m", "venv", str(folder), cwd=PLACE)
        sh(str(python), "-m", "pip", "install", "--quiet", "pytest", *packages, cwd=PLACE)
        (folder / ".ready").touch()
    return python


def download(case: Case) -> Path:
    """Return the unpacked source distribution."""
    folder = PLACE / "sdist" / f"{case.project}-{case.version}"
    if not folder.exists():
        arrived = PLACE / "arrived"
        shutil.rmtree(arrived, ignore_errors=True)
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:")
        sh(*pip, "--dest", str(arrived), f"{case.project}=={case.version}", cwd=PLACE)
        archive = next(arrived.glob("*.tar.gz"))
        with tarfile.open(archive) as opened:
            opened.extractall(PLACE / "arrived" / "unpacked", filter="data")
        folder.parent.mkdir(parents=True, exist_ok=True)
        unpacked = next((PLACE / "arrived" / "unpacked").iterdir())
        unpacked.rename(folder)
    return folder


def commit(folder: Path, subject: str) -> None:
    sh("git", "add", "--all", cwd=folder)
    sh("git", "commit", "--quiet", "--allow-empty", "-m", subject, cwd=folder)


def break_it(case: Case, folder: Path) -> None:
    """Make the repository: green, unrelated, red, unrelated."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(download(case), folder)
    (folder / ".gitignore").write_text(
        "__pycache__/\n.pytest_cache/\n*.pyc\n.ruff_cache/\n.mypy_cache/\n", encoding="utf-8"
    )
    sh("git", "init", "--quiet", "--initial-branch", "main", cwd=folder)
    case.prepare(folder)
    commit(folder, f"Release {case.version}")
    (folder / "NOTES.txt").write_text("Notes for the next release.\n", encoding="utf-8")
    commit(folder, "Start the notes for the next release")
    case.change(folder)
    commit(folder, case.subject)
    for number in range(1, case.newer + 1):
        append("NOTES.txt", f"- {number}\n")(folder)
        commit(folder, f"Go on with the notes, {number}")


def run_command(case: Case, folder: Path, python: Path) -> subprocess.CompletedProcess[str]:
    """Run the project's own command as its CI does."""
    env = {
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(str(folder / path) for path in (".", "src")),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return sh(*case.command, cwd=folder, env=env, check=False)


def write_log(case: Case, done: subprocess.CompletedProcess[str], path: Path) -> None:
    """Frame the command's output as a GitHub Actions job log."""
    words = shlex.join(case.command)
    text = [f"##[group]Run {words}", words, "shell: /usr/bin/bash -e {0}", "##[endgroup]"]
    text += [
        *done.stdout.splitlines(),
        *done.stderr.splitlines(),
        f"##[error]Process completed with exit code {done.returncode}.",
    ]
    path.write_text(
        "".join(f"2026-11-02T08:14:{n % 60:02d}.0000000Z {line}\n" for n, line in enumerate(text)), encoding="utf-8"
    )


def attempt(case: Case) -> Row:
    python = environment(case.packages)
    folder = PLACE / "work" / case.name
    break_it(case, folder)
    logs = PLACE / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    red = run_command(case, folder, python)
    if red.returncode == 0:
        return Row(case, "not red", "", 0, 0, green=False, note="the change broke nothing: the case is wrong")
    sh("git", "clean", "-fdxq", cwd=folder)
    write_log(case, red, logs / f"{case.name}.log")
    request = {
        "deterministic": True,
        "prompt": f"{case.project}: {case.kind}",
        "raw-logs": str(logs / f"{case.name}.log"),
    }
    info = logs / f"{case.name}.json"
    info.write_text(json.dumps(request), encoding="utf-8")
    before = state(folder)
    started = time.monotonic()
    done = sh(sys.executable, "-m", "fixer", "run", str(info), "--json", cwd=folder,
              env={"FIXER_PROJECT_PYTHON": str(python)}, check=False)  # fmt: skip
    seconds = time.monotonic() - started
    (logs / f"{case.name}.stderr").write_text(done.stderr, encoding="utf-8")
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        return Row(case, f"exit {done.returncode}", "", seconds, 0, green=False, note=done.stderr.strip()[-200:])
    note = "" if state(folder) == before else "THE USER'S TREE CHANGED"
    delivery = report["delivery"]
    if delivery is None:
        return Row(
            case, report["outcome"], "", seconds, len(report["attempts"]), green=False, note=note or report["summary"]
        )
    strategy = report["attempts"][-1]["patch"]["strategy"]
    green = passes_on(case, folder, delivery["branch"], python)
    return Row(case, report["outcome"], strategy, seconds, len(report["attempts"]), green, note)


def passes_on(case: Case, folder: Path, branch: str, python: Path) -> bool:
    clone = PLACE / "clones" / case.name
    shutil.rmtree(clone, ignore_errors=True)
    sh("git", "clone", "--quiet", "--branch", branch, str(folder), str(clone), cwd=PLACE)
    if case.after:
        python = environment((*case.packages, *case.after))
    return run_command(case, clone, python).returncode == 0


def state(folder: Path) -> tuple[str, ...]:
    """What must not move: branch, commit, index, files, stash."""
    return (
        sh("git", "symbolic-ref", "HEAD", cwd=folder).stdout,
        sh("git", "rev-parse", "HEAD", cwd=folder).stdout,
        sh("git", "status", "--porcelain", cwd=folder).stdout,
        sh("git", "stash", "list", cwd=folder).stdout,
    )


def prepare(cases: Sequence[Case]) -> None:
    """Get every project and every environment, one after the other."""
    for case in cases:
        download(case)
        environment(case.packages)
        if case.after:
            environment((*case.packages, *case.after))


def line(row: Row) -> str:
    """Return one line of the table."""
    verdict = "fixed, green" if row.green else f"{row.outcome}, not green"
    project, note = f"{row.case.project} {row.case.version}", f"  {row.note}" if row.note else ""
    return (
        f"{project:<22} {row.case.kind:<36} {row.strategy:<12} {row.tried:>2} tried {row.seconds:6.1f} s  "
        f"{verdict}{note}"
    )


def main() -> int:
    PLACE.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:]
    cases = [case for case in CASES if not wanted or any(word in case.name for word in wanted)]
    prepare(cases)
    began, rows = time.monotonic(), []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for row in pool.map(attempt, cases):
            rows.append(row)
            print(line(row), flush=True)
    fixed = sum(row.green for row in rows)
    print(f"\n{fixed} of {len(rows)} fixed by fixer and green in a fresh clone, without fixer "
          f"({time.monotonic() - began:.0f} s in all)")  # fmt: skip
    return 0 if fixed == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
