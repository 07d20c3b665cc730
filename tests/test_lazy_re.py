import gc
import re

import pytest

from fixer import distiller, lazy_re, redact
from fixer.lazy_re import Late
from fixer.registry import modules


def test_a_pattern_does_what_a_compiled_one_does() -> None:
    late, compiled = (kind.compile(r"(?P<a>x+)|(y)", kind.IGNORECASE) for kind in (lazy_re, re))
    text = "..XX.y."

    assert late.pattern == compiled.pattern
    assert [found.groupdict() for found in late.finditer(text)] == [
        found.groupdict() for found in compiled.finditer(text)
    ]
    assert late.sub("-", text) == compiled.sub("-", text)
    assert late.match(text) is compiled.match(text) is None
    assert late.groupindex == compiled.groupindex
    assert late.flags == compiled.flags


def test_bytes_stay_bytes() -> None:
    assert lazy_re.compile(rb"\d").sub(b"0", b"a1b2") == b"a0b0"


def test_a_wrong_pattern_says_so_when_it_is_used() -> None:
    wrong = lazy_re.compile("(")

    with pytest.raises(re.error, match="unterminated subpattern"):
        wrong.search("x")


def test_every_pattern_that_waits_is_a_right_one() -> None:
    rooms = [modules("parsers", ("PARSER",)), [distiller.scan, redact.rules]]
    waiting = [each for each in gc.get_objects() if isinstance(each, Late) and each.pattern != "("]

    assert all(rooms)
    assert len(waiting) > 300
    assert [each.pattern for each in waiting if re.compile(each.pattern, each._given).groups < 0] == []
