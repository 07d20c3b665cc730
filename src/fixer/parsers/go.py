"""go test, go build and go vet: failing tests and sub-tests, panics, compiler errors, missing modules."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, Rule, by_rule, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TEST = re.compile(r"\s*--- FAIL: (\S+) \([\d.]+m?s\)")
_SAID = re.compile(r"\s+(\S+\.go):(\d+): ?(.*)")
_TRACE = re.compile(r"\s+Error:\s+(.+)")
_PANIC = re.compile(r"panic: (.+?)(?: \[recovered\])?$")
_RULES = (
    Rule(
        re.compile(
            r"(?:vet: )?(?P<file>(?:\.{0,2}/)?[^\s:]{1,300}\.go):(?P<line>\d+):(?P<column>\d+): (?P<message>"
            r"(?:cannot find|no required|missing go\.sum entry for) .*(?:module|package).+)"
        ),
        FailureKind.DEPENDENCY,
        RootCause.MISSING_DEPENDENCY,
    ),
    Rule(
        re.compile(
            r"(?:vet: |#\s)?(?P<file>(?:\.{0,2}/)?[^\s:]{1,300}\.go):(?P<line>\d+):(?P<column>\d+): "
            r"(?P<message>.+?) \((?P<code>[a-z]+[\w-]*)\)$"
        ),
        FailureKind.LINT,
        RootCause.LINT,
    ),
    Rule(
        re.compile(
            r"(?:vet: |#\s)?(?P<file>(?:\.{0,2}/)?[^\s:]{1,300}\.go):(?P<line>\d+):(?P<column>\d+): (?P<message>.+)"
        ),
        FailureKind.COMPILE,
        RootCause.COMPILE_ERROR,
    ),
    Rule(
        re.compile(r"go: (?P<message>no such tool .+|.*command not found.*)"),
        FailureKind.INFRASTRUCTURE,
        RootCause.MISSING_TOOL,
    ),
    Rule(
        re.compile(
            r"go: (?P<message>.*(?:requires go >= |go\.mod requires go|toolchain not available"
            r"|cannot find main module|errors parsing \S+).*)"
        ),
        FailureKind.INFRASTRUCTURE,
        RootCause.ENVIRONMENT,
    ),
    Rule(
        re.compile(r".{0,200}?(?P<message>the Go language version \(.+ lower than .+)"),
        FailureKind.INFRASTRUCTURE,
        RootCause.ENVIRONMENT,
    ),
    Rule(
        re.compile(
            r"(?:go: )?(?P<message>.*(?:missing go\.sum entry|unknown revision|updates to go\.(?:mod|sum) needed"
            r"|inconsistent vendoring"
            r"|no required module provides package|cannot find module providing).*)"
        ),
        FailureKind.DEPENDENCY,
        RootCause.MISSING_DEPENDENCY,
    ),
)


class Go:
    """See the module."""

    tool: ClassVar[str] = "go"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (
        "--- FAIL: ",
        ".go:",
        "panic: ",
        "go: ",
        "the Go language version",
        "missing go.sum",
        "no required module",
    )

    def __init__(self) -> None:
        """Start before the first line."""
        self._tests: list[tuple[str, LogLine]] = []
        self._said: dict[str, tuple[str, str, int, LogLine]] = {}
        self._before: tuple[str, str, int, LogLine] | None = None

    @property
    def active(self) -> bool:
        """Whether what failing tests printed is being read."""
        return bool(self._tests)

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        test = _TEST.match(text) if "--- FAIL: " in text else None
        if test:
            return self._next_test(test, line)
        said = _SAID.match(text) if ".go:" in text else None
        if said:
            self._message(said, line)
            return ()
        if self._tests:
            return self._inside(line, text)
        panic = _PANIC.match(text)
        if panic:
            timeout = "test timed out" in text
            cause = RootCause.TIMEOUT if timeout else RootCause.TEST_FAILURE
            return [new_failure(self.tool, FailureKind.EXCEPTION, text, line, exception="panic", root_cause=cause)]
        for rule in _RULES:
            found = rule.pattern.match(text)
            if found:
                return [by_rule(self.tool, rule, found, line)]
        return ()

    def _next_test(self, test: re.Match[str], line: LogLine) -> Iterable[Failure]:
        nested = test[0].startswith((" ", "\t"))
        done = [] if nested and self._tests else list(self.finish())
        if len(self._tests) < 200:
            self._tests.append((test[1], line))
        before, self._before = self._before, None
        if before and before[3].number > line.number - 40:
            self._said[test[1]] = before
        return done

    def _message(self, said: re.Match[str], line: LogLine) -> None:
        stated = (said[3].strip(), said[1], int(said[2]), line)
        if self._tests and (self._tests[-1][0] not in self._said or not self._said[self._tests[-1][0]][0]):
            self._said[self._tests[-1][0]] = stated
        elif not self._tests:
            self._before = stated

    def _inside(self, line: LogLine, text: str) -> Iterable[Failure]:
        name = self._tests[-1][0]
        trace = _TRACE.match(text)
        if trace and name in self._said and not self._said[name][0]:
            _, file, at, _ = self._said[name]
            self._said[name] = (trace[1].strip(), file, at, line)
        if (
            text.startswith(("FAIL", "ok ", "PASS", "=== ", "exit status", "##[", "---"))
            or line.number > self._tests[-1][1].number + 200
        ):
            return self.finish()
        return ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open; a test that only holds failing sub-tests comes after them."""
        tests, said = self._tests, self._said
        self._tests, self._said = [], {}
        inner = [name for name, _ in tests]
        tests.sort(key=lambda test: any(other.startswith(f"{test[0]}/") for other in inner))
        return [_failure(name, line, said.get(name)) for name, line in tests]


def _failure(name: str, line: LogLine, said: tuple[str, str, int, LogLine] | None) -> Failure:
    message, file, at, where = said or (f"{name} failed", None, None, line)
    return new_failure(
        Go.tool,
        FailureKind.TEST,
        message or f"{name} failed",
        where,
        test=name,
        file=file,
        at=(at, None),
        otherwise=RootCause.TEST_FAILURE,
    )


PARSER: type[Parser] = Go
