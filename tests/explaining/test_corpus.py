"""Records in all their variety: the cause, the failed step, and fixes that name the real things."""

import pytest

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
