"""A model is asked for the cause where the rules do not tell it; its account is checked, and changes words alone."""

import json
from pathlib import Path

import pytest

from fixer.repair.models import RunModels
from fixer.schema.settings import ModelSettings, Settings
from tests.agent import served
from tests.agent.scripted_runs import events, run
from tests.fakes import ScriptedModel, ScriptedModels, call
from tests.repositories import make_repository

CHECK = 'import sys\n\nfrom totals import total\n\nif total() != 3:\n    sys.exit("ERROR: the totals drifted apart")\n'
LOG = """\
##[group]Run python check.py
##[endgroup]
ERROR: the totals drifted apart
##[error]Process completed with exit code 1.
"""


def project(tmp_path: Path) -> Path:
    files = {
        "check.py": CHECK,
        "totals.py": "def total():\n    return 4\n",
        ".gitignore": "*.log\n/info.json\n__pycache__/\n",
    }
    folder = make_repository(tmp_path / "project", files)
    (folder / "ci.log").write_text(LOG, encoding="utf-8")
    request = {"deterministic": True, "prompt": "the check fails", "raw-logs": "ci.log"}
    (folder / "info.json").write_text(json.dumps(request), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("outcome", "explanation", "said", "succeeded"),
    [
        ("fixed", "total in totals.py:2 gives 4, seen with read_file.", "thinks that the cause is: Wrong total", "yes"),
        ("fixed", "The cause is in billing/rates.py, line 7.", "it names billing/rates.py, which is not there", "no"),
        ("gave_up", "Either totals.py or check.py is wrong.", "did not find the cause, but says: Wrong total", "no"),
    ],
)
def test_an_account_is_checked(tmp_path: Path, outcome: str, explanation: str, said: str, succeeded: str) -> None:
    submit = call("submit", outcome=outcome, summary="Wrong total", explanation=explanation)
    model = ScriptedModel([[call("read_file", path="totals.py")], [submit]])
    folder = project(tmp_path)
    report = run(folder, ScriptedModels(model), Settings(strategies=("linters",))).report
    assert report.diagnosis is not None, report.summary
    assert said in report.diagnosis.explanation
    assert ("billing" in report.diagnosis.explanation) == ("billing" in explanation)
    assert events(folder, "prompt.outcome") == [{"prompt": "root_cause@1", "succeeded": succeeded == "yes"}]
    assert not any(tool.name == "edit_file" for tool in model.asked[0][1])


def test_a_server_without_tools_reads_and_answers_in_words(tmp_path: Path) -> None:
    explanation = "total in totals.py:2 gives 4, seen with read_file."
    submit = call("submit", outcome="fixed", summary="Wrong total", explanation=explanation)
    folder = project(tmp_path)
    with served.without_tools(served.written(call("read_file", path="totals.py")), served.written(submit)) as server:
        model = ModelSettings(kind="openai_compatible", base_url=f"{server.url}/v1", name="local")
        report = run(folder, RunModels, Settings(strategies=("linters",), model=model)).report
        last = server.asked[-1].body["messages"][-1]["content"]
    assert report.diagnosis is not None, report.summary
    assert "thinks that the cause is: Wrong total" in report.diagnosis.explanation
    assert last.startswith("read_file answered:\ntotals.py, lines 1 to 2 of 2 (data):\n1|def total():")
