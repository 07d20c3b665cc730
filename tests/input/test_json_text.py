"""Every JSON text is read as `json` reads it; everything else is refused with its place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.input.json_text import MAX_DEPTH, JsonSyntaxError, read
from fixer.input.nodes import Node

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def plain(node: Node) -> object:
    if node.members is not None:
        return {member.key: plain(member.value) for member in node.members}
    if node.items is not None:
        return [plain(item) for item in node.items]
    return node.value


@settings(max_examples=100)
@given(VALUES, st.booleans(), st.sampled_from([None, 0, 2]))
def test_reads_what_json_writes(value: object, ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001
    assert plain(read(json.dumps(value, ensure_ascii=ascii_only, indent=indent))) == value


@settings(max_examples=100)
@given(st.text("{}[]\",:\\/'#tfn01e.-+ \n", max_size=40))
def test_takes_and_refuses_what_json_takes_and_refuses(text: str) -> None:
    try:
        expected = json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
    except ValueError:
        with pytest.raises(JsonSyntaxError) as refused:
            read(text)
        assert 0 <= refused.value.offset <= len(text)
    else:
        assert plain(read(text)) == expected


def test_knows_where_each_key_and_value_stands() -> None:
    node = read('{"a": 1,\n "b": [true]}')
    assert node.members is not None
    assert [(member.key, member.offset, member.value.offset, member.value.end) for member in node.members] == [
        ("a", 1, 6, 7),
        ("b", 10, 15, 21),
    ]


def test_depth_is_bounded() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH).kind == "array"
    with pytest.raises(JsonSyntaxError, match="nested deeper"):
        read("[" * 100_000)
