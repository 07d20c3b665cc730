"""What a record tells beside the words of its error: whose words they are, and whether an agent or a build failed."""

import json
from typing import Any

import pytest

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.schema.workspace import Integration, Workspace
from tests.explaining.corpus import NOW

Step = tuple[str, str, Any]


def scene_of(record: dict[str, Any], workspace: Workspace | None = None) -> Scene:
    read = parse_execution(json.dumps({"id": "r", "status": "failed"} | record).encode(), "r.json")
    failed, step = failed_step(read)
    return Scene(read, failed, step, workspace or Workspace(), NOW)


def explained(*steps: Step, error: str | None = None, **further: Any) -> Finding:
    told = [{"action": action, "status": status, "error": said} for action, status, said in steps]
    return find(scene_of({"agent": "Helper", "steps": told, "error": error} | further))


@pytest.mark.parametrize(
    ("first", "second", "own", "cause"),
    [
        ("invalid_client", "list index out of range", "list index out of range", "auth_error"),
        ("429 Too Many Requests", "rows is empty", "Step 2 failed: rows is empty", "rate_limit"),
        ("ETIMEDOUT", "KeyError: 'id'", "first: ETIMEDOUT; second: KeyError: 'id'", "network_error"),
        ("E17", "aborted", "Stripe: invalid API key provided", "auth_error"),
    ],
)
def test_what_the_execution_repeats_of_another_step_does_not_count(
    first: str, second: str, own: str, cause: str
) -> None:
    finding = explained(("first", "failed", first), ("second", "failed", second), error=own)
    assert finding.root_cause == cause


def test_the_text_keeps_what_the_execution_adds() -> None:
    steps = [{"action": "a", "status": "failed", "error": "E17"}, {"action": "b", "status": "failed", "error": "E1"}]
    assert scene_of({"steps": steps, "error": "E1: the licence ran out"}).text == "E17\n: the licence ran out"
    assert scene_of({"steps": steps, "error": "b failed: E1"}).text == "E17"
    assert scene_of({"steps": steps, "error": "E12"}).text == "E17\nE12"
    assert scene_of({"steps": [], "error": "E12"}).text == "E12"


_PERMISSION = """Traceback (most recent call last):
  File "/app/steps.py", line 3, in run
    document.save()
PermissionError: document 'Plan' is shared with bot@acme.example as commenter"""

_FRAMES = """Traceback (most recent call last):
  File "/srv/runner/missing_template.py", line 8, in require_template
    raise_if_missing(template, "template not found")
  File "/srv/runner/rate_limit.py", line 40, in within_rate_limit
    return check_rate_limit(quota_exceeded, retry_after=60)
notes.errors.APIError: the caller does not have permission"""


@pytest.mark.parametrize(
    ("action", "error", "cause"),
    [
        ("notes.append", _FRAMES, "auth_error"),
        ("Track parcel", "ShipFast answered 503 twice.", "network_error"),
        ("Ask the bot", "The assistant service is overloaded, please try again later", "network_error"),
        ("docs.append", _PERMISSION, "auth_error"),
        ("Post update", "Missing permissions for page 'Acme News'", "auth_error"),
        ("code.python", "ModuleNotFoundError: No module named 'pandas'", "missing_dependency"),
        ("sheets.read", "ModuleNotFoundError: No module named 'gspread'", "missing_dependency"),
        ("Run script", "bash: line 3: jq: command not found", "missing_tool"),
        ("Render PDF", "Process killed: out of memory (exit code 137)", "out_of_memory"),
    ],
)
def test_an_agents_action_has_causes_of_builds_only_where_its_words_are_sure(
    action: str, error: str, cause: str
) -> None:
    assert explained((action, "failed", error)).root_cause == cause


@pytest.mark.parametrize(
    ("action", "error", "cause"),
    [
        ("twilio.sms", {"code": 21610}, "invalid_data"),
        ("Send SMS via Twilio", "Error 20003", "auth_error"),
        ("whatsapp.send", {"code": 132001}, "missing_template"),
        ("whatsapp.send", "(#130429)", "rate_limit"),
        ("postgres.insert", {"sqlstate": "23502"}, "missing_field"),
        ("mysql.query", "ERROR 1045", "auth_error"),
        ("mongodb.insert", "E11000", "invalid_data"),
        ("outlook.send", "AADSTS700082", "auth_error"),
        ("discord.send", {"code": 50013}, "auth_error"),
        ("Query orders", "ORA-12541", "network_error"),
        ("list_mail", "invalid_grant", "auth_error"),
    ],
)
def test_a_published_code_alone_tells_the_cause(action: str, error: Any, cause: str) -> None:
    finding = explained((action, "failed", error))
    assert finding.root_cause == cause
    assert finding.fixes


@pytest.mark.parametrize(
    ("action", "error", "cause"),
    [
        ("browser.open", "net::ERR_CERT_DATE_INVALID at https://portal.example", "network_error"),
        ("Open page", "page.goto: net::ERR_NAME_NOT_RESOLVED", "network_error"),
        ("Test webhook", "expected 200 but got 502 from https://hooks.example/x", "network_error"),
        ("Ping hook", "wanted 2xx, received 401", "auth_error"),
        ("Ping hook", "expected 204, got 429", "rate_limit"),
        ("Send message", "F-9", "unknown"),
        ("Create invoice", "compile error in formula: unexpected ')' at 14", "logic_error"),
    ],
)
def test_other_marks_of_machines_tell_it_too(action: str, error: str, cause: str) -> None:
    assert explained((action, "failed", error)).root_cause == cause


@pytest.mark.parametrize(
    ("action", "error", "cause"),
    [
        ("hubspot.sync", "TypeError: Cannot read properties of null (reading 'token')", "missing_integration"),
        ("Copy deal", "client for Hub Spot is undefined", "missing_integration"),
        ("hubspot.sync", "429 Too Many Requests", "rate_limit"),
        ("slack.post", "TypeError: Cannot read properties of null (reading 'token')", "logic_error"),
    ],
)
def test_a_service_that_the_workspace_has_not_connected_is_the_cause(action: str, error: str, cause: str) -> None:
    services = (Integration(name="HubSpot", connected=False), Integration(name="Slack", connected=True))
    steps = [{"action": action, "status": "failed", "error": error}]
    scene = scene_of({"agent": "Helper", "steps": steps}, Workspace(integrations=services))
    assert find(scene).root_cause == cause


def test_a_number_that_is_no_code_of_the_service_tells_nothing() -> None:
    assert explained(("twilio.sms", "failed", {"code": 99999})).root_cause != "auth_error"
    assert explained(("Pay 1045", "failed", "1045 rows, mysql")).root_cause != "auth_error"
