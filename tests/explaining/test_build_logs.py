"""Jobs of many ecosystems and runners: the cause is found, and every fix names the thing itself."""

import json
import tomllib
from typing import Any

import pytest

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Scene
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.schema.workspace import Workspace
from tests.explaining.corpus import FOLDER, NOW

LOGS: list[dict[str, Any]] = [
    log for path in sorted(FOLDER.glob("logs_*.toml")) for log in tomllib.loads(path.read_text(encoding="utf-8"))["log"]
]


def test_there_are_enough_of_them() -> None:
    assert len(LOGS) >= 120
    assert len({log["id"] for log in LOGS}) == len(LOGS)


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log["id"])
def test_a_job_is_explained(log: dict[str, Any]) -> None:
    failed_one = {"name": log["step"], "status": "failed", "error": log["text"]}
    steps = [{"name": "checkout", "status": "success"}, failed_one, *log.get("more", [])]
    record = {"id": log["id"], "pipeline": "ci", "job": "build", "status": "failed", "steps": steps}
    parsed = parse_execution(json.dumps(record).encode(), "record.json")
    failed, step = failed_step(parsed)
    finding = find(Scene(parsed, failed, step, Workspace(), NOW))
    assert failed.step_number == 2
    assert finding.root_cause in {log["cause"], *log.get("also", [])}
    said = [fix.description.lower() for fix in finding.fixes]
    for name in log["names"]:
        assert any(one in fix for one in name.lower().split("|") for fix in said), (name, said)
