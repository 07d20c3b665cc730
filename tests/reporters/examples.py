"""Full reports, one for each outcome, as runs would leave them."""

from pathlib import Path

from fixer.schema.command import CommandResult, Ending, Invocation, Rung
from fixer.schema.diagnosis import Diagnosis, MinimalChange, Person
from fixer.schema.execution import Execution, Step
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.patch import new_patch
from fixer.schema.report import Attempt, Delivery, Outcome, PhaseTime, Remaining, Report, Round, Status
from fixer.schema.reproduction import Reproduction
from fixer.schema.request import Request
from fixer.schema.root_cause import RootCause
from fixer.schema.verification import Check, Verdict, Verification

TEST = "tests/test_prices.py::test_import"
DIFF = """diff --git a/shop/prices.py b/shop/prices.py
--- a/shop/prices.py
+++ b/shop/prices.py
@@ -7,3 +7,3 @@ def load_prices(text):
     for row in rows:
-        prices[row["name"]] = float(row["prize"])
+        prices[row["name"]] = float(row["price"])
     return prices
"""
OUTPUT = "F\n    ```\nE   KeyError: 'prize'\n1 failed in 0.03s"
STATUSES = {Outcome.FIXED: Status.SUCCESS, Outcome.NOTHING_TO_FIX: Status.SUCCESS, Outcome.PARTIAL: Status.PARTIAL}


def result(*argv: str, code: int = 0, output: str = "", seconds: float = 0.25) -> CommandResult:
    return CommandResult(
        argv=argv,
        cwd=".",
        ending=Ending.EXITED,
        exit_code=code,
        stdout=output,
        stderr="",
        seconds=seconds,
        rung=Rung.BUBBLEWRAP,
    )


NARROWED = ("python", "-m", "pytest", "-q", TEST)
FAILS = result(*NARROWED, code=1, output=OUTPUT, seconds=0.31)
PASSES = result(*NARROWED, output="1 passed in 0.02s")
FAILURE = Failure(
    id="f1",
    tool="pytest",
    kind=FailureKind.TEST,
    message="KeyError: 'prize'",
    test=TEST,
    file="shop/prices.py",
    line=9,
    log_line=14,
    fingerprint="keyerror",
    root_cause=RootCause.LOGIC_ERROR,
)
OTHER = FAILURE.model_copy(update={"id": "f2", "test": None, "tool": "ruff", "message": "E501 Line too long | 130"})
REPRODUCTION = Reproduction(
    id="r1",
    failure_id="f1",
    name="test-import",
    commit="1111111111",
    runner="pytest",
    narrowed=Invocation(argv=NARROWED),
    suite=Invocation(argv=("python", "-m", "pytest")),
    test=TEST,
    deterministic=True,
    failure_rate=1.0,
    runs=1,
)
DIAGNOSIS = Diagnosis(
    failure_id="f1",
    explanation="The column is called `price`; the code asks for `prize`.",
    root_cause=RootCause.LOGIC_ERROR,
    minimal_change=MinimalChange(
        green="0000000000",
        culprit="1111111111",
        culprit_subject="Read prices from a file",
        culprit_author="Dev",
        hunks=('@@ -7 +7 @@\n-row["price"]\n+row["prize"]\n',),
        hunks_in_culprit=3,
        reduced=True,
    ),
    people=(Person(name="Dev", contact="dev@example.org", reasons=("wrote the failing line", "owns shop/")),),
)
PATCH = new_patch(
    reproduction_id="r1",
    strategy="names",
    summary="Ask for the column price",
    explanation="`price` is the only column with a name near `prize`.",
    diff=DIFF,
)
VERIFIED = Attempt(
    patch=PATCH,
    verification=Verification(
        patch_id=PATCH.id,
        verdict=Verdict.VERIFIED,
        checks=(
            Check(name="fails_before", passed=True, reason="it fails the same way", commands=(FAILS,)),
            Check(name="stable", passed=True, reason="it passed 2 of 2 times", commands=(PASSES, PASSES)),
        ),
    ),
)
REJECTED = Attempt(
    patch=PATCH.model_copy(update={"id": "p2", "summary": "Skip the test", "strategy": "reverts"}),
    verification=Verification(
        patch_id="p2",
        verdict=Verdict.REJECTED,
        checks=(Check(name="tampering", passed=False, reason="it skips `test_import`"),),
    ),
)
EMPTY = Report(
    run_id="0c0ffee0",
    started="2026-03-04T05:06:07+00:00",
    seconds=12.34,
    outcome=Outcome.FAILED,
    status=Status.FAILED,
    summary="No failure was found in the log.",
    description="no-failure",
    repository="/home/dev/shop",
    request=Request.model_validate({"deterministic": True, "prompt": "It broke.", "raw-logs": "build.log"}),
    request_path="info.json",
    sandbox="bubblewrap: no network, no writes outside of the worktree",
)
FIXED = EMPTY.model_copy(
    update={
        "outcome": Outcome.FIXED,
        "status": Status.SUCCESS,
        "summary": "tests/test_prices.py::test_import passes again.",
        "description": "test-import",
        "execution": Execution(
            id="e1", source="raw_log", origin="build.log", lines=20, steps=(Step(number=1, name="test"),), commit="1111"
        ),
        "failures": (FAILURE, OTHER),
        "failure": FAILURE,
        "reproduction": REPRODUCTION,
        "reproduction_branch": "repro/test-import",
        "diagnosis": DIAGNOSIS,
        "attempts": (VERIFIED, REJECTED),
        "not_tried": {"dependencies": "no module is missing"},
        "delivery": Delivery(
            branch="fix/test-import",
            commit="2222222222",
            base="0000000000",
            base_name="main",
            patch_file="/home/dev/shop/.fixer/fix.patch",
            note="There is no remote: push the branch and open a pull request by hand.",
        ),
        "next_steps": ("Look at the fix: `git diff main...fix/test-import`",),
        "commands": (FAILS, PASSES, PASSES),
        "phases": (PhaseTime(phase="reproduction", seconds=1.5, budget_seconds=300),),
    }
)


SECOND = FAILURE.model_copy(
    update={"id": "f3", "test": "tests/test_prices.py::test_export", "message": "ValueError: I/O on a closed file"}
)
CLOSED = VERIFIED.model_copy(
    update={"patch": PATCH.model_copy(update={"id": "p3", "summary": "Close the file", "explanation": "It was open."})}
)
PARTLY = FIXED.model_copy(
    update={
        "outcome": Outcome.PARTIAL,
        "status": Status.PARTIAL,
        "failures": (FAILURE, SECOND, OTHER),
        "rounds": (
            Round(
                number=2,
                failure=SECOND,
                reproduction=REPRODUCTION.model_copy(update={"failure_id": "f3", "name": "test-export"}),
                reproduction_branch="repro/test-export",
                diagnosis=DIAGNOSIS,
                attempts=(CLOSED,),
                commit="3333333333",
            ),
        ),
        "remaining": (Remaining(failure=OTHER, reason="it does not show here"),),
        "final_runs": (PASSES,),
    }
)
"""A run that fixed two failures of three."""


def of_outcome(outcome: Outcome) -> Report:
    """Return a report as a run of this outcome leaves it: everything until the end, the error, and no delivery."""
    if outcome is Outcome.FIXED:
        return FIXED
    reached: dict[Outcome, dict[str, object]] = {
        Outcome.PARTIAL: {"attempts": (REJECTED,), "delivery": None},
        Outcome.OUT_OF_TIME: {"attempts": (), "delivery": None, "not_tried": {}},
    }
    start = FIXED.model_copy(update=reached[outcome]) if outcome in reached else EMPTY
    return start.model_copy(
        update={
            "outcome": outcome,
            "status": STATUSES.get(outcome, Status.FAILED),
            "summary": f"The run ended: {outcome.value}.",
            "error": "" if outcome in STATUSES else f"what ended it: {outcome.value}",
            "next_steps": (),
        }
    )


def in_repository(report: Report, repository: Path) -> Report:
    return report.model_copy(update={"repository": str(repository)})
