"""Reads JSON strictly (RFC 8259) into nodes that know where they stand, and names the usual slips in plain words."""

import re
from typing import NoReturn

from pydantic import JsonValue

from fixer.input.nodes import Member, Node, TextSyntaxError

MAX_DEPTH = 64
MAX_DIGITS = 300
"""Of a whole number that is kept exactly; a float ends at 309."""
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.+-])")
_WHOLE = re.compile(rf"-?[0-9]{{1,{MAX_DIGITS}}}")
_PLAIN = re.compile(r'[^"\\\x00-\x1f\ud800-\udfff]*')
_WORD = re.compile(r"[^\s,:{}\[\]\"'/#]+")
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_OTHER_SPELLINGS = {"none": "null", "nil": "null", "undefined": "null", "yes": "true", "no": "false"}
_NOT_NUMBERS = {"nan", "infinity", "inf", "-infinity", "-inf", "+infinity"}
_QUOTES = "'`\u2018\u2019\u201c\u201d\u00ab\u00bb"


class JsonSyntaxError(TextSyntaxError):
    """The text is not JSON."""


def read(text: str) -> Node:
    """Return the one value that `text` holds.

    Raises:
        JsonSyntaxError: it is not JSON, or nested deeper than `MAX_DEPTH`.
    """
    reader = _Reader(text)
    node = reader.value(reader.skip(0), 0)
    end = reader.skip(node.end)
    if end < len(text):
        raise JsonSyntaxError(
            f"something follows after the end of the {node.kind}", "one value only; remove what follows", end
        )
    return node


def plain(node: Node) -> JsonValue:
    """Return the value without its places; of keys that stand twice the last counts.

    Whole numbers are integers, with every digit that was written (up to `MAX_DIGITS`).
    """
    if node.members is not None:
        return {member.key: plain(member.value) for member in node.members}
    if node.items is not None:
        return [plain(item) for item in node.items]
    if isinstance(node.value, float) and node.value.is_integer():
        return int(node.text) if _WHOLE.fullmatch(node.text) else int(node.value)
    return node.value


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def skip(self, at: int) -> int:
        """Return the offset of the next thing that is not white space."""
        found = _SPACE.match(self.text, at)
        assert found is not None
        at = found.end()
        if self.text.startswith(("//", "/*", "#"), at):
            raise JsonSyntaxError("JSON has no comments", "remove the comment; `prompt` is the place for words", at)
        return at

    def value(self, at: int, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise JsonSyntaxError(f"nested deeper than {MAX_DEPTH} levels", "a flat object", at)
        first = self.text[at : at + 1]
        if first == "{":
            return self.object(at, depth)
        if first == "[":
            return self.array(at, depth)
        if first == '"':
            text, end = self.string(at)
            return Node(at, end, text, text)
        number = _NUMBER.match(self.text, at)
        if number is not None:
            return Node(at, number.end(), float(number.group()), number.group())
        return self.constant(at)

    def constant(self, at: int) -> Node:
        found = _WORD.match(self.text, at)
        word = found.group() if found else ""
        if word not in _CONSTANTS:
            self.fail_at_value(at, word)
        return Node(at, at + len(word), _CONSTANTS[word], word)

    def fail_at_value(self, at: int, word: str) -> NoReturn:
        first = self.text[at : at + 1]
        lower = word.lower()
        right = lower if lower in _CONSTANTS else _OTHER_SPELLINGS.get(lower)
        if not first:
            raise JsonSyntaxError("the file ends where a value should stand", "the value, then every closing }", at)
        if first in _QUOTES:
            raise JsonSyntaxError(f"a string stands in double quotes, not in {first}", 'plain double quotes: "…"', at)
        if right is not None:
            raise JsonSyntaxError(f"'{word}' is not JSON", right, at)
        if lower in _NOT_NUMBERS:
            raise JsonSyntaxError(f"'{word}' is not a number in JSON", "a number, or leave the key out", at)
        if first in ",}]:":
            raise JsonSyntaxError(f"a value is missing before '{first}'", "the value", at)
        if word[:1].isdigit() or word[:1] in {"+", "-", "."}:
            raise JsonSyntaxError(f"'{word}' is not a number in JSON", "a number such as 1 or -0.5", at)
        if word:
            raise JsonSyntaxError("a string stands in double quotes", f'"{word[:40]}"', at)
        raise JsonSyntaxError(f"a value should stand here, not {first!r}", "a value", at)

    def object(self, start: int, depth: int) -> Node:
        members: list[Member] = []
        at = self.skip(start + 1)
        while not self.text.startswith("}", at):
            if members:
                at = self.comma(at, start, "}")
            key_at = at
            key, at = self.key(at, start)
            at = self.skip(at)
            if not self.text.startswith(":", at):
                raise JsonSyntaxError(f"a colon is missing after the key '{key[:40]}'", f'"{key[:40]}": …', at)
            value = self.value(self.skip(at + 1), depth + 1)
            members.append(Member(key, key_at, value))
            at = self.skip(value.end)
        return Node(start, at + 1, members=tuple(members))

    def array(self, start: int, depth: int) -> Node:
        items: list[Node] = []
        at = self.skip(start + 1)
        while not self.text.startswith("]", at):
            if items:
                at = self.comma(at, start, "]")
            item = self.value(at, depth + 1)
            items.append(item)
            at = self.skip(item.end)
        return Node(start, at + 1, items=tuple(items))

    def comma(self, at: int, start: int, closing: str) -> int:
        """Step over the comma between two members; return the offset of the next one."""
        if at >= len(self.text):
            self.fail_unclosed(start, at)
        if not self.text.startswith(",", at):
            raise JsonSyntaxError(f"a comma is missing before this, or '{closing}'", "a comma after the value", at)
        following = self.skip(at + 1)
        if self.text[following : following + 1] in {"}", "]"}:
            raise JsonSyntaxError(
                f"a comma stands before '{self.text[following]}' with nothing after it", "remove the comma", at
            )
        return following

    def key(self, at: int, start: int) -> tuple[str, int]:
        first = self.text[at : at + 1]
        if first == '"':
            return self.string(at)
        if not first:
            self.fail_unclosed(start, at)
        if first in _QUOTES:
            raise JsonSyntaxError(f"a key stands in double quotes, not in {first}", 'plain double quotes: "…"', at)
        if first == ",":
            raise JsonSyntaxError("a comma stands where a key should", "remove the comma", at)
        found = _WORD.match(self.text, at)
        if found is None:
            raise JsonSyntaxError(f"a key should stand here, not {first!r}", 'a key in double quotes: "prompt"', at)
        raise JsonSyntaxError("a key stands in double quotes", f'"{found.group()[:40]}"', at)

    def fail_unclosed(self, start: int, at: int) -> NoReturn:
        opening = self.text[start]
        line = self.text.count("\n", 0, start) + 1
        closing = {"{": "}", "[": "]"}[opening]
        raise JsonSyntaxError(
            f"the file ends before the '{opening}' of line {line} is closed", f"'{closing}' at the end", at
        )

    def string(self, start: int) -> tuple[str, int]:
        parts: list[str] = []
        at = start + 1
        while True:
            found = _PLAIN.match(self.text, at)
            assert found is not None
            parts.append(found.group())
            at = found.end()
            stop = self.text[at : at + 1]
            if stop == '"':
                return "".join(parts), at + 1
            if stop != "\\":
                self.fail_in_string(start, at, stop)
            part, at = self.escape(at)
            parts.append(part)

    def escape(self, at: int) -> tuple[str, int]:
        letter = self.text[at + 1 : at + 2]
        if letter in _ESCAPES:
            return _ESCAPES[letter], at + 2
        if letter != "u":
            raise JsonSyntaxError(f"'\\{letter}' is no escape of JSON", "two backslashes for one: \\\\", at)
        code = self.hexadecimal(at)
        if 0xD800 <= code <= 0xDBFF and self.text.startswith("\\u", at + 6):
            low = self.hexadecimal(at + 6)
            if 0xDC00 <= low <= 0xDFFF:
                return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)), at + 12
        if 0xD800 <= code <= 0xDFFF:
            raise JsonSyntaxError("half of a surrogate pair is no character", "both halves, or the character", at)
        return chr(code), at + 6

    def hexadecimal(self, at: int) -> int:
        found = _HEX.match(self.text, at + 2)
        if found is None:
            raise JsonSyntaxError("'\\u' takes four hexadecimal digits", "\\u00e9, or the character itself", at)
        return int(found.group(), 16)

    def fail_in_string(self, start: int, at: int, stop: str) -> NoReturn:
        if not stop:
            raise JsonSyntaxError("this string is not closed", 'a double quote " at its end', start)
        if stop in "\r\n":
            raise JsonSyntaxError(
                "this string is not closed on its line",
                'a double quote " at its end; a line break is written \\n',
                start,
            )
        name = {"\t": "\\t", "\x00": "nothing: remove the NUL byte"}.get(stop, f"\\u{ord(stop):04x}")
        raise JsonSyntaxError(f"the control character U+{ord(stop):04X} stands in a string as it is", name, at)
