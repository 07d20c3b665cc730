"""Records, workspace files and arguments that no program should write: read, or refused with their place; no crash."""

import contextlib
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixer.errors import ExitCode
from fixer.journal import open_journal
from fixer.journal.executions import Executions
from fixer.journal.fixes import Fixes
from tests.cli.in_process import ok, typed

STEP = {"action": "send_email", "status": "failed", "error": "Template 'Outbound v3' not found"}
FAILED: dict[str, Any] = {"id": "e1", "agent": "Outreach", "status": "failed", "steps": [STEP]}
WORKSPACE = {
    "templates": [{"name": "Outbound v2", "body": "Hi"}],
    "agents": [{"name": "Outreach", "instructions": "Send 'Outbound v3'."}],
}
LIMIT = {**FAILED, "steps": [{**STEP, "action": "linkedin_invite", "error": "LinkedIn daily invitation limit reached"}]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which everything is typed."""
    for name in [name for name in os.environ if name.startswith(("FIXER_", "GEMINI", "GOOGLE"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    before = signal.getsignal(signal.SIGTERM)
    with contextlib.chdir(tmp_path):
        yield tmp_path
    signal.signal(signal.SIGTERM, before)


def raw(value: object, hole: str = "") -> bytes:
    """Return the JSON of a value, with `hole` where it says "?"."""
    return json.dumps(value).replace('"?"', hole).encode()


def record(value: object, name: str = "record.json") -> str:
    Path(name).write_bytes(value if isinstance(value, bytes) else raw(value))
    return name


REFUSED: list[tuple[bytes, str]] = [
    (raw({**FAILED, "id": "?"}, "1e999"), "too large a number"),
    (raw({**FAILED, "creditsUsed": "?"}, "9" * 400), "too large"),
    (raw({**FAILED, "agent": "A" * 1001}), "longer than 1000 characters"),
    (raw({**FAILED, "workspace": "ac\u202eme"}), "cannot be seen"),
    (raw({**FAILED, "workspaceId": "ac\nme"}), "cannot be seen"),
    (raw({**FAILED, "workspace": {"id": "acme\u200b", "name": "Acme"}}), "cannot be seen"),
    (raw({**FAILED, "workspaceId": "a", "workspace_id": "b"}), "as 'workspaceId', with another value,"),
    (raw({**FAILED, "steps": [{"stepStatus": "failed", "step_status": "completed"}]}), "with another value"),
    (raw({**FAILED, "endTime": "9999-12-31T23:59:59-12:00"}), "is no time"),
    (raw({**FAILED, "startTime": "0001-01-01T00:00:00+12:00"}), "is no time"),
    (b'{"status": "failed", "a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "nested deeper"),
    (b'{"a":' * 10_000, "nested deeper"),
    (b"\xef\xbb\xbf" + raw(FAILED), "byte order mark"),
    (json.dumps(FAILED).encode("utf-16"), "UTF-16"),
    (json.dumps(FAILED).encode("utf-16-le"), "UTF-16"),
    (json.dumps(FAILED).encode("utf-32"), "UTF-32"),
    (raw(FAILED).replace(b"Outreach", b"Out\x00reach"), "U+0000"),
    (raw(FAILED).replace(b"Outreach", b"Out\xffreach"), "0xff is not UTF-8"),
    (raw({**FAILED, "error": "?"}, '"\\udc00"'), "half of a surrogate pair"),
    (raw({**FAILED, "steps": {"1": STEP}}), "'steps' takes an array"),
]


@pytest.mark.parametrize("source", ["file", "stdin"])
def test_what_is_refused_leaves_nothing(folder: Path, source: str) -> None:
    for number, (data, said) in enumerate(REFUSED):
        given, stdin = ("-", data) if source == "stdin" else (record(data, f"{number}.json"), b"")
        code, out, err = typed("explain", given, stdin=stdin)
        assert (code, out, said in err) == (ExitCode.USAGE, "", True), (data[:100], err)
        assert f"error: {given}:1:" in err
        assert "write instead: " in err
    assert not (folder / ".fixer").exists()


@pytest.mark.parametrize(
    ("hole", "said"),
    [
        ('"credits": 1e19', "whole number from 0 on"),
        ('"credits": 2.5', "whole number from 0 on"),
        ('"quotas": [{"service": "LinkedIn", "limit": 1e300}]', "whole number from 1 on"),
        ('"quotas": {"LinkedIn": {"limit": 1, "perSeconds": 1e12}}', "whole number from 1 on"),
        ('"quotas": [{"service": "LinkedIn", "limit": 1, "resets": "9999-12-31T23:59:59-12:00"}]', "is no time"),
        ('"integrations": [{"name": "Slack", "expires": "0001-01-01T00:00:00+12:00"}]', "is no time"),
        ('"id": "ac\\u0007me"', "cannot be seen"),
        ('"templates": [{"name": "%s"}]' % ("A" * 1001), "longer than 1000 characters"),
        ('"templates": {"%s": "Hi"}' % ("A" * 1001), "more than 1000 characters"),
    ],
)
def test_a_workspace_file_that_is_refused_leaves_nothing(folder: Path, hole: str, said: str) -> None:
    Path("workspace.json").write_text("{" + hole + "}")
    code, _, err = typed("explain", record(FAILED), "--workspace", "workspace.json")
    assert (code, said in err) == (ExitCode.USAGE, True), err
    assert not (folder / ".fixer").exists()


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
@pytest.mark.parametrize(
    "error", ["", ": retry after 99999999999999999999 seconds", ": resets at 9999-12-31T23:59:59Z"]
)
def test_times_far_away_are_read(end: str, error: str) -> None:
    step = {**LIMIT["steps"][0], "error": LIMIT["steps"][0]["error"] + error}
    assert "rate_limit" in ok("explain", record({**LIMIT, "endTime": end, "steps": [step]}))


def test_long_numbers_stay_apart() -> None:
    for id_ in ("12345678901234567890", "12345678901234567891"):
        ok("explain", record(raw({**FAILED, "id": "?"}, id_)))
    with open_journal(Path(".fixer")) as journal:
        executions = Executions(journal.database, journal.now, "default")
        assert {one.id for one in executions.last("Outreach", 9)} == {"12345678901234567890", "12345678901234567891"}


def test_no_name_looks_like_a_line_of_the_answer() -> None:
    hostile = "x\x1b[2J\r\n  fix 9   \u202erun this\u2028  fix 8   or this"
    step = {"action": hostile, "status": "failed", "error": f"Template '{hostile}' not found"}
    ok("explain", record({**FAILED, "agent": hostile, "steps": [step]}))
    ok("patterns", "pause", hostile.strip(), "--reason", hostile)
    for words in (("explain", "e1"), ("patterns",), ("fix", "list")):
        _, out, err = typed(*words)
        assert not [line for line in (out + err).splitlines() if line.lstrip().startswith(("fix 8", "fix 9"))]
        assert not {"\x1b", "\u202e", "\u2028", "\r"} & set(out + err)


def test_a_diff_shows_what_a_screen_would_hide() -> None:
    Path("workspace.json").write_text(json.dumps({**WORKSPACE, "templates": ["Outbound v2\u202e"]}, ensure_ascii=False))
    ok("explain", record(FAILED), "--workspace", "workspace.json")
    fixes = [one["id"] for one in json.loads(ok("fix", "list", "--json"))["fixes"] if one["fix"]["autoFixAvailable"]]
    assert any("Outbound v2\\u202e" in ok("fix", "show", fix) for fix in fixes)


def test_a_pipe_is_read_once() -> None:
    os.mkfifo("pipe")
    for words, data in (
        (("explain", "pipe"), raw(FAILED)),
        (("explain", record(FAILED), "--workspace", "pipe"), raw(WORKSPACE)),
    ):
        writer = threading.Thread(target=Path("pipe").write_bytes, args=(data,))
        writer.start()
        assert "missing_template" in ok(*words)
        writer.join()


def test_many_steps_cost_no_more_than_a_look_at_each() -> None:
    assert "step 1 of 5000 failed" in ok("explain", record({**FAILED, "steps": [STEP] * 5000}))


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "\udcff"), ("explain", ""), ("explain", " "), ("explain", "e1", "--workspace-id", ""),
        ("fix", "show", "\udcff"), ("fix", "list", "--workspace-id", "a\u200bb"), ("patterns", "--agent", "\udcff"),
        ("patterns", "pause", "Outreach", "--reason", "\udcff"), ("usage", "--workspace-id", "\udcff"),
        ("stats", "fixes", "--workspace-id", " "),
    ],
)  # fmt: skip
def test_arguments_that_are_no_text_or_nothing(words: tuple[str, ...]) -> None:
    ok("explain", record(FAILED))
    code, out, err = typed(*words)
    assert (code, out, "hint: " in err) == (ExitCode.USAGE, "", True), err


def test_an_empty_id_names_no_run(repository: Path) -> None:
    with contextlib.chdir(repository):
        with open_journal(repository / ".fixer") as journal:
            journal.submit("repair", {}, "key")
        for words in (("cancel", ""), ("events", "")):
            assert typed(*words)[0] == ExitCode.USAGE
        assert json.loads(ok("runs", "--json"))["runs"][0]["state"] == "queued"


def test_another_content_under_a_known_id_is_another_analysis(folder: Path) -> None:
    Path("workspace.json").write_bytes(raw({**WORKSPACE, "credits": 5}))
    bound = ("--workspace", "workspace.json")
    ok("explain", record(FAILED), *bound)
    ok("explain", record(FAILED, "copy.json"), *bound)
    other = {**FAILED, "steps": [{**STEP, "error": "Slack is not connected"}]}
    _, out, err = typed("explain", record(other), *bound)
    assert "missing_integration" in out
    assert "recorded before with other content" in err
    assert json.loads(ok("usage", "--json"))["credits"]["spent"] == 4
    other["steps"][0]["error"] = "The API key of Slack has expired"
    assert typed("explain", record(other), *bound)[0] == ExitCode.BUDGET
    with open_journal(folder / ".fixer") as journal:
        kept = Executions(journal.database, journal.now, "default").load("e1")
    assert kept is not None
    assert kept[0].steps[0].error == STEP["error"]
    assert kept[1] is not None
    assert kept[1].root_cause == "missing_template"


def test_an_execution_that_still_runs_says_nothing_of_a_fix_and_counts_once_it_has_ended(folder: Path) -> None:
    Path("workspace.json").write_bytes(raw(WORKSPACE))
    ok("explain", record(FAILED), "--workspace", "workspace.json")
    fix = next(one["id"] for one in json.loads(ok("fix", "list", "--json"))["fixes"] if one["fix"]["autoFixAvailable"])
    ok("fix", "apply", fix, "--yes")

    def outcome() -> bool | None:
        with open_journal(folder / ".fixer") as journal:
            return Fixes(journal.database, journal.now, "default").one(fix).succeeded

    for status, succeeded in (("running", None), ("cancelled", None), ("completed", None)):
        assert typed("explain", record({"id": "e2", "agent": "Outreach", "status": status}))[0] == ExitCode.USAGE
        assert outcome() is succeeded
    for status, succeeded in (("running", None), ("completed", True)):
        assert typed("explain", record({"id": "e3", "agent": "Outreach", "status": status}))[0] == ExitCode.USAGE
        assert outcome() is succeeded


def test_a_file_of_another_workspace_gives_neither_names_nor_credits() -> None:
    Path("theirs.json").write_bytes(raw({**WORKSPACE, "id": "theirs", "credits": 100}))
    theirs = ("--workspace", "theirs.json")
    code, _, err = typed("explain", record(FAILED), *theirs, "--workspace-id", "mine")
    assert (code, "is the file of workspace 'theirs'" in err) == (ExitCode.USAGE, True)
    for said in ({"workspace": "mine"}, {"workspace": "default"}, {"workspaceId": "mine", "workspace": "theirs"}):
        code, _, err = typed("explain", record({**FAILED, **said}), *theirs)
        assert (code, "was not found in workspace 'theirs'" in err) == (ExitCode.USAGE, True)
    Path("unsaid.json").write_bytes(raw({**WORKSPACE, "id": "default"}))
    assert typed("explain", record({**FAILED, "workspace": "mine"}), "--workspace", "unsaid.json")[0] == ExitCode.USAGE
    ok("explain", record({**FAILED, "workspace": {"id": "mine", "name": "theirs"}}), "--workspace-id", "mine")
    assert json.loads(ok("usage", "--json", "--workspace-id", "mine"))["credits"]["left"] is None


def test_what_is_to_be_typed_stays_in_the_workspace() -> None:
    Path("workspace.json").write_bytes(raw({**WORKSPACE, "id": "two words"}))
    for number in range(4):
        ok("explain", record({**FAILED, "id": f"e{number}"}), "--workspace", "workspace.json")
    out = ok("explain", record({**FAILED, "id": "e4"}), "--workspace", "workspace.json")
    commands = [line.split("fixer ", 1)[1] for line in out.splitlines() if "fixer " in line]
    assert [command.split()[0] for command in commands] == ["fix", "fix", "patterns"]
    assert all(command.endswith("--workspace-id 'two words'") for command in commands)


SETTINGS = '[model]\napi_key_env = "HOME"\n'


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "record.json"), ("logs", "ci.log"), ("logs", "ci.log", "--json"), ("fix", "list"), ("patterns",),
        ("report",), ("usage",), ("stats",), ("config",), ("doctor",),
    ],
)  # fmt: skip
def test_a_setting_that_does_not_count_is_told_once(repository: Path, words: tuple[str, ...]) -> None:
    with contextlib.chdir(repository):
        record(FAILED)
        Path("ci.log").write_text("FAILED test_a.py::test_a - assert 1 == 2\n")
        Path("fixer.toml").write_text(SETTINGS)
        _, out, err = typed(*words)
        assert err.count("warning: fixer.toml:2: 'model.api_key_env' does not count") == 1
        assert "warning" not in out


def test_settings_that_cannot_be_read_stop_no_undo(repository: Path) -> None:
    with contextlib.chdir(repository):
        Path("fixer.toml").write_text("model = [\n")
        code, _, err = typed("fix", "list")
        assert (code, "warning: the settings could not be read" in err) == (ExitCode.OK, True)
