"""Labelled wordings in (`training/causes/*.jsonl`), the weights that `fixer explain` reads out; run by `make causes`.

Multinomial logistic regression by stochastic gradient descent with AdaGrad steps (Duchi, Hazan, Singer 2011,
https://jmlr.org/papers/v12/duchi11a.html). Prints, for each file, how many of its wordings a model of the other files
gets right: what it does with the words of somebody new.
"""

import json
import math
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from fixer.explaining.causes.reading.wording import FILE, ZERO, features, softmax
from fixer.schema.root_cause import RootCause

FOLDER = Path(__file__).parents[1] / "training" / "causes"
EPOCHS = 12
STEP = 0.5
DECAY = 1e-3
LEAST = 2
"""Wordings in which a pair of words has to stand; a word or a beginning alone counts from the first one on."""
UNIT = 0.12
FARTHEST = 40
"""Letters from the zero: all of them can be printed."""
FAINT = 0.5
"""A feature whose weights differ by less is left out."""
SETTLED = 0.003
"""Of a gradient: a smaller one moves nothing."""

Labelled = tuple[frozenset[str], str]
Weights = tuple[dict[str, list[float]], list[float]]
CAUSES = [cause.value for cause in RootCause]


def main() -> None:
    """Measure each file by a model of the others (not with --unmeasured), then write the model of all."""
    files = {path.stem: read(path) for path in sorted(FOLDER.glob("*.jsonl"))}
    for name, held_back in files.items() if "--unmeasured" not in sys.argv else ():
        weights = trained([one for other, given in files.items() if other != name for one in given])
        right = sum(likeliest(weights, words) == cause for words, cause in held_back)
        print(f"{name:24} {right:5} of {len(held_back):5}  {right / len(held_back):.1%}  by a model of the other files")
    everything = [one for given in files.values() for one in given]
    written = write(trained(everything))
    print(f"{len(everything)} wordings, {written} features: {FILE} ({FILE.stat().st_size // 1024} KiB)")


def read(path: Path) -> list[Labelled]:
    """Read a file: {"a": action, "e": error, "c": cause} a line."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(frozenset(features(line["a"], line["e"])), line["c"]) for line in lines]


def trained(given: Sequence[Labelled]) -> Weights:
    """Return the weights of each feature, and each cause's own."""
    # Sorted: a set's order differs from process to process, and sums of floats with it.
    seen = Counter(feature for words, _ in given for feature in words)
    known = sorted(feature for feature, times in seen.items() if times >= LEAST or " " not in feature)
    weights = {feature: [0.0] * len(CAUSES) for feature in known}
    slopes = {feature: [0.01] * len(CAUSES) for feature in known}
    bias = [0.0] * len(CAUSES)
    texts = [(sorted(words & weights.keys()), CAUSES.index(cause)) for words, cause in given]
    shuffled = random.Random(1)
    for _ in range(EPOCHS):
        shuffled.shuffle(texts)
        for words, cause in texts:
            _learn(weights, slopes, bias, words, cause)
    return weights, bias


def _learn(
    weights: dict[str, list[float]], slopes: dict[str, list[float]], bias: list[float], words: list[str], cause: int
) -> None:
    part = 1 / math.sqrt(len(words) + 1)
    wrong = softmax(_sums(weights, bias, words, part))
    wrong[cause] -= 1
    moving = [(number, by) for number, by in enumerate(wrong) if abs(by) > SETTLED]
    for number, by in moving:
        bias[number] -= 0.05 * by
    for word in words:
        own, slope = weights[word], slopes[word]
        for number, by in moving:
            down = by * part + DECAY * own[number]
            slope[number] += down * down
            own[number] -= STEP * down / math.sqrt(slope[number])


def _sums(weights: dict[str, list[float]], bias: list[float], words: Sequence[str], part: float) -> list[float]:
    sums = list(bias)
    for word in words:
        for number, weight in enumerate(weights[word]):
            sums[number] += weight * part
    return sums


def likeliest(weights: Weights, words: frozenset[str]) -> str:
    """Return the cause that a model finds for a wording."""
    known = sorted(words & weights[0].keys())
    sums = _sums(weights[0], weights[1], known, 1 / math.sqrt(len(known) + 1))
    return CAUSES[max(range(len(sums)), key=sums.__getitem__)]


def write(weights: Weights) -> int:
    """Write `wording.txt`; return how many features it has."""
    lines = []
    for feature, own in sorted(weights[0].items()):
        steps = [max(-FARTHEST, min(FARTHEST, round(one / UNIT))) for one in own]
        if max(own) - min(own) >= FAINT:
            lines.append(f"{feature}\t" + "".join(chr(ZERO + step) for step in steps))
    head = "\t".join([str(UNIT), *CAUSES])
    bias = "\t".join(f"{one:.3f}" for one in weights[1])
    FILE.write_text("\n".join([head, bias, *sorted(lines)]), encoding="utf-8")
    return len(lines)


if __name__ == "__main__":
    main()
