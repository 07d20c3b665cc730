"""`fixer fix`, `patterns`, `stats fixes` and `usage` as they are typed."""

import json
import os
import pty
import select
import sys
import time
from pathlib import Path

import pytest

from fixer.journal import open_journal
from fixer.journal.executions import Executions, Seen
from fixer.journal.fixes import Fixes
from fixer.journal.ledger import Ledger
from fixer.schema.execution_record import ExecutionRecord, RecordStatus
from fixer.schema.root_cause import RootCause
from tests.conftest import Fixer
from tests.explaining.conftest import INSTRUCTIONS, MANUAL, WORKSPACE, content


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "workspace.json").write_text(json.dumps(WORKSPACE, indent=2) + "\n", encoding="utf-8")
    with open_journal(folder / ".fixer") as journal:
        for name, agent in (("default", "Outreach"), ("default2", "Outreach")):
            fixes = Fixes(journal.database, journal.now, name)
            fixes.offer("run-1", agent, RootCause.MISSING_TEMPLATE, INSTRUCTIONS)
            executions = Executions(journal.database, journal.now, name)
            for number in range(6 if name == "default" else 2):
                record = ExecutionRecord(id=f"run-{number}", agent=agent, status=RecordStatus.FAILED)
                seen = Seen(
                    id=record.id,
                    agent=agent,
                    failed=True,
                    fingerprint="no template <q>",
                    message="no template <q>",
                    root_cause=RootCause.MISSING_TEMPLATE,
                    at=float(number),
                )
                executions.record(record, seen)
        Fixes(journal.database, journal.now, "default").offer("run-1", "Outreach", RootCause.MISSING_TEMPLATE, MANUAL)
        ledger = Ledger(journal.database, journal.now, "default")
        ledger.grant("start", 10, "granted")
        ledger.book("run-1", 2, "analysis of run-1")
    return folder


def test_list_show_apply_undo(fixer: Fixer, project: Path) -> None:
    before = content(project)
    listed = fixer("fix", "list", cwd=project)
    assert listed.stdout.splitlines()[0].split() == ["FIX", "STATE", "AGENT", "TYPE", "AFTERWARDS", "WHAT"]
    assert len(listed.stdout.splitlines()) == 3
    shown = fixer("fix", "show", "aaa", cwd=project)
    assert '+      "instructions": "Send \'Outbound v2\'.",' in shown.stdout
    assert content(project) == before
    applied = fixer("fix", "apply", "aaa", "--yes", cwd=project)
    assert applied.code == 0
    assert "fixer fix undo aaa111" in applied.stderr
    assert content(project) != before
    again = fixer("fix", "apply", "aaa", "--yes", cwd=project)
    assert (again.code, "applied already" in again.stderr) == (2, True)
    undone = fixer("fix", "undo", "aaa", "--yes", "--json", cwd=project)
    assert json.loads(undone.stdout)["fix"]["state"] == "undone"
    assert content(project) == before


def test_without_a_yes_nothing_is_applied(fixer: Fixer, project: Path) -> None:
    before = content(project)
    refused = fixer("fix", "apply", "aaa", cwd=project)
    assert refused.code == 5
    assert "--yes" in refused.stderr
    assert "Outbound v2" in refused.stdout, "the diff was shown all the same"
    assert content(project) == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show",), 2, "takes the id of a fix"),
        (("show", "zzz"), 2, "there is no fix 'zzz'"),
        (("undo", "aaa"), 2, "is offered"),
        (("apply", "ccc", "--yes"), 5, "cannot be applied by fixer: Connect Slack"),
        (("show", "aaa", "--workspace-id", "defaul"), 2, "there is no fix 'aaa'"),
        (("apply", "%", "--yes"), 2, "there is no fix '%'"),
    ],
)
def test_what_is_wrong_is_said(fixer: Fixer, project: Path, words: tuple[str, ...], code: int, said: str) -> None:
    before = content(project)
    ran = fixer("fix", *words, cwd=project)
    assert (ran.code, said in ran.stderr) == (code, True), ran.stderr
    assert content(project) == before


def test_a_folder_without_fixes_says_so_and_stays_empty(fixer: Fixer, tmp_path: Path) -> None:
    assert fixer("fix", "list", cwd=tmp_path).code == 0
    assert json.loads(fixer("patterns", "--json", cwd=tmp_path).stdout)["patterns"] == []
    assert fixer("fix", "apply", "aaa", "--yes", cwd=tmp_path).code == 2
    assert fixer("stats", "fixes", cwd=tmp_path).code == 0
    assert fixer("usage", cwd=tmp_path).code == 0
    assert [path.name for path in tmp_path.iterdir()] == [".home"], "looking leaves nothing behind"


@pytest.mark.parametrize(("press", "state"), [("x", "undone"), ("", "applied")])
def test_a_key_undoes_within_five_seconds(project: Path, press: str, state: str) -> None:
    command = [sys.executable, "-m", "fixer", "fix", "apply", "aaa"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(project)
        os.execvpe(command[0], command, {**os.environ, "CI": "", "TERM": "xterm"})  # noqa: S606 - no shell is meant
    seen = _until(terminal, b"Apply it?")
    os.write(terminal, b"y\n")
    seen += _until(terminal, b"press any key to undo")
    if press:
        os.write(terminal, press.encode())
    seen += _until(terminal, None)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, seen.decode()
    with open_journal(project / ".fixer") as journal:
        assert Fixes(journal.database, journal.now, "default").one("aaa").state == state
    before = json.dumps(WORKSPACE, indent=2) + "\n"
    assert ((project / "workspace.json").read_text() == before) is (state == "undone")


def _until(terminal: int, text: bytes | None) -> bytes:
    seen, end = b"", time.monotonic() + 60
    while time.monotonic() < end and (text is None or text not in seen):
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break  # the other end was closed: the program has ended
        if not part:
            break
        seen += part
    assert text is None or text in seen, seen.decode()
    return seen


def test_patterns_are_listed_paused_and_dismissed(fixer: Fixer, project: Path) -> None:
    listed = json.loads(fixer("patterns", "--json", cwd=project).stdout)
    (pattern,) = listed["patterns"]
    assert (pattern["agent"], pattern["detected"]["failureCount"]) == ("Outreach", 6)
    assert fixer("patterns", "pause", "Outreach", "--reason", "rewriting it", cwd=project).code == 0
    table = fixer("patterns", cwd=project)
    assert "6 of 10" in table.stdout
    assert "paused: Outreach: rewriting it" in table.stderr
    assert fixer("patterns", "pause", "Outreech", cwd=project).code == 2
    assert fixer("patterns", "resume", "Outreach", cwd=project).code == 0
    assert fixer("patterns", "dismiss", "zzz", cwd=project).code == 2
    assert fixer("patterns", "dismiss", pattern["id"][:6], cwd=project).code == 0
    assert "no failure keeps coming" in fixer("patterns", cwd=project).stderr
    assert json.loads(fixer("patterns", "--json", "--workspace-id", "default2", cwd=project).stdout)["patterns"] == []


def test_stats_tell_the_rate_with_its_interval(fixer: Fixer, project: Path) -> None:
    fixer("fix", "apply", "aaa", "--yes", cwd=project)
    with open_journal(project / ".fixer") as journal:
        fixes = Fixes(journal.database, journal.now, "default")
        fixes.watch("Outreach", "run-99", succeeded=True, at=time.time() + 5)
    told = json.loads(fixer("stats", "fixes", "--json", cwd=project).stdout)["fixes"]
    assert (told["offered"], told["applied"], told["watched"]) == (2, 1, 1)
    (rate,) = told["by_type"]
    assert (rate["name"], rate["succeeded"], rate["counted"]) == ("update_instructions", 1, 1)
    assert 0.2 < rate["low"] < rate["high"] == 1.0
    assert "succeeded" in fixer("fix", "list", cwd=project).stdout
    assert json.loads(fixer("stats", "--json", cwd=project).stdout)["runs"]["runs"] == 0


def test_usage_shows_where_credits_went(fixer: Fixer, project: Path) -> None:
    told = json.loads(fixer("usage", "--json", cwd=project).stdout)
    assert {key: told["credits"][key] for key in ("granted", "spent", "left")} == {"granted": 10, "spent": 2, "left": 8}
    assert "10 granted, 2 spent; 8 left" in fixer("usage", cwd=project).stderr
    assert (
        json.loads(fixer("usage", "--json", "--workspace-id", "other", cwd=project).stdout)["credits"]["left"] is None
    )
