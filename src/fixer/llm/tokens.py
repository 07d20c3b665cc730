"""A request or an answer in, a number of tokens out that the provider's own count does not pass."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence

from fixer.llm.base import Message, Tool, TurnConfig, Usage

FRAME = 16
"""Tokens that a message, a part or a tool costs beside its text: role marks, names of fields, separators."""
REMEMBERED = 512
"""Histories whose real count is kept: more than there are agents at once, each with its newest."""


def estimated(text: str) -> int:
    """Return about the tokens of `text`, where no server says: English and code take three to four bytes a token."""
    return (len(text.encode("utf-8", "surrogatepass")) + 1) // 2


class InputBound:
    """Bounds the input of a call from above.

    What a provider has already counted is known: the history only grows, so its beginning costs what it cost
    before. The rest is counted as one token a byte: a tokeniser with a byte-level alphabet or byte fallback
    (SentencePiece, byte-pair encoding) never makes more.
    """

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._seen: OrderedDict[str, int] = OrderedDict()
        self._factor = 1.0
        self._lock = threading.Lock()

    def most(self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig) -> tuple[int, str]:
        """Return the most tokens that this input can cost, and the mark of it for `learn`."""
        total = _bytes(config.system) + FRAME
        digest = hashlib.sha256(config.system.encode("utf-8", "surrogatepass"))
        for tool in tools:
            declared = tool.model_dump_json().encode()
            digest.update(declared)
            total += len(declared) + FRAME
        total = self._scaled(total)
        for message in history:
            text = _dumped(message)
            digest.update(text)
            total += self._scaled(len(text) + FRAME * (1 + len(message.parts)))
            total = self._seen.get(digest.hexdigest(), total)
        return total, digest.hexdigest()

    def learn(self, mark: str, most: int, usage: Usage) -> None:
        """Take in what the call really cost; thoughts may come back as input, so the output is kept with it."""
        if usage.estimated or not usage.input:
            return
        with self._lock:
            self._seen[mark] = usage.input + usage.output
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            # A server that counts more than one token a byte is believed from then on.
            self._factor = max(self._factor, self._factor * usage.input / max(1, most))

    def _scaled(self, count: int) -> int:
        return int(count * self._factor) + 1 if self._factor > 1 else count


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _dumped(message: Message) -> bytes:
    try:
        return message.model_dump_json().encode()
    except ValueError:
        # A lone surrogate, as broken bytes of a log become; JSON's escapes hold it.
        return json.dumps(message.model_dump(mode="python")).encode()
