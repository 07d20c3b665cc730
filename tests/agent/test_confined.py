"""No name, link or race leads out of the folder."""

import contextlib
import os
import stat
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.agent.confined import MAX_FILE_BYTES, Confined, parts_of
from fixer.agent.refusal import Refused


@pytest.fixture
def files(tmp_path: Path) -> Confined:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.txt").write_text("outside", encoding="utf-8")
    return Confined(root)


def test_a_file_is_written_and_read_back(files: Confined) -> None:
    files.write("a/b/c.txt", b"one")
    assert files.read("a//b/./c.txt") == b"one"
    (files.root / "a/b/c.txt").chmod(0o755)
    files.write("a/b/c.txt", b"two")
    assert stat.S_IMODE((files.root / "a/b/c.txt").stat().st_mode) == 0o755
    assert [path.name for path in (files.root / "a/b").iterdir()] == ["c.txt"]


def test_links_are_neither_followed_nor_replaced(files: Confined, tmp_path: Path) -> None:
    (files.root / "link").symlink_to(tmp_path / "outside.txt")
    (files.root / "folder").symlink_to(tmp_path)
    (tmp_path / "other.txt").write_text("other", encoding="utf-8")
    os.link(tmp_path / "other.txt", files.root / "hard")
    for name in ("link", "folder/outside.txt", "hard"):
        with pytest.raises(Refused):
            files.read(name)
        with pytest.raises(Refused):
            files.write(name, b"owned")
    with pytest.raises(Refused):
        files.write("folder/new.txt", b"owned")
    assert (tmp_path / "outside.txt").read_text(encoding="utf-8") == "outside"
    assert not (tmp_path / "new.txt").exists()


def test_what_is_no_plain_file_is_refused_at_once(files: Confined) -> None:
    os.mkfifo(files.root / "pipe")
    (files.root / "large").write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    for name in ("pipe", ".", "large", "missing", "missing/too"):
        with pytest.raises(Refused):
            files.read(name)
    with pytest.raises(Refused):
        files.write("pipe", b"x")


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=30) | st.lists(st.sampled_from(["..", ".", "a", ".git", ".GIT ", "", "~", "x\0"])).map("/".join)
)
def test_a_name_that_is_taken_stays_inside(name: str) -> None:
    try:
        parts = parts_of(name)
    except Refused:
        return
    normal = os.path.normpath("/root/" + "/".join(parts))
    assert normal.startswith("/root/")
    assert not any(part.lower() == ".git" or part == ".." for part in parts)


def test_a_folder_that_turns_into_a_link_meanwhile_leads_nowhere(files: Confined, tmp_path: Path) -> None:
    outside = tmp_path / "user"
    outside.mkdir()
    (outside / "x.txt").write_text("outside", encoding="utf-8")
    at, away = files.root / "at", tmp_path / "away"
    away.mkdir()

    def exchange() -> None:
        for number in range(200):
            time.sleep(0.0003)
            with contextlib.suppress(OSError):
                at.unlink()
            with contextlib.suppress(OSError):
                at.mkdir()
                (at / "x.txt").write_text("inside", encoding="utf-8")
            with contextlib.suppress(OSError):
                at.rename(away / str(number))
            with contextlib.suppress(OSError):
                at.symlink_to(outside)

    thread = threading.Thread(target=exchange)
    thread.start()
    read = set()
    while thread.is_alive():
        with contextlib.suppress(Refused):
            read.add(files.read("at/x.txt"))
        with contextlib.suppress(Refused):
            files.write("at/x.txt", b"inside")
    assert read <= {b"", b"inside"}
    assert (outside / "x.txt").read_text(encoding="utf-8") == "outside"
