"""The language models of one run: settings go in, clients within the run's budget come out, and what they used."""

from typing import Protocol

from fixer.llm.base import ModelClient
from fixer.repair.given import Given
from fixer.schema.base import Record

HOW = (
    "no model is configured: export GEMINI_API_KEY=KEY, or for a local server set model.kind, model.base_url and "
    "model.name in fixer.toml"
)


class Used(Record):
    """What all calls of a run used so far, those of earlier processes of the run included."""

    tokens: int = 0
    cost: float = 0.0
    """US dollars."""


class Models(Protocol):
    """What a run needs of models."""

    @property
    def none(self) -> str:
        """Why no model can be asked, and what to do about it; empty: one can."""
        ...

    @property
    def used(self) -> Used:
        """What was used so far."""
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

    def __call__(self, given: Given, before: Used) -> Models:
        """Make them; `before` is what earlier processes of the run used."""
        ...


class NoModels:
    """A run that asks no model."""

    def __init__(self, given: Given, before: Used) -> None:
        """Keep what was used before."""
        del given
        self.used = before
        self.none = HOW

    def open(self, name: str) -> ModelClient:
        """Never called, as `none` says that there is no model."""
        raise RuntimeError(f"the model {name!r} was asked for where there is none")
