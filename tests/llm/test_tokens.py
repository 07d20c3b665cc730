"""The input of a call is never thought smaller than it is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.llm.base import Message, Text, TurnConfig, Usage
from fixer.llm.tokens import InputBound, estimated
from tests.llm.asking import READ

CONFIG = TurnConfig(system="Fix it.")
WORDS = st.text(max_size=200)


def message(text: str) -> Message:
    return Message(role="user", parts=(Text(text=text),))


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(WORDS, min_size=1, max_size=6))
def test_a_first_request_is_bounded_by_its_bytes(texts: list[str]) -> None:
    most, _ = InputBound().most([message(text) for text in texts], [READ], CONFIG)
    least = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) + len(READ.model_dump_json())
    assert most > least


@settings(max_examples=60, deadline=None)
@given(seen=WORDS, counted=st.integers(1, 5000), output=st.integers(0, 500), more=WORDS)
def test_what_was_counted_before_is_taken_as_counted(seen: str, counted: int, output: int, more: str) -> None:
    bound = InputBound()
    first, mark = bound.most([message(seen)], [], CONFIG)
    bound.learn(mark, first, Usage(input=counted, output=output))
    again, _ = bound.most([message(seen)], [], CONFIG)
    longer, _ = bound.most([message(seen), message(more)], [], CONFIG)
    assert again == counted + output
    assert longer >= again + len(more.encode("utf-8", "surrogatepass"))


def test_a_long_known_history_is_not_counted_by_its_bytes() -> None:
    bound, history = InputBound(), [message("word " * 10_000)]
    most, mark = bound.most(history, [], CONFIG)
    assert most > 50_000
    bound.learn(mark, most, Usage(input=10_010, output=40))
    assert bound.most([*history, message("next")], [], CONFIG)[0] < 10_250


def test_another_system_prompt_or_tool_is_another_input() -> None:
    bound, history = InputBound(), [message("a")]
    most, mark = bound.most(history, [], CONFIG)
    bound.learn(mark, most, Usage(input=5, output=5))
    assert bound.most(history, [READ], CONFIG)[0] > 100
    assert bound.most(history, [], TurnConfig(system="x" * 500))[0] > 500


def test_a_server_that_counts_more_than_bytes_is_believed() -> None:
    bound = InputBound()
    most, mark = bound.most([message("a" * 100)], [], CONFIG)
    bound.learn(mark, most, Usage(input=3 * most, output=1))
    assert bound.most([message("b" * 100)], [], CONFIG)[0] >= 3 * most


def test_an_estimate_is_half_a_token_a_byte() -> None:
    assert (estimated(""), estimated("abc"), estimated("\u00e9")) == (0, 2, 1)
