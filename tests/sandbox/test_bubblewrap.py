import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.errors import PolicyError
from fixer.sandbox import Sandbox, bubblewrap, choose_rung
from fixer.schema.command import Ending, Invocation, Rung
from fixer.schema.settings import SandboxSettings
from tests.sandbox.conftest import SMALL, needs, python, sh

SECRET = "canary-5f1e7a"
HOME_SECRETS = (
    ".netrc", ".ssh/id_ed25519", ".aws/credentials", ".config/gh/hosts.yml", ".docker/config.json",
    ".cargo/credentials.toml", ".git-credentials",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _bubblewrap() -> None:
    needs(Rung.BUBBLEWRAP)


def git(folder: Path, *args: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    subprocess.run(["git", *identity, *args], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def worktree(tmp_path: Path) -> Path:
    """A worktree of a repository whose config holds a token, as CI checkouts have it."""
    repository = tmp_path / "repository"
    repository.mkdir()
    git(repository, "init", "-q", "-b", "main")
    git(repository, "commit", "-q", "--allow-empty", "-m", "first")
    git(repository, "remote", "add", "origin", f"https://x:{SECRET}@localhost/r.git")
    git(repository, "config", "http.https://localhost/.extraheader", f"AUTHORIZATION: basic {SECRET}")
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"))
    return tmp_path / "tree"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a toolchain in it, around it every credential that is usual."""
    folder = tmp_path / "home"
    for name in HOME_SECRETS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(SECRET)
    (folder / ".cargo/bin").mkdir()
    (folder / ".cargo/bin/crate-tool").write_text("#!/bin/sh\necho tool of the home\n")
    (folder / ".cargo/bin/crate-tool").chmod(0o755)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("CARGO_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{folder}/.cargo/bin:{os.environ['PATH']}")
    monkeypatch.setenv("GITHUB_TOKEN", SECRET)
    return folder


@pytest.fixture
def facts(tmp_path: Path, home: Path) -> Iterator[dict[str, object]]:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.txt").write_text(SECRET)
    (tmp_path / "readable").mkdir()
    (tmp_path / "canary-file").write_text(SECRET)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as named,
        socket.socket(socket.AF_UNIX) as abstract,
        (tmp_path / "canary-file").open() as open_file,
    ):
        named.bind(str(tmp_path / "s"))
        named.listen()
        abstract.bind(f"\0{tmp_path}")
        abstract.listen()
        os.set_inheritable(open_file.fileno(), True)  # noqa: FBT003 - takes no keyword
        yield {
            "home": str(home),
            "outside": str(tmp_path / "outside"),
            "port": server.getsockname()[1],
            "pid": os.getpid(),
            "secret": SECRET,
            "socket": str(tmp_path / "s"),
            "abstract": str(tmp_path),
            "descriptor": open_file.fileno(),
            "git": str(tmp_path / "repository/.git"),
            "readable": str(tmp_path / "readable"),
        }


def test_no_probe_gets_through(worktree: Path, facts: dict[str, object]) -> None:
    shutil.copy(Path(__file__).with_name("probe.py"), worktree / "probe.py")
    before = (worktree / ".git").read_text()
    with Sandbox(SMALL, worktree, readable=[Path(str(facts["readable"]))], mask=str) as sandbox:
        result = sandbox.run(Invocation(argv=(sys.executable, "probe.py", json.dumps(facts))))
    assert result.passed, result
    succeeded = json.loads(result.stdout)
    assert len(succeeded) >= 40
    assert [name for name, worked in succeeded.items() if worked is not False] == []
    assert (worktree / ".git").read_text() == before
    assert list(worktree.parent.rglob("planted")) == []


def test_without_the_sandbox_the_harmless_probes_do_get_through(worktree: Path, facts: dict[str, object]) -> None:
    """The probes can succeed, so that their failure inside means something."""
    shutil.copy(Path(__file__).with_name("probe.py"), worktree / "probe.py")
    bare = subprocess.run(
        [sys.executable, "probe.py", json.dumps(facts)], cwd=worktree, check=True, capture_output=True, text=True
    )
    tried = {name: worked for name, worked in json.loads(bare.stdout).items() if worked is not None}
    assert len(tried) >= 10
    assert all(tried.values()), tried


def test_what_a_project_needs_still_works(worktree: Path, home: Path) -> None:
    assert home.is_dir()
    with Sandbox(SMALL, worktree, mask=str) as sandbox:
        assert sh(sandbox, "git status --short && git log --format=%s -1 && git remote").stdout == "first\norigin\n"
        assert sh(sandbox, "crate-tool").stdout == "tool of the home\n"
        assert sh(sandbox, "mktemp && touch here && echo x > /dev/null && test -c /dev/urandom").passed
        assert python(sandbox, "import pytest, ssl, sqlite3; print(pytest.__version__)").passed
    assert (worktree / "here").exists()


def test_loopback_works_inside(root: Path) -> None:
    script = (
        "import socket as s; l = s.create_server(('127.0.0.1', 0)); s.create_connection(l.getsockname()); print('ok')"
    )
    with Sandbox(SMALL, root, mask=str) as sandbox:
        assert python(sandbox, script).stdout == "ok\n"


def test_the_network_opens_only_when_it_is_allowed(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, Sandbox(SMALL, root, mask=str) as sandbox:
        port = server.getsockname()[1]
        command = Invocation(
            argv=(sys.executable, "-c", f"import socket; socket.create_connection(('127.0.0.1', {port}))")
        )
        assert not sandbox.run(command).passed
        assert sandbox.run(command, network=True).passed


def test_an_environment_of_the_project_is_visible_through_links(tmp_path: Path, root: Path) -> None:
    """A venv made by `python -m venv`, reached over a linked folder, as caches and macOS's /tmp are."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "real/venv")], check=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    linked = tmp_path / "link/venv/bin"
    with Sandbox(SMALL, root, path=[linked], mask=str) as sandbox:
        result = sh(sandbox, "command -v python; python -c 'import sys; print(sys.prefix)'")
    assert result.stdout.splitlines() == [str(linked / "python"), str(tmp_path / "link/venv")]


def test_a_worktree_behind_a_link_is_the_same_worktree(tmp_path: Path, root: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    with Sandbox(SMALL, tmp_path / "link", mask=str) as sandbox:
        assert sh(sandbox, f"touch made && ls {tmp_path}/link").stdout == "made\n"
    assert (root / "made").exists()


def test_a_folder_of_the_project_named_like_a_secret_stays(root: Path) -> None:
    (root / "credentials").mkdir()
    (root / "credentials/code.py").write_text("x = 1")
    (root / ".npmrc").write_text("strict-ssl=true")
    with Sandbox(SMALL, root, mask=str) as sandbox:
        assert sh(sandbox, "cat credentials/code.py .npmrc").stdout == "x = 1strict-ssl=true"


def test_a_home_that_must_be_visible_still_hides_its_secrets(root: Path, home: Path) -> None:
    with Sandbox(SMALL, root, readable=[home], mask=str) as sandbox:
        assert sh(sandbox, f"ls {home}/.cargo/bin").stdout == "crate-tool\n"
        assert SECRET not in sh(sandbox, f"cat {' '.join(str(home / name) for name in HOME_SECRETS)}").output


def test_memory_filesystems_are_bounded(root: Path) -> None:
    with Sandbox(SMALL, root, mask=str) as sandbox:
        for place in ("/tmp", "/dev/shm", "/run"):
            script = f"head -c 600000000 /dev/zero > {place}/big; stat -c %s {place}/big"
            assert int(sh(sandbox, script).stdout) <= 512 * 1024 * 1024


def test_a_program_that_only_prints_like_bwrap_did_start(root: Path) -> None:
    with Sandbox(SMALL, root, mask=str) as sandbox:
        assert sh(sandbox, "echo 'bwrap: no' >&2; exit 2").ending is Ending.EXITED


def test_a_bwrap_out_of_a_repository_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "repository/.venv/bin"
    folder.mkdir(parents=True)
    (tmp_path / "repository/.git").mkdir()
    (folder / "bwrap").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    (folder / "bwrap").chmod(0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/bwrap").symlink_to(folder / "bwrap")
    monkeypatch.setenv("PATH", f"{folder}:{tmp_path}/bin:relative")
    assert bubblewrap.find(()) == (None, "bubblewrap: it is not installed")
    assert not (tmp_path / "ran").exists()


def test_a_bwrap_that_the_machine_refuses_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2; exit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    program, reason = bubblewrap.find(("/nonexistent",))
    assert program is None
    assert "setting up uid map: Permission denied" in reason


def test_required_is_satisfied_here() -> None:
    try:
        rung, _ = choose_rung(SandboxSettings(required=True))
    except PolicyError as error:
        pytest.fail(str(error))
    assert rung is Rung.BUBBLEWRAP
