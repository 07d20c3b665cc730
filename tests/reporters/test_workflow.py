"""The report of a workflow run: complete for every outcome, and nothing in it acts on its reader."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from fixer.reporters.files import find_markdown, stored_reports, write_report
from fixer.reporters.workflow import OUTCOMES, print_report, render
from fixer.schema.command import CommandResult, Ending, Rung
from fixer.schema.execution import Execution, StepStatus
from fixer.schema.recovery import Recovery, RecoveryAttempt
from fixer.schema.report import Status
from fixer.schema.workflow_report import StepRecovery, StepRun, WorkflowOutcome, WorkflowReport

EVIL = "\x1b[2J[bold]x[/] | <script> ``` \n---\n# no"


def result(exit_code: int, output: str = "") -> CommandResult:
    return CommandResult(
        argv=("pytest", "-q", EVIL), cwd=".", ending=Ending.EXITED, exit_code=exit_code, stdout=output, stderr="",
        seconds=1.25, rung=Rung.PROCESS_GROUP,
    )  # fmt: skip


def report(outcome: WorkflowOutcome, repository: Path = Path("/project")) -> WorkflowReport:
    failed = StepRun(
        number=1, name="test", status=StepStatus.FAILED, exit_code=3, reason=f"exit code 3 {EVIL}",
        command=result(3, f"{EVIL}\nthe end\n"),
    )  # fmt: skip
    attempt = RecoveryAttempt(
        number=1, by="lint", summary="put it in order", diff="--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n"
    )
    recovery = Recovery(recovered=True, attempts=(attempt,), commit="c0ffee")
    return WorkflowReport(
        run_id="0123456789ab",
        started="2026-05-05T10:00:00+00:00",
        seconds=3.5,
        outcome=outcome,
        status=Status.SUCCESS if outcome is WorkflowOutcome.DONE else Status.FAILED,
        summary=f"The step 'test' failed: {EVIL}.",
        description="workflow-heal",
        repository=str(repository),
        workflow_path="/project/heal.yml",
        argument=EVIL,
        execution=Execution(id="0123456789ab", source="workflow", origin="/project/heal.yml"),
        steps=(failed, failed.model_copy(update={"number": 2, "status": StepStatus.PASSED, "summary": "90 %"})),
        recoveries=(StepRecovery(number=1, name="test", recovery=recovery),),
        not_run=("deploy",),
        next_steps=("touch `x`",),
        error=EVIL,
    )  # fmt: skip


@pytest.mark.parametrize("outcome", WorkflowOutcome)
def test_every_outcome_has_a_whole_report(outcome: WorkflowOutcome) -> None:
    text = render(report(outcome))
    for heading in ("Summary", "Input", "Steps", "Failures", "Recovery", "Next steps", "Evidence"):
        assert text.count(f"\n## {heading}\n") == 1
    for said in (OUTCOMES[outcome], "Not reached: `deploy`", "1. touch `x`", "put it in order", "`c0ffee`", "the end"):
        assert said in text
    assert "\x1b" not in text
    assert "\n# no" not in re.sub(r"(?ms)^(`{3,})text$.*?^\1$", "", text)


def test_an_empty_one_is_whole_too() -> None:
    empty = report(WorkflowOutcome.CANCELLED).model_copy(
        update={"steps": (), "recoveries": (), "next_steps": (), "not_run": (), "error": "", "argument": None}
    )
    text = render(empty)
    assert "No step was run." in text
    assert "`fixer report 0123456789ab`" in text


def test_the_short_form_holds_no_control_codes() -> None:
    shown = io.StringIO()
    console = Console(file=shown, width=80, markup=False, highlight=False)
    print_report(report(WorkflowOutcome.FAILED), console, Path("/project/outputs/x.md"))
    text = shown.getvalue()
    assert "\x1b" not in text
    assert "[bold]x[/]" in text
    for said in ("failed", "recovery", "deploy", "/project/outputs/x.md", "touch `x`"):
        assert said in text


def test_it_is_kept_beside_the_others(tmp_path: Path) -> None:
    kept = report(WorkflowOutcome.DONE, tmp_path)
    path = write_report(kept, tmp_path / "outputs")
    assert path.name == "2026-05-05_10-00-00_workflow-heal.md"
    assert stored_reports(tmp_path).reports == (kept,)
    assert find_markdown(kept, tmp_path / "outputs") == path
