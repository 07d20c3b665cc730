"""From the request to failures: the log is read, the failing commit is known."""

import os
from pathlib import Path

from fixer.errors import SourceError
from fixer.parsers import failures_in, read_log
from fixer.ranking import with_reports
from fixer.repair.draft import Draft
from fixer.repair.workshop import Workshop
from fixer.schema.base import content_id
from fixer.schema.execution import Execution
from fixer.schema.failure import Failure
from fixer.sources import github_actions, raw_log


def read(draft: Draft, shop: Workshop) -> None:
    """Read the log and what failed in it; with only a test given, there is nothing to read.

    Raises:
        ConfigError, SourceError: the log cannot be had or read.
        BudgetError: GitHub asks for a longer wait than there is time.
    """
    draft.execution = shop.step("read_log", Execution, lambda: _execution(shop))
    draft.failures = tuple(shop.step("find_failures", list[Failure], lambda: _failures(draft)))
    if draft.execution.log_path:
        shop.talk(f"read {draft.execution.lines} lines of log, {len(draft.failures)} failure(s) in them")


def _execution(shop: Workshop) -> Execution:
    request = shop.given.request
    if request.raw_logs is not None:
        beside = Path(shop.given.request_path).parent
        return raw_log.read(request.raw_logs, beside, shop.folder, shop.masker.mask)
    if request.url is not None:
        fetched = shop.repository / ".fixer" / "fetched"
        return github_actions.fetch(request.url, fetched, shop.masker, os.environ, shop.total, shop.talk)
    test = request.existing_test_path or ""
    return Execution(id=content_id("existing_test", test), source="existing_test", origin=test)


def _failures(draft: Draft) -> list[Failure]:
    if draft.execution is None or draft.execution.log_path is None:
        return []
    found = failures_in(read_log(Path(draft.execution.log_path), draft.execution.steps), draft.execution.steps)
    return with_reports(found, [failures_in(read_log(Path(report))) for report in draft.execution.reports])


def failing_commit(draft: Draft, shop: Workshop) -> str:
    """Return the commit that failed: the one named by the user, else by the log, else the one checked out.

    Raises:
        SourceError: the user named a commit that this repository does not have.
    """
    named = shop.given.commit
    if named:
        commit = shop.git.commit_of(named)
        if commit is None:
            raise SourceError(
                f"--commit {named}: {shop.repository} has no such commit",
                "fetch it (git fetch), or leave --commit out to take the commit that is checked out",
            )
        return commit
    logged = draft.execution.commit if draft.execution else None
    known = shop.git.commit_of(logged) if logged else None
    if logged and known is None:
        shop.talk(f"the failing commit {logged[:12]} is not in {shop.repository} (git fetch brings it); taking HEAD")
    return known or shop.given.head
