"""A program of the repository is asked without credentials, within limits, and nothing of it stays behind."""

import os
import sys
import time
from pathlib import Path

import pytest

from fixer.probe import MAX_ANSWER, ProbeError, probe
from fixer.project import find_python
from fixer.schema.settings import ProjectSettings

SECRETS = {"GITHUB_TOKEN": "t", "GEMINI_API_KEY": "k", "AWS_SECRET_ACCESS_KEY": "s", "FIXER_AGENT_EXTERNAL": "x"}


def a_script(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_probe_sees_no_credential_but_what_it_needs() -> None:
    kept = {"PATH": os.environ["PATH"], "HOME": "/home/me", "LC_ALL": "C", "PYENV_ROOT": "/opt/pyenv"}
    answer = probe(["/usr/bin/env"], env={**kept, **SECRETS})
    assert answer.exit_code == 0
    assert dict(line.split("=", 1) for line in answer.stdout.splitlines()) == kept


def test_a_committed_interpreter_sees_no_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    python = a_script(tmp_path / ".venv" / "bin" / "python", f"env >> {tmp_path}/seen")
    assert find_python(tmp_path, ProjectSettings(), "pytest")[0] == python
    seen = (tmp_path / "seen").read_text(encoding="utf-8")
    assert "PATH=" in seen
    assert not [name for name in SECRETS if name in seen]


def test_the_exit_code_and_the_answer_are_returned(tmp_path: Path) -> None:
    answer = probe([a_script(tmp_path / "p", "echo $1; echo unseen >&2; exit 3"), "word"])
    assert (answer.exit_code, answer.stdout) == (3, "word\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sleep 60", "no answer within 0.3 s"),
        ("exec >&-; sleep 60", "no answer within 0.3 s"),
        ("sleep 60 & exit 0", "no answer within 0.3 s"),
    ],
)
def test_one_that_does_not_end_is_ended(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ProbeError, match=said):
        probe([a_script(tmp_path / "p", text)], seconds=0.3)


def test_a_flood_is_not_read_to_its_end() -> None:
    with pytest.raises(ProbeError, match=f"more than {MAX_ANSWER // 1024} KiB"):
        probe([sys.executable, "-I", "-c", "while True: print('x' * 9999)"])


def test_what_cannot_be_started_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProbeError, match="could not be started"):
        probe([str(tmp_path / "nowhere")])


def test_what_it_left_in_the_background_is_ended(tmp_path: Path) -> None:
    probe([a_script(tmp_path / "p", f"sleep 60 >/dev/null 2>&1 & echo $! > {tmp_path}/pid")])
    assert ends(int((tmp_path / "pid").read_text(encoding="utf-8")))


def ends(pid: int) -> bool:
    """Whether a process is gone, or dead and only not yet collected by its new parent."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
