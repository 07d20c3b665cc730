"""Figures of `fixer logs`: what it finds in labelled logs, and its speed beside grep's: `bench_logs.py FOLDER`.

FOLDER holds the logs and `labels.jsonl`, one object a log: file, gold_lines_clean, failing_tests, root_cause_category.
"""

import argparse
import hashlib
import itertools
import json
import locale
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fixer.distiller import distill
from fixer.distiller.scan import MARKS
from fixer.parsers import Reader
from fixer.schema.log_summary import LogSummary

BIG = 200 << 20
TURNS = 3
STAMP = re.compile(r"^\s*\d{4}-\d\d-\d\dT[\d:.]+Z ?", re.MULTILINE)
# The labels' words for a cause -> the closed list of schema/root_cause.py.
CAUSES: dict[str, set[str]] = {
    "test_assertion": {"test_failure"},
    "test_error": {"test_failure"},
    "coverage_threshold": {"test_failure"},
    "lint_format": {"lint"},
    "type_check": {"lint"},
    "compile_error": {"compile_error"},
    "dependency_resolution": {"missing_dependency"},
    "missing_dependency": {"missing_dependency"},
    "missing_tool_or_env": {"missing_tool", "environment"},
    "config_error": {"environment", "invalid_data"},
    "timeout": {"timeout"},
    "crash_oom": {"out_of_memory", "logic_error"},
    "network_external": {"network_error"},
    "packaging_release": {"invalid_data", "auth_error"},
    "data_validation": {"invalid_data"},
    "permission_auth": {"auth_error"},
    "db_migration": {"environment", "invalid_data"},
    "perf_budget": {"test_failure"},
}


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", STAMP.sub("", text)).strip()


def held_back(name: str) -> bool:
    """Whether a log belongs to the third that was not looked at while the rules were written."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0


def read(path: Path, budget: int) -> LogSummary:
    with path.open("rb") as stream:
        return distill(str(path), [(None, stream)], budget)


def score(rows: list[dict[str, Any]], folder: Path, budget: int) -> str:
    recall, named, labelled, right, seconds, size = [], 0, 0, 0, 0.0, 0
    for row in rows:
        path = folder / row["file"]
        start = time.perf_counter()
        summary = read(path, budget)
        seconds += time.perf_counter() - start
        size += path.stat().st_size
        shown = folded(summary.context.text)
        gold = [folded(line) for line in row["gold_lines_clean"]]
        recall.append(sum(line in shown for line in gold) / len(gold))
        told = json.dumps([failure.model_dump(mode="json") for failure in summary.failures], ensure_ascii=False)
        told = told.replace('\\"', '"')
        named += sum(test.split("::")[-1].split(" ")[-1] in told for test in row["failing_tests"])
        labelled += len(row["failing_tests"])
        right += summary.root_cause in CAUSES.get(row["root_cause_category"], set())
    return (
        f"{len(rows)} logs, {budget} characters: recall {statistics.mean(recall):.3f}, "
        f"failing tests named {named}/{labelled}, "
        f"root cause {right}/{len(rows)}, {seconds / size * 1e6:.2f} s per MB"
    )


QUIET = re.compile(rb"error|fail|exception|fatal|panic|cannot|not found|denied|undefined|##\[|travis_", re.IGNORECASE)
# what is no plain character in an extended regular expression
SPECIAL = re.compile(r"[.\[\]\\()*+?{}|^$]")


def filled(target: Path, pieces: Iterator[bytes], end: bytes) -> None:
    with target.open("wb") as out:
        while out.tell() < BIG:
            out.write(next(pieces))
        out.write(end)


def quiet(texts: list[bytes]) -> Iterator[bytes]:
    """The lines of real logs that speak of no error, again and again."""
    lines = (line + b"\n" for text in texts for line in text.split(b"\n") if not QUIET.search(line))
    return itertools.repeat(b"".join(lines))


def real(texts: list[bytes]) -> Iterator[bytes]:
    """Real logs of failed builds, one after the other, again and again."""
    return itertools.repeat(b"".join(texts))


def failing(texts: list[bytes]) -> Iterator[bytes]:
    """Nothing but the lines of real logs that speak of errors, in another order each time, with other numbers."""
    lines = [line + b"\n" for text in texts for line in text.split(b"\n") if QUIET.search(line)]
    chance = random.Random(1)
    for turn in itertools.count():
        chance.shuffle(lines)
        number = str(turn).encode()
        yield b"".join(re.sub(rb"\d(?=\d)", number, line) for line in lines)


CHILD = """
import sys, time
start = time.perf_counter()
from pathlib import Path
from fixer.distiller import distill
with Path(sys.argv[1]).open("rb") as stream:
    summary = distill("big", [(None, stream)])
taken = time.perf_counter() - start
# not getrusage: what this process was forked from counts there
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
print(taken, summary.lines, int(peak.split()[1]) >> 10)
"""


def alone(log: Path) -> tuple[float, int, int]:
    """Read a log in a process of its own; return seconds with its imports, lines and its peak memory in MB."""
    done = subprocess.run([sys.executable, "-c", CHILD, log], stdout=subprocess.PIPE, check=True)
    seconds, lines, memory = done.stdout.split()
    return float(seconds), int(lines), int(memory)


def grepped(log: Path, patterns: Path, **setting: str) -> float:
    """Return the seconds that grep takes to count the lines of a log that hold one of the alternatives."""
    start = time.perf_counter()
    argv = ["grep", "-a", "-c", "-i", "-E", "-f", patterns, log]
    subprocess.run(argv, stdout=subprocess.PIPE, env={**os.environ, **setting}, check=False)
    return time.perf_counter() - start


def beside_grep(log: Path, patterns: Path, name: str) -> str:
    """Read a log with both in turn, after one reading that brings it into memory, and compare the medians."""
    grepped(log, patterns)
    own, as_set, plain = [], [], []
    for _ in range(TURNS):
        seconds, lines, memory = alone(log)
        own.append(seconds)
        as_set.append(grepped(log, patterns))
        plain.append(grepped(log, patterns, LC_ALL="C"))
    mine, users, bytewise = (statistics.median(times) for times in (own, as_set, plain))
    return (
        f"{log.stat().st_size >> 20} MB, {name}: {mine:.2f} s for {lines} lines, {memory} MB of memory; "
        f"grep -E with the same alternatives {users:.2f} s, so {users / mine:.2f} of its speed "
        f"(with LC_ALL=C {bytewise:.2f} s, {bytewise / mine:.2f})"
    )


def speed(folder: Path, rows: list[dict[str, Any]]) -> Iterator[str]:
    texts = [(folder / row["file"]).read_bytes() for row in rows]
    with tempfile.TemporaryDirectory() as place:
        log, patterns = Path(place, "big.log"), Path(place, "patterns")
        alternatives = [*Reader().needles, *MARKS]
        patterns.write_text("\n".join(SPECIAL.sub(r"\\\g<0>", text) for text in alternatives), encoding="utf-8")
        spoken = locale.setlocale(locale.LC_ALL, "")
        yield f"medians of {TURNS} runs in turn; {len(alternatives)} alternatives; locale {spoken}"
        for name, pieces in (
            ("quiet until its end", quiet(texts)),
            ("real logs", real(texts)),
            ("nothing but errors", failing(texts)),
        ):
            filled(log, pieces, min(texts, key=len))
            yield beside_grep(log, patterns, name)
        filled(log, itertools.repeat(b"x" * (50 << 20)), b" error: the end\n")
        yield of_memory("one line", log)
        filled(log, itertools.repeat(b"a line of a log that says nothing\n" * 100_000), b"error: the end\n")
        yield of_memory("lines that say nothing", log)
        small = folder / min(rows, key=lambda row: (folder / row["file"]).stat().st_size)["file"]
        yield started(small, str(Path(place, "compiled")))


def of_memory(name: str, log: Path) -> str:
    own, lines, memory = alone(log)
    return f"{log.stat().st_size >> 20} MB, {name}: {own:.2f} s for {lines} lines, {memory} MB of memory"


def started(log: Path, compiled: str) -> str:
    """What every call costs, with the modules compiled as an installed package has them."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    times: dict[str, list[float]] = {"fixer": [], "python": []}
    for turn in range(2 * TURNS + 2):
        for name, argv in (("fixer", ["-m", "fixer", "logs", str(log)]), ("python", ["-c", "pass"])):
            start = time.perf_counter()
            subprocess.run([sys.executable, *argv], capture_output=True, check=True, env=env)
            times[name] += [time.perf_counter() - start] if turn else []
    fixer, python = (statistics.median(times[name]) for name in ("fixer", "python"))
    return f"fixer logs of {log.stat().st_size} bytes: {fixer:.2f} s from start to end; python alone {python:.2f} s"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", action="store_true", help="also say the two parts of the logs for themselves")
    parser.add_argument("--no-speed", action="store_true")
    given = parser.parse_args()
    labels = given.folder / "labels.jsonl"
    if not labels.is_file():
        print(f"bench_logs: no labelled logs here ({labels} is missing), so nothing was measured")
        return 0
    rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    parts = {"all": rows}
    if given.split:
        parts["looked at"] = [row for row in rows if not held_back(row["file"])]
        parts["held back"] = [row for row in rows if held_back(row["file"])]
    for line in [] if given.no_speed else speed(given.folder, parts.get("looked at", rows)):
        print(line)
    for name, part in parts.items():
        for budget in (12_000, 4_000):
            print(f"{name}: {score(part, given.folder, budget)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
