"""What a server sends that has gone mad: JSON with the right names in the wrong places."""

from typing import Any

from hypothesis import strategies as st

from fixer.errors import ModelError
from fixer.schema.settings import ModelSettings
from tests.llm.asking import Seat, sit


def noise(names: str) -> st.SearchStrategy[Any]:
    """Return JSON values whose objects have these names, divided by spaces."""
    plain = st.none() | st.booleans() | st.integers(-10, 10**6) | st.text(max_size=5) | st.just("stop")
    keys = st.sampled_from(names.split())
    return st.recursive(
        plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
    )


def came_of(settings: ModelSettings) -> str:
    """Ask, and return "a turn", or the words of the error; anything else that is raised fails the test."""
    try:
        turn, seat = sit(settings, Seat.ask)
    except ModelError as error:
        return f"{error.message} ({error.hint})"
    spent = seat.budget.spent
    return "a turn" if turn.usage.input >= turn.usage.cached >= 0 and spent.usd >= 0 else "a wrong bill"
