"""pytest: failure and error blocks in every traceback style, the short summary, collection and internal errors."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import MOST_FAILURES, LogLine, Parser, new_failure
from fixer.parsers.blocks.pytest_block import LOCATION, Block, is_named, node_id, of_internal_error, plain, split
from fixer.parsers.traceback import TracebackReader, own_frame, start
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_SECTION = re.compile(r"={3,} (.+?) ={3,}$")
_HEADER = re.compile(r"_{3,} (.+?) _{3,}$")
_SUMMARY = re.compile(r"(?:FAILED|ERROR|SUBFAIL(?:ED)?(?:[\[(].*?[\])])?) (?=\S)")
_FINAL = re.compile(
    r"(?:=+ )?\d+ (?:failed|passed|errors?|skipped|deselected|warnings?|xfailed|xpassed|rerun)\b.* in \d+\.\d+s"
)
_CONFTEST = "ImportError while loading conftest "


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
        self._blocks: list[Block] = []
        self._block: Block | None = None
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
            self._block = Block(None, line, frames=[(text.split("'")[1] if "'" in text else "", 1, "<module>")])
        elif text.startswith(("ERROR: file or directory not found: ", "ERROR: not found: ")):
            done.append(new_failure(self.tool, FailureKind.OTHER, text, line))
        return done

    def finish(self) -> Iterable[Failure]:
        """Say what was still open: blocks that no summary named."""
        self._close_block()
        blocks, self._blocks, self._section = self._blocks, [], ""
        internal, self._internal = self._internal, None
        if internal and internal.raised:
            yield _of_block(of_internal_error(internal), None, "")
        for block in blocks:
            if block.message or block.name:
                yield _of_block(block, node_id(block), "")

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
            self._block = Block(header[1], line)
        elif self._block is None or (self._block.name is None and self._section != "conftest"):
            self._without_header(line)
        elif self._section == "conftest" and not text.startswith((" ", "E ")) and not LOCATION.match(text):
            return self.finish()
        else:
            self._block.feed(line)
        return ()

    def _without_header(self, line: LogLine) -> None:
        """Read `--tb=line`: blocks have no header and end with `path:line: message`."""
        self._block = self._block or Block(None, line)
        self._block.feed(line)
        place = LOCATION.match(line.text)
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
        block = next((b for b in self._blocks if b.name and is_named(rest, b.name)), None)
        test, message = split(rest, block)
        if block is None:
            block = next(
                (
                    b
                    for b in self._blocks
                    if b.name is None and message and b.message.startswith(plain(message).rstrip("."))
                ),
                None,
            )
        if block:
            self._blocks.remove(block)
        yield _of_block(block or Block(None, line), test, message)

    def _internal_error(self, line: LogLine) -> Iterable[Failure]:
        inner = LogLine(line.number, line.text.removeprefix("INTERNALERROR> "), line.step)
        if self._internal is None:
            self._internal = start(inner.text)
        elif not self._internal.feed(inner):
            return self.finish()
        return ()


def _of_block(block: Block, test: str | None, summary: str) -> Failure:
    message = block.message or plain(summary) or f"{block.name or test} failed"
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
