"""One output stream: bytes come in as they are read, masked text of both its ends goes out."""

from collections import deque
from collections.abc import Callable

HEAD_BYTES = 2 * 1024 * 1024
TAIL_BYTES = 30 * 1024 * 1024
"""The end is where tools say what failed, so more of it is kept."""
OVERLAP = 16 * 1024
"""Masked together with each end and then cut off, so that no secret is cut in two before it is looked for."""


class Capture:
    """Keeps the first and the last bytes of a stream in bounded memory."""

    def __init__(self, head: int = HEAD_BYTES, tail: int = TAIL_BYTES) -> None:
        """Keep up to `head` + `tail` bytes."""
        self.total = 0
        self._head_limit = head + OVERLAP
        self._tail_limit = tail + OVERLAP
        self._head = bytearray()
        self._tail: deque[bytes] = deque()
        self._tail_size = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        self.total += len(data)
        room = self._head_limit - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        if not data:
            return
        self._tail.append(data)
        self._tail_size += len(data)
        while self._tail_size - len(self._tail[0]) >= self._tail_limit:
            self._tail_size -= len(self._tail.popleft())

    def text(self, mask: Callable[[str], str]) -> tuple[str, int]:
        """Return the masked text, with a line that names the gap where there is one, and the bytes left out."""
        tail = b"".join(self._tail)
        if len(self._head) + len(tail) == self.total:
            return mask(_decode(bytes(self._head) + tail)), 0
        tail = tail[-self._tail_limit :]
        omitted = self.total - len(self._head) - len(tail) + 2 * OVERLAP
        first = mask(_decode(bytes(self._head)))[:-OVERLAP]
        last = mask(_decode(tail))[OVERLAP:]
        return f"{first}\n[{omitted} bytes of output left out here]\n{last}", omitted


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")
