"""Takes text that others wrote and makes it fit for Markdown: it is shown as it is and forms nothing (spec F12)."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence

from fixer.schema.command import CommandResult, Ending
from fixer.terminal import clean

_SPECIAL = re.compile(r"[\\*_\[\]|~$!^]")
_LINE_START = re.compile(r"^(\d{1,9})([.)])|^([#+=:-])")
_CODE = re.compile(r"`([^`\n]+)`")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "`": "&#96;"}
MAX_COMMAND = 300


def clean_line(text: str) -> str:
    """Return `text` cleaned and on one line, with runs of white space made one space."""
    return " ".join(clean(text).split())


def spent(tokens: int, cost: float, credits_: float) -> str:
    """Return in words what the calls of models used; `cost` in US dollars."""
    digits = 4 if 0 < cost < 1 else 2
    counted = f", credits: {credits_:g}" if credits_ else ""
    return f"Tokens: {tokens}, cost: {cost:.{digits}f} USD{counted}" + ("" if tokens else " (no model was used)")


def block(text: str, language: str = "") -> str:
    """Return a fenced block; the fence is longer than any in the text."""
    inside = clean(text).strip("\n")
    longest = max((len(run) for run in re.findall(r"`+", inside)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{inside}\n{fence}"


def code(text: str, *, cell: bool = False) -> str:
    """Return inline code on one line; `cell` makes it fit for a table."""
    inside = clean_line(text) or " "
    longest = max((len(run) for run in re.findall(r"`+", inside)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if inside.startswith("`") or inside.endswith("`") else ""
    shown = f"{ticks}{pad}{inside}{pad}{ticks}"
    return shown.replace("|", "\\|") if cell else shown


def words(text: str) -> str:
    """Return running text: paragraphs stay, `code` stays, everything else that Markdown or HTML acts on is escaped."""
    paragraphs = re.split(r"\n\s*\n", clean(text).strip())
    return "\n\n".join("\n".join(_line(line) for line in paragraph.split("\n")) for paragraph in paragraphs)


def line(text: str, *, cell: bool = False) -> str:
    """Return running text on one line, fit for a heading or a list item; `cell` makes it fit for a table."""
    return _line(clean_line(text), cell=cell)


def _line(text: str, *, cell: bool = False) -> str:
    parts = []
    end = 0
    text = text.strip()
    for found in _CODE.finditer(text):
        parts += [_escape(text[end : found.start()]), code(found.group(1), cell=cell)]
        end = found.end()
    parts.append(_escape(text[end:]))
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", "".join(parts))


def _escape(text: str) -> str:
    for character, entity in _ENTITIES.items():
        text = text.replace(character, entity)
    return _SPECIAL.sub(lambda found: f"\\{found.group()}", text)


def command_line(argv: Sequence[str]) -> str:
    """Return a command as one would type it, on one line, cut where it is very long."""
    text = clean_line(shlex.join(argv))
    return text if len(text) <= MAX_COMMAND else f"{text[: MAX_COMMAND - 1]}…"


def ended(result: CommandResult) -> str:
    """Say in a few words how a command ended."""
    if result.ending is Ending.EXITED:
        return f"exit code {result.exit_code}"
    if result.ending is Ending.SIGNALLED:
        return f"ended by signal {result.signal}"
    return result.ending.value.replace("_", " ")


def ran(results: Sequence[CommandResult]) -> list[str]:
    """Return one line for each command with its result; equal neighbours are counted together."""
    lines: list[tuple[str, list[float]]] = []
    for result in results:
        text = f"{code(command_line(result.argv))}: {ended(result)}"
        if lines and lines[-1][0] == text:
            lines[-1][1].append(result.seconds)
        else:
            lines.append((text, [result.seconds]))
    return [f"{text}, {_times(seconds)}" for text, seconds in lines]


def _times(seconds: Sequence[float]) -> str:
    if len(seconds) == 1:
        return f"{seconds[0]:.2f} s"
    return f"{len(seconds)} times, {min(seconds):.2f} to {max(seconds):.2f} s"


def front_matter(values: Mapping[str, object]) -> str:
    """Return YAML front matter of values that JSON can hold."""
    # JSON is YAML, and its strings cannot end the front matter.
    return "\n".join(["---", *(f"{key}: {json.dumps(value)}" for key, value in values.items()), "---"])


def last_lines(text: str, most: int) -> str:
    """Return the end of a text, and how many lines stand before it."""
    lines = text.rstrip().split("\n")
    left_out = len(lines) - most
    head = [f"… {left_out} lines before this"] if left_out > 0 else []
    return "\n".join([*head, *lines[-most:]])


def cell(text: str) -> str:
    """Return text as code for a cell of a table; empty where there is none."""
    return code(text, cell=True) if text.strip() else ""


def bullets(items: list[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {item}" for item in items)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table; its cells are escaped by the caller."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)
