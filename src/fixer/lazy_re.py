"""Python's `re`, with patterns that are compiled when they are first used: a log needs few of the hundreds there are.

To be imported as `re`. A pattern that is wrong is found by its first use, not by the import. A match's `re` is the
compiled pattern: it is told by its `pattern`, not by `is`.
"""

import re
from re import (
    DOTALL,
    IGNORECASE,
    MULTILINE,
    VERBOSE,
    Match,
    Pattern,
    escape,
    findall,
    finditer,
    fullmatch,
    match,
    search,
    split,
    sub,
)
from typing import Any, AnyStr, cast

__all__ = [
    "DOTALL",
    "IGNORECASE",
    "MULTILINE",
    "VERBOSE",
    "Match",
    "Pattern",
    "compile",
    "escape",
    "findall",
    "finditer",
    "fullmatch",
    "match",
    "search",
    "split",
    "sub",
]

_METHODS = ("match", "search", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class Late:
    """A pattern that behaves as a compiled one, and is one from its first use on."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        """Take what `re.compile` takes."""
        self.pattern = pattern
        self._given = flags

    def __getattr__(self, name: str) -> Any:
        """Compile: what was asked for is not there yet."""
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._given)
        for method in _METHODS:
            # found at once from now on, so that a use costs what it costs with a compiled pattern
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def compile(pattern: AnyStr, flags: int = 0) -> Pattern[AnyStr]:  # noqa: A001 - the name that `re` has
    """Return the pattern, not compiled yet."""
    return cast("Pattern[AnyStr]", Late(pattern, flags))
