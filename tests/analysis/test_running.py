"""What all tools have in common: steps of a run, stored results, the user's environment, and nothing left running."""

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer import analysis
from fixer.analysis import go, javascript, python, rust
from fixer.analysis.base import UNREADABLE
from fixer.analysis.running.session import users_environment
from fixer.analysis.running.state import state_of
from fixer.errors import ConfigError
from fixer.journal import Journal, OwnedRun
from fixer.schema.command import CommandResult
from fixer.schema.root_cause import RootCause
from fixer.schema.settings import Settings
from tests.analysis.conftest import Analyze, numbers
from tests.repositories import commit, git, make_repository, write


def counting(folder: Path) -> Settings:
    """A tool that counts, outside of the project, how often it ran."""
    count = folder / "count"
    script = f"echo x >> {count}; wc -l < {count}"
    return Settings.model_validate({"analysis": {"count": {"command": f"sh -c '{script}'", "pattern": r"\d+"}}})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "project", {"a.txt": "a\n"})


def test_a_stored_result_is_used_only_for_the_very_same_files(project: Path, tmp_path: Path, analyze: Analyze) -> None:
    mine = counting(tmp_path)

    def value(age: float | None) -> tuple[float, bool]:
        (ended,) = analyze(project, "count", settings=mine, age=age).values()
        return numbers(ended.metrics)["value"], ended.cached_at is not None

    assert value(None) == (1, False)
    assert value(3600) == (1, True)
    assert value(0) == (2, False)
    write(project, {"b.txt": "new\n"})
    assert value(3600) == (3, False)
    (project / "b.txt").unlink()
    # The newest measurement of this commit was made of a changed tree: it says nothing of the commit.
    assert value(3600) == (2, True)
    commit(project, {"b.txt": "new\n"}, "second")
    assert value(3600) == (4, False)


def test_a_finished_tool_does_not_run_again_in_a_resumed_run(project: Path, tmp_path: Path, journal: Journal) -> None:
    mine = counting(tmp_path)
    record = journal.submit("analysis", None, "killed")
    values = []
    for _ in range(2):
        with journal.own(record.id) as run:
            (ended,) = analysis.run(["count"], project, mine, run, print, str)
            values.append(numbers(ended.metrics)["value"])
    assert values == [1, 1]
    assert [(step.name, step.state.value) for step in journal.steps(record.id)] == [
        ("analyze: count (settings)", "done")
    ]
    assert len([event for event in journal.events(record.id) if event.kind == "command"]) == 1


def test_the_journal_keeps_both_ends_of_a_long_output(tmp_path: Path, journal: Journal, owned: OwnedRun) -> None:
    command = "sh -c 'echo first; yes | head -c 100000; echo last'"
    mine = Settings.model_validate({"analysis": {"talks": {"command": command}}})
    (ended,) = analysis.run(["talks"], tmp_path, mine, owned, print, str)
    assert ended.result is not None
    assert len(ended.result.stdout) == 100_011
    (event,) = [event for event in journal.events(owned.id) if event.kind == "command"]
    kept = CommandResult.model_validate(event.data).stdout
    assert len(kept) < 21_000
    assert (kept.startswith("first\ny\n"), kept.endswith("y\nlast\n")) == (True, True)
    assert "80011 characters omitted" in kept


def test_one_line_a_tool_is_said(project: Path, tmp_path: Path, analyze: Analyze) -> None:
    said: list[str] = []
    analyze(project, settings=counting(tmp_path), talk=said)
    assert said == ["count (settings): sh"]


@pytest.mark.parametrize(
    "name", ["mmm-coverage", "mmm-lint", "mmm-benchmark", "mmm-bench", "coverage", "lint", "bench"]
)
def test_the_names_of_existing_workflows_are_known(name: str, tmp_path: Path) -> None:
    assert name in analysis.known_names(tmp_path, Settings())
    (tmp_path / "a.py").touch()
    (tool,) = analysis.choose([name], tmp_path, Settings())
    assert tool.series.tool in {"coverage", "lint", "bench"}


def test_names_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as unknown:
        analysis.choose(["covrage"], tmp_path, Settings())
    assert unknown.value.hint.startswith("did you mean coverage? ")
    with pytest.raises(ConfigError, match="'lint' has nothing to measure in"):
        analysis.choose(["lint"], tmp_path, Settings())
    with pytest.raises(ConfigError, match="there is nothing to measure in"):
        analysis.choose([], tmp_path, Settings())


def test_several_ecosystems_of_one_repository_each_count(tmp_path: Path) -> None:
    write(tmp_path, {"backend/pyproject.toml": "[project]\n", "web/package.json": "{}", "core/Cargo.toml": "",
                     "api/go.mod": ""})  # fmt: skip
    labels = [tool.series.label for tool in analysis.choose(["lint"], tmp_path, Settings())]
    assert labels == ["lint (go, api)", "lint (javascript, web)", "lint (python, backend)", "lint (rust, core)"]


def test_a_retry_runs_in_another_tree_with_other_variables(project: Path, owned: OwnedRun, tmp_path: Path) -> None:
    command = """sh -c 'test "$COLOUR" = blue && cat a.txt'"""
    mine = Settings.model_validate({"analysis": {"check": {"command": command}}})
    (failed,) = analysis.run(["check"], project, mine, owned, print, str)
    assert (failed.passed, failed.root_cause) == (False, RootCause.UNKNOWN)
    tree = tmp_path / "tree"
    git(project, "worktree", "add", "--quiet", str(tree))
    write(tree, {"a.txt": "mended\n"})
    again = analysis.again(failed, project, mine, owned, str)
    passed = again(tree, {"COLOUR": "blue"})
    assert (passed.passed, passed.stdout) == (True, "mended\n")
    assert not again(tree, {"COLOUR": None}).passed
    once_more = analysis.anew(failed, project, mine, owned, print, str, changes={"COLOUR": "blue"})
    assert (once_more.passed, once_more.result and once_more.result.stdout) == (True, "a\n")


@pytest.mark.skipif(shutil.which("cargo") is None, reason="cargo is not installed")
def test_findings_are_no_failure_in_a_retry(tmp_path: Path, owned: OwnedRun) -> None:
    files = {"Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n', "src/lib.rs": "fn unused() {}\n"}
    folder = make_repository(tmp_path / "rust", files)
    write(folder, {"src/lib.rs": "fn broken( {}\n"})
    (failed,) = analysis.run(["lint"], folder, Settings(), owned, print, str)
    again = analysis.again(failed, folder, Settings(), owned, str)
    assert not again(folder, {}).passed
    write(folder, {"src/lib.rs": "#![deny(clippy::eq_op)]\npub fn f(a: u32) -> bool {\n    a == a\n}\n"})
    passed = again(folder, {})
    assert (passed.passed, passed.reason) == (True, "exit code 101 says that there are findings, which are a result")


def test_output_that_cannot_be_read_is_a_failure_of_the_tool(tmp_path: Path, analyze: Analyze) -> None:
    folder = make_repository(tmp_path / "web", {"package.json": '{"devDependencies": {"eslint": "*"}}'})
    fake = folder / "node_modules" / ".bin" / "eslint"
    fake.parent.mkdir(parents=True)
    fake.write_text('#!/bin/sh\nwhile [ "$1" != --output-file ]; do shift; done\necho [1] > "$2"\n', encoding="utf-8")
    fake.chmod(0o755)
    ended = analyze(folder, "lint")["lint (javascript)"]
    assert ended.root_cause is RootCause.INVALID_DATA
    assert ended.reason.startswith("eslint wrote something that cannot be read as its output")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["totals", "files", "data", "mean", "lines", "total", "covered", "count", "groups", "name"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
READERS: tuple[Callable[[Any], object], ...] = (
    python.read_coverage,
    lambda report: python.read_ruff(json.dumps(report)),
    rust.read_llvm_cov,
    rust.read_tarpaulin,
    lambda report: rust.read_clippy(json.dumps(report)),
    javascript.read_summary,
    javascript.read_eslint,
    lambda report: list(javascript.read_vitest(report)),
    lambda report: go.read_vet(json.dumps(report)),
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_a_report_of_any_other_form_is_no_bug(report: object) -> None:
    for read in READERS:
        with contextlib.suppress(*UNREADABLE):
            read(report)


def test_commands_see_the_users_own_environment() -> None:
    outer = {"HOME": "/home/me", "PATH": "/bin", "TOKEN": "t", "FORCE_COLOR": "1", "TMPDIR": "/x", "RUSTFLAGS": "-D"}
    env = users_environment(outer, {"RUSTFLAGS": None, "GOFLAGS": None, "NEW": "1"})
    assert (env["HOME"], env["TOKEN"], env["XDG_CACHE_HOME"], env["NEW"]) == ("/home/me", "t", "/home/me/.cache", "1")
    assert env["GOCACHE"] == "/home/me/.cache/go-build"
    assert not {"FORCE_COLOR", "TMPDIR", "RUSTFLAGS"} & env.keys()
    # What the sandbox would pass on by itself is emptied.
    assert env["GOFLAGS"] == ""


def test_what_a_command_leaves_running_is_ended(tmp_path: Path, analyze: Analyze) -> None:
    note = tmp_path / "pid"
    command = f"sh -c 'sleep 300 & echo $! > {note}'"
    mine = Settings.model_validate({"analysis": {"leaves": {"command": command}}})
    assert analyze(tmp_path, "leaves", settings=mine)["leaves (settings)"].passed
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text(encoding="utf-8")), 0)


def test_every_change_of_the_files_is_another_state(project: Path, tmp_path: Path) -> None:
    states = [state_of(project)]
    for name, text in (("a.txt", "b\n"), ("a.txt", "c\n"), ("new.txt", "1\n"), ("new.txt", "22\n")):
        write(project, {name: text})
        states.append(state_of(project))
    assert [state.dirty for state in states] == [False, True, True, True, True]
    assert len({state.key for state in states}) == len(states)
    outside = state_of(tmp_path)
    assert (outside.commit, outside.dirty) == ("", True)
