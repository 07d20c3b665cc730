"""webpack, rollup, vite and esbuild: modules that do not parse, and names that are not exported."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_COMPILE = (FailureKind.COMPILE, RootCause.COMPILE_ERROR)
_BY_WORDS = (FailureKind.COMPILE, None, RootCause.COMPILE_ERROR)


class Bundlers(LineParser):
    """See the module."""

    tool: ClassVar[str] = "bundlers"
    rank: ClassVar[int] = 30
    needles: ClassVar[tuple[str, ...]] = (
        "ERROR in ",
        "Module parse failed",
        "RollupError: ",
        "[ERROR] ",
        "is not exported by",
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        # without a range of columns: a file that does not parse
        Rule(re.compile(r"(?P<message>ERROR in (?:\./)?(?P<file>\S+) (?P<line>\d+):(?P<column>\d+))$"), *_COMPILE),
        Rule(re.compile(r"(?P<message>Module parse failed: .+)"), *_COMPILE),
        Rule(
            re.compile(
                r"(?:\[!\] )?(?:\(plugin .{1,60}\) )?RollupError: (?P<file>\S+) \((?P<line>\d+):(?P<column>\d+)\): "
                r"(?P<message>.+)"
            ),
            *_COMPILE,
        ),
        Rule(re.compile(r"(?:\[!\] )?(?:\(plugin .{1,60}\) )?RollupError: (?P<message>.+)"), *_BY_WORDS),
        Rule(re.compile(r"(?:✘|X) \[ERROR\] (?!Could not resolve)(?P<message>.+)"), *_COMPILE),
        Rule(re.compile(r".{0,40}?(?P<message>['\"]\S+['\"] is not exported by .+)"), *_COMPILE),
    )


PARSER: type[Parser] = Bundlers
