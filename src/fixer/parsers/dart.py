"""dart test and flutter test: `00:01 +3 -1: file: title [E]`."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, None, RootCause.TEST_FAILURE)


class Dart(LineParser):
    """See the module."""

    tool: ClassVar[str] = "dart"
    needles: ClassVar[tuple[str, ...]] = (" [E]",)
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(r"\d\d:\d\d (?:\+\d+ )?(?:~\d+ )?-\d+: (?:(?P<file>\S+\.dart): )?(?P<test>.+?) \[E\]$"), *_TEST
        ),
    )


PARSER: type[Parser] = Dart
