"""A fix goes from offered to applied to undone, its files' bytes are kept, and another workspace never sees it."""

import itertools

import pytest

from fixer.errors import ConfigError
from fixer.journal import Journal
from fixer.journal.fixes import Fixes
from fixer.schema.explanation import FixState, FixType, SuggestedFix
from fixer.schema.root_cause import RootCause
from tests.journal.conftest import Clock

LEGAL = {
    ("offered", "applying"),
    ("applying", "applied"),
    ("applying", "offered"),
    ("applied", "undoing"),
    ("undoing", "undone"),
    ("undoing", "applied"),
    ("undone", "applying"),
}
WAYS = {
    "offered": (),
    "applying": ("applying",),
    "applied": ("applying", "applied"),
    "undoing": ("applying", "applied", "undoing"),
    "undone": ("applying", "applied", "undoing", "undone"),
}


def of(journal: Journal, workspace: str) -> Fixes:
    return Fixes(journal.database, journal.now, workspace)


def fix(id_: str) -> SuggestedFix:
    return SuggestedFix(
        id=id_, type=FixType.SUGGEST_TEMPLATE, description="Create it", action="create", auto_fix_available=True
    )


def offer(journal: Journal, workspace: str, id_: str) -> Fixes:
    fixes = of(journal, workspace)
    fixes.offer("run-1", "outreach", RootCause.MISSING_TEMPLATE, fix(id_))
    return fixes


@pytest.mark.parametrize(("before", "after"), [*itertools.product(WAYS, WAYS)])
def test_only_legal_moves(journal: Journal, before: str, after: str) -> None:
    fixes = offer(journal, "a", "abc")
    for state in WAYS[before]:
        fixes.move("abc", FixState(state))
    if (before, after) in LEGAL:
        fixes.move("abc", FixState(after))
        assert fixes.one("abc").state == after
    else:
        with pytest.raises(ConfigError, match="cannot become"):
            fixes.move("abc", FixState(after))
        assert fixes.one("abc").state == before


def test_the_bytes_of_files_come_back(journal: Journal) -> None:
    fixes = offer(journal, "a", "abc")
    files: dict[str, tuple[bytes | None, bytes | None]] = {
        "new.json": (None, b"{}"),
        "a\nb.yml": (b"\xff\x00\r\n", b"x"),
        "gone": (b"", None),
    }
    fixes.begin_apply("abc", files)
    assert fixes.files("abc") == files
    with pytest.raises(ConfigError):
        fixes.begin_apply("abc", {})
    assert fixes.files("abc") == files


def test_the_next_execution_of_the_agent_is_the_outcome(journal: Journal, clock: Clock) -> None:
    fixes = offer(journal, "a", "abc")
    fixes.begin_apply("abc", {})
    fixes.move("abc", FixState.APPLIED)
    applied = clock.seconds
    fixes.watch("outreach", "run-1", succeeded=False, at=applied + 1)
    fixes.watch("another", "run-2", succeeded=False, at=applied + 1)
    fixes.watch("outreach", "run-0", succeeded=False, at=applied - 1)
    assert fixes.one("abc").succeeded is None
    fixes.watch("outreach", "run-3", succeeded=True, at=applied + 2)
    fixes.watch("outreach", "run-4", succeeded=False, at=applied + 3)
    assert (fixes.one("abc").outcome, fixes.one("abc").succeeded) == ("run-3", True)


def test_another_workspace_finds_nothing(journal: Journal) -> None:
    offer(journal, "a", "abc")
    there = offer(journal, "b", "xyz")
    assert [one.id for one in there.all()] == ["xyz"]
    for use in (
        lambda: there.one("abc"),
        lambda: there.one(""),
        lambda: there.move("abc", FixState.APPLYING),
        lambda: there.begin_apply("abc", {}),
    ):
        with pytest.raises(ConfigError, match="there is no fix"):
            use()
    assert there.files("abc") == {}
    assert of(journal, "a").one("a").state is FixState.OFFERED
