"""The language models of one run: settings go in, clients within the run's budget come out, and what they used."""

import os
from pathlib import Path
from typing import Protocol

from fixer.errors import ConfigError
from fixer.journal import OwnedRun
from fixer.llm import CallBudget, find_model, open_model
from fixer.llm.base import ModelClient
from fixer.llm.budgets import Spent
from fixer.redact import Masker
from fixer.repair.given import Given
from fixer.spending import budget_of, spent_by

HOW = (
    "no model is configured: export GEMINI_API_KEY=KEY, or for a local server set model.kind, model.base_url and "
    "model.name in fixer.toml"
)


class Models(Protocol):
    """What a run needs of models."""

    @property
    def none(self) -> str:
        """Why no model can be asked, and what to do about it; empty: one can."""
        ...

    @property
    def used(self) -> Spent:
        """What all calls of the run used so far, those of earlier processes of the run included."""
        ...

    def open(self, name: str) -> ModelClient:
        """Return a client of the model `name`, of the settings' model where it is empty.

        Raises:
            ConfigError: the settings do not lead to a model.
            ModelError: its client cannot be made.
        """
        ...


class MakeModels(Protocol):
    """Makes the models of a run."""

    def __call__(self, given: Given, run: OwnedRun | None) -> Models:
        """Make them; without a run only what is wrong with the settings is found out."""
        ...


class RunModels:
    """The models that the settings and the environment lead to; every call is within the run's one budget."""

    def __init__(self, given: Given, run: OwnedRun | None) -> None:
        """Find out whether there is a model; nothing is asked and no kind is loaded.

        Raises:
            ConfigError: the settings contradict each other, the key or the address is not usable, or nobody knows what
                a call costs.
        """
        self._given = given
        self._run = run
        self._budget: CallBudget | None = None
        self.none = "" if find_model(given.settings.model, os.environ) is not None else HOW
        if not self.none:
            from fixer.llm.prices import refuse_unpriced  # noqa: PLC0415 - runs without a model do not pay for it

            refuse_unpriced(given.settings.model, os.environ)

    @property
    def used(self) -> Spent:
        """What was used so far, failed calls included."""
        if self._budget is not None:
            return self._budget.spent
        return Spent() if self._run is None else spent_by(self._run)

    def open(self, name: str) -> ModelClient:
        """Open a model; see `Models`."""
        if self._run is None:
            raise RuntimeError("models are opened for a run")
        settings = self._given.settings
        model = open_model(
            settings.model,
            os.environ,
            mask=Masker(os.environ).mask,
            folder=Path(self._given.repository),
            escalation=bool(name),
        )
        if model is None:
            raise ConfigError(f"no model {name or 'of the settings'} can be opened", HOW)
        if self._budget is None:
            self._budget = budget_of(self._run, settings.agent)
        return model.within(self._budget)
