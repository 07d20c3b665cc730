"""JUnit XML's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """<testsuite name="shop" tests="2" failures="1">
  <testcase classname="shop.CartTest" name="passes" time="0.1"/>
  <testcase classname="shop.CartTest" name="total" file="tests/test_cart.py" line="7">
    <failure message="expected 4 &lt; got 3" type="AssertionError">shop/cart.py:3</failure>
  </testcase>
</testsuite>"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        ("junit_xml", "test", "shop.CartTest.total", "tests/test_cart.py", 7, "expected 4 < got 3", "test_failure"),
    ]


def test_entities_bring_no_control_characters_back() -> None:
    text = '<testcase name="a&#27;[31mb"><failure message="&#x1b;]0;owned&#7;no"/></testcase>'
    (failure,) = failures_in(lines_of([text]))
    assert all(ord(char) >= 32 for char in f"{failure.test}{failure.message}")
    assert failure.message.endswith("no")


def test_tags_and_messages_may_lie_over_several_lines() -> None:
    log = """<?xml version="1.0"?>
<testsuites>
<testsuite name="a">
<testcase classname="tests.test_cart.TestCart" file="tests/test_cart.py"
          name="test_total[eu]"
          line="7">
<failure>

E   assert 2 == 3
tests/test_cart.py:8: AssertionError</failure>
</testcase>
<testcase classname="a" name="goes on"><error message="first&#10;second" type="KeyError"></error></testcase>
<testcase classname="a" name="passed at last"><flakyFailure message="no"/></testcase>
</testsuite>
</testsuites>"""
    told = [(f.test, f.line, f.message, f.exception) for f in failures_in(lines_of(log.split("\n")))]
    assert told == [
        ("tests/test_cart.py::TestCart::test_total[eu]", 7, "E   assert 2 == 3", None),
        ("a.goes on", None, "first", "KeyError"),
    ]


def test_what_tests_printed_inside_of_a_report_is_no_failure() -> None:
    log = """<testsuite name="a"><testcase name="fine"><system-out>
ERROR: a message that the test wanted
Traceback (most recent call last):
  File "a.py", line 1, in f
ValueError: caught
</system-out></testcase></testsuite>
error: and this is none of the report's"""
    assert [f.message for f in failures_in(lines_of(log.split("\n")))] == ["error: and this is none of the report's"]


def test_a_part_of_a_report_does_not_hide_what_follows() -> None:
    log = ["<testsuite name='a'>", *["text"] * 500, "error: something else"]
    assert [f.message for f in failures_in(lines_of(log))] == ["error: something else"]
