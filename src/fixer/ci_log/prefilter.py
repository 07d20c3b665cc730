"""Text of a log in, which of a few hundred given texts stand in it, or in which of its lines, out: one pass for all."""

from collections.abc import Iterable
from functools import cached_property

from ahocorasick_rs import BytesAhoCorasick, Implementation

PIECE = 1 << 18
"""Bytes that are searched at once: of a hostile log every second byte is a find, and finds take memory."""
FEW = 8
"""Lines in which looking for one text after the other takes less time than making the automaton (that of twenty)."""


class Prefilter:
    """Finds texts whatever the case of the log's ASCII letters, in a time that depends on the log's length alone.

    One automaton for all texts (Aho and Corasick, 1975, doi:10.1145/360825.360855), so a thousand cost what one does;
    it is made when there is enough to search.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        """Take what is looked for, in small letters; no text may be empty or hold a line feed."""
        self._texts = [text.encode() for text in texts]
        self._searched = 0

    @cached_property
    def _automaton(self) -> BytesAhoCorasick:
        return BytesAhoCorasick(self._texts, implementation=Implementation.DFA)

    def within(self, text: str) -> set[int]:
        """Return the places, in the order in which they were given, of the texts that stand in this one."""
        low = text.lower().encode("utf-8", "surrogatepass")
        self._searched += 1
        if self._searched <= FEW:
            return {place for place, wanted in enumerate(self._texts) if wanted in low}
        return {found[0] for found in self._automaton.find_matches_as_indexes(low, overlapping=True)}

    def lines(self, block: bytes) -> list[int]:
        """Return the offsets of the lines that hold one of the texts, in order."""
        starts: list[int] = []
        begin = 0
        while begin < len(block):
            cut = len(block) if len(block) - begin <= PIECE else block.rfind(b"\n", begin, begin + PIECE) + 1
            end = cut or block.find(b"\n", begin + PIECE) + 1 or len(block)
            self._search(block[begin:end].lower(), begin, starts)
            begin = end
        return starts

    def _search(self, low: bytes, begin: int, starts: list[int]) -> None:
        after = 0
        for _, at, _ in self._automaton.find_matches_as_indexes(low):
            if at >= after:
                line = low.rfind(b"\n", after, at)
                starts.append(begin + (after if line < 0 else line + 1))
                after = low.find(b"\n", at) + 1 or len(low)
