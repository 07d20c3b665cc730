"""What a JUnit report says of tests of which the log tells, too."""

from pathlib import Path

import pytest

from fixer.parsers import failures_in, lines_of
from fixer.ranking import with_reports

UNITTEST = """======================================================================
FAIL: test_total (shop.TestCart)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "shop/test_cart.py", line 4, in test_total
    self.assertEqual(total([]), 3)
AssertionError: 2 != 3

----------------------------------------------------------------------"""
JEST = """FAIL src/cart.test.js
  \u25cf Cart \u203a total \u203a adds up

    expect(received).toBe(expected)

      at Object.<anonymous> (src/cart.test.js:3:5)
"""
CASE = '<testcase classname="{}" name="{}"><failure message="assert 2 == 3"/></testcase>'


def report(owner: str, name: str) -> str:
    return CASE.format(owner, name)


@pytest.mark.parametrize(
    ("log", "owner", "name"),
    [
        (
            "FAILED tests/test_cart.py::TestCart::test_total[eu] - KeyError: 'eu'",
            "tests.test_cart.TestCart",
            "test_total[eu]",
        ),
        ("FAILED tests/test_cart.py::test_total - KeyError: 'eu'", "pkg.tests.test_cart", "test_total"),
        ("[  FAILED  ] Cart.Total (3 ms)", "Cart", "Total"),
        ("--- FAIL: TestCart/eu (0.01s)\n    cart_test.go:3: no", "example.org/shop", "TestCart/eu"),
        ("rspec ./spec/cart_spec.rb:3 # Cart adds up", "spec.cart_spec", "Cart adds up"),
        (UNITTEST, "shop.TestCart", "test_total"),
        (JEST, "Cart total", "adds up"),
        (JEST, "Cart total adds up", "Cart total adds up"),
    ],
)
def test_a_test_that_log_and_report_tell_of_counts_once(log: str, owner: str, name: str) -> None:
    of_log = failures_in(lines_of(log.split("\n")))
    both = failures_in(lines_of([*log.split("\n"), report(owner, name)]))
    assert of_log
    assert [f.id for f in both] == [f.id for f in of_log]
    beside = failures_in(lines_of([report(owner, name)]))
    assert with_reports(of_log, [beside]) == of_log


def test_what_only_the_report_tells_is_added_before_mere_hints() -> None:
    of_log = failures_in(lines_of(["FAILED tests/test_a.py::test_x - KeyError: 'k'"]))
    new = failures_in(lines_of([report("tests.test_a", "test_y"), report("tests.test_a", "test_x")]))
    merged = with_reports(of_log, [new, new])
    assert [(f.tool, f.test, f.log_line) for f in merged] == [
        ("pytest", "tests/test_a.py::test_x", 1),
        ("junit_xml", "tests.test_a.test_y", None),
    ]
    hints = failures_in(lines_of(["error: tests failed"]))
    assert [f.tool for f in with_reports(hints, [new])][-1] == "generic"


def test_tests_of_one_name_in_two_classes_are_two() -> None:
    of_log = failures_in(lines_of(UNITTEST.split("\n")))
    other = failures_in(lines_of([report("shop.TestOther", "test_total")]))
    assert len(with_reports(of_log, [other])) == 2


def test_reports_in_a_folder_and_those_that_came_with_a_log(tmp_path: Path) -> None:
    from fixer.ci_log.inputs import parts  # noqa: PLC0415 - only this test opens files
    from fixer.distiller import distill  # noqa: PLC0415

    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "build.log").write_text(f"{UNITTEST}\n##[error]Process completed with exit code 1.\n")
    xml = folder / "a_report.xml"
    xml.write_text(
        f"<testsuite>\n{report('shop.TestCart', 'test_total')}\n{report('shop.TestX', 'test_y')}</testsuite>"
    )
    (tmp_path / "b.xml").write_text("<html>no report</html>")
    alone = distill("x", parts(folder / "build.log"), reports=[xml, tmp_path / "b.xml"])
    for summary in (distill("x", parts(folder)), alone):
        told = [(failure.tool, failure.test) for failure in summary.failures]
        assert told == [("unittest", "shop.TestCart.test_total"), ("junit_xml", "shop.TestX.test_y")]
        assert summary.root_cause == "test_failure"
