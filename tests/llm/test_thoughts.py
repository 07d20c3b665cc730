"""Thoughts of a model are no words of its answer, whatever way they come in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.llm.base import Finish, ToolCall
from fixer.llm.thoughts import without_thoughts
from tests.llm import openai_scenes as scenes
from tests.llm.asking import QUESTION, READ, Seat, openai_settings, sit
from tests.llm.model_server import ModelServer


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("<think>\nIs it a?\n</think>\n\nIt is a.", "It is a."),
        ("\n<think></think>\nIt is a.", "It is a."),
        ("Is it a?\n</think>\n\nIt is a.", "It is a."),
        ("<think>Is it", ""),
        ("<think>a</think><think>b</think>c", "c"),
        ("<|channel|>analysis<|message|>Is it a?<|end|><|start|>assistant<|channel|>final<|message|>It is a.<|return|>",
         "It is a."),
        ("<|channel|>analysis<|message|>Is it a?", ""),
        ("It is a.", "It is a."),
        ("The tag <think> is closed by </think> there.", "The tag <think> is closed by </think> there."),
    ],
)  # fmt: skip
def test_only_the_answer_is_left(said: str, left: str) -> None:
    assert without_thoughts(said) == left


@settings(max_examples=60)
@given(thought=st.text(alphabet="ab<>/think| \n{}`=", max_size=60), answer=st.text(alphabet="ab={}` \n", max_size=40))
def test_a_thought_never_comes_into_the_answer(thought: str, answer: str) -> None:
    thought = thought.replace("</think>", "")
    assert without_thoughts(f"<think>{thought}</think>{answer}") == answer.lstrip("\n")
    assert without_thoughts(f"<think>{thought}") == ""


def test_thoughts_beside_the_content_are_not_sent_back() -> None:
    async def twice(seat: Seat) -> None:
        turn = await seat.ask()
        await seat.ask((*QUESTION, turn.message, *QUESTION))

    thinks = scenes.says("<think>secretly</think>It is a.", reasoning_content="silently", reasoning="silently")
    with ModelServer(thinks, scenes.OK) as server:
        sit(openai_settings(server), twice)
    assert [message["content"] for message in server.asked[1].body["messages"]][2] == "It is a."
    assert "silently" not in str(server.asked[1].body)


@pytest.mark.parametrize(
    ("finish", "means"), [("stop", Finish.UNUSABLE), ("length", Finish.LENGTH)], ids=["stop", "length"]
)
@pytest.mark.parametrize("said", ["", "<think>Is it a?"], ids=["field", "tag"])
def test_thoughts_alone_are_no_answer(said: str, finish: str, means: Finish) -> None:
    with ModelServer(scenes.says(said, finish, reasoning_content="Is it a?")) as server:
        turn, _ = sit(openai_settings(server), lambda seat: seat.ask(tools=[READ]))
    assert (turn.finish, turn.message.parts) == (means, ())


def test_a_call_beside_thoughts_is_a_call() -> None:
    call = scenes.piece(0, "c", "read_file", '{"path": "a.py"}')
    scene = scenes.stream(
        scenes.delta(content="<think>I look.</think>"), scenes.delta(tool_calls=[call]), scenes.delta("tool_calls")
    )
    with ModelServer(scene) as server:
        turn, _ = sit(openai_settings(server), lambda seat: seat.ask(tools=[READ]))
    [part] = turn.message.parts
    assert isinstance(part, ToolCall)
    assert turn.finish is Finish.DONE
