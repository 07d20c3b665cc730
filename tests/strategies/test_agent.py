"""The agent offers what makes the reproduction pass, and says why where it has nothing to offer."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.errors import BudgetError, ModelError
from fixer.llm.base import NoToolsError, TooLongError
from fixer.schema.command import Ending
from fixer.schema.report import Outcome
from fixer.schema.settings import AgentSettings, ModelSettings, Settings
from fixer.strategies import agent
from fixer.strategies.base import NotMine
from tests.agent.places import Place, open_place
from tests.agent.scripted_runs import red, run
from tests.fakes import ScriptedModel, ScriptedModels, call
from tests.strategies.outside import case_around

MEND = call("edit_file", path="app.py", old="number + helper.AMOUNT", new="number * 2")
SUBMIT = call("submit", outcome="fixed", summary="Double by multiplying", explanation="Three was added instead.")
GIVE_UP = call("submit", outcome="gave_up", summary="No fix in sight", explanation="The amount comes from elsewhere.")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with open_place(tmp_path, monkeypatch) as made:
        yield made


def test_the_fix_of_a_model_is_offered_with_its_origin(place: Place) -> None:
    model = ScriptedModel([[MEND], [SUBMIT]])
    around = case_around(place, model)
    [patch] = agent.propose(around.case)
    assert (patch.strategy, patch.summary) == ("agent", "Double by multiplying")
    assert "+    return number * 2" in patch.diff
    assert "scripted" in patch.needs_review
    assert "prompt fix version 1" in patch.needs_review
    assert model.closed
    assert around.trees
    assert not around.left()
    assert place.desk.tree.diff() == ""


def test_without_a_model_it_says_how_to_have_one(place: Place) -> None:
    with pytest.raises(NotMine, match="no model is configured: do this"):
        list(agent.propose(case_around(place).case))


@pytest.mark.parametrize("error", [BudgetError("no money is left", "raise it"), ModelError("it is down", "wait")])
def test_a_finished_patch_is_not_thrown_away(place: Place, error: Exception) -> None:
    [patch] = agent.propose(case_around(place, ScriptedModel([[MEND], error])).case)
    assert "+    return number * 2" in patch.diff
    assert patch.summary == "Mend app.py"


def test_an_unfinished_one_is(place: Place) -> None:
    half = call("edit_file", path="helper.py", old="AMOUNT = 3", new="AMOUNT = 5")
    with pytest.raises(NotMine, match="scripted: budget, no money is left"):
        list(agent.propose(case_around(place, ScriptedModel([[half], BudgetError("no money is left", "x")])).case))


def test_giving_up_is_an_answer_with_its_reason(place: Place) -> None:
    with pytest.raises(NotMine, match=r"gave up, No fix in sight .* The amount comes from elsewhere"):
        list(agent.propose(case_around(place, ScriptedModel([[MEND], [GIVE_UP]])).case))


def test_the_stronger_model_is_asked_after_a_failure_and_told_of_it(place: Place) -> None:
    weak, strong = ScriptedModel([[GIVE_UP]]), ScriptedModel([[MEND], [SUBMIT]], "strong")
    around = case_around(place, weak, strong, escalation="strong")
    [patch] = agent.propose(around.case)
    assert around.opened == ["", "strong"]
    assert "strong" in patch.needs_review
    assert "|gave_up: No fix in sight" in strong.heard()


def test_a_model_that_cannot_be_opened_is_a_reason(place: Place) -> None:
    around = case_around(place, ModelError("its server is away", "start it"))
    with pytest.raises(NotMine, match="its server is away; start it"):
        list(agent.propose(around.case))
    assert not around.left()


def test_the_first_candidate_with_a_fix_wins_and_the_others_are_stopped(place: Place) -> None:
    hang = call("edit_file", path="helper.py", old="AMOUNT = 3\n", new="AMOUNT = 3\nimport time\ntime.sleep(60)\n")
    # The turns of both candidates alternate: the first hangs in its reproduction, the second mends it.
    model = ScriptedModel([[hang, call("run_reproduction")], [MEND, SUBMIT]])
    around = case_around(place, model, agent=AgentSettings(candidates=2))
    begun = time.monotonic()
    [patch] = agent.propose(around.case)
    assert time.monotonic() - begun < 19, "the other candidate was waited for"
    assert "+    return number * 2" in patch.diff
    assert len(around.trees) == 2
    assert not around.left()
    reproductions = [one for one in around.commands if "test_app.T.test_double" in one.argv]
    assert all(one.passed or one.ending is Ending.CANCELLED for one in reproductions)


REFUSED = NoToolsError("it does not support tools", "take another model")
EDIT = {
    "text": "Three is added.\n\napp.py\n<<<<<<< SEARCH\n    return number + helper.AMOUNT\n=======\n"
    "    return number * 2\n>>>>>>> REPLACE"
}
TALK: list[list[dict[str, str]] | Exception] = [[{"text": "I would multiply."}]] * 3


@pytest.mark.parametrize(
    ("before", "failed"),
    [([REFUSED], []), (TALK, ["fix@1"]), ([TooLongError("too long", "x", context=6000)] * 2, ["fix@1"])],
    ids=["no tools", "words", "too long"],
)
def test_a_model_that_cannot_use_tools_is_asked_for_edits(
    place: Place, before: list[list[dict[str, str]] | Exception], failed: list[str]
) -> None:
    around = case_around(place, ScriptedModel([*before, [EDIT]]))
    [patch] = agent.propose(around.case)
    assert "+    return number * 2" in patch.diff
    assert (patch.prompt, patch.summary) == ("fix_plain@1", "Mend app.py")
    assert "Three is added." in patch.explanation
    outcomes = [data for kind, data in around.events if kind == "prompt.outcome"]
    assert outcomes == [{"prompt": name, "succeeded": False} for name in failed]


def test_what_it_came_to_in_both_ways_is_said(place: Place) -> None:
    around = case_around(place, ScriptedModel([REFUSED, [{"text": "GIVE UP: the amount comes from elsewhere"}]]))
    with pytest.raises(NotMine, match=r"it does not support tools.*; without tools: .*the amount comes from elsewhere"):
        list(agent.propose(around.case))
    assert [data for kind, data in around.events if kind == "prompt.outcome"] == [
        {"prompt": "fix_plain@1", "succeeded": False}
    ]


def test_a_small_context_gets_no_tools(place: Place) -> None:
    model = ScriptedModel([[EDIT]])
    [patch] = agent.propose(case_around(place, model, context=4096).case)
    assert patch.prompt == "fix_plain@1"
    assert model.asked[0][1] == ()
    assert len(str(model.asked[0][0])) < 3 * 4096


def test_a_fix_that_was_never_submitted_counts(place: Place) -> None:
    model = ScriptedModel([[MEND, call("run_reproduction")], *[[{"text": "It is done."}]] * 3])
    [patch] = agent.propose(case_around(place, model).case)
    assert "+    return number * 2" in patch.diff
    assert (patch.prompt, len(model.asked)) == ("fix@1", 4)


def test_a_fix_that_was_spoilt_afterwards_counts_as_it_was(place: Place) -> None:
    spoil = call("edit_file", path="app.py", old="number * 2", new="number * 20")
    model = ScriptedModel([[MEND, call("run_reproduction")], [spoil], BudgetError("no money is left", "raise it")])
    [patch] = agent.propose(case_around(place, model).case)
    assert "+    return number * 2\n" in patch.diff


HALVES = {
    "half.py": "def half(number):\n    return number - 2\n",
    "use.py": "from half import half\n\n\ndef quarter(number):\n    return half(half(number))\n",
    "test_half.py": (
        "import unittest\n\nfrom half import half\nfrom use import quarter\n\n\nclass T(unittest.TestCase):\n"
        "    def test_quarter(self):\n        self.assertEqual(quarter(8), 2)\n\n"
        "    def test_four(self):\n        self.assertEqual(half(4), 2)\n"
    ),
    ".gitignore": "__pycache__/\n*.log\n/info.json\n",
}


@pytest.mark.slow
def test_what_the_gate_refused_and_why_goes_into_the_next_try(tmp_path: Path) -> None:
    folder = red(tmp_path / "project", HALVES)
    wrong = call("edit_file", path="half.py", old="number - 2", new="number - 3 if number != 5 else 2")
    right = call("edit_file", path="half.py", old="number - 2", new="number // 2")
    told = {"outcome": "fixed", "summary": "Halve by dividing", "explanation": "Two was taken away instead."}
    first, second = (
        ScriptedModel([[wrong], [call("submit", **told)]]),
        ScriptedModel([[right], [call("submit", **told)]], "strong"),
    )
    models = ScriptedModels(first, second)
    settings = Settings(model=ModelSettings(escalation="strong"))
    report = run(folder, models, settings).report
    assert report.outcome is Outcome.FIXED
    refused, verified = report.attempts
    assert "nothing_broken" in refused.verification.reason
    assert verified.patch.needs_review.startswith("A language model (strong")
    assert models.opened == ["", "strong"]
    heard = second.heard()
    assert "|Halve by dividing" in heard
    assert "|why it was refused: nothing_broken" in heard
    assert "|+    return number - 3 if number != 5 else 2" in heard
    assert report.tokens == sum(each.used.input + each.used.output for each in (first, second))
