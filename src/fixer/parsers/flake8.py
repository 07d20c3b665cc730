"""flake8 (and pycodestyle, pyflakes behind it): `file:line:column: CODE message`."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

# Messages start with a small letter or a quoted name; ruff, with the same codes, starts with a capital or a backtick.
_FINDING = re.compile(
    r"((?:[A-Za-z]:)?[^:\s][^:]{0,300}\.(?:pyi?|ipynb)):(\d+):(\d+): ([A-Z]{1,3}\d{3,4}) (?=[^A-Z`\[])(.+)"
    r"|((?:[A-Za-z]:)?[^:\s][^:]{0,300}\.pyi?):(\d+):(\d+): (E999|E902) (.+)"
)


class Flake8:
    """See the module."""

    tool: ClassVar[str] = "flake8"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (".py:", ".pyi:", ".ipynb:")
    active: ClassVar[bool] = False

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        found = _FINDING.match(unmarked(line.text))
        if not found:
            return ()
        file, row, column, code, message = found.groups()[:5] if found[1] else found.groups()[5:]
        broken = code in {"E999", "E902"}
        return [
            new_failure(
                self.tool,
                FailureKind.COMPILE if broken else FailureKind.LINT,
                f"{code} {message}",
                line,
                file=file,
                at=(int(row), int(column)),
                code=code,
                root_cause=RootCause.COMPILE_ERROR if broken else RootCause.LINT,
            )
        ]

    def finish(self) -> Iterable[Failure]:
        """Nothing is ever open."""
        return ()


PARSER: type[Parser] = Flake8
