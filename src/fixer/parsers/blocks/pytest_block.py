"""What pytest prints below one `____ name ____`: its lines in, stack, message and exception out; and its node id."""

from dataclasses import dataclass, field

from fixer import lazy_re as re
from fixer.parsers.base import LogLine
from fixer.parsers.traceback import TracebackReader, start

_CAPTURED = re.compile(r"-{3,} Captured .+ -{3,}$")
LOCATION = re.compile(r"((?:[A-Za-z]:)?[^\s:][^:]*\.\w+|<[^>]+>):(\d+):(?: in (.+)| ([\w.]+)(?:: (.*))?| ?)$")
_FIXTURE = re.compile(r"file (.+), line (\d+)$")
_SYNTAX = re.compile(r'File "([^"]+)", line (\d+)')
_RAISED = re.compile(r"([A-Za-z_][\w.]*)(?:: |:?$)")
_DEFINITION = re.compile(r">?\s+(?:async )?def (\w+)\(")
_SUBTEST = re.compile(r"([^\s\[]+(?:\[.*?\])?) [\[(].*[\])]$")
"""The header of a subtest: the test's own name, then the subtest's message and parameters."""
_LINKS = ("During handling of the above", "The above exception was")
MOST_FRAMES = 60


@dataclass
class Block:
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
        place = LOCATION.match(text) or _FIXTURE.match(text)
        if place and len(self.frames) < MOST_FRAMES:
            function = place[3] if place.re.pattern == LOCATION.pattern and place[3] else self.function
            self.frames.append((place[1], int(place[2]), function))
            if place.re.pattern == LOCATION.pattern and place[4]:
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
        return plain(named)

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


def plain(message: str) -> str:
    """Return the message as every version says it: older ones leave out `AssertionError: ` before `assert`."""
    return message.removeprefix("AssertionError: ") if message.startswith("AssertionError: assert ") else message


def of_internal_error(reader: TracebackReader) -> Block:
    """Return the block of an error of pytest's own, whose traceback was read."""
    raised = reader.raised
    assert raised is not None
    return Block(None, raised.line, raised.line, list(raised.frames), [raised.message], raised.exception)


def suffix_of(name: str) -> str:
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


def is_named(rest: str, name: str) -> bool:
    """Whether a summary line (without its first word) is about the block with this header."""
    suffix = suffix_of(name)
    at = 0 if rest.startswith(suffix) else rest.find(f"::{suffix}") + 2
    if at == 1:
        return False
    after = rest[at + len(suffix) :]
    return not after or after.startswith(" - ")


def split(rest: str, block: Block | None) -> tuple[str, str]:
    """Return node id and message of a summary line; parameters may hold spaces and dashes."""
    if block and block.name:
        suffix = suffix_of(block.name)
        end = (0 if rest.startswith(suffix) else rest.find(f"::{suffix}") + 2) + len(suffix)
        return rest[:end], rest[end:].removeprefix(" - ")
    dash, bracket = rest.find(" - "), rest.find("[")
    closed = rest.find("] - ")
    if -1 < bracket < dash and closed > 0:
        return rest[: closed + 1], rest[closed + 4 :]
    return (rest[:dash], rest[dash + 3 :]) if dash > 0 else (rest, "")


def node_id(block: Block) -> str | None:
    """Return the node id where no summary gives it: the first file of the stack and the header's name."""
    if block.name is None:
        return None
    suffix = suffix_of(block.name)
    if block.name.startswith("ERROR collecting "):
        return suffix
    file = next((f[0] for f in block.frames if "site-packages" not in f[0]), None)
    return f"{file}::{suffix}" if file and suffix else None
