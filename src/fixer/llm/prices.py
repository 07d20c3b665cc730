"""A model's name and the tokens of a call in, US dollars out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fixer.errors import ConfigError
from fixer.llm.access import ModelAccess, find_model
from fixer.llm.base import Usage
from fixer.schema.settings import ModelSettings

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider

PER = 1_000_000
"""Prices are for so many tokens."""


class Prices:
    """What one model's calls cost: the settings' prices, else the table of genai-prices for the day of the call."""

    def __init__(self, settings: ModelSettings, access: ModelAccess) -> None:
        """Keep the settings; the table is read when the first call asks for it.

        Raises:
            ConfigError: only one of the two prices is set.
        """
        given = (settings.input_price, settings.output_price)
        if (given[0] is None) != (given[1] is None):
            missing = "model.input_price" if given[0] is None else "model.output_price"
            raise ConfigError(f"only one price of the model is set; {missing} is missing", _how_to_set())
        self._settings = settings
        self._access = access
        self._known: dict[str, tuple[Provider, ModelInfo] | None] = {}
        self._answered: str = ""

    def usd(self, model: str, usage: Usage) -> float:
        """Return what a call that `model` answered cost; a model that nobody knows costs what the asked one does.

        Raises:
            ConfigError: there is no price.
        """
        self._answered = model if self._listed(model) else self._answered
        return self._price(model if self._listed(model) else self._access.name, usage)

    def most(self, usage: Usage) -> float:
        """Return the most that such a call can cost: an alias may be answered by a model with another price.

        Raises:
            ConfigError: there is no price.
        """
        return max(self._price(name, usage) for name in {self._access.name, self._answered or self._access.name})

    def _price(self, model: str, usage: Usage) -> float:
        settings = self._settings
        if settings.input_price is not None and settings.output_price is not None:
            cached = settings.input_price if settings.cached_price is None else settings.cached_price
            fresh = usage.input - usage.cached
            return (fresh * settings.input_price + usage.cached * cached + usage.output * settings.output_price) / PER
        if self._free:
            return 0.0
        listed = self._listed(model)
        if listed is None:
            if self._access.replayed:
                return 0.0
            raise ConfigError(f"the price of the model '{model}' at {self._access.url} is not known", _how_to_set())
        return self._from_table(listed, usage)

    @property
    def _free(self) -> bool:
        """Whether the model runs on this machine; a gateway to Gemini there still costs what Gemini does."""
        return self._access.kind == "openai_compatible" and self._access.local

    def _listed(self, model: str) -> "tuple[Provider, ModelInfo] | None":
        """Find a model in the table (package genai-prices), at the provider that serves the address."""
        name = model.removeprefix("models/")
        if self._settings.input_price is not None or self._free:
            return None
        if name not in self._known:
            from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - costs 0.2 s

            google = self._access.kind != "openai_compatible"
            try:
                self._known[name] = get_snapshot().find_provider_model(
                    name, None, "google" if google else None, None if google else self._access.url
                )
            except LookupError:
                self._known[name] = None
        return self._known[name]

    @staticmethod
    def _from_table(listed: "tuple[Provider, ModelInfo]", usage: Usage) -> float:
        from genai_prices import Usage as Tokens  # noqa: PLC0415 - see above

        provider, model = listed
        tokens = Tokens(input_tokens=usage.input, cache_read_tokens=usage.cached, output_tokens=usage.output)
        return float(model.calc_price(tokens, provider, genai_request_timestamp=datetime.now(UTC)).total_price)


def refuse_unpriced(settings: ModelSettings, env: Mapping[str, str]) -> None:
    """Look up what calls of the model and of the stronger one cost, so that a missing price is told before a run.

    Raises:
        ConfigError: a price is not known, or settings and environment contradict each other.
    """
    stronger = [settings.model_copy(update={"name": settings.escalation})] if settings.escalation else []
    for asked in (settings, *stronger):
        access = find_model(asked, env)
        if access is not None and access.kind != "replay":
            Prices(asked, access).most(Usage(input=1, output=1))


def _how_to_set() -> str:
    return (
        "set model.input_price and model.output_price, US dollars for a million tokens: "
        "export FIXER_MODEL_INPUT_PRICE=USD FIXER_MODEL_OUTPUT_PRICE=USD"
    )
