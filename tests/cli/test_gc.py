"""`fixer gc`: nothing goes without --yes, and what is told to be typed takes it away."""

import json
import shlex
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.journal import open_journal
from tests.cli.in_process import ok, typed


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a run that has ended and one that may go on; commands are typed beside it."""
    folder = tmp_path / "a project"
    (folder / ".git").mkdir(parents=True)
    with open_journal(folder / ".fixer") as journal:
        for key in ("ended", "open"):
            run = journal.submit("test", None, key)
            (journal.folder / "runs" / run.id).mkdir(parents=True)
            (journal.folder / "runs" / run.id / "log.txt").write_bytes(b"x" * 1500)
            if key == "ended":
                with journal.own(run.id) as owned:
                    owned.finish(None)
    monkeypatch.chdir(tmp_path)
    return folder


def runs(folder: Path) -> set[str]:
    return {path.name for path in (folder / ".fixer" / "runs").iterdir()}


def test_it_lists_and_what_it_tells_takes_it_away(project: Path) -> None:
    before = runs(project)
    code, out, said = typed("gc", "--older-than", "0", "--repo", str(project))
    assert (code, runs(project)) == (ExitCode.OK, before)
    assert "1.5 kB" in out
    assert "1 could go, 1.5 kB; nothing was changed" in said
    _, _, done = typed(*shlex.split(said.partition("Take it away: fixer ")[2]))
    assert done == "taken away: 1, 1.5 kB\n"
    assert len(runs(project)) == 1
    again = json.loads(ok("gc", "--older-than", "0", "--repo", str(project), "--json"))
    assert (again["removed"], again["bytes"], again["garbage"]) == (False, 0, [])


def test_young_runs_stay(project: Path) -> None:
    before = runs(project)
    _, _, said = typed("gc", "--yes", "--repo", str(project))
    assert said.startswith(f"nothing to take away in {project}: ")
    assert runs(project) == before


def test_where_fixer_never_ran_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert json.loads(ok("gc", "--yes", "--json"))["garbage"] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("days", ["-1", "soon"])
def test_wrong_days(days: str) -> None:
    code, out, said = typed("gc", "--older-than", days)
    assert (code, out, "hint: " in said) == (ExitCode.USAGE, "", True)
