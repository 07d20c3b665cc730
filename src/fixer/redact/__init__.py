"""Takes secrets out of text before it is stored, shown or sent."""

from collections.abc import Callable
from typing import Any

from fixer.redact.masker import Masker

__all__ = ["Masker", "masked"]


def masked(value: Any, mask: Callable[[str], str]) -> Any:
    """Return a JSON value with every text in it masked; keys are fixer's own and stay."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [masked(item, mask) for item in value]
    if isinstance(value, dict):
        return {key: masked(item, mask) for key, item in value.items()}
    return value
