import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.journal import open_journal
from fixer.journal.fixes import Fixes
from fixer.schema.explanation import Change, FixType, SuggestedFix
from fixer.schema.root_cause import RootCause

WORKSPACE = {
    "templates": [{"name": "Outbound v2", "body": "Hi {{first_name}}"}],
    "agents": [{"name": "Outreach", "instructions": "Send 'Outbound v3'.", "restrictions": {"email_per_day": 200}}],
}
INSTRUCTIONS = SuggestedFix(
    id="aaa111",
    type=FixType.UPDATE_INSTRUCTIONS,
    description="Use 'Outbound v2' in the instructions of Outreach",
    action="fixer fix apply aaa111",
    auto_fix_available=True,
    changes=(Change(path="workspace.json", pointer=("agents", 0, "instructions"), value="Send 'Outbound v2'."),),
)
NOTES = SuggestedFix(
    id="bbb222",
    type=FixType.PATCH,
    description="Correct the greeting",
    action="fixer fix apply bbb222",
    auto_fix_available=True,
    changes=(
        Change(path="notes/new.txt", value="one\n"),
        Change(
            path="greeting.txt",
            diff="--- a/greeting.txt\n+++ b/greeting.txt\n@@ -1,2 +1,2 @@\n hello\n-wrld\n+world\n",
        ),
    ),
)
MANUAL = SuggestedFix(
    id="ccc333",
    type=FixType.MANUAL,
    description="Connect Slack",
    action="open the integrations and connect Slack",
    auto_fix_available=False,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "workspace.json").write_text(json.dumps(WORKSPACE, indent=2) + "\n", encoding="utf-8")
    (folder / "greeting.txt").write_text("hello\nwrld\n", encoding="utf-8")
    (folder / "workspace.json").chmod(0o640)
    return folder


@pytest.fixture
def fixes(project: Path) -> Iterator[Fixes]:
    with open_journal(project / ".fixer") as journal:
        opened = Fixes(journal.database, journal.now, "default")
        for fix in (INSTRUCTIONS, NOTES, MANUAL):
            opened.offer("run-1", "Outreach", RootCause.MISSING_TEMPLATE, fix)
        yield opened


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a project but fixer's own."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".fixer" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
