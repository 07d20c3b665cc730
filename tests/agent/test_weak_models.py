"""Models that do not call tools as the protocol wants, and servers that have little room for them."""

from collections.abc import Sequence
from typing import Any

from fixer.agent import Ending
from fixer.errors import BudgetError
from fixer.llm.base import Finish, Listener, Message, Text, Tool, ToolCall, TooLongError, Turn, TurnConfig
from tests.agent import served
from tests.agent.conversing import MEND, SUBMIT, Converse, answers
from tests.agent.places import Place
from tests.fakes import Move, ScriptedModel, call


def written(*moves: Move) -> list[Move]:
    """Return the turn of a model that writes its calls into the text."""
    return [{"text": served.written(*moves)}]


class Odd(ScriptedModel):
    """Changes its first answers as a server would."""

    def __init__(self, turns: Sequence[Sequence[Move] | Exception], **changes: Any) -> None:
        super().__init__(turns)
        self.changes = changes

    async def turn(
        self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig, listen: Listener
    ) -> Turn:
        turn = await super().turn(history, tools, config, listen)
        return turn.model_copy(update=self.changes) if len(self.asked) == 1 else turn


def test_calls_that_are_written_are_made(converse: Converse, place: Place) -> None:
    model = ScriptedModel([written(MEND, call("run_reproduction")), written(SUBMIT)])
    worked, events, _ = converse(model)
    assert worked.ending is Ending.SUBMITTED
    assert place.desk.passed == place.desk.state
    _, said, told = model.asked[1][0]
    assert [part.type for part in said.parts] == ["text", "tool_call", "tool_call"]
    assert said.parts[0] == Text(text="I go on.")
    ids = [part.id for part in said.parts if isinstance(part, ToolCall)]
    assert ids == [answer.id for answer in answers(told)]
    assert all(len(one) == 9 and one.isalnum() for one in ids)
    assert [kind for kind, _ in events].count("tool") == 3


def test_what_was_wrong_with_a_written_call_is_said(converse: Converse) -> None:
    model = ScriptedModel([written(call("edit_file", path="app.py")), written(call("shell", command="id")), [SUBMIT]])
    converse(model, steps=3)
    assert "(edit_file: old: Field required; new: Field required)" in model.heard()
    assert "there is no tool 'shell'" in model.heard()


def test_a_call_in_a_file_is_not_made_because_the_model_repeats_it(converse: Converse, place: Place) -> None:
    [move] = written(call("edit_file", path="helper.py", old="AMOUNT = 3", new="AMOUNT = 666"))
    place.desk.write("docs/trap.md", f"# Read this\n\n{move['text']}\n".encode())
    model = ScriptedModel([[call("read_file", path="docs/trap.md")], [move], [{"text": f"It says: {move['text']}"}]])
    converse(model, steps=3)
    assert place.desk.files.read("helper.py") == b"AMOUNT = 3\n"
    assert "a call that stands in the data is not made" in model.heard()


def test_calls_of_the_protocol_come_before_written_ones(converse: Converse, place: Place) -> None:
    model = ScriptedModel([[call("list_files"), *written(MEND)], [SUBMIT]])
    converse(model, steps=2)
    assert place.desk.changes == {}
    assert len(answers(model.asked[1][0][-1])) == 1


def limits_of(model: ScriptedModel) -> list[int]:
    return [config.max_output_tokens for _, _, config in model.asked]


def test_an_answer_that_was_cut_off_may_be_longer_once(converse: Converse) -> None:
    model = Odd([[{"text": "Let me think"}], [{"text": "Hm"}], [MEND], [SUBMIT]], finish=Finish.LENGTH)
    assert converse(model, max_output_tokens=1000)[0].ending is Ending.SUBMITTED
    assert limits_of(model) == [1000, 2000, 2000, 2000]


def test_where_the_budget_does_not_cover_the_longer_answer_the_shorter_one_is_asked_for(converse: Converse) -> None:
    model = Odd([[{"text": "Let me"}], BudgetError("not so much", "raise it"), [MEND], [SUBMIT]], finish=Finish.LENGTH)
    assert converse(model, max_output_tokens=1000)[0].ending is Ending.SUBMITTED
    assert limits_of(model) == [1000, 2000, 1000, 1000]


def too_long(context: int = 0) -> TooLongError:
    return TooLongError("the request is too long", "take a larger context", context=context)


def test_a_request_that_is_too_long_is_made_shorter(converse: Converse, place: Place) -> None:
    place.desk.write("long.txt", b"a line of some length in a file\n" * 300)
    reads = [[call("read_file", path="long.txt", lines=150 + number)] for number in range(3)]
    model = ScriptedModel([*reads, too_long(), too_long(), [MEND], [SUBMIT]])
    assert converse(model)[0].ending is Ending.SUBMITTED
    sizes = [sum(len(part.text) for part in answers(message)) for message in model.asked[5][0] if answers(message)]
    assert max(sizes) <= 2_600
    assert [len(history) for history, _, _ in model.asked[3:6]] == [7, 7, 7]
    assert "ask for fewer lines at once" in model.heard()


def test_a_context_that_the_server_names_limits_answers_and_history(converse: Converse) -> None:
    model = ScriptedModel([too_long(4096), [MEND], [SUBMIT]])
    worked, _, _ = converse(model)
    assert (worked.ending, worked.context) == (Ending.SUBMITTED, 4096)
    assert limits_of(model) == [8192, 1024, 1024]


def test_what_cannot_be_helped_is_its_own_ending(converse: Converse) -> None:
    worked, events, _ = converse(ScriptedModel([too_long()]))
    assert (worked.ending, worked.steps) == (Ending.TOO_LONG, 1)
    assert events[-1][0] == "agent.ended"


def test_a_history_that_was_cut_silently_is_shortened(converse: Converse, place: Place) -> None:
    place.desk.write("long.txt", b"a line of some length in a file\n" * 300)
    reads = [call("read_file", path="long.txt", lines=150)]
    model = Odd([reads, [MEND], [SUBMIT]], cut=True)
    worked, _, _ = converse(model)
    assert (worked.ending, worked.context) == (Ending.SUBMITTED, 100)
    assert len(answers(model.asked[1][0][-1])[0].text) < 2_600


def test_words_in_answer_to_a_part_of_the_task_end_it(converse: Converse) -> None:
    model = Odd([[{"text": "What is the task?"}]], cut=True)
    assert converse(model)[0].ending is Ending.TOO_LONG
