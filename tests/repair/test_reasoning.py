"""A model is asked for the cause where the rules do not tell it; its account is checked, and changes words alone."""

import json
from pathlib import Path

import pytest

from fixer.schema.report import Report
from fixer.schema.settings import Settings
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


def diagnosed(tmp_path: Path, model: ScriptedModel) -> tuple[Path, Report]:
    files = {
        "check.py": CHECK,
        "totals.py": "def total():\n    return 4\n",
        ".gitignore": "*.log\n/info.json\n__pycache__/\n",
    }
    folder = make_repository(tmp_path / "project", files)
    (folder / "ci.log").write_text(LOG, encoding="utf-8")
    request = {"deterministic": True, "prompt": "the check fails", "raw-logs": "ci.log"}
    (folder / "info.json").write_text(json.dumps(request), encoding="utf-8")
    return folder, run(folder, ScriptedModels(model), Settings(strategies=("linters",))).report


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
    folder, report = diagnosed(tmp_path, model)
    assert report.diagnosis is not None, report.summary
    assert said in report.diagnosis.explanation
    assert ("billing" in report.diagnosis.explanation) == ("billing" in explanation)
    assert events(folder, "prompt.outcome") == [{"prompt": "root_cause@1", "succeeded": succeeded == "yes"}]
    assert not any(tool.name == "edit_file" for tool in model.asked[0][1])
