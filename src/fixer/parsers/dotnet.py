"""dotnet test and MSBuild: failing tests with their message, compiler and NuGet errors."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, Rule, by_rule, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TEST = re.compile(
    r"\s*(?:Failed|X) (?P<test>[A-Za-z_][^\s\[(]*(?:\(.*\))?) \[[^\]]+\]$"
    r"|.{0,80}\s(?P<other>[\w.+]+\.\w+(?:\(.*\))?) \[FAIL\]$"
)
_PLACE = re.compile(r"\s*at (\S.*?) in (.+):line (\d+)")
_BUILD = re.compile(
    r"(?:\s*\d+>)?(?P<file>(?:[A-Za-z]:)?[^\s:(][^:(]{0,300})(?:\((?P<line>\d+),(?P<column>\d+)"
    r"(?:,\d+,\d+)?\))? ?: error "
    r"(?P<code>(?:CS|FS|BC|MSB|NETSDK|CA|IDE|SA)\d{3,5}): (?P<message>.+?)(?: \[[^\]]+\])?$"
)
_NUGET = re.compile(r".{0,300}error (?P<code>NU\d{4}): (?P<message>.+?)(?: \[[^\]]+\])?$")
_RULES = (
    # NU1301: the source of packages does not answer, or refuses
    Rule(
        re.compile(r".{0,300}error (?P<code>NU1301): (?P<message>.+?)(?: \[[^\]]+\])?$"),
        FailureKind.INFRASTRUCTURE,
        None,
        RootCause.NETWORK_ERROR,
    ),
    Rule(_NUGET, FailureKind.DEPENDENCY, RootCause.MISSING_DEPENDENCY),
    Rule(_BUILD, FailureKind.COMPILE, RootCause.COMPILE_ERROR),
)
LONGEST = 60
"""Lines after a test's name in which its message and place are looked for."""


class Dotnet:
    """See the module."""

    tool: ClassVar[str] = "dotnet"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (
        "  Failed ",
        "[FAIL]",
        " error CS",
        " error FS",
        "error NU",
        " error MSB",
        " error NETSDK",
    )

    def __init__(self) -> None:
        """Start before the first line."""
        self._test: tuple[str, LogLine] | None = None
        self._message: tuple[str, LogLine] | None = None
        self._wants = False
        self._frames: list[tuple[str, int, str]] = []

    @property
    def active(self) -> bool:
        """Whether a test's message is awaited."""
        return self._test is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        found = _TEST.match(text)
        if found:
            done = list(self.finish())
            self._test = (found["test"] or found["other"], line)
            self._wants = bool(found["other"])
            return done
        for rule in _RULES:
            match = rule.pattern.match(text) if "error " in text else None
            if match:
                return [by_rule(self.tool, rule, match, line)]
        return self._inside(line, text) if self._test else ()

    def _inside(self, line: LogLine, text: str) -> Iterable[Failure]:
        assert self._test is not None
        place = _PLACE.match(text)
        if text.strip() == "Error Message:":
            self._wants = True
        elif place:
            self._frames.append((place[2], int(place[3]), place[1]))
            return self.finish()
        elif self._wants and text.strip() and self._message is None:
            self._message = (re.sub(r"^\[xUnit.net [\d:.]+\]\s+", "", text.strip()), line)
        return self.finish() if line.number > self._test[1].number + LONGEST else ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        test, message, frames = self._test, self._message, self._frames
        self._test, self._message, self._wants, self._frames = None, None, False, []
        if test is None:
            return []
        text, where = message or (f"{test[0]} failed", test[1])
        frame = frames[0] if frames else None
        return [
            new_failure(
                self.tool,
                FailureKind.TEST,
                text,
                where,
                test=test[0],
                file=frame[0] if frame else None,
                at=(frame[1] if frame else None, None),
                frames=tuple(frames),
                otherwise=RootCause.TEST_FAILURE,
            )
        ]


PARSER: type[Parser] = Dotnet
