"""Runs mypy again: an error's file in, a command out; its errors out."""

import re
from collections.abc import Sequence
from typing import ClassVar

from fixer.reproduction.base import Checker
from fixer.reproduction.command.command_line import Options, options
from fixer.schema.command import CommandResult

ERROR = re.compile(
    r"^(?P<file>[^\s:][^:]*)(?::\d+)*: error: (?P<message>.*?)(?:  \[(?P<code>[a-z][\w-]*)\])?$", re.MULTILINE
)
COUNTED = re.compile(r"^(?:Found (?P<errors>\d+) errors? in|Success: no issues found)", re.MULTILINE)


class Mypy(Checker):
    """mypy, without its cache: what it says depends on the files alone."""

    tool: ClassVar[str] = "mypy"
    known: ClassVar[Options] = options(
        dropped=(
            "--install-types --non-interactive --pretty --no-pretty --show-error-context --hide-error-context "
            "--no-error-summary --error-summary --no-color-output --color-output -v --verbose --incremental "
            "--no-incremental --sqlite-cache --skip-cache-mtime-checks --stats --show-column-numbers --show-error-end"
        ),
        dropped_with_value=(
            "--cache-dir --junit-xml --junit-format --output -O --python-executable --any-exprs-report "
            "--cobertura-xml-report --html-report --linecount-report --linecoverage-report --lineprecision-report "
            "--txt-report --xml-report --xslt-html-report --xslt-txt-report"
        ),
        with_value=(
            "--config-file --python-version --platform -p --package -m --module --exclude --disable-error-code "
            "--enable-error-code --follow-imports --always-true --always-false"
        ),
    )
    targets: ClassVar[frozenset[str]] = frozenset({"-p", "--package", "-m", "--module"})
    always: ClassVar[tuple[str, ...]] = (
        "--no-pretty",
        "--no-color-output",
        "--hide-error-context",
        "--error-summary",
        "--cache-dir=/dev/null",
    )
    settings: ClassVar[tuple[str, ...]] = ("mypy.ini", ".mypy.ini")
    exit_codes: ClassVar[frozenset[int]] = frozenset({0, 1, 2})

    def arguments(self, argv: Sequence[str]) -> list[str] | None:
        """Return what follows `mypy`; program texts and mypy's other tools are not taken."""
        words = super().arguments(argv)
        return None if words is None or {"-c", "--command", "-h", "--help", "-V", "--version"} & set(words) else words

    def findings(self, result: CommandResult) -> Sequence[tuple[str, str, str]]:
        """Read the errors; notes explain and are no findings."""
        return [(found["file"], found["code"] or "", found["message"]) for found in ERROR.finditer(result.stdout)]

    def total(self, result: CommandResult) -> int | None:
        """Read `Found 2 errors in 1 file` or `Success`; -1 where mypy did not come to an end."""
        counted = COUNTED.search(result.stdout)
        return int(counted["errors"] or 0) if counted else -1

    def default_places(self, options: Sequence[str]) -> Sequence[str]:  # noqa: ARG002 - the contract's
        """Return nothing: mypy knows from its settings or options, or says that it does not."""
        return []


RUNNER = Mypy
