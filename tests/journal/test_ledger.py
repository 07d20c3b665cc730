"""Credits are booked once, never below zero, also when many processes pay at once."""

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.journal import Journal, open_journal
from fixer.journal.ledger import CreditsError, Ledger


def of(journal: Journal, workspace: str) -> Ledger:
    return Ledger(journal.database, journal.now, workspace)


def test_a_workspace_without_a_grant_is_not_counted(journal: Journal) -> None:
    here = of(journal, "a")
    here.check(1000)
    assert here.book("x", 2, "analysis")
    assert here.left() is None


def test_too_few_says_how_many_are_missing_and_books_nothing(journal: Journal) -> None:
    here = of(journal, "a")
    here.grant("start", 3, "granted")
    assert here.book("one", 2, "analysis of one")
    with pytest.raises(CreditsError) as refused:
        here.book("two", 2, "analysis of two")
    assert "1 credits left" in refused.value.message
    assert "1 missing" in refused.value.message
    assert here.left() == 1
    assert [entry.key for entry in here.entries()] == ["start", "one"]


@settings(max_examples=50, deadline=None)
@given(work=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(1, 4)), max_size=12))
def test_every_key_counts_once_in_its_own_workspace(
    tmp_path_factory: pytest.TempPathFactory, work: list[tuple[str, str, int]]
) -> None:
    with open_journal(tmp_path_factory.mktemp("ledger")) as journal:
        paid: dict[str, dict[str, int]] = {"a": {}, "b": {}}
        for name in "ab":
            of(journal, name).grant("start", 10, "granted")
        for name, key, cost in work:
            fits = sum(paid[name].values()) + cost <= 10
            if key in paid[name]:
                assert not of(journal, name).book(key, cost, "again")
            elif fits:
                assert of(journal, name).book(key, cost, "work")
                paid[name][key] = cost
            else:
                with pytest.raises(CreditsError):
                    of(journal, name).book(key, cost, "work")
        for name in "ab":
            assert of(journal, name).left() == 10 - sum(paid[name].values())


def _pay(folder: str, worker: int) -> None:
    with open_journal(Path(folder)) as journal:
        for number in range(10):
            try:
                of(journal, "a").book(f"{worker}.{number}", 1, "work")
            except CreditsError:
                return


def test_many_processes_spend_no_more_than_there_is(folder: Path, journal: Journal) -> None:
    of(journal, "a").grant("start", 25, "granted")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_pay, args=(str(folder), worker)) for worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert of(journal, "a").left() == 0
    assert len(of(journal, "a").entries()) == 26
