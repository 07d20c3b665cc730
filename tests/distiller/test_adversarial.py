"""Three hundred hostile logs, made from a seed: each is read to its end, and nothing of it reaches a terminal raw."""

import io
import json
import random
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from fixer.cli.logs import _told
from fixer.distiller import distill, scan

Shape = Callable[[random.Random, int], bytes]
"""Takes the chance and about how many lines; returns the bytes of a log."""
HEADERS = (
    b"=================================== FAILURES ===================================",
    b"____________________________ test_a[x] ____________________________",
    b"Traceback (most recent call last):",
    b"FAIL: test_a (tests.test_x.Case.test_a)",
    b"    --- FAIL: TestA (0.00s)",
    b"  1) suite title:",
    b"##[group]Run make",
    b"travis_fold:start:a",
    b"section_start:1700000000:build\r\x1b[0K",
    b"not ok 1 - a",
    b"Failed example:",
    b">> Issue: [B602:x] a",
    b"test at a.js:1:1",
    b"Fatal Python error: Aborted",
    b"E   assert 1 == 2",
    b"INTERNALERROR> Traceback (most recent call last):",
)


def blow_up(chance: random.Random, lines: int) -> bytes:
    piece = chance.choice(
        [b"a", b" ", b"a.", b"/a", b"(", b"[", b": ", b"::", b"error: ", b"a b ", b"=", b"_", b"\\", b"1"]
    )
    head = chance.choice([b"", b"Error: ", b"FAILED ", b"ERROR ", b"##[error]", b"  at ", b'File "', b"not ok 1 "])
    return b"\n".join(head + piece * chance.randint(200, 2500) + b"!" for _ in range(lines // 20)) + b"\n"


def binary(chance: random.Random, lines: int) -> bytes:
    return chance.randbytes(40 * lines)


def broken_utf8(chance: random.Random, lines: int) -> bytes:
    pieces = [b"\xc3(", b"\xf0\x9f", b"\xff\xfe", b"error: ", b"\xe2\x80\xae", b"\xed\xa0\x80", b"fail\n"]
    return b"".join(chance.choice(pieces) for _ in range(6 * lines))


def carriage_returns(chance: random.Random, lines: int) -> bytes:
    return b"".join(b"error: %d%%%s" % (n, chance.choice([b"\r", b"\r\r\n"])) for n in range(6 * lines))


def control_codes(chance: random.Random, lines: int) -> bytes:
    pieces = [
        b"\x1b[31m",
        b"\x1b]0;title\x07",
        b"\x1b]8;;http://x\x1b\\",
        b"\x9b2J",
        b"\x08",
        b"\x07",
        b"\x1bP",
        b"\x0e",
    ]
    words = [b"Error: a", b"FAILED tests/test_a.py::test_b - KeyError: 'c'", b"a.c:1:2: error: x", b"\n", b" "]
    return b"".join(chance.choice(pieces) + chance.choice(words) for _ in range(4 * lines)) + b"\n"


def giant_lines(chance: random.Random, lines: int) -> bytes:
    return b"error: " + chance.choice([b"x", b" ", b"=", b"\x1b[", b"[31"]) * (120 * lines) + b" the end\n"


def nested_groups(chance: random.Random, lines: int) -> bytes:
    marks = [
        b"##[group]Run x",
        b"##[endgroup]",
        b"##[error]y",
        b"##[section]Starting: z",
        b"::group::a",
        b"::endgroup::",
    ]
    return b"\n".join(chance.choice(marks) for _ in range(lines)) + b"\n"


def fake_sections(chance: random.Random, lines: int) -> bytes:
    return b"\n".join(chance.choice(HEADERS) for _ in range(lines)) + b"\n"


def nuls(chance: random.Random, lines: int) -> bytes:
    return b"".join(b"err\0or: \0" * chance.randint(1, 4) + b"\n" for _ in range(lines))


def short_lines(chance: random.Random, lines: int) -> bytes:
    return b"".join(chance.choice([b"\n", b"a\n", b"E\n", b" \n", b"FAIL\n"]) for _ in range(10 * lines))


SHAPES: tuple[Shape, ...] = (
    *(blow_up, binary, broken_utf8, carriage_returns, control_codes),
    *(giant_lines, nested_groups, fake_sections, nuls, short_lines),
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_any_log_is_read_and_shown_clean(shape: Shape) -> None:
    for seed in range(30):
        data = shape(random.Random(seed), 60)
        summary = distill("-", [(None, io.BytesIO(data))])
        people = _told(summary)
        programs = json.dumps(summary.model_dump(mode="json"), indent=2, ensure_ascii=True)
        for text in (people, programs):
            assert not [c for c in text if (c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f"], (
                shape.__name__,
                seed,
            )
        assert summary.lines <= data.count(b"\n") + 1


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_four_times_the_log_is_four_times_the_work(shape: Shape) -> None:
    once, four = (_calls(shape(random.Random(7), lines)) for lines in (400, 1600))
    assert four <= 6 * once


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_where_lines_are_skipped_four_times_the_log_is_four_times_the_work(
    shape: Shape, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "IN_FULL", 1)
    monkeypatch.setattr(scan, "BLOCK", 8000)
    once, four = (_calls(shape(random.Random(7), lines)) for lines in (200, 800))
    assert four <= 6 * once


def _calls(data: bytes) -> int:
    """Count the calls of functions that reading a log takes."""
    count = 0

    def called(_frame: FrameType, event: str, _what: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        distill("-", [(None, io.BytesIO(data))])
    finally:
        sys.setprofile(before)
    return count
