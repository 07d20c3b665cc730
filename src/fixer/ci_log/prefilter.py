"""A block of raw log bytes in, the starts of the lines that hold one of a few texts out."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import BinaryIO

WORTH_A_PROCESS = 1 << 20
"""Bytes of a block from which on starting grep takes less time than searching here."""
_SYSTEM = "/usr/bin:/bin:/usr/local/bin"
"""Where grep may come from: never from a repository or the user's own PATH."""
# in an extended regular expression; with -E grep builds one automaton, which is several times faster than -F
_SPECIAL = re.compile(rb"[.\[\]\\()*+?{}|^$]")
_OFFSET = re.compile(rb"^(\d+):", re.MULTILINE)


class Prefilter:
    """Finds lines by texts in small letters, whatever the case of the log's ASCII letters."""

    def __init__(self, texts: Iterable[str], stems: Iterable[str], *, grep: bool = True) -> None:
        """Take what is looked for.

        Args:
            texts: of which one stands in every line that is wanted, in small letters.
            stems: fewer and shorter ones that find those lines too, and more: what a search here can afford.
            grep: whether the machine's grep may be asked.
        """
        self._needles = [text.encode() for text in stems]
        self._patterns = b"\n".join(_SPECIAL.sub(rb"\\\g<0>", text.encode()) for text in texts)
        self._grep = _grep() if grep else None

    def start(self, block: bytes) -> Callable[[], list[int]]:
        """Begin to search a block; what is returned waits for the offsets of its wanted lines, in order.

        grep works beside this process, so that the next block can be searched while this one is read.
        """
        if self._grep and len(block) >= WORTH_A_PROCESS:
            try:
                return self._by_grep(self._grep, block)
            except OSError:
                pass
        return lambda: self._by_search(block)

    def _by_search(self, block: bytes) -> list[int]:
        low = block.lower()
        starts = set()
        for needle in self._needles:
            at = low.find(needle)
            while at >= 0:
                starts.add(low.rfind(b"\n", 0, at) + 1)
                end = low.find(b"\n", at)
                at = low.find(needle, end) if end >= 0 else -1
        return sorted(starts)

    def _by_grep(self, grep: str, block: bytes) -> Callable[[], list[int]]:
        """Start the machine's grep; where it fails, the search is done here."""
        # files in memory: grep reads and writes them at once, where pipes would take thousands of small pieces
        with open_memory(self._patterns) as patterns, open_memory(block) as data:
            found = open_memory(b"")
            argv = [grep, "-a", "-i", "-E", "-b", "-f", f"/dev/fd/{patterns.fileno()}"]
            env = {"LC_ALL": "C"}
            process = subprocess.Popen(argv, stdin=data, stdout=found, env=env, pass_fds=(patterns.fileno(),))

        def wait() -> list[int]:
            with found:
                if process.wait() not in {0, 1}:
                    return self._by_search(block)
                found.seek(0)
                return [int(offset) for offset in _OFFSET.findall(found.read())]

        return wait


def open_memory(content: bytes) -> BinaryIO:
    """Return an open file with this content that is on no disk, at its beginning."""
    stream = os.fdopen(os.memfd_create("fixer"), "r+b")
    stream.write(content)
    stream.seek(0)
    return stream


@cache
def _grep() -> str | None:
    """Return the machine's grep, where it understands the options that are used."""
    path = shutil.which("grep", path=_SYSTEM)
    if path is None or not Path("/dev/fd").is_dir() or not hasattr(os, "memfd_create"):
        return None
    try:
        done = subprocess.run([path, "-a", "-i", "-E", "-b", "b"], input=b"a\nB\n", stdout=subprocess.PIPE, check=False)
    except OSError:
        return None
    return path if done.stdout == b"2:B\n" else None
