"""The bytes of a log in; steps, failures and the weighed lines around which the context is built, out."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from fixer import lazy_re as re
from fixer.ci_log.clean import PIECE, placed
from fixer.ci_log.prefilter import Prefilter
from fixer.ci_log.steps import StepReader
from fixer.distiller.exhausted import WORTH
from fixer.distiller.repetition import STRUCTURE, Repetition, bare
from fixer.distiller.weights import NOTHING, weigh
from fixer.parsers import LogLine, Reader
from fixer.schema.execution import Step
from fixer.schema.failure import Failure

BEFORE = 40
"""Lines before a hit that are at hand."""
MOST_HITS = 6000
SAME = 3
"""Hits of the same wording that are kept: the first ones."""
WHOLE = 40_000
"""Characters up to which a log is kept as a whole."""
LONGEST = 700
"""Characters of one line in the context."""

FEW_AFTER = 2
"""Lines after a hit that are read of a log in which very much looks like an error."""
LOOK_BACK = 6
"""Lines before a hit that are read again where lines were skipped."""
BLOCK = 1 << 20
"""Bytes that are read at once."""
IN_FULL = 1 << 20
"""Bytes of a log that are read line by line; of what follows only the lines that may matter, and those around them."""
MARKS = (
    *("##[", "::group::", "travis_", "section_", "the command ", "post job", "head is now", "traceback", "rootdir: "),
    *("[pipeline]", "+++ ", "~~~ ", "buildkite-agent", "#!/bin/", "script contents:", "finished: failure"),
)
"""Texts of the lines that the reader of steps must see."""
_COLOURS = re.compile(rb"\x1b\[[0-?]{0,40}[ -/]{0,4}[@-~]")
_KEY = re.compile(r"[0-9a-f]{6,}|\d+")
_SERVICE = re.compile(
    r"\[task [^\]]{1,40}\]\s+(?:\d\d:\d\d:\d\d\s+[A-Z]+ - )?(?:PID \d+ \| )?|[\w.-]{1,40}_\d+ +\|(?: |$)"
    r"|#\d+ \d+\.\d+ |\[[\w /-]{1,40}\]\s+\| "
)


class Scan:
    """Reads a log once. Memory is bounded by `MOST_HITS` and their surroundings."""

    def __init__(self) -> None:
        """Start before the first line."""
        self.lines = 0
        self.hits: dict[int, int] = {}
        """Line -> weight."""
        self.texts: dict[int, str] = {}
        """The lines that the context may show."""
        self.step_of: dict[int, int] = {}
        self.whole: dict[int, str] | None = {}
        self._whole_size = 0
        self._reader = Reader()
        self._steps = StepReader()
        self._before: deque[tuple[int, str]] = deque(maxlen=BEFORE)
        self._owed = 0
        self._stated: set[int] = set()
        self._found = self._found_before = 0
        self._run_step: int | None = None
        self._same: dict[str, int] = {}
        self._failures: list[Failure] | None = None
        self._read = 0
        self._prefilter: Prefilter | None = None
        self._repetition = Repetition()
        self._dense = False

    @property
    def steps(self) -> list[Step]:
        """The steps of the log."""
        return self._steps.steps

    @property
    def commit(self) -> str | None:
        """The commit that the log names."""
        return self._steps.commit

    @property
    def failures(self) -> list[Failure]:
        """All failures, ranked; to be asked for after `finish`."""
        if self._failures is None:
            self._failures = self._reader.failures(self.steps)
        return self._failures

    def read(self, stream: BinaryIO, name: str | None) -> None:
        """Read one file of the log to its end."""
        if name is not None:
            self._steps.begin(self.lines + 1, name)
        for data in _blocks(stream):
            if self._read < IN_FULL:
                for raw in _lines(data):
                    self._decoded(raw)
            else:
                # a colour inside of a text would hide it
                self._skim(_COLOURS.sub(b"", data) if b"\x1b" in data else data)
            self._read += len(data)

    def _skim(self, data: bytes) -> None:
        """Look at the lines that may matter; after one that does, at those that follow for as long as they do."""
        self._prefilter = self._prefilter or Prefilter((*self._reader.needles, *MARKS))
        at = self._go_on(data, 0)
        known, step = 0, self._steps.current
        for start in self._candidates(data, self._prefilter):
            if start < known:
                continue
            if start < at:
                self._repetition.read(data, start, step)
                continue
            if self._repetition.reading:
                self._repetition.end(self._run_step if self._found > self._found_before else None)
            if self._repetition.is_new(data, start, step, self.steps):
                at = self._begin(data, at, start)
                step = self._steps.current
            elif bare(data, start).startswith(STRUCTURE):
                at = self._structure(data, at, start)
                step = self._steps.current
            else:
                known = self._repetition.known_until
        self.lines += data.count(b"\n", at) + (not data.endswith(b"\n") and at < len(data))

    def _candidates(self, data: bytes, prefilter: Prefilter) -> Iterator[int]:
        """Yield the offsets of the lines to look at; where nearly all matter, without those that say nothing new."""
        begin, exhausted = 0, self._repetition.exhausted
        known = exhausted.known(self._steps.current) if self._dense else set()
        if len(known) >= WORTH:
            place = exhausted.place(self._steps.current)
            rest, places = exhausted.rest(data, known)
            for start in prefilter.lines(rest):
                yield places[start]
                if exhausted.place(self._steps.current) != place:
                    # another step began, in which the same may count
                    begin = data.find(b"\n", places[start]) + 1 or len(data)
                    break
            else:
                return
        starts = prefilter.lines(data[begin:] if begin else data)
        self._dense = 2 * len(starts) > data.count(b"\n", begin)
        for start in starts:
            yield begin + start

    def _begin(self, data: bytes, at: int, start: int) -> int:
        """Read the line at `start`, `at` being the end of what was read; return where reading stopped."""
        self.lines += data.count(b"\n", at, start)
        self._look_back(data, at, start)
        self._found_before, self._run_step = self._found, self._steps.current
        before = (len(self.hits), self._found, len(self.steps))
        end = data.find(b"\n", start) + 1 or len(data)
        self._decoded(data[start:end])
        end = self._go_on(data, end)
        after = (len(self.hits), self._found, len(self.steps))
        if end < len(data):
            self._repetition.ran(data, start, end)
        if before == after:
            self._repetition.dull(data, start)
        return end

    def _structure(self, data: bytes, at: int, start: int) -> int:
        """Read a line that may begin or end a step and says nothing else that is new; return where reading stopped."""
        end = data.find(b"\n", start) + 1 or len(data)
        self.lines += data.count(b"\n", at, end)
        self._steps.feed(self.lines, *placed(data[start : min(end, start + PIECE)].decode("utf-8", "replace")))
        return self._go_on(data, end)

    def _go_on(self, data: bytes, at: int) -> int:
        """Read on for as long as something that began wants lines; return where reading stopped."""
        while at < len(data) and (self._owed or self._reader.active or self._steps.in_header):
            end = data.find(b"\n", at) + 1 or len(data)
            self._decoded(data[at:end])
            at = end
        return at

    def _look_back(self, data: bytes, first: int, start: int) -> None:
        """Give the reader the few lines before a hit that were skipped."""
        begin = start
        for _ in range(LOOK_BACK):
            if begin <= first:
                break
            begin = max(data.rfind(b"\n", first, begin - 1) + 1, first)
        skipped = self.lines - data.count(b"\n", begin, start)
        for number, raw in enumerate(_lines(data[begin:start]), skipped + 1):
            text, place = placed(raw[:PIECE].decode("utf-8", "replace"))
            self._steps.feed(number, text, place)
            self._before.append((number, text if len(text) <= LONGEST else _around(text)))
            self._reader.look_back(LogLine(number, text, self._steps.current))

    def _decoded(self, raw: bytes) -> None:
        self.lines += 1
        if len(raw) > 2 * PIECE:
            raw = raw[:PIECE] + b" " + raw[-PIECE:]
        text, place = placed(raw.decode("utf-8", "replace"))
        self._line(self.lines, text, place)

    def finish(self) -> None:
        """The log ended."""
        self._steps.finish(self.lines)
        for number, text in list(self._before)[-30:]:
            self.texts.setdefault(number, text[:LONGEST])

    def _line(self, number: int, text: str, place: str | None) -> None:
        self._steps.feed(number, text, place)
        step = self._steps.current
        bare = _SERVICE.sub("", text, count=1) if text[:1] in "[#" or "|" in text[:50] else text
        found = self._reader.feed(LogLine(number, bare, step))
        shown = text if len(text) <= LONGEST else _around(text)
        if self.whole is not None:
            self._keep_whole(number, shown)
        if step is not None and (number == 1 or self.step_of.get(-1) != step):
            self.step_of[-1] = step
        weight = weigh(bare) if bare else NOTHING
        if found:
            self._found += len(found)
            self._keep_failures(found)
        if weight.score and self._is_new(bare, step):
            self._hit(number, weight.score, weight.before)
            after = min(weight.after, FEW_AFTER) if self._repetition.many else weight.after
            self._owed = max(self._owed, after + 1)
        if self._owed:
            self._owed -= 1
            self.texts[number] = shown
        self._before.append((number, shown))

    def _keep_whole(self, number: int, shown: str) -> None:
        assert self.whole is not None
        self.whole[number] = shown
        self._whole_size += len(shown) + 1
        if self._whole_size > WHOLE:
            self.whole = None

    def _is_new(self, text: str, step: int | None) -> bool:
        key = f"{step} {_KEY.sub('0', text)[:160]}"
        seen = self._same.get(key, 0)
        if seen >= SAME:
            return False
        if len(self._same) > 4 * MOST_HITS:
            self._same.clear()
        self._same[key] = seen + 1
        return True

    def _hit(self, number: int, score: int, before: int) -> None:
        self.hits[number] = score
        for at, text in list(self._before)[-before:] if before else ():
            self.texts.setdefault(at, text)
        if len(self.hits) > MOST_HITS:
            self._prune()

    def _keep_failures(self, found: Iterable[Failure]) -> None:
        wanted = {failure.log_line for failure in found}
        self._stated.update(line for line in wanted if line and len(self._stated) < MOST_HITS)
        if any(line not in self.texts for line in wanted):
            for at, text in self._before:
                if any(line and -2 <= at - line <= 6 for line in wanted):
                    self.texts.setdefault(at, text)

    def _prune(self) -> None:
        """Keep the better half of the hits, and of the rest the newest; forget what was kept around the others."""
        order = sorted(self.hits, key=lambda number: (self.hits[number], number), reverse=True)
        kept = set(order[: MOST_HITS // 2])
        self.hits = {number: self.hits[number] for number in sorted(kept)}
        near = {at for number in kept for at in range(number - BEFORE, number + 14)}
        near |= {at for line in self._stated for at in range(line - 3, line + 8)}
        self.texts = {number: text for number, text in self.texts.items() if number in near}


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield whole lines, about `BLOCK` bytes at once; the middle of an endless line is left out."""
    rest = b""
    while block := stream.read(BLOCK):
        data = rest + block
        cut = data.rfind(b"\n") + 1
        if not cut and len(data) > 2 * PIECE:
            rest = data[:PIECE] + b" " + data[-PIECE:]
            continue
        if cut:
            yield data[:cut]
        rest = data[cut:]
    if rest:
        yield rest


def _lines(data: bytes) -> Iterator[bytes]:
    """Split at line feeds alone: `splitlines` would take a carriage return for a line's end."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield data[start:end]
        start = end


def _around(text: str) -> str:
    """Shorten a long line, keeping its beginning and its end."""
    return f"{text[: LONGEST - 200]} [...] {text[-180:]}"
