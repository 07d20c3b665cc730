"""A model that met a limit puts the run off; once the limit is over the model is asked again, and nothing else."""

import time
from pathlib import Path

from fixer.journal import RunState, open_journal
from fixer.llm.base import CallError
from fixer.repair import resume
from fixer.schema.report import Outcome
from fixer.schema.settings import Settings
from tests.agent.scripted_runs import NAMES, read_script, red, run
from tests.fakes import ScriptedModel, ScriptedModels
from tests.repair.projects import branches


def test_a_model_s_limit(tmp_path: Path) -> None:
    script = read_script(NAMES[0])
    folder = red(tmp_path / "project", script.files)
    limit = CallError("the model answered 429; it asks to wait 1800 s", "try again later", again=True, delay=1800.0)
    first = run(folder, ScriptedModels(ScriptedModel([limit])), Settings(strategies=("agent",)))
    assert first.report.outcome is Outcome.PARTIAL
    assert "Put off: agent: " in first.report.summary
    run_id = first.report.run_id
    assert f"with `fixer resume {run_id}`, or by itself with `fixer worker`" in first.report.next_steps[0]
    with open_journal(folder / ".fixer") as journal:
        waiting = journal.run(run_id)
        assert waiting.state is RunState.WAITING
        assert waiting.due is not None
        assert waiting.due > time.time() + 1000
        models = ScriptedModels(ScriptedModel(script.turns))
        fixed = resume(journal, run_id, lambda _: None, models)
        steps = [step.name for step in journal.steps(run_id) if step.attempt > 1]
        state = journal.run(run_id).state
    assert (fixed.report.outcome, state) == (Outcome.FIXED, RunState.DONE)
    # The reproduction and everything before it stand; only the model was asked once more.
    assert steps == ["propose.agent"]
    assert branches(folder, "fix/*") == [fixed.report.delivery.branch if fixed.report.delivery else ""]
    assert len(list((folder / "outputs").glob("*.md"))) == 1


def test_a_fault_that_names_no_time_puts_nothing_off(tmp_path: Path) -> None:
    folder = red(tmp_path / "project", read_script(NAMES[0]).files)
    away = CallError("its server is away", "start it", again=True)
    ended = run(folder, ScriptedModels(ScriptedModel([away])), Settings(strategies=("agent",)))
    with open_journal(folder / ".fixer") as journal:
        assert journal.run(ended.report.run_id).state is RunState.DONE
