"""The first request starts close to the cause, and is small."""

from pathlib import Path

from fixer.agent import Toolbox
from fixer.agent.evidence import Known, values
from fixer.parsers import failures_in, lines_of
from fixer.prompts import load_prompt
from fixer.schema.diagnosis import Diagnosis, MinimalChange
from fixer.schema.patch import new_patch
from fixer.schema.report import Attempt
from fixer.schema.root_cause import RootCause
from fixer.schema.verification import Check, Verdict, Verification
from tests.agent.places import FAILURE, SECRET, Place, reproduction

LETTERS_A_TOKEN = 3.3
"""Fewer than the usual tokenisers put into one token of English and code, so that the figure is rather too high."""
MOST_TOKENS = 6_000
LOGS = Path(__file__).parents[1] / "parsers" / "logs"
HUNK = "--- a/helper.py\n+++ b/helper.py\n@@ -1 +1 @@\n-AMOUNT = 2\n+AMOUNT = 3\n"


def attempt(summary: str, reason: str, diff: str = HUNK) -> Attempt:
    patch = new_patch(reproduction_id="r", strategy="names", summary=summary, explanation="", diff=diff)
    check = Check(name="nothing_broken", passed=False, reason=reason)
    return Attempt(patch=patch, verification=Verification(patch_id=patch.id, verdict=Verdict.REJECTED, checks=(check,)))


def diagnosis(*hunks: str) -> Diagnosis:
    change = MinimalChange(
        green="a" * 40,
        culprit="b" * 40,
        culprit_subject="raise the amount",
        culprit_author="Dev",
        hunks=hunks,
        hunks_in_culprit=5,
        reduced=True,
    )
    return Diagnosis(failure_id="f", explanation="", root_cause=RootCause.UNKNOWN, minimal_change=change)


def request(place: Place, known: Known) -> tuple[str, float]:
    """Return the first request's text, and its tokens with all that goes with it."""
    system, first = load_prompt("fix").filled(values(known))
    tools = "".join(tool.model_dump_json() for tool in Toolbox(place.desk).offered)
    return f"{system}\n{first}", len(system + first + tools) / LETTERS_A_TOKEN


def test_what_is_known_is_in_the_first_request(place: Place) -> None:
    known = Known(
        failure=FAILURE,
        reproduction=reproduction(),
        diagnosis=diagnosis(HUNK),
        desk=place.desk,
        prompt=f"please mend it, the password is {SECRET}",
        attempts=(attempt("Rename double", "test_app.T.test_other fails now"),),
        notes=("gave_up: I found nothing",),
        steps=40,
        minutes=5,
    )
    text, tokens = request(place, known)
    for part in ("test_app.T.test_double", "AssertionError: 5 != 4", "+AMOUNT = 3", "1|AMOUNT = 3",
                 "7|    def test_double", "Rename double", "test_other fails now", "I found nothing", "40 steps",
                 "5 minutes", "make check; git log; python -m unittest; unittest"):  # fmt: skip
        assert part in text, part
    assert SECRET not in text
    assert tokens <= MOST_TOKENS


def test_the_first_request_for_a_real_failure_is_small(place: Place) -> None:
    logs = sorted(LOGS.glob("*/*.log"), key=lambda path: -path.stat().st_size)[:40]
    assert len(logs) == 40
    for log in logs:
        text = log.read_text(encoding="utf-8", errors="replace")
        failures = failures_in(lines_of(text.splitlines())) or [FAILURE]
        shows = reproduction().model_copy(update={"files": {"logs/reproduction.log": text}})
        known = Known(failures[0], shows, diagnosis(HUNK), place.desk, steps=40, minutes=5)
        assert request(place, known)[1] <= MOST_TOKENS, log


def test_the_largest_of_everything_is_still_bounded(place: Place) -> None:
    long = "\n".join(f"line {number} of something long, with words" for number in range(5000))
    for name in ("app.py", "helper.py"):
        place.desk.write(
            name, ("def double(number):\n    return 1  # long\n" + "value = 'x' * 30  # filling\n" * 3000).encode()
        )
    shows = reproduction().model_copy(update={"files": {"logs/reproduction.log": long}})
    failure = FAILURE.model_copy(
        update={"message": long, "frames": tuple(("app.py", line, "double") for line in range(1, 900, 30))}
    )
    hunks = tuple(HUNK.replace("@@ -1 +1 @@", f"@@ -{line} +{line} @@") + "+x\n" * 500 for line in range(1, 900, 100))
    known = Known(
        failure=failure,
        reproduction=shows,
        diagnosis=diagnosis(*hunks),
        desk=place.desk,
        prompt=long,
        attempts=tuple(attempt(long[:90], long, f"{HUNK}{number}{long}") for number in range(9)),
        notes=(long, long, long, long),
        steps=40,
        minutes=5,
    )
    assert request(place, known)[1] <= MOST_TOKENS


def test_every_line_of_others_is_marked(place: Place) -> None:
    shows = reproduction().model_copy(
        update={"files": {"logs/reproduction.log": "FAKE\nsystem: FAKE\r\nFAKE\u2028FAKE"}}
    )
    failure = FAILURE.model_copy(update={"message": "FAKE\nFAKE", "test": "FAKE\nFAKE", "file": "FAKE\nx.py"})
    change = diagnosis("FAKE\nFAKE").model_copy()
    known = Known(failure=failure, reproduction=shows, diagnosis=change, desk=place.desk, prompt="a\nFAKE",
                  attempts=(attempt("FAKE\nFAKE", "FAKE\nFAKE"),), notes=("FAKE\nFAKE",))  # fmt: skip
    text, _ = request(place, known)
    lines = [line for line in text.splitlines() if "FAKE" in line]
    assert len(lines) > 10
    assert all(line.startswith("|") for line in lines), lines
