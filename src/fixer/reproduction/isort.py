"""Runs isort again, to check only: a file with unsorted imports in, a command out; all such files out."""

import re
from collections.abc import Sequence
from typing import ClassVar

from fixer.reproduction.base import Checker
from fixer.reproduction.command.command_line import Options, options
from fixer.schema.command import CommandResult

FINDING = re.compile(r"^ERROR: (?P<file>.+?) Imports are incorrectly sorted", re.MULTILINE)


class Isort(Checker):
    """isort --check-only."""

    tool: ClassVar[str] = "isort"
    known: ClassVar[Options] = options(
        dropped="-c --check --check-only --diff --df -q --quiet -v --verbose --color -i --interactive --atomic",
        dropped_with_value="-j --jobs -o --output --overwrite-in-place",
        with_value="--settings-path --sp --settings-file --settings --profile --line-length -l --src -p --skip -s",
    )
    always: ClassVar[tuple[str, ...]] = ("--check-only",)
    settings: ClassVar[tuple[str, ...]] = (".isort.cfg",)

    def arguments(self, argv: Sequence[str]) -> list[str] | None:
        """Return what follows `isort`; without a check it would not fail for an order."""
        words = super().arguments(argv)
        return words if words is not None and {"-c", "--check", "--check-only", "--diff", "--df"} & set(words) else None

    def findings(self, result: CommandResult) -> Sequence[tuple[str, str, str]]:
        """Read the files whose imports are not sorted."""
        return [(found["file"], "sort", "") for found in FINDING.finditer(result.stderr)]

    def total(self, result: CommandResult) -> int | None:  # noqa: ARG002 - the contract's
        """Return None: isort does not count."""
        return None


RUNNER = Isort
