import subprocess
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from fixer.cli import cancel
from fixer.errors import ConfigError
from fixer.journal import RunState, TransitionError, open_journal
from tests.journal.programs import holding


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def invoke(repository: Path, run: str) -> str:
    app = typer.Typer()
    app.command()(cancel.command)
    result = CliRunner().invoke(app, [run, "--repo", str(repository)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_a_queued_run_is_cancelled(repository: Path) -> None:
    with open_journal(repository / ".fixer") as journal:
        run = journal.submit("repair", None, "key")
        assert invoke(repository, run.id[:6]) == f"run {run.id} is cancelled\n"
        assert journal.run(run.id).state is RunState.CANCELLED


def test_the_process_of_a_live_run_is_told_to_stop(repository: Path) -> None:
    with open_journal(repository / ".fixer") as journal:
        run = journal.submit("repair", None, "key")
        with holding(repository / ".fixer", run.id) as holder:
            said = invoke(repository, run.id)
            assert said == f"run {run.id} is cancelled; process {holder.pid} was told to stop\n"
            holder.communicate()
            assert holder.returncode == -15


def test_a_run_that_ended_is_not_cancelled(repository: Path) -> None:
    with open_journal(repository / ".fixer") as journal:
        run = journal.submit("repair", None, "key")
        with journal.own(run.id) as owned:
            owned.finish(None)
        with pytest.raises(TransitionError, match="is done and cannot become cancelled"):
            invoke(repository, run.id)


def test_an_unknown_run_is_an_error_also_where_fixer_never_ran(repository: Path) -> None:
    with pytest.raises(ConfigError, match="there is no run 'abc'"):
        invoke(repository, "abc")
    assert [path.name for path in repository.iterdir()] == [".git"]
