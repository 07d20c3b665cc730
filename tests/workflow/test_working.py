"""What reaches a command as its arguments, and what is kept of its output; no shell, no secret."""

import json
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.journal import open_journal
from tests.workflow.conftest import Flow

SHOW = 'command: python3 -c \'import sys, json; json.dump(sys.argv[1:], open("seen.json", "w"))\''
EVIL = [
    "; touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "a b\tc",
    "-n",
    "",
    "'\"",
    "*",
    "é\n",
    "$ARG",
    "${a.output}",
]


def seen(project: Path) -> list[str]:
    shown: list[str] = json.loads((project / "seen.json").read_text(encoding="utf-8"))
    return shown


@pytest.mark.parametrize("value", EVIL)
def test_an_argument_is_one_argument_whatever_it_holds(value: str, flow: Flow, project: Path) -> None:
    done = flow(f'  - name: a\n    {SHOW}\n    args: ["$ARG", "--x=${{ARG}}!", "$ARGS", "$$ARG"]\n', argument=value)
    assert done.exit_code == ExitCode.OK
    assert seen(project) == [value, f"--x={value}!", "$ARGS", "$ARG"]
    assert not (project / "pwned").exists()


def test_captured_output(flow: Flow, project: Path) -> None:
    done = flow(
        "  - name: first\n    command: printf 'one; $(touch pwned)\\n\\n'\n    capture_output: true\n"
        "  - name: second\n    command: sh -c 'echo two; echo err >&2; exit 3'\n    capture_output: true\n"
        f"    conditions: [{{exit_code: 3, next: show}}]\n"
        f'  - name: show\n    {SHOW}\n    args: ["${{first.output}}", "<$CAPTURED_OUTPUT>", "${{second.output}}"]\n'
    )
    assert done.exit_code == ExitCode.OK, done.report.summary
    assert seen(project) == ["one; $(touch pwned)", "<two>", "two"]
    assert not (project / "pwned").exists()


def test_an_output_that_is_not_there_yet_fails_the_step(flow: Flow) -> None:
    done = flow(
        '  - name: show\n    command: echo\n    args: ["${never.output}"]\n'
        '  - name: other\n    command: "true"\n    conditions: [{exit_code: 9, next: never}]\n'
        "  - name: never\n    command: echo x\n    capture_output: true\n"
    )
    assert done.exit_code == ExitCode.NOT_FIXED
    assert "the step 'never' has not run, so ${never.output} has no value" in done.report.summary


def test_an_output_too_long_for_an_argument_is_said(flow: Flow) -> None:
    done = flow(
        "  - name: long\n    command: head -c 200000 /dev/zero\n    capture_output: true\n"
        "  - name: show\n    command: echo\n    args: [$CAPTURED_OUTPUT]\n"
    )
    assert "write it to a file" in done.report.summary or "NUL byte" in done.report.summary
    done = flow(
        "  - name: long\n    command: python3 -c 'print(\"x\" * 200000)'\n    capture_output: true\n"
        "  - name: show\n    command: echo\n    args: [$CAPTURED_OUTPUT]\n"
    )
    assert "the system takes 131071" in done.report.summary


def test_secrets_are_masked_everywhere(
    flow: Flow, project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "s3cr3t-Value-0123456789"
    monkeypatch.setenv("DEPLOY_TOKEN", secret)
    done = flow(
        '  - name: leak\n    command: sh -c \'echo "token $DEPLOY_TOKEN"; printf %s "$DEPLOY_TOKEN" >&2; exit 1\'\n'
        "    capture_output: true\n    default: continue-workflow\n"
        f'  - name: use\n    {SHOW}\n    args: ["$CAPTURED_OUTPUT", "$ARG"]\n',
        argument=secret,
    )
    assert done.exit_code == ExitCode.OK
    assert seen(project)[1] == secret, "an argument reaches its command as it is"
    said = capfd.readouterr()
    assert secret not in said.out + said.err
    assert "holds a secret" in said.err
    (project / "seen.json").unlink()
    with open_journal(project / ".fixer") as journal:
        steps = journal.steps(journal.runs()[0].id)
    assert secret not in str([step.output for step in steps])
    for path in [
        *(project / "outputs").iterdir(),
        *(project / ".fixer").rglob("*.log"),
        *(project / ".fixer").rglob("*.json"),
    ]:
        assert secret not in path.read_text(encoding="utf-8"), path


def test_control_codes_do_not_reach_the_terminal(flow: Flow, capfd: pytest.CaptureFixture[str]) -> None:
    flow("  - name: a\n    command: printf '\\033[2J\\033]0;x\\007red\\nlong line without an end'\n")
    said = capfd.readouterr().err
    assert "    red\n    long line without an end\n" in said
    assert "\x1b" not in said
    assert "\x07" not in said


def test_the_output_is_bounded_in_the_journal_and_whole_in_the_log(flow: Flow) -> None:
    done = flow("  - name: a\n    command: seq -f 'line %g' 0 19999\n")
    command = done.report.steps[0].command
    assert command is not None
    assert len(command.stdout) < 25_000
    log = Path(done.report.execution.log_path or "").read_text(encoding="utf-8").splitlines()
    assert log[3:20003] == [f"line {n}" for n in range(20000)]
    assert (done.report.steps[0].first_line, done.report.steps[0].last_line) == (1, len(log))
