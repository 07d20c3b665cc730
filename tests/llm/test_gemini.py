"""Gemini through the real SDK against a server that speaks its wire format: what is sent, and what comes back."""

import asyncio
import base64
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixer.budget import Budget
from fixer.errors import BudgetError, ExitCode, ModelError
from fixer.llm import CallBudget
from fixer.llm.base import CallError, Finish, Message, Text, ToolAnswer, ToolCall, TurnConfig, Usage
from fixer.llm.budgets import Limits
from fixer.schema.settings import ModelSettings
from tests.llm import gemini_scenes as scenes
from tests.llm.asking import CONFIG, ENV, KEY, QUESTION, READ, Seat, cancelled, settings_for, sit
from tests.llm.model_server import Asked, ModelServer, Scene, Wire
from tests.llm.noise import came_of, noise

BILLED_ONCE = {"input": 1000, "cached": 600, "output": 100}


@pytest.fixture(autouse=True)
def nothing_is_left_to_asyncio(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail where a stream was left for the event loop to close, which it tells on the terminal."""
    yield
    for when in ("call", "teardown"):
        assert not [record.getMessage() for record in caplog.get_records(when) if record.name == "asyncio"]


def test_the_request_holds_system_limits_and_tools() -> None:
    config = TurnConfig(system="Fix it.", temperature=0.1, max_output_tokens=777, tool_choice="any", seconds=10)
    with ModelServer(scenes.OK) as server:
        sit(settings_for(server), lambda seat: seat.ask(tools=[READ], config=config))
    asked = server.asked[0]
    assert asked.path == "/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse"
    assert asked.headers["x-goog-api-key"] == KEY
    assert asked.body["systemInstruction"]["parts"] == [{"text": "Fix it."}]
    assert asked.body["generationConfig"] == {"temperature": 0.1, "maxOutputTokens": 777}
    declared = asked.body["tools"][0]["functionDeclarations"][0]
    assert (declared["name"], declared["parameters_json_schema"]) == ("read_file", READ.parameters)
    assert asked.body["toolConfig"] == {"functionCallingConfig": {"mode": "ANY"}}


def test_name_and_version_of_the_api_are_settings() -> None:
    with ModelServer(scenes.OK) as server:
        sit(settings_for(server, name="gemini-flash-latest", api_version="v1beta"), Seat.ask)
    assert server.asked[0].path.startswith("/v1beta/models/gemini-flash-latest:")


def test_the_environment_names_the_server() -> None:
    with ModelServer(scenes.OK) as server:
        turn, _ = sit(ModelSettings(), Seat.ask, env={**ENV, "GOOGLE_GEMINI_BASE_URL": server.url})
    assert turn.text == "It is done."


def test_an_answer_streams_and_is_billed() -> None:
    with ModelServer(scenes.OK) as server:
        turn, seat = sit(settings_for(server), Seat.ask)
    assert (turn.text, turn.finish, turn.finish_word, turn.model) == ("It is done.", Finish.DONE, "STOP", scenes.MODEL)
    assert turn.usage == Usage(input=1000, cached=600, output=100)
    assert [data["text"] for event, data in seat.heard if event == "text"] == ["It is", " done."]
    assert seat.budget.spent.model_dump(include={"input", "cached", "output", "calls"}) == {**BILLED_ONCE, "calls": 1}
    # 400 fresh and 600 cached tokens in, 100 out, at 0.75, 0.075 and 3.75 dollars a million until the end of 2026.
    factor = 1 if datetime.now(UTC).year < 2027 else 2
    assert seat.budget.spent.usd == pytest.approx(factor * (400 * 0.75 + 600 * 0.075 + 100 * 3.75) / 1e6)


def strict(asked: Asked, wire: Wire) -> None:
    """Refuse a history as Gemini does: a call without its signature, or not one answer for each call."""
    contents = asked.body["contents"]
    for number, content in enumerate(contents):
        calls = [part for part in content["parts"] if "functionCall" in part]
        if content["role"] == "model" and calls:
            answers = [part for part in contents[number + 1]["parts"] if "functionResponse" in part]
            if "thoughtSignature" not in calls[0]:
                message = "Function call is missing a thought_signature in functionCall parts."
                return wire.json(scenes.error(400, "INVALID_ARGUMENT", message), 400)
            if len(answers) != len(calls):
                message = "Please ensure that the number of function response parts is equal to the number of calls."
                return wire.json(scenes.error(400, "INVALID_ARGUMENT", message), 400)
    return scenes.OK(asked, wire)


TWO_CALLS = scenes.events(
    scenes.chunk({"text": "I think.", "thought": True}, usage={"promptTokenCount": 1000}),
    scenes.chunk({"text": "I look at both."}, scenes.call("read_file", {"path": "calc.py"}, signed=True)),
    scenes.chunk(scenes.call("read_file", {"path": "test_calc.py"})),
    scenes.chunk({"text": ""}, finish="STOP"),
)


def test_calls_and_signatures_survive_a_history_stored_as_json() -> None:
    async def two_turns(seat: Seat) -> Finish:
        first = await seat.ask(tools=[READ])
        assert [(call.name, call.arguments) for call in first.calls] == [
            ("read_file", {"path": "calc.py"}),
            ("read_file", {"path": "test_calc.py"}),
        ]
        assert first.text == "I look at both."
        stored = Message.model_validate_json(first.message.model_dump_json())
        answers = tuple(
            ToolAnswer(id=call.id, name=call.name, text=f"text {number}", is_error=number == 1)
            for number, call in enumerate(first.calls)
        )
        history = (*QUESTION, stored, Message(role="user", parts=answers))
        return (await seat.ask(history, [READ])).finish

    with ModelServer(TWO_CALLS, strict) as server:
        finish, _ = sit(settings_for(server), two_turns)
    assert finish is Finish.DONE
    sent = server.asked[1].body["contents"]
    assert [content["role"] for content in sent] == ["user", "model", "user"]
    thought, words, first, second = sent[1]["parts"]
    assert thought == {"text": "I think.", "thought": True}
    assert words == {"text": "I look at both."}
    assert base64.urlsafe_b64decode(first["thoughtSignature"]) == b"\xfb\xff signature of read_file"
    assert second["functionCall"]["args"] == {"path": "test_calc.py"}
    assert [part["functionResponse"]["response"] for part in sent[2]["parts"]] == [
        {"output": "text 0"},
        {"error": "text 1"},
    ]


def test_a_history_of_another_kind_of_model_is_taken() -> None:
    call = ToolCall(id="call_1", name="read_file", arguments={"path": "a"}, raw={"openai_compatible": {"id": "call_1"}})
    history = (
        *QUESTION,
        Message(role="model", parts=(Text(text="Let me see."), call)),
        Message(role="user", parts=(ToolAnswer(id="call_1", name="read_file", text="x"),)),
    )
    with ModelServer(strict) as server:
        turn, _ = sit(settings_for(server), lambda seat: seat.ask(history))
    assert turn.finish is Finish.DONE


@pytest.mark.parametrize(
    ("scene", "wait"),
    [
        (scenes.MINUTE_QUOTA, 0.2),
        (scenes.overloaded("2"), 2.0),
        (scenes.INTERNAL, None),
        (scenes.html, None),
        (scenes.broken_json, None),
        (scenes.cut_body, None),
        (scenes.no_finish, None),
        (scenes.dropped, None),
        (scenes.broken_chunk, None),
        (scenes.overloaded_inside, None),
        (scenes.NO_CANDIDATES, None),
    ],
    ids=["429", "503", "500", "502", "broken json", "cut", "no finish", "dropped", "chunk", "inside", "no candidates"],
)
def test_a_passing_fault_is_asked_again(scene: Scene, wait: float | None) -> None:
    with ModelServer(scene, scene, scenes.OK) as server:
        turn, seat = sit(settings_for(server), Seat.ask)
    assert (turn.text, len(server.asked), seat.words()) == ("It is done.", 3, "It is done.")
    assert [wait] * 2 == seat.waits if wait else len(seat.waits) == 2
    assert [event for event, _ in seat.heard].count("retry") == 2
    assert seat.budget.spent.calls == 3


def test_a_wait_may_be_named_as_a_date() -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=8), usegmt=True)
    with ModelServer(scenes.overloaded(when), scenes.OK) as server:
        _, seat = sit(settings_for(server), Seat.ask)
    assert 5 < seat.waits[0] <= 8


def test_a_fault_that_stays_ends_after_five_tries() -> None:
    with ModelServer(scenes.INTERNAL) as server, pytest.raises(ModelError, match=r"answered 500: .* \(after 5 tries\)"):
        sit(settings_for(server), Seat.ask)
    assert len(server.asked) == 5


def test_a_wait_longer_than_the_time_that_is_left_is_not_begun() -> None:
    config = CONFIG.model_copy(update={"seconds": 3})
    with (
        ModelServer(scenes.overloaded("60")) as server,
        pytest.raises(ModelError, match="asks to wait 60 s"),
    ):
        sit(settings_for(server), lambda seat: seat.ask(config=config))
    assert len(server.asked) == 1


FORBIDDEN = scenes.refuses(403, scenes.error(403, "PERMISSION_DENIED", "no"))
ECHO = scenes.refuses(400, scenes.error(400, "INVALID_ARGUMENT", f"{KEY} \x1b]0;x\x07"))
REFUSALS: list[tuple[Scene, str, str]] = [
    (scenes.DAY_QUOTA, "exceeded your current quota", "quota of the key in GEMINI_API_KEY is used up"),
    (scenes.BAD_KEY, "API key not valid", "export GEMINI_API_KEY=KEY"),
    (scenes.refuses(401, scenes.error(401, "UNAUTHENTICATED", "no")), "answered 401: no", "export GEMINI_API_KEY"),
    (
        scenes.refuses(403, scenes.error(403, "PERMISSION_DENIED", "no")),
        "answered 403",
        "the key in GEMINI_API_KEY may",
    ),
    (scenes.refuses(404, scenes.error(404, "NOT_FOUND", "models/x")), "answered 404", "FIXER_MODEL_NAME"),
    (
        scenes.refuses(400, scenes.error(400, "INVALID_ARGUMENT", f"{KEY} \x1b]0;x\x07")),
        r"\[masked secret\]$",
        "config",
    ),
    (lambda _, wire: wire.body(b"", 302, {"Location": "http://127.0.0.1:9/"}), "answered 302", "model.base_url"),
]


@pytest.mark.parametrize(("scene", "message", "hint"), REFUSALS, ids=["day", "bad", "401", "403", "404", "400", "302"])
def test_a_refusal_is_not_asked_again_and_says_what_to_do(scene: Scene, message: str, hint: str) -> None:
    seats: list[Seat] = []

    async def ask(seat: Seat) -> None:
        seats.append(seat)
        await seat.ask()

    with ModelServer(scene) as server, pytest.raises(ModelError, match=message) as caught:
        sit(settings_for(server), ask)
    assert hint in caught.value.hint
    assert caught.value.code is ExitCode.DEPENDENCY
    assert len(server.asked) == 1
    assert KEY not in caught.value.message
    assert (seats[0].budget.spent.tokens, seats[0].budget.spent.calls) == (0, 1)


@pytest.mark.parametrize(
    ("scene", "finish", "word"),
    [
        (scenes.MALFORMED_CALL, Finish.UNUSABLE, "MALFORMED_FUNCTION_CALL"),
        (scenes.events(scenes.chunk(scenes.call("f", {}), finish="SOME_NEWS")), Finish.DONE, "SOME_NEWS"),
        (scenes.BLOCKED_PROMPT, Finish.BLOCKED, "PROHIBITED_CONTENT"),
        (scenes.says("cut", "MAX_TOKENS"), Finish.LENGTH, "MAX_TOKENS"),
        (scenes.says("hm", "SAFETY"), Finish.BLOCKED, "SAFETY"),
        (scenes.says("hm", "SOME_FUTURE_REASON"), Finish.UNUSABLE, "SOME_FUTURE_REASON"),
        (scenes.says(" "), Finish.UNUSABLE, "STOP"),
    ],
    ids=["malformed", "future call", "blocked", "length", "safety", "future", "empty"],
)
def test_an_answer_that_is_none_says_why(scene: Scene, finish: Finish, word: str) -> None:
    with ModelServer(scene) as server:
        turn, seat = sit(settings_for(server), Seat.ask)
    assert (turn.finish, turn.finish_word, len(server.asked)) == (finish, word, 1)
    assert seat.budget.spent.input == 1000


@pytest.mark.parametrize("scene", [scenes.hang, scenes.drips], ids=["hang", "drip"])
def test_the_wall_clock_ends_a_call_that_does_not_end(scene: Scene) -> None:
    config = CONFIG.model_copy(update={"seconds": 0.3})
    with ModelServer(scene) as server:
        with pytest.raises(ModelError, match=r"did not answer within 0\.3 s"):
            sit(settings_for(server), lambda seat: seat.ask(config=config))
        assert server.quiet()
    assert server.hung_up == 1


def test_a_cancelled_call_leaves_nothing_and_is_billed() -> None:
    async def alone(seat: Seat) -> bool:
        await cancelled(seat)
        return await asyncio.to_thread(server.quiet) and len(asyncio.all_tasks()) == 1

    with ModelServer(scenes.stalls) as server:
        quiet, seat = sit(settings_for(server), alone)
    assert quiet
    assert server.hung_up == 1
    assert seat.budget.spent.model_dump(include={"input", "cached", "output"}) == BILLED_ONCE


def test_twenty_agents_share_one_client() -> None:
    everyone = threading.Barrier(20)

    def together(asked: Asked, wire: Wire) -> None:
        everyone.wait(8)
        scenes.says(asked.body["contents"][0]["parts"][0]["text"])(asked, wire)

    async def at_once(seat: Seat) -> list[str]:
        questions = [(Message(role="user", parts=(Text(text=f"question {n}"),)),) for n in range(20)]
        return [turn.text for turn in await asyncio.gather(*(seat.ask(question) for question in questions))]

    with ModelServer(together) as server:
        texts, seat = sit(settings_for(server), at_once)
    assert texts == [f"question {n}" for n in range(20)]
    assert (seat.budget.spent.calls, seat.budget.spent.input) == (20, 20_000)


def test_a_server_that_cannot_be_reached_is_named() -> None:
    config = CONFIG.model_copy(update={"seconds": 10})
    with ModelServer(scenes.OK) as server:
        settings = settings_for(server)
    with pytest.raises(CallError, match="cannot be reached") as caught:
        sit(settings, lambda seat: seat.ask(config=config))
    assert settings.base_url in caught.value.hint


def test_the_budgets_end_is_told_from_the_models() -> None:
    budget = CallBudget("the budget", Limits(time=Budget("fix", 0.2)))
    with ModelServer(scenes.hang) as server, pytest.raises(BudgetError, match="time ran out"):
        sit(settings_for(server), Seat.ask, budget)


WHOLE = scenes.chunk({"text": "a"}, finish="STOP")
NAMES = """candidates content parts text functionCall name args thoughtSignature finishReason usageMetadata
promptTokenCount candidatesTokenCount cachedContentTokenCount modelVersion promptFeedback blockReason error code"""


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chunks=st.lists(noise(NAMES), max_size=3), last=st.sampled_from(([], [scenes.chunk({"text": "a"}, finish="STOP")]))
)
def test_whatever_a_server_sends_is_a_turn_or_an_error_in_words(chunks: list[Any], last: list[Any]) -> None:
    with ModelServer(scenes.events(*chunks, *last)) as server:
        said = came_of(settings_for(server))
    assert said == "a turn" or ("gemini-3.8-flash" in said and "(" in said)
