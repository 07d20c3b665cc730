"""Foundry (forge): `[FAIL: reason] testName() (gas: 123)`, with and without the older `Reason:`."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, None, RootCause.TEST_FAILURE)


class Foundry(LineParser):
    """See the module."""

    tool: ClassVar[str] = "foundry"
    needles: ClassVar[tuple[str, ...]] = ("[FAIL",)
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(re.compile(r"\[FAIL(?:: |\. Reason: )?(?P<message>.*?)\] (?P<test>\w+\([^)]*\))"), *_TEST),
    )


PARSER: type[Parser] = Foundry
