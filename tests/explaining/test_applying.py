"""A fix changes what its diff showed and nothing else, and undo gives every byte back, whatever happened in between."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from fixer.errors import ConfigError, PolicyError
from fixer.explaining.applying import apply, preview, settle, undo
from fixer.explaining.changes import planned
from fixer.journal.fixes import Fixes
from fixer.schema.explanation import Change, FixState, SuggestedFix
from tests.explaining.conftest import INSTRUCTIONS, NOTES, content


def do(fixes: Fixes, id_: str, root: Path) -> None:
    fix = fixes.one(id_)
    apply(fix, fixes, root, preview(fix, root))


@pytest.mark.parametrize("id_", [INSTRUCTIONS.id, NOTES.id])
def test_applied_and_undone_byte_for_byte(fixes: Fixes, project: Path, id_: str) -> None:
    before = content(project)
    diff = preview(fixes.one(id_), project)
    assert content(project) == before, "a preview writes nothing"
    do(fixes, id_, project)
    assert content(project) != before
    assert (project / "workspace.json").stat().st_mode & 0o777 == 0o640
    assert fixes.one(id_).state is FixState.APPLIED
    undo(fixes.one(id_), fixes, project)
    assert content(project) == before
    assert fixes.one(id_).state is FixState.UNDONE
    do(fixes, id_, project)
    assert diff == fixes_diff(fixes, id_, project), "it can be applied again"


def fixes_diff(fixes: Fixes, id_: str, project: Path) -> str:
    undo(fixes.one(id_), fixes, project)
    return preview(fixes.one(id_), project)


def test_the_preview_is_the_change(fixes: Fixes, project: Path) -> None:
    diff = preview(fixes.one(INSTRUCTIONS.id), project)
    lines = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    assert [line.strip("+- ,") for line in lines] == [
        '"instructions": "Send \'Outbound v3\'."',
        '"instructions": "Send \'Outbound v2\'."',
    ]


def test_undo_refuses_where_somebody_changed_the_file_since(fixes: Fixes, project: Path) -> None:
    do(fixes, INSTRUCTIONS.id, project)
    path = project / "workspace.json"
    path.write_text(path.read_text() + "\n")
    mine = path.read_bytes()
    with pytest.raises(PolicyError, match="changed after fix aaa111") as refused:
        undo(fixes.one(INSTRUCTIONS.id), fixes, project)
    assert "+++ b/workspace.json" in refused.value.message
    assert path.read_bytes() == mine
    assert fixes.one(INSTRUCTIONS.id).state is FixState.APPLIED


def test_a_file_that_changed_after_the_diff_was_shown_is_not_written(fixes: Fixes, project: Path) -> None:
    fix = fixes.one(INSTRUCTIONS.id)
    shown = preview(fix, project)
    path = project / "workspace.json"
    path.write_text(path.read_text().replace("Outbound v3", "Outbound v4"))
    before = content(project)
    with pytest.raises(PolicyError, match="since the diff was shown"):
        apply(fix, fixes, project, shown)
    assert content(project) == before
    do(fixes, INSTRUCTIONS.id, project)


def test_what_only_a_person_can_do_is_not_applied(fixes: Fixes, project: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be applied") as refused:
        preview(fixes.one("ccc333"), project)
    assert refused.value.hint == "open the integrations and connect Slack"


def with_changes(*changes: Change) -> SuggestedFix:
    return INSTRUCTIONS.model_copy(update={"changes": changes})


OUT = "--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+x\n"
LINK = "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n"


@pytest.mark.parametrize(
    "change",
    [
        Change(path="../outside.txt", value="x"),
        Change(path="link/outside.txt", value="x"),
        Change(path=".git/config", value="x"),
        Change(path=".git/hooks/pre-commit", value="x"),
        Change(path="x", diff=OUT % "../outside.txt"),
        Change(path="x", diff=OUT % ".git/config"),
        Change(path="x", diff=OUT % "link/outside.txt"),
        Change(path="x", diff=LINK),
    ],
)
def test_a_change_that_leads_out_of_the_project_is_refused(project: Path, change: Change) -> None:
    (project / "link").symlink_to(project.parent)
    before = sorted(project.parent.iterdir())
    with pytest.raises((PolicyError, ConfigError)):
        planned(with_changes(change), project)
    assert sorted(project.parent.iterdir()) == before


def test_a_workspace_file_that_is_a_link_out_of_the_project_is_not_written_through(project: Path) -> None:
    workspace, outside = project / "workspace.json", project.parent / "theirs.json"
    workspace.rename(outside)
    workspace.symlink_to(outside)
    changes = tuple(one.model_copy(update={"path": str(workspace)}) for one in INSTRUCTIONS.changes)
    fix = INSTRUCTIONS.model_copy(update={"changes": changes})
    with pytest.raises(PolicyError, match="is not a file of"):
        planned(fix, project)
    # Named where it really is, it is the user's own choice.
    named = tuple(one.model_copy(update={"path": str(outside)}) for one in changes)
    assert list(planned(fix.model_copy(update={"changes": named}), project)) == [outside]


@pytest.mark.parametrize(
    "change",
    [
        Change(path="gone.json", pointer=("a",), value=1),
        Change(path="workspace.json", pointer=("agents", 7, "instructions"), value="x"),
        Change(path="greeting.txt", pointer=("a",), value=1),
        Change(path="workspace.json", value=3),
        Change(path="greeting.txt", diff="--- a/greeting.txt\n+++ b/greeting.txt\n@@ -1 +1 @@\n-nothing\n+x\n"),
        Change(path="greeting.txt", diff="no diff at all"),
    ],
)
def test_a_file_that_is_not_what_the_fix_was_made_for_is_named(project: Path, change: Change) -> None:
    before = content(project)
    with pytest.raises(ConfigError) as refused:
        planned(with_changes(change), project)
    assert "explain the execution again" in refused.value.hint
    assert content(project) == before


def test_yaml_keeps_its_comments(project: Path) -> None:
    (project / "ws.yml").write_text("# ours\nagents:\n- name: 'A'   # the first\n  limits: {mail: 100}\n")
    fix = with_changes(Change(path="ws.yml", pointer=("agents", 0, "limits", "mail"), value=50))
    ((_, after),) = planned(fix, project).values()
    assert after is not None
    assert after.decode().replace(" ", "") == "#ours\nagents:\n-name:'A'#thefirst\nlimits:{mail:50}\n"


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from fixer.explaining.changes import planned
    from fixer.journal import open_journal
    from fixer.journal.fixes import Fixes
    from fixer.own_files import replace
    from fixer.schema.explanation import FixState

    root, doing, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with open_journal(root / ".fixer") as journal:
        fixes = Fixes(journal.database, journal.now, "default")
        fix = fixes.one("bbb222")
        if doing == "apply":
            files = planned(fix.fix, root)
            fixes.begin_apply(fix.id, {str(path): content for path, content in files.items()})
        else:
            files = {Path(path): (after, before) for path, (before, after) in fixes.files(fix.id).items()}
            fixes.move(fix.id, FixState.UNDOING)
        for path, (_, content) in list(files.items())[:count]:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace(path, content) if content is not None else path.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(project: Path, doing: str, count: int) -> None:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(project), doing, str(count)], check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize(("written", "state"), [(0, FixState.OFFERED), (1, FixState.OFFERED), (2, FixState.APPLIED)])
def test_killed_while_it_is_applied(fixes: Fixes, project: Path, written: int, state: FixState) -> None:
    before = content(project)
    killed(project, "apply", written)
    told: list[str] = []
    settle(fixes, told.append)
    assert fixes.one(NOTES.id).state is state
    assert len(told) == 1
    assert (content(project) == before) is (state is FixState.OFFERED)
    if state is FixState.APPLIED:
        undo(fixes.one(NOTES.id), fixes, project)
    assert content(project) == before


@pytest.mark.parametrize("written", [0, 1, 2])
def test_killed_while_it_is_undone(fixes: Fixes, project: Path, written: int) -> None:
    before = content(project)
    do(fixes, NOTES.id, project)
    killed(project, "undo", written)
    settle(fixes, lambda _: None)
    assert fixes.one(NOTES.id).state is FixState.UNDONE
    assert content(project) == before


def test_a_file_that_somebody_changed_meanwhile_stays(fixes: Fixes, project: Path) -> None:
    killed(project, "apply", 1)
    (project / "greeting.txt").write_text("mine\n")
    told: list[str] = []
    settle(fixes, told.append)
    assert (project / "greeting.txt").read_text() == "mine\n"
    assert any("stays as it is" in line for line in told)
    assert not (project / "notes" / "new.txt").exists()
