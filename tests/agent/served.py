"""Moves of a model, served on this machine in the formats of real servers."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fakes import Move
from tests.llm import gemini_scenes, openai_scenes
from tests.llm.model_server import ModelServer, Scene

KEY = "AIza" + "x" * 35
Turns = Sequence[Sequence[Move]]


@contextlib.contextmanager
def gemini(*scripts: Turns) -> Iterator[ModelServer]:
    """Serve scripts one after the other as Gemini would."""
    with ModelServer(*(_gemini(turn) for turns in scripts for turn in turns)) as server:
        yield server


@contextlib.contextmanager
def openai_compatible(*scripts: Turns) -> Iterator[ModelServer]:
    """The same as a server of chat completions would."""
    with ModelServer(*(_openai(turn) for turns in scripts for turn in turns)) as server:
        yield server


def _gemini(turn: Sequence[Move]) -> Scene:
    parts = [
        gemini_scenes.call(move["tool"], move.get("arguments", {}), signed=number == 0)
        if "tool" in move
        else {"text": move["text"]}
        for number, move in enumerate(_words_first(turn))
    ]
    return gemini_scenes.events(gemini_scenes.chunk(*parts, finish="STOP"))


def _openai(turn: Sequence[Move]) -> Scene:
    said = "".join(move["text"] for move in turn if "text" in move)
    calls = [
        openai_scenes.piece(number, f"c{number}", move["tool"], json.dumps(move.get("arguments", {})))
        for number, move in enumerate(move for move in turn if "tool" in move)
    ]
    content: dict[str, Any] = {"content": said} if said else {}
    return openai_scenes.stream(
        openai_scenes.delta(role="assistant", tool_calls=calls, **content),
        openai_scenes.delta("tool_calls"),
        openai_scenes.usage(),
    )


def _words_first(turn: Sequence[Move]) -> list[Move]:
    return sorted(turn, key=lambda move: "tool" in move)
