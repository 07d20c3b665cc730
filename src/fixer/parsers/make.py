"""make, ninja and bazel: the target that failed. Mostly a consequence of what a compiler or test said before."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause


class Make(LineParser):
    """See the module."""

    tool: ClassVar[str] = "make"
    rank: ClassVar[int] = 70
    needles: ClassVar[tuple[str, ...]] = ("*** ", "FAILED: ", "ninja: error", "BUILD.bazel:", "/BUILD:")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(r"g?make(?:\[\d+\])?: \*\*\* (?P<message>No rule to make target .+)"),
            FailureKind.OTHER,
            RootCause.ENVIRONMENT,
        ),
        Rule(
            re.compile(
                r"g?make(?:\[\d+\])?: \*\*\* (?P<message>\[(?:(?P<file>[^\]:]+):(?P<line>\d+): )?.+\] Error \d+)"
            ),
            FailureKind.OTHER,
        ),
        Rule(
            re.compile(r"(?P<file>[^\s:]{1,200}):(?P<line>\d+): \*\*\* (?P<message>.+?)\.?\s+Stop\."),
            FailureKind.COMPILE,
        ),
        Rule(re.compile(r"ninja: error: (?P<message>.+)"), FailureKind.OTHER),
        Rule(re.compile(r"FAILED: (?P<message>(?!\[).+)"), FailureKind.OTHER),
        Rule(
            re.compile(
                r"ERROR: (?P<file>\S+/BUILD(?:\.bazel)?):(?P<line>\d+):(?P<column>\d+): (?P<message>.+ failed: .+)"
            ),
            FailureKind.OTHER,
        ),
    )


PARSER: type[Parser] = Make
