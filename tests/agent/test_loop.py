"""The conversation is bounded, answers every call once and in order, and ends for a reason that is said."""

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from fixer.agent import Ending, Limits, Toolbox, work
from fixer.agent.transcript import Transcript
from fixer.errors import BudgetError, ModelError
from fixer.llm.base import Finish, Listener, Message, Tool, Turn, TurnConfig
from fixer.schema.command import CommandResult, Invocation
from tests.agent.conversing import MEND, SUBMIT, Converse, answers
from tests.agent.places import SECRET, Place
from tests.fakes import Move, ScriptedModel, call


def test_it_ends_with_what_was_submitted(converse: Converse) -> None:
    model = ScriptedModel([[MEND], [call("run_reproduction"), SUBMIT]])
    worked, events, said = converse(model)
    assert (worked.ending, worked.words, worked.steps) == (Ending.SUBMITTED, "Double by multiplying", 2)
    assert [kind for kind, _ in events] == ["model.turn", "tool", "model.turn", "tool", "tool", "agent.ended"]
    assert any("edit_file app.py" in line for line in said)
    assert model.asked[0][2].system == "the system"
    assert model.asked[0][2].tool_choice == "any"


def test_every_call_has_its_one_answer_in_order(converse: Converse) -> None:
    calls = [call("read_file", path="app.py"), call("nothing"), call("read_file"), call("search", text="AMOUNT")]
    model = ScriptedModel([calls, [SUBMIT]])
    converse(model, steps=2)
    history = model.asked[1][0]
    assert [part.id for part in history[1].parts if part.type == "tool_call"] == [one.id for one in answers(history[2])]
    assert [one.is_error for one in answers(history[2])] == [False, True, True, False]


def test_a_wrong_submission_goes_back(converse: Converse) -> None:
    model = ScriptedModel([[call("submit", outcome="done", summary="x")], [MEND], [SUBMIT]])
    worked, _, _ = converse(model)
    assert worked.ending is Ending.SUBMITTED
    [answer] = answers(model.asked[1][0][-1])
    assert "outcome: Input should be 'fixed' or 'gave_up'" in answer.text
    assert "explanation: Field required" in answer.text


def test_the_history_is_appended_to_and_never_rewritten(converse: Converse) -> None:
    model = ScriptedModel([[call("read_file", path="app.py")], [call("list_files")], [MEND], [SUBMIT]])
    converse(model)
    for before, after in zip(model.asked, model.asked[1:], strict=False):
        assert after[0][: len(before[0])] == before[0]
        assert after[1] == before[1]
        assert [message.role for message in after[0]] == ["user", "model"] * (len(after[0]) // 2) + ["user"]


def test_words_alone_are_nudged_twice_and_then_it_ends(converse: Converse) -> None:
    model = ScriptedModel([[{"text": "I think"}]] * 9)
    worked, _, _ = converse(model)
    assert (worked.ending, len(model.asked)) == (Ending.UNUSABLE, 3)
    assert "called no tool" in model.heard()


class Unusable(ScriptedModel):
    """Answers with nothing at first, as after a malformed call."""

    def __init__(self, finish: Finish, turns: Sequence[Sequence[Move]]) -> None:
        super().__init__([[], *turns])
        self.finish = finish

    async def turn(
        self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig, listen: Listener
    ) -> Turn:
        turn = await super().turn(history, tools, config, listen)
        return turn.model_copy(update={"finish": self.finish}) if len(self.asked) == 1 else turn


@pytest.mark.parametrize("finish", [Finish.UNUSABLE, Finish.LENGTH])
def test_an_unusable_answer_is_nudged(converse: Converse, finish: Finish) -> None:
    model = Unusable(finish, [[MEND], [SUBMIT]])
    assert converse(model)[0].ending is Ending.SUBMITTED
    assert all(message.parts for message in model.asked[-1][0])
    assert ("smaller edits" in model.heard()) is (finish is Finish.LENGTH)


def test_a_blocked_answer_ends_it(converse: Converse) -> None:
    model = Unusable(Finish.BLOCKED, [[SUBMIT]])
    assert (converse(model)[0].ending, len(model.asked)) == (Ending.BLOCKED, 1)


def test_the_same_call_again_is_told_and_then_ends_it(converse: Converse) -> None:
    model = ScriptedModel([[call("read_file", path="app.py")]] * 30)
    worked, _, _ = converse(model, steps=30)
    assert worked.ending is Ending.STUCK
    assert len(model.asked) <= 7
    assert "this very call 2 times" in model.heard()


def test_an_edit_that_fails_again_and_again_ends_it(converse: Converse) -> None:
    bad = [[call("edit_file", path="app.py", old=f"not there {number}", new="x")] for number in range(30)]
    worked, _, _ = converse(ScriptedModel(bad), steps=30)
    assert (worked.ending, worked.steps) == (Ending.STUCK, 6)


def test_going_back_and_forth_between_two_states_ends_it(converse: Converse) -> None:
    there = call("edit_file", path="helper.py", old="AMOUNT = 3", new="AMOUNT = 4")
    back = call("edit_file", path="helper.py", old="AMOUNT = 4", new="AMOUNT = 3")
    worked, _, _ = converse(ScriptedModel([[there], [back]] * 20), steps=40)
    assert worked.ending is Ending.STUCK
    assert worked.steps < 14


def test_the_steps_are_a_limit_and_the_model_is_told(converse: Converse) -> None:
    reads = [
        [call("read_file", path="app.py", first_line=1 + number % 5, lines=1 + number // 5)] for number in range(30)
    ]
    model = ScriptedModel(reads)
    worked, _, _ = converse(model, steps=10)
    assert (worked.ending, worked.steps, len(model.asked)) == (Ending.STEPS, 10, 10)
    assert "(1 step left: submit what you have.)" in model.heard()


@pytest.mark.parametrize(
    ("error", "ending"),
    [(BudgetError("no money is left", "raise it"), Ending.BUDGET), (ModelError("it is down", "wait"), Ending.FAILED)],
)
def test_an_error_of_the_client_ends_it_in_words(converse: Converse, error: Exception, ending: Ending) -> None:
    worked, events, _ = converse(ScriptedModel([[MEND], error]))
    assert (worked.ending, worked.steps) == (ending, 2)
    assert worked.words in {"no money is left", "it is down"}
    assert events[-1][0] == "agent.ended"


def test_the_clock_ends_a_model_that_stalls(converse: Converse) -> None:
    model = ScriptedModel([[MEND]], seconds=30)
    worked, _, _ = converse(model, seconds=0.2)
    assert worked.ending is Ending.TIME
    assert model.cancelled


def test_secrets_reach_neither_the_model_nor_the_journal(converse: Converse, place: Place) -> None:
    place.desk.write("leak.txt", f"token {SECRET}\n".encode())
    place.desk.write(f"{SECRET}.txt", b"")
    model = ScriptedModel(
        [
            [call("read_file", path="leak.txt"), call("search", text="token"), call("list_files")],
            [{"text": f"It is {SECRET}"}],
        ]
    )
    _, events, said = converse(model, steps=3)
    assert SECRET not in str(events) + str(said)
    told = answers(model.asked[1][0][-1])
    assert all("masked" in part.text for part in told)
    assert SECRET not in str(told)


def test_a_long_history_is_shortened_rarely_and_keeps_what_the_model_said(converse: Converse, place: Place) -> None:
    place.desk.write("long.txt", b"a line of some length in a file\n" * 100)
    model = ScriptedModel([[call("read_file", path="long.txt", lines=20 + number)] for number in range(20)])
    converse(model, steps=20, compact_above=300)
    rewritten = 0
    for before, after in zip(model.asked, model.asked[1:], strict=False):
        rewritten += after[0][: len(before[0])] != before[0]
        assert after[0][0] == before[0][0]
        assert [m for m in after[0] if m.role == "model"][:-1] == [m for m in before[0] if m.role == "model"]
        assert all(len(answers(message)) == 1 for message in after[0][2::2])
    assert 1 <= rewritten <= 4
    assert "left out to save room" in model.heard()


def test_cancelling_ends_a_running_command_within_a_second(place: Place) -> None:
    started = threading.Event()
    ended: list[str] = []
    inner = place.desk.run

    def run(invocation: Invocation) -> CommandResult:
        started.set()
        result = inner(invocation)
        ended.append(result.ending.value)
        return result

    place.desk.run = run
    place.desk.write("helper.py", b"import time\ntime.sleep(60)\n")

    async def cancelled() -> float:
        transcript = Transcript(lambda _, __: None, lambda _: None, place.desk.mask)
        limits = Limits(steps=5, seconds_left=lambda: 60)
        model = ScriptedModel([[call("run_reproduction")]])
        task = asyncio.create_task(work(model, "s", "t", Toolbox(place.desk), limits, transcript))
        await asyncio.to_thread(started.wait, 10)
        begun = time.monotonic()
        task.cancel()
        place.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - begun

    assert asyncio.run(cancelled()) < 20
    assert ended == ["cancelled"]


def test_events_of_a_stream_become_progress() -> None:
    said: list[str] = []
    transcript = Transcript(lambda _, __: None, said.append, str, "agent 2")
    transcript.begins(3)
    heard: Mapping[str, Any] = {"attempt": 1, "seconds": 2.5, "reason": "overloaded\x1b]0;x\x07"}
    transcript.heard("retry", heard)
    assert said[0] == "agent 2: step 3, the model thinks"
    assert said[1].startswith("agent 2: step 3, the model is asked once more in 2.5 s: overloaded")
    assert "\x1b" not in said[1]
