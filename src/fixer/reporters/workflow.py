"""The report of a workflow run, as Markdown with front matter and in the short form that ends `fixer run`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import fixer
from fixer.reporters.quoting import (
    block,
    bullets,
    cell,
    clean_line,
    code,
    command_line,
    front_matter,
    last_lines,
    line,
    spent,
    table,
    words,
)
from fixer.schema.report import Status
from fixer.schema.workflow_report import StepRecovery, StepRun, WorkflowOutcome, WorkflowReport
from fixer.terminal import clean, untrusted

if TYPE_CHECKING:
    from rich.console import Console

MAX_OUTPUT_LINES = 40
MAX_FAILURES = 20
OUTCOMES = {
    WorkflowOutcome.DONE: "every step was done",
    WorkflowOutcome.FAILED: "a step failed",
    WorkflowOutcome.REFUSED: "refused by a policy",
    WorkflowOutcome.CRASHED: "fixer itself failed",
    WorkflowOutcome.CANCELLED: "stopped from outside; it can be resumed",
    WorkflowOutcome.OUT_OF_TIME: "a budget was used up, or the circuit breaker is open",
    WorkflowOutcome.DEPENDENCY: "something that fixer needs did not work",
}
_COLOURS = {Status.SUCCESS: "bold green", Status.PARTIAL: "bold yellow", Status.FAILED: "bold red"}


def render(report: WorkflowReport) -> str:
    """Return the whole report; each step stands with its command and how it ended."""
    sections = (
        ("Summary", _summary),
        ("Input", _input),
        ("Steps", _steps),
        ("Failures", _failures),
        ("Recovery", _recovery),
        ("Next steps", _next_steps),
        ("Evidence", _evidence),
    )
    parts = [_front_matter(report), f"# {line(report.summary)}"]
    for title, section in sections:
        parts += [f"## {title}", *section(report)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front_matter(report: WorkflowReport) -> str:
    keys = {"schema_version", "kind", "started", "status", "outcome", "description", "repository"}
    kept = report.model_dump(mode="json", include=keys)
    head = {"schema_version": kept.pop("schema_version"), "kind": kept.pop("kind"), "run": report.run_id}
    return front_matter({**head, "seconds": round(report.seconds, 1), **kept, "fixer": fixer.__version__})


def _summary(report: WorkflowReport) -> Iterator[str]:
    yield f"**Status: {report.status.value}**: {OUTCOMES[report.outcome]}."
    yield words(report.summary)
    yield bullets([f"Run: {code(report.run_id)}, started {report.started}, took {report.seconds:.1f} s"])
    if report.error:
        yield "What ended it:"
        yield block(report.error, "text")


def _input(report: WorkflowReport) -> Iterator[str]:
    items = [f"Workflow: {code(report.workflow_path)}", f"Repository: {code(report.repository)}"]
    if report.argument is not None:
        items.append(f"$ARG: {code(report.argument)}")
    yield bullets(items)


def _name(run: StepRun) -> str:
    again = f" (visit {run.visit})" if run.visit > 1 else ""
    return f"{run.place}: {run.name}{again}" if run.place else f"{run.name}{again}"


def _steps(report: WorkflowReport) -> Iterator[str]:
    if not report.steps:
        yield "No step was run."
    else:
        rows = [
            (
                str(run.number),
                cell(_name(run)),
                cell(command_line(run.command.argv)) if run.command else "",
                run.status.value if run.passed else line(f"{run.status.value}: {run.reason}", cell=True),
                f"{run.command.seconds:.2f} s" if run.command else "",
            )
            for run in report.steps
        ]
        yield table(("#", "Step", "Command", "Result", "Time"), rows)
    measured = [f"{code(_name(run))}: {line(run.summary)}" for run in report.steps if run.summary]
    if measured:
        yield "What was measured:"
        yield bullets(measured)
    commits = [f"{code(_name(run))} left {code(run.commit)}" for run in report.steps if run.commit]
    if commits:
        yield bullets(commits)
    if report.not_run:
        yield f"Not reached: {', '.join(code(name) for name in report.not_run)}"


def _failures(report: WorkflowReport) -> Iterator[str]:
    failed = [run for run in report.steps if not run.passed]
    if not failed:
        yield "No step failed."
    for run in failed[-MAX_FAILURES:]:
        yield f"### {run.number}. {line(_name(run))}"
        same = run.command is not None and run.command.exit_code == run.exit_code
        yield bullets([line(run.reason), *([] if same else [f"Its conditions see the exit code {run.exit_code}"])])
        read = [(cell(f.tool), cell(f.test or f.file or ""), cell(f.message)) for f in run.failures]
        if read:
            yield table(("Tool", "Where", "Message"), read)
        if run.command and run.command.output.strip():
            yield "The end of what it printed:"
            yield block(last_lines(run.command.output, MAX_OUTPUT_LINES), "text")


def _recovery(report: WorkflowReport) -> Iterator[str]:
    if not report.recoveries:
        yield "Nothing was recovered: no step asked for it, or it is switched off."
    for one in report.recoveries:
        yield from _one_recovery(one)


def _one_recovery(one: StepRecovery) -> Iterator[str]:
    recovery = one.recovery
    how = "recovered" if recovery.recovered else f"not recovered: {recovery.reason}"
    yield f"### {one.number}. {line(one.name)}: {line(how)}"
    items = [f"Attempt {n.number} by {code(n.by)}: {line(n.summary)}" for n in recovery.attempts]
    items += [f"Error specification: {code(recovery.specification)}"] if recovery.specification else []
    items += [f"Commit: {code(recovery.commit)}"] if recovery.commit else []
    refused = f"{recovery.refused_by[:1].upper()}{recovery.refused_by[1:]} refuses until {recovery.opens_again}"
    items += [line(refused)] if recovery.opens_again else []
    if items:
        yield bullets(items)
    if recovery.manual_steps:
        yield "By hand:"
        yield block("\n".join(recovery.manual_steps), "sh")
    for attempt in recovery.attempts:
        if attempt.diff.strip():
            yield block(attempt.diff, "diff")


def next_steps(report: WorkflowReport) -> tuple[str, ...]:
    """Return what to do next; never empty."""
    if report.next_steps:
        return report.next_steps
    return (f"Look at everything that was run: `fixer report {report.run_id}`",)


def _next_steps(report: WorkflowReport) -> Iterator[str]:
    yield "\n".join(f"{number}. {line(step)}" for number, step in enumerate(next_steps(report), 1))


def _evidence(report: WorkflowReport) -> Iterator[str]:
    yield "The steps ran in the project itself, with the user's own environment and rights, each in a process group."
    total = sum(run.command.seconds for run in report.steps if run.command)
    items = [
        f"Steps that ran: {len(report.steps)}, {total:.1f} s in all",
        spent(report.tokens, report.cost, report.credits),
    ]
    if report.execution.log_path:
        items.append(f"The whole output of every step: {code(report.execution.log_path)}")
    yield bullets(items)


def print_report(report: WorkflowReport, console: "Console", path: Path) -> None:
    """Print the short form: how it ended, what was recovered, and what to type next."""

    def row(label: str, value: str, style: str = "") -> None:
        console.print(untrusted(f"  {label:<10}", "dim") + untrusted(clean_line(value), style), soft_wrap=True)

    word = report.outcome.value.replace("_", " ")
    headline = untrusted(word, _COLOURS[report.status]) + untrusted(f"  {clean_line(report.summary)}")
    console.print(headline + untrusted(f"  ({report.seconds:.1f} s)", "dim"), soft_wrap=True)
    for run in report.steps:
        if run.summary and run.passed:
            row("measured", f"{run.name}: {run.summary}")
    for one in report.recoveries:
        recovery = one.recovery
        mended = f"recovered, commit {recovery.commit[:10]}" if recovery.commit else "recovered"
        row("recovery", f"{one.name}: {mended if recovery.recovered else recovery.reason}")
        for attempt in recovery.attempts:
            row("", f"{attempt.by}: {attempt.summary}")
    if report.not_run:
        row("not run", ", ".join(report.not_run), "yellow")
    row("report", str(path))
    if report.outcome is not WorkflowOutcome.DONE:
        for number, step in enumerate(next_steps(report)):
            # As it is typed: blanks, line ends and backquotes inside of quotes count.
            label = untrusted(f"  {'next' if number == 0 else '':<10}", "dim")
            console.print(label + untrusted(clean(step), "bold"), soft_wrap=True)
