"""Workspace files in both forms are read; what is wrong in one is refused with its place, all at once."""

import json
from pathlib import Path

import pytest

from fixer.errors import ConfigError
from fixer.input.problems import InputError
from fixer.input.workspace_file import parse_workspace, read_workspace
from fixer.schema.workspace import Agent, Integration, Quota, Template

LISTS = {
    "workspace": "acme",
    "templates": [{"name": "Outbound v2", "type": "email", "content": "Hi {{first_name}}"}, "Follow-up"],
    "integrations": [{"name": "Slack", "connected": False}, {"name": "Gmail", "status": "connected"}, "LinkedIn"],
    "custom_fields": ["budget", {"key": "seats"}],
    "agents": [{"name": "Outreach", "instructions": "Write.", "restrictions": {"email_per_day": 50}}],
    "quotas": [{"service": "email", "limit": 200, "per": "day"}],
    "credits": 40,
}
OBJECTS = {
    "id": "acme",
    "templates": {"Outbound v2": {"kind": "email", "body": "Hi {{first_name}}"}, "Follow-up": ""},
    "integrations": {"Slack": False, "Gmail": "active", "LinkedIn": "connected"},
    "customFields": {"budget": "number", "seats": None},
    "agents": {"Outreach": {"instructions": "Write.", "restrictions": {"email_per_day": 50}}},
    "quotas": {"email": {"limit": 200, "perSeconds": 86400}},
    "credits": 40,
}


@pytest.mark.parametrize("value", [LISTS, OBJECTS])
def test_both_forms_mean_the_same(value: object) -> None:
    found = parse_workspace(json.dumps(value).encode(), "ws.json")
    assert found.id == "acme"
    assert found.templates == (
        Template(name="Outbound v2", kind="email", body="Hi {{first_name}}"),
        Template(name="Follow-up"),
    )
    assert found.integrations == (
        Integration(name="Slack", connected=False),
        Integration(name="Gmail", connected=True),
        Integration(name="LinkedIn", connected=True),
    )
    assert found.custom_fields == ("budget", "seats")
    assert found.agents == (Agent(name="Outreach", instructions="Write.", restrictions={"email_per_day": 50}),)
    assert found.quotas == (Quota(service="email", limit=200, per_seconds=86400),)
    assert found.credits == 40


def test_an_empty_workspace_and_one_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "ws.json"
    path.write_text("{}")
    assert read_workspace(path).path == str(path)
    assert read_workspace(path).credits is None
    with pytest.raises(ConfigError, match="could not be read"):
        read_workspace(tmp_path / "gone.json")
    with pytest.raises(ConfigError, match="could not be read"):
        read_workspace(tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("[]", 1, 1, "is an object, this is an array"),
        ('{"templates": 3}', 1, 15, "takes an array or an object"),
        ('{"templates": [3]}', 1, 16, "is a name or an object"),
        ('{"templates": [{"body": "x"}]}', 1, 16, "has no name"),
        ('{"templates": [{"name": ""}]}', 1, 25, "is empty"),
        ('{"templates": [{"name": "x", "body": 1}]}', 1, 38, "takes a string"),
        ('{"templates": {"x": 1}}', 1, 21, "takes a string"),
        ('{"integrations": {"Slack": "conected"}}', 1, 28, "no state of a connection"),
        ('{"integrations": {"Slack": 1}}', 1, 28, "true, false or a word"),
        ('{"integrations": [{"name": "Slack",\n "connected": []}]}', 2, 15, "true, false or a word"),
        ('{"integrations": [{"name": "Slack", "expires": "soon"}]}', 1, 48, "is no time"),
        ('{"agents": [{"name": "A", "restrictions": 5}]}', 1, 43, "takes an object"),
        ('{"agents": [{"name": "A", "instructions": {}}]}', 1, 43, "takes a string"),
        ('{"quotas": [{"service": "email", "limit": 0}]}', 1, 43, "whole number from 1"),
        ('{"quotas": [{"service": "email", "limit": 1.5}]}', 1, 43, "whole number from 1"),
        ('{"quotas": [{"service": "email", "limit": 5, "per": "fortnight"}]}', 1, 53, "is no period"),
        ('{"credits": "many"}', 1, 13, "takes a number"),
        ('{"credits": -1}', 1, 13, "below zero"),
        ('{"credits": 1, "credits": 2}', 1, 16, "for a second time"),
        ('{"templates": [}', 1, 16, "missing before '}'"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_workspace(text.encode(), "ws.json")
    assert f"ws.json:{line}:{column}: " in refused.value.message
    assert message in refused.value.message


def test_every_problem_at_once() -> None:
    with pytest.raises(InputError) as refused:
        parse_workspace(b'{"templates": 1, "agents": [7], "credits": "x"}', "ws.json")
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    ("words", "limit", "unit", "seconds"),
    [
        ("about 1 message per second", 1, "message", 1),
        ("200/month", 200, "calls", 2_592_000),
        ("100 invitations a day", 100, "invitations", 86_400),
    ],
)
def test_a_quota_in_words(words: str, limit: int, unit: str, seconds: int) -> None:
    (quota,) = parse_workspace(json.dumps({"quotas": {"Slack": words}}).encode(), "w.json").quotas
    assert (quota.service, quota.limit, quota.unit, quota.per_seconds) == ("Slack", limit, unit, seconds)
