"""`fixer schema`: the schemas describe every key and agree with what fixer accepts."""

import json

from fixer.errors import ExitCode
from fixer.input.config import known_keys
from fixer.input.request_file import KEYS, REQUIRED
from tests.conftest import Fixer


def test_info(fixer: Fixer) -> None:
    done = fixer("schema", "info")
    assert (done.code, done.stderr) == (ExitCode.OK, "")
    schema = json.loads(done.stdout)
    assert set(schema["properties"]) == set(KEYS)
    assert set(schema["required"]) == set(REQUIRED)
    assert schema["additionalProperties"] is False
    assert all(rule["description"] for rule in schema["properties"].values())
    assert {rule["type"] for key, rule in schema["properties"].items() if key != "deterministic"} == {"string"}


def test_config(fixer: Fixer) -> None:
    done = fixer("schema", "config")
    assert (done.code, done.stderr) == (ExitCode.OK, "")
    schema = json.loads(done.stdout)
    for key in known_keys():
        rule = schema
        for part in key.split("."):
            rule = rule["properties"][part]
            if "$ref" in rule:
                rule = schema["$defs"][rule["$ref"].rpartition("/")[2]]
        assert "default" in rule, key
    assert schema["properties"]["output_dir"]["description"] == "Where reports go, relative to the repository."
    assert "description" in schema["$defs"]["SandboxSettings"]["properties"]["network"]


def test_workflow(fixer: Fixer) -> None:
    done = fixer("schema", "workflow")
    assert (done.code, done.stderr) == (ExitCode.OK, "")
    step = json.loads(done.stdout)["$defs"]["step"]
    assert step["required"] == ["name"]
    assert {"command", "args", "env", "conditions", "on_failure", "on_success", "analysis"} <= set(step["properties"])
    assert all(rule["description"] for rule in step["properties"].values())


def test_pattern(fixer: Fixer) -> None:
    done = fixer("schema", "pattern")
    assert (done.code, done.stderr) == (ExitCode.OK, "")
    schema = json.loads(done.stdout)
    entry = schema["$defs"]["Pattern"]
    assert {"id", "pattern", "root_cause", "explanation", "fix", "example", "source"} == set(entry["required"])
    assert all(rule.get("description") for rule in entry["properties"].values() if "$ref" not in rule)
    assert {"type": "string"} in entry["properties"]["steps"]["items"]["anyOf"]


def test_an_unknown_name_leaves_with_2(fixer: Fixer) -> None:
    done = fixer("schema", "nothing")
    assert (done.code, done.stdout) == (ExitCode.USAGE, "")
