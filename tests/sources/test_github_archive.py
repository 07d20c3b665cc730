"""Zip archives that are made to harm: each ends with an error of fixer's own, within its bounds."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.errors import SourceError
from fixer.sources.github.archive import Archive
from fixer.sources.github.limits import Limits
from tests.sources.github_server import zipped

SMALL = Limits(unpacked=1 << 20, directory=4096, members=20, ratio=50, ratio_from=1 << 14)


def read(content: bytes, limits: Limits = SMALL) -> dict[str, bytes]:
    archive = Archive(io.BytesIO(content), "the archive", limits)
    return {info.filename: b"".join(archive.read(info)) for info in archive.members()}


def test_a_good_one() -> None:
    assert read(zipped({"a/1_x.txt": "x\n", "b.txt": ""})) == {"a/1_x.txt": b"x\n", "b.txt": b""}


def many() -> bytes:
    return zipped({str(n): "" for n in range(30)})


def long_list() -> bytes:
    return zipped({"x" * 2000 + str(n): "" for n in range(5)})


def bomb() -> bytes:
    return zipped({"a.txt": "0" * (1 << 21)})


def ratio() -> bytes:
    return zipped({"a.txt": "0" * (1 << 19)})


def many_small() -> bytes:
    return zipped({f"{n}.txt": str(n) * (1 << 14) for n in range(15)} | {"big": "".join(map(str, range(160_000)))})


def lying() -> bytes:
    """Its header promises one byte."""
    content = bytearray(zipped({"a.txt": "abcdefgh" * 100}))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 1)
    return bytes(content)


def packed_otherwise() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "x")
    return out.getvalue()


def endless_list() -> bytes:
    """An end record whose list takes 4 GiB; a second, honest one stands before it."""
    good = zipped({"a.txt": "x"})
    return good + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, 0xFFFFFFF0, 0, 0)


def zip64() -> bytes:
    good = zipped({"a.txt": "x"})
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, len(good) - 22, 1)
    return (
        good[:-22]
        + b"PK\x06\x06"
        + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, 1, 1, 1 << 40, 0)
        + locator
        + good[-22:]
    )


def damaged() -> bytes:
    content = bytearray(zipped({"a.txt": "".join(map(str, range(500)))}))
    content[60] ^= 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (many, "30 members"),
        (long_list, "list of members"),
        (bomb, "unpacks to more than"),
        (ratio, "times its size"),
        (many_small, "unpacks to more than"),
        (lying, "cut or damaged"),
        (packed_otherwise, "packed in a way"),
        (endless_list, "list of members"),
        (zip64, "list of members"),
        (damaged, "cut or damaged"),
        (lambda: zipped({"a.txt": "x" * 100})[:-30], "cut or damaged"),
        (lambda: b"", "cut or damaged"),
        (lambda: b"<html>not an archive</html>", "cut or damaged"),
    ],
)
def test_one_that_is_made_to_harm(make: Callable[[], bytes], words: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(make())
    assert words in caught.value.message
    assert caught.value.hint


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_bytes_end_with_content_or_an_error_of_fixers_own(data: st.DataObject) -> None:
    content = bytearray(zipped({"a/1_x.txt": "x\n" * 50, "b.txt": "y"}))
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        assert sum(map(len, read(bytes(content[:cut])).values())) <= SMALL.unpacked
    except SourceError as error:
        assert error.hint  # noqa: PT017 - either end is a good one
