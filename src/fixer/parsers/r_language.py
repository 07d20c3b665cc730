"""R: packages that are not there, testthat's failures, and what `R CMD check` finds."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_DEPENDENCY = (FailureKind.DEPENDENCY, RootCause.MISSING_DEPENDENCY)
_AT = r"'?(?P<file>[\w./-]+\.[Rr]):(?P<line>\d+)(?::(?P<column>\d+))?'?"


class RLanguage(LineParser):
    """See the module."""

    tool: ClassVar[str] = "r_language"
    needles: ClassVar[tuple[str, ...]] = (
        *("there is no package called", "required but not available", "Failure (", "Error (", "... ERROR"),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(re.compile(r".{0,200}?(?P<message>there is no package called .+)"), *_DEPENDENCY),
        Rule(
            re.compile(r"\s*(?P<message>(?:Package|Namespace dependenc)\S* required but not available.*)"), *_DEPENDENCY
        ),
        Rule(
            re.compile(rf"\W*(?P<message>(?:Failure|Error) \({_AT}\): (?P<test>.+?)) ?\u2500*$"),
            FailureKind.TEST,
            otherwise=RootCause.TEST_FAILURE,
        ),
        Rule(re.compile(r"\* (?P<message>checking .+ \.\.\. ?(?:\[.+\] )?ERROR)$"), FailureKind.OTHER),
    )


PARSER: type[Parser] = RLanguage
