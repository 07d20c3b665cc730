"""The placeholders of a workflow's arguments: found in a text, and replaced by values that no shell ever sees (D2)."""

import re
from collections.abc import Callable, Iterator

ARGUMENT = "ARG"
CAPTURED = "CAPTURED_OUTPUT"
OUTPUT = ".output"
_PLACEHOLDER = re.compile(r"(\$?)\$(?:(ARG|CAPTURED_OUTPUT)(?![A-Za-z0-9_])|\{(ARG|CAPTURED_OUTPUT|[^{}$]+\.output)\})")


def placeholders(text: str) -> Iterator[str]:
    """Yield what is asked for: `ARG`, `CAPTURED_OUTPUT`, or `NAME.output`."""
    for found in _PLACEHOLDER.finditer(text):
        if not found[1]:
            yield found[2] or found[3]


def fill(text: str, value: Callable[[str], str]) -> str:
    """Return `text` with every placeholder replaced by what `value` gives for it; `$$ARG` stays as `$ARG`.

    What was put in is not looked at again: a value that holds `$ARG` is an argument with these four characters.
    """
    return _PLACEHOLDER.sub(lambda found: found[0][1:] if found[1] else value(found[2] or found[3]), text)
