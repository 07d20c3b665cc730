"""What is quoted of a build is the line that decides, and what another task or step said does not count."""

import json
from typing import Any

import pytest

from fixer.explaining.causes import find
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.build_text import decisive, first_error
from fixer.explaining.causes.reading.said import last_printed, limit_in
from fixer.explaining.causes.reading.variables import unset_in
from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.schema.root_cause import RootCause
from fixer.schema.workspace import Workspace
from tests.explaining.corpus import NOW


def explained(*steps: dict[str, Any], **more: str) -> Finding:
    record = {"id": "e", "pipeline": "ci", "job": "build", "status": "failed", "steps": steps, **more}
    parsed = parse_execution(json.dumps(record).encode(), "record.json")
    failed, step = failed_step(parsed)
    return find(Scene(parsed, failed, step, Workspace(), NOW))


def failing(action: str, error: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": action, "status": "failed", "error": error, **more}


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("E: PAGE_TOKEN empty", "PAGE_TOKEN"),
        ("$WEBHOOK_URL is blank", "WEBHOOK_URL"),
        ("deploy: REGION=''", "REGION"),
        ("BUCKET_NAME: <unset>", "BUCKET_NAME"),
        ("no SIGNING_KEY given", "SIGNING_KEY"),
        ("CACHE_DIR was never set", "CACHE_DIR"),
        ("environment variable MAIL_FROM is missing", "MAIL_FROM"),
        ("PUSH_TOKEN is expired", ""),
        ("PUSH_TOKEN has been revoked", ""),
        ("environment variable PUSH_TOKEN is invalid", ""),
        ("PUSH_TOKEN is not valid", ""),
        ("HTTP_PROXY is not a url", ""),
        ("JSON empty", ""),
    ],
)
def test_a_variable_is_unset_or_its_value_is_refused(text: str, variable: str) -> None:
    assert unset_in(text) == variable


def test_what_was_ended_because_another_task_failed_is_no_reason() -> None:
    log = "app:build: src/a.ts(3,1): error TS2304: Cannot find name 'b'.\napp:build: exited (2)\n"
    log += "site:build: command finished with error: signal: killed (cancelled)"
    finding = explained(failing("build all", log))
    assert finding.root_cause is RootCause.COMPILE_ERROR
    assert "src/a.ts:3" in finding.fixes[0].description
    killed = explained(failing("build all", "app:build: bundling\nsite:build: signal: killed"))
    assert killed.root_cause is RootCause.OUT_OF_MEMORY


def test_what_a_later_step_said_is_no_reason() -> None:
    waited = failing("apply", "Error: waiting for the instance: timeout while waiting for state (timeout: 20m0s)")
    finding = explained(waited, failing("configure", "DB_ADDRESS empty"), error="DB_ADDRESS empty")
    assert finding.root_cause is RootCause.TIMEOUT
    assert "DB_ADDRESS" not in finding.explanation


def test_a_structure_is_read_line_by_line() -> None:
    error = {"exitCode": 127, "log": ["#4 RUN ./gen.sh", "#4 0.2 ./gen.sh: line 2: xsltproc: not found"]}
    finding = explained(failing("docker build", error))
    assert finding.root_cause is RootCause.MISSING_TOOL
    assert "Install xsltproc" in finding.fixes[0].description
    ended = explained(failing("train", {"reason": "OOMKilled", "limit": "3Gi", "exit_code": 137}))
    assert "the limit is 3Gi" in ended.explanation


def test_the_words_before_a_structure_in_a_text_are_kept() -> None:
    finding = explained(failing("upload", 'the store refused site.zip: {"status": 403, "message": "Forbidden"}'))
    assert finding.root_cause is RootCause.AUTH_ERROR
    assert "site.zip" in finding.explanation


def test_a_server_that_only_the_input_names_is_named() -> None:
    step = failing("docker pull", "received unexpected HTTP status: 500 Internal Server Error")
    finding = explained({**step, "input": {"image": "images.acme.example/base/ruby:3"}})
    assert finding.root_cause is RootCause.INFRASTRUCTURE
    assert "images.acme.example" in finding.fixes[0].description
    assert "machine failed" not in finding.explanation


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Error: [S-7282]\n  The plan failed\n", "The plan failed"),
        ("●●●◼●\nspec/a.lua @ 4: error: boom", "spec/a.lua @ 4: error: boom"),
        ("In src/a.cr:2:1\n\n 2 | require \"b\"\nError: can't find file 'b'", "Error: can't find file 'b'"),
        ("Missing for app:\n   json >= 2 (not installed)", "Missing for app: json >= 2 (not installed)"),
        ("Tests: 1 failed, 4 passed\n  ● cart \u203a adds", "● cart \u203a adds"),
        ("ERROR: Failed to build gem native extension.\nCan't find 'zlib.h'", "Can't find 'zlib.h'"),
    ],
)  # fmt: skip
def test_a_mark_a_code_or_a_headline_is_not_what_was_said(text: str, line: str) -> None:
    assert first_error(text) == line


def test_a_warning_goes_with_what_is_drawn_under_it() -> None:
    warned = 'warning: variable "a" is unused\n   \u2502\n 12 \u2502 def f(a)\n   \u2514\u2500 lib/a.ex:12:3\n\n'
    assert decisive(f'{warned}error: undefined variable "b"\n   \u2514\u2500 lib/b.ex:4:9').splitlines() == [
        "",
        'error: undefined variable "b"',
        "   \u2514\u2500 lib/b.ex:4:9",
    ]


def test_the_line_that_names_the_thing_is_quoted() -> None:
    log = "Installing dependencies (they are required)\nYour lock file does not fit.\n"
    log += "  - acme/pdf 2 requires ext-imagick * -> it is missing from your system."
    finding = explained(failing("composer install", log))
    assert "It said: acme/pdf 2 requires ext-imagick" in finding.explanation
    assert "PHP's extension imagick" in finding.fixes[0].description


def test_what_asked_for_what_is_missing_is_named() -> None:
    log = "checking for magic.h... no\n*** extconf.rb failed ***\nAn error occurred while installing filemagic (0.7.3)"
    finding = explained(
        failing("bundle install", f"Gem::Ext::BuildError: Failed to build gem native extension.\n{log}")
    )
    assert finding.root_cause is RootCause.MISSING_DEPENDENCY
    assert "magic.h" in finding.fixes[0].description
    assert "filemagic" in finding.fixes[0].description


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (
            "starting\n  \u23f3  Wait for the map\nError: The action 'e2e' has timed out after 9 minutes.",
            "Wait for the map",
        ),
        ("[info] RebuildSpec:\nERROR: Job failed: execution took longer than 1h0m0s seconds", "RebuildSpec"),
        ("$ make e2e\ntimeout: no output for 10 minutes", ""),
        ("reason: timeout\nlast_output: waiting for the frame", "waiting for the frame"),
    ],
)
def test_what_ran_last_before_the_time_was_up(text: str, last: str) -> None:
    assert last_printed(text) == last


def test_a_limit_may_be_named_by_its_unit() -> None:
    assert limit_in("cancelled: max_minutes=45 reached") == "45 minutes"
    assert limit_in('"timeout_in_seconds": 90') == "90 seconds"


@pytest.mark.parametrize(
    "error",
    [":" * 9000, "[" * 9000 + " failed x", "\u2502 " * 5000 + "error y", "requires " * 2000, {"log": ["a"] * 3000}, {}],
)
def test_a_step_that_printed_nothing_sensible_is_explained_all_the_same(error: str | dict[str, Any]) -> None:
    finding = explained(failing("build", error))
    assert finding.explanation
    assert "None" not in finding.explanation
