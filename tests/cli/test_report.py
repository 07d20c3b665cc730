"""`fixer report`: lists, shows, prints JSON, and says so where there is nothing."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from fixer.errors import ExitCode
from fixer.reporters.files import write_report
from fixer.reporters.markdown import render
from fixer.schema.report import Outcome, Report
from tests.conftest import SOURCE, Fixer
from tests.reporters.examples import FIXED, in_repository, of_outcome


@pytest.fixture
def reports(repository: Path) -> tuple[Report, Report]:
    """Keep two reports; return the newer one first."""
    older = of_outcome(Outcome.CANCELLED).model_copy(
        update={"run_id": "0c0ddd", "started": "2026-03-03T00:00:00+00:00"}
    )
    kept = in_repository(FIXED, repository), in_repository(older, repository)
    for report in kept:
        write_report(report, repository / "outputs")
    return kept


def test_lists_newest_first(fixer: Fixer, repository: Path, reports: tuple[Report, Report]) -> None:
    done = fixer("report", cwd=repository)
    assert (done.code, done.stderr) == (ExitCode.OK, "")
    head, *lines = done.stdout.splitlines()
    assert head.split() == ["STARTED", "STATUS", "OUTCOME", "RUN", "SUMMARY"]
    assert [line.split()[:4] for line in lines] == [
        [report.started[:19], report.status.value, report.outcome.value, report.run_id] for report in reports
    ]


def test_lists_as_json(fixer: Fixer, repository: Path, reports: tuple[Report, Report]) -> None:
    done = fixer("report", "--json", cwd=repository)
    listed = json.loads(done.stdout)
    assert listed["schema_version"] == 1
    assert [row["run"] for row in listed["reports"]] == [report.run_id for report in reports]
    assert all(Path(row["report"]).is_file() for row in listed["reports"])


@pytest.mark.parametrize("name", ["latest", "0c0ffee0", "0c0f"])
def test_shows_one(name: str, fixer: Fixer, repository: Path, reports: tuple[Report, Report]) -> None:
    done = fixer("report", name, cwd=repository)
    assert (done.code, done.stdout) == (ExitCode.OK, render(reports[0]))


def test_shows_a_file(fixer: Fixer, repository: Path, reports: tuple[Report, Report]) -> None:
    (path,) = (repository / "outputs").glob("*test-import.md")
    assert fixer("report", path, cwd=repository).stdout == render(reports[0])
    shown = fixer("report", path, "--json", cwd=repository)
    assert Report.model_validate_json(shown.stdout) == reports[0]


def test_control_codes_in_a_file_do_nothing(fixer: Fixer, repository: Path) -> None:
    (repository / "evil.md").write_text("# \x1b[2Jtitle\x1b]0;x\x07\n", encoding="utf-8")
    assert fixer("report", "evil.md", cwd=repository).stdout == "# title\n"


def test_json_of_one(fixer: Fixer, repository: Path, reports: tuple[Report, Report]) -> None:
    done = fixer("report", "latest", "--json", cwd=repository)
    assert Report.model_validate_json(done.stdout) == reports[0]


def test_no_report_yet(fixer: Fixer, repository: Path) -> None:
    done = fixer("report", cwd=repository)
    assert (done.code, done.stdout) == (ExitCode.OK, "")
    assert "there is no report" in done.stderr
    assert json.loads(fixer("report", "--json", cwd=repository).stdout)["reports"] == []


@pytest.mark.parametrize(
    ("name", "phrase"), [("nope", "there is no report 'nope'"), ("0c0", "is the start of 2 runs"), ("", "start of 2")]
)
@pytest.mark.usefixtures("reports")
def test_an_unknown_run_leaves_with_2(name: str, phrase: str, fixer: Fixer, repository: Path) -> None:
    done = fixer("report", name, cwd=repository)
    assert (done.code, done.stdout) == (ExitCode.USAGE, "")
    assert phrase in done.stderr


def test_latest_of_nothing_leaves_with_2(fixer: Fixer, repository: Path) -> None:
    done = fixer("report", "latest", cwd=repository)
    assert done.code == ExitCode.USAGE
    assert "`fixer run info.json` writes one" in done.stderr


@pytest.mark.usefixtures("reports")
def test_a_broken_one_is_named_and_the_others_are_shown(fixer: Fixer, repository: Path) -> None:
    (repository / ".fixer" / "reports" / "bad.json").write_text("{", encoding="utf-8")
    done = fixer("report", cwd=repository)
    assert (done.code, len(done.stdout.splitlines())) == (ExitCode.OK, 3)
    assert "bad.json" in done.stderr


@pytest.mark.usefixtures("reports")
def test_on_a_terminal_it_is_laid_out(repository: Path) -> None:
    ours, theirs = pty.openpty()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "TERM": "xterm-256color", "COLUMNS": "100"}
    command = [sys.executable, "-m", "fixer", "report", "latest"]
    with subprocess.Popen(command, cwd=repository, env=env, stdout=theirs, stderr=subprocess.PIPE) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
    os.close(ours)
    text = shown.decode()
    assert process.returncode == 0
    assert "schema_version" not in text
    assert "\x1b[" in text
    assert "Ask for the column price" in text
