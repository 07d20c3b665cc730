"""The corpus of execution records: each with the cause and the step that a reader of it would name."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.input.workspace_file import read_workspace
from fixer.schema.execution_record import ExecutionRecord
from fixer.schema.explanation import FailedStep

FOLDER = Path(__file__).parent / "records"
WORKSPACE = FOLDER / "workspace.json"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Example:
    """One record and what is to be found in it."""

    name: str
    cause: str
    step: int
    names: tuple[str, ...]
    record: ExecutionRecord
    held_back: bool
    """It was not looked at while the rules were written; a record that is marked as used was."""


@dataclass(frozen=True)
class Outcome:
    """What was found."""

    failed: FailedStep
    finding: Finding


def examples() -> list[Example]:
    """Read every record."""
    return [
        _example(one)
        for path in sorted(FOLDER.glob("*.json"))
        if path != WORKSPACE
        for one in json.loads(path.read_text())
    ]


def _example(one: dict[str, Any]) -> Example:
    data = json.dumps(one["record"], sort_keys=True).encode()
    record = parse_execution(data, "record.json")
    half = hashlib.sha256(data).digest()[0] % 2 == 1 and not one.get("used", False)
    return Example(record.id, one["cause"], one["step"], tuple(one["names"]), record, half)


def explained(record: ExecutionRecord) -> Outcome:
    """Explain a record in the workspace of the corpus."""
    failed, step = failed_step(record)
    return Outcome(failed, find(Scene(record, failed, step, read_workspace(WORKSPACE), NOW)))


def real_things(example: Example, failed: FailedStep) -> set[str]:
    """Return what a fix may name: things of the record and of the workspace, never "the error"."""
    workspace = read_workspace(WORKSPACE)
    named = [*example.names, failed.action, example.record.agent]
    named += [one.name for one in workspace.templates] + [one.name for one in workspace.integrations]
    named += [example.record.id, *re.findall(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?", failed.error)]
    return {name.lower() for name in named if len(name) > 1}
