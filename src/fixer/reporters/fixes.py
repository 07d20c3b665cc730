"""The part of the Markdown report about fixes: each failure that was taken on, each patch, and what is left."""

from collections.abc import Iterator

from fixer.reporters.quoting import block, bullets, cell, code, command_line, line, ran, table, words
from fixer.schema.failure import Failure
from fixer.schema.report import Attempt, Report, Round
from fixer.schema.verification import Verdict

MAX_FAILURES = 20
NOT_REACHED = "The run ended before this phase."


def fix(report: Report) -> Iterator[str]:
    """Yield what was tried for each failure, what is left, and the last runs of the suites."""
    yield from _attempts(report)
    for further in report.rounds:
        yield from _round(further)
    if report.remaining:
        yield "### What is left"
        yield f"Failures of the log that are not fixed: {len(report.remaining)}"
        yield table(
            ("Tool", "Where", "Message", "Why"),
            [
                (cell(f.tool), cell(where(f)), cell(f.message), line(left.reason, cell=True))
                for left in report.remaining[:MAX_FAILURES]
                for f in (left.failure,)
            ],
        )
    if report.final_runs:
        yield "### Every suite, with all fixes"
        yield bullets(ran(report.final_runs))


def _round(further: Round) -> Iterator[str]:
    failure, reproduction = further.failure, further.reproduction
    yield f"### Failure {further.number}: {line(where(failure))}"
    yield block(failure.message, "text")
    items = [
        f"Command: {code(command_line(reproduction.narrowed.argv))}",
        f"Fails on {code(reproduction.commit)}: {reproduction.failure_rate:.0%} of {reproduction.runs} run(s)",
        f"Kept on the branch {code(further.reproduction_branch)}",
    ]
    if further.commit:
        items.append(f"Fixed by the commit {code(further.commit)}")
    yield bullets(items)
    if further.diagnosis:
        yield words(further.diagnosis.explanation)
    yield from _attempts(further)


def _attempts(report: Report | Round) -> Iterator[str]:
    verified = [attempt for attempt in report.attempts if attempt.verification.verdict is Verdict.VERIFIED]
    rejected = [attempt for attempt in report.attempts if attempt.verification.verdict is not Verdict.VERIFIED]
    for attempt in verified:
        yield f"### Verified: {line(attempt.patch.summary)}"
        yield from _attempt(attempt)
    if not verified and (rejected or report.not_tried):
        yield "No patch passed every check."
    elif not verified:
        yield NOT_REACHED
    for attempt in rejected:
        yield f"### Rejected: {line(attempt.patch.summary)}"
        yield f"Reason: {line(attempt.verification.reason)}"
        yield from _attempt(attempt)
    if report.not_tried:
        yield "### Strategies that made no patch"
        yield table(
            ("Strategy", "Why"),
            [(code(name, cell=True), line(why, cell=True)) for name, why in report.not_tried.items()],
        )


def _attempt(attempt: Attempt) -> Iterator[str]:
    patch = attempt.patch
    yield f"Made by the strategy {code(patch.strategy)}."
    yield words(patch.explanation)
    yield block(patch.diff, "diff")
    if patch.requirements:
        yield f"It declares: {', '.join(code(requirement) for requirement in patch.requirements)}"
    if patch.needs_review:
        yield f"**To be looked at before merging:** {line(patch.needs_review)}"
    yield "Checks:"
    lines = []
    for check in attempt.verification.checks:
        lines.append(f"- **{'passed' if check.passed else 'FAILED'}** {code(check.name)}: {line(check.reason)}")
        lines += [f"  - {text}" for text in ran(check.commands)]
    yield "\n".join(lines)


def where(failure: Failure) -> str:
    """Return the test, else the place in the code."""
    if failure.test:
        return failure.test
    return f"{failure.file or ''}{f':{failure.line}' if failure.line else ''}"
