"""RSpec: the numbered failures with their message and place, and the list of commands that run them again."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TITLE = re.compile(r"\s+\d{1,4}\) (.+)$")
_ERROR = re.compile(r"\s*Failure/Error: ?(.*)$")
_PLACE = re.compile(r"\s+# (\S+?):(\d+):in [`'](.+)'$|\s+# (\S+?):(\d+)$")
_AGAIN = re.compile(r"rspec (\S+?)(?::(\d+)|\[[\d:,]+\]) # (.+)$")
_LOADING = re.compile(r"An error occurred while loading (\S+?)\.?(?: - Did you mean\?)?$")
_TYPED = re.compile(r"([A-Z]\w*(?:::\w+)*(?:Error|Exception|NotFound|Invalid)?):$")
LONGEST = 60


class Rspec:
    """See the module."""

    tool: ClassVar[str] = "rspec"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("Failure/Error:", "rspec ", "error occurred while loading")
    lookback: ClassVar[int] = 2

    def __init__(self) -> None:
        """Start before the first line."""
        self._title: tuple[LogLine, str] | None = None
        self._error: LogLine | None = None
        self._code = ""
        self._said: list[str] = []
        self._exception: str | None = None
        self._frames: list[tuple[str, int, str]] = []
        self._seen: set[str] = set()

    @property
    def active(self) -> bool:
        """Whether a failure is being read."""
        return self._error is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        title = _TITLE.match(text)
        loading = _LOADING.match(text)
        if title or loading:
            done = list(self.finish())
            self._title = (line, title[1].strip() if title else loading[1] if loading else "")
            return done
        error = _ERROR.match(text)
        if error and self._title and line.number < self._title[0].number + LONGEST:
            self._error, self._code = line, error[1].strip()
            return ()
        if self._error:
            return self._inside(line, text)
        again = _AGAIN.match(text)
        if again and again[3] not in self._seen:
            return [self._listed(again, line)]
        return ()

    def _inside(self, line: LogLine, text: str) -> Iterable[Failure]:
        assert self._error is not None
        place = _PLACE.match(text)
        typed = _TYPED.match(text.strip())
        if place:
            self._frames.append((place[1] or place[4], int(place[2] or place[5]), place[3] or ""))
        elif (text and not text.startswith((" ", "\t"))) or line.number > self._error.number + LONGEST:
            return self.finish()
        elif self._frames:
            return self.finish() if not text.strip() else ()
        elif typed:
            self._exception = typed[1]
        elif text.strip() and len(self._said) < 10:
            self._said.append(text.strip())
        return ()

    def _listed(self, again: re.Match[str], line: LogLine) -> Failure:
        at = (int(again[2]) if again[2] else None, None)
        cause = RootCause.TEST_FAILURE
        return new_failure(
            self.tool,
            FailureKind.TEST,
            f"{again[3]} failed",
            line,
            test=again[3],
            file=again[1],
            at=at,
            root_cause=cause,
        )

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        title, error, code, said = self._title, self._error, self._code, self._said
        exception, frames = self._exception, self._frames
        self._title, self._error, self._code, self._said, self._exception, self._frames = None, None, "", [], None, []
        if title is None or error is None:
            return []
        if len(self._seen) < 5000:
            self._seen.add(title[1])
        own = next((frame for frame in frames if "/gems/" not in frame[0]), frames[0] if frames else None)
        words = " ".join(said[:4]) or code
        message = f"{exception}: {words}" if exception else f"{code} {words}" if said else code
        return [
            new_failure(
                self.tool,
                FailureKind.TEST,
                message,
                error,
                test=title[1],
                file=own[0] if own else None,
                at=(own[1] if own else None, None),
                exception=exception,
                frames=tuple(frames[::-1][:60]),
                otherwise=RootCause.TEST_FAILURE,
            )
        ]


PARSER: type[Parser] = Rspec
