"""What a person sees while a workflow runs: each step's headline and its output, masked, as it comes."""

import contextlib
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self, TextIO

from fixer.terminal import SILENCE_SECONDS, clean

LONGEST = 64 * 1024
"""Bytes of one line, or of one private key, that are held back until they can be masked as a whole."""
SHOWN = 2000
"""Characters of a longer line that are shown."""
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_KEY_ENDS = re.compile(r"-----END [A-Z ]*PRIVATE KEY-----")


class Screen:
    """Writes to stderr: stdout is for the result. A stream that nobody reads any more is no error.

    While a step runs and prints nothing, a line every `silence` seconds says that it does: CI systems end silent jobs.
    """

    def __init__(
        self, mask: Callable[[str], str], stream: TextIO | None = None, *, silence: float = SILENCE_SECONDS
    ) -> None:
        """Write to `stream`, by default stderr."""
        self._mask = mask
        self._stream = stream or sys.stderr
        self._pending: dict[str, bytes] = {}
        self._silence = silence
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._began: float | None = None
        self._wrote = 0.0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Say nothing more by itself."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Break the silence of what is done inside."""
        self._began = self._wrote = time.monotonic()
        if self._thread is None:
            self._thread = threading.Thread(target=self._break_silence, name="screen", daemon=True)
            self._thread.start()
        try:
            yield
        finally:
            self._began = None

    def _break_silence(self) -> None:
        while not self._closed.wait(self._silence / 4):
            began = self._began
            now = time.monotonic()
            if began is not None and now - self._wrote >= self._silence:
                self._write(f"    (still running, {now - began:.0f} s)\n")

    def say(self, text: str) -> None:
        """Write one line of fixer's own."""
        self._write(clean(self._mask(text)).rstrip("\n") + "\n")

    def output(self, name: str, data: bytes) -> None:
        """Take the next bytes of a step's stream; whole lines are shown at once."""
        data = self._pending.get(name, b"") + data
        end = data.rfind(b"\n") + 1
        text = data[:end].decode("utf-8", "replace")
        begun = max((found.start() for found in _KEY_BEGINS.finditer(text)), default=None)
        if begun is not None and _KEY_ENDS.search(text, begun) is None:
            text = text[:begun]
            end = len(text.encode("utf-8", "replace"))
        rest = data[end:]
        if len(rest) > LONGEST:
            text += f"{rest[:LONGEST].decode('utf-8', 'replace')}\n"
            rest = b""
        self._pending[name] = rest
        self._show(text)

    def flush(self) -> None:
        """Show what waits for the end of its line; the step has ended."""
        for data in self._pending.values():
            if data:
                self._show(data.decode("utf-8", "replace") + "\n")
        self._pending.clear()

    def _show(self, text: str) -> None:
        if not text:
            return
        lines = clean(self._mask(text)).rstrip("\n").split("\n")
        self._write("".join(f"    {one if len(one) <= SHOWN else one[:SHOWN] + '…'}\n" for one in lines))

    def _write(self, text: str) -> None:
        with self._lock:
            self._wrote = time.monotonic()
            self._write_alone(text)

    def _write_alone(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except BrokenPipeError:
            self._stream = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the process ends
