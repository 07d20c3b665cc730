"""`fixer prompts` lists, shows and compares what models are told."""

import json
from pathlib import Path

import pytest

from fixer.prompts import SHIPPED
from tests.agent import served
from tests.agent.scripted_runs import read_script
from tests.agent.served import KEY
from tests.conftest import Fixer
from tests.fakes import call
from tests.repositories import make_repository

FIX = (SHIPPED[1] / "fix.md").read_text(encoding="utf-8")
SHORTER = FIX.replace("version: 1", "version: 2").replace("4. Call run_reproduction.", "4. Run it.")
SCRIPT = Path(__file__).parents[1] / "agent" / "scripts" / "cycle.toml"
GIVES_UP = [[call("submit", outcome="gave_up", summary="No honest fix", explanation="It cannot be mended here.")]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = make_repository(tmp_path / "project", {"a.py": "x = 1\n"})
    (folder / "cases").mkdir()
    (folder / "cases" / "cycle.toml").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "shorter.md").write_text(SHORTER, encoding="utf-8")
    return folder


def test_they_are_listed_and_shown(project: Path, fixer: Fixer) -> None:
    listed = fixer("prompts", cwd=project)
    assert listed.code == 0
    rows = {line.split()[0]: line for line in listed.stdout.splitlines()}
    assert {"fix", "external_fix", "root_cause", "reproduction_deterministic"} <= rows.keys()
    assert "not used yet" in rows["fix"]
    shown = fixer("prompts", "show", "shorter.md", cwd=project)
    assert shown.stdout.startswith("fix version 2 (shorter.md)")
    assert "4. Run it." in shown.stdout


def test_two_versions_are_compared_live_and_again_from_the_recordings(project: Path, fixer: Fixer) -> None:
    words = ("prompts", "compare", "fix", "shorter.md", "--cases", "cases", "--json")
    turns = read_script("cycle").turns
    with served.gemini(turns, GIVES_UP) as server:
        env = {"GEMINI_API_KEY": KEY, "FIXER_MODEL_BASE_URL": server.url}
        live = fixer(*words, cwd=project, env=env)
        assert live.code == 0, live.stderr
        asked = len(server.asked)
    assert asked == len(turns) + 1
    found = json.loads(live.stdout)["comparison"]
    assert found["pairs"] == [{"case": "cycle", "first": True, "second": False}]
    assert (found["comparison"]["verdict"], found["comparison"]["only_first"]) == ("not enough", 1)
    again = fixer(*words, cwd=project)
    assert json.loads(again.stdout)["comparison"] == found, again.stderr
    assert "played back" in again.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show",), "takes 1 names, and 0 were given"),
        (("show", "nothing-like-it"), "there is no prompt 'nothing-like-it'"),
        (("show", "a.md"), "cannot be read"),
        (("compare", "fix", "shorter.md"), "needs cases"),
        (("compare", "fix", "fix", "--cases", "cases"), "say the same"),
        (("compare", "fix", "root_cause", "--cases", "cases"), "are two prompts"),
        (("compare", "fix", "shorter.md", "--cases", "elsewhere"), "has no case files"),
    ],
)
def test_what_is_wrong_is_said(project: Path, fixer: Fixer, words: tuple[str, ...], said: str) -> None:
    ran = fixer("prompts", *words, cwd=project)
    assert (ran.code, ran.stdout) == (2, "")
    assert said in ran.stderr


def test_without_a_recording_and_a_model_nothing_is_made_up(project: Path, fixer: Fixer) -> None:
    ran = fixer("prompts", "compare", "fix", "shorter.md", "--cases", "cases", cwd=project)
    assert ran.code == 0
    assert "left out: cycle" in ran.stderr
    assert "not enough to say: 0 of 0 cases differ" in ran.stdout
