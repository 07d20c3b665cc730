import threading
from pathlib import Path

from fixer.journal import Journal, open_journal
from fixer.journal.stream import read_events
from tests.journal.programs import holding


def test_events_are_read_behind_a_number_of_one_run_or_of_all(journal: Journal) -> None:
    one, two = (journal.submit("test", None, key) for key in ("one", "two"))
    with journal.own(one.id) as owned:
        owned.event("note", {"text": "hello"})
    everything = journal.events()
    assert [(event.run_id, event.kind) for event in everything] == [
        (one.id, "run.queued"),
        (two.id, "run.queued"),
        (one.id, "run.running"),
        (one.id, "note"),
    ]
    assert [event.kind for event in journal.events(one.id[:6])] == ["run.queued", "run.running", "note"]
    assert journal.events(after=everything[-2].id) == everything[-1:]
    assert read_events(journal.database, two.id, everything[1].id) == []


def test_following_ends_with_the_end_of_the_run_and_misses_nothing(folder: Path) -> None:
    with open_journal(folder) as writer:
        run = writer.submit("test", None, "key")
        seen: list[str] = []

        def look() -> None:
            with open_journal(folder) as viewer:
                seen.extend(event.kind for event in viewer.follow(run.id))

        viewer = threading.Thread(target=look)
        viewer.start()
        with writer.own(run.id) as owned:
            for number in range(50):
                owned.event(f"note.{number}", None)
            owned.finish(None)
        viewer.join(timeout=30)
        assert not viewer.is_alive()
    assert seen == ["run.queued", "run.running", *(f"note.{number}" for number in range(50)), "run.done"]


def test_following_ends_when_the_owner_is_killed(folder: Path) -> None:
    with open_journal(folder) as journal:
        run = journal.submit("test", None, "key")
        with holding(folder, run.id) as holder:
            followed = journal.follow(run.id)
            assert [next(followed).kind for _ in range(3)] == ["run.queued", "run.running", "step.running"]
            holder.kill()
            holder.wait()
            assert list(followed) == []


def test_following_everything_goes_on(folder: Path) -> None:
    with open_journal(folder) as journal:
        first = journal.submit("test", None, "one")
        followed = journal.follow(None)
        assert next(followed).run_id == first.id
        second = journal.submit("test", None, "two")
        assert next(followed).run_id == second.id
        followed.close()  # type: ignore[attr-defined]  # it is a generator
