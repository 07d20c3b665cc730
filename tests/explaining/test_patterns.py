"""Five alike of an agent's last ten failures are a pattern; what is dismissed stays so; a paused agent is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.errors import PolicyError
from fixer.explaining.patterns import detect, fingerprint_of, normal_message, patterns
from fixer.journal import open_journal
from fixer.journal.executions import Executions, Seen
from fixer.schema.execution_record import ExecutionRecord, RecordStatus
from fixer.schema.root_cause import RootCause


@pytest.fixture
def executions(tmp_path: Path) -> Iterator[Executions]:
    with open_journal(tmp_path / ".fixer") as journal:
        yield Executions(journal.database, journal.now, "acme")


def fail(executions: Executions, number: int, message: str, agent: str = "Outreach") -> Seen:
    seen = Seen(
        id=f"{agent}-{number}",
        agent=agent,
        failed=True,
        fingerprint=fingerprint_of(message),
        message=normal_message(message),
        root_cause=RootCause.INVALID_DATA,
        at=float(number),
    )
    executions.record(ExecutionRecord(id=seen.id, agent=agent, status=RecordStatus.FAILED, error=message), seen)
    return seen


def bad_address(number: int) -> str:
    return f"Contact Ada Lovelace{'' if number % 2 else 'y'}: 'ada{number}@example.org' (id {number}431) has no address"


def test_five_alike_are_a_pattern_and_four_are_not(executions: Executions) -> None:
    for number in range(4):
        assert not detect(executions, fail(executions, number, bad_address(number))).is_pattern
    found = detect(executions, fail(executions, 4, bad_address(4)))
    assert (found.is_pattern, found.failure_count) == (True, 5)
    assert (found.first_occurred, found.last_occurred) == ("1970-01-01T00:00:00+00:00", "1970-01-01T00:00:04+00:00")
    assert "fixer patterns pause Outreach" in found.recommendation
    assert detect(executions, fail(executions, 5, bad_address(5))).failure_count == 6


def test_only_the_last_ten_failures_of_that_agent_count(executions: Executions) -> None:
    for number in range(5):
        fail(executions, number, bad_address(number))
    for number in range(5, 11):
        fail(executions, number, f"step {number} is an unknown variable")
        fail(executions, number, bad_address(number), agent="Another")
    other = executions.last("Outreach", 1)[0]
    assert detect(executions, other).failure_count == 6
    assert not detect(executions, fail(executions, 11, bad_address(11))).is_pattern
    assert [(one.agent, one.detected.failure_count) for one in patterns(executions)] == [
        ("Another", 6),
        ("Outreach", 6),
    ]
    assert [one.agent for one in patterns(executions, "Another")] == ["Another"]


def test_a_dismissed_pattern_is_not_shown_again(executions: Executions) -> None:
    for number in range(6):
        fail(executions, number, bad_address(number))
    seen = executions.last("Outreach", 1)[0]
    executions.dismiss(seen.agent, seen.fingerprint)
    assert not detect(executions, fail(executions, 7, bad_address(7))).is_pattern
    assert [one.dismissed for one in patterns(executions)] == [True]


def test_a_paused_agent_is_refused_with_the_reason(executions: Executions) -> None:
    executions.pauses.refuse("Outreach")
    executions.pauses.pause("Outreach", "the template is being written")
    with pytest.raises(PolicyError, match="the template is being written"):
        executions.pauses.refuse("Outreach")
    executions.pauses.refuse("Another")
    executions.pauses.take_up("Outreach")
    executions.pauses.refuse("Outreach")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Contact Ada has no email", "Contact Grace Hopper has no email", True),
        ("a@b.example bounced", "long.name+tag@other.example bounced", True),
        ("Template 'A' not found", 'Template "B v2" not found', True),
        ("Template 'A' not found", "Integration 'A' not found", False),
        ("429 Too Many Requests, retry in 30 s", "429 Too Many Requests, retry in 2 s", True),
        ("Contact has no email", "Contact has no phone", False),
    ],
)
def test_what_counts_as_the_same_failure(one: str, other: str, alike: bool) -> None:  # noqa: FBT001 - a table's column
    assert (fingerprint_of(one) == fingerprint_of(other)) is alike
