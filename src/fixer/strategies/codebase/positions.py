"""Where a name of the AST stands in the text: a node goes in, the spans of exactly that name come out."""

import ast
import re

from fixer.strategies.codebase.scopes import AttributeUse, Occurrence
from fixer.strategies.codebase.source_file import Edit, SourceFile

Span = tuple[int, int]


def spans_of(source: SourceFile, use: Occurrence) -> list[Span]:
    """Return the spans of the name in an occurrence; none where it cannot be told."""
    node, name = use.node, use.name
    start = _start(source, node)
    if start is None:
        return []
    pattern = {
        "def": rf"(?:async\s+)?def\s+({re.escape(name)})\b",
        "class": rf"class\s+({re.escape(name)})\b",
        "except": rf"except\b[^\n]*?\bas\s+({re.escape(name)})\b",
        "global": rf"(?:global|nonlocal)\b[^\n]*?(?<!\w)({re.escape(name)})\b",
        "match": rf"(?s)(?:.*?\bas\s+|\*?\s*)({re.escape(name)})\b",
    }.get(use.kind)
    if isinstance(node, ast.alias):
        return _alias(source, node, name)
    if pattern:
        found = re.compile(pattern).match(source.text, start)
        return [found.span(1)] if found else []
    return _checked(source, start, name, use.joined, rf"(?<![\w.]){re.escape(name)}(?!\w)")


def attribute_spans(source: SourceFile, use: AttributeUse) -> list[Span]:
    """Return the span of `attr` in `base.attr`."""
    node = use.node
    if node.end_lineno is None or node.end_col_offset is None:
        return []
    name = node.attr
    try:
        start = source.offset(node.end_lineno, node.end_col_offset) - len(name)
    except IndexError:
        start = -1
    return _checked(source, start, name, use.joined, rf"(?<=\.){re.escape(name)}(?!\w)")


def keyword_span(source: SourceFile, node: ast.keyword) -> list[Span]:
    """Return the span of `name` in the argument `name=value`."""
    start = _start(source, node)
    return [] if start is None or not node.arg else _checked(source, start, node.arg, None, "")


def string_edit(source: SourceFile, node: ast.Constant, new: str) -> list[Edit]:
    """Return the edit that makes a plain string literal say `new`, its quotes kept."""
    start = _start(source, node)
    if start is None or not isinstance(node.value, str):
        return []
    found = re.compile(rf"[uUrR]?(?P<quote>['\"]{{1,3}})({re.escape(node.value)})(?P=quote)").match(source.text, start)
    return [Edit(*found.span(2), new)] if found else []


def _start(source: SourceFile, node: ast.AST) -> int | None:
    line, column = getattr(node, "lineno", None), getattr(node, "col_offset", None)
    if line is None or column is None or line > len(source.starts):
        return None
    return source.offset(line, column)


def _alias(source: SourceFile, node: ast.alias, name: str) -> list[Span]:
    start = _start(source, node)
    if start is None:
        return []
    if node.asname is None:
        return _checked(source, start, name, None, "")
    found = re.compile(rf"[\w.]+\s+as\s+({re.escape(name)})\b").match(source.text, start)
    return [found.span(1)] if found else []


def _checked(source: SourceFile, start: int, name: str, joined: ast.JoinedStr | None, pattern: str) -> list[Span]:
    """Believe a position only where the text has the name there; inside of an f-string, look for it."""
    end = start + len(name)
    if start >= 0 and source.text[start:end] == name and not source.text[end : end + 1].isidentifier():
        return [(start, end)]
    if joined is None or joined.end_lineno is None or joined.end_col_offset is None:
        return []
    first = source.offset(joined.lineno, joined.col_offset)
    last = source.offset(joined.end_lineno, joined.end_col_offset)
    return [
        (hit.start() + field.start(), hit.end() + field.start())
        for field in re.compile(r"\{[^{}]*\}").finditer(source.text, first, last)
        for hit in re.finditer(pattern, field.group())
    ]
