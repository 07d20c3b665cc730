"""ExUnit (mix test): `1) test title (Module)` with its place below."""

import re
from typing import ClassVar

from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, None, RootCause.TEST_FAILURE)


class Exunit(LineParser):
    """See the module."""

    tool: ClassVar[str] = "exunit"
    needles: ClassVar[tuple[str, ...]] = (") test ", ") property ")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(re.compile(r"\s+\d+\) (?P<test>(?:test|property) .+ \([\w.]+\))$"), *_TEST),
    )


PARSER: type[Parser] = Exunit
