"""Keys are found where they stand, in every form that TOML has for them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.input.toml_text import TomlSyntaxError, read

TEXT = '''# a comment with = and [
top = "a # b"
"quoted key" = 'x'
text = """
[not.a.table]
no = "key" \\"""
"""
literal = \'\'\'
a = 1\'\'\'
list = [
  "]", # ]
  { inner = 1 },
]
dotted . deep.er = 1979-05-27T07:32:00Z
inline = { a.b = [1, 2], "c d" = { e = true } }

[ table . "sub" ]
n = -1.5e3
[[array]]
x = 1
[[array]]
x = 2
'''


def test_every_key_stands_where_its_offset_says() -> None:
    document = read(TEXT)
    for path, offset in document.offsets.items():
        assert TEXT[offset:].lstrip("\"'").startswith(path[-1]), path
    lines = {".".join(path): TEXT.count("\n", 0, offset) + 1 for path, offset in document.offsets.items()}
    assert lines == {
        "top": 2,
        "quoted key": 3,
        "text": 4,
        "literal": 8,
        "list": 10,
        "list.inner": 12,
        "dotted": 14,
        "dotted.deep": 14,
        "dotted.deep.er": 14,
        "inline": 15,
        "inline.a": 15,
        "inline.a.b": 15,
        "inline.c d": 15,
        "inline.c d.e": 15,
        "table": 17,
        "table.sub": 17,
        "table.sub.n": 18,
        "array": 19,
        "array.x": 20,
    }


@pytest.mark.parametrize(
    ("text", "place"),
    [("a = 1\nb = \n", 10), ("a = 1\na = 2\n", 11), ("a = [1\n", 6), ("= 1", 0), ("[a\n", 2)],
)
def test_errors_have_their_place(text: str, place: int) -> None:
    with pytest.raises(TomlSyntaxError) as error:
        read(text)
    assert abs(error.value.offset - place) <= 1
    assert "line" not in error.value.message


@settings(max_examples=100)
@given(st.text(st.sampled_from("ab=[]{}\"'.,#\n 1"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    offset = 0
    try:
        document = read(text)
    except TomlSyntaxError as error:
        offset = error.offset
    else:
        assert {path[0] for path in document.offsets} == set(document.values)
    assert 0 <= offset <= len(text)
