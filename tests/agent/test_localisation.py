"""Where to look first follows from the change, the stack and what the test names."""

from fixer.agent.localisation import Place, lines_of_test, places
from fixer.schema.diagnosis import MinimalChange
from fixer.schema.failure import Failure, FailureKind

FILES = {
    "shop/cart.py": "import tax\n\n\nclass Cart:\n    def total(self):\n        return tax.of(1)\n",
    "shop/tax.py": "def rate():\n    return 2\n\n\ndef of(amount):\n    return amount / rate()\n",
    "shop/other.py": "def unrelated():\n    return 1\n",
    "tests/test_cart.py": (
        "from shop.cart import Cart\n\n\ndef test_total():\n    assert Cart().total() == 2\n\n\n"
        "def test_b():\n    rate\n"
    ),
}
HUNK = "--- a/shop/tax.py\n+++ b/shop/tax.py\n@@ -1,2 +1,2 @@\n def rate():\n-    return 1\n+    return 2\n"
CHANGE = MinimalChange(
    green="a" * 40,
    culprit="b" * 40,
    culprit_subject="raise the rate",
    culprit_author="Dev",
    hunks=(HUNK,),
    hunks_in_culprit=3,
    reduced=True,
)


def failure(*frames: tuple[str, int, str]) -> Failure:
    return Failure(
        id="f", tool="pytest", kind=FailureKind.TEST, message="assert 0.5 == 2", fingerprint="assert",
        test="tests/test_cart.py::test_total[a]", file="tests/test_cart.py", line=5, frames=frames,
    )  # fmt: skip


def found(one: Failure, change: MinimalChange | None = None) -> list[Place]:
    return places(one, change, ("tests/test_cart.py",), sorted(FILES), FILES.get)


def test_the_change_that_made_it_fail_comes_first() -> None:
    first = found(failure(("tests/test_cart.py", 5, "test_total"), ("shop/cart.py", 6, "total")), CHANGE)
    assert (first[0].path, first[0].line) == ("shop/tax.py", 2)
    assert first[1].path == "shop/cart.py"


def test_the_innermost_frame_of_the_project_comes_before_the_test() -> None:
    frames = (("tests/test_cart.py", 5, "test_total"), ("shop/cart.py", 6, "total"), ("/usr/lib/x.py", 1, "x"))
    first = found(failure(*frames))
    assert first[0].path == "shop/cart.py"
    assert first[-1].path == "tests/test_cart.py"


def test_without_a_stack_the_names_of_the_failing_test_lead_to_their_definitions() -> None:
    named = found(failure())
    assert named[0].path == "shop/cart.py"
    assert (named[0].line, named[0].last) == (4, 6)
    assert "shop/other.py" not in {place.path for place in named}


def test_what_the_named_and_the_running_code_calls_comes_last_but_for_common_names() -> None:
    files = {
        **FILES,
        "shop/table.py": "LIST = 1\n\n\ndef rate():\n    return LIST\n",
        "shop/tax.py": "def of(a):\n    rate()\n",
    }
    one = failure(("shop/tax.py", 2, "of"))
    last = places(one, None, ("tests/test_cart.py",), sorted(files), files.get)[-1]
    assert (last.path, last.line, last.last, last.why) == ("shop/table.py", 4, 5, "defines rate, which of calls")
    many = {**files, **{f"shop/{name}.py": "def rate():\n    return 3\n" for name in "ab"}}
    told = places(one, None, ("tests/test_cart.py",), sorted(many), many.get)
    assert not [place for place in told if "which of calls" in place.why]


def test_a_definition_ends_where_its_indentation_or_its_bracket_does() -> None:
    text = "function total(cart) {\n  if (cart) {\n    return 1;\n  }\n}\nconst other = 1;\n"
    files = {"cart.js": text, "cart.test.js": "total(1)"}
    [place] = [one for one in places(failure(), None, ("cart.test.js",), sorted(files), files.get) if one.last]
    assert (place.line, place.last) == (1, 5)


def test_each_place_is_shown_once_with_all_its_reasons() -> None:
    frames = (("shop/tax.py", 2, "rate"),)
    [tax] = [place for place in found(failure(*frames), CHANGE) if place.path == "shop/tax.py"]
    assert "the change that made it fail is here" in tax.why
    assert "on the stack, in rate" in tax.why


def test_the_lines_of_a_test_are_found() -> None:
    assert lines_of_test(FILES["tests/test_cart.py"], "tests/test_cart.py::test_total[a]") == (4, 5)
    assert lines_of_test("def broken(", "t::test_total") is None
    assert lines_of_test("", None) is None
