"""Failures that keep coming: an agent's recorded executions in, what they have in common out (spec E5)."""

from collections import Counter
from datetime import UTC, datetime

from fixer import lazy_re as re
from fixer.fingerprint import fingerprint, normalised
from fixer.journal.executions import Executions, Seen
from fixer.journal.pauses import to_type
from fixer.schema.base import Record, content_id
from fixer.schema.explanation import PatternDetected
from fixer.schema.root_cause import RootCause

LOOKED_AT = 10
"""The newest failed executions of an agent that are compared."""
ALIKE = 5
"""So many of them with one fingerprint are a pattern."""
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NAME_AFTER = re.compile(
    r"(?i:\b(contact|user|lead|customer|recipient|person|account|company)\b)(\s*[:#]?\s+)"
    r"(?:[A-Z][\w'-]{1,30})(?:\s[A-Z][\w'-]{1,30}){0,2}"
)
"""A name after the word that says whose it is: people differ where the failure is the same."""


class Pattern(Record):
    """One failure that keeps coming."""

    id: str
    agent: str
    fingerprint: str
    root_cause: RootCause
    detected: PatternDetected
    dismissed: bool
    paused: bool


def normal_message(message: str) -> str:
    """Return the message with what differs from contact to contact taken out; equal ones are the same failure."""
    return normalised(_NAME_AFTER.sub(r"\1\2<name>", _MAIL.sub("<mail>", message)))


def fingerprint_of(message: str) -> str:
    """Return the fingerprint of a record's error."""
    return fingerprint(normal_message(message))


def detect(executions: Executions, seen: Seen) -> PatternDetected:
    """Say whether a failure that was recorded is one that keeps coming with its agent, and was not dismissed."""
    if not seen.agent or (seen.agent, seen.fingerprint) in executions.dismissed():
        return PatternDetected()
    alike = [one for one in executions.last(seen.agent, LOOKED_AT) if one.fingerprint == seen.fingerprint]
    return _detected(alike, executions.workspace) if len(alike) >= ALIKE else PatternDetected()


def patterns(executions: Executions, agent: str = "") -> list[Pattern]:
    """Return the patterns of a workspace, of one agent or all of them, dismissed ones too; the most frequent first."""
    paused = {pause.agent for pause in executions.pauses.all()}
    dismissed = executions.dismissed()
    found = []
    for name in [agent] if agent else executions.agents():
        if not name:
            continue
        last = executions.last(name, LOOKED_AT)
        for mark, count in Counter(one.fingerprint for one in last).items():
            if count < ALIKE:
                continue
            alike = [one for one in last if one.fingerprint == mark]
            found.append(
                Pattern(
                    id=content_id("pattern", executions.workspace, name, mark),
                    agent=name,
                    fingerprint=mark,
                    root_cause=alike[0].root_cause,
                    detected=_detected(alike, executions.workspace),
                    dismissed=(name, mark) in dismissed,
                    paused=name in paused,
                )
            )
    return sorted(found, key=lambda one: (-one.detected.failure_count, one.agent, one.id))


def _detected(alike: list[Seen], workspace: str) -> PatternDetected:
    """Describe failures alike, given newest first."""
    return PatternDetected(
        is_pattern=True,
        error_message=alike[0].message,
        failure_count=len(alike),
        first_occurred=_time(alike[-1].at),
        last_occurred=_time(alike[0].at),
        recommendation=_recommendation(alike[0], len(alike), workspace),
    )


_ADVICE = {
    RootCause.MISSING_TEMPLATE: "create the template, or point the agent's instructions at one that exists",
    RootCause.MISSING_INTEGRATION: "connect the integration: until then every execution that needs it fails",
    RootCause.RATE_LIMIT: "lower the agent's daily limit, or spread its work over the day",
    RootCause.INVALID_DATA: "add a rule that skips contacts with such data, and correct the data at its source",
    RootCause.MISSING_FIELD: "make the field required where the data comes in, or give it a default",
    RootCause.AUTH_ERROR: "sign in to the service again: a credential has expired or was taken back",
    RootCause.NETWORK_ERROR: "check that the service can be reached from where the agent runs",
    RootCause.LOGIC_ERROR: "correct the agent's instructions: the same case meets the same mistake each time",
    RootCause.FLAKY: "find out what differs between the runs: repeating hides it",
    RootCause.TIMEOUT: "give the step more time, or less to do",
    RootCause.MISSING_DEPENDENCY: "declare the dependency where the project declares its others",
    RootCause.MISSING_TOOL: "install the tool where the job runs, in a step before this one",
}


def _recommendation(newest: Seen, count: int, workspace: str) -> str:
    advice = _ADVICE.get(newest.root_cause, "mend the cause before the next run: trying again has not helped")
    return (
        f"{count} of the last {LOOKED_AT} failures of '{newest.agent}' are this one: {advice}. Until then, pause it: "
        f"{to_type('pause', newest.agent, workspace)}"
    )


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
