"""Runs flake8 again: a finding's file in, a command out; its findings out."""

import re
from collections.abc import Sequence
from typing import ClassVar

from fixer.reproduction.base import Checker
from fixer.reproduction.command.command_line import Options, options
from fixer.schema.command import CommandResult
from fixer.schema.failure import Failure

FINDING = re.compile(r"^(?P<file>[^\s:][^:]*):\d+:\d+: (?P<code>[A-Z]{1,3}\d+) (?P<message>.*)$", re.MULTILINE)


class Flake8(Checker):
    """flake8 in its default format."""

    tool: ClassVar[str] = "flake8"
    known: ClassVar[Options] = options(
        dropped="--exit-zero --count --statistics --show-source --benchmark -q --quiet -v --verbose --tee --bug-report",
        dropped_with_value="--format --output-file --color -j --jobs",
        with_value=(
            "--config --append-config --select --ignore --extend-select --extend-ignore --per-file-ignores --exclude "
            "--extend-exclude --filename --max-line-length --max-complexity --max-doc-length"
        ),
    )
    always: ClassVar[tuple[str, ...]] = ("--format=default", "--color=never", "--no-show-source")
    settings: ClassVar[tuple[str, ...]] = (".flake8",)

    def only(self, failure: Failure) -> tuple[str, ...]:
        """Return `--select` of the rule: another finding in the same file is another failure."""
        rule = failure.code or ""
        return (f"--select={rule}",) if re.fullmatch(r"[A-Z]+\d+", rule) else ()

    def findings(self, result: CommandResult) -> Sequence[tuple[str, str, str]]:
        """Read `file:line:column: CODE message`."""
        return [(found["file"], found["code"], found["message"]) for found in FINDING.finditer(result.stdout)]

    def total(self, result: CommandResult) -> int | None:  # noqa: ARG002 - the contract's
        """Return None: flake8 does not count unless asked."""
        return None


RUNNER = Flake8
