"""Coverage gates: a threshold of pytest-cov, coverage, jest, nyc, c8 or JaCoCo that is not met."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause


class Coverage(LineParser):
    """See the module."""

    tool: ClassVar[str] = "coverage"
    rank: ClassVar[int] = 20
    needles: ClassVar[tuple[str, ...]] = (
        "overage failure",
        "overage threshold",
        "not meet",
        "fail-under",
        "not met",
        "overage check",
    )
    rules: ClassVar[tuple[Rule, ...]] = tuple(
        Rule(re.compile(pattern), FailureKind.TEST, RootCause.TEST_FAILURE)
        for pattern in (
            r".{0,80}?(?P<message>Coverage failure: total of .+)",
            r".{0,80}?(?P<message>Required test coverage of .+ not reached.*)",
            r".{0,80}?(?P<message>[Cc]overage threshold for .+ not met.*)",
            r".{0,80}?(?P<message>Coverage for .+ does not meet .+)",
            r".{0,200}?(?P<message>Rule violated for .+ is .+, but expected minimum is .+)",
            r".{0,80}?(?P<message>[Cc]overage check.{0,40} failed.*)",
        )
    )


PARSER: type[Parser] = Coverage
