import contextlib
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from fixer.journal import Journal, open_journal
from fixer.recovery import INSIDE, FailedWork, recover
from fixer.sandbox import choose_rung
from fixer.schema.command import CommandResult, Rung
from fixer.schema.settings import SandboxSettings
from tests.recovery.conftest import PYTHON, MakeProject, Project
from tests.repositories import git, users_state, write

CHECK = {"check.py": "import sys\nsys.exit('wrong' in open('data.txt').read())\n", "data.txt": "a\nwrong\nz\n"}
ARGV = (PYTHON, "check.py")
MEND = "text = open('data.txt').read()\nopen('data.txt', 'w').write(text.replace('wrong', 'right'))\n"
COMMAND = f"{PYTHON} mend.py"
BUBBLEWRAP = choose_rung(SandboxSettings())[0] is Rung.BUBBLEWRAP


def mending(make_project: MakeProject, script: str = MEND, **more: object) -> Project:
    return make_project({**CHECK, "mend.py": script}, ARGV, **more)


def test_a_recovery_command_mends_in_a_worktree_and_the_change_becomes_a_commit_of_its_own(
    make_project: MakeProject,
) -> None:
    project = mending(make_project)
    before = git(project.root, "rev-parse", "HEAD")

    recovery = project.recover(command=COMMAND)

    assert recovery.recovered, recovery
    assert git(project.root, "rev-parse", "HEAD~1") == before
    assert git(project.root, "rev-parse", "HEAD") == recovery.commit
    assert git(project.root, "status", "--porcelain") == ""
    assert "+right" in recovery.attempts[0].diff
    assert project.passes()
    assert all(folder != project.root for folder in project.folders)
    assert git(project.root, "worktree", "list").count("\n") == 0


def test_what_does_not_help_reaches_the_project_never_and_ends_after_two_attempts(make_project: MakeProject) -> None:
    project = mending(make_project, "open('data.txt', 'a').write('wrong again\\n')\n")
    before = users_state(project.root)

    recovery = project.recover(command=COMMAND)

    assert not recovery.recovered
    assert len(recovery.attempts) == len(project.folders) == 2
    assert users_state(project.root) == before
    assert recovery.manual_steps[-1] == f"{PYTHON} check.py"


def test_uncommitted_work_is_seen_by_the_recovery_and_neither_committed_nor_touched(make_project: MakeProject) -> None:
    project = make_project({**CHECK, "mend.py": MEND, "other.py": "one = 1\n", "data.txt": "a\nwrong\nz\n"}, ARGV)
    write(project.root, {"other.py": "one = 2\n", "new.py": "three = 3\n", "data.txt": "a\nwrong\nz\n" + "b\n" * 9})
    git(project.root, "add", "new.py")
    write(project.root, {"data.txt": "a\nwrong\nz\n" + "b\n" * 9 + "unstaged\n"})
    staged = git(project.root, "diff", "--cached")

    recovery = project.recover(command=COMMAND)

    assert recovery.recovered, recovery
    assert git(project.root, "show", "--stat", "--format=", "HEAD").splitlines()[0].split() == [
        "data.txt",
        "|",
        "2",
        "+-",
    ]
    assert git(project.root, "diff", "--cached") == staged
    assert (project.root / "data.txt").read_text(encoding="utf-8") == "a\nright\nz\n" + "b\n" * 9 + "unstaged\n"
    assert git(project.root, "status", "--porcelain").split() == ["M", "data.txt", "A", "new.py", "M", "other.py"]


def test_ignored_packages_are_seen_by_the_retry_and_are_in_no_commit(make_project: MakeProject) -> None:
    check = (
        "const pad = require('pad');\nprocess.exit(require('fs').readFileSync('data.txt').includes('wrong') + pad);\n"
    )
    files = {".gitignore": "node_modules/\n", "check.js": check, "data.txt": "wrong\n", "mend.py": MEND}
    packages = {"node_modules/pad/index.js": "module.exports = 0;\n"}
    project = make_project(files, ("node", "check.js"), uncommitted=packages)

    recovery = project.recover(command=COMMAND)

    assert recovery.recovered, recovery
    assert git(project.root, "show", "--name-only", "--format=", "HEAD") == "data.txt"
    assert (project.root / "node_modules/pad/index.js").is_file()
    assert git(project.root, "status", "--porcelain") == ""


def test_a_change_that_rests_on_uncommitted_work_is_kept_as_a_patch_only(make_project: MakeProject) -> None:
    project = make_project({**CHECK, "mend.py": MEND, "data.txt": "a\n"}, ARGV, uncommitted={"data.txt": "wrong\n"})
    before = users_state(project.root)

    recovery = project.recover(command=COMMAND)

    assert not recovery.recovered
    assert "not committed" in recovery.reason
    assert users_state(project.root) == before
    assert project.type(recovery)


def test_a_recovery_that_weakens_a_test_is_refused(make_project: MakeProject) -> None:
    files = {
        "test_one.py": "import unittest\n\n\nclass One(unittest.TestCase):\n    def test_it(self):\n"
        "        self.assertEqual(1, 2)\n",
        "mend.py": "text = open('test_one.py').read()\nopen('test_one.py', 'w').write(text.replace('1, 2', '2, 2'))\n",
    }
    project = make_project(files, (PYTHON, "-m", "unittest"), phase="test")
    before = users_state(project.root)

    recovery = project.recover(command=COMMAND)

    assert not recovery.recovered
    assert not project.folders, "the command ran again with a weakened test"
    assert "refused" in recovery.attempts[0].summary
    assert users_state(project.root) == before


def test_a_recovery_inside_of_a_recovery_does_nothing(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = mending(make_project)
    monkeypatch.setenv(INSIDE, "1")

    recovery = project.recover(command=COMMAND)

    assert not recovery.recovered
    assert not recovery.attempts
    assert "never starts another" in recovery.reason


def test_what_a_recovery_starts_is_marked(make_project: MakeProject) -> None:
    mend = f"import os\nassert os.environ['{INSIDE}']\n" + MEND
    project = make_project({**CHECK, "mend.py": mend}, ARGV)
    seen: list[str | None] = []

    def again(folder: Path, changes: Mapping[str, str | None]) -> CommandResult:
        seen.append(changes.get(INSIDE))
        return project.again(folder, changes)

    recovery = recover(FailedWork(project.fails(), again), project.ground(command=COMMAND))

    assert recovery.recovered, recovery
    assert seen == [project.run.id]


def test_the_breaker_opens_for_other_runs_and_other_processes_and_says_until_when(
    make_project: MakeProject, journal: Journal
) -> None:
    project = mending(make_project, "")
    context = project.fails()
    for number in range(3):
        with open_journal(journal.folder) as other, other.own(other.submit("workflow", {}, f"{number}").id) as run:
            ground = project.ground(command=COMMAND, max_attempts=1)
            work = FailedWork(context, project.again)
            result = recover(work, type(ground)(ground.repository, ground.settings, run, ground.talk, ground.mask))
            assert result.attempts

    refused = project.recover(command=COMMAND, context=context)

    assert not refused.attempts
    assert refused.opens_again
    assert refused.opens_again in refused.reason


def test_one_run_that_meets_the_same_failure_again_and_again_is_stopped_as_well(make_project: MakeProject) -> None:
    project = mending(make_project, "")
    context = project.fails()

    results = [project.recover(f"visit {n}", context, command=COMMAND, max_attempts=1) for n in range(4)]

    assert [bool(result.opens_again) for result in results] == [False, False, False, True]


class StopError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("where", ["again", "landing"])
def test_stopped_in_between_and_resumed_nothing_is_done_twice(
    make_project: MakeProject, journal: Journal, where: str
) -> None:
    project = mending(make_project)
    context = project.fails()
    before = git(project.root, "rev-parse", "HEAD")
    stops = [True]

    def again(folder: Path, changes: Mapping[str, str | None]) -> CommandResult:
        if where == "again" and stops:
            stops.clear()
            raise StopError
        return project.again(folder, changes)

    def talk(line: str) -> None:
        if where == "landing" and "passes with it" in line and stops:
            stops.clear()
            raise StopError

    run = journal.submit("workflow", {}, "stopped").id
    results = []
    for attempt in range(3):
        with journal.own(run) as owned:
            ground = project.ground(command=COMMAND)
            ground = type(ground)(ground.repository, ground.settings, owned, talk, ground.mask)
            with pytest.raises(StopError) if attempt == 0 else contextlib.nullcontext():
                results.append(recover(FailedWork(context, again), ground))

    recovery, third = results
    assert recovery.recovered, recovery
    assert third == recovery
    assert git(project.root, "rev-parse", "HEAD~1") == before
    assert len(project.folders) == 1


@pytest.mark.skipif(not BUBBLEWRAP, reason="only bubblewrap stops writes outside of the worktree")
def test_what_a_recovery_command_does_outside_of_its_worktree_is_refused(
    make_project: MakeProject, tmp_path: Path
) -> None:
    (tmp_path / "keep.txt").write_text("kept\n", encoding="utf-8")
    script = f"import os\nos.unlink({str(tmp_path / 'keep.txt')!r})\n"
    project = mending(make_project, script)

    recovery = project.recover(command=COMMAND, max_attempts=1)

    assert not recovery.recovered
    assert (tmp_path / "keep.txt").exists()
    assert recovery.attempts[0].result is not None
    assert recovery.attempts[0].result.exit_code == 1


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("no-such-program-here", "neither built in"),
        ("prompts/mend.md", "no agent is configured"),
        ("'unclosed", "cannot be split"),
        (" ", "is empty"),
    ],
)
def test_a_recovery_command_that_cannot_run_says_why(make_project: MakeProject, command: str, reason: str) -> None:
    project = make_project({**CHECK, "prompts/mend.md": "Mend it.\n"}, ARGV)

    recovery = project.recover(command=command)

    assert not recovery.recovered
    assert reason in recovery.reason


def test_the_command_gets_the_specification_where_it_asks_for_it(make_project: MakeProject) -> None:
    script = "import sys\nassert sys.argv[2:] == ['last']\nassert 'wrong' in open(sys.argv[1]).read()\n" + MEND
    check = "import sys\nsys.exit('wrong' in open('data.txt').read() and 'wrong data')\n"
    project = make_project({**CHECK, "mend.py": script, "check.py": check}, ARGV)

    recovery = project.recover(command=f"{COMMAND} {{spec}} last")

    assert recovery.recovered, recovery.attempts


def test_an_agent_that_is_given_gets_prompt_file_specification_and_worktree(make_project: MakeProject) -> None:
    project = make_project({**CHECK, "prompts/mend.md": "Mend it.\n"}, ARGV)

    def ask(prompt: Path, specification: Path, folder: Path) -> CommandResult:
        assert prompt.read_text(encoding="utf-8") == "Mend it.\n"
        assert specification.is_file()
        assert folder != project.root
        (folder / "data.txt").write_text("right\n", encoding="utf-8")
        done = subprocess.run([PYTHON, "check.py"], cwd=folder, check=True)
        return project.again(folder, {}).model_copy(update={"exit_code": done.returncode})

    ground = project.ground(command="prompts/mend.md")
    ground = type(ground)(ground.repository, ground.settings, ground.run, ground.talk, ground.mask, ask)

    assert recover(FailedWork(project.fails(), project.again), ground).recovered


def test_a_second_attempt_builds_on_what_changed_the_failure(make_project: MakeProject) -> None:
    check = (
        "import cart\n\nassert cart.total([1]) == 1\n",
        "def total(prices):\n    result = smu(prices)\n    return roudn(result)\n",
    )
    project = make_project({"check.py": check[0], "cart.py": check[1]}, ARGV)

    recovery = project.recover()

    assert recovery.recovered, recovery.model_dump_json(indent=1)
    assert git(project.root, "rev-list", "--count", "HEAD") == "2"
    assert (project.root / "cart.py").read_text(encoding="utf-8").count("sum(prices)") == 1


def test_a_repository_without_a_commit_is_told_about(tmp_path: Path, make_project: MakeProject) -> None:
    project = mending(make_project)
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "--quiet")
    ground = project.ground(command=COMMAND)
    ground = type(ground)(tmp_path / "empty", ground.settings, ground.run, ground.talk, ground.mask)

    recovery = recover(FailedWork(project.fails(), project.again), ground)

    assert not recovery.recovered
    assert "has no commit yet" in recovery.reason


def test_a_merge_in_progress_is_not_disturbed(make_project: MakeProject) -> None:
    project = mending(make_project)
    git(project.root, "checkout", "--quiet", "-b", "side")
    write(project.root, {"side.py": "1\n"})
    git(project.root, "add", "--all")
    git(project.root, "commit", "--quiet", "-m", "side")
    git(project.root, "checkout", "--quiet", "main")
    git(project.root, "merge", "--quiet", "--no-ff", "--no-commit", "side")
    before = users_state(project.root)

    recovery = project.recover(command=COMMAND)

    assert not recovery.recovered
    assert "a merge is in progress" in recovery.reason
    assert users_state(project.root) == before


def test_a_cache_that_is_older_than_the_code_is_named_and_not_deleted(make_project: MakeProject) -> None:
    files = {".gitignore": "build/\n", "check.py": "import os, sys\nsys.exit(os.path.exists('build/stale'))\n"}
    project = make_project(files, ARGV, uncommitted={"build/stale": "old\n"})

    recovery = project.recover()

    assert not recovery.recovered
    assert recovery.manual_steps[0] == "git clean -fdX -- build"
    assert (project.root / "build/stale").exists()
    assert project.type(recovery)
