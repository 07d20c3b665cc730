"""What calls cost: from the table for the day, from the settings, or nothing on this machine."""

import pytest

from fixer.errors import ConfigError, ExitCode
from fixer.llm.access import GEMINI_URL, Kind, ModelAccess
from fixer.llm.base import Usage
from fixer.llm.prices import Prices
from fixer.schema.settings import ModelSettings

USAGE = Usage(input=1_000_000, cached=500_000, output=1_000_000)


def prices(name: str, kind: Kind = "gemini", url: str = GEMINI_URL, **more: float) -> Prices:
    return Prices(ModelSettings.model_validate(more), ModelAccess(kind, name, url))


def test_the_model_that_answered_counts_and_the_dearer_one_is_reserved() -> None:
    table = prices("gemini-3.1-flash-lite")
    asked = table.most(USAGE)
    answered = table.usd("gemini-3.1-pro-preview", USAGE)
    assert answered > asked
    assert table.most(USAGE) == answered
    assert table.usd("models/gemini-3.1-flash-lite", USAGE) == asked


def test_an_answer_of_an_unknown_version_costs_what_the_asked_one_does() -> None:
    table = prices("gemini-3.8-flash")
    assert table.usd("some-internal-name", USAGE) == table.usd("gemini-3.8-flash", USAGE) > 0


def test_prices_of_the_settings_come_first() -> None:
    assert prices("gemini-3.8-flash", input_price=1, output_price=5).usd("gemini-3.8-flash", USAGE) == 6
    given = prices("anything", "openai_compatible", "https://h/v1", input_price=1, cached_price=0.5, output_price=5)
    assert given.usd("anything", USAGE) == 5.75


def test_half_a_price_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"model\.output_price is missing"):
        prices("m", input_price=1)


def test_a_server_on_this_machine_is_free() -> None:
    table = prices("any-model", "openai_compatible", "http://127.0.0.1:11434/v1")
    assert (table.most(USAGE), table.usd("any-model:7b", USAGE)) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("name", "url"), [("some-model", "https://models.example.com/v1"), ("no-such-model", "https://api.openai.com/v1")]
)
def test_a_hosted_model_without_a_known_price_is_refused(name: str, url: str) -> None:
    with pytest.raises(ConfigError, match=f"the price of the model '{name}' at {url} is not known") as caught:
        prices(name, "openai_compatible", url).most(USAGE)
    assert "model.input_price and model.output_price" in caught.value.hint
    assert caught.value.code is ExitCode.USAGE


def test_a_hosted_model_is_found_by_its_server() -> None:
    assert prices("gpt-4o", "openai_compatible", "https://api.openai.com/v1").most(USAGE) > 0
