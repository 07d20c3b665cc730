"""Records that were written without a look at fixer: the cause, the step and the thing that a fix names, as shares.

The rules for names and for builds were written after `a` and `b` had been read; of `c` and `d` only what failed at
first sight was. No weight of a word was made from any of them.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.input.workspace_file import parse_workspace
from tests.explaining.corpus import NOW

FOLDER = Path(__file__).parent / "independent"
CAUSES, STEPS, NAMES = 0.92, 0.95, 0.9


@pytest.mark.parametrize("name", ["a", "b", "c", "d"])
def test_most_are_explained_right(name: str) -> None:
    rows = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [(row, *explained(row)) for row in rows]
    wrong = [
        f"{row['name']}: {found.root_cause}, not {row['cause']}" for row, _, found in told if not causes(row, found)
    ]
    elsewhere = [row["name"] for row, step, _ in told if row["step"] not in {0, step}]
    nameless = [row["name"] for row, _, found in told if not names(row, found)]
    assert len(wrong) <= (1 - CAUSES) * len(rows), wrong
    assert len(elsewhere) <= (1 - STEPS) * len(rows), elsewhere
    assert len(nameless) <= (1 - NAMES) * len(rows), nameless


def explained(row: dict[str, Any]) -> tuple[int, Finding]:
    record = parse_execution(json.dumps(row["record"]).encode(), "record.json")
    workspace = parse_workspace(json.dumps(row.get("workspace", {})).encode(), "workspace.json")
    failed, step = failed_step(record)
    return failed.step_number, find(Scene(record, failed, step, workspace, NOW))


def causes(row: dict[str, Any], found: Finding) -> bool:
    return found.root_cause in {row["cause"], *row["also"]}


def names(row: dict[str, Any], found: Finding) -> bool:
    said = " ".join(f"{fix.description} {fix.action} {fix.preview}" for fix in found.fixes).lower()
    return all(any(one in said for one in name.lower().split("|")) for name in row["names"])
