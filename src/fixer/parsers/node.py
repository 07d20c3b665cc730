"""node and the bundlers: modules, plugins and presets that cannot be found."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_LOST = r"(?:Cannot find (?:module|package)|Can't resolve|Could not find module|Could not resolve)"
_OWN = r"(?:\.{0,2}/|[A-Za-z]:\\|@/|~)"
_DEPENDENCY = (FailureKind.DEPENDENCY, RootCause.MISSING_DEPENDENCY)


class Node(LineParser):
    """See the module."""

    tool: ClassVar[str] = "node"
    rank: ClassVar[int] = 30
    needles: ClassVar[tuple[str, ...]] = (
        *("Cannot find module", "Cannot find package", "Can't resolve", "Could not find module", "Could not resolve"),
        *("Failed to resolve import", "ESLint couldn't find", "Failed to load ", "Preset "),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(re.compile(rf".{{0,300}}?(?P<message>{_LOST} ['\"](?!{_OWN}).+)"), *_DEPENDENCY),
        Rule(re.compile(rf".{{0,300}}?(?P<message>{_LOST} ['\"].+)"), FailureKind.COMPILE, RootCause.COMPILE_ERROR),
        Rule(re.compile(r".{0,300}?(?P<message>Failed to resolve import .+)"), *_DEPENDENCY),
        Rule(re.compile(r".{0,100}?(?P<message>ESLint couldn't find (?:the|a|an) .+)"), *_DEPENDENCY),
        Rule(re.compile(r".{0,100}?(?P<message>Failed to load (?:plugin|config|parser) .+)"), *_DEPENDENCY),
        Rule(re.compile(r".{0,100}?(?P<message>Preset .{1,200} not found.*)"), *_DEPENDENCY),
    )


PARSER: type[Parser] = Node
