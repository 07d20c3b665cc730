"""Lines are found by the machine's grep and by the own search alike."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.ci_log import prefilter
from fixer.ci_log.prefilter import Prefilter

TEXTS = ("error: ", "[error] ", "a.b*c", " ● ", "(x|y)", "\\d", "$", "^")


def expected(block: bytes) -> list[int]:
    at, found = 0, []
    for line in block.splitlines(keepends=True) if b"\r" not in block else [b + b"\n" for b in block.split(b"\n")]:
        if any(text.encode() in line.lower() for text in TEXTS):
            found.append(at)
        at += len(line)
    return found


LINES = st.lists(
    st.sampled_from(
        [b"plain", b"Error: x", b"[ERROR] y", b"axbbc", b"a.b*c", " ● t".encode(), b"\0\xff", b"(x|y)", b"cost $", b""]
    )
)


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_the_own_search_finds_every_wanted_line(lines: list[bytes]) -> None:
    block = b"".join(line + b"\n" for line in lines)
    assert Prefilter(TEXTS, TEXTS, grep=False).start(block)() == expected(block)


@given(LINES)
@settings(max_examples=8, deadline=None)
def test_grep_finds_the_same(lines: list[bytes]) -> None:
    block = b"".join(line + b"\n" for line in lines)
    block += b"padding\n" * (prefilter.WORTH_A_PROCESS // 8 + 1)
    assert Prefilter(TEXTS, TEXTS).start(block)() == expected(block)


def test_fewer_stems_find_no_line_less() -> None:
    block = b"Error: x\nplain\n[error] y\n"
    assert Prefilter(TEXTS, ("rror",), grep=False).start(block)() == [0, 15]
