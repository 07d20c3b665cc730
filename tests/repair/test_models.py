"""Without a model a run says how to have one, and what earlier processes used is not forgotten."""

import asyncio
from pathlib import Path

import pytest

from fixer.errors import BudgetError, ConfigError
from fixer.llm.base import Message, Text, TurnConfig, unheard
from fixer.repair.given import Given
from fixer.repair.models import RunModels, Used
from fixer.schema.request import Request
from fixer.schema.settings import ModelSettings, Settings
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
        models = RunModels(given(tmp_path, **model), Used())
        assert "export GEMINI_API_KEY" in models.none
        assert models.used == Used()


@pytest.mark.parametrize("unpriced", ["name", "escalation"])
def test_a_model_without_a_price_is_told_before_anything_runs(
    unpriced: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "AIza" + "x" * 35)
    with pytest.raises(ConfigError, match="the price of the model 'gemini-of-tomorrow'") as caught:
        RunModels(given(tmp_path, **{unpriced: "gemini-of-tomorrow"}), Used())
    assert "model.input_price" in caught.value.hint
    priced = {"input_price": 1.0, "output_price": 2.0}
    assert not RunModels(given(tmp_path, **{unpriced: "gemini-of-tomorrow"}, **priced), Used()).none


def test_what_was_used_before_counts(tmp_path: Path) -> None:
    assert RunModels(given(tmp_path), Used(tokens=7, cost=0.5)).used == Used(tokens=7, cost=0.5)


def test_what_was_withheld_before_counts_against_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "AIza" + "x" * 35)
    with ModelServer(gemini_scenes.OK) as server:
        settings = given(tmp_path, kind="gemini", base_url=server.url)
        config = TurnConfig()
        history = [Message(role="user", parts=(Text(text="hello"),))]

        def ask(before: Used) -> Used:
            models = RunModels(settings, before)

            async def once() -> None:
                client = models.open("")
                try:
                    await client.turn(history, [], config, unheard)
                finally:
                    await client.close()

            asyncio.run(once())
            return models.used

        assert ask(Used(withheld_tokens=5, withheld_cost=0.01)).withheld_cost == 0.01
        for before in (Used(withheld_cost=0.5), Used(withheld_tokens=400_000), Used(cost=0.3, withheld_cost=0.2)):
            with pytest.raises(BudgetError):
                ask(before)
        assert len(server.asked) == 1
