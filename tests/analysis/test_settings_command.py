"""Commands from the settings, really run."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.analysis.settings_command import read_number
from fixer.schema.root_cause import RootCause
from fixer.schema.settings import AnalysisSettings, Settings
from tests.analysis.conftest import Analyze, numbers


def own(**values: str | float) -> Settings:
    return Settings.model_validate({"analysis": {"size": values}})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"command": "printf '1 kB\\n2,048 kB'", "pattern": r"^([\d,]+) kB", "unit": "kB"}, 2048.0),
        ({"command": """printf '{"a": [{"b": "12.5%%"}]}'""", "json_path": "a.0.b"}, 12.5),
        ({"command": """sh -c 'echo "[1, 2]" > out.json'""", "file": "out.json", "json_path": "-1"}, 2.0),
    ],
)
def test_a_number_is_read(values: dict[str, str], expected: float, tmp_path: Path, analyze: Analyze) -> None:
    ended = analyze(tmp_path, "size", settings=own(**values, better="lower"))["size (settings)"]
    assert (ended.passed, numbers(ended.metrics)) == (True, {"value": expected})
    assert (ended.metrics[0].unit, ended.metrics[0].better) == (values.get("unit", ""), "lower")


@pytest.mark.parametrize(
    ("values", "cause", "reason"),
    [
        ({"command": "sh -c 'echo no >&2; exit 3'"}, RootCause.UNKNOWN, "sh ended with exit code 3: no"),
        ({"command": "no-such-program-here"}, RootCause.MISSING_TOOL, "no-such-program-here is not installed"),
        (
            {"command": "sleep 60", "timeout_seconds": 0.2},
            RootCause.TIMEOUT,
            "sleep: it ran longer than 0.2 s",
        ),
        ({"command": "echo x", "pattern": "y"}, RootCause.INVALID_DATA, "nothing in the output fits the pattern 'y'"),
        ({"command": "echo x", "json_path": "a"}, RootCause.INVALID_DATA, "the output is not JSON: Expecting value"),
        ({"command": "true", "file": "a.json", "json_path": "a"}, RootCause.INVALID_DATA, "did not write a.json"),
        ({"command": "true", "file": "old.json", "json_path": "a"}, RootCause.INVALID_DATA, "of an earlier run"),
        ({"command": "true", "folder": "nowhere"}, RootCause.ENVIRONMENT, "there is no folder nowhere"),
    ],
)
def test_why_there_is_no_number(
    values: dict[str, str], cause: RootCause, reason: str, tmp_path: Path, analyze: Analyze
) -> None:
    (tmp_path / "old.json").write_text('{"a": 1}', encoding="utf-8")
    (ended,) = analyze(tmp_path, "size", settings=own(**values)).values()
    assert (ended.passed, ended.metrics, ended.root_cause) == (False, (), cause)
    assert reason in ended.reason


def test_a_command_whose_exit_code_is_all_that_counts(tmp_path: Path, analyze: Analyze) -> None:
    ended = analyze(tmp_path, "size", settings=own(command="true"))["size (settings)"]
    assert ended.passed
    assert ended.reason == "it passed; the settings name no number to read (json_path or pattern)"


def test_it_takes_the_place_of_a_built_in_tool(tmp_path: Path, analyze: Analyze) -> None:
    (tmp_path / "a.py").touch()
    mine = Settings.model_validate({"analysis": {"lint": {"command": "true"}}})
    assert list(analyze(tmp_path, "lint", settings=mine)) == ["lint (settings)"]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.text(max_size=12))
def test_any_output_is_a_number_or_a_reason(text: str, path: str) -> None:
    found = read_number(text, AnalysisSettings(command="x", json_path=path or "a"))
    assert isinstance(found, float) or found
