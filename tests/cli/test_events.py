import json
import subprocess
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from fixer.cli import events
from fixer.errors import ConfigError
from fixer.journal import open_journal


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def submit(repository: Path, key: str) -> str:
    with open_journal(repository / ".fixer") as journal, journal.own(journal.submit("repair", None, key).id) as owned:
        owned.event("command", {"argv": ["pytest", "-q"], "text": "two\nlines"})
        owned.finish(None)
        return owned.id


def invoke(repository: Path, *arguments: str) -> tuple[str, str]:
    app = typer.Typer()
    app.command()(events.command)
    result = CliRunner().invoke(app, [*arguments, "--repo", str(repository)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout, result.stderr


def test_one_line_an_event_of_one_run_or_of_all(repository: Path) -> None:
    one, two = submit(repository, "one"), submit(repository, "two")
    lines = invoke(repository, one)[0].splitlines()
    assert [line.split()[3] for line in lines] == ["run.queued", "run.running", "command", "run.done"]
    assert lines[2].endswith("argv=['pytest', '-q'] text=two lines")
    everything = invoke(repository)[0].splitlines()
    assert [line.split()[2] for line in everything] == [one] * 4 + [two] * 4


def test_json_lines_and_a_place_to_go_on_from(repository: Path) -> None:
    run = submit(repository, "key")
    said = [json.loads(line) for line in invoke(repository, run[:8], "--json")[0].splitlines()]
    assert [event["kind"] for event in said] == ["run.queued", "run.running", "command", "run.done"]
    assert said[2]["data"] == {"argv": ["pytest", "-q"], "text": "two\nlines"}
    later = invoke(repository, run, "--json", "--after", str(said[2]["id"]))[0]
    assert json.loads(later) == said[3]


def test_following_a_run_that_ended_prints_it_and_ends(repository: Path) -> None:
    run = submit(repository, "key")
    assert invoke(repository, run, "--follow") == invoke(repository, run)


def test_where_fixer_never_ran(repository: Path) -> None:
    stdout, stderr = invoke(repository)
    assert stdout == ""
    assert "no runs yet" in stderr
    with pytest.raises(ConfigError, match="there is no run 'abc'"):
        invoke(repository, "abc")
