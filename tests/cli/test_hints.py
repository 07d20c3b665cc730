"""What a command tells the user to type works as it stands: strange names, other workspaces, another folder."""

import contextlib
import json
import re
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.repair.given import Given
from fixer.schema.request import Request
from fixer.schema.settings import Settings
from tests.cli.in_process import ok, typed

AGENTS = ("Outreach", "-x", "--help", "Out  reach", "it's $HOME; $(id)")
WORKSPACES = ("ac  me", "-w")
STEP = {"action": "send_email", "status": "failed", "error": "Template 'Outbound v3' not found"}
WORKSPACE = {
    "templates": [{"name": "Outbound v2", "body": "Hi"}],
    "agents": [{"name": "Outreach", "instructions": "Send 'Outbound v3'."}],
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with executions; commands are typed in another folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder, elsewhere = tmp_path / "my project", tmp_path / "elsewhere"
    for made in (folder, elsewhere):
        made.mkdir()
    (folder / "workspace.json").write_text(json.dumps(WORKSPACE), encoding="utf-8")
    before = signal.getsignal(signal.SIGTERM)
    with contextlib.chdir(elsewhere):
        yield folder
    signal.signal(signal.SIGTERM, before)


def explained(folder: Path, agent: str, workspace: str, *more: str) -> str:
    told = ""
    for number in range(5):
        record = {"id": str(number), "agent": agent, "workspace": workspace, "status": "failed", "steps": [STEP]}
        code, told, err = typed("explain", "-", *more, "--repo", str(folder), stdin=json.dumps(record).encode())
        assert code == ExitCode.OK, err
    return told


def commands(told: str, start: str) -> list[list[str]]:
    """Return the words of the commands that stand in a text, as a shell takes them."""
    return [shlex.split(found)[1:] for found in re.findall(rf"{start}[^\n`]*?(?= \(from here|`|$)", told, re.MULTILINE)]


@pytest.mark.parametrize("agent", AGENTS)
def test_an_agent_is_paused_and_taken_up_again(project: Path, agent: str) -> None:
    for workspace in WORKSPACES:
        pauses = commands(explained(project, agent, workspace), "fixer patterns pause")
        with contextlib.chdir(project):
            _, _, listed = typed("patterns", "--workspace-id", workspace)
            assert commands(listed, "fixer patterns pause") == pauses
            for pause in pauses:
                _, _, said = typed(*pause)
                _, _, again = typed("patterns", "--workspace-id", workspace)
                resumes = commands(said, "fixer patterns resume")
                assert commands(again, "fixer patterns resume") == resumes
                assert [typed(*resume)[0] for resume in resumes] == [ExitCode.OK]
            assert json.loads(ok("patterns", "--json", "--workspace-id", workspace))["paused"] == []


def test_what_was_dismissed_is_shown_by_what_is_told(project: Path) -> None:
    explained(project, "Outreach", "acme")
    with contextlib.chdir(project):
        (found,) = json.loads(ok("patterns", "--json", "--workspace-id", "acme"))["patterns"]
        ok("patterns", "dismiss", found["id"], "--workspace-id", "acme")
        _, _, told = typed("patterns", "--workspace-id", "acme")
        (all_of_them,) = commands(told, "fixer patterns --json")
        assert json.loads(ok(*all_of_them))["patterns"][0]["dismissed"]


def test_from_another_folder_the_project_is_named(project: Path) -> None:
    told = explained(project, "Outreach", "default", "--workspace", str(project / "workspace.json"))
    apply = commands(told, "fixer fix apply")[0]
    code, _, said = typed(*apply, "--yes")
    assert code == ExitCode.OK, said
    (undo,) = commands(said, "fixer fix undo")
    assert typed(*undo)[0] == ExitCode.OK
    _, _, wrong = typed("fix", "show", "--repo", str(project))
    assert [typed(*listing)[0] for listing in commands(wrong, "fixer fix list")] == [ExitCode.OK]
    _, _, listed = typed("patterns", "--repo", str(project))
    assert f"take --repo '{project}' from here" in listed


def test_a_path_with_spaces_is_quoted(project: Path) -> None:
    request = Request.model_validate({"deterministic": True, "prompt": "p", "raw-logs": "x\ny"})
    path = str(project / "info.json")
    given = Given(
        request=request, request_path=path, repository=str(project), settings=Settings(), head="", branch="main"
    )
    assert shlex.split(given.again) == ["fixer", "run", path]
