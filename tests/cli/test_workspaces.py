"""Several workspaces full of look-alike ids: no command that is bound to one shows, counts or changes another (E9).

Two worlds are made by the commands themselves: in one there is only the workspace `acme`, in the other there are
others beside it, with the same ids, agents and errors. Whatever is typed for `acme` must give the same in both.
"""

import contextlib
import itertools
import json
import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixer.cli.app import build
from fixer.errors import ExitCode
from tests.cli.in_process import ok, typed
from tests.conftest import git

MINE = "acme"
OTHERS = ("Acme", "acm", "acme%", "a_me", "acm\u00e9", "acme\u0301", "default", "' OR '1'='1")
"""Two of them look the same: one letter, and a letter with an accent behind it."""
OPTION = "--workspace-id"
OF_THE_PROJECT = {
    "analyze", "cancel", "config", "doctor", "events", "gc", "init", "logs", "prompts", "report", "resume", "run",
    "runs", "schema", "worker",
}  # fmt: skip
"""Commands without a workspace: they are about the project, its runs and its settings, and read no execution."""
READ_ONLY = ("events", "report", "runs")
MORE = ("new-0.json", "other-0.json", "running-0.json", "done-0.json")
STRANGE = (
    "%",
    "_",
    "*",
    "latest",
    "e",
    "E1",
    "e1 ",
    "e_",
    "e%",
    "e1' OR '1'='1",
    "\u0435" + "1",
    "0",
    "a",
    "-1",
    "\x7f",
)
_TIMES = re.compile(r"\b1\d{9}\.\d+|\b20\d\d-\d\d-\d\d \d\d:\d\d")


@dataclass(frozen=True)
class World:
    """A project with its state, which can be set back."""

    folder: Path
    ids: tuple[str, ...]
    """Of every fix and pattern, of all workspaces."""

    def typed(self, *words: str) -> tuple[int, str, str]:
        """Return exit code and what was printed, without times and the folder's own name."""
        with contextlib.chdir(self.folder):
            code, out, err = typed(*words)
        out, err = (_TIMES.sub("TIME", text.replace(str(self.folder), "FOLDER")) for text in (out, err))
        return code, out, err

    def rows(self, *, mine: bool) -> dict[str, list[tuple[Any, ...]]]:
        """Return the rows of `acme`, or of all others, of every table that knows workspaces."""
        with contextlib.closing(sqlite3.connect(self.folder / ".fixer" / "fixer.db")) as database:
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            bound = [t for t in tables if "workspace" in {c[1] for c in database.execute(f"PRAGMA table_info({t})")}]
            assert len(bound) >= 6
            kept = {table: database.execute(f"SELECT workspace, * FROM {table} ORDER BY rowid") for table in bound}  # noqa: S608 - names of tables
            return {table: [row for row in rows if (row[0] == MINE) is mine] for table, rows in kept.items()}

    def files(self) -> dict[str, bytes]:
        """Return the workspace files of the others."""
        return {path.name: path.read_bytes() for path in self.folder.glob("workspace-*.json") if "-0" not in path.name}

    def keep(self) -> None:
        shutil.copytree(self.folder, self.folder.with_suffix(".kept"), ignore=shutil.ignore_patterns(".git"))

    def set_back(self) -> None:
        kept = self.folder.with_suffix(".kept")
        shutil.copyfile(kept / ".fixer" / "fixer.db", self.folder / ".fixer" / "fixer.db")
        for path in kept.glob("*.json"):
            shutil.copyfile(path, self.folder / path.name)


def marker(number: int) -> str:
    return f"Mark{chr(ord('a') + number) * 3}"


def write(folder: Path, number: int, name: str) -> None:
    """Write the workspace file and the records of one workspace: its marker is in every text."""
    own = marker(number)
    (folder / f"workspace-{number}.json").write_text(
        json.dumps(
            {
                "id": name,
                "templates": [{"name": f"{own} v2", "body": f"Hi {own}"}],
                "integrations": {own: False},
                "customFields": [own],
                "agents": [{"name": "Outreach", "instructions": f"Send '{own} v3'."}],
                "credits": 60,
            }
        )
    )
    for id_ in ("e1", "e2", "e3", "e4", "e5", f"only{number}"):
        record = {
            "id": id_,
            "workspace": name,
            "agent": own if id_ == "e5" else "Outreach",
            "status": "failed",
            "trigger": own,
            "endTime": "2026-03-01T09:00:00Z",
            "steps": [{"action": "send_email", "status": "failed", "error": f"Template '{own} v3' not found"}],
            "about": own,
        }
        (folder / f"{id_}-{number}.json").write_text(json.dumps(record))


def write_more(folder: Path) -> None:
    """Write executions of `acme` that nothing was asked about yet, under ids that others have used."""
    failed = json.loads((folder / "e1-0.json").read_text())
    (folder / "new-0.json").write_text(json.dumps({**failed, "id": "only1"}))
    (folder / "other-0.json").write_text(json.dumps({**failed, "about": "more"}))
    (folder / "running-0.json").write_text(json.dumps({**failed, "id": "only2", "status": "running"}))
    done = {"id": "only3", "workspace": MINE, "agent": "Outreach", "status": "completed"}
    (folder / "done-0.json").write_text(json.dumps(done))


def plant(folder: Path, names: Sequence[str]) -> None:
    """Give the others fixes under the very ids of those of `acme`: ids that are made of content never meet."""
    with contextlib.closing(sqlite3.connect(folder / ".fixer" / "fixer.db")) as database, database:
        for number, name in enumerate((MINE, *OTHERS)):
            if not number or name not in names:
                continue
            for table, texts in (("fixes", ("fix", "agent")), ("fix_files", ("path", "after"))):
                columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
                changed = [
                    f"replace(replace({one}, '{marker(0)}', '{marker(number)}'), 'workspace-0.', 'workspace-{number}.')"
                    if one in texts
                    else one
                    for one in columns[1:]
                ]
                query = f"INSERT INTO {table} SELECT ?, {', '.join(changed)} FROM {table} WHERE workspace = ?"  # noqa: S608 - names of columns
                database.execute(query, (name, MINE))
            database.execute(
                "UPDATE fixes SET outcome = 'e9', succeeded = 1, state = 'undone' WHERE workspace = ? "
                "AND id IN (SELECT id FROM fixes WHERE workspace = ?)",
                (name, MINE),
            )
        for table in ("fixes", "fix_files"):
            database.execute(f"UPDATE {table} SET rowid = rowid + 10000 WHERE workspace = ?", (MINE,))  # noqa: S608 - names of tables


def made(folder: Path, names: Sequence[str]) -> World:
    """Make a world in which the commands were used in the workspaces `names`; the files of all lie there."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    for number, name in enumerate((MINE, *OTHERS)):
        write(folder, number, name)
    write_more(folder)
    ids: list[str] = []
    with contextlib.chdir(folder):
        # The others come first: whoever asked for too much would meet their rows before its own.
        for number, name in reversed([*enumerate((MINE, *OTHERS))]):
            if name not in names:
                continue
            bound = (OPTION, name)
            for id_ in ("e1", "e2", "e3", "e4", "e5", f"only{number}"):
                words = ("explain", f"{id_}-{number}.json", "--workspace", f"workspace-{number}.json", *bound)
                ok(*words)
            fixes = json.loads(ok("fix", "list", "--json", *bound))["fixes"]
            first, second, *_ = [one["id"] for one in fixes if one["fix"]["autoFixAvailable"]]
            ok("fix", "apply", first, "--yes", *bound)
            (pattern,) = json.loads(ok("patterns", "--json", *bound))["patterns"]
            ok("patterns", "pause", marker(number), "--reason", f"of {marker(number)}", *bound)
            if number:
                ok("patterns", "pause", "Outreach", "--reason", f"of {marker(number)}", *bound)
            if number % 2:
                ok("patterns", "dismiss", pattern["id"], *bound)
            ids += [first, second, pattern["id"]]
    plant(folder, names)
    world = World(folder, tuple(ids))
    world.keep()
    return world


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    """The world in which `acme` is alone, and the one with the others."""
    before = signal.getsignal(signal.SIGTERM)
    folder = tmp_path_factory.mktemp("worlds")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HOME", str(folder))
        for name in [name for name in os.environ if name.startswith(("FIXER_", "GEMINI", "GOOGLE"))]:
            environment.delenv(name)
        yield made(folder / "alone", (MINE,)), made(folder / "full", (MINE, *OTHERS))
    signal.signal(signal.SIGTERM, before)


def bound_commands() -> dict[str, list[Any]]:
    """Return the parameters of every command that knows workspaces."""
    found = {name: command.params for name, command in build().commands.items()}
    return {name: params for name, params in found.items() if any(OPTION in one.opts for one in params)}


def value_of(parameter: Any, texts: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """Return what may be typed for one parameter: nothing, or the option with a value."""
    option = [name for name in parameter.opts[:1] if name.startswith("-")]
    if OPTION in parameter.opts:
        return st.just([OPTION, MINE])
    if parameter.name in {"repo", "verbose", "no_color", "help"}:
        return st.just([])
    if getattr(parameter, "is_flag", False):
        # A yes is most of what changes anything.
        return st.sampled_from([[], option, option])
    kind = parameter.type_descriptor.annotation
    choices = [str(one) for one in kind] if isinstance(kind, type) and issubclass(kind, StrEnum) else texts
    values = st.sampled_from(choices)
    if parameter.name == "workspace":
        values = st.sampled_from([f"workspace-{number}.json" for number in (0, 0, 1, 3, 8)])
    typed_ = values.map(lambda value: [*option, value])
    return st.just([]) | typed_ if option else typed_


def command_lines(worlds: tuple[World, World]) -> st.SearchStrategy[list[str]]:
    """Return command lines bound to `acme`, of any command that knows workspaces."""
    numbers = range(len(OTHERS) + 1)
    names = ("e1", "e5", *(f"only{number}" for number in numbers), *(marker(number) for number in numbers), "Outreach")
    files = [*(f"e1-{number}.json" for number in numbers), *MORE]
    ids = [*worlds[1].ids, *(id_[:6] for id_ in worlds[1].ids), *(id_.upper() for id_ in worlds[1].ids[:3])]
    texts = [*names, *files, *ids, *STRANGE, "Outreach", *(worlds[0].ids * 4)]
    return st.one_of(
        [
            st.tuples(st.just([name]), *(value_of(one, texts) for one in params)).map(
                lambda parts: [*itertools.chain(*parts)]
            )
            for name, params in bound_commands().items()
        ]
    )


def test_a_command_knows_workspaces_or_reads_nothing_of_them() -> None:
    assert set(build().commands) - set(bound_commands()) <= OF_THE_PROJECT
    assert not OF_THE_PROJECT & set(bound_commands())
    assert len(bound_commands()) >= 5


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_command_leads_from_one_workspace_to_another(worlds: tuple[World, World], data: st.DataObject) -> None:
    assert_alike(worlds, data.draw(st.lists(command_lines(worlds), min_size=1, max_size=5)))


def test_the_days_of_a_workspace_pass_as_if_it_were_alone(worlds: tuple[World, World]) -> None:
    bound = (OPTION, MINE)
    applied, offered, pattern = worlds[0].ids
    changes = [("undo", applied), ("apply", applied), ("apply", offered), ("undo", offered)]
    explained = [("explain", name, "--workspace", "workspace-0.json") for name in (*MORE, "new-0.json", "e1")]
    theirs = [("pause", marker(1)), ("resume", marker(1))]
    patterns = [*theirs, ("pause", "Outreach"), ("pause", "Outreach"), ("resume", "Outreach"), ("dismiss", pattern)]
    lines = [
        *((("fix", action, fix, "--yes") for action, fix in changes)),
        ("fix", "list"),
        *explained,
        ("fix", "show", applied),
        ("stats", "fixes"),
        *(("patterns", *words, *more) for words in [*patterns, ()] for more in [(), ("--json",)]),
        ("usage", "--json"),
    ]
    assert_alike(worlds, [[*line, *bound] for line in lines])
    codes = [worlds[1].typed("fix", action, fix, "--yes", *bound)[0] for action, fix in (changes[0], changes[1])]
    assert codes == [ExitCode.OK, ExitCode.OK]


def assert_alike(worlds: tuple[World, World], lines: Sequence[Sequence[str]]) -> None:
    """Assert that what is typed for `acme` does the same in both worlds, and nothing to the others."""
    alone, full = worlds
    for world in worlds:
        world.set_back()
    others, files = full.rows(mine=False), full.files()
    for words in lines:
        here, there = alone.typed(*words), full.typed(*words)
        assert here == there, words
        assert_no_marker(" ".join(there[1:]), words)
    assert full.rows(mine=False) == others
    assert full.files() == files
    assert_no_marker(str(full.rows(mine=True)))


def test_what_is_of_the_project_shows_nothing_of_a_workspace(worlds: tuple[World, World]) -> None:
    alone, full = worlds
    for name in READ_ONLY:
        for more in ((), ("--json",)):
            assert alone.typed(name, *more) == full.typed(name, *more)


def test_nothing_tells_whether_another_workspace_has_anything(worlds: tuple[World, World], tmp_path: Path) -> None:
    """A project where nothing was ever recorded, and one where others were busy, answer alike."""
    empty, full = World(tmp_path, ()), worlds[1]
    full.set_back()
    bound = (OPTION, "nobody")
    for words in (
        ("fix", "list"), ("fix", "list", "--json"), ("fix", "show", full.ids[0]), ("fix", "undo", full.ids[0], "--yes"),
        ("patterns",), ("patterns", "--json"), ("patterns", "pause", "Outreach"), ("patterns", "resume", "Outreach"),
        ("patterns", "dismiss", full.ids[2]), ("stats", "fixes"), ("stats", "fixes", "--json"), ("usage",),
        ("usage", "--json"), ("explain", "e1"),
    ):  # fmt: skip
        assert empty.typed(*words, *bound) == full.typed(*words, *bound), words


def assert_no_marker(text: str, words: Sequence[str] = ()) -> None:
    """Assert that no marker of another workspace is in a text, but where the user typed it."""
    for number in range(1, len(OTHERS) + 1):
        typed_ = any(marker(number) in word for word in words)
        assert typed_ or marker(number) not in text, (words, text)
