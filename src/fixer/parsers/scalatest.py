"""ScalaTest and specs2 under sbt: `- title *** FAILED ***` and sbt's list of failed suites."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, RootCause.TEST_FAILURE)


class Scalatest(LineParser):
    """See the module."""

    tool: ClassVar[str] = "scalatest"
    needles: ClassVar[tuple[str, ...]] = (
        "*** FAILED ***",
        "[error] Test ",
        "[error] \t",
        "sbt.ResolveException",
        "[error]   x ",
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(re.compile(r"(?:\[info\] )?\s*-? ?(?P<test>.+?) \*\*\* FAILED \*\*\*"), *_TEST),
        Rule(re.compile(r"\[error\] Test (?P<test>\S+) failed: (?P<message>.+)"), *_TEST),
        Rule(re.compile(r"\[error\] {3}x (?P<test>.+)"), *_TEST),
        Rule(re.compile(r"\[error\] \t(?P<test>[\w.$]+)$"), *_TEST),
        Rule(
            re.compile(r"\[error\] (?:\(.+\) )?(?P<message>sbt\.\S*ResolveException: .+)"),
            FailureKind.DEPENDENCY,
            RootCause.MISSING_DEPENDENCY,
        ),
    )


PARSER: type[Parser] = Scalatest
