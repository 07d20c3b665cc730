"""Two workspaces full of look-alike ids: nothing of one is reached from the other (spec E9)."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.errors import ConfigError
from fixer.explaining.explain import Shelf, explain
from fixer.explaining.patterns import patterns
from fixer.explaining.stats import of_fixes
from fixer.journal import open_journal
from fixer.journal.ledger import CreditsError
from fixer.schema.execution_record import ExecutionRecord, RecordStatus, RecordStep
from fixer.schema.workspace import Agent, Workspace

NAMES = st.sampled_from(["a", "A", "a ", "ab", "%", "_", "a%", "a_", "'", "a'--", "", "*", "é", "é"])
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def record(workspace: str, id_: str, agent: str) -> ExecutionRecord:
    step = RecordStep(
        number=1, action="send_email", status=RecordStatus.FAILED, error="Template 'Outbound v3' not found"
    )
    return ExecutionRecord(id=id_, workspace=workspace, agent=agent, status=RecordStatus.FAILED, steps=(step,))


@settings(max_examples=25, deadline=None)
@given(
    st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]),
    st.lists(st.tuples(NAMES, NAMES), min_size=5, max_size=7),
)
def test_no_way_across(pair: tuple[str, str], ids: list[tuple[str, str]]) -> None:
    one, other = pair
    given_ = Workspace(id=one, agents=(Agent(name="a"),))
    with TemporaryDirectory() as name, open_journal(Path(name) / ".fixer") as journal:
        mine, theirs = Shelf.of(journal, one), Shelf.of(journal, other)
        mine.ledger.grant("start", 100, "granted")
        for id_, agent in ids:
            explain(record(one, id_, agent), given_, mine, NOW)
        seen = {(fix.workspace, fix.id) for fix in mine.fixes.all()}
        assert seen
        assert theirs.fixes.all() == []
        assert theirs.executions.agents() == []
        assert patterns(theirs.executions) == []
        assert of_fixes(theirs.fixes.all()).offered == 0
        assert theirs.ledger.entries() == []
        assert theirs.ledger.left() is None
        for id_, agent in ids:
            assert theirs.executions.load(id_) is None
            assert theirs.executions.seen(id_) is None
            assert theirs.executions.last(agent, 10) == []
        for _, fix in seen:
            for start in (fix, fix[:4], "", "%"):
                try:
                    theirs.fixes.one(start)
                except ConfigError:
                    continue
                raise AssertionError(start)
        mine.executions.pauses.pause("a", "mine")
        assert theirs.executions.pauses.all() == []
        theirs.ledger.grant("start", 1, "granted")
        try:
            explain(record(other, *ids[0]), given_, theirs, NOW)
        except CreditsError:
            pass
        else:
            raise AssertionError("another workspace's credits paid")
        assert {(fix.workspace, fix.id) for fix in mine.fixes.all()} == seen
