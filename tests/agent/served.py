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

BILLED = {"prompt_tokens": 9_000, "completion_tokens": 50}
"""Tokens that every answer is said to have used."""


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


@contextlib.contextmanager
def without_tools(*answers: str | Scene, server: str = "ollama", context: int = 0) -> Iterator[ModelServer]:
    """Serve words as a server does that takes no tools and, where `context` is given, no more tokens than that."""
    scenes = [openai_scenes.says(answer) if isinstance(answer, str) else answer for answer in answers]
    if context:
        scenes = [openai_scenes.within(context, scene) for scene in scenes]
    with ModelServer(*(openai_scenes.without_tools(scene, server) for scene in scenes)) as made:
        # A scene is used up by a refusal as well as by an answer; the refused request is made again without tools.
        made.scenes.insert(0, openai_scenes.without_tools(openai_scenes.OK, server))
        yield made


def written(*moves: Move) -> str:
    """Return calls as a model without the protocol of tools writes them."""
    said = [json.dumps({"name": move["tool"], "arguments": move["arguments"]}) for move in moves]
    return "I go on.\n" + "\n".join(f"<tool_call>\n{one}\n</tool_call>" for one in said)


def edit_blocks(turns: Turns) -> str:
    """Return the edits among the moves as a model without tools writes them."""
    moves = [move["arguments"] for turn in turns for move in turn if move.get("tool") == "edit_file"]
    sides = "{path}\n```python\n<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n```\n"
    return "The cause is here.\n\n" + "\n".join(sides.format(**move) for move in moves)


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
        openai_scenes.usage(BILLED),
    )


def _words_first(turn: Sequence[Move]) -> list[Move]:
    return sorted(turn, key=lambda move: "tool" in move)
