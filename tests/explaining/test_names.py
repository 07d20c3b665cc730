"""What an error names: a table of wordings for each kind of thing, with what is to be named, or that nothing is."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fixer.explaining.causes import missing_template
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading import fields, limits, names, rights, services, subjects, values
from fixer.explaining.causes.reading.essential import essential
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.schema.workspace import Workspace

FOLDER = Path(__file__).parent / "named"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
READERS: dict[str, Callable[[Scene], str]] = {
    "fields": fields.field,
    "values": lambda scene: values.value(scene, "", fields.field(scene)),
    "templates": missing_template.template,
    "services": services.service_of,
    "rights": rights.right,
    "accounts": rights.account,
    "limits": lambda scene: limits.name_of(scene, by_words=True),
    "hosts": lambda scene: names.host(essential(scene.text)),
    "nodes": subjects.node,
    "conditions": subjects.condition,
    "places": subjects.place,
}


def scene_of(action: str, error: Any) -> Scene:
    """Build what a cause sees of one failed step."""
    steps = [{"action": action, "status": "failed", "error": error}]
    record = parse_execution(json.dumps({"agent": "Bot", "steps": steps}).encode(), "record.json")
    failed, step = failed_step(record)
    return Scene(record, failed, step, Workspace(), NOW)


def rows() -> list[Any]:
    return [
        pytest.param(kind, *row, id=f"{kind}-{number}")
        for kind in READERS
        for number, row in enumerate(json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8")))
    ]


@pytest.mark.parametrize(("kind", "action", "error", "name"), rows())
def test_the_right_thing_is_named_or_none(kind: str, action: str, error: Any, name: str) -> None:
    assert READERS[kind](scene_of(action, error)) == name
