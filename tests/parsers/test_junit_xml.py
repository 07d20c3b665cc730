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
