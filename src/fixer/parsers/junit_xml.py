"""JUnit XML in a log or beside it: `<testcase>` elements with `<failure>` or `<error>`, read line by line."""

import html
import re
from collections.abc import Iterable
from typing import ClassVar

from fixer.ci_log.clean import clean
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_CASE = re.compile(r"<testcase\b([^<]{0,2000})")
_BAD = re.compile(r"<(failure|error)\b([^<]{0,2000})(?:>([^<]{0,2000}))?")
_ATTRIBUTE = re.compile(r"\b(name|classname|file|line|message|type)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


class JunitXml:
    """See the module."""

    tool: ClassVar[str] = "junit_xml"
    rank: ClassVar[int] = 10
    needles: ClassVar[tuple[str, ...]] = ("<testcase", "<failure", "<error")
    active: ClassVar[bool] = False

    def __init__(self) -> None:
        """Start before the first line."""
        self._case: dict[str, str] = {}

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line; an element may share it with others, or lie over several."""
        found = []
        for match in sorted([*_CASE.finditer(line.text), *_BAD.finditer(line.text)], key=re.Match.start):
            if match.re is _CASE:
                self._case = _attributes(match[1])
            elif self._case:
                found.append(self._failure(line, _attributes(match[2]), match[3] or ""))
                self._case = {}
        return found

    def _failure(self, line: LogLine, said: dict[str, str], text: str) -> Failure:
        case = self._case
        name, owner, at = case.get("name", "?"), case.get("classname", ""), case.get("line", "")
        inner = _unescaped(text).strip().splitlines()
        return new_failure(
            self.tool,
            FailureKind.TEST,
            (said.get("message") or (inner[0] if inner else "") or said.get("type") or f"{name} failed").splitlines()[
                0
            ],
            line,
            test=f"{owner}.{name}" if owner else name,
            file=case.get("file"),
            at=(int(at) if at.isdigit() else None, None),
            exception=said.get("type"),
            otherwise=RootCause.TEST_FAILURE,
        )

    def finish(self) -> Iterable[Failure]:
        """Nothing is open that was not said."""
        return ()


def _attributes(text: str) -> dict[str, str]:
    return {found[1]: _unescaped(found[2] or found[3] or "") for found in _ATTRIBUTE.finditer(text)}


def _unescaped(text: str) -> str:
    """Return the text that the entities stand for, which may be control characters: those go."""
    return "\n".join(clean(line) for line in html.unescape(text).split("\n"))


PARSER: type[Parser] = JunitXml
