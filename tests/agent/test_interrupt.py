"""Ctrl-C while a model is asked: the run ends, can be resumed, and leaves nothing behind."""

import importlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.agent.scripted_runs import read_script, red
from tests.repair.projects import left_behind

SOURCE = Path(__file__).parents[2] / "src"
KINDS = importlib.util.find_spec("tests.llm.model_server") if importlib.util.find_spec("tests.llm") else None


@pytest.mark.slow
@pytest.mark.skipif(KINDS is None, reason="the kinds of models are not there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_a_waiting_model_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    server_room: Any = importlib.import_module("tests.llm.model_server")
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    folder = red(home / "project", read_script("pages").files)
    asked = threading.Event()

    def stalls(_: object, wire: Any) -> None:
        asked.set()
        wire.begin()
        wire.wait(60)

    with server_room.ModelServer(stalls) as server:
        (folder / "fixer.toml").write_text(f'[model]\nkind = "gemini"\nbase_url = "{server.url}"\n', encoding="utf-8")
        env = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        env |= {
            "HOME": str(home),
            "TMPDIR": str(temporary),
            "PYTHONPATH": str(SOURCE),
            "GEMINI_API_KEY": "AIza" + "x" * 35,
        }
        command = [sys.executable, "-m", "fixer", "run", "info.json", "--json"]
        with subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert asked.wait(60)
            process.send_signal(number)
            stdout, stderr = process.communicate(timeout=30)
        assert process.returncode == 130, stderr
        assert json.loads(stdout)["outcome"] == "cancelled" if stdout else b"interrupted" in stderr.lower()
        assert server.quiet(5)
    assert [one for one in left_behind(folder, home, temporary) if "/locks/" not in one] == []
