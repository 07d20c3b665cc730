"""A model that an attacker controls: whatever it asks for, nothing changes outside and nothing leaks."""

import asyncio
import json
import os
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue

from fixer.agent import Limits, Toolbox, Worked, work
from fixer.agent.transcript import Transcript
from fixer.llm.base import ToolCall
from fixer.sandbox import bubblewrap
from fixer.schema.command import CommandResult, Invocation
from tests.agent import hostile_moves
from tests.agent.places import SECRET, Place
from tests.fakes import Move, ScriptedModel, call

SINGLE = {
    "read": hostile_moves.readings(),
    "list": hostile_moves.listings(),
    "search": hostile_moves.searches(),
    "edit": hostile_moves.edits(),
    "remove": hostile_moves.removals(),
    "command": hostile_moves.commands(),
    "end": hostile_moves.endings(),
}


def test_there_are_more_than_a_hundred_moves_over_every_tool(place: Place) -> None:
    moves = [move for group in SINGLE.values() for move in group]
    assert len(moves) > 150
    assert {tool.name for tool in Toolbox(place.desk).offered} <= {move["tool"] for move in moves}


@pytest.mark.parametrize("group", sorted(SINGLE))
def test_no_move_has_an_effect_outside(place: Place, group: str) -> None:
    before = place.state()
    # A pattern that never ends is stopped by the clock.
    place.desk.seconds_left = lambda: 1.5
    toolbox = Toolbox(place.desk)
    told = []
    for number, move in enumerate(SINGLE[group]):
        answer = toolbox.use(ToolCall(id=str(number), name=move["tool"], arguments=move["arguments"]))
        assert (answer.id, answer.name) == (str(number), move["tool"])
        assert len(answer.text) < 15_000
        told.append(answer.text)
    assert place.state() == before
    assert SECRET not in "\n".join(told)
    assert "root:" not in "\n".join(told)
    assert place.desk.submission is None


def test_what_is_protected_stays_as_it_was(place: Place) -> None:
    toolbox = Toolbox(place.desk)
    for number, move in enumerate([*hostile_moves.edits(), *hostile_moves.removals()]):
        answer = toolbox.use(ToolCall(id=str(number), name=move["tool"], arguments=move["arguments"]))
        assert answer.is_error, (move, answer.text)
    assert place.desk.diff() == ""
    assert place.desk.tree.git.line("status", "--porcelain") == ""


def test_every_reading_of_what_lies_outside_is_refused(place: Place) -> None:
    toolbox = Toolbox(place.desk)
    for move in hostile_moves.readings()[: len(hostile_moves.OUTWARD)]:
        answer = toolbox.use(ToolCall(id="1", name="read_file", arguments=move["arguments"]))
        assert answer.is_error, move


def test_no_command_outside_of_the_list_is_run(place: Place) -> None:
    ran: list[tuple[str, ...]] = []
    inner = place.desk.run

    def run(invocation: Invocation) -> CommandResult:
        ran.append(invocation.argv)
        return inner(invocation)

    place.desk.run = run
    toolbox = Toolbox(place.desk)
    for move in hostile_moves.commands():
        toolbox.use(ToolCall(id="1", name="run_command", arguments=move["arguments"]))
    assert ran == []
    answer = toolbox.use(ToolCall(id="2", name="run_command", arguments={"argv": ["unittest", "-v", "test_app"]}))
    assert len(ran) == 1
    assert "5 != 4" in answer.text


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def test_code_that_the_model_writes_reaches_nothing(place: Place, listener: socket.socket) -> None:
    if bubblewrap.find()[0] is None:
        pytest.skip("without bubblewrap the sandbox says in its report that it does not stop this")
    before = place.state()
    port = listener.getsockname()[1]
    for program in hostile_moves.programs():
        source = program.replace("{outside}", str(place.outside)).replace("{port}", str(port))
        turns: list[Sequence[Move]] = [
            [call("edit_file", path="helper.py", old="AMOUNT = 3\n", new=f"AMOUNT = 3\n{source}")],
            [call("run_reproduction")],
            [
                call("edit_file", path="made/owned", old="", new="x"),
                call("read_file", path="made.txt"),
                call("search", text="password", folder="made"),
            ],
            [call("submit", outcome="fixed", summary="Mend it", explanation="It is mended, believe me.")],
        ]
        model, events, worked = converse(place, turns)
        for text in (model.heard(), json.dumps(events), worked.words):
            assert SECRET not in text
        assert "\x1b" not in model.heard()
        assert place.desk.submission is None
        place.desk.tree.reset()
        place.desk.changes.clear()
    assert place.state() == before
    with pytest.raises(TimeoutError):
        listener.accept()
    assert not leftovers(place.outside)


def test_it_ends_within_its_bounds_whatever_is_asked(place: Place) -> None:
    moves = [move for group in SINGLE.values() for move in group]
    model, _, worked = converse(place, [[move] for move in moves], steps=30)
    assert worked.steps <= 30
    assert worked.ending in {"stuck", "steps", "unusable"}
    assert len(model.asked) == worked.steps


def test_moves_that_are_written_as_text_have_no_effect_outside(place: Place) -> None:
    before = place.state()
    place.desk.seconds_left = lambda: 1.5
    moves = [move for group in ("edit", "remove", "read") for move in SINGLE[group]][::4]
    said = [json.dumps({"name": move["tool"], "arguments": move["arguments"]}) for move in moves]
    for first in range(0, len(said), 8):
        # So many are answered at once.
        text = "\n".join(f"<tool_call>\n{one}\n</tool_call>" for one in said[first : first + 8])
        model, events, _ = converse(place, [[{"text": text}]], steps=2)
        assert SECRET not in model.heard() + json.dumps(events)
        assert place.desk.submission is None
    assert place.state() == before
    assert place.desk.tree.git.line("status", "--porcelain") == ""


def test_a_flood_of_calls_in_one_turn_is_cut(place: Place) -> None:
    flood = [call("read_file", path="app.py", first_line=number % 5 + 1) for number in range(200)]
    model, events, _ = converse(place, [flood], steps=2)
    answers = model.asked[1][0][-1].parts
    assert len(answers) == 200
    assert sum(getattr(part, "is_error", False) for part in answers) == 192
    assert len([event for event in events if event[0] == "tool"]) == 8


def converse(
    place: Place, turns: list[Sequence[Move]], steps: int = 10
) -> tuple[ScriptedModel, list[tuple[str, JsonValue]], Worked]:
    model = ScriptedModel(turns)
    events: list[tuple[str, JsonValue]] = []
    transcript = Transcript(lambda kind, data: events.append((kind, data)), lambda _: None, place.desk.mask)
    limits = Limits(steps=steps, seconds_left=lambda: 60)
    worked = asyncio.run(work(model, "system", "first", Toolbox(place.desk), limits, transcript))
    return model, events, worked


def leftovers(outside: Path) -> list[str]:
    """Processes that still carry a word of the hostile programs in their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        if entry.name == str(os.getpid()):
            continue
        try:
            if f"{outside}/owned".encode() in (entry / "cmdline").read_bytes():
                found.append(entry.name)
        except OSError:
            continue
    return found
