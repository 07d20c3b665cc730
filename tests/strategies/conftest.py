"""Real cases: a real repository, a real failing command, a real worktree."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from fixer.git import AUTHOR, Git
from fixer.parsers import failures_in, lines_of
from fixer.schema.base import content_id
from fixer.schema.command import CommandResult, Ending, Invocation, Rung
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.patch import Patch
from fixer.schema.reproduction import Reproduction, Shown
from fixer.strategies.base import Case
from fixer.worktree import Worktree, open_worktree

Files = Mapping[str, str | bytes]
UNITTEST = (sys.executable, "-B", "-m", "unittest", "-q")
PYTEST = (sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly")
PLAIN_RUFF = (sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise")
RUFF = (*PLAIN_RUFF, "--select=E,F")
MYPY = (sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir=/dev/null")

_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?$')
_RAISED = re.compile(r"^(?:E\s+)?(?P<type>[A-Za-z_][\w.]*(?:Error|Exception|Warning)): (?P<text>.*)$")
_FINDING = re.compile(r"^(?P<file>[^:\s]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<rest>.+)$")


def write(root: Path, files: Files) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def repository(root: Path, files: Files) -> str:
    root.mkdir(parents=True)
    git = Git(root)
    git.run("init", "--quiet", "-b", "main")
    write(root, files)
    git.run("add", "--all")
    git.run("commit", "--quiet", "-m", "state", env=AUTHOR)
    return git.line("rev-parse", "HEAD")


def execute(root: Path, invocation: Invocation) -> CommandResult:
    """Run a command without a sandbox: the tests' own code is all that runs here."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            invocation.argv,
            cwd=root / invocation.cwd,
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ["HOME"],
                "PYTHONPATH": "src:.",
                "PYTHONDONTWRITEBYTECODE": "1",
                **invocation.env,
            },
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=60,
        )
    except FileNotFoundError as error:
        return CommandResult(
            argv=invocation.argv,
            cwd=invocation.cwd,
            ending=Ending.NOT_STARTED,
            stdout="",
            stderr="",
            seconds=0,
            rung=Rung.PROCESS_GROUP,
            reason=f"not found: {error.filename}",
        )
    return CommandResult(
        argv=invocation.argv,
        cwd=invocation.cwd,
        rung=Rung.PROCESS_GROUP,
        ending=Ending.EXITED,
        exit_code=done.returncode,
        stdout=done.stdout,
        stderr=done.stderr,
        seconds=time.monotonic() - began,
    )


def relative(root: Path, name: str) -> str:
    return str(Path(name).relative_to(root)) if name.startswith(str(root)) else name


def read_failures(root: Path, tool: str, output: str) -> list[Failure]:
    """Read what the command printed: findings of a linter, or the tracebacks of a test run."""
    if tool in {"ruff", "mypy", "black", "isort"}:
        return [failure for line in output.splitlines() if (failure := finding(tool, line))]
    if tool in {"cargo", "gcc", "tsc", "node"}:
        return failures_in(lines_of(output.splitlines()))
    found: list[Failure] = []
    frames: list[tuple[str, int, str]] = []
    for line in output.splitlines():
        if line.startswith("Traceback"):
            frames = []
        elif frame := _FRAME.match(line):
            frames.append((relative(root, frame["file"]), int(frame["line"]), frame["name"] or "<module>"))
        elif raised := _RAISED.match(line):
            own = [frame for frame in frames if not frame[0].startswith("/")]
            found.append(
                Failure(
                    id=content_id(tool, line),
                    tool=tool,
                    kind=FailureKind.TEST,
                    message=f"{raised['type']}: {raised['text']}",
                    file=own[-1][0] if own else None,
                    line=own[-1][1] if own else None,
                    exception=raised["type"],
                    frames=tuple(frames),
                    fingerprint=raised["text"],
                )
            )
    return found


def finding(tool: str, line: str) -> Failure | None:
    if tool == "ruff" and (place := re.match(r"\s*--> (?P<file>[^:]+):\d+:\d+$", line)):
        name = place["file"]
        return Failure(
            id=content_id(line), tool=tool, kind=FailureKind.FORMAT, message=line, file=name, fingerprint=line
        )
    found = _FINDING.match(line)
    if found is None:
        return None
    rest = found["rest"].removeprefix("error: ")
    code = re.search(r"\[([a-z-]+)\]$", rest) if tool == "mypy" else re.match(r"([A-Z]+\d+)", rest)
    return Failure(
        id=content_id(line),
        tool=tool,
        kind=FailureKind.TYPE if tool == "mypy" else FailureKind.LINT,
        message=rest,
        file=found["file"],
        line=int(found["line"]),
        code=code[1] if code else None,
        fingerprint=rest,
    )


@dataclass(frozen=True)
class Built:
    """A case and the means to see what a patch does to it."""

    case: Case
    tree: Worktree
    command: tuple[str, ...]

    def output(self) -> CommandResult:
        return execute(self.tree.path, Invocation(argv=self.command))

    def passes_with(self, patch: Patch) -> bool:
        """Apply the patch to a clean tree, and run the real command again."""
        self.tree.reset()
        self.tree.apply(patch.diff)
        passed = self.output().passed
        self.tree.reset()
        return passed

    def mended_by(self, patches: Iterable[Patch]) -> Patch:
        """Return the first patch with which the command passes."""
        tried = []
        for patch in patches:
            if self.passes_with(patch):
                return patch
            tried.append(patch.diff)
        pytest.fail("no patch mends it; tried:\n" + "\n".join(tried) + "\n" + self.output().output)

    def content_with(self, patch: Patch, path: str) -> bytes:
        self.tree.reset()
        self.tree.apply(patch.diff)
        content = (self.tree.path / path).read_bytes()
        self.tree.reset()
        return content


MakeCase = Callable[..., Built]


@pytest.fixture
def make_case(tmp_path: Path) -> MakeCase:
    """Build the repository, see the command fail in a worktree of it, and hold all that as a case."""

    def make(
        files: Files,
        command: Sequence[str] = UNITTEST,
        *,
        tool: str = "unittest",
        test_files: Sequence[str] | None = None,
        failure: int = 0,
        max_patches: int = 4,
        stop: Callable[[], bool] = lambda: False,
    ) -> Built:
        root = tmp_path / "repository"
        commit = repository(root, files)
        tree = open_worktree(root, tmp_path / "trees" / "tree", commit)
        invocation = Invocation(argv=tuple(command))
        result = execute(tree.path, invocation)
        assert not result.passed, f"the case does not fail: {result.output}"
        failures = read_failures(tree.path, tool, result.output)
        assert failures, f"nothing could be read from: {result.output}"
        tests = [name for name in files if Path(name).name.startswith("test")] if test_files is None else test_files
        taken = failures[failure]
        reproduction = Reproduction(
            id=content_id(taken.id, commit),
            failure_id=taken.id,
            name="case",
            commit=commit,
            runner=tool,
            narrowed=invocation,
            suite=invocation,
            test_files=tuple(tests),
            deterministic=True,
            failure_rate=1.0,
            runs=1,
        )

        def shows() -> Shown:
            after = execute(tree.path, invocation)
            if after.passed:
                return Shown.NONE
            same = any(f.fingerprint == taken.fingerprint for f in read_failures(tree.path, tool, after.output))
            return Shown.SAME if same else Shown.OTHER

        case = Case(
            failure=taken,
            failures=tuple(failures),
            reproduction=reproduction,
            diagnosis=None,
            tree=tree,
            python=sys.executable,
            run=lambda wanted: execute(tree.path, wanted),
            shows=shows,
            stop=stop,
            max_patches=max_patches,
        )
        return Built(case, tree, tuple(command))

    return make
