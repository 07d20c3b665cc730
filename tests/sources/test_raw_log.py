"""A user's own log: text, file, folder, or something else with a clear error."""

from pathlib import Path

import pytest

from fixer.errors import ConfigError, ExitCode
from fixer.parsers import failures_in, read_log
from fixer.schema.execution import Execution
from fixer.sources.raw_log import read

LOG = """##[group]Run python -m pytest
##[endgroup]
FAILED tests/test_a.py::test_x - KeyError: 'k'
##[error]Process completed with exit code 1.
"""


def plain(text: str) -> str:
    return text


def load(raw: str, tmp_path: Path) -> Execution:
    return read(raw, tmp_path, tmp_path / "keep", plain)


def refused(raw: str, tmp_path: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(raw, tmp_path)
    assert caught.value.code is ExitCode.USAGE
    assert caught.value.hint
    return caught.value


def test_text(tmp_path: Path) -> None:
    execution = load(LOG, tmp_path)
    assert (execution.origin, execution.source, execution.lines) == ("text", "raw_log", 4)
    assert execution.steps[0].command == "python -m pytest"
    assert execution.log_path == str(tmp_path / "keep" / "log.txt")
    (failure,) = failures_in(read_log(Path(execution.log_path), execution.steps), execution.steps)
    assert (failure.test, failure.step, failure.exit_code) == ("tests/test_a.py::test_x", 1, 1)


def test_one_line_of_text_is_not_taken_for_a_path(tmp_path: Path) -> None:
    assert load("E   KeyError: 'price' in shop/cart.py", tmp_path).origin == "text"


def test_a_file_beside_the_request(tmp_path: Path) -> None:
    (tmp_path / "ci.log").write_bytes(b"\xef\xbb\xbf2026-01-01T00:00:00.0000000Z \x1b[31mboom\x1b[0m\r\ncaf\xe9\r\n")
    execution = load("ci.log", tmp_path)
    assert execution.origin == str(tmp_path / "ci.log")
    assert Path(execution.log_path or "").read_text(encoding="utf-8") == "boom\ncaf\ufffd\n"


def test_the_copy_is_masked_also_over_several_lines(tmp_path: Path) -> None:
    key = "-----BEGIN KEY-----\nabc\ndef\n-----END KEY-----"

    def mask(text: str) -> str:
        return text.replace("hunter2", "***").replace(key, "***")

    execution = read(f"password hunter2\n{key}\nlast", tmp_path, tmp_path / "keep", mask)
    text = Path(execution.log_path or "").read_text(encoding="utf-8")
    assert "hunter2" not in text
    assert "abc" not in text
    assert execution.lines == 6


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    job = tmp_path / "logs" / "build"
    job.mkdir(parents=True)
    (job / "1_Set up job.txt").write_text("a\n")
    (job / "2_Run tests.txt").write_text("b\n##[error]Process completed with exit code 2.\n")
    (job / "10_Post.txt").write_text("c\n")
    (job / "system.txt").write_text("runner\n")
    (tmp_path / "logs" / "0_build.txt").write_text("a\nb\nc\n")
    execution = load("logs", tmp_path)
    told = [(s.name, s.exit_code, s.first_line, s.last_line) for s in execution.steps]
    assert told == [
        ("build / Set up job", None, 1, 1),
        ("build / Run tests", 2, 2, 3),
        ("build / Post", None, 4, 4),
    ]


def test_a_mistyped_path_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "build.log").write_text("x\n")
    error = refused("logs/biuld.log", tmp_path)
    assert "logs/biuld.log" in error.message
    assert "build.log" in error.hint


@pytest.mark.parametrize("content", [b"", b"\n \n\n"])
def test_an_empty_log(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "ci.log").write_bytes(content)
    assert "empty" in refused("ci.log", tmp_path).message


def test_empty_text(tmp_path: Path) -> None:
    assert "empty" in refused("  \n", tmp_path).message


def test_a_folder_without_logs(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "picture.png").write_bytes(b"x")
    assert "holds no log" in refused("logs", tmp_path).message


@pytest.mark.parametrize(
    ("name", "content", "word"), [("a.log", b"\x7fELF\0\0", "binary"), ("b.log", b"PK\x03\x04..", "archive")]
)
def test_what_is_no_text(name: str, content: bytes, word: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert word in refused(name, tmp_path).message


def test_a_broken_link_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "ci.log").symlink_to(tmp_path / "gone.log")
    assert "ci.log" in refused("ci.log", tmp_path).message


def test_the_same_log_has_the_same_id(tmp_path: Path) -> None:
    assert load(LOG, tmp_path).id == load(LOG, tmp_path).id
    assert load(LOG, tmp_path).id != load(LOG + "more", tmp_path).id
