from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.reproduction.command.command_line import Arguments, options, sort_arguments

KNOWN = options(dropped="-x --quiet", dropped_with_value="--maxfail -n", with_value="-c --config")


def sort(*words: str) -> Arguments:
    return sort_arguments(words, KNOWN, lambda word: word.startswith("tests"))


def test_words_are_sorted_by_what_is_known_of_options() -> None:
    assert sort("-x", "--maxfail", "2", "-n4", "-c", "tests.ini", "tests/a") == Arguments(
        ("-c", "tests.ini"), ("tests/a",)
    )
    assert sort("--maxfail=2", "--config=a", "-xs", "--quiet") == Arguments(("--config=a", "-s"), ())
    assert sort("--db", "sqlite", "--slow", "tests/a") == Arguments(("--db", "sqlite", "--slow"), ("tests/a",))
    assert sort("-s", "--", "-x", "tests") == Arguments(("-s",), ("-x", "tests"))
    assert sort("--maxfail", "-c", "x") == Arguments(("-c", "x"), ())


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(["-x", "-c", "-n", "-n4", "--maxfail", "--db", "tests", "a", "--", "-", "-xs", "--quiet"]))
)
def test_nothing_is_invented_and_nothing_dropped_comes_back(words: list[str]) -> None:
    found = sort(*words)
    assert {*found.options, *found.places} <= {*words, "-s"}
    if "--" not in words and "-c" not in words and "--db" not in words:
        assert not {"-x", "--quiet", "-n4", "-xs"} & set(found.options)
