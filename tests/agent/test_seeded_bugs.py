"""A model that plays the right moves mends ten different bugs in projects of several files, from log to branch.

Its moves come from a server on this machine, through Gemini's real SDK.
"""

import json
from pathlib import Path

import pytest

from fixer.repair.models import RunModels
from fixer.schema.report import Outcome
from fixer.schema.settings import ModelSettings, Settings
from tests.agent import served
from tests.agent.scripted_runs import NAMES, events, read_script, red, run
from tests.agent.served import KEY
from tests.conftest import Fixer
from tests.repositories import git, users_state

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", NAMES)
def test_a_seeded_bug_is_fixed_by_the_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    script = read_script(name)
    folder = red(tmp_path / "project", script.files)
    before = users_state(folder)
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    with served.gemini(script.turns) as server:
        settings = Settings(model=ModelSettings(kind="gemini", base_url=server.url))
        report = run(folder, RunModels, settings).report
    assert report.outcome is Outcome.FIXED, (report.summary, report.not_tried, events(folder, "tool"))
    assert (report.attempts[-1].patch.strategy, report.attempts[-1].patch.prompt) == ("agent", "fix@1")
    assert events(folder, "prompt.outcome") == [{"prompt": "fix@1", "succeeded": True}]
    assert report.delivery is not None
    changed = git(folder, "diff", "--name-only", "main", report.delivery.branch).split()
    assert sorted(changed) == sorted(script.needs)
    turns = events(folder, "model.turn")
    assert len(server.asked) == len(turns) == len(script.turns)
    assert report.tokens == sum(turn["usage"]["input"] + turn["usage"]["output"] for turn in turns) > 0
    assert report.cost > 0
    assert users_state(folder) == before
    assert not list((tmp_path / "trees").rglob("*.py"))


def test_there_are_ten_different_ones() -> None:
    assert len(NAMES) >= 10


def test_one_is_fixed_from_the_command_line_and_again_from_its_recording(tmp_path: Path, fixer: Fixer) -> None:
    script = read_script("pages")
    folder = red(tmp_path / "project", script.files)
    with served.gemini(script.turns) as server:
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
