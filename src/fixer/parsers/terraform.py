"""Terraform and OpenTofu: `Error: title`, with the place `on main.tf line 3` below it, boxed or not."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_BAR = re.compile(r"[│╷╵|]? ?")
_TITLE = re.compile(r"Error: (\S.*)$")
_PLACE = re.compile(r"\s{1,4}on (\S+\.t(?:f|ofu)(?:vars|test\.hcl)?) line (\d+)")
LONGEST = 8


class Terraform:
    """See the module."""

    tool: ClassVar[str] = "terraform"
    rank: ClassVar[int] = 30
    needles: ClassVar[tuple[str, ...]] = ("Error: ",)
    claims: ClassVar[bool] = False

    def __init__(self) -> None:
        """Start before the first line."""
        self._title: tuple[LogLine, str] | None = None

    @property
    def active(self) -> bool:
        """Whether the place of an error is awaited."""
        return self._title is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        bar = _BAR.match(line.text)
        text = line.text[bar.end() :] if bar else line.text
        title = _TITLE.match(text)
        if title:
            self._title = (line, title[1])
            return ()
        if self._title is None:
            return ()
        place = _PLACE.match(text)
        stated, message = self._title
        if place:
            self._title = None
            at = (int(place[2]), None)
            return [
                new_failure(
                    self.tool,
                    FailureKind.COMPILE,
                    message,
                    stated,
                    file=place[1],
                    at=at,
                    otherwise=RootCause.ENVIRONMENT,
                )
            ]
        if line.number > stated.number + LONGEST:
            self._title = None
        return ()

    def finish(self) -> Iterable[Failure]:
        """A title without a place may be any tool's."""
        return ()


PARSER: type[Parser] = Terraform
