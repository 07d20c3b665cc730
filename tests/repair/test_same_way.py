"""Which failures are one failure in several places."""

import pytest

from fixer.fingerprint import fingerprint
from fixer.repair.same_way import named, same_way, together
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.reproduction import SuiteOutcome


def failure(test: str, message: str, tool: str = "pytest", frames: tuple[tuple[str, int, str], ...] = ()) -> Failure:
    return Failure(
        id=test,
        tool=tool,
        kind=FailureKind.TEST,
        message=message,
        test=test,
        fingerprint=fingerprint(message),
        frames=frames,
    )


PRICE = failure("t.py::test_a[1]", "KeyError: 'price'")


@pytest.mark.parametrize(
    "other",
    [
        failure("t.py::test_b", "KeyError: 'price'"),
        failure("t.py::test_a[2]", "KeyError: 'name'"),
    ],
)
def test_one_failure(other: Failure) -> None:
    assert same_way(PRICE, other)


@pytest.mark.parametrize(
    "other",
    [
        failure("t.py::test_b", "KeyError: 'name'"),
        failure("t.py::test_b", "TypeError: 'price'"),
        failure("t.py::test_b", "KeyError: 'price'", tool="unittest"),
    ],
)
def test_two_failures(other: Failure) -> None:
    assert not same_way(PRICE, other)


def test_one_place_that_raises() -> None:
    one = failure("t.py::test_a", "KeyError: 'price'", frames=(("t.py", 3, "test_a"), ("cart.py", 9, "load")))
    other = failure("t.py::test_b", "KeyError: 'name'", frames=(("t.py", 7, "test_b"), ("cart.py", 11, "load")))
    assert same_way(one, other)


def test_numbers_do_not_part_them() -> None:
    assert same_way(failure("t.py::a", "assert 3 == 4"), failure("t.py::b", "assert 10 == 11"))


def test_together_is_what_the_baseline_shows_red() -> None:
    log = [PRICE, failure("t.py::test_a[2]", "KeyError: 'price'"), failure("svc/t.py::test_c", "KeyError: 'price'")]
    log.append(failure("t.py::test_gone", "KeyError: 'price'"))
    log.append(failure("t.py::test_other", "KeyError: 'name'"))
    red = frozenset({"t.py::test_a[1]", "t.py::test_a[2]", "t.py::test_c", "t.py::test_other"})
    assert together(PRICE, log, SuiteOutcome(failed=red)) == red - {"t.py::test_other"}


def test_names_of_the_runner() -> None:
    names = frozenset({"pkg.t.T.test_a", "pkg.t.T.test_ab", "t.T.test_a"})
    assert named("t.T.test_a", names) == ["t.T.test_a"]
    assert named("T.test_ab", names) == ["pkg.t.T.test_ab"]


def test_a_finding_is_mended_file_by_file() -> None:
    one = failure("", "F401 'os' imported but unused", tool="ruff").model_copy(update={"test": None, "file": "a.py"})
    assert same_way(one, one.model_copy(update={"line": 7}))
    assert not same_way(one, one.model_copy(update={"file": "b.py"}))
