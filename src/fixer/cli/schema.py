"""`fixer schema`: prints the JSON Schema of a file that users write, for completion in editors."""

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

COMMAND = "schema"
PANEL = "Set up"
ORDER = 40
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Name(StrEnum):
    """Files that have a schema."""

    INFO = "info"
    CONFIG = "config"
    WORKFLOW = "workflow"
    PATTERN = "pattern"
    EXECUTION = "execution"
    WORKSPACE = "workspace"


def command(
    name: Annotated[
        Name,
        typer.Argument(
            help="Which file: info (info.json), config (fixer.toml), workflow, pattern, execution or workspace."
        ),
    ],
) -> None:
    """Print a JSON Schema, for completion and checks in editors.

    Example: `fixer schema info > .vscode/info.schema.json`
    """
    sys.stdout.write(json.dumps(schema_of(name), indent=2) + "\n")


def schema_of(name: Name) -> dict[str, object]:
    """Return the schema: the types of `fixer.schema` with their descriptions, and the rules between keys."""
    from fixer.schema.pattern import PatternFile  # noqa: PLC0415
    from fixer.schema.request import Request  # noqa: PLC0415 - pydantic costs what --help must not pay
    from fixer.schema.settings import Settings  # noqa: PLC0415

    if name is Name.WORKFLOW:
        from fixer.input.workflow_keys import workflow_schema  # noqa: PLC0415

        return {**workflow_schema()}
    if name is Name.PATTERN:
        return {"$schema": _DIALECT, **PatternFile.model_json_schema(), "title": "a file of patterns_dir"}
    if name in {Name.EXECUTION, Name.WORKSPACE}:
        from fixer.input.record_keys import execution_schema, workspace_schema  # noqa: PLC0415

        return {"$schema": _DIALECT, **(execution_schema() if name is Name.EXECUTION else workspace_schema())}
    if name is Name.CONFIG:
        return {"$schema": _DIALECT, **Settings.model_json_schema(), "title": "fixer.toml"}
    schema = Request.model_json_schema(by_alias=True)
    for key, rule in schema["properties"].items():
        if key != "deterministic":
            # A key is left out or holds text: null is refused, by `fixer.input.request_file` as well.
            rule.pop("anyOf", None)
            rule.pop("default", None)
            rule.update(type="string", minLength=1)
    return {
        "$schema": _DIALECT,
        **schema,
        "title": "info.json",
        "not": {"required": ["url", "raw-logs"]},
        "anyOf": [{"required": [key]} for key in ("url", "raw-logs", "existing-test-path")],
    }
