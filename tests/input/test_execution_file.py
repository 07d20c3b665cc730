"""Execution records in every spelling are read; what is wrong in one is refused with its place, all at once."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.errors import FixerError
from fixer.input.execution_file import parse_execution
from fixer.input.json_shape import moment
from fixer.input.problems import InputError
from fixer.schema.execution_record import ExecutionRecord, RecordStatus

WHOLE = {
    "id": "run-7",
    "workspace": "acme",
    "agent": "Outreach",
    "status": "failed",
    "trigger": "schedule",
    "startTime": "2026-03-01T09:00:00Z",
    "endTime": "2026-03-01T09:00:05+01:00",
    "creditsUsed": 3.5,
    "testMode": True,
    "steps": [
        {"action": "load_contacts", "status": "completed", "duration": 120, "result": {"count": 3}},
        {
            "action": "send_email",
            "stepStatus": "failed",
            "result": {"error": "Template 'Outbound v3' not found"},
            "timestamp": 1772355605000,
        },
    ],
    "error": {"code": "STEP_FAILED", "message": "step 2 failed"},
    "variables": {"contact": "Ada"},
}


def parse(value: object) -> ExecutionRecord:
    return parse_execution(json.dumps(value).encode(), "record.json")


def test_a_whole_record() -> None:
    record = parse(WHOLE)
    assert (record.id, record.workspace, record.agent, record.trigger) == ("run-7", "acme", "Outreach", "schedule")
    assert record.status is RecordStatus.FAILED
    assert (record.start_time, record.end_time) == ("2026-03-01T09:00:00+00:00", "2026-03-01T09:00:05+01:00")
    assert (record.credits_used, record.test_mode) == (3.5, True)
    assert record.error == "[STEP_FAILED] step 2 failed"
    assert record.context == {
        "variables": {"contact": "Ada"},
        "error": {"code": "STEP_FAILED", "message": "step 2 failed"},
    }
    first, second = record.steps
    assert (first.number, first.status, first.duration, first.error) == (1, RecordStatus.COMPLETED, 120, "")
    assert (second.status, second.error) == (RecordStatus.FAILED, "Template 'Outbound v3' not found")
    assert second.timestamp == "2026-03-01T09:00:05+00:00"


def test_both_spellings_are_one() -> None:
    def snake(value: object) -> object:
        if isinstance(value, dict):
            return {
                "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key): snake(part)
                for key, part in value.items()
            }
        return [snake(part) for part in value] if isinstance(value, list) else value

    assert parse(snake(WHOLE)) == parse(WHOLE)
    assert parse({"execution": WHOLE}) == parse(WHOLE)


def test_what_is_missing_is_not_said() -> None:
    record = parse({"error": "boom", "id": None, "agent": None, "steps": None})
    assert record.status is RecordStatus.FAILED
    assert record.workspace == "default"
    assert record.steps == ()
    assert record.id == parse({"steps": None, "agent": None, "error": "boom", "id": None}).id, "made of the content"
    assert record.id != parse({"error": "boom!"}).id


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("plain", "plain"),
        ({"message": "no such field"}, "no such field"),
        ({"error": {"error": {"message": "deep"}}}, "deep"),
        (
            {"code": 429, "message": "Too many", "cause": {"message": "quota of Slack"}},
            "[429] Too many: quota of Slack",
        ),
        ([{"message": "one"}, "two", {"message": "one"}], "one: two"),
        ({"code": "E_GONE"}, "E_GONE"),
        ({"field": "email", "got": 3}, "field: email: got: 3"),
        ({}, ""),
    ],
)
def test_an_error_in_any_form(error: object, text: str) -> None:
    assert parse({"status": "failed", "error": error}).error == text
    assert parse({"status": "failed", "steps": [{"action": "x", "error": error}]}).steps[0].error == text
    assert parse({"status": "failed", "steps": [{"action": "x", "result": {"error": error}}]}).steps[0].error == text


STEP = '{"status": "failed",\n "steps": [{"action": "a"},\n  %s]}'
BAD = [
    ("[]", 1, 1, "is an object, this is an array"),
    ("3", 1, 1, "is an object, this is a number"),
    ("null", 1, 1, "is an object, this is null"),
    ('"failed"', 1, 1, "is an object, this is a string"),
    ("true", 1, 1, "is an object, this is a boolean"),
    ("", 1, 1, "empty"),
    ("  \n ", 1, 1, "empty"),
    ("{}", 1, 1, "nothing says how it ended"),
    ('{"agent": "x"}', 1, 1, "nothing says how it ended"),
    ('{"status": null, "error": null}', 1, 1, "nothing says how it ended"),
    ('{"status": 3}', 1, 12, "'status' takes a string, this is a number"),
    ('{"status": []}', 1, 12, "this is an array"),
    ('{"status": {}}', 1, 12, "this is an object"),
    ('{"status": true}', 1, 12, "this is a boolean"),
    ('{"status": "faild"}', 1, 12, "no status that fixer knows"),
    ('{"status": "exploded"}', 1, 12, "no status that fixer knows"),
    ('{"status": ""}', 1, 12, "no status that fixer knows"),
    ('{"status": "failed", "status": "failed"}', 1, 22, "for a second time"),
    ('{"status": "failed",\n "steps": {}}', 2, 11, "'steps' takes an array, this is an object"),
    ('{"status": "failed",\n "steps": "none"}', 2, 11, "this is a string"),
    ('{"status": "failed",\n "steps": 0}', 2, 11, "this is a number"),
    ('{"status": "failed",\n "error": 500}', 2, 11, "'error' takes a string or an object"),
    ('{"status": "failed",\n "error": true}', 2, 11, "this is a boolean"),
    ('{"status": "failed",\n "startTime": "yesterday"}', 2, 15, "is no time"),
    ('{"status": "failed",\n "startTime": true}', 2, 15, "takes a time"),
    ('{"status": "failed",\n "startTime": {}}', 2, 15, "takes a time"),
    ('{"status": "failed",\n "startTime": -5}', 2, 15, "is no time"),
    ('{"status": "failed",\n "startTime": 1e300}', 2, 15, "is no time"),
    ('{"status": "failed",\n "end_time": "2026-13-45T00:00:00Z"}', 2, 14, "is no time"),
    ('{"status": "failed",\n "endTime": "2026-02-30"}', 2, 13, "is no time"),
    ('{"status": "failed",\n "creditsUsed": "2"}', 2, 17, "takes a number, this is a string"),
    ('{"status": "failed",\n "creditsUsed": -1}', 2, 17, "below zero"),
    ('{"status": "failed",\n "creditsUsed": 1e999}', 2, 17, "too large"),
    ('{"status": "failed",\n "credits_used": [2]}', 2, 18, "this is an array"),
    ('{"status": "failed",\n "testMode": "yes"}', 2, 14, "true or false"),
    ('{"status": "failed",\n "testMode": 1}', 2, 14, "true or false"),
    ('{"status": "failed",\n "agent": []}', 2, 11, "takes a string, this is an array"),
    ('{"status": "failed",\n "agent": {"kind": "x"}}', 2, 11, "without 'name' or 'id'"),
    ('{"status": "failed",\n "agent": {"name": true}}', 2, 11, "this is a boolean"),
    ('{"status": "failed",\n "workspace": true}', 2, 15, "this is a boolean"),
    ('{"status": "failed",\n "workspace": ["a"]}', 2, 15, "this is an array"),
    ('{"status": "failed",\n "workspace": "a\\u0000b"}', 2, 15, "NUL"),
    ('{"status": "failed",\n "id": {}}', 2, 8, "this is an object"),
    ('{"status": "failed",\n "id": true}', 2, 8, "this is a boolean"),
    (STEP % "null", 3, 3, "step 2 is an object, this is null"),
    (STEP % '"x"', 3, 3, "step 2 is an object, this is a string"),
    (STEP % "[]", 3, 3, "step 2 is an object, this is an array"),
    (STEP % "7", 3, 3, "step 2 is an object, this is a number"),
    (STEP % '{"action": []}', 3, 14, "'action' takes a string, this is an array"),
    (STEP % '{"action": true}', 3, 14, "this is a boolean"),
    (STEP % '{"status": 1}', 3, 14, "'status' takes a string"),
    (STEP % '{"stepStatus": []}', 3, 18, "'stepStatus' takes a string"),
    (STEP % '{"step_status": {}}', 3, 19, "'step_status' takes a string"),
    (STEP % '{"error": 1}', 3, 13, "'error' takes a string or an object"),
    (STEP % '{"duration": "1s"}', 3, 16, "takes a number"),
    (STEP % '{"duration": -1}', 3, 16, "below zero"),
    (STEP % '{"timestamp": "noon"}', 3, 17, "is no time"),
    (STEP % '{"timestamp": []}', 3, 17, "takes a time"),
    (STEP % '{"creditsUsed": true}', 3, 19, "takes a number, this is a boolean"),
    (STEP % '{"action": "a", "action": "b"}', 3, 19, "for a second time"),
    ('{"status": "failed"', 1, 20, "before the '{' of line 1 is closed"),
    ('{"status": "failed",}', 1, 20, "comma"),
    ("{'status': 'failed'}", 1, 2, "double quotes"),
    ('{"status": failed}', 1, 12, "double quotes"),
    ('{"status": "failed"} {}', 1, 22, "something follows"),
    ('{"status": "failed", "a": NaN}', 1, 27, "not a number"),
    ('{"status": "failed", // x\n}', 1, 22, "no comments"),
    ('{"status": "fail\ned"}', 1, 12, "not closed on its line"),
    ('{"error": ' + "[" * 80 + "]" * 80 + "}", 1, 75, "nested deeper"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), BAD)
def test_what_is_wrong_is_refused_with_its_place(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_execution(text.encode(), "record.json")
    assert f"record.json:{line}:{column}: " in refused.value.message
    assert message in refused.value.message
    assert "write instead: " in refused.value.message
    assert "None" not in refused.value.message


def test_every_problem_at_once() -> None:
    text = '{"status": 1, "steps": [{"duration": "x"}, 3], "testMode": 0}'
    with pytest.raises(InputError) as refused:
        parse_execution(text.encode(), "record.json")
    assert len(refused.value.problems) == 4


def test_bytes_that_are_no_text_are_refused() -> None:
    for data in (b"\xff\xfe{}", b'{"status": "f\xffailed"}', b"\x00\x00\x00\x00", b"\xef\xbb\xbf{}"):
        with pytest.raises(FixerError):
            parse_execution(data, "record.json")


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2026-03-01T09:00:00Z", "2026-03-01T09:00:00+00:00"),
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
        ("Sun, 01 Mar 2026 09:00:00 +0100", "2026-03-01T09:00:00+01:00"),
        (1772355600, "2026-03-01T09:00:00+00:00"),
        ("1772355600000", "2026-03-01T09:00:00+00:00"),
    ],
)
def test_times_in_their_forms(value: str | int, iso: str) -> None:
    found = moment(value)
    assert found is not None
    assert found.isoformat() == iso


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["status", "stepStatus", "steps", "error", "result", "message", "startTime", "action", "id"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@settings(max_examples=100, deadline=None)
@given(value=JSON)
def test_any_json_is_a_record_or_a_refusal_and_a_record_comes_back_from_storage(value: object) -> None:
    try:
        record = parse(value)
    except InputError:
        return
    assert (
        ExecutionRecord.model_validate(json.loads(json.dumps(record.model_dump(mode="json", by_alias=True)))) == record
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Fehlgeschlagen", RecordStatus.FAILED),
        ("e\u0301chec", RecordStatus.FAILED),
        ("falhou", RecordStatus.FAILED),
        ("失敗", RecordStatus.FAILED),
        ("partial_failure", RecordStatus.FAILED),
        ("completed with errors", RecordStatus.FAILED),
        ("erfolgreich", RecordStatus.COMPLETED),
        ("en cours", RecordStatus.RUNNING),
        ("on-hold", RecordStatus.CANCELLED),
        ("缺少", None),
        ("exploded", None),
    ],
)
def test_a_status_in_the_words_of_other_tools_and_languages(word: str, status: RecordStatus | None) -> None:
    if status is None:
        with pytest.raises(InputError, match="is no status that fixer knows"):
            parse({"status": word})
    else:
        assert parse({"status": word}).status is status


def test_one_that_was_cancelled_for_an_error_has_failed() -> None:
    assert parse({"status": "cancelled", "error": "budget used up"}).status is RecordStatus.FAILED
    assert parse({"status": "held", "steps": [{"action": "a", "status": "failed"}]}).status is RecordStatus.FAILED
    assert parse({"status": "cancelled", "steps": [{"action": "a", "status": "done"}]}).status is RecordStatus.CANCELLED
