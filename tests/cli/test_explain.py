"""`fixer explain` as it is typed: records, logs, standard input, refusals, credits, workspaces and pauses."""

import json
from pathlib import Path

import pytest

from fixer.journal import open_journal
from fixer.journal.executions import Executions
from fixer.journal.fixes import Fixes
from tests.conftest import Fixer, Ran
from tests.input.json_schema import accepts

KEYS = {
    "explanation",
    "rootCause",
    "failedStep",
    "suggestedFixes",
    "patternDetected",
    "availableTemplates",
    "integrationStatus",
}
WORKSPACE = {
    "templates": [{"name": "Outbound v2", "kind": "email", "body": "Hi {{first_name}}"}],
    "integrations": {"Slack": False, "Gmail": True},
    "agents": {"Outreach": {"instructions": "Send 'Outbound v3'.", "restrictions": {"email_per_day": 200}}},
}
FAILED = {
    "id": "e1",
    "agent": "Outreach",
    "status": "failed",
    "endTime": "2026-03-01T09:00:00Z",
    "steps": [
        {"action": "load_contacts", "status": "completed"},
        {"action": "send_email", "status": "failed", "error": "Template 'Outbound v3' not found"},
        {"action": "log", "status": "failed", "error": "skipped because step 2 failed"},
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a workspace file and a failed execution, as a user has it."""
    write(tmp_path, "workspace.json", WORKSPACE)
    write(tmp_path, "execution.json", FAILED)
    return tmp_path


def write(folder: Path, name: str, value: object) -> None:
    (folder / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def explained(fixer: Fixer, folder: Path, *more: str) -> Ran:
    return fixer("explain", "execution.json", "--workspace", "workspace.json", *more, cwd=folder)


def test_the_answer_names_the_real_things_and_its_fix_can_be_applied_and_undone(fixer: Fixer, folder: Path) -> None:
    ran = explained(fixer, folder)
    assert ran.code == 0
    assert "step 2 of 3 failed: send_email" in ran.stdout
    assert "'Outbound v3'" in ran.stdout
    assert "The closest one that exists is 'Outbound v2'" in ran.stdout
    before = (folder / "workspace.json").read_bytes()
    for kind in ("update_instructions", "suggest_template"):
        fixes = json.loads(fixer("fix", "list", "--json", cwd=folder).stdout)["fixes"]
        id_ = next(fix["id"] for fix in fixes if fix["fix"]["type"] == kind)
        assert fixer("fix", "apply", id_, "--yes", cwd=folder).code == 0
        now = json.loads((folder / "workspace.json").read_text())
        if kind == "update_instructions":
            assert now["agents"]["Outreach"]["instructions"] == "Send 'Outbound v2'."
        else:
            new = {"name": "Outbound v3", "kind": "email", "body": "Hi {{first_name}}"}
            assert now["templates"][-1] == new
        assert fixer("fix", "undo", id_, "--yes", cwd=folder).code == 0
        assert (folder / "workspace.json").read_bytes() == before


def test_json_has_exactly_the_keys_of_the_interface(fixer: Fixer, folder: Path) -> None:
    told = json.loads(explained(fixer, folder, "--json").stdout)
    assert set(told) == KEYS
    assert set(told["failedStep"]) == {"stepNumber", "action", "error", "timestamp"}
    assert {key for fix in told["suggestedFixes"] for key in fix} == {
        "type",
        "description",
        "action",
        "autoFixAvailable",
        "preview",
    }
    assert set(told["patternDetected"]) == {
        "isPattern",
        "errorMessage",
        "failureCount",
        "firstOccurred",
        "lastOccurred",
        "recommendation",
    }
    assert told["rootCause"] == "missing_template"
    assert told["availableTemplates"] == ["Outbound v2"]
    assert told["integrationStatus"] == {"Slack": False, "Gmail": True}
    assert "+" in told["suggestedFixes"][0]["preview"]


def test_standard_input_and_logs(fixer: Fixer, folder: Path) -> None:
    record = fixer("explain", "-", "--json", stdin=json.dumps(FAILED), cwd=folder)
    assert json.loads(record.stdout)["failedStep"]["stepNumber"] == 2
    log = "FAILED tests/test_cart.py::test_total - assert 3 == 4\n1 failed, 2 passed in 0.1s\n"
    (folder / "ci.log").write_text(log, encoding="utf-8")
    for given, typed in (("ci.log", ""), ("-", log)):
        told = json.loads(fixer("explain", given, "--json", stdin=typed, cwd=folder).stdout)
        assert told["rootCause"] == "test_failure"
        assert "tests/test_cart.py::test_total" in told["suggestedFixes"][0]["description"]


def test_a_success_is_refused_yet_counts_for_the_fix_that_was_applied(fixer: Fixer, folder: Path) -> None:
    explained(fixer, folder)
    fixes = json.loads(fixer("fix", "list", "--json", cwd=folder).stdout)["fixes"]
    id_ = next(fix["id"] for fix in fixes if fix["fix"]["type"] == "update_instructions")
    fixer("fix", "apply", id_, "--yes", cwd=folder)
    write(folder, "next.json", {"id": "e2", "agent": "Outreach", "status": "completed"})
    ran = fixer("explain", "next.json", cwd=folder)
    assert (ran.code, "has not failed" in ran.stderr) == (2, True)
    with open_journal(folder / ".fixer") as journal:
        assert Fixes(journal.database, journal.now, "default").one(id_).succeeded is True


def test_too_few_credits_say_how_many_are_missing(fixer: Fixer, folder: Path) -> None:
    write(folder, "workspace.json", {**WORKSPACE, "credits": 3})
    assert explained(fixer, folder).code == 0
    write(folder, "execution.json", {**FAILED, "id": "e2"})
    ran = explained(fixer, folder)
    assert (ran.code, "1 missing" in ran.stderr) == (4, True), ran.stderr
    write(folder, "execution.json", FAILED)
    assert explained(fixer, folder).code == 0, "what was explained before costs nothing more"


def test_an_execution_of_another_workspace_is_not_found(fixer: Fixer, folder: Path) -> None:
    write(folder, "execution.json", {**FAILED, "workspace": "acme"})
    assert fixer("explain", "execution.json", cwd=folder).code == 0
    for words in (("execution.json", "--workspace-id", "other"), ("e1", "--workspace-id", "other"), ("e1",)):
        ran = fixer("explain", *words, cwd=folder)
        assert ran.code == 2
        assert "not found" in ran.stderr or "there is no execution" in ran.stderr
    assert fixer("explain", "e1", "--workspace-id", "acme", cwd=folder).code == 0


def test_the_fifth_failure_alike_is_a_pattern_and_the_agent_can_be_paused(fixer: Fixer, folder: Path) -> None:
    for number in range(4):
        write(folder, "execution.json", {**FAILED, "id": f"e{number}"})
        assert not json.loads(explained(fixer, folder, "--json").stdout)["patternDetected"]["isPattern"]
    write(folder, "execution.json", {**FAILED, "id": "e4"})
    told = json.loads(explained(fixer, folder, "--json").stdout)
    assert (told["patternDetected"]["isPattern"], told["patternDetected"]["failureCount"]) == (True, 5)
    fixer("patterns", "pause", "Outreach", "--reason", "its template is missing", cwd=folder)
    with open_journal(folder / ".fixer") as journal:
        (pause,) = Executions(journal.database, journal.now, "default").pauses.all()
    assert pause.reason == "its template is missing"
    assert "is paused" in explained(fixer, folder).stderr


def test_a_rate_limit_says_when_it_is_over(fixer: Fixer, folder: Path) -> None:
    error = "LinkedIn daily invitation limit reached"
    record = {**FAILED, "id": "r1", "steps": [{"action": "linkedin_invite", "status": "failed", "error": error}]}
    write(folder, "execution.json", record)
    ran = explained(fixer, folder)
    assert "100 invitations a day" in ran.stdout
    assert "from 2026-03-02T00:00:00+00:00 on it is worth trying again" in ran.stdout


@pytest.mark.parametrize("name", ["execution", "workspace"])
def test_the_schemas_are_printed(fixer: Fixer, folder: Path, name: str) -> None:
    schema = json.loads(fixer("schema", name, cwd=folder).stdout)
    assert accepts(schema, json.loads((folder / f"{name}.json").read_text()))
    assert not accepts(schema, {"steps": 3, "templates": 3})


@pytest.mark.parametrize(
    ("restrictions", "added"),
    [
        ([], '+      "skip_if: contact.email is invalid"'),
        (["Never write on Sundays."], '+      "skip_if: contact.email is invalid"'),
        ("Never write on Sundays.", '"Never write on Sundays.\\nskip_if: contact.email is invalid"'),
    ],
)
def test_restrictions_may_be_sentences(fixer: Fixer, tmp_path: Path, restrictions: object, added: str) -> None:
    agent = {"name": "Outreach", "instructions": "Write.", "restrictions": restrictions}
    (tmp_path / "workspace.json").write_text(json.dumps({"agents": [agent]}, indent=2), encoding="utf-8")
    error = "Invalid email address: ada(at)example.org"
    record = {"agent": "Outreach", "steps": [{"action": "send_email", "status": "failed", "error": error}]}
    (tmp_path / "record.json").write_text(json.dumps(record), encoding="utf-8")
    told = json.loads(fixer("explain", "record.json", "--workspace", "workspace.json", "--json", cwd=tmp_path).stdout)
    (fix,) = [one for one in told["suggestedFixes"] if one["type"] == "adjust_restrictions"]
    assert added.strip("+ ") in fix["preview"]
