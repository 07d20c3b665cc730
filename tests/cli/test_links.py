"""A repository from somebody else that brings links, or a state folder, where fixer writes: nothing goes elsewhere."""

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.journal import open_journal
from fixer.repair.keeping import lay
from tests.cli.in_process import typed
from tests.conftest import git
from tests.reporters.examples import REPRODUCTION

LOG = "Error: boom\n##[error]Process completed with exit code 1.\n"
WORKFLOW = "commands:\n  - name: hello\n    command: git --version\n"
INFO = '{"deterministic": true, "prompt": "it fails", "raw-logs": "build.log"}\n'
STATE_COMMANDS = (
    ("explain", "build.log"),
    ("run", "info.json"),
    ("run", "workflow.yml"),
    ("analyze", "lint"),
    ("worker", "--once"),
    ("resume",),
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the user's that nothing may get into."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine\n", encoding="utf-8")
    return folder


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The repository, before it is cloned; tests add to it."""
    for name in [name for name in os.environ if name.startswith("FIXER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "theirs"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    for name, text in {"build.log": LOG, "info.json": INFO, "workflow.yml": WORKFLOW}.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_text("[project]\nname = 'shop'\nversion = '1'\n", encoding="utf-8")
    before = signal.getsignal(signal.SIGTERM)
    yield folder
    signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def cloned(theirs: Path) -> Iterator[Path]:
    """Commit everything, clone it, and work in the clone."""
    git(theirs, "add", "--all", "--force")
    git(theirs, "commit", "--quiet", "-m", "harmless")
    folder = theirs.with_name("clone")
    shutil.rmtree(folder, ignore_errors=True)
    git(theirs, "clone", "--quiet", str(theirs), str(folder))
    with contextlib.chdir(folder):
        yield folder


def unharmed(outside: Path) -> bool:
    return {path.name: path.read_text() for path in outside.iterdir()} == {"mine.txt": "mine\n"}


@pytest.mark.parametrize("folder", ["outputs", "outputs/deep/er"])
def test_reports_do_not_leave_by_a_link(theirs: Path, outside: Path, folder: str) -> None:
    (theirs / "outputs").symlink_to(outside)
    (theirs / "fixer.toml").write_text(f'output_dir = "{folder}"\n', encoding="utf-8")
    with cloned(theirs) as clone:
        for given in ("info.json", "workflow.yml"):
            code, out, err = typed("run", given)
            assert (code, out) == (ExitCode.REFUSED, "")
            assert f"{clone / 'outputs'} is a symbolic link to {outside}" in err
            assert f"hint: take the link away: rm {clone / 'outputs'}" in err
            assert not (clone / ".fixer").exists()
        code, out, _ = typed("doctor")
        assert (code, "outputs is a symbolic link" in out) == (ExitCode.DEPENDENCY, True)
        assert unharmed(outside)
        (clone / "outputs").unlink()
        assert typed("run", "workflow.yml")[0] == ExitCode.OK


@pytest.mark.parametrize("words", STATE_COMMANDS, ids=" ".join)
def test_the_state_is_not_written_through_a_link(theirs: Path, outside: Path, words: tuple[str, ...]) -> None:
    (theirs / ".fixer").symlink_to(outside)
    with cloned(theirs) as clone:
        if words[0] == "worker":
            (outside / "fixer.db").touch()
        code, out, err = typed(*words)
        (outside / "fixer.db").unlink(missing_ok=True)
        assert (code, out) == (ExitCode.REFUSED, "")
        assert f"{clone / '.fixer'} is a symbolic link to {outside}" in err
        assert f"hint: take the link away: rm {clone / '.fixer'}" in err
        assert unharmed(outside)


def test_nor_through_one_inside_of_it(theirs: Path, outside: Path) -> None:
    (theirs / ".fixer").mkdir()
    (theirs / ".fixer" / "fixes.lock").symlink_to(outside / "mine.txt")
    with cloned(theirs):
        code, _, err = typed("explain", "build.log")
        assert (code, "fixes.lock is a symbolic link" in err) == (ExitCode.REFUSED, True)
        assert unharmed(outside)


@pytest.mark.parametrize("version", ["2", "4"])
def test_a_journal_of_somebody_else_is_not_taken(theirs: Path, version: str) -> None:
    open_journal(theirs / ".fixer").close()
    with cloned(theirs) as clone:
        git(clone, "update-index", "--index-version", version)
        err = ""
        for words in (*STATE_COMMANDS, ("runs",), ("usage",), ("patterns",), ("stats", "fixes"), ("fix", "list")):
            code, out, err = typed(*words)
            assert (code, out) == (ExitCode.REFUSED, ""), words
            assert f"{clone / '.fixer'} came with the repository: git tracks .fixer/" in err
        hint = err.partition("out of the way: ")[2].strip()
        assert os.system(hint) == 0  # noqa: S605 - typed as it is shown
        assert typed("explain", "build.log")[0] == ExitCode.OK


def test_init_does_not_write_through_a_link(theirs: Path, outside: Path) -> None:
    (theirs / "info.json").unlink()
    (theirs / "info.json").symlink_to(outside / "new.json")
    with cloned(theirs) as clone:
        code, _, err = typed("init")
        assert (code, "info.json exists already" in err) == (ExitCode.USAGE, True)
        assert typed("init", "--force")[0] == ExitCode.OK
        assert not (clone / "info.json").is_symlink()
        assert unharmed(outside)


def test_a_reproduction_is_not_kept_through_a_link(theirs: Path, outside: Path) -> None:
    (theirs / "reproduce-deterministic-failures").symlink_to(outside)
    with cloned(theirs) as clone, pytest.raises(Exception, match="reproduce-deterministic-failures is a symbolic link"):
        lay(REPRODUCTION.model_copy(update={"files": {"README.md": "how"}}), clone)
    assert unharmed(outside)
