"""Servers of chat completions: what is sent, what comes back, and the ways in which they differ."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.errors import ModelError
from fixer.llm.base import Finish, Message, Text, ToolAnswer, ToolCall, TurnConfig, Usage
from tests.llm import openai_scenes as scenes
from tests.llm.asking import CONFIG, QUESTION, READ, Seat, openai_settings, sit
from tests.llm.model_server import Asked, ModelServer, Scene, Wire
from tests.llm.noise import came_of, noise

CALLS = scenes.stream(
    scenes.delta(role="assistant", content="I look."),
    scenes.delta(tool_calls=[scenes.piece(0, "call_a", "read_file", '{"pa')]),
    scenes.delta(tool_calls=[scenes.piece(0, arguments='th": "a.py"}')]),
    scenes.delta(tool_calls=[scenes.piece(1, "call_b", "read_file", '{"path": "b.py"}')]),
    scenes.delta("tool_calls"),
    scenes.usage(),
)


def paths(calls: tuple[ToolCall, ...]) -> list[tuple[str, Any]]:
    return [(call.id, call.arguments.get("path")) for call in calls]


def test_the_request_and_the_answer() -> None:
    config = TurnConfig(system="Fix it.", temperature=0.1, max_output_tokens=777, tool_choice="any", seconds=10)
    with ModelServer(scenes.OK) as server:
        turn, seat = sit(openai_settings(server), lambda seat: seat.ask(tools=[READ], config=config))
    asked = server.asked[0]
    assert asked.path == "/v1/chat/completions"
    assert "authorization" not in asked.headers
    assert asked.body["messages"] == [
        {"role": "system", "content": "Fix it."},
        {"role": "user", "content": "What is wrong with calc.py?"},
    ]
    limits = {name: asked.body[name] for name in ("model", "max_tokens", "temperature", "stream", "tool_choice")}
    assert limits == {
        "model": "local-model",
        "max_tokens": 777,
        "temperature": 0.1,
        "stream": True,
        "tool_choice": "required",
    }
    assert asked.body["tools"] == [{"type": "function", "function": READ.model_dump()}]
    assert (turn.text, turn.finish, turn.model) == ("It is done.", Finish.DONE, scenes.MODEL)
    assert turn.usage == Usage(input=900, cached=300, output=50)
    assert (seat.words(), seat.budget.spent.tokens, seat.budget.spent.usd) == ("It is done.", 950, 0.0)


def test_calls_come_in_pieces_and_go_back_as_they_came() -> None:
    async def two_turns(seat: Seat) -> list[tuple[str, Any]]:
        first = await seat.ask(tools=[READ])
        stored = Message.model_validate_json(first.message.model_dump_json())
        answers = [
            ToolAnswer(id=call.id, name=call.name, text="x", is_error=call.id == "call_b") for call in first.calls
        ]
        await seat.ask((*QUESTION, stored, Message(role="user", parts=(*answers, Text(text="Go on.")))), [READ])
        return paths(first.calls)

    with ModelServer(CALLS, scenes.OK) as server:
        made, _ = sit(openai_settings(server), two_turns)
    assert made == [("call_a", "a.py"), ("call_b", "b.py")]
    _, _, assistant, *rest = server.asked[1].body["messages"]
    assert assistant["content"] == "I look."
    assert [call["function"]["arguments"] for call in assistant["tool_calls"]] == [
        '{"path": "a.py"}',
        '{"path": "b.py"}',
    ]
    assert rest == [
        {"role": "tool", "tool_call_id": "call_a", "content": "x"},
        {"role": "tool", "tool_call_id": "call_b", "content": "error: x"},
        {"role": "user", "content": "Go on."},
    ]


@pytest.mark.parametrize(
    "pieces",
    [
        [scenes.piece(0, "a", "read_file", '{"path": "a"}'), scenes.piece(0, "b", "read_file", '{"path": "b"}')],
        [scenes.piece(None, "a", "read_file", {"path": "a"}), scenes.piece(None, "b", "read_file", {"path": "b"})],
    ],
    ids=["one index", "no index, objects"],
)
def test_calls_that_share_an_index_are_told_apart_by_their_ids(pieces: list[dict[str, Any]]) -> None:
    scene = scenes.stream(*(scenes.delta(tool_calls=[piece]) for piece in pieces), scenes.delta("stop"), scenes.usage())
    with ModelServer(scene) as server:
        turn, _ = sit(openai_settings(server), lambda seat: seat.ask(tools=[READ]))
    assert paths(turn.calls) == [("a", "a"), ("b", "b")]


def test_a_call_without_an_id_gets_one() -> None:
    scene = scenes.stream(scenes.delta(tool_calls=[scenes.piece(0, None, "read_file", "{}")]), scenes.delta("stop"))
    with ModelServer(scene) as server:
        turn, _ = sit(openai_settings(server), lambda seat: seat.ask(tools=[READ]))
    assert turn.calls[0].id


def test_arguments_that_are_no_json_are_said_to_be_so() -> None:
    scene = scenes.stream(
        scenes.delta(tool_calls=[scenes.piece(0, "a", "read_file", '{"path": ')]), scenes.delta("tool_calls")
    )
    with ModelServer(scene) as server:
        turn, _ = sit(openai_settings(server), lambda seat: seat.ask(tools=[READ]))
    assert (turn.finish, turn.finish_word, turn.calls) == (Finish.UNUSABLE, "malformed arguments of read_file", ())


@pytest.mark.parametrize("name", ["max_tokens", "stream_options", "temperature", "tool_choice"])
def test_a_parameter_that_the_server_refuses_is_left_out_from_then_on(name: str) -> None:
    async def twice(seat: Seat) -> None:
        await seat.ask(tools=[READ])
        await seat.ask(tools=[READ])

    with ModelServer(scenes.refuses_parameter(name)) as server:
        sit(openai_settings(server), twice)
    assert [name in asked.body for asked in server.asked] == [True, False, False]
    assert ("max_completion_tokens" in server.asked[2].body) is (name == "max_tokens")


def test_a_server_that_does_not_stream_is_read_as_well() -> None:
    with ModelServer(scenes.whole) as server:
        turn, _ = sit(openai_settings(server), Seat.ask)
    assert (turn.text, turn.usage.output) == ("It is done.", 50)


def test_what_a_server_does_not_count_is_estimated_and_marked() -> None:
    scene = scenes.stream(scenes.delta(content="It is done."), scenes.delta("stop"))
    with ModelServer(scene) as server:
        turn, seat = sit(openai_settings(server), Seat.ask)
    assert turn.usage.estimated
    assert seat.budget.spent.estimated
    # Half a token a byte: 11 bytes out, and in the system prompt and the question, which are 39 bytes.
    assert turn.usage.output == 6
    assert 20 < turn.usage.input < 200


@pytest.mark.parametrize(
    ("scene", "finish"),
    [
        (scenes.stream(scenes.delta(content="cut"), scenes.delta("length")), Finish.LENGTH),
        (scenes.stream(scenes.delta(content="hm"), scenes.delta("content_filter")), Finish.BLOCKED),
        (scenes.stream(scenes.delta(content="hm"), scenes.delta("some_future_reason")), Finish.UNUSABLE),
        (scenes.stream(scenes.delta(content=" "), scenes.delta("stop")), Finish.UNUSABLE),
    ],
    ids=["length", "blocked", "future", "empty"],
)
def test_finishes(scene: Scene, finish: Finish) -> None:
    with ModelServer(scene) as server:
        turn, _ = sit(openai_settings(server), Seat.ask)
    assert turn.finish is finish


def broken_event(_: Asked, wire: Wire) -> None:
    wire.begin()
    wire.raw('data: {"choices": [{"del\n\n')
    wire.end()


def dropped(_: Asked, wire: Wire) -> None:
    wire.begin()
    wire.event(scenes.delta(content="partial"))
    wire.drop()


@pytest.mark.parametrize(
    ("scene", "wait"),
    [
        (
            scenes.refuses(
                429, {"error": {"message": "slow down", "code": "rate_limit_exceeded"}}, {"Retry-After": "3"}
            ),
            3,
        ),
        (scenes.refuses(503, {"detail": "loading"}), None),
        (scenes.refuses(500, {"error": "model runner has stopped"}), None),
        (scenes.stream(scenes.delta(content="partial")), None),
        (scenes.stream(scenes.delta(content="partial"), done=False), None),
        (scenes.stream({"error": {"message": "overloaded", "code": 503}}), None),
        (scenes.stream({"error": "the runner died"}), None),
        (broken_event, None),
        (dropped, None),
    ],
    ids=["429", "503", "500", "no finish", "no done", "inside", "inside, text", "broken", "dropped"],
)
def test_a_passing_fault_is_asked_again(scene: Scene, wait: float | None) -> None:
    with ModelServer(scene, scenes.OK) as server:
        turn, seat = sit(openai_settings(server), Seat.ask)
    assert (turn.text, len(server.asked), seat.words()) == ("It is done.", 2, "It is done.")
    assert wait is None or seat.waits == [wait]


@pytest.mark.parametrize(
    ("status", "body", "message", "hint"),
    [
        (429, {"error": {"message": "no credit", "code": "insufficient_quota"}}, "no credit", "used up"),
        (401, {"error": {"message": "who are you"}}, "who are you", "FIXER_MODEL_API_KEY_ENV"),
        (402, {"error": {"message": "pay"}}, "answered 402: pay", "no credit left"),
        (404, {"error": 'model "local-model" not found'}, "not found", "FIXER_MODEL_NAME"),
        (413, {"message": "too large"}, "answered 413: too large", "larger context"),
    ],
)
def test_a_refusal_is_not_asked_again(status: int, body: dict[str, Any], message: str, hint: str) -> None:
    with ModelServer(scenes.refuses(status, body)) as server, pytest.raises(ModelError, match=message) as caught:
        sit(openai_settings(server), Seat.ask)
    assert hint in caught.value.hint
    assert len(server.asked) == 1


def test_the_wall_clock_ends_a_call_that_does_not_end() -> None:
    def stalls(_: Asked, wire: Wire) -> None:
        wire.begin()
        wire.event(scenes.delta(content="so far"))
        wire.wait(30)

    config = CONFIG.model_copy(update={"seconds": 0.3})
    with ModelServer(stalls) as server:
        with pytest.raises(ModelError, match=r"did not answer within 0\.3 s"):
            sit(openai_settings(server), lambda seat: seat.ask(config=config))
        assert server.quiet()


def test_a_key_is_sent_where_the_settings_name_its_variable() -> None:
    with ModelServer(scenes.OK) as server:
        sit(openai_settings(server, api_key_env="LOCAL_KEY"), Seat.ask, env={"LOCAL_KEY": "k1", "OPENAI_API_KEY": "k2"})
    assert server.asked[0].headers["authorization"] == "Bearer k1"


NAMES = """choices delta message content tool_calls index id function name arguments usage prompt_tokens
completion_tokens prompt_tokens_details cached_tokens error finish_reason model code"""


@settings(max_examples=50, deadline=None)
@given(chunks=st.lists(noise(NAMES), max_size=3), last=st.sampled_from(([], [scenes.delta("stop")])))
def test_whatever_a_server_sends_is_a_turn_or_an_error_in_words(chunks: list[Any], last: list[Any]) -> None:
    with ModelServer(scenes.stream(*chunks, *last)) as server:
        said = came_of(openai_settings(server))
    assert said == "a turn" or ("local-model" in said and "(" in said)
