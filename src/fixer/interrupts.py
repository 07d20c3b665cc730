"""Keeps Ctrl-C and SIGTERM out of the few milliseconds in which a run writes down how it ended."""

import contextlib
import signal
import threading
from collections.abc import Iterator


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
