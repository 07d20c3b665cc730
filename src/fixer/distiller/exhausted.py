"""Lines of which enough were read in, what else a block of the log holds out: where all is errors, little is new."""

from collections.abc import Iterable
from itertools import accumulate

WORTH = 50
"""Wordings from which on it pays to compare every line with them."""
MOST = 60_000
"""Wordings that are remembered, as numbers."""
MOST_STEPS = 100
"""Steps that are told apart; those after them count as one."""
DIGITS = b"0123456789"


class Exhausted:
    """Remembers lines without their digits, by their step; all lines of a block are compared at once."""

    def __init__(self) -> None:
        """Start with no such line."""
        self._shapes: dict[int, set[int]] = {}

    def add(self, data: bytes, start: int, step: int | None) -> None:
        """Take that of lines like the one at `start`, which belongs to `step`, no more are wanted."""
        if sum(map(len, self._shapes.values())) >= MOST:
            self._shapes.clear()
        end = data.find(b"\n", start)
        line = data[start : len(data) if end < 0 else end]
        self._shapes.setdefault(bounded(step), set()).add(hash(line.translate(None, DIGITS)))

    def place(self, step: int | None) -> int:
        """Return a number for the steps of which the same is known: late in the log, also that between two of them."""
        return MOST_STEPS if step is None and MOST_STEPS in self._shapes else bounded(step)

    def known(self, step: int | None) -> set[int]:
        """Return what is exhausted in this step, and wherever else its `place` is."""
        own = self._shapes.get(bounded(step), set())
        if self.place(step) != MOST_STEPS or 0 not in self._shapes:
            return own if step is not None or MOST_STEPS not in self._shapes else set()
        return self._shapes[0] & self._shapes.get(MOST_STEPS, set())

    @staticmethod
    def rest(data: bytes, known: set[int]) -> tuple[bytes, dict[int, int]]:
        """Return the other lines of a block one after the other, and offset there -> offset in the block."""
        left = [
            at for at, shape in enumerate(map(hash, data.translate(None, DIGITS).split(b"\n"))) if shape not in known
        ]
        lines = data.split(b"\n")
        starts = _starts(lines)
        wanted = [lines[at] for at in left]
        return b"\n".join(wanted), dict(zip(_starts(wanted), (starts[at] for at in left), strict=False))


def bounded(step: int | None) -> int:
    """Return the number under which what a step says is remembered."""
    return min(step or 0, MOST_STEPS)


def _starts(lines: Iterable[bytes]) -> list[int]:
    return list(accumulate((len(line) + 1 for line in lines), initial=0))
