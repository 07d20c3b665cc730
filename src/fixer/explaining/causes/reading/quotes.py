"""The quotes that names stand in, in all languages: patterns go out for what opens, fills and closes them."""

_MARKS = r"'\"`“”„\u201a«»\u2039\u203a「」『』《》〈〉【】\u2018\u2019"
OPEN = r"['\"`“„\u201a«»\u2039\u203a「『《〈【\u2018]\s?"
_LETTER = r"[A-Za-z\u00c0-\u024f\u0400-\u04ff]"
CLOSE = rf"\s?(?:[\"`”“»«\u203a\u2039」』》〉】\u2018]|['\u2019](?!{_LETTER}))"
INSIDE = rf"(?:[^\n{_MARKS}]|(?<=\w)['\u2019](?=\w))"
"""A letter of a name in quotes; an apostrophe between two letters ends nothing: « Relance d'impayé »."""


def named(name: str, longest: int) -> str:
    """Return a pattern for a name in quotes of any kind.

    Args:
        name: of the pattern's group.
        longest: letters that it may have.
    """
    return rf"{OPEN}(?P<{name}>{INSIDE}{{1,{longest}}}?){CLOSE}"
