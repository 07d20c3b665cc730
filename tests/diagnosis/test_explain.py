"""An explanation names what failed, where, why, and which change made it."""

import pytest

from fixer.diagnosis.explain import CAUSES, explain
from fixer.diagnosis.patterns import Library
from fixer.schema.execution import Execution, Step, StepStatus
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause
from tests.diagnosis.conftest import CHANGE

TEST = Failure(
    id="f1",
    tool="pytest",
    kind=FailureKind.TEST,
    message="KeyError: 'price'",
    test="tests/test_cart.py::test_total",
    file="tests/test_cart.py",
    line=14,
    exit_code=1,
    step=2,
    frames=(("tests/test_cart.py", 14, "test_total"), ("shop/cart.py", 7, "total"), ("/usr/lib/x.py", 1, "get")),
    fingerprint="p",
)


def test_a_test_that_one_hunk_broke() -> None:
    steps = (Step(number=2, name="Unit tests", command="pytest -q", exit_code=1, status=StepStatus.FAILED),)
    diagnosis = explain(TEST, Execution(id="e", source="raw_log", origin="text", steps=steps), CHANGE)
    assert diagnosis.explanation == (
        "The test tests/test_cart.py::test_total failed: KeyError: 'price'. "
        "It is stated at line 14 of tests/test_cart.py, raised at line 7 of shop/cart.py, in total. "
        "Step 2 ('Unit tests') ran `pytest -q` and ended with exit code 1. "
        "Likely cause (test_failure): the code does not do what the test expects. "
        "It passes on aaaaaaaaaaaa and fails since bbbbbbbbbbbb ('Round totals', Ada <ada@example.com>). "
        "1 hunk of its 8 makes the difference."
    )
    assert diagnosis.root_cause is RootCause.TEST_FAILURE
    assert diagnosis.minimal_change == CHANGE
    assert not diagnosis.no_minimal_change


def test_a_linter_and_no_change() -> None:
    failure = Failure(
        id="f2", tool="ruff", kind=FailureKind.LINT, message="`os` imported but unused", code="F401", file="a.py",
        line=1, fingerprint="p", root_cause=RootCause.LINT,
    )  # fmt: skip
    diagnosis = explain(failure, None, "abc is the first commit of the history: there is nothing older")
    assert diagnosis.explanation == (
        "ruff reports a fault (F401): `os` imported but unused. It is stated at line 1 of a.py. "
        "Likely cause (lint): the source breaks a rule of the project's own checks. "
        "No change is known that made it: abc is the first commit of the history: there is nothing older."
    )
    assert diagnosis.minimal_change is None
    assert diagnosis.no_minimal_change.startswith("abc is")


def test_a_change_that_was_not_reduced() -> None:
    change = CHANGE.model_copy(update={"reduced": False})
    assert "Which of its hunks make the difference was not found out." in explain(TEST, None, change).explanation


@pytest.mark.parametrize(("module", "own"), [("shop.rates", True), ("requests.rates", False), ("requests", False)])
def test_a_module_of_the_project_itself_is_no_missing_package(module: str, own: bool) -> None:  # noqa: FBT001 - a table
    missing = TEST.model_copy(
        update={"message": f"No module named '{module}'", "root_cause": RootCause.MISSING_DEPENDENCY}
    )
    cause = RootCause.LOGIC_ERROR if own else RootCause.MISSING_DEPENDENCY
    assert explain(missing, None, "").root_cause is cause


@pytest.mark.parametrize("kind", list(FailureKind))
@pytest.mark.parametrize("cause", list(RootCause))
def test_every_kind_and_cause_has_words(kind: FailureKind, cause: RootCause) -> None:
    bare = Failure(id="f", tool="tool", kind=kind, message="", fingerprint="p", root_cause=cause)
    diagnosis = explain(bare, None, "")
    assert cause is RootCause.UNKNOWN or CAUSES[cause] in diagnosis.explanation
    assert "None" not in diagnosis.explanation
    assert "  " not in diagnosis.explanation
    assert diagnosis.explanation.endswith(".")


def test_the_exception_says_more_than_the_kind_of_failure() -> None:
    failure = Failure(
        id="1", tool="pytest", kind=FailureKind.TEST, message="AttributeError: 'Cart' object has no attribute 'totl'",
        exception="AttributeError", root_cause=RootCause.TEST_FAILURE, fingerprint="f",
    )  # fmt: skip
    assert "uses '.totl' on a 'Cart'" in explain(failure, None, "").explanation
    assert "an attribute that does not exist" in explain(failure, None, "", Library(())).explanation


def test_the_library_says_more_than_the_root_cause() -> None:
    failure = Failure(
        id="1", tool="npm", kind=FailureKind.OTHER, message='npm error Missing script: "buld"', file="package.json",
        fingerprint="f",
    )  # fmt: skip
    diagnosis = explain(failure, None, "")
    assert diagnosis.root_cause is RootCause.ENVIRONMENT, "the parser knows none, so the library's counts"
    assert "Likely cause (environment): `npm run buld` was called, and package.json has no" in diagnosis.explanation


def test_a_module_of_the_project_is_not_said_to_be_missing() -> None:
    failure = Failure(
        id="1", tool="pytest", kind=FailureKind.TEST, message="ModuleNotFoundError: No module named 'shop.cart'",
        file="shop/app.py", root_cause=RootCause.MISSING_DEPENDENCY, fingerprint="f",
    )  # fmt: skip
    diagnosis = explain(failure, None, "")
    assert diagnosis.root_cause is RootCause.LOGIC_ERROR
    assert "another version of 'shop' is installed" not in diagnosis.explanation
