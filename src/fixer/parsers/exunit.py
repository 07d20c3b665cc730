"""mix (Elixir): `1) test title (Module)` of ExUnit, compile errors, and files that `mix format` would change."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, None, RootCause.TEST_FAILURE)
_COMPILE = (FailureKind.COMPILE, RootCause.COMPILE_ERROR)


class Exunit(LineParser):
    """See the module."""

    tool: ClassVar[str] = "exunit"
    needles: ClassVar[tuple[str, ...]] = (") test ", ") property ", "** (")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(re.compile(r"\s+\d+\) (?P<test>(?:test|property) .+ \([\w.]+\))$"), *_TEST),
        Rule(
            re.compile(
                r"\*\* \((?:Compile|Syntax|Token\w+)Error\) (?P<file>[^\s:]+\.exs?):(?P<line>\d+)"
                r"(?::(?P<column>\d+))?: (?P<message>.+)"
            ),
            *_COMPILE,
        ),
        Rule(re.compile(r"\*\* \((?:Compile|Syntax|Token\w+)Error\) (?P<message>.+)"), *_COMPILE),
        Rule(re.compile(r"\*\* \(Mix\) (?P<message>mix format failed.+)"), FailureKind.FORMAT, RootCause.LINT),
    )


PARSER: type[Parser] = Exunit
