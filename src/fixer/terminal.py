"""Text that anyone may have written goes in, text that a terminal can only show comes out; and where fixer writes to.

Sources: ECMA-48 (control functions), Unicode UAX #9 (bidirectional controls), no-color.org.
"""

import os
import re
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status
    from rich.text import Text

PLAIN_WIDTH = 120
"""Columns where nobody tells how wide the screen is: CI logs scroll, and narrow tables are hard to read in them."""
SILENCE_SECONDS = 10.0
"""Longest pause without a line while something runs and there is no terminal; CI systems end silent jobs."""

_CONTROL = re.compile(
    # CSI: parameters, intermediates, final byte; also cut short
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    # OSC, DCS, SOS, PM, APC up to their end; an unfinished one may not swallow the lines that follow
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    # every other escape sequence
    r"|\x1b[ -/]*[0-~]?"
    # C0 but TAB, LF and CR; DEL; C1
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
    # bidirectional controls, zero width, invisible operators, line and paragraph separator, tags, interlinear marks
    r"|[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]"
    r"|[\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return what a reader would see: no control character but LF and TAB, in time linear to the text.

    A line that was written over after a carriage return is the last text that was written there.
    """
    text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
    if "\r" not in text:
        return text
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] if "\r" in line else line for line in text.split("\n"))


def clean_line(text: str) -> str:
    """Return `text` cleaned and on one line, with runs of white space made one space."""
    return " ".join(clean(text).split())


def untrusted(text: str, style: str = "") -> "Text":
    """Return text from outside as something rich prints as it stands: cleaned, and never read as markup."""
    from rich.text import Text  # noqa: PLC0415 - `--help` must not pay for it

    return Text(clean(text), style=style)


def stdout_console() -> "Console":
    """Return the console for results; NO_COLOR, FORCE_COLOR and COLUMNS count, markup in strings does not."""
    return _console(sys.stdout)


def stderr_console() -> "Console":
    """Return the console for progress and errors, as `stdout_console`."""
    return _console(sys.stderr)


def is_live(stream: TextIO) -> bool:
    """Whether a line may be redrawn: a person's terminal, no CI system that only pretends to be one."""
    ci = os.environ.get("CI", "").lower() not in {"", "0", "false"}
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not ci


def _console(stream: TextIO) -> "Console":
    from rich.console import Console  # noqa: PLC0415 - `--help` must not pay for it

    told = os.environ.get("COLUMNS", "")
    width = None if stream.isatty() or (told.isdigit() and int(told) > 0) else PLAIN_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def key_within(seconds: int, text: str) -> bool:
    """Count down in the terminal that stdin is; return whether a key was pressed before the end.

    The terminal is as it was afterwards, also after Ctrl-C.
    """
    import select  # noqa: PLC0415 - only for this
    import termios  # noqa: PLC0415
    import time  # noqa: PLC0415
    import tty  # noqa: PLC0415

    before = termios.tcgetattr(sys.stdin)
    end = time.monotonic() + seconds
    pressed = False
    try:
        tty.setcbreak(sys.stdin)
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
        while not pressed and (left := end - time.monotonic()) > 0:
            sys.stderr.write(f"\r{text} ({int(left) + 1} s) ")
            sys.stderr.flush()
            pressed = bool(select.select([sys.stdin], [], [], min(left, left % 1 or 1))[0])
        if pressed:
            os.read(sys.stdin.fileno(), 64)
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        sys.stderr.write("\n")
    return pressed


class Progress:
    """Says what is being done: a status line that is redrawn in a terminal, plain lines elsewhere.

    Elsewhere every text is one line, and while nothing new is said one line at least every `silence` seconds.
    """

    def __init__(self, stream: TextIO | None = None, *, silence: float = SILENCE_SECONDS) -> None:
        """Write to `stream`, by default stderr; nothing is written before the first text."""
        self._stream = stream or sys.stderr
        self._silence = silence
        self._text = ""
        self._said = 0
        self._status: Status | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._closed = False

    def talk(self, text: str) -> None:
        """Say what is done now; `text` may come from anywhere."""
        text = " ".join(clean(text).split())
        with self._lock:
            if self._closed or text == self._text:
                return
            self._text, self._said = text, 0
        if is_live(self._stream):
            self._redraw(text)
        else:
            self._line(text)
            self._keep_talking()

    def close(self) -> None:
        """Stop and remove the status line; may be called twice."""
        with self._lock:
            self._closed = True
        self._news.set()
        if self._thread is not None:
            self._thread.join()
        if self._status is not None:
            self._status.stop()
            self._status = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def _redraw(self, text: str) -> None:
        from rich.text import Text  # noqa: PLC0415 - `--help` must not pay for it

        if self._status is None:
            self._status = _console(self._stream).status(Text(text))
            self._status.start()
        else:
            self._status.update(Text(text))

    def _line(self, text: str) -> None:
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()

    def _keep_talking(self) -> None:
        self._news.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._repeat, name="progress", daemon=True)
            self._thread.start()

    def _repeat(self) -> None:
        while not self._closed:
            if self._news.wait(self._silence):
                self._news.clear()
                continue
            self._said += 1
            self._line(f"{self._text} (still, {self._said * self._silence:.0f} s)")
