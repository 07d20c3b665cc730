"""Folders, streams and names that no program should be given: each is answered in words, with what to type next."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from tests.cli.in_process import ok, typed
from tests.conftest import SOURCE, Fixer, git

MAIN = [sys.executable, "-c", "from fixer.__main__ import main; main()"]
RECORD = (
    '{"id": "e1", "agent": "A", "status": "failed", "steps": [{"action": "x", "status": "failed", "error": "boom"}]}'
)
INFO = '{"deterministic": true, "prompt": "it fails", "raw-logs": "build.log"}'
FLOW = "commands:\n  - name: hello\n    command: git --version\n"


@pytest.fixture
def place(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one input of each kind; commands are typed in it."""
    for name, text in {"e.json": RECORD, "info.json": INFO, "flow.yml": FLOW, "build.log": "Error: boom\n"}.items():
        (repository / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("HOME", str(repository.parent))
    monkeypatch.chdir(repository)
    return repository


def in_shell(command: str, folder: Path) -> tuple[int, str]:
    """Return exit code and stderr of `FIXER …` in a shell, which can close streams and remove folders."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(SOURCE)}
    words = command.replace("FIXER", shlex.join(MAIN))
    done = subprocess.run(["sh", "-c", words], cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_stdout_that_is_full_or_closed_is_no_bug(place: Path) -> None:
    code, said = in_shell("FIXER schema info >/dev/full", place)
    assert (code, said.splitlines()[0]) == (
        ExitCode.DEPENDENCY,
        "error: the result could not be written to stdout: No space left on device",
    )
    assert "hint: " in said
    assert in_shell("FIXER explain e.json >&-", place)[0] == ExitCode.OK
    assert in_shell("FIXER explain e.json 2>&- >/dev/null", place)[0] == ExitCode.OK
    assert in_shell("FIXER usage --json <&- >/dev/null", place) == (ExitCode.OK, "")


def test_a_folder_that_is_gone_is_said(place: Path) -> None:
    code, said = in_shell("mkdir gone && cd gone && rmdir ../gone && FIXER runs", place)
    assert (code, "Traceback" in said, said.count("hint: ")) == (ExitCode.USAGE, False, 1)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("words", [["logs"], ["explain"], ["run"], ["doctor"], ["prompts", "show"]], ids=" ".join)
def test_a_name_that_is_too_long_is_wrong_input(words: list[str]) -> None:
    code, out, said = typed(*words, "x" * 5000)
    assert (code, out, said.count("hint: ")) == (ExitCode.USAGE, "", 1)


def test_no_suggestion_that_leads_nowhere(place: Path) -> None:
    (place / "gone.log").symlink_to("nowhere")
    for name in ("gone.log", "gnoe.log"):
        assert "did you mean" not in typed("logs", name)[2]
    assert "did you mean build.log?" in typed("logs", "bild.log")[2]


def test_a_log_without_an_end_is_refused_before_anything_runs(place: Path) -> None:
    (place / "info.json").write_text(INFO.replace("build.log", "/dev/zero"), encoding="utf-8")
    code, _, said = typed("run", "info.json")
    assert (code, "'raw-logs' names /dev/zero, which is neither a file nor a folder" in said) == (ExitCode.USAGE, True)
    assert not (place / ".fixer").exists()


def test_a_projects_folder_is_read_without_what_fixer_keeps_there(place: Path) -> None:
    ok("run", "flow.yml")
    assert list(place.glob(".fixer/runs/*/workflow.log"))
    read = ok("logs", ".")
    assert ("boom" in read, "git --version" in read) == (True, False)


@pytest.mark.usefixtures("place")
def test_an_address_in_place_of_a_file() -> None:
    _, _, said = typed("run", "https://github.com/o/r/actions/runs/1")
    assert '"url": "https://github.com/o/r/actions/runs/1"' in said


def test_a_log_without_a_failure_is_not_called_unfinished(place: Path) -> None:
    (place / "fine.log").write_text("all is well\n", encoding="utf-8")
    code, _, said = typed("explain", "fine.log")
    assert (code, "nothing in the log fine.log says that anything failed" in said) == (ExitCode.USAGE, True)
    assert "wait for its end" not in said


@pytest.mark.parametrize("words", [["explain", "e.json"], ["analyze", "lint"], ["run", "flow.yml"], ["resume"]])
def test_a_file_where_the_state_folder_belongs(place: Path, words: list[str]) -> None:
    (place / "pyproject.toml").write_text("[project]\nname = 'shop'\nversion = '1'\n", encoding="utf-8")
    (place / ".fixer").write_text("mine", encoding="utf-8")
    code, _, said = typed(*words)
    assert (code, f"{place / '.fixer'} is a file" in said) == (ExitCode.DEPENDENCY, True)
    assert f"hint: move it away: mv {place / '.fixer'} {place / '.fixer.old'}" in said


def test_a_folder_where_the_database_belongs(place: Path) -> None:
    (place / ".fixer" / "fixer.db").mkdir(parents=True)
    code, _, said = typed("usage")
    assert (code, "fixer.db is a folder" in said, "hint: mv " in said) == (ExitCode.DEPENDENCY, True, True)


@pytest.mark.parametrize("given", ["info.json", "flow.yml"])
def test_a_file_where_reports_belong_is_said_before_anything_runs(place: Path, given: str) -> None:
    (place / "outputs").write_text("mine", encoding="utf-8")
    code, _, said = typed("run", given)
    assert (code, f"{place / 'outputs'} is a file" in said) == (ExitCode.USAGE, True)
    assert not (place / ".fixer").exists()


def test_a_repository_without_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "--quiet")
    (tmp_path / "info.json").write_text(INFO, encoding="utf-8")
    (tmp_path / "build.log").write_text("Error: boom\n", encoding="utf-8")
    code, _, said = typed("run", "info.json")
    assert (code, f"error: {tmp_path} has no commit yet" in said) == (ExitCode.DEPENDENCY, True)
    assert not (tmp_path / ".fixer").exists()


def test_no_repository_and_no_git_are_named_with_their_place(fixer: Fixer, tmp_path: Path, place: Path) -> None:
    (tmp_path / "plain").mkdir()
    _, _, said = typed("runs", "--repo", str(tmp_path / "plain"))
    assert said.startswith(f"error: {tmp_path / 'plain'} is not inside a git repository")
    missing = fixer("runs", cwd=place, env={"PATH": "/nonexistent"})
    assert missing.stderr.startswith(f"error: git could not be started in {place}: it is not on the PATH\n")


def test_what_is_asked_again_after_all_is_moved_away(place: Path) -> None:
    (place / ".fixer").write_text("mine", encoding="utf-8")
    _, _, said = typed("explain", "e.json")
    assert os.system(said.partition("move it away: ")[2].strip()) == 0  # noqa: S605 - typed as it is shown
    assert "boom" in ok("explain", "e.json")
