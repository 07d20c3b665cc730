"""Services as records really show them: wrapped errors, answers that were not read, what was sent, code of steps.

Each row is told by a record, and by what the explanation and its fixes must, or must not, say.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.innermost import innermost
from fixer.explaining.causes.reading.rights import right
from fixer.explaining.causes.reading.services import service_of
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.input.workspace_file import parse_workspace

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def scene_of(record: dict[str, Any], workspace: dict[str, Any] | None = None) -> Scene:
    whole = {"agent": "Bot", "workspace": "w", "status": "failed", **record}
    read = parse_execution(json.dumps(whole).encode(), "record.json")
    known = parse_workspace(json.dumps(workspace or {}).encode(), "workspace.json")
    failed, step = failed_step(read)
    return Scene(read, failed, step, known, NOW)


def one_step(action: str, error: Any, **more: Any) -> dict[str, Any]:
    return {"steps": [{"action": action, "status": "failed", "error": error, **more}]}


def told(scene: Scene) -> tuple[str, str, str]:
    """Return the cause, the explanation and all fixes in one text."""
    finding = find(scene)
    fixes = " | ".join(f"{fix.description} {fix.action}" for fix in finding.fixes)
    return finding.root_cause.value, finding.explanation, fixes


@pytest.mark.parametrize(
    ("steps", "number"),
    [
        ([("ok", ""), ("failed", "Aborted after 50 turns: step 1 was visited 50 times")], 2),
        ([("ok", ""), ("ok", ""), ("failed", "step 2 was called with the same input again")], 3),
        ([("failed", "timeout"), ("failed", "Cancelled because step 1 failed")], 1),
        ([("failed", "503"), ("ok", ""), ("failed", "Stopped after 3 attempts: step 2 never ended")], 1),
        ([("running", ""), ("failed", "aborted since step 1 did not complete")], 1),
    ],
)
def test_a_step_that_went_well_and_is_only_mentioned_is_not_the_cause(
    steps: list[tuple[str, str]], number: int
) -> None:
    record = {
        "steps": [
            {"action": f"do {place}", "status": status, **({"error": error} if error else {"result": {"n": 1}})}
            for place, (status, error) in enumerate(steps, 1)
        ]
    }
    assert scene_of(record).failed.step_number == number


@pytest.mark.parametrize(
    ("error", "field", "value"),
    [
        ({"message": 'Field "Rent" is not valid', "input": {"Tenant": "Ada", "Rent": "ca. 900"}}, "Rent", "ca. 900"),
        ({"message": "Invalid value for 'Move in'", "input": {"fields": {"moveIn": "soon"}}}, "Move in", "soon"),
        (
            {"errors": [{"field": "zip", "message": "is invalid"}], "request": {"body": {"name": "A", "zip": "12"}}},
            "zip",
            "12",
        ),
        (
            {"message": "Field 'size' cannot be parsed", "config": {"data": '{"colour": "red", "size": "XXM"}'}},
            "size",
            "XXM",
        ),
    ],
)
def test_the_value_is_the_one_that_was_sent_under_the_field_of_the_error(error: Any, field: str, value: str) -> None:
    cause, explanation, fixes = told(scene_of(one_step("crm.save", error)))
    assert cause == "invalid_data"
    assert field in explanation
    assert value in fixes


def test_what_was_sent_is_no_part_of_what_was_said() -> None:
    sent = {"fields": {"subject": "invoice limit reached", "project": "COB"}}
    error = {"message": "due_date is required", "request": {"url": "https://api.pm.example/x", "body": sent}}
    scene = scene_of(one_step("pm.create", error))
    assert "limit reached" not in scene.text
    assert "api.pm.example" in scene.text
    cause, explanation, _ = told(scene)
    assert cause == "missing_field"
    assert "'due_date'" in explanation


def test_a_code_is_no_field() -> None:
    error = {"code": 400, "errors": [{"reason": "invalidArgument", "message": "Recipient address required"}]}
    record = {
        "steps": [
            {"action": "shop.order", "status": "success", "result": {"buyer_email": None, "total": 12}},
            {"action": "mail.send", "status": "failed", "error": error},
        ]
    }
    cause, explanation, fixes = told(scene_of(record))
    assert cause == "missing_field"
    assert "'buyer_email'" in explanation
    assert "invalidArgument'" not in fixes.split(": it said")[0]


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ("This action requires merchant approval for write_products scope.", "write_products"),
        ("(#200) Requires pages_read_user_content permission", "pages_read_user_content"),
        ("Missing Permissions: MANAGE_ROLES", "MANAGE_ROLES"),
        ("403: the token lacks the write:packages scope", "write:packages"),
        ("403: you need the Contributor role on resource group rg-1", "Contributor"),
        ("Your user lacks the publish_pages capability (rest_cannot_publish)", "publish_pages"),
        ("The app has not all required scopes. Required: crm.lists.write", "crm.lists.write"),
        ('You do not have the "Edit Sprints" permission in project OPS', "Edit Sprints"),
        ("Se requiere el permiso manage_calendar para esta acción", "manage_calendar"),
        ("Die Berechtigung grades_write fehlt", "grades_write"),
        ("role REPORTER lacks the INSERT privilege", "INSERT"),
        ("admin role required", "admin"),
        ("insufficient_scope", ""),
        ("403 PERMISSION_DENIED: the caller does not have the required permission", ""),
        ("permission denied for table order_items", ""),
    ],
)
def test_the_right_stands_before_or_after_the_word_for_it(error: str, name: str) -> None:
    assert right(scene_of(one_step("api.call", error))) == name


@pytest.mark.parametrize(
    ("status", "body", "cause", "said"),
    [
        (502, "<html><title>502 Bad Gateway</title></html>", "network_error", "502 Bad Gateway"),
        (503, "<html><h1>Back soon</h1></html>", "network_error", "503 Service Unavailable"),
        (429, "<html><title>Slow down</title></html>", "rate_limit", "429 Too Many Requests"),
        (403, "<!DOCTYPE html><title>403 Forbidden</title>", "auth_error", "403 Forbidden"),
        (200, "<!DOCTYPE html><title>Log in to Depot</title>", "auth_error", "Log in to Depot"),
        (200, "<!DOCTYPE html><title>Depot</title>", "invalid_data", "is not valid JSON"),
    ],
)
def test_of_a_page_instead_of_data_its_own_status_is_the_evidence(
    status: int, body: str, cause: str, said: str
) -> None:
    answer = {"statusCode": status, "url": "https://api.depot.example/v2/stock", "body": body}
    error = "Unexpected token '<', \"<html>\r\n<h\"... is not valid JSON"
    found, explanation, fixes = told(scene_of(one_step("read stock", error, result=answer)))
    assert found == cause
    assert said in explanation + fixes
    assert (cause == "invalid_data") or '<h"' not in explanation + fixes


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            "Max retries (Caused by SSLError(SSLCertError(1, '[SSL: X] certificate has expired (a:1)')))",
            "[SSL: X] certificate has expired (a:1)",
        ),
        (
            "Retries (Caused by NewConnectionError('<x.Connection object at 0x7f>: [Errno 111] Connection refused'))",
            "[Errno 111] Connection refused",
        ),
        (
            "Failed; nested exception is org.b.TopicException: Not authorized to access topics: [a.v2]\n\tat x",
            "Not authorized to access topics: [a.v2]",
        ),
        (
            "TypeError: fetch failed\n  [cause]: Error: unable to verify the first certificate\n    at y",
            "unable to verify the first certificate",
        ),
        (
            "X: see inner exception. ---> Y.AuthException: The remote certificate is invalid",
            "The remote certificate is invalid",
        ),
        ("Connection refused", ""),
        ("caused by: E1", ""),
    ],
)
def test_the_innermost_reason_of_wrapped_errors_is_told(error: str, reason: str) -> None:
    assert innermost(error) == reason


def test_the_innermost_reason_is_quoted_and_judged() -> None:
    error = "TypeError: fetch failed\n  [cause]: Error: self-signed certificate in certificate chain\n      at z"
    cause, explanation, fixes = told(scene_of(one_step("http.get prices", error)))
    assert cause == "network_error"
    assert "its certificate is not accepted" in explanation
    assert "self-signed certificate" in fixes


CODE = "function run(input) {\n  return input.rows.map(r => r.id);\n}"


@pytest.mark.parametrize(
    ("gave", "source", "error", "names"),
    [
        ({"entries": [1], "total": 1}, CODE, "reading 'map')\n    at run (step.js:2:20)", ["input.rows", "'entries'"]),
        ({"entries": [1]}, "1: a = 1\n2: input.rows.map(f)", "reading 'map')\n    at x (code:2:9)", ["input.rows"]),
        ({"id": 4, "owner": None}, "return input.owner.name", "reading 'name')\n    at y (code:1:9)", ["input.owner"]),
    ],
)
def test_code_of_a_step_is_told_by_what_it_read_and_what_was_given(
    gave: Any, source: str, error: str, names: list[str]
) -> None:
    message = f"TypeError: Cannot read properties of undefined ({error}\n    at Sandbox.run (/runtime/sandbox.js:8:1)"
    record = {
        "steps": [
            {"action": "http.get rows", "status": "success", "result": gave},
            {"action": "code: pick", "status": "failed", "error": message, "result": {"source": source}},
        ]
    }
    cause, explanation, fixes = told(scene_of(record))
    assert cause == "logic_error"
    assert [name for name in names if name not in explanation + fixes] == []
    assert "/runtime/" not in fixes


def test_a_variable_of_the_code_itself_is_not_looked_for_in_what_was_given() -> None:
    source = "for row in rows:\n    print(row['total'])"
    error = "Traceback (most recent call last):\n  File \"step.py\", line 2, in <module>\nKeyError: 'total'"
    record = {
        "steps": [
            {"action": "shop.list", "status": "success", "result": {"orders": []}},
            {"action": "python", "status": "failed", "error": error, "code": source},
        ]
    }
    assert "'orders'" not in told(scene_of(record))[2]


@pytest.mark.parametrize(
    ("error", "cause", "name"),
    [
        ("tmpl['spring_offer'] is nil, 40 rows dropped", "missing_template", "spring_offer"),
        ("template(spring_offer) -> undefined", "missing_template", "spring_offer"),
        ("template variable first_name is null", "missing_field", "first_name"),
        ("render aborted, 1 unresolved", "missing_field", "due_date"),
    ],
)
def test_a_terse_error_of_a_template_is_told_by_the_workspace_and_the_record(error: str, cause: str, name: str) -> None:
    workspace = {
        "templates": [{"name": "Due soon", "body": "Hi {{name}}, due {{ contact.due_date }}"}],
        "agents": [{"name": "Bot", "instructions": "Send 'Due soon' to all."}],
    }
    record = {
        "steps": [
            {"action": "crm.get", "status": "success", "result": {"name": "Ivo", "phone": "", "due_date": None}},
            {"action": "mail.compose", "status": "failed", "error": error},
        ]
    }
    found, explanation, _ = told(scene_of(record, workspace))
    assert found == cause
    assert f"'{name}'" in explanation


@pytest.mark.parametrize(
    ("error", "integrations", "service"),
    [
        ("whatsapp: channel unbound", {"WhatsApp Business": False, "Pipedrive": True}, "WhatsApp Business"),
        ("zoho: 401", {"Zoho CRM": True, "Zoho Desk": True}, "Zoho"),
        ("Azure.RequestFailed: requests under Azure OpenAI API version 1 were too many", {}, "Azure OpenAI"),
    ],
)
def test_a_service_has_its_longer_name_where_there_is_one(error: str, integrations: Any, service: str) -> None:
    assert service_of(scene_of(one_step("send it", error), {"integrations": integrations})) == service


def test_an_error_of_the_execution_alone_is_read_with_its_structure() -> None:
    inner = {
        "status": 403,
        "message": "insufficient scopes",
        "details": [{"metadata": {"service": "sheets.googleapis.com"}}],
    }
    scene = scene_of({"steps": [], "error": {"message": "Workflow failed", "cause": inner}})
    assert service_of(scene) == "Google Sheets"


@pytest.mark.parametrize(
    ("error", "workspace", "cause", "said"),
    [
        (
            'Lookup of template "Offer 2026" gave 0 rows: TEMPLATE_ID_INVALID: Invalid template ID.',
            {"templates": ["Offer 2025"], "agents": [{"name": "Bot", "instructions": "Send Offer 2026 to all."}]},
            "missing_template",
            "'Offer 2025'",
        ),
        (
            "EvaluationError: steps.load_cost.output => undefined (in scope: steps.load_costs)",
            {},
            "logic_error",
            "not set",
        ),
        ("NullPointerException: null value for (non-nullable) string at Order.iban", {}, "missing_field", "'iban'"),
        ("TypeError: fetch failed: Connect Timeout Error (attempted a.example:443)", {}, "network_error", "in time"),
        ("Loop guard: returned to step 1 for the 90th time", {}, "logic_error", "in circles"),
        (
            "Quota exceeded for metric 'Reads' and limit 'Reads per day per user'",
            {},
            "rate_limit",
            "'Reads per day per user'",
        ),
    ],
)
def test_what_surely_decides_is_told(error: str, workspace: Any, cause: str, said: str) -> None:
    found, explanation, _ = told(scene_of(one_step("send offer", error), workspace))
    assert found == cause
    assert said in explanation


def test_a_page_to_sign_in_is_read_out_of_a_bare_result() -> None:
    page = "<!DOCTYPE html><html><head><title>Sign in - Depot</title></head></html>"
    cause, explanation, _ = told(scene_of(one_step("read stock", "Unexpected token < in JSON", result=page)))
    assert cause == "auth_error"
    assert "Sign in - Depot" in explanation
