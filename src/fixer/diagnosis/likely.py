"""Which hunks look guilty: a failure and hunks go in, the hunks that touch what it names come out, likeliest first.

Only an order of work: what is guilty is what runs show.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from fixer.schema.failure import Failure

_NAME = re.compile(r"[A-Za-z_]\w{2,}")
_QUOTED = re.compile(r"['\"`]([^'\"`]+)['\"`]")
_NAMED_BY_THE_MESSAGE, _IN_A_FRAME = 4, 1


def clues(failure: Failure) -> Mapping[str, int]:
    """Return words with their weight: names in the failure's message, functions and files of its stack."""
    found: dict[str, int] = {}
    for file, _, function in failure.frames:
        found[function] = found[PurePosixPath(file).stem] = _IN_A_FRAME
    for quoted in _QUOTED.findall(failure.message):
        found |= dict.fromkeys(_NAME.findall(quoted), _NAMED_BY_THE_MESSAGE)
    return {word: weight for word, weight in found.items() if _NAME.fullmatch(word)}


def likeliest(hunks: Sequence[str], words: Mapping[str, int]) -> list[int]:
    """Return the places of the hunks (diffs) that hold any of the words, those with the most weight first."""
    weights = [sum(words.get(word, 0) for word in set(_NAME.findall(hunk))) for hunk in hunks]
    return sorted((place for place, weight in enumerate(weights) if weight), key=lambda place: -weights[place])
