"""A log that is skimmed gives the same failures as one that is read line by line, in bounded memory."""

import io
import tracemalloc
from typing import BinaryIO, cast

import pytest

from fixer.distiller import repetition, scan
from fixer.distiller.scan import Scan
from fixer.schema.failure import Failure
from tests.parsers.reading import LOGS

QUIET = b"".join(b"%d: all is well with module %d\n" % (n, n) for n in range(3000))


def read(data: bytes) -> list[Failure]:
    reader = Scan()
    reader.read(io.BytesIO(data), None)
    reader.finish()
    assert reader.lines == data.count(b"\n") + (not data.endswith(b"\n"))
    return reader.failures


@pytest.fixture
def skimming(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "IN_FULL", 1)
    monkeypatch.setattr(scan, "BLOCK", 30_000)


@pytest.mark.parametrize("tool", sorted(path.name for path in LOGS.iterdir() if path.is_dir()))
def test_skimming_loses_no_failure(tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in sorted((LOGS / tool).glob("*.log")):
        data = QUIET + path.read_bytes() + QUIET
        full = read(data)
        with monkeypatch.context() as patch:
            patch.setattr(scan, "IN_FULL", 1)
            patch.setattr(scan, "BLOCK", 30_000)
            assert read(data) == full, path.name


@pytest.mark.usefixtures("skimming")
def test_the_lines_around_a_hit_are_at_hand() -> None:
    reader = Scan()
    reader.read(io.BytesIO(QUIET + b"before\nfatal: no such thing\nafter\n" + QUIET), None)
    reader.finish()
    assert [reader.texts.get(number) for number in (3001, 3002, 3003)] == ["before", "fatal: no such thing", "after"]


class Endless(io.RawIOBase):
    """So many bytes of one text, made as they are read."""

    def __init__(self, piece: bytes, size: int) -> None:
        super().__init__()
        self.piece, self.left = piece, size

    def read(self, size: int = -1) -> bytes:
        size = min(size, self.left)
        self.left -= size
        return (self.piece * (size // len(self.piece) + 1))[:size]


@pytest.mark.parametrize(
    "piece",
    [b"x", b"progress\r", b"a line that says nothing at all about anything\n", b"##[error]\n", b"\x1b[31m"],
    ids=["one line", "carriage returns", "lines", "marks", "escapes"],
)
def test_memory_does_not_grow_with_the_log(piece: bytes) -> None:
    tracemalloc.start()
    reader = Scan()
    reader.read(cast("BinaryIO", Endless(piece, 12_000_000 if len(piece) != 10 else 400_000)), None)
    reader.finish()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000


@pytest.mark.usefixtures("skimming")
def test_what_is_new_among_repetitions_is_found() -> None:
    failing = (LOGS / "pytest" / "short.log").read_bytes()
    new = b"src/a.c:3:5: error: 'x' undeclared (first use in this function)\n"
    found = read(failing * 6 + new + failing)
    assert {failure.id for failure in read(failing)} <= {failure.id for failure in found}
    assert [failure.file for failure in found if failure.tool == "gcc"] == ["src/a.c"]


@pytest.mark.usefixtures("skimming")
def test_a_failure_that_a_retried_step_repeats_counts_for_the_step_that_failed() -> None:
    said = b"FAILED tests/test_a.py::test_x - KeyError: 'k'\nsome\nmore\nlines\n"
    first = b"##[group]Run first\n##[endgroup]\n" + said
    second = b"##[group]Run second\n##[endgroup]\n" + said + b"##[error]Process completed with exit code 1.\n"
    (failure,) = read(QUIET + first + QUIET + second)
    assert (failure.test, failure.step, failure.exit_code) == ("tests/test_a.py::test_x", 2, 1)


@pytest.mark.usefixtures("skimming")
def test_what_goes_on_in_the_next_block_is_read_to_its_end() -> None:
    failing = (LOGS / "pytest" / "short.log").read_bytes()
    for size in range(29_000, 30_000, 100):
        padding = b"all is well\n" * (size // 12)
        assert {failure.id for failure in read(padding + failing + QUIET)} == {failure.id for failure in read(failing)}


def test_the_lines_read_of_a_log_full_of_errors_grow_less_than_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "IN_FULL", 1)
    monkeypatch.setattr(repetition, "MANY", 200)

    def lines_read(copies: int) -> int:
        reader = Scan()
        lines = b"".join(b"src/m%d.c:%d:5: error: 'x%d' undeclared\n" % (n % 40, n, n) for n in range(300 * copies))
        reader.read(io.BytesIO(lines), None)
        assert reader.lines == 300 * copies
        return reader._repetition.taken

    assert lines_read(40) <= 4 * lines_read(4)


@pytest.mark.usefixtures("skimming")
def test_stages_of_jenkins_far_into_a_log_are_seen() -> None:
    stage = "[Pipeline] { (%s)\n[Pipeline] sh\n+ make it\n"
    text = "Started by user a\n[Pipeline] {\n" + stage % "Prepare"
    reader = Scan()
    reader.read(io.BytesIO(text.encode() + QUIET + (stage % "Ship").encode() + QUIET), None)
    reader.finish()
    assert "Ship" in [step.name for step in reader.steps]
