"""Blocks of edits are read however they are decorated, and words are not taken for blocks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixer.agent.edit_blocks import Block, read_blocks

BLOCK = "<<<<<<< SEARCH\n    return 1\n=======\n    return 2\n>>>>>>> REPLACE"
EDIT = Block("pkg/a.py", "    return 1\n", "    return 2\n")


@pytest.mark.parametrize(
    "text",
    [
        f"pkg/a.py\n{BLOCK}",
        f"pkg/a.py\n```python\n{BLOCK}\n```\n",
        f"```python\npkg/a.py\n{BLOCK}\n```",
        f"**`pkg/a.py`**\n\n{BLOCK}",
        f"### File: pkg/a.py:\n{BLOCK}",
        f"```python pkg/a.py\n{BLOCK}\n```",
        f"```pkg/a.py\n{BLOCK}\n```",
        BLOCK.replace("SEARCH", "SEARCH pkg/a.py"),
        f"pkg/a.py\n{BLOCK}".replace("\n", "\r\n"),
        f"pkg/a.py\n{BLOCK.replace('<<<<<<< SEARCH', '<<<<<<<').replace('>>>>>>> REPLACE', '>>>>>>>')}",
        f"pkg/a.py\n```\n{BLOCK.replace('>>>>>>> REPLACE', '```')}\nThat is all.",
        "--- a/pkg/a.py\n+++ b/pkg/a.py\n@@ -1,1 +1,1 @@\n-    return 1\n+    return 2\n",
        "```diff\n--- pkg/a.py\n+++ pkg/a.py\n@@ def f @@\n-    return 1\n+    return 2\n```\nThat is all.",
    ],
)
def test_a_block_is_read(text: str) -> None:
    said = read_blocks(f"The sum is wrong.\n\n{text}")
    assert said.blocks == (EDIT,)
    assert said.words.startswith("The sum is wrong.")
    assert not said.faults


def test_several_blocks_share_the_path_above_them() -> None:
    said = read_blocks(f"a.py\n{BLOCK}\n\n{BLOCK.replace('1', '3')}\n\nb.py\n{BLOCK}")
    assert [(block.path, block.old) for block in said.blocks] == [
        ("a.py", "    return 1\n"),
        ("a.py", "    return 3\n"),
        ("b.py", "    return 1\n"),
    ]


def test_an_empty_side_is_empty() -> None:
    said = read_blocks("new.py\n<<<<<<< SEARCH\n=======\nA = 1\n>>>>>>> REPLACE")
    assert said.blocks == (Block("new.py", "", "A = 1\n"),)
    said = read_blocks("a.py\n<<<<<<< SEARCH\nA = 1\n=======\n>>>>>>> REPLACE")
    assert said.blocks == (Block("a.py", "A = 1\n", ""),)


def test_the_hunks_of_a_diff_keep_their_context() -> None:
    diff = "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n def f():\n-    return 1\n+    return 2\n \n@@ -9 +9 @@\n-x\n+y\n"
    assert read_blocks(diff).blocks == (
        Block("a.py", "def f():\n    return 1\n\n", "def f():\n    return 2\n\n"),
        Block("a.py", "x\n", "y\n"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "I would change return 1 to return 2.",
        "```python\nreturn 2\n```",
        "pkg/a.py\n<<<<<<< SEARCH\nreturn 1\n",
        "pkg/a.py\n<<<<<<< SEARCH\nreturn 1\n=======\nreturn 2\n",
        "7|<<<<<<< SEARCH\n8|return 1\n9|=======\n10|return 2\n11|>>>>>>> REPLACE",
        "|<<<<<<< SEARCH\n|a\n|=======\n|b\n|>>>>>>> REPLACE",
        "a.py\n<<<<<<< SEARCH\n=======\n>>>>>>> REPLACE",
        "--- a/a.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
    ],
)
def test_everything_else_is_none(text: str) -> None:
    assert read_blocks(text).blocks == ()


def test_a_block_that_the_model_was_shown_is_a_quotation() -> None:
    said = read_blocks(f"The log has\n{BLOCK}", lambda: f"some output\n{BLOCK}\nmore")
    assert said.blocks == ()
    assert "stands in the data" in said.faults[0]


def test_requests_and_giving_up_are_read() -> None:
    said = read_blocks("I have to see more.\nREAD pkg/a.py\n- READ: `pkg/b.py` lines 40-60\nREAD pkg/a.py")
    assert said.wanted == (("pkg/a.py", 1), ("pkg/b.py", 40))
    assert read_blocks("GIVE UP: the server is away").gives_up == "the server is away"
    assert read_blocks(f"GIVE UP: no\na.py\n{BLOCK}").gives_up == ""


PIECE = st.sampled_from(
    ["<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "```", "```python", "a.py", "../x.py", "|a", "1|b", "--- a/a.py",
     "+++ b/a.py", "@@ -1 +1 @@", "+x", "-y", " z", "", "READ a.py", "GIVE UP", "words"]
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECE | st.text(max_size=6), max_size=30).map("\n".join))
def test_whatever_is_said_a_block_has_its_text_from_there(text: str) -> None:
    said = read_blocks(text)
    for block in said.blocks:
        assert block.old.strip() or block.new.strip()
        for side in (block.old, block.new):
            assert all(line in text for line in side.split("\n"))
        assert not block.path or block.path in text
