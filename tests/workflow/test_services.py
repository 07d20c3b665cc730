"""What a workflow asks of others: analysis tools, recovery and an agent, each a real and simple one here."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixer.errors import ConfigError, ExitCode
from fixer.journal import RunState, open_journal
from fixer.schema.command import CommandResult
from fixer.schema.recovery import Recovery, RecoveryAttempt
from fixer.schema.settings import AgentSettings, ModelSettings, RecoverySettings, Settings
from fixer.schema.workflow import AnalysisRequest
from fixer.workflow import resume
from fixer.workflow.services import Again, FailedStep, Ground, Measured, Services, Task, services_for
from tests.conftest import Fixer
from tests.repositories import git
from tests.workflow.conftest import Flow, ran


class LineCounter:
    """An analysis tool: it counts the lines of a.txt, and fails where there are none."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.asked: list[tuple[tuple[str, ...], AnalysisRequest]] = []
        self.labels: set[str] = set()

    def measure(self, tools: tuple[str, ...], request: AnalysisRequest, label: str) -> Measured:
        assert label not in self.labels
        self.labels.add(label)
        self.asked.append((tools, request))
        lines = len((self.ground.repository / "a.txt").read_text(encoding="utf-8").splitlines())
        advice = Recovery(recovered=False, reason="recovery is off", manual_steps=("write a.txt",))
        summary = f"{' '.join(tools) or 'all'}: {lines} lines"
        return Measured(passed=lines > 0, summary=summary, recoveries=() if lines else (advice,))


class Mender:
    """A recovery: it makes the file that is missing, in the project, when the command then passes."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.asked: list[FailedStep] = []

    def recover(self, failed: FailedStep, again: Again) -> Recovery:
        self.asked.append(failed)
        if not self.ground.settings.recovery.enabled:
            return Recovery(recovered=False, reason="recovery is off", manual_steps=("touch missing",))
        (self.ground.repository / "missing").touch()
        retry = again(self.ground.repository, {"WANTED": "1"})
        attempt = RecoveryAttempt(number=1, by="mender", summary="made it", environment={"WANTED": "1"}, retry=retry)
        steps = () if retry.passed else ("touch missing",)
        return Recovery(
            recovered=retry.passed, reason="" if retry.passed else "no use", attempts=(attempt,), manual_steps=steps
        )


def test_analysis_tools_by_name_and_after_a_step(flow: Flow, project: Path) -> None:
    made: list[LineCounter] = []

    def analyst(ground: Ground) -> LineCounter:
        made.append(LineCounter(ground))
        return made[-1]

    done = flow(
        "  - name: mmm-coverage\n  - name: a\n    command: touch b\n    analysis: {max_cache_age: 5}\n"
        "  - name: bench\n    analysis: {auto_recover: false}\n",
        services=Services(analyst=analyst),
    )
    assert done.exit_code == ExitCode.OK
    assert [step.summary for step in done.report.steps] == ["coverage: 1 lines", "all: 1 lines", "bench: 1 lines"]
    [counter] = made
    assert [request.auto_recover for _, request in counter.asked] == [True, True, False]
    assert counter.asked[1][1].max_cache_age == 5

    (project / "a.txt").write_text("", encoding="utf-8")
    failed = flow("  - name: a\n    command: touch b\n    analysis: {}\n", services=Services(analyst=analyst))
    assert failed.exit_code == ExitCode.NOT_FIXED
    assert "its analysis failed: all: 0 lines" in failed.report.summary
    assert failed.report.next_steps[0] == "write a.txt"


STEP = (
    "  - name: needs\n    command: sh -c 'test -f missing -a \"$WANTED\" = 1 || {{ echo no file >&2; exit {code}; }}'\n"
)


def mending(mended: list[Mender]) -> Services:
    def recoverer(ground: Ground) -> Mender:
        mended.append(Mender(ground))
        return mended[-1]

    return Services(recoverer=recoverer)


def test_a_failed_step_is_recovered_and_runs_once_more(flow: Flow, project: Path) -> None:
    mended: list[Mender] = []
    done = flow(STEP.format(code=3), services=mending(mended))
    assert (done.exit_code, ran(done.report)) == (ExitCode.OK, ["needs!", "needs"])
    [failed] = mended[0].asked
    assert (failed.name, failed.phase, failed.result.exit_code, failed.result.stderr) == (
        "needs",
        "workflow",
        3,
        "no file\n",
    )
    assert (failed.folder, failed.environment["PATH"]) == (project, os.environ["PATH"])
    assert [one.recovery.recovered for one in done.report.recoveries] == [True]


def test_an_open_circuit_breaker_ends_the_workflow_with_its_own_code(flow: Flow) -> None:
    class Refusing(Mender):
        def recover(self, failed: FailedStep, again: Again) -> Recovery:  # noqa: ARG002 - as the protocol names them
            return Recovery(recovered=False, reason="open", opens_again="2030-01-01T00:00:00+00:00")

    done = flow("  - name: a\n    command: false\n", services=Services(recoverer=Refusing))
    assert done.exit_code == ExitCode.BUDGET
    assert "The circuit breaker lets nothing mend it until 2030-01-01T00:00:00+00:00." in done.report.summary


def test_once_the_circuit_breaker_is_closed_the_step_that_failed_runs_again(flow: Flow, project: Path) -> None:
    opens = datetime.now(UTC) + timedelta(hours=1)

    class Refusing(Mender):
        def recover(self, failed: FailedStep, again: Again) -> Recovery:  # noqa: ARG002 - as the protocol names them
            return Recovery(recovered=False, reason="open", opens_again=opens.isoformat(timespec="seconds"))

    services = Services(recoverer=Refusing)
    steps = "  - name: a\n    command: sh -c 'echo a >> ran'\n  - name: b\n    command: test -e mended\n"
    first = flow(steps, services=services)
    with open_journal(project / ".fixer") as journal:
        waiting, again = journal.run(first.report.run_id), first
        for _ in range(2):
            waiting = journal.run(waiting.id)
            assert waiting.state is RunState.WAITING
            assert waiting.due == int(opens.timestamp())
            assert "the circuit breaker lets nothing mend 'b' until" in waiting.waits
            again = resume(journal, waiting.id, services)
            assert again.exit_code == ExitCode.BUDGET
        assert ran(again.report) == ["a", "b!", "b!", "b!"]
        # It was mended by hand meanwhile.
        (project / "mended").touch()
        done = resume(journal, waiting.id, services)
    assert (done.exit_code, ran(done.report)) == (ExitCode.OK, ["a", "b!", "b!", "b!", "b"])
    assert (project / "ran").read_text() == "a\n"


def test_recovery_that_helps_nothing_leaves_its_manual_steps(flow: Flow) -> None:
    done = flow("  - name: a\n    command: false\n", services=mending([]))
    assert (done.exit_code, ran(done.report)) == (ExitCode.NOT_FIXED, ["a!"])
    assert done.report.next_steps[0] == "touch missing"


def test_recovery_stays_out_where_the_workflow_itself_says_what_follows(flow: Flow) -> None:
    mended: list[Mender] = []
    flow("  - name: a\n    command: false\n    default: continue-workflow\n", services=mending(mended))
    flow("  - name: a\n    command: false\n    on_failure: {name: b, command: false}\n", services=mending(mended))
    # It is b that failed with nothing said about it.
    assert [failed.name for mender in mended for failed in mender.asked] == ["b"]


def test_recovery_that_is_switched_off(flow: Flow) -> None:
    mended: list[Mender] = []
    off = Settings(recovery=RecoverySettings(enabled=False))
    done = flow(STEP.format(code=1), services=mending(mended), settings=off)
    assert (done.exit_code, ran(done.report)) == (ExitCode.NOT_FIXED, ["needs!"])
    assert done.report.next_steps[0] == "touch missing"


def test_a_prompt_needs_an_agent_before_anything_runs(fixer: Fixer, project: Path) -> None:
    (project / "w.yml").write_text(
        "commands:\n  - name: first\n    command: touch made\n  - name: mmm-implement-spec\n    args: [x]\n",
        encoding="utf-8",
    )
    for arguments in (("run", "w.yml"), ("run", "w.yml", "--validate"), ("doctor", "w.yml")):
        done = fixer(*arguments, cwd=project)
        assert (done.code, done.stdout) == (ExitCode.USAGE, "")
        assert "w.yml:4:5: the step 'mmm-implement-spec' is a prompt for an agent" in done.stderr
        assert "no agent is configured" in done.stderr
        assert "export GEMINI_API_KEY=KEY" in done.stderr
        assert "export FIXER_AGENT_EXTERNAL=COMMAND" in done.stderr
    assert not (project / "made").exists()
    assert not (project / ".fixer").exists()


def test_an_agent_that_is_a_command_gets_the_prompt(flow: Flow, project: Path) -> None:
    folder = project / "prompts" / "commands"
    folder.mkdir(parents=True)
    (folder / "say.md").write_text("---\nversion: 1\n---\nSay $ARGUMENTS; $(touch pwned)\n", encoding="utf-8")
    settings = Settings(agent=AgentSettings(external="tee said"))
    done = flow("  - name: say\n    args: [hello, $ARG]\n", argument="you", settings=settings)
    assert done.exit_code == ExitCode.OK, done.report.summary
    assert (project / "said").read_text(encoding="utf-8") == "Say hello you; $(touch pwned)\n"
    assert not (project / "pwned").exists()


def test_an_agent_that_is_a_command_may_take_a_file(flow: Flow, project: Path) -> None:
    (project / "prompts" / "commands").mkdir(parents=True)
    (project / "prompts" / "commands" / "say.md").write_text("Say it.", encoding="utf-8")
    done = flow("  - name: say\n", settings=Settings(agent=AgentSettings(external="cp {prompt_file} said")))
    assert done.exit_code == ExitCode.OK, done.report.summary
    assert (project / "said").read_text(encoding="utf-8") == "Say it.\n"
    assert not list((project / ".fixer").rglob("prompt.md"))


def test_what_is_not_part_of_this_installation_is_said_before_anything_runs(flow: Flow, project: Path) -> None:
    with pytest.raises(ConfigError, match="analysis tools"):
        flow("  - name: a\n    command: touch made\n  - name: mmm-lint\n", services=Services())
    assert not (project / "made").exists()


def test_services_say_that_no_agent_is_configured() -> None:
    assert services_for(Settings()).agent is None
    assert services_for(Settings(agent=AgentSettings(external="agent --yes"))).agent is not None
    assert services_for(Settings(model=ModelSettings(kind="replay", recording="tape.jsonl"))).agent is not None
    broken = services_for(Settings(model=ModelSettings(kind="openai_compatible")))
    assert (broken.agent, "model.base_url is not set" in broken.no_agent) == (None, True)


def test_an_agent_may_run_several_commands(flow: Flow, project: Path) -> None:
    class Twice:
        def __init__(self, ground: Ground) -> None:
            self.ground = ground

        def work(self, task: Task) -> CommandResult:
            task.run_command(("git", "config", "user.name", "Agent"))
            task.run_command(("git", "config", "user.email", "agent@example.org"))
            return task.run_command(("git", "commit", "--allow-empty", "-m", task.prompt.strip()))

    (project / "prompts" / "commands").mkdir(parents=True)
    (project / "prompts" / "commands" / "own.md").write_text("Add it.", encoding="utf-8")
    done = flow("  - name: own\n    commit_required: true\n", services=Services(agent=Twice))
    assert done.exit_code == ExitCode.OK, done.report.summary
    assert git(project, "log", "-1", "--format=%s") == "Add it."
