"""What is paused is refused by everything that would start it, until it is taken up again."""

import json
from pathlib import Path

import pytest

from fixer.journal import RunState, open_journal
from tests.conftest import Fixer
from tests.repositories import make_repository

WORKFLOW = "commands:\n  - name: count\n    command: sh -c 'test -e there'\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "project", {"nightly.yml": WORKFLOW})


def test_a_workflow_that_keeps_failing_is_noticed_paused_and_taken_up_again(fixer: Fixer, project: Path) -> None:
    told = ""
    for _ in range(5):
        run_id = json.loads(fixer("run", "nightly.yml", "--json", cwd=project).stdout)["run_id"]
        told = fixer("explain", run_id, cwd=project).stdout
    assert "5 of the last 10 failures of 'nightly.yml' are this one" in told
    assert fixer("patterns", "pause", "nightly.yml", "--reason", "the disk is full", cwd=project).code == 0

    refused = fixer("run", "nightly.yml", cwd=project)
    assert refused.code == 5
    assert "'nightly.yml' is paused since" in refused.stderr
    assert "the disk is full" in refused.stderr
    assert "fixer patterns resume nightly.yml" in refused.stderr
    assert len(runs(project)) == 5

    assert fixer("patterns", "resume", "nightly.yml", cwd=project).code == 0
    (project / "there").touch()
    assert fixer("run", "nightly.yml", cwd=project).code == 0


def test_a_run_that_could_go_on_waits_while_it_is_paused(fixer: Fixer, project: Path) -> None:
    with open_journal(project / ".fixer") as journal:
        run = journal.submit("workflow", {"workflow_path": str(project / "nightly.yml")}, "key")
        with journal.own(run.id):
            pass
        assert [one.id for one in journal.due()] == [run.id]
    fixer("explain", run.id, cwd=project)
    assert fixer("patterns", "pause", "nightly.yml", cwd=project).code == 0
    resumed = fixer("resume", run.id, cwd=project)
    assert (resumed.code, runs(project)) == (5, [RunState.DEAD])
    with open_journal(project / ".fixer") as journal:
        assert journal.due() == []
    assert "no run waits for its time" in fixer("worker", "--once", cwd=project).stdout


def test_whoever_starts_agents_asks_first(fixer: Fixer, tmp_path: Path) -> None:
    record = {"agent": "Outreach", "status": "failed", "error": "Template 'A' not found"}
    (tmp_path / "execution.json").write_text(json.dumps(record), encoding="utf-8")
    assert fixer("patterns", "check", "Outreach", cwd=tmp_path).code == 0
    assert not (tmp_path / ".fixer").exists()
    fixer("explain", "execution.json", cwd=tmp_path)
    assert fixer("patterns", "check", "Outreach", cwd=tmp_path).code == 0
    fixer("patterns", "pause", "Outreach", "--reason", "it spams", cwd=tmp_path)
    refused = fixer("patterns", "check", "Outreach", cwd=tmp_path)
    assert (refused.code, refused.stdout) == (5, "")
    assert "it spams" in refused.stderr
    assert fixer("patterns", "check", "Outreach", "--workspace-id", "another", cwd=tmp_path).code == 0
    assert fixer("patterns", "check", cwd=tmp_path).code == 2


def runs(project: Path) -> list[RunState]:
    with open_journal(project / ".fixer") as journal:
        return [run.state for run in journal.runs()]
