from pathlib import Path

from fixer.journal import existing_journal, open_journal


def test_looking_where_fixer_never_ran_leaves_nothing_behind(tmp_path: Path) -> None:
    with existing_journal(tmp_path / ".fixer") as journal:
        assert journal is None
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_exists_is_opened(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        run = journal.submit("test", None, "key")
    with existing_journal(tmp_path) as again:
        assert again is not None
        assert again.runs() == [run]


def test_a_gitignore_of_the_user_is_kept(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    open_journal(tmp_path).close()
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
