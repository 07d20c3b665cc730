"""What is said in words that no rule knows still resembles what was said before of the same cause."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.wording import features, likelihoods, stored
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.schema.root_cause import RootCause
from fixer.schema.workspace import Workspace
from tests.explaining.corpus import NOW

FOLDER = Path(__file__).parents[2] / "training" / "causes"


def scene(error: str, who: str = "agent") -> Scene:
    record = {who: "x", "status": "failed", "steps": [{"action": "step one", "status": "failed", "error": error}]}
    read = parse_execution(json.dumps(record).encode(), "record.json")
    return Scene(read, *failed_step(read), Workspace(), NOW)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("Steuer-ID: kein Wert hinterlegt, Datensatz 8812 verworfen", RootCause.MISSING_FIELD),
        ("nobody has hooked up the Xero account for this tenant yet", RootCause.MISSING_INTEGRATION),
        ("slow down!! only 40 calls per minute are allowed on your plan", RootCause.RATE_LIMIT),
        ("le gabarit de courrier 'relance_3' n'existe plus", RootCause.MISSING_TEMPLATE),
        ("mot de passe du compte expiré, reconnectez-vous", RootCause.AUTH_ERROR),
        ("went round the planner 25 times without reaching an answer, giving up", RootCause.LOGIC_ERROR),
        ("no answer from the printer gateway, host unreachable", RootCause.NETWORK_ERROR),
    ],
)
def test_other_words_of_a_cause(error: str, cause: RootCause) -> None:
    assert find(scene(error)).root_cause is cause


@pytest.mark.parametrize("error", ["Failed.", "exit code 1", "see the log for details"])
def test_what_tells_nothing_stays_unknown(error: str) -> None:
    assert find(scene(error)).root_cause is RootCause.UNKNOWN


@settings(max_examples=60)
@given(action=st.text(max_size=40), text=st.text(max_size=300))
def test_any_text_is_weighed(action: str, text: str) -> None:
    likely = likelihoods(action, text)
    assert not likely or sum(likely.values()) == pytest.approx(1)
    assert all(0 <= one <= 1 for one in likely.values())


def test_the_weights_are_of_the_wordings_beside_them() -> None:
    """`make causes` was run after the last change of a wording: each word has its weights, no other one has."""
    model = stored()
    assert set(model.causes) == set(RootCause)
    known = {line.partition(b"\t")[0].decode() for line in model.lines}
    seen: set[str] = set()
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            assert one["c"] in set(RootCause), f"{path.name}: {line[:80]}"
            seen |= features(one["a"], one["e"])
    assert known <= seen
    words = {one for one in seen if " " not in one}
    assert len(words & known) > 0.9 * len(words)
