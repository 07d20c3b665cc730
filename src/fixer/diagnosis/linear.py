"""A regular expression in, the reason why matching it could explode out.

What passes takes time that grows with the text, at worst with the square of one line, and lines are cut before.
"""

import re
from collections.abc import Iterator
from typing import Any

_MANY = 16
"""Repeats from which on what stands within may not vary: 2 to the power of 16 ways are still few."""
_UNBOUNDED = 4096
_ANYTHING = 3
"""How often an expression may say "any text": each further one multiplies the ways to split one line."""


def slow(pattern: str) -> str:
    """Say why a pattern may backtrack without bound; empty where it does not.

    Refused are repeats within repeats (`(a+)+`), alternatives within repeats (`(a|ab)*`), references back to a
    group, more than three `.*`, and one at the start, from where every place of the text is tried.

    Raises:
        re.error: it is no regular expression.
    """
    parser = re._parser  # type: ignore[attr-defined]  # noqa: SLF001 - the only parser of Python's own syntax
    tree = parser.parse(pattern, re.MULTILINE)
    found = next(_nested(tree, inside=False), "")
    if found:
        return found
    first = next(iter(tree), None)
    if first is not None and _is_any(*first):
        return "it starts with an unbounded repeat of any character, which a search does not need"
    if sum(_is_any(operator, argument) for operator, argument in _walk(tree)) > _ANYTHING:
        return f"it holds more than {_ANYTHING} unbounded repeats of any character"
    return ""


def _nested(tree: Any, *, inside: bool) -> Iterator[str]:
    for operator, argument in tree:
        name = str(operator)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            if inside and argument[0] != argument[1] > 1:
                yield "a repeat stands within a repeat"
            many = argument[1] >= _MANY and name != "POSSESSIVE_REPEAT"
            yield from _nested(argument[2], inside=inside or many)
        elif name == "BRANCH" and inside:
            yield "alternatives stand within a repeat"
        elif name in {"GROUPREF", "GROUPREF_EXISTS"}:
            yield "it refers back to a group"
        else:
            for part in _parts(argument):
                yield from _nested(part, inside=inside)


def _walk(tree: Any) -> Iterator[tuple[Any, Any]]:
    for operator, argument in tree:
        yield operator, argument
        for part in _parts(argument):
            yield from _walk(part)


def _parts(argument: Any) -> Iterator[Any]:
    """Yield the expressions below a node, wherever its operator keeps them."""
    if type(argument).__name__ == "SubPattern":
        yield argument
    elif isinstance(argument, tuple | list):
        for part in argument:
            yield from _parts(part)


def _is_any(operator: Any, argument: Any) -> bool:
    """Whether a node is `.*`, `.+` or `[^x]*` without a bound."""
    if str(operator) not in {"MAX_REPEAT", "MIN_REPEAT"} or argument[1] < _UNBOUNDED:
        return False
    inner = list(argument[2])
    return len(inner) == 1 and str(inner[0][0]) in {"ANY", "NOT_LITERAL"}
