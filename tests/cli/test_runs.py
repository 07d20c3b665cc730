import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from fixer.cli import runs
from fixer.journal import open_journal

ROOT = Path(__file__).parents[2]
MAIN = "import typer; from fixer.cli import runs; app = typer.Typer(); app.command()(runs.command); app()"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def leave_dead_and_failed(repository: Path) -> tuple[str, str]:
    with open_journal(repository / ".fixer") as journal:
        failed = journal.submit("repair", None, "one")
        with journal.own(failed.id) as owned:
            owned.fail("pytest could not\nbe started")
        dead = journal.submit("repair", None, "two")
        with journal.own(dead.id):
            pass
    return dead.id, failed.id


def invoke(*arguments: str) -> tuple[str, str]:
    app = typer.Typer()
    app.command()(runs.command)
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout, result.stderr


def test_runs_are_listed_in_plain_columns_where_there_is_no_terminal(repository: Path) -> None:
    dead, failed = leave_dead_and_failed(repository)
    stdout, stderr = invoke("--repo", str(repository))
    title, first, second = stdout.splitlines()
    assert title.split() == ["RUN", "STATE", "KIND", "ATTEMPT", "CREATED", "TOOK", "NOTE"]
    assert first.startswith(f"{dead}  dead ")
    assert first.endswith(f"  goes on with `fixer resume {dead}`, or by itself with `fixer worker`")
    assert second.startswith(f"{failed}  failed ")
    assert second.endswith("pytest could not be started")
    assert f"run {dead} is recorded as running, and nobody runs it; the record is set right" in stderr
    assert invoke("--repo", str(repository)) == (stdout, "")


def test_a_waiting_run_says_why_and_when_it_goes_on(repository: Path) -> None:
    with open_journal(repository / ".fixer") as journal:
        due = journal.now() + 1800
        run = journal.submit("repair", None, "key")
        with journal.own(run.id) as owned:
            owned.put_off("the limit of GitHub\nis used up", due)
        stopped = journal.submit("repair", None, "other")
        with journal.own(stopped.id) as owned:
            owned.interrupt()
    _, first, second = invoke("--repo", str(repository))[0].splitlines()
    assert first.endswith(f"  stopped with Ctrl-C; goes on with `fixer resume {stopped.id}`")
    told = rf"{run.id}  waiting .*  the limit of GitHub is used up; goes on at (\d\d:\d\d|\d{{4}}-.*) with "
    assert re.match(told + rf"`fixer resume {run.id}`, or by itself with `fixer worker`$", second)
    listed = {one["id"]: one for one in json.loads(invoke("--repo", str(repository), "--json")[0])["runs"]}
    assert (listed[run.id]["state"], listed[run.id]["due"]) == ("waiting", due)
    assert listed[run.id]["given_back"] == "the limit of GitHub\nis used up"
    assert (listed[stopped.id]["state"], listed[stopped.id]["due"]) == ("dead", None)


def test_a_live_run_is_shown_with_its_process(repository: Path) -> None:
    with open_journal(repository / ".fixer") as journal:
        run = journal.submit("repair", None, "key")
        with journal.own(run.id):
            stdout, _ = invoke("--repo", str(repository))
    assert f"{run.id}  running" in stdout
    assert f"process {os.getpid()}" in stdout


def test_json_for_scripts(repository: Path) -> None:
    dead, failed = leave_dead_and_failed(repository)
    said = json.loads(invoke("--repo", str(repository), "--json")[0])
    assert said["schema_version"] == 1
    assert [(run["id"], run["state"], run["alive"]) for run in said["runs"]] == [
        (dead, "dead", False),
        (failed, "failed", False),
    ]
    limited = json.loads(invoke("--repo", str(repository), "--json", "--limit", "1")[0])
    assert [run["id"] for run in limited["runs"]] == [dead]


def test_a_repository_without_runs_is_told_so_and_left_alone(repository: Path) -> None:
    stdout, stderr = invoke("--repo", str(repository))
    assert stdout == ""
    assert "no runs yet; `fixer run info.json` begins one" in stderr
    assert json.loads(invoke("--repo", str(repository), "--json")[0])["runs"] == []
    assert [path.name for path in repository.iterdir()] == [".git"]


def test_a_table_at_a_terminal_shows_markup_as_text(repository: Path) -> None:
    with open_journal(repository / ".fixer") as journal, journal.own(journal.submit("repair", None, "k").id) as owned:
        owned.fail("[bold]not markup[/bold]")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm", "COLUMNS": "80"}
    command = [sys.executable, "-c", MAIN, "--repo", str(repository)]
    with subprocess.Popen(command, stdout=theirs, env=environment):
        os.close(theirs)
        shown = b""
        # Linux answers the end of a terminal's other side with EIO.
        try:
            while chunk := os.read(ours, 4096):
                shown += chunk
        except OSError:
            os.close(ours)
    assert "[bold]not" in shown.decode()
    assert "markup[/bold]" in shown.decode()
    assert "\x1b[31mfailed" in shown.decode()
