import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from fixer.reproduction.any_command import RUNNER
from fixer.reproduction.base import Project
from fixer.schema.command import CommandResult, Ending, Rung
from fixer.schema.failure import Failure, FailureKind

FAILURE = Failure(id="1", tool="tap", kind=FailureKind.TEST, message="m", file="sum.test.js", fingerprint="f")


@pytest.mark.parametrize(
    "command",
    [
        "npm test", "npm run test:unit", "yarn lint", "pnpm run build", "npx jest --ci", "npx --no-install eslint .",
        "cargo test --all", "cargo clippy -- -D warnings", "go test ./...", "go vet ./...", "make", "make check",
        "make -j4 test", "mvn -B verify", "./gradlew check", "dotnet test", "bundle exec rspec", "ctest -V",
        "cmake --build build", "gcc -Wall -c x.c", "node --test", "tsc --noEmit", "tox", "vendor/bin/phpunit",
    ],
)  # fmt: skip
def test_checks_are_run_again(command: str) -> None:
    # Programs whose first word says what they do need that word; tox alone runs everything.
    assert RUNNER().accepts(shlex.split(command)) is (command != "tox")


@pytest.mark.parametrize(
    "command",
    [
        "npm publish", "npm install", "npm run deploy", "yarn add left-pad", "cargo publish", "cargo install x",
        "go get x.org/x", "make install", "make deploy", "make clean test", "mvn deploy", "mvn release:perform",
        "rm -rf x", "bash -c ls", "sh build.sh", "curl example.com", "git push", "docker build .", "node a.js", "npm",
        "npx some-package", "twine upload dist/*", "eslint --fix .", "prettier --write .", "ssh host make test", "",
    ],
)  # fmt: skip
def test_what_does_more_than_check_is_not(command: str) -> None:
    assert not RUNNER().accepts(shlex.split(command))


def run(folder: Path, *argv: str) -> CommandResult:
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    return CommandResult(
        argv=argv, cwd=".", ending=Ending.EXITED, exit_code=done.returncode, stdout=done.stdout, stderr=done.stderr,
        seconds=0, rung=Rung.PROCESS_GROUP,
    )  # fmt: skip


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_the_exit_code_is_all_that_counts(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("test:\n\t@test -f there\n")
    project = Project(tmp_path, "python3", command=("make", "test"))
    command = RUNNER().suite(FAILURE, project)
    assert command == RUNNER().narrowed(FAILURE, project)
    red = RUNNER().outcome(run(tmp_path, *command.argv), project)
    (tmp_path / "there").touch()
    green = RUNNER().outcome(run(tmp_path, *command.argv), project)
    assert (red.failed, red.passed) == (frozenset({"make test"}), frozenset())
    assert (green.failed, green.passed) == (frozenset(), frozenset({"make test"}))


def test_a_command_that_was_stopped_says_nothing(tmp_path: Path) -> None:
    cut = run(tmp_path, "true").model_copy(update={"ending": Ending.TIMED_OUT, "exit_code": None, "reason": "too long"})
    outcome = RUNNER().outcome(cut, Project(tmp_path, "python3", command=("make",)))
    assert not outcome.readable
    assert "too long" in outcome.reason


def test_the_failing_tests_file_states_what_is_right(tmp_path: Path) -> None:
    (tmp_path / "sum.test.js").touch()
    project = Project(tmp_path, "python3", command=("npm", "test"))
    assert RUNNER().test_files(FAILURE, project) == ("sum.test.js",)
    assert RUNNER().test_files(FAILURE.model_copy(update={"file": "sum.js"}), project) == ()
