"""The step that is told is the one that a reader of the whole record would name."""

import json
from typing import Any

import pytest

from fixer.explaining.failed_step import failed_step
from fixer.input.execution_file import parse_execution
from fixer.schema.explanation import FailedStep


def step(action: str, status: str, error: Any = None, result: Any = None, **further: Any) -> dict[str, Any]:
    return {"action": action, "status": status, "error": error, "result": result} | further


def failed(*steps: dict[str, Any], error: str | None = None) -> FailedStep:
    record = {"id": "r", "status": "failed", "steps": list(steps), "error": error}
    return failed_step(parse_execution(json.dumps(record).encode(), "r.json"))[0]


LACKS = step("Pick the first one", "failed", "IndexError: list index out of range")
OTHER = step("hubspot.create", "failed", "Property values were not valid: email")


@pytest.mark.parametrize(
    "remark",
    [
        "warning: page 2 answered slowly",
        "attempt 1: timeout, attempt 2: ok",
        "502 at first, retried",
        "429, recovered on retry",
        "deprecated endpoint /v1/contacts",
        "Hinweis: alte Schnittstelle",
        "non-fatal: cache not written",
        "timed out, fell back to the stored list",
    ],
)
def test_a_remark_of_a_step_that_was_done_is_no_failure(remark: str) -> None:
    assert failed(step("crm.fetch", "success", remark, {"rows": 3}), LACKS).step_number == 2
    assert failed(step("crm.fetch", "success", remark), step("save", "skipped")).step_number == 1


def test_a_count_in_a_result_is_no_error() -> None:
    assert failed(step("Look at the log", "success", None, "failed logins of the day: 3"), LACKS).step_number == 2


def test_the_error_of_a_step_that_is_marked_as_done_is_the_cause_of_what_lacks_its_result() -> None:
    told = failed(step("crm.fetch", "success", "HTTP 401: key revoked"), LACKS)
    assert (told.step_number, told.error) == (1, "HTTP 401: key revoked")


@pytest.mark.parametrize(
    ("result", "then"),
    [
        ("Login failed: wrong password.", "Element #invoice not found"),
        ('Could not register the device: "account locked".', "No file"),
        ({"message": "Unable to open the sheet: permission denied"}, "rows is empty"),
        ("Anmeldung fehlgeschlagen: Passwort abgelaufen", "Seite nicht gefunden"),
        ("Impossible de se connecter : compte bloqué", "Lien introuvable"),
        ("No se pudo abrir la hoja: sin permiso", "no encontrado"),
    ],
)
def test_a_step_that_plainly_did_not_do_its_work_is_the_cause(result: Any, then: str) -> None:
    told = failed(step("Open the portal", "completed", None, result), step("Download", "failed", then))
    assert told.step_number == 1
    assert told.error == (result if isinstance(result, str) else result["message"])


@pytest.mark.parametrize(
    ("result", "then"),
    [
        ("Login failed: wrong password.", "429 Too Many Requests"),
        ("Could not find a profile for Ana", "profile not found"),
        ("Could not enrich 2 of 40 leads", "IndexError: list index out of range"),
        ("Could not load the new list, used the cached one", "rows is empty"),
        ("The customer writes: I could not sign in since Monday.", "label not found"),
        ("Could not " + "say " * 100, "label not found"),
    ],
)
def test_other_results_are_not_the_cause(result: str, then: str) -> None:
    assert failed(step("Look", "completed", None, result), step("Use", "failed", then)).step_number == 2


@pytest.mark.parametrize(
    "result",
    [
        "Stopped after 12 of 90 rows: the licence covers 12 a day.",
        "Blocked because the token was revoked",
        "Cancelled after 3 failed attempts: 401 Unauthorized",
        {"message": "quota reached"},
    ],
)
def test_the_result_of_a_failed_step_is_as_good_as_an_error(result: Any) -> None:
    told = failed(step("Look up", "failed", None, result), step("Add", "failed", "Nothing to add"), error="Nothing")
    assert told.step_number == 1


@pytest.mark.parametrize(
    "consequence",
    [
        "cancelled because step 2 failed",
        "Aborted due to an upstream failure",
        "stopped after the previous step",
        "skipped because there is no input",
    ],
)
def test_what_failed_because_of_another_step_is_not_the_cause(consequence: str) -> None:
    assert failed(step("Transform", "failed", consequence), step("Load", "failed", "ECONNREFUSED")).step_number == 2


@pytest.mark.parametrize(
    "may_fail",
    [
        step("Company data (optional)", "failed", "404"),
        step("policy check [allow_failure]", "failed", "404"),
        step("enrich", "failed", "410 (a non-critical task, the rest goes on)"),
        step("enrich", "failed", "503; failure ignored"),
        step("enrich", "failed", "404", onError="continueRegularOutput"),
        step("enrich", "failed", "404", continue_on_error="true"),
        step("enrich", "failed", "404", options={"continueOnFail": True}),
        step("enrich", "failed", "404", required=False),
    ],
)
def test_a_step_that_may_fail_gives_way_to_another(may_fail: dict[str, Any]) -> None:
    assert failed(may_fail, OTHER).step_number == 2
    assert failed(may_fail).step_number == 1


@pytest.mark.parametrize(
    "must_not",
    [
        step("Check optionality", "failed", "404"),
        step("enrich", "failed", "the parameter is optional, its value is wrong", onError="stop"),
        step("enrich", "failed", "404", options={"continueOnFail": False}),
    ],
)
def test_another_one_does_not(must_not: dict[str, Any]) -> None:
    assert failed(must_not, OTHER).step_number == 1


def test_the_step_that_ran_when_the_machine_was_lost_is_told() -> None:
    lost = "The runner builder-7 lost communication with the server."
    told = failed(step("Set up job", "success"), step("mvn verify", "in_progress"), error=lost)
    assert (told.step_number, told.error) == (2, lost)
