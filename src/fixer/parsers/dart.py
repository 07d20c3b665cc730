"""dart and flutter: failing tests (`00:01 +3 -1: file: title [E]`), and the errors of their analyzer."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, None, RootCause.TEST_FAILURE)
_ANALYSIS = (FailureKind.COMPILE, None, RootCause.COMPILE_ERROR)


class Dart(LineParser):
    """See the module."""

    tool: ClassVar[str] = "dart"
    needles: ClassVar[tuple[str, ...]] = (" [E]", " error - ", " error \u2022 ")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(r"\d\d:\d\d (?:\+\d+ )?(?:~\d+ )?-\d+: (?:(?P<file>\S+\.dart): )?(?P<test>.+?) \[E\]$"), *_TEST
        ),
        # `dart analyze`, then `flutter analyze`; tools that run it in many packages put the name before
        Rule(
            re.compile(
                r"(?:\[[^\]]{1,60}\]:)?\s*error - (?P<file>\S+\.dart):(?P<line>\d+):(?P<column>\d+) - (?P<message>.+)"
            ),
            *_ANALYSIS,
        ),
        Rule(
            re.compile(
                r"(?:\[[^\]]{1,60}\]:)?\s*error \u2022 (?P<message>.{1,400}?) \u2022 "
                r"(?P<file>\S+\.dart):(?P<line>\d+):(?P<column>\d+) \u2022 (?P<code>\w+)"
            ),
            *_ANALYSIS,
        ),
    )


PARSER: type[Parser] = Dart
