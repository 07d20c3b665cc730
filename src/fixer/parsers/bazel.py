"""bazel test: `//package:target FAILED in 1.2s`, and targets that timed out."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, None, RootCause.TEST_FAILURE)


class Bazel(LineParser):
    """See the module."""

    tool: ClassVar[str] = "bazel"
    needles: ClassVar[tuple[str, ...]] = (" FAILED in ", " TIMEOUT in ", "FAILED TO BUILD")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(re.compile(r"(?P<test>//[\w/.:+-]+)\s+(?:FAILED|TIMEOUT) in "), *_TEST),
        Rule(re.compile(r"(?P<test>//[\w/.:+-]+)\s+FAILED TO BUILD"), *_TEST),
    )


PARSER: type[Parser] = Bazel
