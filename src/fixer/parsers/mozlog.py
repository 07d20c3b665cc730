"""Mozilla's test log (mochitest, reftest, web-platform-tests): `TEST-UNEXPECTED-FAIL | test | message`."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause


class Mozlog(LineParser):
    """See the module."""

    tool: ClassVar[str] = "mozlog"
    needles: ClassVar[tuple[str, ...]] = ("TEST-UNEXPECTED-",)
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(r".{0,80}?TEST-UNEXPECTED-TIMEOUT \| (?P<test>[^|]+?) \| (?P<message>.+)"),
            FailureKind.TEST,
            RootCause.TIMEOUT,
        ),
        Rule(
            re.compile(r".{0,80}?TEST-UNEXPECTED-\w+ \| (?P<test>[^|]+?) \| (?P<message>.+)"),
            FailureKind.TEST,
            otherwise=RootCause.TEST_FAILURE,
        ),
    )


PARSER: type[Parser] = Mozlog
