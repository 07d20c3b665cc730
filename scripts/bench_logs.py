"""Figures of `fixer logs`: what it finds in labelled logs, and its speed beside grep's: `bench_logs.py FOLDER`.

FOLDER holds the logs and `labels.jsonl`, one object a log: file, gold_lines_clean, failing_tests, root_cause_category.
"""

import argparse
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fixer.ci_log.prefilter import _SPECIAL
from fixer.distiller import distill
from fixer.distiller.scan import MARKS
from fixer.parsers import Reader
from fixer.schema.log_summary import LogSummary

BIG = 200 << 20
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


def made(folder: Path, rows: list[dict[str, Any]], target: Path, *, dense: bool) -> None:
    """Write a log of `BIG` bytes: real failing logs repeated, or their quiet lines with one failing log at the end."""
    texts = [(folder / row["file"]).read_bytes() for row in rows]
    quiet = re.compile(
        rb"error|fail|exception|fatal|panic|cannot|not found|denied|undefined|##\[|travis_", re.IGNORECASE
    )
    lines = (line + b"\n" for text in texts for line in text.split(b"\n") if not quiet.search(line))
    piece = b"".join(texts if dense else lines)
    with target.open("wb") as out:
        while out.tell() < BIG:
            out.write(piece)
        out.write(min(texts, key=len))


CHILD = """
import resource, sys, time
from pathlib import Path
from fixer.distiller import distill
start = time.perf_counter()
with Path(sys.argv[1]).open("rb") as stream:
    summary = distill("big", [(None, stream)])
print(time.perf_counter() - start, summary.lines, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""


def alone(log: Path) -> tuple[float, int, int]:
    """Read a log in a process of its own; return seconds, lines and its peak memory in MB."""
    done = subprocess.run([sys.executable, "-c", CHILD, log], stdout=subprocess.PIPE, check=True)
    seconds, lines, memory = done.stdout.split()
    return float(seconds), int(lines), int(memory)


def speed(folder: Path, rows: list[dict[str, Any]]) -> Iterator[str]:
    reader = Reader()
    texts = [_SPECIAL.sub(rb"\\\g<0>", text.encode()) for text in (*reader.needles, *MARKS)]
    with tempfile.TemporaryDirectory() as place:
        log, patterns = Path(place, "big.log"), Path(place, "patterns")
        patterns.write_bytes(b"\n".join(texts))
        for name, dense in (("mostly quiet", False), ("failing logs repeated", True)):
            made(folder, rows, log, dense=dense)
            start = time.perf_counter()
            argv = ["grep", "-a", "-c", "-i", "-E", "-f", patterns, log]
            subprocess.run(argv, stdout=subprocess.PIPE, env={"LC_ALL": "C", "PATH": os.environ["PATH"]}, check=False)
            grep = time.perf_counter() - start
            own, lines, memory = alone(log)
            yield (
                f"{log.stat().st_size >> 20} MB, {name}: {own:.2f} s for {lines} lines, {memory} MB of memory; "
                f"grep -E with the same {len(texts)} alternatives {grep:.2f} s, so {grep / own:.2f} of its speed"
            )
        log.write_bytes(b"x" * (50 << 20) + b" error: the end\n")
        own, _, memory = alone(log)
        yield f"one line of 50 MB: {own:.2f} s, {memory} MB of memory"
        with log.open("wb") as out:
            for _ in range(100):
                out.write(b"a line of a log that says nothing\n" * 100_000)
        own, lines, memory = alone(log)
        yield f"{lines} lines: {own:.2f} s, {memory} MB of memory"


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
