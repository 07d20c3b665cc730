"""Runs black again, to check only: a file that is not formatted in, a command out; all such files out."""

import re
from collections.abc import Sequence
from typing import ClassVar

from fixer.reproduction.base import Checker
from fixer.reproduction.command.command_line import Options, options
from fixer.schema.command import CommandResult

FINDING = re.compile(
    r"^(?:would reformat (?P<file>.+)|error: cannot (?:format|parse:) (?P<broken>.+?):[ \d].*)$", re.MULTILINE
)
"""The second form is `error: cannot format FILE: …`, in newer versions `error: cannot parse: FILE:line:column`."""


class Black(Checker):
    """black --check."""

    tool: ClassVar[str] = "black"
    known: ClassVar[Options] = options(
        dropped="--check --diff --color --no-color -q --quiet -v --verbose --safe --fast",
        dropped_with_value="-W --workers",
        with_value=(
            "--config -l --line-length -t --target-version --include --exclude --extend-exclude --force-exclude "
            "--required-version"
        ),
    )
    always: ClassVar[tuple[str, ...]] = ("--check", "--no-color")
    exit_codes: ClassVar[frozenset[int]] = frozenset({0, 1, 123})

    def arguments(self, argv: Sequence[str]) -> list[str] | None:
        """Return what follows `black`; without --check or --diff it would not fail for a format."""
        words = super().arguments(argv)
        return words if words is not None and {"--check", "--diff"} & set(words) else None

    def findings(self, result: CommandResult) -> Sequence[tuple[str, str, str]]:
        """Read the files that would change and those that cannot be parsed."""
        return [
            (found["file"] or found["broken"], "format" if found["file"] else "parse", "")
            for found in FINDING.finditer(result.stderr)
        ]

    def total(self, result: CommandResult) -> int | None:  # noqa: ARG002 - the contract's
        """Return None: black's totals are prose."""
        return None


RUNNER = Black
