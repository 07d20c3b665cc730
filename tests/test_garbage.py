"""What no run needs any more is found and taken away; what a run may need again stays, whatever else is asked for."""

import os
import subprocess
from pathlib import Path

import pytest

from fixer.garbage import Garbage, Kind, find, remove
from fixer.journal import RUN_VARIABLE, Journal, ProcessMark, open_journal
from fixer.journal.lease import Lease
from fixer.worktree import open_worktree
from tests.journal.conftest import Clock
from tests.repositories import git, make_repository

DAY = 86_400


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "project", {"a.txt": "a\n"})


def run_of(journal: Journal, key: str, *, ended: bool, size: int = 10) -> str:
    """Make a run with files of this size in each of its folders."""
    run = journal.submit("test", None, key)
    with journal.own(run.id) as owned:
        for name in ("runs", "scratch"):
            (journal.folder / name / run.id).mkdir(parents=True)
            (journal.folder / name / run.id / "log.txt").write_bytes(b"x" * size)
        if ended:
            owned.finish(None)
    return run.id


def told(found: list[Garbage]) -> set[tuple[Kind, str, int]]:
    return {(one.kind, one.run, one.bytes) for one in found}


def test_only_runs_that_ended_long_ago_go(project: Path, clock: Clock) -> None:
    with open_journal(project / ".fixer", clock) as journal:
        old, dead = run_of(journal, "old", ended=True), run_of(journal, "dead", ended=False)
        clock.seconds += 40 * DAY
        young = run_of(journal, "young", ended=True)
        before = journal.now() - 30 * DAY
        found = find(journal, before)
        assert told(found) == {(Kind.RUN, old, 20)}
        assert {run.id for run in journal.runs()} == {old, dead, young}
        remove(journal, project, found, before)
        assert {run.id for run in journal.runs()} == {dead, young}
        for name in ("runs", "scratch"):
            assert {path.name for path in (journal.folder / name).iterdir()} == {dead, young}
        assert find(journal, before) == []
        with journal.own(dead) as owned:
            owned.finish(None)


def test_what_a_run_that_ended_left_is_taken_away(project: Path, tmp_path: Path, clock: Clock) -> None:
    tree = tmp_path / "trees" / "one" / "tree"
    with open_journal(project / ".fixer", clock) as journal:
        run = journal.submit("test", None, "key")
        with journal.own(run.id) as owned:
            owned.hold("worktree", str(tree))
            open_worktree(project, tree, "HEAD")
            owned.finish(None)
        found = find(journal, 0.0)
        assert [(one.kind, one.name) for one in found] == [(Kind.WORKTREE, str(tree))]
        assert found[0].bytes >= len("a\n")
        remove(journal, project, found, 0.0)
        assert not tree.parent.exists()
        assert str(tree) not in git(project, "worktree", "list")
        assert (find(journal, 0.0), journal.run(run.id).id) == ([], run.id)


def test_processes_of_a_killed_run_are_ended_and_those_of_a_live_one_are_not(project: Path, clock: Clock) -> None:
    with open_journal(project / ".fixer", clock) as journal:
        run = journal.submit("test", None, "key")
        environment = {**os.environ, RUN_VARIABLE: run.id}
        with subprocess.Popen(["sleep", "60"], start_new_session=True, env=environment) as child:
            with journal.own(run.id) as owned:
                mark: ProcessMark = owned.mark_process(child.pid)
                assert find(journal, 0.0) == []
            found = find(journal, 0.0)
            assert [(one.kind, one.name) for one in found] == [(Kind.PROCESS, str(mark.pid))]
            with journal.own(run.id):
                # It was taken up since it was looked at.
                remove(journal, project, found, 0.0)
                assert child.poll() is None
            remove(journal, project, found, 0.0)
            assert child.wait(timeout=30) == -9


def test_folders_and_locks_of_no_run(project: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "kept.txt").write_text("mine\n")
    with open_journal(project / ".fixer") as journal:
        runs = journal.folder / "runs"
        for name in ("old", "young"):
            (runs / name).mkdir(parents=True)
        (runs / "link").symlink_to(tmp_path / "mine")
        for name in ("old", "link"):
            os.utime(runs / name, (0, 0), follow_symlinks=False)
        (journal.folder / "locks" / "gone").touch()
        before = journal.now() - DAY
        found = find(journal, before)
        assert told(found) == {(Kind.FOLDER, "old", 0), (Kind.FOLDER, "link", 0), (Kind.LOCK_FILE, "gone", 0)}
        remove(journal, project, found, before)
        assert [path.name for path in runs.iterdir()] == ["young"]
        assert list((journal.folder / "locks").iterdir()) == []
        assert (tmp_path / "mine" / "kept.txt").exists()


def test_a_cancelled_run_that_is_clearing_up_keeps_everything(project: Path, clock: Clock) -> None:
    with open_journal(project / ".fixer", clock) as journal:
        run = run_of(journal, "key", ended=True)
        lease = Lease(journal.folder / "locks" / run)
        assert lease.take(0)
        assert find(journal, journal.now() + 1) == []
        assert journal.prune(journal.now() + 1) == 0
        lease.release(remove=True)
        assert told(find(journal, journal.now() + 1)) == {(Kind.RUN, run, 20)}
