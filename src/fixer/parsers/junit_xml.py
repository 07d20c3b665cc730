"""JUnit XML in a log or beside it: `<testcase>` elements with `<failure>` or `<error>`, read line by line.

The format, as far as there is one: https://github.com/testmoapp/junitxml.
"""

import html
from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.ci_log.clean import clean
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_TAG = re.compile(r"<(testcase|failure|error)\b((?:[^<>\"']|\"[^\"<]{0,8000}\"|'[^'<]{0,8000}'){0,400})(/?>)")
_UNCLOSED = re.compile(r"<(?:testcase|failure|error)\b[^<]{0,8000}$")
_ATTRIBUTE = re.compile(r"\b(name|classname|file|line|message|type)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ROOT = ("<?xml ", "<testsuite")
LONGEST_TAG = 8000
"""Characters of one start tag, which may lie over several lines."""
LONGEST_TEXT = 400
"""Lines without an element after which the document is taken for ended: a log may show a part of one."""


class JunitXml:
    """See the module."""

    tool: ClassVar[str] = "junit_xml"
    rank: ClassVar[int] = 10
    needles: ClassVar[tuple[str, ...]] = ("<testcase", "<failure", "<error", "<testsuite")

    def __init__(self) -> None:
        """Start before the first line."""
        self._case: dict[str, str] = {}
        self._bad: tuple[LogLine, dict[str, str]] | None = None
        self._tag = ""
        self._inside = False
        self._many = False
        self._idle = 0

    @property
    def active(self) -> bool:
        """Whether it is inside of a document: what its tests printed is nobody else's."""
        return self._inside or bool(self._tag) or self._bad is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line; an element may share it with others, or lie over several."""
        self._follow(line.text)
        text = f"{self._tag} {line.text}" if self._tag else line.text
        self._tag = ""
        found: list[Failure] = []
        at = 0
        for tag in _TAG.finditer(text):
            found += self._say(text[at : tag.start()])
            at = tag.end()
            if tag[1] == "testcase":
                self._case = _attributes(tag[2])
            elif self._case:
                self._bad = (line, _attributes(tag[2]))
                found += [self._failure(*self._bad, "")] if tag[3] == "/>" else []
        unclosed = _UNCLOSED.search(text, at)
        if unclosed and len(unclosed[0]) < LONGEST_TAG:
            self._tag = unclosed[0]
        else:
            found += self._say(text[at:])
        return found

    def _follow(self, text: str) -> None:
        """Note where a document begins and ends."""
        if text.lstrip().startswith(_ROOT):
            self._inside = True
            self._many = self._many or "<testsuites" in text
        if "<" in text:
            self._idle = 0
            if "</testsuites>" in text or ("</testsuite>" in text and not self._many) or "<testsuites/>" in text:
                self._inside = self._many = False
        else:
            self._idle += 1
            if self._idle > LONGEST_TEXT or text.startswith("##["):
                self._inside, self._tag, self._many = False, "", False

    def _say(self, text: str) -> list[Failure]:
        """Return the open failure once its message is known: by its attribute, else by the first words in it."""
        if self._bad is None:
            return []
        words = _unescaped(text.replace("<![CDATA[", "").split("</", 1)[0].split("]]>", 1)[0]).strip()
        if not (self._bad[1].get("message") or words or "</" in text):
            return []
        return [self._failure(*self._bad, words)]

    def _failure(self, line: LogLine, said: dict[str, str], text: str) -> Failure:
        case, self._case, self._bad = self._case, {}, None
        name, owner, at = case.get("name", "?"), case.get("classname", ""), case.get("line", "")
        message = said.get("message", "").strip() or text or said.get("type") or f"{name} failed"
        return new_failure(
            self.tool,
            FailureKind.TEST,
            message.splitlines()[0],
            line,
            test=_test(owner, name, case.get("file", "")),
            file=case.get("file"),
            at=(int(at) if at.isdigit() else None, None),
            exception=said.get("type") or None,
            otherwise=RootCause.TEST_FAILURE,
        )

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        return [self._failure(*self._bad, "")] if self._bad else []


def _test(owner: str, name: str, file: str) -> str:
    """Return the test as its runner takes it: pytest's reports may name the file, others the class."""
    module = file.removesuffix(".py").replace("/", ".")
    if file.endswith(".py") and (owner == module or owner.startswith(f"{module}.")):
        classes = owner[len(module) + 1 :].replace(".", "::")
        return "::".join(part for part in (file, classes, name) if part)
    return f"{owner}.{name}" if owner else name


def _attributes(text: str) -> dict[str, str]:
    return {found[1]: _unescaped(found[2] or found[3] or "") for found in _ATTRIBUTE.finditer(text)}


def _unescaped(text: str) -> str:
    """Return the text that the entities stand for, which may be control characters: those go."""
    return "\n".join(clean(line) for line in html.unescape(text).split("\n"))


PARSER: type[Parser] = JunitXml
