"""Tells SIGTERM from Ctrl-C, and keeps both out of the milliseconds in which a run writes down how it ended."""

import contextlib
import signal
import threading
from collections.abc import Iterator


class TerminatedError(KeyboardInterrupt):
    """SIGTERM: a machine, a service or another process stops this one. It ends it the way Ctrl-C does.

    Who presses Ctrl-C decides about the run: it is left alone until they say so. Who sends SIGTERM decides about the
    process: the run goes on in the next one.
    """


@contextlib.contextmanager
def unhurried() -> Iterator[None]:
    """Let no second Ctrl-C cut off the report; writing it takes milliseconds."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Only the main thread is ever interrupted.
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
