"""Lines of a long log that may matter in, whether their like was read before, out: loops and retries say little new."""

from collections.abc import Sequence

from fixer import lazy_re as re
from fixer.ci_log.clean import PIECE
from fixer.distiller.exhausted import DIGITS, Exhausted, bounded
from fixer.schema.execution import Step, StepStatus

WINDOW = 4
"""Lines from a line on that must be the same for it to be a copy."""
MOST_COPIES = 60_000
"""Windows, shapes and lines that are remembered, as numbers."""
ENOUGH_READINGS = 3
"""Times that a window is read because what it said before, it said in a step that passed."""
ENOUGH_ALIKE = 300
"""Lines of one step that differ by their digits alone, of which as many are read."""
MANY = 30_000
"""Lines after which the log says more than anybody reads: from there on `FEW_ALIKE` lines that are alike are enough."""
FEW_ALIKE = 3
LONGEST_RUN = 1 << 16
"""Bytes of what is compared as a whole."""
STRUCTURE = (b"##[", b"::group::", b"travis_", b"section_", b"The command ")
"""Beginnings of the lines that are read however often they come: the steps are made of them."""
_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]{8,20}Z ?")
_STAMPS = re.compile(rb"^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z ?", re.MULTILINE)
_LOOKED_AT = 400


class Repetition:
    """Remembers what was read by hashes; where it has no room for more, it forgets, and things are read again."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self.known_until = 0
        """Offset up to which what begins with the line that was last asked for is known."""
        self._steps: dict[int, int | None] = {}
        self._readings: dict[int, int] = {}
        self._alike: dict[int, int] = {}
        self.exhausted = Exhausted()
        self.taken = 0
        """Lines that were read, alone or after others."""
        self._dull: set[int] = set()
        self._run: list[int] = []
        self._runs: dict[int, tuple[int, int]] = {}

    @property
    def reading(self) -> bool:
        """Whether lines were taken for read since `end` was called."""
        return bool(self._run)

    @property
    def many(self) -> bool:
        """Whether so much was read that less will do."""
        return self.taken >= MANY

    def is_new(self, data: bytes, start: int, step: int | None, steps: Sequence[Step]) -> bool:
        """Say whether the line at `start` should be read; where it should, it is taken for read.

        Args:
            data: whole lines of the log.
            start: where in them the line begins.
            step: number of the step that it belongs to.
            steps: those that ended before.
        """
        self.known_until = start
        line = bare(data, start)
        if hash(line) in self._dull:
            return False
        shape = _shape(line, step)
        if self._alike.get(shape, 0) >= (FEW_ALIKE if self.many else ENOUGH_ALIKE):
            if self.many and not line.startswith(STRUCTURE):
                self.exhausted.add(data, start, step)
            return False
        mark = _window(data, start)
        if mark in self._steps and not self._counted_for_nothing(mark, step, steps):
            self._know(data, start, mark)
            return False
        self._take(shape, mark)
        return True

    def read(self, data: bytes, start: int, step: int | None) -> None:
        """Take a line that is read anyway, after one that was new."""
        self._take(_shape(bare(data, start), step), _window(data, start))

    def _take(self, shape: int, mark: int) -> None:
        self._alike[shape] = self._alike.get(shape, 0) + 1
        self.taken += 1
        self._run.append(mark)

    def ran(self, data: bytes, start: int, end: int) -> None:
        """Take that all from `start`, which was new, to `end` was read because of it."""
        run = data[start:end]
        if len(run) < LONGEST_RUN and not any(text in run for text in STRUCTURE):
            self._runs[self._run[0]] = (len(run), _mark(run))

    def end(self, failed: int | None) -> None:
        """Take that the reading of lines that belong together ended; they stated failures of the step `failed`."""
        if len(self._alike) > MOST_COPIES:
            self._alike.clear()
        if len(self._steps) > MOST_COPIES:
            for memory in (self._steps, self._readings, self._runs):
                memory.clear()
        for mark in self._run:
            if mark in self._steps:
                self._readings[mark] = self._readings.get(mark, 1) + 1
            self._steps[mark] = failed
        self._run.clear()

    def dull(self, data: bytes, start: int) -> None:
        """Take that nothing came of the line at `start`, nor of those that were read after it."""
        if len(self._dull) >= MOST_COPIES:
            self._dull.clear()
        self._dull.add(hash(bare(data, start)))

    def _counted_for_nothing(self, mark: int, step: int | None, steps: Sequence[Step]) -> bool:
        """Whether what a window said, it said in a step that passed, while it may count in this one."""
        before = self._steps[mark]
        if before is None or before == step or before > len(steps):
            return False
        return steps[before - 1].status is StepStatus.PASSED and self._readings.get(mark, 1) < ENOUGH_READINGS

    def _know(self, data: bytes, start: int, mark: int) -> None:
        """Compare what follows with what was read after this window before: all of it may be known."""
        length, whole = self._runs.get(mark, (0, 0))
        if length and _mark(data[start : start + length]) == whole:
            self.known_until = start + length


def bare(data: bytes, start: int) -> bytes:
    """Return the line at `start` without the time stamp of the CI service."""
    end = data.find(b"\n", start) + 1 or len(data)
    stamp = _STAMP.match(data, start, end) if data.startswith(b"20", start) else None
    return data[stamp.end() if stamp else start : end]


def _shape(line: bytes, step: int | None) -> int:
    return hash((bounded(step), line[:_LOOKED_AT].translate(None, DIGITS)))


def _window(data: bytes, start: int) -> int:
    """Return a number for the lines from `start` on; those at the end of what is at hand are like no others."""
    end = start
    for _ in range(WINDOW):
        end = data.find(b"\n", end, start + PIECE) + 1
        if not end:
            return hash((start, data[start : start + PIECE]))
    return _mark(data[start:end])


def _mark(lines: bytes) -> int:
    return hash(_STAMPS.sub(b"", lines) if lines.startswith(b"20") else lines)
