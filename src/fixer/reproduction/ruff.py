"""Runs ruff again, as a linter or as a formatter: a finding's file in, a command out; its findings out."""

import re
from collections.abc import Sequence
from typing import ClassVar

from fixer.reproduction.base import Checker
from fixer.reproduction.command.command_line import Options, options
from fixer.schema.command import CommandResult
from fixer.schema.failure import Failure, FailureKind

FINDING = re.compile(r"^(?P<file>[^\s:][^:]*):\d+:\d+: (?P<code>[\w-]+):? (?:\[\*\] )?(?P<message>.*)$", re.MULTILINE)
"""The concise form: `file:line:column: CODE [*] message`."""
UNFORMATTED = re.compile(r"^(?:Would reformat: (?P<old>.+)|unformatted: .*\n\s*--> (?P<new>.+):\d+:\d+)$", re.MULTILINE)
COUNTED = re.compile(r"^(?:Found (\d+) errors?|(\d+) files? would be reformatted)", re.MULTILINE)


class Ruff(Checker):
    """ruff check, and ruff format --check for failures of format."""

    tool: ClassVar[str] = "ruff"
    known: ClassVar[Options] = options(
        dropped=(
            "--fix --no-fix --unsafe-fixes --no-unsafe-fixes --diff --exit-zero --watch -w --statistics -q --quiet -v "
            "--verbose -s --silent -n --no-cache --show-fixes -e --exit-non-zero-on-fix --fix-only --check"
        ),
        dropped_with_value="--output-format --output-file -o --cache-dir --format",
        with_value=(
            "--config --select --ignore --extend-select --extend-ignore --per-file-ignores --extend-per-file-ignores "
            "--exclude --extend-exclude --target-version --line-length --fixable --unfixable"
        ),
    )
    always: ClassVar[tuple[str, ...]] = ("--no-cache",)
    settings: ClassVar[tuple[str, ...]] = ("ruff.toml", ".ruff.toml")

    def arguments(self, argv: Sequence[str]) -> list[str] | None:
        """Return what follows `ruff check` or `ruff format --check`; ruff's other commands are not taken."""
        words = super().arguments(argv)
        if not words or words[0] not in {"check", "format"}:
            return None
        if words[0] == "format" and not {"--check", "--diff"} & set(words):
            return None
        return None if {"--add-noqa", "--show-files", "--show-settings", "-h", "--help"} & set(words) else words[1:]

    def before(self, failure: Failure) -> tuple[str, ...]:
        """Return the subcommand; `--no-fix` because a project's settings may ask for fixes."""
        formats = failure.kind is FailureKind.FORMAT
        return ("format", "--check") if formats else ("check", "--output-format=concise", "--no-fix")

    def only(self, failure: Failure) -> tuple[str, ...]:
        """Return `--select` of the rule: another finding in the same file is another failure."""
        rule = failure.code or ""
        lints = failure.kind is not FailureKind.FORMAT and re.fullmatch(r"[A-Z]+\d+", rule)
        return (f"--select={rule}",) if lints else ()

    def findings(self, result: CommandResult) -> Sequence[tuple[str, str, str]]:
        """Read the concise form, or the names of the files that are not formatted."""
        if "format" in result.argv[3:4]:
            names = [found["old"] or found["new"] for found in UNFORMATTED.finditer(result.output)]
            return [(name, "unformatted", "File would be reformatted") for name in names]
        return [(found["file"], found["code"], found["message"]) for found in FINDING.finditer(result.stdout)]

    def total(self, result: CommandResult) -> int | None:
        """Read `Found 3 errors.`, `All checks passed!` or `1 file would be reformatted`."""
        counted = COUNTED.search(result.output)
        return int(counted[1] or counted[2]) if counted else 0


RUNNER = Ruff
