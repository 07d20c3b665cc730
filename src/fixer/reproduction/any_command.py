"""Runs the failing step's own command again where no runner knows its tool; what it reports is read as findings.

It cannot narrow, and it cannot say which tests passed: but a command that fails and then does not is enough to show a
failure, to find the change that made it, and to prove that a patch takes it away.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import ClassVar

from fixer.reproduction.base import Project
from fixer.schema.command import CommandResult, Ending, Invocation
from fixer.schema.failure import Failure
from fixer.schema.reproduction import SuiteOutcome

CHECKS = frozenset({
    "test", "tests", "t", "check", "lint", "build", "typecheck", "type-check", "tsc", "unit", "verify", "vet",
    "clippy", "compile", "spec", "ci", "format:check", "fmt:check", "validate", "all",
})  # fmt: skip
"""Names of targets, tasks and scripts that look at a project and change nothing outside of it."""
ALONE = frozenset({
    "jest", "vitest", "mocha", "ava", "tap", "eslint", "tsc", "prettier", "biome", "rspec", "phpunit", "ctest",
    "rubocop", "golangci-lint", "staticcheck", "shellcheck", "yamllint", "pylint", "pyright", "pycodestyle",
    "pydocstyle", "stylelint", "gcc", "g++", "cc", "c++", "clang", "clang++", "rustc", "javac",
})  # fmt: skip
"""Programs that only check or compile."""
WITH_TASK = frozenset({
    "npm", "pnpm", "yarn", "bun", "deno", "cargo", "go", "make", "gmake", "ninja", "mvn", "mvnw", "gradle",
    "gradlew", "dotnet", "rake", "composer", "mix", "swift", "sbt", "just", "task", "nox", "tox", "bazel",
})  # fmt: skip
"""Programs whose first word says what they do; that word must be one of `CHECKS`."""
STARTERS = frozenset({
    "npx", "bunx", "pnpx", "bundle", "node", "--no-install", "exec", "run", "run-script", "dlx", "-s",
    "--silent",
})  # fmt: skip
"""Words in front of the program or the task that change nothing about what it does."""
FORBIDDEN = ("publish", "deploy", "release", "push", "login", "upload", "install", "clean", "fix", "write")


class AnyCommand:
    """The step's own command, as it is, if it is one that only checks."""

    tool: ClassVar[str] = "command"

    def accepts(self, argv: Sequence[str]) -> bool:
        """Whether `argv` is a plain check, test or build of a known tool, safe to run again."""
        words = [word for word in argv if word not in STARTERS]
        if not words or any(word.lstrip("-").startswith(FORBIDDEN) for word in argv[1:]):
            return False
        if list(argv[:2]) == ["node", "--test"]:
            return True
        program = PurePosixPath(words[0]).name.removesuffix(".cmd").removesuffix(".exe")
        if program in ALONE:
            return True
        tasks = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
        if program in WITH_TASK:
            return all(_is_check(task) for task in tasks[:1]) and (bool(tasks) or program in {"make", "gmake", "ninja"})
        return program == "cmake" and "--build" in words

    def narrowed(self, failure: Failure, project: Project) -> Invocation:
        """Return the whole command: it cannot be narrowed."""
        return self.suite(failure, project)

    def suite(self, failure: Failure, project: Project) -> Invocation:  # noqa: ARG002 - the contract's
        """Return the command as the step had it."""
        return Invocation(argv=project.command or (), cwd=project.cwd, env=dict(project.env))

    def outcome(self, result: CommandResult, project: Project) -> SuiteOutcome:  # noqa: ARG002 - the contract's
        """Say whether the command passed: that is all that its exit code tells."""
        if result.ending is not Ending.EXITED:
            return SuiteOutcome(
                readable=False, reason=f"it did not end by itself: {result.reason or result.ending.value}"
            )
        command = " ".join(result.argv)
        if result.exit_code == 0:
            return SuiteOutcome(passed=frozenset({command}))
        return SuiteOutcome(failed=frozenset({command}))

    def test_files(self, failure: Failure, project: Project) -> tuple[str, ...]:
        """Return the file that states the test, where the failure names one that is there."""
        named = [part for part in (failure.file, (failure.test or "").partition("::")[0]) if part]
        return tuple(dict.fromkeys(name for name in named if _is_test(name) and (project.root / name).is_file()))


RUNNER = AnyCommand


def _is_check(task: str) -> bool:
    """Whether a task such as `test:unit` or `lint-js` begins with the name of a check."""
    first = task.replace("_", "-").split(":", maxsplit=1)[0].split("-", maxsplit=1)[0]
    return task in CHECKS or first in CHECKS


def _is_test(name: str) -> bool:
    path = PurePosixPath(name)
    folders = {"test", "tests", "spec", "specs", "__tests__", "testing", "e2e"}
    stem = path.name.lower()
    return bool(folders & set(path.parts[:-1])) or "test" in stem or "spec" in stem
