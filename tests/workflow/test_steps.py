"""Which steps run, in which order, and what they come to: section D1 of the specification, with real commands."""

from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.schema.workflow_report import WorkflowOutcome
from tests.workflow.conftest import Flow, ran

GOOD = "command: true"
BAD = "command: false"


def test_steps_run_in_order(flow: Flow, project: Path) -> None:
    done = flow("  - name: a\n    command: touch one\n  - name: b\n    command: mv one two\n")
    assert (done.exit_code, ran(done.report)) == (ExitCode.OK, ["a", "b"])
    assert (project / "two").exists()


def test_a_failing_step_ends_it_with_1(flow: Flow) -> None:
    done = flow(f"  - name: a\n    {GOOD}\n  - name: b\n    command: sh -c 'exit 7'\n  - name: c\n    {GOOD}\n")
    assert (done.exit_code, ran(done.report)) == (ExitCode.NOT_FIXED, ["a", "b!"])
    assert done.report.outcome is WorkflowOutcome.FAILED
    assert done.report.summary == "The step 'b' failed: exit code 7."
    assert done.report.not_run == ("c",)
    assert done.report.steps[1].exit_code == 7


CONDITIONS = """\
  - name: a
    command: sh -c 'exit {code}'
    conditions:
      - exit_code: 3
        next: three
      - exit_code: 4
        next: continue-workflow
      - exit_code: 0
        next: fail-workflow
      - default: other
  - name: b
    command: true
  - name: three
    command: true
  - name: other
    command: {other}
"""


@pytest.mark.parametrize(
    ("code", "other", "exit_code", "order"),
    [
        (3, "true", ExitCode.OK, ["a!", "three", "b"]),
        (4, "true", ExitCode.OK, ["a!", "b"]),
        (0, "true", ExitCode.NOT_FIXED, ["a"]),
        (9, "true", ExitCode.OK, ["a!", "other", "b"]),
        (9, "false", ExitCode.NOT_FIXED, ["a!", "other!"]),
    ],
)
def test_conditions_say_where_to_go(code: int, other: str, exit_code: ExitCode, order: list[str], flow: Flow) -> None:
    done = flow(CONDITIONS.format(code=code, other=other))
    assert (done.exit_code, ran(done.report)) == (exit_code, order)


def test_a_branch_that_leads_back_tries_again(flow: Flow) -> None:
    done = flow(
        "  - name: test\n    command: test -f fixed\n    conditions: [{exit_code: 1, next: fix}]\n"
        "  - name: fix\n    command: touch fixed\n    conditions: [{exit_code: 0, next: test}]\n"
        f"  - name: end\n    {GOOD}\n"
    )
    assert (done.exit_code, ran(done.report)) == (ExitCode.OK, ["test!", "fix", "test", "end"])


def test_a_branch_may_stand_before_the_step_that_names_it(flow: Flow) -> None:
    done = flow(
        f"  - name: fix\n    {GOOD}\n  - name: test\n    {BAD}\n    conditions: [{{exit_code: 1, next: fix}}]\n"
    )
    assert (done.exit_code, ran(done.report)) == (ExitCode.OK, ["test!", "fix"])


def test_a_loop_is_bounded(flow: Flow) -> None:
    done = flow(
        f"  - name: test\n    {BAD}\n    conditions: [{{exit_code: 1, next: again}}]\n"
        f"  - name: again\n    {GOOD}\n    conditions: [{{exit_code: 0, next: test}}]\n"
    )
    assert (done.exit_code, ran(done.report)) == (ExitCode.NOT_FIXED, ["test!", "again"] * 10)
    assert "'test' was asked for once more after its 10th visit" in done.report.summary


def test_a_branch_of_a_branch_goes_on_behind_the_first(flow: Flow) -> None:
    done = flow(
        f"  - name: a\n    {BAD}\n    default: b\n  - name: end\n    {GOOD}\n"
        f"  - name: b\n    {BAD}\n    default: c\n  - name: c\n    {GOOD}\n"
    )
    assert (done.exit_code, ran(done.report)) == (ExitCode.OK, ["a!", "b!", "c", "end"])


def test_next_into_the_sequence_goes_on_from_there(flow: Flow) -> None:
    done = flow(
        f"  - name: lint\n    {BAD}\n    conditions: [{{exit_code: 1, next: fix}}]\n  - name: skipped\n    {GOOD}\n"
        "  - name: test\n    command: test -f fixed\n    conditions: [{exit_code: 1, next: fix}]\n"
        f"  - name: end\n    {GOOD}\n"
        "  - name: fix\n    command: touch fixed\n    conditions: [{exit_code: 0, next: test}]\n"
    )
    assert ran(done.report) == ["lint!", "fix", "test", "end"]


ON_FAILURE = """\
  - name: test
    command: test -f fixed
    on_failure:
      name: fix
      command: {fix}
      on_failure:
        name: last
        command: {last}
    on_success:
      name: cheer
      command: {cheer}
"""


@pytest.mark.parametrize(
    ("fix", "last", "cheer", "exit_code", "order"),
    [
        ("touch fixed", "x", "true", ExitCode.OK, ["test!", "fix", "test", "cheer"]),
        ("true", "x", "true", ExitCode.NOT_FIXED, ["test!", "fix", "test!"]),
        ("false", "touch fixed", "true", ExitCode.NOT_FIXED, ["test!", "fix!", "last", "fix!"]),
        ("test -f fixed", "touch fixed", "true", ExitCode.OK, ["test!", "fix!", "last", "fix", "test", "cheer"]),
        ("touch fixed", "x", "false", ExitCode.NOT_FIXED, ["test!", "fix", "test", "cheer!"]),
    ],
)
def test_nested_steps(  # noqa: PLR0917 - one argument a step
    fix: str, last: str, cheer: str, exit_code: ExitCode, order: list[str], flow: Flow
) -> None:
    done = flow(ON_FAILURE.format(fix=fix, last=last, cheer=cheer))
    assert (done.exit_code, ran(done.report)) == (exit_code, order)


def test_a_nested_step_may_lead_elsewhere(flow: Flow) -> None:
    done = flow(
        f"  - name: a\n    {BAD}\n    on_failure:\n      name: b\n      command: sh -c 'exit 5'\n"
        f"      conditions: [{{exit_code: 5, next: c}}]\n  - name: end\n    {GOOD}\n  - name: c\n    {GOOD}\n"
    )
    assert (done.exit_code, ran(done.report)) == (ExitCode.OK, ["a!", "b!", "c", "end"])
    stopped = flow(
        f"  - name: a\n    {BAD}\n    default: continue-workflow\n    on_failure:\n      name: b\n      {GOOD}\n"
        "      default: fail-workflow\n"
    )
    assert (stopped.exit_code, ran(stopped.report)) == (ExitCode.NOT_FIXED, ["a!", "b"])


@pytest.mark.parametrize(
    ("step", "code", "reason"),
    [
        ("command: sh -c 'kill -9 $$'", 137, "ended by signal 9"),
        ("command: sleep 9\n    timeout_seconds: 0.2", 124, "longer than 0.2 s"),
        ("command: no-such-program-anywhere", 127, "no-such-program-anywhere was not found"),
        ("command: true\n    working_dir: nowhere", 127, "working_dir nowhere does not exist"),
        ("command: true\n    commit_required: true", 1, "it left no commit"),
    ],
)
def test_what_conditions_see_of_other_endings(step: str, code: int, reason: str, flow: Flow) -> None:
    done = flow(f"  - name: a\n    {step}\n    conditions: [{{exit_code: {code}, next: continue-workflow}}]\n")
    [one] = done.report.steps
    assert (done.exit_code, one.passed, one.exit_code) == (ExitCode.OK, False, code)
    assert reason in one.reason


def test_a_working_dir_that_leads_out_through_a_link(flow: Flow, project: Path, tmp_path: Path) -> None:
    (project / "out").symlink_to(tmp_path)
    done = flow("  - name: a\n    command: touch x\n    working_dir: out\n")
    assert done.exit_code == ExitCode.NOT_FIXED
    assert "leads out of the project through a link" in done.report.summary
    assert not (tmp_path / "x").exists()


def test_the_environment_and_the_folder_of_a_step(flow: Flow, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_THE_USER", "kept")
    (project / "sub").mkdir()
    flow(
        "  - name: a\n    working_dir: sub\n    env: {OWN: 1.10}\n"
        "    command: sh -c 'echo $OF_THE_USER $OWN $(umask) > out'\n"
    )
    assert (project / "sub" / "out").read_text().split()[:2] == ["kept", "1.10"]


def test_a_commit_that_is_required(flow: Flow) -> None:
    person = "-c user.name=D -c user.email=d@example.org"
    done = flow(f"  - name: a\n    command: git {person} commit --allow-empty -m two\n    commit_required: true\n")
    assert done.exit_code == ExitCode.OK
    assert done.report.steps[0].commit
    back = flow("  - name: a\n    command: git reset --hard HEAD~1\n    commit_required: true\n")
    assert "left no new commit" in back.report.summary
