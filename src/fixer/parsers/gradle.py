"""Gradle: failing tests as its test logger prints them, and `* What went wrong:`."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.causes import hinted_cause
from fixer.parsers.base import LogLine, Parser, failed_test, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TEST = re.compile(
    r"(?!> Task|Execution|:)((?:[\w.$ -]{1,200}?|.{1,200}?) > .{1,300}?|[\w.]+\.[\w$]+) (?:FAILED|\(.*\) FAILED)$"
)
_RAISED = re.compile(
    r"\s+((?:[\w$]+\.)*[A-Z][\w$]*(?:Error|Exception|Failure|Failed|Invocations?|Throwable"
    r"|[A-Z]\w*))(?:: ?(.*?))?(?: at ([\w.$-]+\.(?:java|kt|groovy|scala)):(\d+))?$"
)
_FRAME = re.compile(r"\s+at (?:[\w.$/@-]+/)?([\w.$<>]+)\(([\w$-]+\.(?:java|kt|groovy|scala)):(\d+)\)")
_MISSING = re.compile(r"Could not (?:find|resolve|download)|Cannot resolve|Unable to find")
_TESTS = re.compile(
    r"There were failing tests|Compilation (?:error|failed)|Checkstyle (?:rule )?violations|see the compiler error"
)
_ENVIRONMENT = re.compile(
    r"\b(?:NDK|SDK|JAVA_HOME|toolchain|licen[cs]es|Unsupported class file|requires (?:at least )?Java)\b", re.IGNORECASE
)
_JAVA = re.compile(r"compatible with (?:Java|JVM runtime version) \d+", re.IGNORECASE)
_TASK = re.compile(r"Execution failed for task '\S*:(\w+)'")
# what a task is there for, by its name; the first that fits
_PURPOSES = (
    (RootCause.LINT, re.compile(r"lint|checkstyle|spotless|detekt|pmd|spotbugs|apiCheck|license", re.IGNORECASE)),
    (RootCause.TEST_FAILURE, re.compile(r"test|verification|jacoco|kover", re.IGNORECASE)),
    (RootCause.INVALID_DATA, re.compile(r"publish|upload|release(?!\w*$)")),
)
LONGEST = 60

_UNANSWERED = {RootCause.NETWORK_ERROR, RootCause.AUTH_ERROR, RootCause.RATE_LIMIT, RootCause.TIMEOUT}


class Gradle:
    """See the module."""

    tool: ClassVar[str] = "gradle"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (" FAILED", "* What went wrong:")

    def __init__(self) -> None:
        """Start before the first line."""
        self._test: tuple[LogLine, str] | None = None
        self._raised: tuple[LogLine, str, str] | None = None
        self._frames: list[tuple[str, int, str]] = []
        self._wrong: LogLine | None = None
        self._said: list[tuple[str, LogLine]] = []

    @property
    def active(self) -> bool:
        """Whether an error is being read."""
        return self._test is not None or self._wrong is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        if text.startswith("* What went wrong:"):
            done = list(self.finish())
            self._wrong = line
            return done
        if self._wrong:
            return self._going_wrong(line, text)
        test = _TEST.match(text) if text.endswith("FAILED") else None
        if test and "::" not in text:
            done = list(self.finish())
            self._test = (line, test[1].strip())
            return done
        return self._inside(line, text) if self._test else ()

    def _inside(self, line: LogLine, text: str) -> Iterable[Failure]:
        assert self._test is not None
        frame = _FRAME.match(text)
        raised = _RAISED.match(text) if self._raised is None and not frame else None
        if frame and len(self._frames) < 60:
            self._frames.append((frame[2], int(frame[3]), frame[1]))
        elif raised:
            self._raised = (line, raised[1], f"{raised[1]}: {raised[2]}" if raised[2] else raised[1])
            if raised[3]:
                self._frames.append((raised[3], int(raised[4]), ""))
        elif (
            (text and not text.startswith((" ", "\t")))
            or line.number > self._test[0].number + LONGEST
            or (not text and self._raised)
        ):
            return self.finish()
        return ()

    def _going_wrong(self, line: LogLine, text: str) -> Iterable[Failure]:
        assert self._wrong is not None
        if text.startswith(("* ", "BUILD FAILED")) or line.number > self._wrong.number + LONGEST:
            return self.finish()
        if text.strip() and len(self._said) < 12 and not text.startswith("> Task "):
            self._said.append((text.strip(), line))
        return ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        test, raised, frames, wrong, said = self._test, self._raised, self._frames, self._wrong, self._said
        self._test, self._raised, self._frames, self._wrong, self._said = None, None, [], None, []
        if test:
            yield _test_failure(test, raised, frames)
        if wrong and said:
            yield from _build_failure(said)


def _test_failure(
    test: tuple[LogLine, str], raised: tuple[LogLine, str, str] | None, frames: list[tuple[str, int, str]]
) -> Failure:
    line, exception, message = raised or (test[0], None, f"{test[1]} FAILED")
    words = test[1].split(" > ")[0].split(".")[-1].split("$")[0].strip()
    own = next((frame for frame in frames if frame[0].split(".")[0] == words), frames[0] if frames else None)
    return failed_test(Gradle.tool, line, message, test=test[1], own=own, exception=exception, frames=frames)


def _build_failure(said: list[tuple[str, LogLine]]) -> Iterable[Failure]:
    reasons = [(text, line) for text, line in said if text.startswith(">")] or said
    text, line = reasons[0]
    whole = " ".join(text for text, _ in said)
    if _TESTS.search(whole):
        return
    for inner, inner_line in said:
        if _MISSING.search(inner) and inner.startswith(">"):
            text, line = inner, inner_line
    missing, environment = _MISSING.search(whole), _ENVIRONMENT.search(whole)
    # a repository that did not answer is why something could not be resolved
    deepest, deepest_line = said[-1]
    unanswered = hinted_cause(deepest) if missing and len(said) > 1 else RootCause.UNKNOWN
    if unanswered in _UNANSWERED:
        text, line = deepest, deepest_line
    if _JAVA.search(whole):
        missing, environment = None, _JAVA.search(whole)
    known = RootCause.MISSING_DEPENDENCY if missing else RootCause.ENVIRONMENT if environment else None
    yield new_failure(
        Gradle.tool,
        FailureKind.DEPENDENCY if missing else FailureKind.OTHER,
        text.lstrip("> "),
        line,
        root_cause=unanswered if unanswered in _UNANSWERED else known,
        otherwise=RootCause.INFRASTRUCTURE if "daemon disappeared" in whole else _purpose(whole),
    )


def _purpose(whole: str) -> RootCause:
    task = _TASK.search(whole)
    return next((cause for cause, name in _PURPOSES if task and name.search(task[1])), RootCause.ENVIRONMENT)


PARSER: type[Parser] = Gradle
