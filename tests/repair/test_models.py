"""Without a model a run says how to have one, and what earlier processes used is not forgotten."""

from pathlib import Path

import pytest

from fixer.repair.given import Given
from fixer.repair.models import RunModels, Used
from fixer.schema.request import Request
from fixer.schema.settings import ModelSettings, Settings


def given(folder: Path, **model: str) -> Given:
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


def test_what_was_used_before_counts(tmp_path: Path) -> None:
    assert RunModels(given(tmp_path), Used(tokens=7, cost=0.5)).used == Used(tokens=7, cost=0.5)
