"""Records in all their variety: the cause, the failed step, and fixes that name the real things."""

import json

import pytest

from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from tests.explaining.corpus import Example, Outcome, examples, explained, real_things

EXAMPLES = examples()
CAUSE_RATE, STEP_RATE = 0.9, 0.95


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return {example.name: explained(example.record) for example in EXAMPLES}


def test_there_are_enough_of_all_causes() -> None:
    assert len(EXAMPLES) >= 120
    assert len({example.name for example in EXAMPLES}) == len(EXAMPLES)
    assert len({example.cause for example in EXAMPLES}) == 19


@pytest.mark.parametrize("held_back", [True, False])
def test_cause_and_step_are_found(outcomes: dict[str, Outcome], held_back: bool) -> None:  # noqa: FBT001 - a half
    half = [example for example in EXAMPLES if example.held_back is held_back]
    assert len(half) >= 60
    wrong = [
        f"{one.name}: {outcomes[one.name].finding.root_cause}, not {one.cause}"
        for one in half
        if outcomes[one.name].finding.root_cause != one.cause
    ]
    assert len(wrong) <= (1 - CAUSE_RATE) * len(half), wrong
    steps = [one.name for one in half if outcomes[one.name].failed.step_number != one.step]
    assert len(steps) <= (1 - STEP_RATE) * len(half), steps


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_fix_names_something_real(outcomes: dict[str, Outcome], example: Example) -> None:
    outcome = outcomes[example.name]
    assert outcome.finding.fixes
    for fix in outcome.finding.fixes:
        said = f"{fix.description} {fix.action}".lower()
        assert any(name in said for name in real_things(example, outcome.failed)), fix.description
        assert "none" not in said.split()
        assert fix.description
        assert fix.action


def test_a_step_marked_as_done_can_be_the_one_that_failed() -> None:
    """The later one only lacked what the earlier one should have given; with an error of its own it is the one."""

    def named(later: str) -> int:
        steps = [
            {"action": "fetch", "status": "completed", "result": {"ok": False, "message": "Outlook is not connected"}},
            {"action": "write", "status": "failed", "error": later},
        ]
        return failed_step(parse_execution(json.dumps({"steps": steps}).encode(), "record.json"))[0].step_number

    assert named("Cannot read properties of undefined (reading 'title')") == 1
    assert named("No events to write about") == 1
    assert named("Too many requests to Slack") == 2


def test_a_field_is_told_by_its_whole_name() -> None:
    steps = [
        {"action": "save", "status": "failed", "error": '{"type": "BAD", "message": "Unknown field: \\"Deal Owner\\""}'}
    ]
    outcome = explained(parse_execution(json.dumps({"steps": steps}).encode(), "record.json"))
    assert outcome.failed.error == '[BAD] Unknown field: "Deal Owner"'
    assert all("'Deal Owner'" in fix.description for fix in outcome.finding.fixes)
