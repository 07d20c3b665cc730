"""cargo and rustc: compiler errors, failing tests and panics, clippy, rustfmt, dependency resolution."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_ERROR = re.compile(r"error(?:\[(E\d{4})\])?: (.+)")
_PLACE = re.compile(r"\s*--> ([^:]+):(\d+):(\d+)$")
_TEST = re.compile(r"test (\S+)(?: - should panic)? \.\.\. FAILED$|---- (\S+) stdout ----$")
_PANIC = re.compile(r"thread '(.+?)'(?: \(\d+\))? panicked at (?:'(.+)', )?([^:']+):(\d+):(\d+):?$")
_DIFF = re.compile(r"Diff in (.+?)(?: at line (\d+):|:(\d+):)$")
_RESOLVE = re.compile(
    r"error: (failed to select a version|no matching package|failed to (?:get|load|parse) "
    r"|the lock file .+ needs to be updated"
    r"|package `.+` cannot be built|failed to download).*"
)
_CONSEQUENCE = ("could not compile", "test failed, to rerun", "aborting due to", "process didn't exit", "build failed")
_LINT = re.compile(r"`(?:-D|#\[deny\()|clippy::|`-D warnings`|#\[deny|rust-clippy")
LONGEST = 40


class Cargo:
    """See the module."""

    tool: ClassVar[str] = "cargo"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (
        "error[E",
        "error: ",
        " ... FAILED",
        " stdout ----",
        " panicked at ",
        "Diff in ",
    )

    def __init__(self) -> None:
        """Start before the first line."""
        self._error: tuple[LogLine, str | None, str] | None = None
        self._place: tuple[str, int, int] | None = None
        self._lint = False
        self._tests: dict[str, LogLine] = {}
        self._panic: tuple[LogLine, re.Match[str]] | None = None

    @property
    def active(self) -> bool:
        """Whether an error's place or a panic's message is awaited."""
        return self._error is not None or self._panic is not None

    @property
    def claims(self) -> bool:
        """Whether what is open is known to be rustc's."""
        return (
            self._panic is not None
            or self._place is not None
            or (self._error is not None and self._error[1] is not None)
        )

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        if self._panic:
            return self._panicked(text.strip() or "panicked", line)
        done: list[Failure] = []
        if self._error:
            done = self._inside(line, text)
            if self._error:
                return done
        return [*done, *self._start(line, text)]

    def _start(self, line: LogLine, text: str) -> Iterable[Failure]:
        panic = _PANIC.match(text)
        if panic:
            self._panic = (line, panic)
            return self._panicked(panic[2], line) if panic[2] else ()
        test = _TEST.match(text)
        if test:
            if len(self._tests) < 500:
                self._tests.setdefault(test[1] or test[2], line)
            return ()
        diff = _DIFF.match(text)
        if diff:
            at = (int(diff[2] or diff[3]), None)
            file = diff[1].removeprefix("\\\\?\\")
            return [
                new_failure(
                    self.tool,
                    FailureKind.FORMAT,
                    f"Diff in {file}",
                    line,
                    file=file,
                    at=at,
                    code="rustfmt",
                    root_cause=RootCause.LINT,
                )
            ]
        if _RESOLVE.match(text):
            cause = RootCause.MISSING_DEPENDENCY
            return [new_failure(self.tool, FailureKind.DEPENDENCY, text, line, otherwise=cause)]
        error = _ERROR.match(text)
        if error and not error[2].startswith(_CONSEQUENCE):
            self._error = (line, error[1], error[2])
        return ()

    def _inside(self, line: LogLine, text: str) -> list[Failure]:
        assert self._error is not None
        place = _PLACE.match(text) if self._place is None else None
        if place:
            self._place = (place[1], int(place[2]), int(place[3]))
        elif (_LINT.search(text) and "= note" in text) or "rust-clippy" in text:
            self._lint = True
        elif (
            self._place is None
            or not text.strip()
            or _ERROR.match(text)
            or line.number > self._error[0].number + LONGEST
        ):
            return list(self._ended())
        return []

    def _panicked(self, message: str, line: LogLine) -> Iterable[Failure]:
        assert self._panic is not None
        stated, panic = self._panic
        self._panic = None
        name = panic[1]
        self._tests.pop(name, None)
        return [
            new_failure(
                self.tool,
                FailureKind.TEST if name != "main" else FailureKind.EXCEPTION,
                message,
                stated if panic[2] else line,
                test=name if name != "main" else None,
                file=panic[3],
                at=(int(panic[4]), int(panic[5])),
                exception="panic",
                otherwise=RootCause.TEST_FAILURE,
            )
        ]

    def _ended(self) -> Iterable[Failure]:
        error, place, lint = self._error, self._place, self._lint
        self._error, self._place, self._lint = None, None, False
        if error is None or (place is None and error[1] is None):
            return
        line, code, message = error
        # rustc's form, but not of a Rust file: a checker of texts that has borrowed it
        lint = lint or bool(place and not code and not place[0].endswith((".rs", ".toml")))
        missing = code in {"E0432", "E0433", "E0463"} and "crate" in message
        yield new_failure(
            self.tool,
            FailureKind.LINT if lint else FailureKind.COMPILE,
            f"error[{code}]: {message}" if code else f"error: {message}",
            line,
            file=place[0] if place else None,
            at=place[1:] if place else (None, None),
            code=code,
            root_cause=RootCause.LINT if lint else RootCause.MISSING_DEPENDENCY if missing else RootCause.COMPILE_ERROR,
        )

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        yield from self._ended()
        tests, self._tests, self._panic = self._tests, {}, None
        for name, line in tests.items():
            yield new_failure(
                self.tool, FailureKind.TEST, f"{name} failed", line, test=name, root_cause=RootCause.TEST_FAILURE
            )


PARSER: type[Parser] = Cargo
