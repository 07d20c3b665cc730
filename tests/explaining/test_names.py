"""What an error names: a table of wordings for each kind of thing, with what is to be named, or that nothing is."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fixer.explaining.causes import find, missing_template
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading import fields, limits, names, rights, services, subjects, values
from fixer.explaining.causes.reading.essential import essential
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.schema.workspace import Workspace

FOLDER = Path(__file__).parent / "named"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
READERS: dict[str, Callable[[Scene], str]] = {
    "fields": fields.field,
    "values": lambda scene: values.value(scene, "", fields.field(scene)),
    "templates": missing_template.template,
    "services": services.service_of,
    "rights": rights.right,
    "accounts": rights.account,
    "limits": lambda scene: limits.name_of(scene, by_words=True),
    "hosts": lambda scene: names.host(essential(scene.text)),
    "nodes": subjects.node,
    "conditions": subjects.condition,
    "places": subjects.place,
}


def scene_of(action: str, error: Any) -> Scene:
    """Build what a cause sees of one failed step."""
    steps = [{"action": action, "status": "failed", "error": error}]
    record = parse_execution(json.dumps({"agent": "Bot", "steps": steps}).encode(), "record.json")
    failed, step = failed_step(record)
    return Scene(record, failed, step, Workspace(), NOW)


def rows() -> list[Any]:
    return [
        pytest.param(kind, *row, id=f"{kind}-{number}")
        for kind in READERS
        for number, row in enumerate(json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8")))
    ]


@pytest.mark.parametrize(("kind", "action", "error", "name"), rows())
def test_the_right_thing_is_named_or_none(kind: str, action: str, error: Any, name: str) -> None:
    assert READERS[kind](scene_of(action, error)) == name


@pytest.mark.parametrize(
    ("action", "error", "said"),
    [
        ("lookup", "401 Unauthorized", "401 Unauthorized"),
        (
            "push",
            "read ECONNRESET\n    at TLSWrap.onStreamRead (node:internal/stream_base_commons:217:20)",
            "read ECONNRESET",
        ),
        ("fetch", "starting\nattempt 1 of 1\nToo many requests, slow down\ndone", "Too many requests, slow down"),
        ("render", "Template not found", "Template not found"),
        ("book", "The account is not linked", "The account is not linked"),
        ("import", "json.decoder.JSONDecodeError: Expecting value: line 1", "Expecting value: line 1"),
        ("save", "A required field is missing", "A required field is missing"),
        (
            "geocode",
            "Error code: 429 - {'error': {'code': 17, 'message': 'Too many requests, slow down'}}",
            "Error code: 429 Too many requests, slow down",
        ),
        ("sum", "ZeroDivisionError: division by zero", "division by zero"),
    ],
)
def test_where_nothing_has_a_name_each_fix_quotes_what_was_said(action: str, error: str, said: str) -> None:
    for fix in find(scene_of(action, error)).fixes:
        assert said in fix.description


@pytest.mark.parametrize(
    ("action", "error", "named"),
    [
        (
            "upload",
            (
                "An error occurred (AccessDenied) when calling the PutObject operation: User: arn:aws:sts::1111222233:"
                "assumed-role/archiver/i-0ab is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu:k/9"
            ),
            "'archiver' of AWS the right 'kms:Decrypt'",
        ),
        ("send_sms", "[21211 400] Invalid 'To' Phone Number: +44 7700 9001", "'phone' ('+44 7700 9001')"),
        ("Sync", "Giving up. ratesapi says: 429 Too Many Requests", "the limit of ratesapi"),
        (
            "dbt run",
            (
                "02:00:41  1 of 12 START table marts.x [RUN]\n02:00:44  Warehouse 'LOAD_WH' cannot be resumed because "
                "resource monitor 'BUDGET_Q3' has exceeded its quota."
            ),
            "the limit 'BUDGET_Q3'",
        ),
        (
            "Set fields",
            "Referenced node doesn't exist: The node <strong>'Enrich Lead'</strong> doesn't exist",
            "'Enrich Lead'",
        ),
        ("post", "Slack is not connected: install the app in channel '#deals'", "Slack with '#deals'"),
    ],
)
def test_a_fix_names_the_thing_itself(action: str, error: str, named: str) -> None:
    assert named in " | ".join(fix.description for fix in find(scene_of(action, error)).fixes)


def test_a_frame_of_a_traceback_is_no_name() -> None:
    error = (
        'jinja2.exceptions.TemplateNotFound: day3.html\n  File "/srv/agents/mailer.py", line 88, in render\n'
        "    tpl = env.get_template('other')\n  at com.acme.Mail.send(Mail.java:77)"
    )
    finding = find(scene_of("Send mail", error))
    said = " ".join(f"{fix.description} {fix.action}" for fix in finding.fixes)
    assert "day3.html" in said
    assert "mailer.py" not in said
    assert "77)" not in said


def test_a_field_that_the_error_does_not_name_is_the_only_one_without_a_value() -> None:
    steps = [
        {"action": "load", "status": "success", "result": {"first_name": "Ada", "demo_link": None}},
        {"action": "write", "status": "failed", "error": "a required field is missing"},
    ]
    record = parse_execution(json.dumps({"steps": steps}).encode(), "record.json")
    failed, step = failed_step(record)
    finding = find(Scene(record, failed, step, Workspace(), NOW))
    assert all("'demo_link'" in fix.description for fix in finding.fixes[1:])
