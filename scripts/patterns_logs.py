"""Confusion table of the pattern library over labelled logs: `patterns_logs.py FOLDER`.

FOLDER holds the logs and `labels.jsonl` (see `bench_logs.py`). Each failure that `fixer logs` reads is matched; a row
says how many logs of a label each entry was the best match in, and whether its root cause is the label's.
"""

import argparse
import collections
import json
import sys
from pathlib import Path

from bench_logs import CAUSES, read

from fixer.diagnosis.patterns import shipped


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--verbose", action="store_true", help="print each match, with what it says")
    given = parser.parse_args()
    labels = given.folder / "labels.jsonl"
    if not labels.is_file():
        print(f"patterns_logs: no labelled logs here ({labels} is missing), so nothing was matched")
        return 0
    table: collections.Counter[tuple[str, str, str, str]] = collections.Counter()
    told, logs, first_right, first_told = 0, 0, 0, 0
    for row in (json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()):
        logs += 1
        label, summary = row["root_cause_category"], read(given.folder / row["file"], 4_000)
        causes = CAUSES.get(label, set())
        seen = {}
        for failure in summary.failures:
            for match in shipped().match(failure):
                agreed = "as the label" if match.root_cause.value in causes else "other"
                own = "own" if failure.root_cause in {match.root_cause, "unknown"} else f"parser: {failure.root_cause}"
                seen.setdefault(match.id, (match, agreed, own, failure))
        told += bool(seen)
        if summary.failures and (best := shipped().match(summary.failures[0])):
            first_told += 1
            first_right += best[0].root_cause.value in causes
        for match, agreed, own, failure in seen.values():
            table[match.id, label, agreed, own] += 1
            if given.verbose:
                print(f"{row['file']}: {match.id} ({agreed}; {own})\n  {failure.tool}: {failure.message[:160]!r}")
                print(f"  {match.explanation}\n  {match.told()}")
    print(f"{'entry':<36} {'label of the log':<24} {'root cause':<14} {'parser':<26} logs")
    for (entry, label, agreed, own), count in sorted(table.items()):
        print(f"{entry:<36} {label:<24} {agreed:<14} {own:<26} {count:>4}")
    right = sum(count for (_, _, agreed, _), count in table.items() if agreed == "as the label")
    print(
        f"{told} of {logs} logs have a failure that an entry tells; {right} of {sum(table.values())} "
        "(entry, log) pairs have the label's root cause; "
        f"the first failure is told in {first_told}, with the label's root cause in {first_right}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
