"""What a server cannot do is told apart from what is wrong, and is not asked again."""

from typing import Any

import pytest

from fixer.errors import ModelError
from fixer.llm.base import CallError, Message, NoToolsError, Text, TooLongError
from fixer.llm.inability import is_too_long, takes_no_tools, was_cut
from tests.llm import gemini_scenes
from tests.llm import openai_scenes as scenes
from tests.llm.asking import READ, Seat, openai_settings, settings_for, sit
from tests.llm.model_server import Asked, ModelServer, Wire

LONG = (Message(role="user", parts=(Text(text="a line of a log\n" * 2000),)),)


def refused(status: int, body: Any) -> tuple[CallError, int]:
    with ModelServer(scenes.refuses(status, body)) as server, pytest.raises(CallError) as caught:
        sit(openai_settings(server), lambda seat: seat.ask(tools=[READ]))
    return caught.value, len(server.asked)


@pytest.mark.parametrize("name", sorted(scenes.NO_TOOLS))
def test_a_server_that_takes_no_tools_is_asked_once(name: str) -> None:
    error, asked = refused(*scenes.NO_TOOLS[name])
    assert isinstance(error, NoToolsError)
    assert (asked, error.again, error.billed) == (1, False, False)
    assert "--jinja" in error.hint


@pytest.mark.parametrize("name", sorted(scenes.too_long(4096, 9000)))
def test_a_request_that_is_too_long_is_asked_once(name: str) -> None:
    error, asked = refused(*scenes.too_long(4096, 9000)[name])
    assert isinstance(error, TooLongError)
    assert (asked, error.context, error.billed) == (1, 4096, False)
    assert "larger context" in error.hint


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", TooLongError),
        ("Function calling is not enabled for models/gemma-3-12b-it", NoToolsError),
    ],
)
def test_gemini_says_so_in_its_own_words(message: str, kind: type[CallError]) -> None:
    error = {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}
    with ModelServer(scenes.refuses(400, error)) as server, pytest.raises(kind):
        sit(settings_for(server), lambda seat: seat.ask(tools=[READ]))


def test_inside_of_a_stream_it_is_said_as_well() -> None:
    chunk = {"error": {"code": 500, "message": "the request exceeds the available context size"}}
    with ModelServer(scenes.stream(chunk)) as server, pytest.raises(TooLongError):
        sit(openai_settings(server), Seat.ask)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (429, "Request too large: maximum context length of your plan is reduced"),
        (500, "model runner has stopped"),
        (404, 'model "tools-7b" not found'),
        (400, "tool_choice must be auto"),
        (503, "the tool server is not ready"),
    ],
)
def test_other_words_mean_something_else(status: int, said: str) -> None:
    assert not takes_no_tools(status, said)
    assert not is_too_long(status, said)


def test_a_template_without_a_system_role_gets_its_words_in_the_question() -> None:
    def scene(asked: Asked, wire: Wire) -> None:
        if asked.body["messages"][0]["role"] == "system":
            return wire.json({"error": {"message": "System role not supported", "code": 400}}, 400)
        return scenes.OK(asked, wire)

    async def twice(seat: Seat) -> None:
        await seat.ask()
        await seat.ask()

    with ModelServer(scene) as server:
        sit(openai_settings(server), twice)
    assert len(server.asked) == 3
    for asked in server.asked[1:]:
        assert asked.body["messages"] == [{"role": "user", "content": "Fix the bug.\n\nWhat is wrong with calc.py?"}]


@pytest.mark.parametrize("context", [0, 2048])
def test_an_input_that_was_cut_silently_is_noticed(context: int) -> None:
    with ModelServer(scenes.says("It is done.", context=context)) as server:
        turn, _ = sit(openai_settings(server), lambda seat: seat.ask(LONG))
    assert turn.cut is bool(context)


def test_what_was_not_counted_is_not_taken_for_cut() -> None:
    with ModelServer(scenes.stream(scenes.delta(content="Yes."), scenes.delta("stop"))) as server:
        turn, _ = sit(openai_settings(server), lambda seat: seat.ask(LONG))
    assert not turn.cut
    assert not was_cut(30_000, 0)
    assert not was_cut(100, 1)


def test_gemini_does_not_cut() -> None:
    with ModelServer(gemini_scenes.OK) as server:
        assert not sit(settings_for(server), lambda seat: seat.ask(LONG))[0].cut


def test_what_is_no_inability_is_still_an_error_in_words() -> None:
    with ModelServer(scenes.refuses(400, {"error": "nonsense"})) as server, pytest.raises(ModelError, match="nonsense"):
        sit(openai_settings(server), Seat.ask)
