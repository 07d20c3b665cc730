"""Which of the names that exist was meant: a wrong name and the right ones go in, the plausible ones come out."""

import re
from collections.abc import Iterable

THRESHOLD = 0.6
"""Below this, two names have nothing to do with each other (tuned on renames such as slugify -> slugify_text)."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(name: str) -> tuple[str, ...]:
    """Split snake_case and camelCase into lower-case words."""
    return tuple(word.lower() for word in _WORDS.findall(name))


def similarity(wrong: str, right: str) -> float:
    """Return 0..1: the best of spelling, words in any order, and one name holding the other's words."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - `--help` must not pay for it
    from rapidfuzz.distance import OSA, JaroWinkler  # noqa: PLC0415

    if wrong == right:
        return 1.0
    ours, theirs = words(wrong), words(right)
    if ours == theirs and ours:
        return 0.99
    plain, other = wrong.lower().strip("_"), right.lower().strip("_")
    if min(len(plain), len(other)) < 3:
        return 0.8 if OSA.distance(plain, other) == 1 and min(len(plain), len(other)) == 2 else 0.0
    spelling = OSA.normalized_similarity(plain, other)
    if spelling < 0.5 and JaroWinkler.similarity(plain, other) < 0.8 and not set(ours) & set(theirs):
        return 0.0
    sorted_words = fuzz.token_sort_ratio(" ".join(ours), " ".join(theirs)) / 100
    short, long = sorted((set(ours), set(theirs)), key=len)
    held = 0.75 + 0.1 * len(short) / len(long) if short and short < long and max(map(len, short)) > 2 else 0.0
    shared = 0.7 if set(ours) & set(theirs) and max(map(len, set(ours) & set(theirs))) > 3 else 0.0
    prefix = 0.7 if min(len(plain), len(other)) >= 3 and (plain.startswith(other) or other.startswith(plain)) else 0.0
    return max(spelling, sorted_words * 0.95, held, shared, prefix)


def doubt(wrong: str, right: str) -> str:
    """Return what a person should look at where two names are alike in nothing; else nothing."""
    if similarity(wrong, right) >= THRESHOLD:
        return ""
    return f"`{wrong}` and `{right}` are not alike: that nothing else uses `{right}` is the only sign that it is meant"


def slips(wrong: str, right: Iterable[str]) -> list[str]:
    """Return names that differ by a slip of the finger only: for builtins, which nobody renames."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - `--help` must not pay for it

    return [n for n in right if len(n) > 2 and OSA.distance(wrong, n) <= (1 if len(n) < 6 else 2)]


def closest(wrong: str, right: Iterable[str], hint: str = "", limit: int = 4) -> list[str]:
    """Return the plausible names, the likeliest first; one that is proposed leads, however unlike it is."""
    scored = []
    for name in dict.fromkeys(right):
        score = similarity(wrong, name) + (1.0 if name == hint else 0.0)
        if name != wrong and score >= THRESHOLD and name.startswith("__") == wrong.startswith("__"):
            scored.append((-score, name))
    return [name for _, name in sorted(scored)[:limit]]
