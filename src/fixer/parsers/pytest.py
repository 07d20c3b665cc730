"""pytest: failure and error blocks in every traceback style, the short summary, collection and internal errors."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import MOST_FAILURES, LogLine, Parser, new_failure
from fixer.parsers.traceback import TracebackReader, own_frame, start
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_SECTION = re.compile(r"={3,} (.+?) ={3,}$")
_HEADER = re.compile(r"_{3,} (.+?) _{3,}$")
_CAPTURED = re.compile(r"-{3,} Captured .+ -{3,}$")
_LOCATION = re.compile(r"((?:[A-Za-z]:)?[^\s:][^:]*\.\w+|<[^>]+>):(\d+):(?: in (.+)| ([\w.]+)(?:: (.*))?| ?)$")
_FIXTURE = re.compile(r"file (.+), line (\d+)$")
_SYNTAX = re.compile(r'File "([^"]+)", line (\d+)')
_RAISED = re.compile(r"([A-Za-z_][\w.]*)(?:: |:?$)")
_DEFINITION = re.compile(r">?\s+(?:async )?def (\w+)\(")
_SUMMARY = re.compile(r"(?:FAILED|ERROR|SUBFAIL(?:ED)?(?:[\[(].*?[\])])?) (?=\S)")
_FINAL = re.compile(
    r"(?:=+ )?\d+ (?:failed|passed|errors?|skipped|deselected|warnings?|xfailed|xpassed|rerun)\b.* in \d+\.\d+s"
)
_SUBTEST = re.compile(r"([^\s\[]+(?:\[.*?\])?) [\[(].*[\])]$")
"""The header of a subtest: the test's own name, then the subtest's message and parameters."""
_LINKS = ("During handling of the above", "The above exception was")
_CONFTEST = "ImportError while loading conftest "
MOST_FRAMES = 60


@dataclass
class _Block:
    """What stands below one `____ name ____`."""

    name: str | None
    line: LogLine
    stated: LogLine | None = None
    frames: list[tuple[str, int, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    exception: str | None = None
    function: str = "<module>"
    in_errors: bool = False
    captured: bool = False
    native: TracebackReader | None = None

    def feed(self, line: LogLine) -> None:
        """Take a line of the block."""
        text = line.text
        if self.captured:
            return
        if self.native:
            if self.native.feed(line):
                return
            self._end_native()
        if _CAPTURED.match(text):
            self.captured = True
        elif text.startswith("E  ") or text == "E":
            self._error(line)
            return
        elif text.startswith(_LINKS):
            self.frames, self.errors = [], []
        else:
            self._context(line)
        self.in_errors = False

    def _error(self, line: LogLine) -> None:
        if not self.in_errors:
            self.errors, self.in_errors, self.stated = [], True, line
        if len(self.errors) < 40:
            self.errors.append(line.text[1:])
        syntax = _SYNTAX.search(line.text)
        if syntax and len(self.frames) < MOST_FRAMES:
            self.frames.append((syntax[1], int(syntax[2]), "<module>"))

    def _context(self, line: LogLine) -> None:
        text = line.text
        self.native = start(text)
        if self.native:
            return
        place = _LOCATION.match(text) or _FIXTURE.match(text)
        if place and len(self.frames) < MOST_FRAMES:
            function = place[3] if place.re.pattern == _LOCATION.pattern and place[3] else self.function
            self.frames.append((place[1], int(place[2]), function))
            if place.re.pattern == _LOCATION.pattern and place[4]:
                self.exception = place[4]
        elif text.startswith((" ", ">")):
            defined = _DEFINITION.match(text)
            self.function = defined[1] if defined else self.function

    def _end_native(self) -> None:
        raised = self.native.raised if self.native else None
        self.native = None
        if raised:
            self.frames = [f for f in raised.frames if "/_pytest/" not in f[0] and "/pluggy/" not in f[0]]
            self.errors, self.exception, self.stated = [raised.message], raised.exception, raised.line

    def close(self) -> None:
        """The block ends."""
        self._end_native()

    @property
    def message(self) -> str:
        """The error's first line, without what only some versions of pytest put before it."""
        lines = [text.strip() for text in self.errors if text.strip()]
        if not lines:
            return ""
        named = next((text for text in lines if _RAISED.match(text) or text.startswith("assert ")), lines[0])
        return _plain(named)

    def type_of(self, message: str) -> str | None:
        """Return the exception's type, dotted where it is printed so."""
        found = _RAISED.match(message)
        if (
            found
            and found[1] not in {"assert", "fixture"}
            and (self.exception or "").split(".")[-1] in {"", found[1].split(".")[-1]}
        ):
            return found[1]
        if self.exception:
            return self.exception
        return "AssertionError" if message.startswith("assert ") else None


def _plain(message: str) -> str:
    """Return the message as every version says it: older ones leave out `AssertionError: ` before `assert`."""
    return message.removeprefix("AssertionError: ") if message.startswith("AssertionError: assert ") else message


class Pytest:
    """See the module."""

    tool: ClassVar[str] = "pytest"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (
        *(" FAILURES ===", " ERRORS ===", "short test summary info", "FAILED ", "SUBFAIL"),
        *("ERROR ", "INTERNALERROR> ", _CONFTEST, "ERROR: file or directory not found", "ERROR: not found: "),
    )

    def __init__(self) -> None:
        """Start before the first line."""
        self._section = ""
        self._step: int | None = None
        self._blocks: list[_Block] = []
        self._block: _Block | None = None
        self._internal: TracebackReader | None = None

    @property
    def active(self) -> bool:
        """Whether a section with failures is open."""
        return bool(self._section)

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        done: list[Failure] = []
        if self._section and line.step != self._step:
            done = list(self.finish())
        if text.startswith("INTERNALERROR> "):
            return [*done, *self._internal_error(line)]
        if text.startswith("===") or text[:1].isdigit():
            section = _SECTION.match(text)
            if _FINAL.match(text):
                return [*done, *self.finish()]
            if section and not _HEADER.match(text):
                self._enter(section[1], line)
                return done
        if self._section in {"FAILURES", "ERRORS", "conftest"}:
            return [*done, *self._in_blocks(line)]
        if _SUMMARY.match(text):
            return [*done, *self._summary(line)]
        if text.startswith(_CONFTEST):
            self._section, self._step = "conftest", line.step
            self._block = _Block(None, line, frames=[(text.split("'")[1] if "'" in text else "", 1, "<module>")])
        elif text.startswith(("ERROR: file or directory not found: ", "ERROR: not found: ")):
            done.append(new_failure(self.tool, FailureKind.OTHER, text, line))
        return done

    def finish(self) -> Iterable[Failure]:
        """Say what was still open: blocks that no summary named."""
        self._close_block()
        blocks, self._blocks, self._section = self._blocks, [], ""
        internal, self._internal = self._internal, None
        if internal and internal.raised:
            yield _of_block(_internal_block(internal), None, "")
        for block in blocks:
            if block.message or block.name:
                yield _of_block(block, _node_id(block), "")

    def _enter(self, title: str, line: LogLine) -> None:
        self._close_block()
        self._section = title if title in {"FAILURES", "ERRORS", "short test summary info"} else ""
        self._section = self._section or ("other" if self._blocks else "")
        self._step = line.step

    def _in_blocks(self, line: LogLine) -> Iterable[Failure]:
        text = line.text
        header = _HEADER.match(text) if text.startswith("___") else None
        if header and self._section != "conftest":
            self._close_block()
            self._block = _Block(header[1], line)
        elif self._block is None or (self._block.name is None and self._section != "conftest"):
            self._without_header(line)
        elif self._section == "conftest" and not text.startswith((" ", "E ")) and not _LOCATION.match(text):
            return self.finish()
        else:
            self._block.feed(line)
        return ()

    def _without_header(self, line: LogLine) -> None:
        """Read `--tb=line`: blocks have no header and end with `path:line: message`."""
        self._block = self._block or _Block(None, line)
        self._block.feed(line)
        place = _LOCATION.match(line.text)
        if place and place[4]:
            self._close_block()

    def _close_block(self) -> None:
        block, self._block = self._block, None
        if block:
            block.close()
            if len(self._blocks) < MOST_FAILURES and (block.name or block.message):
                self._blocks.append(block)

    def _summary(self, line: LogLine) -> Iterable[Failure]:
        opening = _SUMMARY.match(line.text)
        rest = line.text[opening.end() :].rstrip() if opening else ""
        if not re.match(r"[^\s:][^:]*\.\w+(?:::| - |$)|[\w./\\-]+::", rest):
            return
        block = next((b for b in self._blocks if b.name and _names(rest, b.name)), None)
        test, message = _split(rest, block)
        if block is None:
            block = next(
                (
                    b
                    for b in self._blocks
                    if b.name is None and message and b.message.startswith(_plain(message).rstrip("."))
                ),
                None,
            )
        if block:
            self._blocks.remove(block)
        yield _of_block(block or _Block(None, line), test, message)

    def _internal_error(self, line: LogLine) -> Iterable[Failure]:
        inner = LogLine(line.number, line.text.removeprefix("INTERNALERROR> "), line.step)
        if self._internal is None:
            self._internal = start(inner.text)
        elif not self._internal.feed(inner):
            return self.finish()
        return ()


def _internal_block(reader: TracebackReader) -> _Block:
    raised = reader.raised
    assert raised is not None
    return _Block(None, raised.line, raised.line, list(raised.frames), [raised.message], raised.exception)


def _suffix(name: str) -> str:
    """Return the end of the node id that a block's header stands for."""
    for start_of in ("ERROR collecting ", "ERROR at setup of ", "ERROR at teardown of "):
        name = name.removeprefix(start_of)
    if subtest := _SUBTEST.match(name):
        name = subtest[1]
    if name.startswith("[doctest] "):
        return name.removeprefix("[doctest] ")
    head, bracket, rest = name.partition("[")
    if not bracket and " (" in head:
        head = head.split(" (")[0]
    return (head if "/" in head or head.endswith(".py") else head.replace(".", "::")) + bracket + rest


def _names(rest: str, name: str) -> bool:
    """Whether a summary line (without its first word) is about the block with this header."""
    suffix = _suffix(name)
    at = 0 if rest.startswith(suffix) else rest.find(f"::{suffix}") + 2
    if at == 1:
        return False
    after = rest[at + len(suffix) :]
    return not after or after.startswith(" - ")


def _split(rest: str, block: _Block | None) -> tuple[str, str]:
    """Return node id and message of a summary line; parameters may hold spaces and dashes."""
    if block and block.name:
        suffix = _suffix(block.name)
        end = (0 if rest.startswith(suffix) else rest.find(f"::{suffix}") + 2) + len(suffix)
        return rest[:end], rest[end:].removeprefix(" - ")
    dash, bracket = rest.find(" - "), rest.find("[")
    closed = rest.find("] - ")
    if -1 < bracket < dash and closed > 0:
        return rest[: closed + 1], rest[closed + 4 :]
    return (rest[:dash], rest[dash + 3 :]) if dash > 0 else (rest, "")


def _node_id(block: _Block) -> str | None:
    """Return the node id where no summary gives it: the first file of the stack and the header's name."""
    if block.name is None:
        return None
    suffix = _suffix(block.name)
    if block.name.startswith("ERROR collecting "):
        return suffix
    file = next((f[0] for f in block.frames if "site-packages" not in f[0]), None)
    return f"{file}::{suffix}" if file and suffix else None


def _of_block(block: _Block, test: str | None, summary: str) -> Failure:
    message = block.message or _plain(summary) or f"{block.name or test} failed"
    frame = own_frame(block.frames, only=True)
    exception = block.type_of(message)
    asserted = exception in {"AssertionError", "Failed"} and "Timeout" not in message
    return new_failure(
        Pytest.tool,
        FailureKind.TEST if test else FailureKind.EXCEPTION,
        message,
        block.stated or block.line,
        test=test,
        shown_as=block.name if test else None,
        file=frame[0] if frame else (test or "").split("::")[0] or None,
        at=(frame[1] if frame else None, None),
        exception=exception,
        frames=tuple(block.frames),
        root_cause=RootCause.TEST_FAILURE if asserted else None,
        otherwise=RootCause.TEST_FAILURE if test else RootCause.LOGIC_ERROR if block.frames else RootCause.UNKNOWN,
    )


PARSER: type[Parser] = Pytest
