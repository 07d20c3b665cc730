import sqlite3
from pathlib import Path

from fixer.journal import Journal, open_journal
from fixer.journal.database import FILE, open_database
from fixer.journal.metrics import all_series, history
from fixer.journal.migrations import MIGRATIONS
from fixer.schema.analysis import Measurement, Metric, Series

SERIES = Series(tool="bench", ecosystem="python", folder="backend")
OTHER = Series(tool="bench", ecosystem="python")


def measurement(value: float, series: Series = SERIES, at: float = 1.0) -> Measurement:
    mean = Metric(name="mean", value=value, unit="s", better="lower", subject="test_a", noise=0.05)
    total = Metric(name="total", value=3, unit="", better="")
    return Measurement(series=series, metrics=(mean, total), program="p", version="1", commit="c", dirty=True, at=at)


def test_what_is_stored_comes_back_newest_first(journal: Journal) -> None:
    ids = []
    for number in range(3):
        with journal.own(journal.submit("analysis", None, f"run {number}").id) as run:
            run.store_measurement(measurement(number))
            run.store_measurement(measurement(10 + number, OTHER).model_copy(update={"step": "other"}))
            ids.append(run.id)
            run.finish(None)
    kept = history(journal.database, SERIES, 2)
    assert kept == [measurement(n).model_copy(update={"run_id": ids[n]}) for n in (2, 1)]
    assert all_series(journal.database) == [OTHER, SERIES]


def test_a_step_that_runs_again_stores_once(journal: Journal) -> None:
    with journal.own(journal.submit("analysis", None, "key").id) as run:
        run.store_measurement(measurement(1))
        run.store_measurement(measurement(2, at=2.0))
        assert [kept.metrics[0].value for kept in run.measurements(SERIES, 10)] == [2]
        assert [kept.at for kept in run.measurements(SERIES, 10)] == [2.0]
    assert journal.database.rows("SELECT count(*) FROM metrics") == [(2,)]


def test_two_numbers_of_one_name_are_one(journal: Journal) -> None:
    twice = measurement(1).model_copy(update={"metrics": (measurement(1).metrics[0], measurement(2).metrics[0])})
    with journal.own(journal.submit("analysis", None, "key").id) as run:
        run.store_measurement(twice)
        assert [metric.value for metric in run.measurements(SERIES, 1)[0].metrics] == [1]


def test_a_database_from_before_is_brought_up_to_date(tmp_path: Path) -> None:
    open_database(tmp_path / FILE, MIGRATIONS[:1]).close()
    with open_journal(tmp_path) as journal:
        assert history(journal.database, SERIES, 1) == []
    connection = sqlite3.connect(tmp_path / FILE)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    connection.close()
