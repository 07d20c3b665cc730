"""Runs that meet a broken journal, a full disk, a second run, a signal, or a bug of fixer's own."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.input.request_file import read_request
from fixer.journal import RunState, open_journal
from fixer.repair import Options, start
from fixer.repair.run import EXIT_CODES
from fixer.schema.report import Outcome, Report
from fixer.schema.settings import Settings
from tests.conftest import Fixer
from tests.repair.projects import GREEN, branches, left_behind, red_project
from tests.repositories import make_repository, users_state

SOURCE = Path(__file__).parents[2] / "src"
pytestmark = pytest.mark.slow
BUBBLEWRAP = shutil.which("bwrap")
needs_bubblewrap = pytest.mark.skipif(
    BUBBLEWRAP is None, reason="bubblewrap makes the folder that is full or read-only"
)
HANGS = """\
import time
import unittest


class T(unittest.TestCase):
    def test_hangs(self):
        time.sleep(600)
"""


def begin(folder: Path, home: Path, *before: str) -> "subprocess.Popen[str]":
    env = {**os.environ, "HOME": str(home), "TMPDIR": str(home / "temporary"), "PYTHONPATH": str(SOURCE)}
    env.pop("XDG_CACHE_HOME", None)
    (home / "temporary").mkdir(parents=True, exist_ok=True)
    command = [*before, sys.executable, "-m", "fixer", "run", "info.json"]
    return subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(child: "subprocess.Popen[str]", words: str) -> None:
    assert child.stderr is not None
    for line in child.stderr:
        if words in line:
            return
    raise AssertionError(f"it never said: {words}")


def the_report(folder: Path) -> Report:
    [path] = (folder / ".fixer" / "reports").glob("*.json")
    assert len(list((folder / "outputs").glob("*.md"))) == 1
    return Report.model_validate_json(path.read_text(encoding="utf-8"))


def test_a_bug_of_fixer_itself_is_reported(tmp_path: Path) -> None:
    folder = red_project(tmp_path / "project")
    before = users_state(folder)
    settings = Settings(worktree_dir=str(tmp_path / "trees"))

    def talk(said: str) -> None:
        if "looking for the change" in said:
            raise ZeroDivisionError(said)

    with open_journal(folder / ".fixer") as journal:
        request = read_request(folder / "info.json", folder)
        with pytest.raises(ZeroDivisionError):
            start(request, folder / "info.json", folder, settings, Options(), journal, talk)
        assert [run.state for run in journal.runs()] == [RunState.FAILED]
    report = the_report(folder)
    assert report.outcome is Outcome.CRASHED
    assert EXIT_CODES[report.outcome] is ExitCode.BUG
    assert "ZeroDivisionError" in report.error
    assert report.reproduction is not None
    assert users_state(folder) == before
    assert not list((tmp_path / "trees").rglob("*.py"))


def test_a_damaged_journal(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    (folder / ".fixer").mkdir()
    (folder / ".fixer" / "fixer.db").write_bytes(b"no database at all " * 500)
    before = users_state(folder)
    ran = fixer("run", "info.json", cwd=folder)
    assert ran.code == 3
    assert "is damaged" in ran.stderr
    assert "mv " in ran.stderr
    assert "Traceback" not in ran.stderr
    assert users_state(folder) == before


@needs_bubblewrap
def test_a_journal_that_cannot_be_written(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    assert fixer("runs", cwd=folder).code == 0
    (folder / ".fixer" / "locks").mkdir(parents=True, exist_ok=True)
    state = str(folder / ".fixer")
    child = begin(folder, tmp_path / "home", BUBBLEWRAP or "", "--dev-bind", "/", "/", "--ro-bind", state, state)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 3, out + err
    assert "writable" in err
    assert "Traceback" not in err
    assert branches(folder, "fix/*") == []


@needs_bubblewrap
def test_no_room_for_the_report(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    (folder / "outputs").mkdir()
    full = ("--size", "4096", "--tmpfs", str(folder / "outputs"))
    child = begin(folder, tmp_path / "home", BUBBLEWRAP or "", "--dev-bind", "/", "/", *full)
    out, err = child.communicate(timeout=100)
    assert child.returncode == 3, out + err
    assert "make room" in err
    assert "Traceback" not in err
    resumed = fixer("resume", "--json", cwd=folder)
    assert resumed.code == 0, resumed.stderr
    assert the_report(folder).outcome is Outcome.FIXED


def test_the_same_run_twice_at_once(tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    first = begin(folder, tmp_path / "home")
    wait_for(first, "running ")
    second = fixer("run", "info.json", cwd=folder)
    assert second.code == 2, second.stdout + second.stderr
    assert f"process {first.pid}" in second.stderr
    assert "fixer events" in second.stderr
    out, err = first.communicate(timeout=100)
    assert first.returncode == 0, out + err
    assert len(branches(folder, "fix/*")) == 1


def test_a_repository_without_a_commit(tmp_path: Path, fixer: Fixer) -> None:
    folder = tmp_path / "empty"
    make_repository(tmp_path / "full", GREEN)
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    shutil.copy(red_project(tmp_path / "project") / "info.json", folder)
    (folder / "ci.log").write_text("x\n")
    ran = fixer("run", "info.json", cwd=folder)
    assert ran.code in {2, 3}
    assert "commit" in ran.stderr
    assert "Traceback" not in ran.stderr
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(bare)], check=True)
    ran = fixer("run", str(folder / "info.json"), "--repo", str(bare), cwd=tmp_path)
    assert ran.code in {2, 3}
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_a_test_of_the_project_hangs(tmp_path: Path, fixer: Fixer, number: signal.Signals) -> None:
    folder = red_project(tmp_path / "project")
    (folder / "test_cart.py").write_text(HANGS)
    subprocess.run(["git", "-C", str(folder), "-c", "user.name=D", "-c", "user.email=d@e", "commit", "-qam", "hangs"],
                   check=True)  # fmt: skip
    child = begin(folder, tmp_path / "home")
    wait_for(child, "running ")
    child.send_signal(number)
    # A person presses twice.
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert child.returncode == 130, out + err
    assert "Traceback" not in err
    assert the_report(folder).outcome is Outcome.CANCELLED
    assert left_behind(folder, tmp_path / "home", tmp_path / "home" / "temporary") == [
        str(path) for path in (folder / ".fixer" / "locks").glob("*")
    ]
    listed = json.loads(fixer("runs", "--json", cwd=folder).stdout)
    assert "dead" in json.dumps(listed)


@pytest.mark.parametrize("words", ["read ", "it fails here", "running everything", "names: "])
def test_a_signal_at_any_stage_can_be_resumed(tmp_path: Path, fixer: Fixer, words: str) -> None:
    folder = red_project(tmp_path / "project")
    before = users_state(folder)
    child = begin(folder, tmp_path / "home")
    wait_for(child, words)
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=30)
    assert child.returncode == 130, out + err
    assert the_report(folder).outcome is Outcome.CANCELLED
    resumed = fixer("resume", "--json", cwd=folder)
    assert resumed.code == 0, resumed.stderr
    assert the_report(folder).outcome is Outcome.FIXED
    assert users_state(folder) == before
