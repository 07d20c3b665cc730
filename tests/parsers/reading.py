"""Real logs of real tools beside what they say: `logs/TOOL/NAME.log` and `logs/TOOL/NAME.json`."""

import json
from pathlib import Path
from typing import Any

from fixer.ci_log.steps import StepReader
from fixer.parsers import failures_in, read_log
from fixer.schema.failure import Failure

LOGS = Path(__file__).parent / "logs"
SHOWN = (
    "tool",
    "kind",
    "test",
    "file",
    "line",
    "column",
    "message",
    "code",
    "exception",
    "exit_code",
    "log_line",
    "root_cause",
)


def names(tool: str) -> list[str]:
    """The logs that there are of one tool."""
    found = sorted(path.stem for path in (LOGS / tool).glob("*.log"))
    assert found, f"no logs of {tool}"
    return found


def read(tool: str, name: str) -> list[Failure]:
    """All failures of a log, through the room's door."""
    path = LOGS / tool / f"{name}.log"
    steps = StepReader()
    last = 0
    for line in read_log(path):
        steps.feed(line.number, line.text)
        last = line.number
    steps.finish(last)
    return failures_in(read_log(path, steps.steps), steps.steps)


def said(tool: str, name: str) -> list[dict[str, Any]]:
    """The failures as the expected file holds them: without what is None."""
    records = [failure.model_dump(mode="json") for failure in read(tool, name)]
    return [{key: record[key] for key in SHOWN if record[key] is not None} for record in records]


def expected(tool: str, name: str) -> Any:
    """What a person saw in the log."""
    return json.loads((LOGS / tool / f"{name}.json").read_text(encoding="utf-8"))
