"""Traffic is recorded below the SDK and played back where there is no server at all."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from fixer.errors import ConfigError, ModelError
from fixer.llm import find_model, open_model
from fixer.llm.base import Finish, Message, Text, ToolAnswer, Turn
from fixer.redact import Masker
from fixer.schema.settings import ModelSettings
from tests.llm import gemini_scenes, openai_scenes
from tests.llm.asking import ENV, KEY, QUESTION, READ, Seat, cancelled, openai_settings, settings_for, sit
from tests.llm.model_server import ModelServer

SECRET = "hunter2-Zk9xQ1vB7mPw"
CALL = gemini_scenes.events(
    gemini_scenes.chunk(gemini_scenes.call("read_file", {"path": "calc.py"}, signed=True), finish="STOP")
)


async def conversation(seat: Seat, answer: str = "def add(a, b): return a - b") -> list[Turn]:
    """Have two turns, the second after a tool that answered."""
    first = await seat.ask(tools=[READ])
    answers = tuple(ToolAnswer(id=call.id, name=call.name, text=answer) for call in first.calls)
    parts = answers or (Text(text=answer),)
    return [first, await seat.ask((*QUESTION, first.message, Message(role="user", parts=parts)), [READ])]


def played(file: Path, **more: Any) -> ModelSettings:
    return ModelSettings(kind="replay", recording=str(file), **more)


@pytest.mark.parametrize("kind", ["gemini", "openai"])
def test_a_recording_gives_the_same_turns_without_a_server(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    scenes = (CALL, gemini_scenes.OK) if kind == "gemini" else (openai_scenes.OK, openai_scenes.OK)
    make = settings_for if kind == "gemini" else openai_settings
    with ModelServer(*scenes) as server:
        recorded, first = sit(make(server, recording=str(file)), conversation)
    replayed, second = sit(played(file), conversation, env={})
    assert replayed == recorded
    assert first.heard == second.heard
    assert first.budget.spent == second.budget.spent


def test_faults_and_retries_are_recorded_as_well(tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    faults = (gemini_scenes.overloaded("2"), gemini_scenes.dropped, gemini_scenes.html, gemini_scenes.OK)
    with ModelServer(*faults) as server:
        sit(settings_for(server, recording=str(file)), Seat.ask)
    turn, seat = sit(played(file), Seat.ask, env={})
    assert (turn.text, turn.finish, len(seat.waits), seat.waits[0]) == ("It is done.", Finish.DONE, 3, 2.0)


def test_no_key_no_header_and_no_secret_is_stored(tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    mask = Masker({"DB_PASSWORD": SECRET}).mask
    echo = gemini_scenes.says(f"The key is {KEY}, the password {SECRET}.")
    question = (Message(role="user", parts=(Text(text=f"Is {SECRET} the password?"),)),)
    with ModelServer(echo) as server:
        sit(settings_for(server, recording=str(file)), lambda seat: seat.ask(question), mask=mask)
    text = file.read_text(encoding="utf-8")
    assert SECRET not in text
    assert KEY not in text
    assert "x-goog-api-key" not in text
    turn, _ = sit(played(file), lambda seat: seat.ask(question), env={}, mask=mask)
    assert turn.finish is Finish.DONE


def test_what_differs_from_run_to_run_does_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    outputs = [
        "FAILED /tmp/run-81a/test_calc.py:3 in 0.21s at 2026-11-21T09:10:11Z, <object at 0x7f01>, commit 1f2e3d4c5b",
        "FAILED /tmp/run-99f/test_calc.py:3 in 1.05s at 2026-11-22T23:59:59Z, <object at 0x9abc>, commit 0a9b8c7d6e",
    ]
    with ModelServer(CALL, gemini_scenes.OK) as server:
        sit(settings_for(server, recording=str(file)), lambda seat: conversation(seat, outputs[0]))
    turns, _ = sit(played(file), lambda seat: conversation(seat, outputs[1]), env={})
    assert turns[1].text == "It is done."


def test_an_unknown_request_names_the_nearest_and_the_difference(tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    with ModelServer(CALL, gemini_scenes.OK) as server:
        sit(settings_for(server, recording=str(file)), conversation)
    with pytest.raises(ModelError, match="the nearest is number 2") as caught:
        sit(played(file), lambda seat: conversation(seat, "def add(a, b): return a + b"), env={})
    assert "return a - b" in caught.value.message
    assert "return a + b" in caught.value.message
    assert str(file) in caught.value.hint


def test_a_request_is_played_as_often_as_it_was_recorded(tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    with ModelServer(gemini_scenes.OK) as server:
        sit(settings_for(server, recording=str(file)), Seat.ask)

    async def twice(seat: Seat) -> None:
        await seat.ask()
        await seat.ask()

    with pytest.raises(ModelError, match="recorded 1 times, and all of them were played"):
        sit(played(file), twice, env={})


def test_a_second_run_adds_to_the_recording(tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    with ModelServer(gemini_scenes.says("first"), gemini_scenes.says("second")) as server:
        for _ in range(2):
            sit(settings_for(server, recording=str(file)), Seat.ask)

    async def twice(seat: Seat) -> list[str]:
        return [(await seat.ask()).text, (await seat.ask()).text]

    texts, _ = sit(played(file), twice, env={})
    assert texts == ["first", "second"]
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3


def test_a_cancelled_call_is_recorded_as_far_as_it_came(tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    with ModelServer(gemini_scenes.stalls) as server:
        sit(settings_for(server, recording=str(file)), cancelled)
    exchange = json.loads(file.read_text(encoding="utf-8").splitlines()[1])
    assert exchange["cut"]
    assert "so far" in exchange["body"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        ("", "is no recording"),
        ('{"a": 1}\n', "is no recording"),
        ('{"fixer_recording": 9, "kind": "gemini", "model": "m", "url": "u"}\n', "is no recording"),
        ('{"fixer_recording": 1, "kind": "gemini", "model": "m", "url": "u"}\n{"key"\n', ":2 is no exchange"),
    ],
)
def test_a_file_that_is_no_recording_is_refused(content: str | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        open_model(played(file), {})


def test_a_recording_of_another_kind_is_not_added_to(tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    file.write_text('{"fixer_recording": 1, "kind": "openai_compatible", "model": "m", "url": "u"}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="records openai_compatible, not gemini"):
        open_model(ModelSettings(recording="traffic.jsonl"), ENV, folder=tmp_path)


def test_a_recording_that_cannot_be_written_is_said_before_the_first_call(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        open_model(ModelSettings(recording="no/such/folder/traffic.jsonl"), ENV, folder=tmp_path)


def test_the_replayed_model_has_the_recorded_name(tmp_path: Path) -> None:
    file = tmp_path / "traffic.jsonl"
    with ModelServer(gemini_scenes.OK) as server:
        sit(settings_for(server, name="gemini-3.7-flash", recording=str(file)), Seat.ask)
    model = open_model(played(file), {})
    assert model is not None
    assert model.name == "gemini-3.7-flash"
    assert find_model(played(file), {}) is not None
    asyncio.run(model.close())
