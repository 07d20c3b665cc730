"""The command line: the only broad except, and the only place where an error becomes an exit code."""

import sys
from collections.abc import Sequence

from fixer.errors import ExitCode, FixerError


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code (spec A8)."""
    try:
        print(f"fixer: {' '.join(arguments)}: no commands yet", file=sys.stderr)  # noqa: T201
    except FixerError as error:
        print(f"fixer: {error.message}\nhint: {error.hint}", file=sys.stderr)  # noqa: T201
        return error.code
    return ExitCode.USAGE
