"""Without a model a run says how to have one, and what earlier processes used is not forgotten."""

import asyncio
from pathlib import Path

import pytest

from fixer.errors import BudgetError, ConfigError
from fixer.journal import open_journal
from fixer.llm.base import Message, Text, TurnConfig, unheard
from fixer.llm.budgets import Spent
from fixer.repair.given import Given
from fixer.repair.models import RunModels
from fixer.schema.request import Request
from fixer.schema.settings import AgentSettings, ModelSettings, Settings
from tests.agent.scripted_runs import read_script, red, run
from tests.fakes import ScriptedModels
from tests.llm import gemini_scenes
from tests.llm.model_server import ModelServer


def given(folder: Path, **model: str | float) -> Given:
    settings = Settings(model=ModelSettings.model_validate(model))
    request = Request.model_validate({"deterministic": True, "prompt": "it fails", "raw-logs": "x"})
    return Given(
        request=request,
        request_path="info.json",
        repository=str(folder),
        settings=settings,
        head="0" * 40,
        branch="main",
    )


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_there_is_none(tmp_path: Path) -> None:
    for model in ({}, {"kind": "none"}):
        models = RunModels(given(tmp_path, **model), None)
        assert "export GEMINI_API_KEY" in models.none
        assert models.used == Spent()


def test_an_external_agent_that_is_not_there_is_told(tmp_path: Path) -> None:
    folder = red(tmp_path / "project", read_script("rounding").files)
    settings = Settings(strategies=("command",), agent=AgentSettings(external="no-such-agent"))
    said = run(folder, ScriptedModels(), settings).report.summary
    assert "What the external agent came to: the external agent no-such-agent is not on PATH; install it" in said


@pytest.mark.parametrize("unpriced", ["name", "escalation"])
def test_a_model_without_a_price_is_told_before_anything_runs(
    unpriced: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "AIza" + "x" * 35)
    with pytest.raises(ConfigError, match="the price of the model 'gemini-of-tomorrow'") as caught:
        RunModels(given(tmp_path, **{unpriced: "gemini-of-tomorrow"}), None)
    assert "model.input_price" in caught.value.hint
    priced = {"input_price": 1.0, "output_price": 2.0}
    assert not RunModels(given(tmp_path, **{unpriced: "gemini-of-tomorrow"}, **priced), None).none


def test_what_earlier_processes_used_counts_against_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "AIza" + "x" * 35)
    history = [Message(role="user", parts=(Text(text="hello"),))]
    with ModelServer(gemini_scenes.OK) as server, open_journal(tmp_path / ".fixer") as journal:
        known = given(tmp_path, kind="gemini", base_url=server.url)
        run_id = journal.submit("repair", {}, "x").id

        def ask(**limits: float) -> Spent:
            settings = known.settings.model_copy(update={"agent": AgentSettings.model_validate(limits)})
            with journal.own(run_id) as run:
                models = RunModels(known.model_copy(update={"settings": settings}), run)

                async def once() -> None:
                    client = models.open("")
                    try:
                        await client.turn(history, [], TurnConfig(), unheard)
                    finally:
                        await client.close()

                asyncio.run(once())
                return models.used

        first = ask()
        assert (first.calls, first.tokens > 0, first.usd > 0) == (1, True, True)
        assert ask() == first.plus(first)
        with journal.own(run_id) as run:
            assert RunModels(known, run).used == first.plus(first)
        # What a limit leaves beside what was used is less than one call may take.
        for limits in ({"tokens": 8250}, {"money": 0.0001}, {"credits": 0}):
            with pytest.raises(BudgetError):
                ask(**limits)
        assert len(server.asked) == 2
