"""A record comes in; it is kept, explained once, its fixes are offered, and the explanation goes out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from fixer.errors import ConfigError
from fixer.explaining.causes import find
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.failed_step import failed_step
from fixer.explaining.patterns import detect, fingerprint_of, normal_message
from fixer.input.json_shape import moment
from fixer.journal import Journal
from fixer.journal.executions import Executions, Seen
from fixer.journal.fixes import Fixes
from fixer.journal.ledger import Ledger
from fixer.schema.base import content_id
from fixer.schema.execution_record import ExecutionRecord, RecordStatus
from fixer.schema.explanation import Explanation
from fixer.schema.root_cause import RootCause
from fixer.schema.workspace import Workspace

COST = 2
"""Credits of one analysis (spec E8)."""


@dataclass(frozen=True)
class Shelf:
    """Where one workspace keeps its executions, fixes and credits."""

    executions: Executions
    fixes: Fixes
    ledger: Ledger

    @classmethod
    def of(cls, journal: Journal, workspace: str) -> "Shelf":
        """Bind all three to one workspace."""
        given = (journal.database, journal.now, workspace)
        return cls(Executions(*given), Fixes(*given), Ledger(*given))


class NotFailedError(ConfigError):
    """An execution that did not fail was to be explained."""


Second = Callable[[Scene, Finding], Explanation]
"""Another one to ask, with the library's finding at hand: a model. It answers, or gives the library's answer back."""


def explain(
    record: ExecutionRecord, workspace: Workspace, shelf: Shelf, now: datetime, ask: Second | None = None
) -> Explanation:
    """Explain a failed execution; one that was explained before costs nothing more.

    Args:
        record: the execution; it is kept once by its id, whether it failed or not. One that was kept before with
            other content is explained, and stays as it was.
        workspace: what the explanation may name.
        shelf: of the record's workspace.
        now: for times that an explanation gives.
        ask: a model; None: the library answers.

    Raises:
        NotFailedError: it did not fail.
        CreditsError: the workspace has too few credits; the execution is kept, not explained.
    """
    if record.status is not RecordStatus.FAILED:
        _keep(record, _seen(record, None, now), shelf)
        if record.trigger == "log" and record.status is RecordStatus.UNKNOWN:
            raise NotFailedError(
                f"nothing in the log {record.origin} says that anything failed",
                "give the whole log of the job that failed; `fixer logs` shows what it reads in one",
            )
        raise NotFailedError(
            f"execution {record.id} has not failed: it is {record.status.value}",
            "`fixer explain` takes an execution that failed; this one is recorded as a success of its agent"
            if record.status is RecordStatus.COMPLETED
            else "wait for its end, then explain it",
        )
    told, step = failed_step(record)
    scene = Scene(record, told, step, workspace, now)
    finding = find(scene)
    seen = _seen(record, finding.root_cause, now, told.error)
    # The content belongs to the key: a record with another one under a known id is another analysis.
    booking = f"explain {record.id} {_content(record)}"
    if not shelf.ledger.has(booking):
        shelf.ledger.check(COST)
    _keep(record, seen, shelf)
    answer = ask(scene, finding) if ask else from_library(scene, finding)
    answer = answer.model_copy(update={"pattern_detected": detect(shelf.executions, seen)})
    for fix in answer.suggested_fixes:
        shelf.fixes.offer(record.id, record.agent, answer.root_cause, fix)
    shelf.ledger.book(booking, COST, f"analysis of {record.id}")
    known = shelf.executions.load(record.id)
    if known is not None and _content(known[0]) == _content(record):
        shelf.executions.explain(record.id, answer)
        return answer
    kept = f"an execution '{record.id}' was recorded before with other content: that one is kept, and counted"
    return answer.model_copy(update={"note": f"{answer.note}; {kept}" if answer.note else kept})


def from_library(scene: Scene, finding: Finding) -> Explanation:
    """Return the answer that needs no model."""
    workspace = scene.workspace
    return Explanation(
        execution=scene.record.id,
        workspace=scene.record.workspace,
        agent=scene.record.agent,
        explanation=finding.explanation,
        root_cause=finding.root_cause,
        failed_step=scene.failed,
        suggested_fixes=finding.fixes,
        available_templates=tuple(template.name for template in workspace.templates),
        integration_status={one.name: one.connected for one in workspace.integrations},
        retry_at=finding.retry_at,
    )


def _content(record: ExecutionRecord) -> str:
    """Return an id of what a record says, wherever it was read from."""
    return content_id(json.dumps(record.model_dump(mode="json", exclude={"origin"}), sort_keys=True))


def _keep(record: ExecutionRecord, seen: Seen, shelf: Shelf) -> None:
    new = shelf.executions.record(record, seen)
    if new and seen.agent and record.status in {RecordStatus.COMPLETED, RecordStatus.FAILED}:
        shelf.fixes.watch(seen.agent, record.id, succeeded=not seen.failed, at=seen.at)


def _seen(record: ExecutionRecord, cause: RootCause | None, now: datetime, error: str = "") -> Seen:
    at = moment(record.end_time or record.start_time) or now
    return Seen(
        id=record.id,
        agent=record.agent,
        failed=record.status is RecordStatus.FAILED,
        fingerprint=fingerprint_of(error) if cause else "",
        message=normal_message(error),
        root_cause=cause or RootCause.UNKNOWN,
        at=at.astimezone(UTC).timestamp(),
    )
