"""A model that plays the right moves mends ten different bugs in projects of several files, from log to branch.

Where the kinds of models are there, its moves come from a server on this machine, through Gemini's real SDK; the same
moves are played by a scripted client otherwise.
"""

import contextlib
import importlib
import importlib.util
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fixer.repair.models import MakeModels, RunModels
from fixer.schema.report import Outcome
from fixer.schema.settings import ModelSettings, Settings
from tests.agent.scripted_runs import NAMES, Script, events, read_script, red, run
from tests.conftest import Fixer
from tests.fakes import ScriptedModel, ScriptedModels
from tests.repositories import git, users_state

pytestmark = pytest.mark.slow
KINDS = importlib.util.find_spec("tests.llm.model_server") if importlib.util.find_spec("tests.llm") else None
KEY = "AIza" + "x" * 35


@dataclass(frozen=True)
class Played:
    """Where a script is played."""

    make_models: MakeModels
    settings: Settings
    asked: Callable[[], int]
    """How often the model was asked."""


@contextlib.contextmanager
def served(script: Script) -> Iterator[Any]:
    """Serve the moves as Gemini would."""
    server = importlib.import_module("tests.llm.model_server")
    scenes = importlib.import_module("tests.llm.gemini_scenes")
    answers = []
    for turn in script.turns:
        parts = [
            scenes.call(move["tool"], move.get("arguments", {}), signed=number == 0)
            if "tool" in move
            else {"text": move["text"]}
            for number, move in enumerate(sorted(turn, key=lambda one: "tool" in one))
        ]
        answers.append(scenes.events(scenes.chunk(*parts, finish="STOP")))
    with server.ModelServer(*answers) as serving:
        yield serving


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Script], Played]]:
    with contextlib.ExitStack() as stack:

        def made(script: Script) -> Played:
            if KINDS is None:
                model = ScriptedModel(script.turns)
                return Played(ScriptedModels(model), Settings(), lambda: len(model.asked))
            server = stack.enter_context(served(script))
            monkeypatch.setenv("GEMINI_API_KEY", KEY)
            settings = Settings(model=ModelSettings(kind="gemini", base_url=server.url))
            return Played(RunModels, settings, lambda: len(server.asked))

        yield made


@pytest.mark.parametrize("name", NAMES)
def test_a_seeded_bug_is_fixed_by_the_agent(tmp_path: Path, play: Callable[[Script], Played], name: str) -> None:
    script = read_script(name)
    folder = red(tmp_path / "project", script.files)
    before = users_state(folder)
    played = play(script)
    report = run(folder, played.make_models, played.settings).report
    assert report.outcome is Outcome.FIXED, (report.summary, report.not_tried, events(folder, "tool"))
    assert report.attempts[-1].patch.strategy == "agent"
    assert report.delivery is not None
    changed = git(folder, "diff", "--name-only", "main", report.delivery.branch).split()
    assert sorted(changed) == sorted(script.needs)
    turns = events(folder, "model.turn")
    assert played.asked() == len(turns) == len(script.turns)
    assert report.tokens == sum(turn["usage"]["input"] + turn["usage"]["output"] for turn in turns) > 0
    assert report.cost > 0
    assert users_state(folder) == before
    assert not list((tmp_path / "trees").rglob("*.py"))


def test_there_are_ten_different_ones() -> None:
    assert len(NAMES) >= 10


@pytest.mark.skipif(KINDS is None, reason="the kinds of models are not there")
def test_one_is_fixed_from_the_command_line_and_again_from_its_recording(tmp_path: Path, fixer: Fixer) -> None:
    script = read_script("pages")
    folder = red(tmp_path / "project", script.files)
    with served(script) as server:
        settings = f'[model]\nkind = "gemini"\nbase_url = "{server.url}"\nrecording = "tape.json"\n'
        (folder / "fixer.toml").write_text(settings, encoding="utf-8")
        ran = fixer("run", "info.json", "--json", cwd=folder, env={"GEMINI_API_KEY": KEY})
        assert ran.stdout, ran.stderr
        report = json.loads(ran.stdout)
        assert (ran.code, report["outcome"]) == (0, "fixed"), ran.stderr
        assert server.asked[0].headers["x-goog-api-key"] == KEY
    [markdown] = (folder / "outputs").glob("*.md")
    text = markdown.read_text(encoding="utf-8")
    assert f"Tokens: {report['tokens']}" in text
    assert "no model was used" not in text
    assert "A language model" in text
    assert KEY not in text + ran.stdout + ran.stderr
    again = red(tmp_path / "again" / "project", script.files)
    tape = ModelSettings(kind="replay", recording=str(folder / "tape.json"))
    replayed = run(again, RunModels, Settings(model=tape)).report
    assert (replayed.outcome, replayed.tokens) == (Outcome.FIXED, report["tokens"]), replayed.not_tried
