import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from fixer.errors import ExitCode, JournalError
from fixer.journal import Journal, open_journal
from fixer.journal.database import open_database
from fixer.journal.migrations import MIGRATIONS
from tests.journal.programs import output, start

NEXT = "ALTER TABLE runs ADD COLUMN colour TEXT NOT NULL DEFAULT 'red;'; CREATE TABLE later(x)"


def test_a_new_file_is_in_wal_mode_and_sound(journal: Journal) -> None:
    assert journal.database.rows("PRAGMA journal_mode") == [("wal",)]
    assert journal.problems() == []


def test_a_transaction_that_fails_leaves_nothing(journal: Journal) -> None:
    run = journal.submit("test", None, "key")

    def write_half() -> None:
        with journal.database.transaction() as connection:
            connection.execute("UPDATE runs SET state = 'done'")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert journal.run(run.id) == run


def test_a_migration_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "fixer.db"
    with open_journal(tmp_path) as journal:
        run = journal.submit("test", {"a": 1}, "key")
    newer = open_database(path, (*MIGRATIONS, NEXT))
    assert newer.rows("SELECT id, colour FROM runs") == [(run.id, "red;")]
    assert newer.rows("PRAGMA user_version") == [(len(MIGRATIONS) + 1,)]
    newer.close()
    again = open_database(path, (*MIGRATIONS, NEXT))
    assert again.rows("SELECT count(*) FROM later") == [(0,)]
    again.close()


def test_a_migration_that_fails_leaves_the_old_version_whole(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.submit("test", None, "key")
    with pytest.raises(JournalError, match="no such table: nowhere"):
        open_database(tmp_path / "fixer.db", (*MIGRATIONS, "CREATE TABLE half(x); INSERT INTO nowhere VALUES(1);"))
    with open_journal(tmp_path) as journal:
        assert journal.database.rows("PRAGMA user_version") == [(len(MIGRATIONS),)]
        assert journal.database.rows("SELECT count(*) FROM sqlite_master WHERE name = 'half'") == [(0,)]
        assert len(journal.runs()) == 1


def test_a_file_of_a_newer_fixer_is_refused(tmp_path: Path) -> None:
    open_database(tmp_path / "fixer.db", (*MIGRATIONS, NEXT)).close()
    with pytest.raises(JournalError, match="written by a newer fixer") as caught:
        open_database(tmp_path / "fixer.db")
    assert str(tmp_path / "fixer.db") in caught.value.message
    assert "upgrade" in caught.value.hint
    assert caught.value.code is ExitCode.DEPENDENCY


def test_garbage_is_refused_with_the_file_and_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "fixer.db"
    path.write_bytes(b"not a database at all\n" * 500)
    with pytest.raises(JournalError, match="is damaged") as caught:
        open_journal(tmp_path)
    assert str(path) in caught.value.message
    assert f"mv {path} {path}.damaged" in caught.value.hint
    assert path.read_bytes().startswith(b"not a database")


def test_damage_inside_the_file_is_found_and_explained(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        for number in range(300):
            journal.submit("test", "x" * 200, f"key {number}")
    path = tmp_path / "fixer.db"
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\xa5" * (len(content) - 4096 * 2)
    path.write_bytes(content)
    with pytest.raises(JournalError, match="is damaged") as caught, open_journal(tmp_path) as journal:
        journal.runs()
    assert "mv " in caught.value.hint


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "fixer.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes(x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="another program"):
        open_journal(tmp_path)
    assert path.read_bytes() == before


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / ".fixer").write_text("")
    with pytest.raises(JournalError, match="is a file, and fixer keeps its state in a folder"):
        open_journal(tmp_path / ".fixer")


def test_a_folder_that_cannot_be_written() -> None:
    # Also root cannot make anything below /proc/self.
    with pytest.raises(JournalError) as caught:
        open_journal(Path("/proc/self/.fixer"))
    assert "/proc/self/.fixer" in caught.value.message
    assert "writable" in caught.value.hint


READ_ONLY = """
import sys
from pathlib import Path
from fixer.errors import JournalError
from fixer.journal import open_journal
try:
    with open_journal(Path(sys.argv[1])) as journal:
        journal.submit("test", None, "other")
except JournalError as error:
    print(error.message, error.hint)
"""


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root writes everywhere")
def test_a_read_only_database(tmp_path: Path) -> None:
    folder = tmp_path / ".fixer"
    open_journal(folder).close()
    for path in (*folder.rglob("*"), folder):
        path.chmod(path.stat().st_mode & ~0o222)
    # Permissions do not bind root unless it gives up its capabilities.
    unprivileged = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    said = subprocess.run(
        [*unprivileged, sys.executable, "-c", READ_ONLY, str(folder)], capture_output=True, text=True, check=True
    ).stdout
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700)
    assert str(folder) in said
    assert "writable" in said


def test_a_full_disk_ends_in_words_and_loses_nothing_that_was_recorded(tmp_path: Path) -> None:
    said = output(start("fill", tmp_path))
    assert "could not be" in said
    assert str(tmp_path / "fixer.db") in said
    with open_journal(tmp_path) as journal:
        assert journal.problems() == []
        recorded = int(said.splitlines()[-1])
        assert recorded > 0
        assert len([e for e in journal.events() if e.kind == "note"]) == recorded


def test_a_database_that_was_removed_is_noticed(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        run = journal.submit("test", None, "key")
        with journal.own(run.id) as owned:
            (tmp_path / "fixer.db").unlink()
            with pytest.raises(JournalError, match="removed or replaced"):
                owned.event("note", None)


def test_threads_share_a_connection(journal: Journal) -> None:
    run = journal.submit("test", None, "key")
    with journal.own(run.id) as owned:

        def write() -> None:
            for number in range(20):
                owned.event("note", number)

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(owned.events("note")) == 80


def test_a_forked_child_is_told_to_open_its_own(tmp_path: Path) -> None:
    said = output(start("use_after_fork", tmp_path))
    assert "opens the journal itself" in said
