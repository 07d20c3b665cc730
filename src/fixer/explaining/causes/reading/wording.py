"""The words of an error come in; how likely each root cause is by all of them together goes out.

A rule reads the words that its author thought of. What is said in other words still resembles what was said before of
the same cause: a linear model (multinomial logistic regression) weighs every word, pair of words and beginning of a
word of the labelled wordings in `training/causes`. `make causes` makes `wording.txt` of them.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from fixer.schema.root_cause import RootCause

FILE = Path(__file__).with_name("wording.txt")
WORDS = 400
"""Of an error that are weighed: half of its beginning, half of its end, where it has more."""
ACTION_WORDS = 12
STEM = 5
"""Letters that stand for the forms of a word."""
ZERO = ord("O")
"""The letter of the weight 0; each one after it is a unit more, each before it a unit less."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WITHOUT_SPACES = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_WITHOUT_SPACES}]+|[^\W\d_]+|(?<![\d.])[1-5]\d\d(?![\d.])")
"""Text of Chinese, Japanese and Korean letters, a word, or the code of an HTTP status."""


@dataclass(frozen=True)
class Model:
    """The weights of features, as `wording.txt` keeps them."""

    causes: tuple[RootCause, ...]
    unit: float
    """What one letter after `O` is worth."""
    bias: tuple[float, ...]
    lines: Sequence[bytes]
    """`feature<TAB>weights`, a letter a cause; sorted, in UTF-8: to decode all takes longer than to look some up."""

    def weights(self, feature: str) -> bytes:
        """Return the letters of a feature; empty where it was not seen often enough."""
        key = f"{feature}\t".encode("utf-8", "surrogatepass")
        at = bisect_left(self.lines, key)
        return self.lines[at][len(key) :] if at < len(self.lines) and self.lines[at].startswith(key) else b""


def likelihoods(action: str, text: str) -> Mapping[RootCause, float]:
    """Return how likely each cause is, all together 1; nothing for a text without a known word."""
    model = stored()
    known = [letters for feature in sorted(features(action, text)) if (letters := model.weights(feature))]
    if not known:
        return {}
    scale = model.unit / math.sqrt(len(known) + 1)
    sums = [bias + scale * sum(letters[number] - ZERO for letters in known) for number, bias in enumerate(model.bias)]
    return dict(zip(model.causes, softmax(sums), strict=True))


def softmax(sums: Sequence[float]) -> list[float]:
    """Return what sums of weights are as parts of 1."""
    highest = max(sums)
    powers = [math.exp(one - highest) for one in sums]
    whole = sum(powers)
    return [one / whole for one in powers]


def features(action: str, text: str) -> set[str]:
    """Return what is weighed: the words of an error, pairs and beginnings of them, and the words of the action."""
    words = list(_words(text))
    if len(words) > WORDS:
        words = words[: WORDS // 2] + words[-WORDS // 2 :]
    pairs = {f"{one} {other}" for one, other in pairwise(words)}
    stems = {f"^{word[:STEM]}" for word in words if len(word) > STEM}
    return {*words, *pairs, *stems, *(f"a:{word}" for word in list(_words(action))[:ACTION_WORDS])}


def _words(text: str) -> Iterator[str]:
    spaced = _HUMP.sub(" ", unicodedata.normalize("NFC", text)).lower()
    for word in _WORD.findall(spaced):
        if "\u3040" <= word[0] <= "\ud7af":
            # Without spaces between words, two letters stand for one.
            yield from (word[at : at + 2] for at in range(max(1, len(word) - 1)))
        elif len(word) > 1:
            yield word[:20]


@lru_cache(maxsize=1)
def stored() -> Model:
    """Read the model that is shipped."""
    first, second, *lines = FILE.read_bytes().split(b"\n")
    (unit, *causes), bias = first.decode().split("\t"), second.decode()
    return Model(tuple(map(RootCause, causes)), float(unit), tuple(map(float, bias.split("\t"))), lines)
