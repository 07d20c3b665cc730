"""Searches the files below the current folder; run by itself inside of the sandbox, so that it can be stopped.

A JSON object comes in as the only argument; `path:line:text` goes out, one match a line. It imports nothing of fixer.
"""

import fnmatch
import json
import os
import re
import stat
import sys

MAX_MATCHES = 100
MAX_BYTES = 1_000_000
MAX_LINE = 300
SKIPPED = {"node_modules", "site-packages", "__pycache__", "venv", "target", "dist", "build"}


def main(asked: dict[str, str]) -> int:
    """Print the matches; return 2 where the pattern is none."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr] # a text stream
    wanted = asked["text"]
    try:
        pattern = re.compile(wanted if asked["regex"] else re.escape(wanted))
    except (re.error, RecursionError, OverflowError) as error:
        print(f"not a regular expression: {error}")  # noqa: T201 - the program's answer
        return 2
    found = 0
    for folder, inside, names in os.walk(asked["folder"] or "."):
        inside[:] = sorted(name for name in inside if not name.startswith(".") and name not in SKIPPED)
        for name in sorted(names):
            if asked["files"] and not fnmatch.fnmatch(name, asked["files"]):
                continue
            path = os.path.normpath(os.path.join(folder, name))  # noqa: PTH118 - half the time of pathlib
            for number, line in matches(path, pattern):
                print(f"{path}:{number}:{line[:MAX_LINE]}")  # noqa: T201 - the program's answer
                found += 1
                if found == MAX_MATCHES:
                    print(f"… only the first {MAX_MATCHES} matches …")  # noqa: T201 - the program's answer
                    return 0
    return 0


def matches(path: str, pattern: "re.Pattern[str]") -> list[tuple[int, str]]:
    """Return the lines of one plain text file that match."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return []
    with open(file, "rb") as stream:  # noqa: PTH123 - a descriptor, no path
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            return []
        data = stream.read(MAX_BYTES)
    if b"\0" in data[:4096]:
        return []
    text = data.decode("utf-8", "replace")
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if pattern.search(line[:2000])]


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
