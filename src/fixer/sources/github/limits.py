"""The bounds of fetching, and the clock that waiting goes by; both are given in, so that tests can compress time."""

import time
from collections.abc import Callable
from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall-clock seconds since 1970, and how to wait."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    connect: float = 10.0
    read: float = 30.0
    """Longest silence in an answer."""
    body: float = 300.0
    """Longest time for one answer, however it trickles."""
    tries: int = 5
    """Attempts at a call that fails by itself: no connection, 5xx, a broken answer."""
    waits: int = 10
    """Attempts at a call that GitHub puts off."""
    secondary_wait: float = 60.0
    """First wait where GitHub names none: its documentation asks for at least a minute, then more each time."""
    redirects: int = 5
    answer: int = 32 * MIB
    """Largest JSON answer."""
    download: int = 256 * MIB
    """Largest archive, packed, and largest log of one job."""
    unpacked: int = 512 * MIB
    """What is read of one archive in all."""
    directory: int = 4 * MIB
    """Size of an archive's list of members: zipfile holds all of it in memory."""
    members: int = 20_000
    ratio: int = 200
    """Packed to unpacked; asked of members above `ratio_from`, since short logs may repeat themselves."""
    ratio_from: int = 64 * MIB
    pages: int = 30
    failed_jobs: int = 20
    """Failed jobs of one run whose logs are read: a matrix fails alike."""
    attempts_back: int = 5
    """Earlier attempts that are looked at where the last one is green."""
    artifacts: int = 5
    artifact: int = 20 * MIB
    reports: int = 50
    report: int = 8 * MIB
    """Largest JUnit XML file."""
