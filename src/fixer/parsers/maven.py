"""Maven and surefire: failing tests, and the goal that failed where nothing else explains it."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, failed_test, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_LEVEL = r"(?:[\d.:]+ )?(?:\[ERROR\] )?"
_OLD = re.compile(_LEVEL + r"(\w[\w$\[\] ,.-]*?)\(([\w.$]+)\)\s+(?:--\s+)?Time elapsed: .*<<< (?:FAILURE|ERROR)!")
_NEW = re.compile(_LEVEL + r"([\w.$]+)\.([\w$]+(?:[({\[].*)?) +(?:-- )?Time elapsed: .*<<< (?:FAILURE|ERROR)!")
_RESULT = re.compile(
    r"(?:[\d.:]+ )?\[ERROR\] {2,}([\w$]+)\.([\w$]+(?:\[.*?\]|\(.*?\))?):(\d+)(?:->\S+)?(?: (?:» )?(.*))?$"
)
_LIST = re.compile(r"(?:\[ERROR\] )?(?:Failed tests|Tests in error):\s*(.*)$")
_LISTED = re.compile(r"\s*(\w+)\(([\w.$]+)\)(?:: ?(.*))?$")
_RAISED = re.compile(r"((?:[\w$]+\.)+[\w$]*(?:Error|Exception|Failure|Failed|[A-Z]\w*))(?:: ?(.*))?$")
_FRAME = re.compile(r"\s+at (?:[\w.$/@-]+/)?([\w.$<>]+)\(([\w$-]+\.(?:java|kt|groovy|scala)):(\d+)\)")
_GOAL = re.compile(r"(?:[\d.:]+ )?\[ERROR\] (Failed to execute goal .+)")
_POM = re.compile(
    r"(?:[\d.:]+ )?\[(?:ERROR|FATAL)\]\s+((?:Non-resolvable|Could not resolve|Could not find artifact"
    r"|Unresolveable|Malformed POM|'dependencies).+)"
)
_SEEN = re.compile(
    r"There are test failures|Compilation failure|There was a failure|Execution .* failed: There w|checkstyle violation"
)
_MISSING = re.compile(r"Could not (?:resolve|find|transfer)|Non-resolvable|Unresolveable|was not found in")
_TARGET = re.compile(
    r"invalid (?:target|source) release|release version \d+ not supported|requires (?:at least )?(?:Java|JDK"
    r"|Maven)|JAVA_HOME|No compiler is provided|toolchain",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"status(?: code)?: 40[13]\b|Not authorized|Unauthorized|Forbidden")
_UNANSWERED = re.compile(
    r"status(?: code)?: 5\d\d\b|Connection (?:timed out|refused|reset)|[Uu]nknown ?[Hh]ost|Connect to .{1,200} failed"
)
_PLUGIN = re.compile(r"Failed to execute goal \S+?:(?:[\w.]*?-)?(\w+)(?:-maven)?(?:-plugin)?:")
# what a goal is there for, by the name of its plugin
_PURPOSES = {
    **dict.fromkeys(("enforcer", "toolchains", "flyway", "liquibase"), RootCause.ENVIRONMENT),
    **dict.fromkeys(("checkstyle", "spotless", "pmd", "spotbugs", "license", "rat", "formatter"), RootCause.LINT),
    **dict.fromkeys(("surefire", "failsafe", "jacoco"), RootCause.TEST_FAILURE),
    **dict.fromkeys(("compiler", "javadoc", "kotlin", "scala", "antlr4", "protobuf"), RootCause.COMPILE_ERROR),
    **dict.fromkeys(("deploy", "release", "gpg", "publishing"), RootCause.INVALID_DATA),
}
LONGEST = 40


class Maven:
    """See the module."""

    tool: ClassVar[str] = "maven"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (
        "<<< FAILURE!",
        "<<< ERROR!",
        "[ERROR]",
        "[FATAL]",
        "Failed tests:",
        "Tests in error:",
    )

    def __init__(self) -> None:
        """Start before the first line."""
        self._test: tuple[LogLine, str] | None = None
        self._raised: tuple[LogLine, str, str] | None = None
        self._frames: list[tuple[str, int, str]] = []
        self._seen: set[str] = set()
        self._listing = False

    @property
    def active(self) -> bool:
        """Whether a test's stack is being read."""
        return self._test is not None or self._listing

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        test = (_OLD.match(text) or _NEW.match(text)) if "<<< " in text else None
        if test:
            done = list(self.finish())
            name = f"{test[2]}.{test[1]}" if test.re.pattern == _OLD.pattern else f"{test[1]}.{test[2]}"
            self._test = (line, name)
            return done
        if self._test:
            return self._inside(line, text)
        return self._alone(line, text)

    def _old_list(self, line: LogLine, text: str) -> Iterable[Failure]:
        """Read the list of surefire before 2.13: `  testX(pkg.Class): message`."""
        listed = _LISTED.match(text)
        self._listing = listed is not None
        if listed is None or f"{listed[2]}.{listed[1]}" in self._seen:
            return ()
        name = f"{listed[2]}.{listed[1]}"
        self._remember(name)
        message = listed[3] or f"{name} failed"
        return [new_failure(self.tool, FailureKind.TEST, message, line, test=name, otherwise=RootCause.TEST_FAILURE)]

    def _alone(self, line: LogLine, text: str) -> Iterable[Failure]:
        start = _LIST.match(text)
        if start or self._listing:
            self._listing = True
            return self._old_list(line, start[1] if start else text) if not start or start[1] else ()
        result = _RESULT.match(text)
        if result:
            return self._listed(result, line)
        goal, pom = _GOAL.match(text), _POM.match(text)
        found = pom or goal
        if found is None or _SEEN.search(text):
            return ()
        missing, target = _MISSING.search(text), _TARGET.search(text)
        kind = FailureKind.DEPENDENCY if missing else FailureKind.OTHER
        cause = RootCause.ENVIRONMENT if target else RootCause.AUTH_ERROR if _REFUSED.search(text) else None
        if cause is None and _UNANSWERED.search(text):
            cause = RootCause.NETWORK_ERROR
        plugin = _PLUGIN.match(found[1])
        meant = _PURPOSES.get(plugin[1], RootCause.UNKNOWN) if plugin else RootCause.UNKNOWN
        otherwise = RootCause.MISSING_DEPENDENCY if missing else meant
        if "Could not transfer artifact" in text and "was not found in" not in text:
            otherwise = RootCause.NETWORK_ERROR
        return [new_failure(self.tool, kind, found[1], line, root_cause=cause, otherwise=otherwise)]

    def _listed(self, result: re.Match[str], line: LogLine) -> Iterable[Failure]:
        """Read the list under `Results:`, for tests of which no stack was printed."""
        short = f"{result[1]}.{result[2]}"
        if any(name == short or name.endswith(f".{short}") for name in self._seen):
            return ()
        self._remember(short)
        return [
            new_failure(
                self.tool,
                FailureKind.TEST,
                (result[4] or "").strip() or f"{short} failed",
                line,
                test=short,
                file=f"{result[1]}.java",
                at=(int(result[3]), None),
                otherwise=RootCause.TEST_FAILURE,
            )
        ]

    def _inside(self, line: LogLine, text: str) -> Iterable[Failure]:
        assert self._test is not None
        frame = _FRAME.match(text)
        raised = _RAISED.match(text) if self._raised is None else None
        if frame and len(self._frames) < 60:
            self._frames.append((frame[2], int(frame[3]), frame[1]))
        elif raised:
            self._raised = (line, raised[1], f"{raised[1]}: {raised[2]}" if raised[2] else raised[1])
        elif (
            (not text.strip() and self._raised)
            or text.startswith("[INFO]")
            or line.number > self._test[0].number + LONGEST
        ):
            return self.finish()
        return ()

    def _remember(self, name: str) -> None:
        if len(self._seen) < 2000:
            self._seen.add(name)

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        test, raised, frames = self._test, self._raised, self._frames
        self._test, self._raised, self._frames = None, None, []
        if test is None:
            return []
        name = test[1]
        self._remember(name)
        line, exception, message = raised or (test[0], None, f"{name} failed")
        short = name.split("(")[0].rsplit(".", 1)[0].rsplit(".", 1)[-1].split("$")[0]
        own = next((frame for frame in frames if frame[0].split(".")[0] == short), frames[0] if frames else None)
        return [failed_test(self.tool, line, message, test=name, own=own, exception=exception, frames=frames)]


PARSER: type[Parser] = Maven
