"""Files, folders and archives of logs: the order, what is left out, and what is refused."""

import zipfile
from pathlib import Path

import pytest

from fixer.ci_log import inputs
from fixer.ci_log.inputs import in_order, parts, step_name
from fixer.errors import ConfigError


def read(path: Path) -> list[tuple[str | None, bytes]]:
    return [(name, stream.read()) for name, stream in parts(path)]


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files.items():
            out.writestr(name, data)
    return path


def test_the_layout_of_githubs_archive() -> None:
    names = ["0_build.txt", "build/10_Post.txt", "build/2_Run tests.txt", "build/system.txt", "build/1_Set up.txt"]
    assert in_order(names, "x") == ["build/1_Set up.txt", "build/2_Run tests.txt", "build/10_Post.txt"]
    assert step_name("build/2_Run tests.txt") == "build / Run tests"
    assert step_name("bu\x1b[31mild/2_Run\x07 tests.txt") == "build / Run tests"


def test_an_archive_is_read_without_being_unpacked(tmp_path: Path) -> None:
    files = {"build/2_b.txt": b"b", "build/1_a.txt": b"a", "../../evil.txt": b"c", "picture.png": b"d"}
    path = archive(tmp_path / "logs.zip", files)
    assert [data for _, data in read(path)] == [b"c", b"a", b"b"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["logs.zip"]
    assert not (tmp_path.parent.parent / "evil.txt").exists()


def test_an_archive_that_grows_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MOST_BYTES", 1000)
    path = archive(tmp_path / "bomb.zip", {"a.txt": b"x" * 5_000_000, "b.txt": b"y"})
    assert sum(len(data) for _, data in read(path)) == 1000


@pytest.mark.parametrize("keep", [30, 200, 1000])
def test_a_cut_archive_is_a_clear_error(tmp_path: Path, keep: int) -> None:
    whole = archive(tmp_path / "whole.zip", {f"{n}.txt": bytes(range(256)) * 8 for n in range(9)}).read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[:keep])
    with pytest.raises(ConfigError, match=r"cut\.zip"):
        read(cut)


def test_damaged_data_is_a_clear_error(tmp_path: Path) -> None:
    path = archive(tmp_path / "bad.zip", {"a.txt": b"some text that is packed " * 50})
    data = bytearray(path.read_bytes())
    data[40:60] = b"\xff" * 20
    path.write_bytes(bytes(data))
    with pytest.raises(ConfigError, match=r"bad\.zip"):
        read(path)


def test_a_folder_of_one_log_has_no_step_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "ci.log").write_bytes(b"x")
    assert read(tmp_path) == [(None, b"x")]


@pytest.mark.parametrize(("name", "data"), [("a.log", b"\x1f\x8b\x08"), ("b.log", b"\0\0\0\0text")])
def test_binary_files_are_refused(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ConfigError, match="binary"):
        read(tmp_path / name)
