"""Executions are kept once, counted by agent, and never seen from another workspace."""

from fixer.journal import Journal
from fixer.journal.executions import Executions, Seen
from fixer.schema.execution_record import ExecutionRecord, RecordStatus
from fixer.schema.explanation import Explanation
from fixer.schema.root_cause import RootCause
from tests.journal.conftest import Clock


def of(journal: Journal, workspace: str) -> Executions:
    return Executions(journal.database, journal.now, workspace)


def record(id_: str, *, failed: bool = True) -> ExecutionRecord:
    return ExecutionRecord(id=id_, status=RecordStatus.FAILED if failed else RecordStatus.COMPLETED, agent="outreach")


def seen(id_: str, at: float, *, failed: bool = True, agent: str = "outreach") -> Seen:
    return Seen(
        id=id_,
        agent=agent,
        failed=failed,
        fingerprint="no template <q>" if failed else "",
        message="no template <q>",
        root_cause=RootCause.MISSING_TEMPLATE,
        at=at,
    )


def test_one_id_is_recorded_once(journal: Journal) -> None:
    here = of(journal, "a")
    assert here.record(record("1"), seen("1", 5))
    assert not here.record(record("1", failed=False), seen("1", 9, failed=False))
    found = here.load("1")
    assert found is not None
    assert found[0] == record("1")
    assert found[1] is None
    first = here.seen("1")
    assert first is not None
    assert first.failed


def test_the_newest_come_first_and_only_those_that_failed(journal: Journal) -> None:
    here = of(journal, "a")
    for number in range(12):
        here.record(record(str(number)), seen(str(number), number, failed=number % 4 != 0))
    here.record(record("other"), seen("other", 99, agent="another"))
    assert [one.id for one in here.last("outreach", 4)] == ["11", "10", "9", "7"]
    assert [one.id for one in here.last("outreach", 3, failed_only=False)] == ["11", "10", "9"]
    assert [one.id for one in here.last("outreach", 2, before=6)] == ["6", "5"]


def test_an_explanation_comes_back_as_it_was(journal: Journal) -> None:
    here = of(journal, "a")
    here.record(record("1"), seen("1", 5))
    told = Explanation(
        execution="1", workspace="a", explanation="It is \udcff gone.", root_cause=RootCause.MISSING_TEMPLATE
    )
    here.explain("1", told)
    found = here.load("1")
    assert found is not None
    assert found[1] == told


def test_a_pause_holds_until_it_is_taken_up(journal: Journal, clock: Clock) -> None:
    here = of(journal, "a")
    here.pauses.pause("outreach", "five failures alike")
    clock.seconds += 10
    here.pauses.pause("outreach", "six failures alike")
    assert [(one.agent, one.reason, one.at) for one in here.pauses.all()] == [
        ("outreach", "six failures alike", clock.seconds)
    ]
    assert of(journal, "b").pauses.all() == []
    assert not of(journal, "b").pauses.take_up("outreach")
    assert here.pauses.take_up("outreach")
    assert not here.pauses.take_up("outreach")
    assert here.pauses.all() == []


def test_a_dismissed_pattern_stays_dismissed(journal: Journal) -> None:
    of(journal, "a").dismiss("outreach", "x")
    of(journal, "a").dismiss("outreach", "x")
    assert of(journal, "a").dismissed() == {("outreach", "x")}
    assert of(journal, "b").dismissed() == frozenset()


def test_another_workspace_sees_nothing(journal: Journal) -> None:
    of(journal, "a").record(record("1"), seen("1", 5))
    there = of(journal, "b")
    assert there.load("1") is None
    assert there.seen("1") is None
    assert there.last("outreach", 10) == []
    assert there.agents() == []
    assert there.record(record("1", failed=False), seen("1", 9, failed=False)), "ids of two workspaces do not collide"
    mine = of(journal, "a").seen("1")
    assert mine is not None
    assert mine.failed
