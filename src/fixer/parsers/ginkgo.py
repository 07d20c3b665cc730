"""Ginkgo: `[Fail] suite [It] test` and its `[FAIL]` form, as listed in the summary."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, None, RootCause.TEST_FAILURE)


class Ginkgo(LineParser):
    """See the module."""

    tool: ClassVar[str] = "ginkgo"
    needles: ClassVar[tuple[str, ...]] = ("[Fail] ", "[FAIL] ")
    rules: ClassVar[tuple[Rule, ...]] = (Rule(re.compile(r"\s*\[(?:Fail|FAIL)\] (?P<test>.+?)\s*$"), *_TEST),)


PARSER: type[Parser] = Ginkgo
