"""Lines are found by the texts in them whatever their case, in blocks of any size, and so are the texts of one line."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.ci_log.prefilter import FEW, PIECE, Prefilter

TEXTS = ("error: ", "[error] ", "a.b*c", " ● ", "(x|y)", "\\d", "$", "^", "rror")
LINES = st.lists(
    st.sampled_from(
        [b"plain", b"Error: x", b"[ERROR] y", b"axbbc", b"a.b*c", " ● t".encode(), b"\0\xff", b"(x|y)", b"cost $", b""]
    )
)


def expected(block: bytes) -> list[int]:
    at, found = 0, []
    for line in block.split(b"\n"):
        if any(text.encode() in line.lower() for text in TEXTS):
            found.append(at)
        at += len(line) + 1
    return found


@given(LINES, st.sampled_from([b"", b"\n"]))
@settings(max_examples=60, deadline=None)
def test_every_wanted_line_is_found_once(lines: list[bytes], end: bytes) -> None:
    block = b"\n".join(lines) + end
    assert Prefilter(TEXTS).lines(block) == expected(block)


def test_lines_are_found_across_the_pieces_that_a_block_is_searched_in() -> None:
    block = b"".join(b"Error: %d\n" % n + b"x" * (n % 300) + b"\n" for n in range(PIECE // 60))
    assert len(block) > 2 * PIECE
    assert Prefilter(TEXTS).lines(block) == expected(block)


def test_a_line_longer_than_a_piece_is_one_line() -> None:
    block = b"error: a\n" + b"x" * (2 * PIECE) + b"error: b\nplain\nerror: c"
    assert Prefilter(TEXTS).lines(block) == [0, 9, len(block) - 8]


def test_all_texts_of_a_line_are_named_also_those_inside_of_others() -> None:
    prefilter = Prefilter(TEXTS)
    for _ in range(FEW + 1):  # one text after the other at first, all at once in the end
        assert prefilter.within("An ERROR: costs $ 3") == {TEXTS.index("error: "), 6, TEXTS.index("rror")}
        assert prefilter.within("nothing \ud800") == set()
