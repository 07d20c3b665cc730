"""What happens in a conversation goes in; the journal's events and a line for the person who waits come out, masked."""

import time
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from fixer.agent.written_tools import NO_TOOLS
from fixer.llm.base import Text, ToolAnswer, ToolCall, Turn
from fixer.redact import masked
from fixer.terminal import clean_line

KEPT_TEXT = 4_000
"""Characters of one text that the journal keeps."""


class Transcript:
    """Writes down one conversation."""

    def __init__(
        self,
        record: Callable[[str, JsonValue], None],
        talk: Callable[[str], None],
        mask: Callable[[str], str],
        name: str = "agent",
    ) -> None:
        """Record with `record(kind, data)`, say progress with `talk`; `name` tells conversations apart."""
        self._record = record
        self._talk = talk
        self._mask = mask
        self._name = name
        self._step = 0
        self._began = 0.0
        self._retried = 0

    def begins(self, step: int) -> None:
        """Note that the model is asked."""
        self._step = step
        self._began = time.monotonic()
        self._talk(f"{self._name}: step {step}, the model thinks")

    def heard(self, event: str, data: Mapping[str, JsonValue]) -> None:
        """Take what a client tells while it streams."""
        if event == "retry":
            self._retried += 1
            seconds, why = data.get("seconds"), clean_line(str(data.get("reason", "it could not be used")))
            soon = f"in {seconds:.1f} s" if isinstance(seconds, int | float) else "at once"
            self._talk(f"{self._name}: step {self._step}, the model is asked once more {soon}: {why[:200]}")
        elif event == NO_TOOLS:
            self._talk(f"{self._name}: its server takes no tools, so they are described in words")
            self._record("model.no_tools", {"agent": self._name, "reason": self._kept(str(data.get("reason", "")))})
        elif event == "tool_call":
            self._talk(f"{self._name}: step {self._step}, {clean_line(str(data.get('name', 'a tool')))[:60]}")

    def turn(self, step: int, turn: Turn) -> None:
        """Record one answer of the model."""
        parts: list[JsonValue] = []
        for part in turn.message.parts:
            if isinstance(part, Text):
                parts.append({"text": self._kept(part.text)})
            elif isinstance(part, ToolCall):
                parts.append({"call": part.name[:100], "arguments": self._arguments(part)})
        self._record(
            "model.turn",
            {
                "agent": self._name,
                "step": step,
                "model": turn.model,
                "finish": turn.finish.value,
                "usage": turn.usage.model_dump(mode="json"),
                "seconds": round(time.monotonic() - self._began, 3),
                "parts": parts,
            },
        )

    def tool(self, step: int, call: ToolCall, answer: ToolAnswer) -> None:
        """Record what a tool answered; the call itself is in the turn."""
        target = call.arguments.get("path") or call.arguments.get("text") or ""
        self._talk(clean_line(f"{self._name}: step {step}, {call.name[:60]} {str(target)[:80]}"))
        self._record(
            "tool",
            {
                "agent": self._name,
                "step": step,
                "name": call.name[:100],
                "error": answer.is_error,
                "text": self._kept(answer.text),
            },
        )

    def ended(self, ending: str, words: str, steps: int) -> None:
        """Record how the conversation ended."""
        self._record("agent.ended", {"agent": self._name, "ending": ending, "words": self._kept(words), "steps": steps})

    def _arguments(self, call: ToolCall) -> JsonValue:
        return {
            str(key)[:100]: self._kept(value) if isinstance(value, str) else self._small(value)
            for key, value in list(call.arguments.items())[:20]
        }

    def _small(self, value: JsonValue) -> JsonValue:
        size = len(str(value))
        return masked(value, self._mask) if size <= KEPT_TEXT else f"[{size} characters]"

    def _kept(self, text: str) -> str:
        text = self._mask(text).encode("utf-8", "replace").decode()
        return text if len(text) <= KEPT_TEXT else f"{text[:KEPT_TEXT]} [… {len(text) - KEPT_TEXT} more characters]"
