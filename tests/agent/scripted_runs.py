"""Red projects with the moves of a model that mends them; and whole runs with such a model."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixer.input.request_file import read_request
from fixer.journal import open_journal
from fixer.repair import Finished, Options, start
from fixer.repair.models import MakeModels
from fixer.schema.settings import Settings
from tests.fakes import Move
from tests.repair.projects import write_input
from tests.repositories import make_repository

SCRIPTS = Path(__file__).parent / "scripts"
NAMES = sorted(path.stem for path in SCRIPTS.glob("*.toml"))
IGNORED = {".gitignore": "__pycache__/\n*.log\n/info.json\n"}


@dataclass(frozen=True)
class Script:
    """A project with a bug from its first commit on, so that nothing can be taken back, and the moves that mend it."""

    name: str
    files: dict[str, str]
    turns: list[Sequence[Move]]
    needs: list[str]
    """Files that the fix changes."""


def read_script(name: str) -> Script:
    found: dict[str, Any] = tomllib.loads((SCRIPTS / f"{name}.toml").read_text(encoding="utf-8"))
    turns = [turn["moves"] for turn in found["turns"]]
    return Script(name, {**IGNORED, **found["files"]}, turns, found["needs"])


def red(folder: Path, files: dict[str, str]) -> Path:
    make_repository(folder, files)
    write_input(folder)
    return folder


def run(
    folder: Path, make_models: MakeModels, settings: Settings | None = None, said: list[str] | None = None
) -> Finished:
    """Do what `fixer run info.json` does, with these models, in this process."""
    settings = (settings or Settings()).model_copy(update={"worktree_dir": str(folder.parent / "trees")})
    path = folder / "info.json"
    request = read_request(path, folder)
    with open_journal(folder / ".fixer") as journal:
        talk = said.append if said is not None else lambda _: None
        return start(request, path, folder, settings, Options(), journal, talk, make_models)


def events(folder: Path, kind: str) -> list[Any]:
    """Read what a finished run left in the journal."""
    with open_journal(folder / ".fixer") as journal:
        [record] = journal.runs()
        return [event.data for event in journal.events(record.id) if event.kind == kind]
