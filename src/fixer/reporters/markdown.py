"""The report as Markdown with front matter (spec C8): what is written into `outputs/` for every run."""

from collections.abc import Iterator

import fixer
from fixer.reporters.fixes import MAX_FAILURES, NOT_REACHED, fix, where
from fixer.reporters.quoting import (
    block,
    bullets,
    cell,
    code,
    command_line,
    ended,
    front_matter,
    last_lines,
    line,
    ran,
    spent,
    table,
    words,
)
from fixer.schema.command import CommandResult
from fixer.schema.report import Outcome, Report

MAX_OUTPUT_LINES = 40
OUTCOMES = {
    Outcome.FIXED: "fixed, and the fix is verified",
    Outcome.NOTHING_TO_FIX: "there was nothing to fix",
    Outcome.PARTIAL: "analysed, but not fixed",
    Outcome.FAILED: "not fixed",
    Outcome.REFUSED: "refused by a policy",
    Outcome.CRASHED: "fixer itself failed",
    Outcome.CANCELLED: "stopped from outside; it can be resumed",
    Outcome.OUT_OF_TIME: "the time was used up",
    Outcome.DEPENDENCY: "something that fixer needs did not work",
}


def in_words(report: Report) -> str:
    """Return how the run ended, as a user would say it."""
    if report.outcome is Outcome.PARTIAL and report.delivery:
        return "some of it is fixed and verified, the rest is not"
    return OUTCOMES[report.outcome]


def render(report: Report) -> str:
    """Return the whole report; each claim stands beside the command that shows it."""
    sections = (
        ("Summary", _summary),
        ("Input", _input),
        ("Phase 1: reproduction", _reproduction),
        ("Phase 2: root cause", _root_cause),
        ("Phase 3: fix", fix),
        ("Phase 4: pull request", _pull_request),
        ("Next steps", _next_steps),
        ("Relevant developers", _developers),
        ("Evidence", _evidence),
    )
    parts = [_front_matter(report), f"# {line(report.summary)}"]
    for title, section in sections:
        parts += [f"## {title}", *section(report)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front_matter(report: Report) -> str:
    values = {
        "schema_version": report.schema_version,
        "run": report.run_id,
        "started": report.started,
        "seconds": round(report.seconds, 1),
        "status": report.status.value,
        "outcome": report.outcome.value,
        "description": report.description,
        "repository": report.repository,
        "fixer": fixer.__version__,
    }
    return front_matter(values)


def _summary(report: Report) -> Iterator[str]:
    yield f"**Status: {report.status.value}**: {in_words(report)}."
    yield words(report.summary)
    yield bullets([f"Run: {code(report.run_id)}, started {report.started}, took {report.seconds:.1f} s"])
    if report.error:
        yield "What ended it:"
        yield block(report.error, "text")


def _input(report: Report) -> Iterator[str]:
    request = report.request
    items = [
        f"File: {code(report.request_path)}",
        f"Repository: {code(report.repository)}",
        f"Deterministic: {'yes' if request.deterministic else 'no, it comes and goes'}",
    ]
    if request.url:
        items.append(f"URL: {code(request.url)}")
    if request.existing_test_path:
        items.append(f"Existing test: {code(request.existing_test_path)}")
    if request.raw_logs:
        given = request.raw_logs.splitlines()
        items.append(f"Log: {code(given[0]) if len(given) == 1 else f'its text, {len(given)} lines'}")
    if report.execution:
        execution = report.execution
        items.append(f"Read as {code(execution.source)}: lines: {execution.lines}, steps: {len(execution.steps)}")
        if execution.commit:
            items.append(f"Commit that failed: {code(execution.commit)}")
    yield bullets(items)
    yield "What the user said:"
    yield block(request.prompt, "text")
    yield from _failures(report)


def _failures(report: Report) -> Iterator[str]:
    if not report.failures:
        yield "No failure was read from it." if report.execution else NOT_REACHED
        return
    chosen = report.failure.id if report.failure else ""
    rows = [
        ("→" if failure.id == chosen else "", failure.tool, where(failure), failure.message)
        for failure in report.failures[:MAX_FAILURES]
    ]
    yield f"Failures in it: {len(report.failures)}" + (" (→ is the one taken on)" if chosen else "")
    yield table(
        ("", "Tool", "Where", "Message"), [(mark, cell(tool), cell(where), cell(m)) for mark, tool, where, m in rows]
    )
    if len(report.failures) > MAX_FAILURES:
        yield f"{len(report.failures) - MAX_FAILURES} more are not shown."


def _reproduction(report: Report) -> Iterator[str]:
    reproduction = report.reproduction
    if reproduction is None:
        yield words(report.no_reproduction) if report.no_reproduction else NOT_REACHED
        return
    items = [
        f"Name: {code(reproduction.name)}",
        f"Command: {code(command_line(reproduction.narrowed.argv))}",
        f"Fails on {code(reproduction.commit)}: {reproduction.failure_rate:.0%} of {reproduction.runs} run(s)",
        f"The whole suite: {code(command_line(reproduction.suite.argv))}",
    ]
    if report.reproduction_branch:
        items.append(f"Kept on the branch {code(report.reproduction_branch)}")
    yield bullets(items)
    shown = [result for result in report.commands if result.argv == reproduction.narrowed.argv and not result.passed]
    if shown:
        yield "What it showed:"
        yield bullets(ran(shown))
        yield block(last_lines(shown[0].output, MAX_OUTPUT_LINES), "text")


def _root_cause(report: Report) -> Iterator[str]:
    diagnosis = report.diagnosis
    if diagnosis is None:
        yield NOT_REACHED
        return
    yield f"Cause: {code(diagnosis.root_cause.value)}"
    yield words(diagnosis.explanation)
    change = diagnosis.minimal_change
    if change is None:
        reason = diagnosis.no_minimal_change or "it was not looked for"
        yield f"No change that made it fail was found: {line(reason)}"
        return
    size = f"{len(change.hunks)} of the {change.hunks_in_culprit} hunks of that commit are enough to make it fail"
    size = size if change.reduced else "its hunks were not reduced"
    yield bullets(
        [
            f"Last good commit: {code(change.green)}",
            f"First bad commit: {code(change.culprit)}, {line(change.culprit_subject)} ({line(change.culprit_author)})",
            f"Smallest change: {size}",
        ]
    )
    if change.note:
        yield words(change.note)
    if change.hunks:
        yield block("\n".join(hunk.strip("\n") for hunk in change.hunks), "diff")


def _pull_request(report: Report) -> Iterator[str]:
    delivery = report.delivery
    if delivery is None:
        tried = report.attempts or report.rounds
        yield "Nothing was delivered: there is no verified fix." if tried else NOT_REACHED
        return
    yield bullets(
        [
            f"Branch: {code(delivery.branch)}, commit {code(delivery.commit)}",
            f"Made from {code(delivery.base_name)} at {code(delivery.base)}",
            f"Patch file: {code(delivery.patch_file)}",
        ]
    )
    if delivery.note:
        yield words(delivery.note)


def next_steps(report: Report) -> tuple[str, ...]:
    """Return what to do next: what the run said; never empty."""
    steps = report.next_steps
    if report.delivery and not steps:
        steps = (f"Look at the fix: `git diff {report.delivery.base_name}...{report.delivery.branch}`",)
    return steps or (f"Look at everything that was run: `fixer report {report.run_id} --json`",)


def _next_steps(report: Report) -> Iterator[str]:
    yield "\n".join(f"{number}. {line(step)}" for number, step in enumerate(next_steps(report), 1))


def _developers(report: Report) -> Iterator[str]:
    if report.diagnosis is None:
        yield NOT_REACHED
    elif not report.diagnosis.people:
        yield "Nobody was found in the history of the failing lines."
    else:
        yield bullets(
            [
                f"{line(person.name)} ({code(person.contact)}): {line('; '.join(person.reasons))}"
                for person in report.diagnosis.people
            ]
        )


def _evidence(report: Report) -> Iterator[str]:
    yield f"Sandbox: {line(report.sandbox)}"
    if report.phases:
        rows = [(line(p.phase, cell=True), f"{p.seconds:.1f} s", f"{p.budget_seconds:.0f} s") for p in report.phases]
        yield table(("Phase", "Took", "Budget"), rows)
    yield spent(report.tokens, report.cost, report.credits)
    if not report.commands:
        yield "No command was run."
        return
    total = sum(result.seconds for result in report.commands)
    yield f"Commands: {len(report.commands)}, {total:.1f} s in all"
    ran_here = [
        (str(number), cell(command_line(r.argv)), cell(r.cwd), _result(r), f"{r.seconds:.2f} s", r.rung.value)
        for number, r in enumerate(report.commands, 1)
    ]
    yield table(("#", "Command", "In", "Result", "Time", "Sandbox"), ran_here)


def _result(result: CommandResult) -> str:
    return f"{ended(result)}: {line(result.reason, cell=True)}" if result.reason else ended(result)
