"""A long history goes in, one with short answers of old tools comes out; what the model said is left as it is.

Its parts carry signatures that its provider checks. The prefix of the history changes once and is then stable again,
so this is done rarely: a provider's cache begins anew with it.
"""

from collections.abc import Sequence

from fixer.llm.base import Message, ToolAnswer

KEPT_MESSAGES = 8
"""The newest ones, which stay as they are."""
SHORT = 300
"""Characters up to which an answer stays."""


def compact(history: Sequence[Message]) -> list[Message]:
    """Return the history with the texts of old answers shortened; every call keeps its one answer."""
    last = max(1, len(history) - KEPT_MESSAGES)
    return [_short(message) if 0 < at < last else message for at, message in enumerate(history)]


def _short(message: Message) -> Message:
    if message.role == "model":
        return message
    parts = tuple(_short_answer(part) if isinstance(part, ToolAnswer) else part for part in message.parts)
    return message.model_copy(update={"parts": parts})


def _short_answer(answer: ToolAnswer) -> ToolAnswer:
    if len(answer.text) <= SHORT:
        return answer
    first = answer.text.split("\n", 1)[0][:SHORT]
    return answer.model_copy(update={"text": f"{first}\n(left out to save room; call the tool again if you need it)"})
