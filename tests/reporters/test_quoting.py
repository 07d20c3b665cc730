"""Text of others shows as it is and forms nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from fixer.reporters.quoting import block, code, command_line, ended, line, ran, words
from fixer.schema.command import Ending
from tests.reporters.examples import FAILS, PASSES, result

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HARMLESS = {"paragraph_open", "paragraph_close", "inline", "text", "code_inline", "softbreak"}
TEXT = st.text(st.sampled_from("`*_#<>&[]()!|~-=+.:\\\n\t 1ab/\"'\x1b\r"), max_size=60)


def tokens(markdown: str) -> list[Token]:
    found = []
    for token in READER.parse(markdown):
        found += [token, *(token.children or [])]
    return found


def shown(markdown: str) -> str:
    return "".join(" " if t.type == "softbreak" else t.content for t in tokens(markdown) if t.type != "inline")


@settings(max_examples=100)
@given(TEXT)
def test_running_text_forms_nothing(text: str) -> None:
    for markdown in (words(text), line(text), f"- {line(text)}".removeprefix("- ")):
        assert {token.type for token in tokens(markdown)} <= HARMLESS


LINES = st.lists(st.sampled_from(["```", "````", "```text", "~~~", "", "    x", "# x", "` ```", "<b>"]), max_size=6)


@settings(max_examples=100)
@given(TEXT | LINES.map("\n".join))
def test_a_block_holds_everything(text: str) -> None:
    fence = tokens(block(text))
    assert [token.type for token in fence] == ["fence"]


@settings(max_examples=100)
@given(TEXT.filter(str.strip))
def test_inline_code_holds_everything(text: str) -> None:
    assert {token.type for token in tokens(code(text))} <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "code_inline",
    }


@pytest.mark.parametrize(
    "text",
    ["a <b> & [c](d) *e* _f_", "# no heading", "1. no list", "- no list", "=====", "user_name@example.org", "x | y"],
)
def test_running_text_reads_as_it_was(text: str) -> None:
    assert shown(line(text)) == text


def test_code_in_running_text_stays_code() -> None:
    assert [t.content for t in tokens(words("call `a_b()` *now*")) if t.type == "code_inline"] == ["a_b()"]


def test_a_table_cell_stays_one_cell() -> None:
    table = f"| a | b |\n| --- | --- |\n| {code('x | y', cell=True)} | {line('`p | q` | r', cell=True)} |"
    assert [t.type for t in tokens(table)].count("td_open") == 2


def test_equal_commands_are_counted_together() -> None:
    slow = PASSES.model_copy(update={"seconds": 1.0})
    assert ran([FAILS, PASSES, slow]) == [
        "`python -m pytest -q tests/test_prices.py::test_import`: exit code 1, 0.31 s",
        "`python -m pytest -q tests/test_prices.py::test_import`: exit code 0, 2 times, 0.25 to 1.00 s",
    ]


def test_how_a_command_ended() -> None:
    killed = PASSES.model_copy(update={"ending": Ending.SIGNALLED, "exit_code": None, "signal": 9})
    late = PASSES.model_copy(update={"ending": Ending.TIMED_OUT, "exit_code": None})
    assert [ended(r) for r in (FAILS, killed, late)] == ["exit code 1", "ended by signal 9", "timed out"]


def test_a_command_can_be_typed_again() -> None:
    assert command_line(result("a b", "$x", "c\nd").argv) == "'a b' '$x' 'c d'"
    assert len(command_line(["x"] * 1000)) == 300
