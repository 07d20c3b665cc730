"""A model that plays the right moves mends ten different bugs in projects of several files, from log to branch."""

from pathlib import Path

import pytest

from fixer.schema.report import Outcome
from tests.agent.scripted_runs import NAMES, events, read_script, red, run
from tests.fakes import ScriptedModel, ScriptedModels
from tests.repositories import git, users_state

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", NAMES)
def test_a_seeded_bug_is_fixed_by_the_agent(tmp_path: Path, name: str) -> None:
    script = read_script(name)
    folder = red(tmp_path / "project", script.files)
    before = users_state(folder)
    model = ScriptedModel(script.turns)
    report = run(folder, ScriptedModels(model)).report
    assert report.outcome is Outcome.FIXED, (report.summary, report.not_tried, report.attempts, model.heard()[-3000:])
    attempt = report.attempts[-1]
    assert attempt.patch.strategy == "agent"
    assert report.delivery is not None
    changed = git(folder, "diff", "--name-only", "main", report.delivery.branch).split()
    assert sorted(changed) == sorted(script.needs)
    assert len(model.asked) == len(script.turns)
    assert model.closed
    assert report.tokens == model.used.input + model.used.output
    assert users_state(folder) == before
    assert len(events(folder, "model.turn")) == len(script.turns)
    assert not list((tmp_path / "trees").rglob("*.py"))


def test_there_are_ten_different_ones() -> None:
    assert len(NAMES) >= 10
