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


LONG = 2_500
"""Characters that stay of the newest answer where nothing else can be left out."""


def compact(history: Sequence[Message], kept: int = KEPT_MESSAGES) -> list[Message]:
    """Return the history with the texts of old answers shortened; every call keeps its one answer.

    Args:
        history: the first message is the task, which stays.
        kept: the newest messages, which stay too.
    """
    last = max(1, len(history) - kept)
    return [_short(message, SHORT) if 0 < at < last else message for at, message in enumerate(history)]


def shorter(history: Sequence[Message]) -> list[Message]:
    """Return a shorter history for a model that had no room for this one; the same one where nothing can be left out.

    First all but the newest exchange is shortened, then the newest answer too.
    """
    first = compact(history, kept=2)
    if first != list(history) or not history[1:]:
        return first
    return [*first[:-1], _short(first[-1], LONG)]


def _short(message: Message, limit: int) -> Message:
    if message.role == "model":
        return message
    parts = tuple(_short_answer(part, limit) if isinstance(part, ToolAnswer) else part for part in message.parts)
    return message.model_copy(update={"parts": parts})


def _short_answer(answer: ToolAnswer, limit: int) -> ToolAnswer:
    if len(answer.text) <= limit:
        return answer
    if limit == SHORT:
        kept, hint = answer.text.split("\n", 1)[0][:SHORT], "call the tool again if you need it"
    else:
        kept, hint = answer.text[: limit - 200].rsplit("\n", 1)[0], "ask for fewer lines at once"
    return answer.model_copy(update={"text": f"{kept}\n(left out to save room; {hint})"})
