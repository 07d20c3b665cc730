"""Reports are written whole or not at all, once a run, and found again."""

from pathlib import Path

import pytest

from fixer.errors import DependencyError
from fixer.reporters.files import run_of, stored_reports, write_report
from fixer.reporters.markdown import render
from fixer.schema.report import Outcome
from tests.reporters.examples import FIXED, in_repository, of_outcome


def test_writes_markdown_and_json(tmp_path: Path) -> None:
    report = in_repository(FIXED, tmp_path)
    path = write_report(report, tmp_path / "outputs")
    assert path == tmp_path / "outputs" / "2026-03-04_05-06-07_test-import.md"
    assert path.read_text(encoding="utf-8") == render(report)
    assert stored_reports(tmp_path).reports == (report,)
    for folder in ("outputs", ".fixer"):
        assert (tmp_path / folder / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == [
        ".gitignore", ".gitignore", "0c0ffee0.json", path.name,
    ]  # fmt: skip


def test_a_folder_of_the_project_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "mine.txt").write_text("mine\n", encoding="utf-8")
    write_report(in_repository(FIXED, tmp_path), tmp_path / "outputs")
    assert not (tmp_path / "outputs" / ".gitignore").exists()


def test_a_resumed_run_leaves_one_report(tmp_path: Path) -> None:
    first = in_repository(of_outcome(Outcome.CANCELLED), tmp_path)
    write_report(first, tmp_path / "outputs")
    second = in_repository(FIXED, tmp_path)
    path = write_report(second, tmp_path / "outputs")
    write_report(second, tmp_path / "outputs")
    assert list((tmp_path / "outputs").glob("*.md")) == [path]
    assert stored_reports(tmp_path).reports == (second,)


def test_two_runs_of_one_second_leave_two(tmp_path: Path) -> None:
    first = in_repository(FIXED, tmp_path)
    second = first.model_copy(update={"run_id": "beef"})
    paths = {write_report(report, tmp_path / "outputs") for report in (first, second, first, second)}
    assert {run_of(path) for path in paths} == {"0c0ffee0", "beef"}
    assert len(list((tmp_path / "outputs").glob("*.md"))) == 2


def test_time_is_utc_and_names_are_safe(tmp_path: Path) -> None:
    odd = FIXED.model_copy(update={"started": "2026-03-04T05:06:07+02:00", "description": "../../etc/Pass wd\n"})
    path = write_report(in_repository(odd, tmp_path), tmp_path / "outputs")
    assert path.name == "2026-03-04_03-06-07_etc-Pass-wd.md"
    assert path.parent == tmp_path / "outputs"


def test_everything_is_masked(tmp_path: Path) -> None:
    report = in_repository(FIXED, tmp_path)
    path = write_report(report, tmp_path / "outputs", mask=lambda text: text.replace("prize", "****"))
    for file in (path, tmp_path / ".fixer" / "reports" / "0c0ffee0.json"):
        assert "prize" not in file.read_text(encoding="utf-8")
        assert "****" in file.read_text(encoding="utf-8")


def test_newest_first_and_broken_ones_are_named(tmp_path: Path) -> None:
    for day in (1, 3, 2):
        report = FIXED.model_copy(update={"run_id": f"run{day}", "started": f"2026-03-0{day}T00:00:00+00:00"})
        write_report(in_repository(report, tmp_path), tmp_path / "outputs")
    (tmp_path / ".fixer" / "reports" / "broken.json").write_text("{}", encoding="utf-8")
    stored = stored_reports(tmp_path)
    assert [report.run_id for report in stored.reports] == ["run3", "run2", "run1"]
    assert len(stored.broken) == 1
    assert "broken.json" in stored.broken[0]


def test_a_failed_write_keeps_the_old_report_and_says_why(tmp_path: Path) -> None:
    report = in_repository(FIXED, tmp_path)
    (tmp_path / "outputs").write_text("in the way", encoding="utf-8")
    with pytest.raises(DependencyError, match="could not be written"):
        write_report(report, tmp_path / "outputs")
    assert not list(tmp_path.rglob("*.part"))


def test_a_file_that_is_no_report(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text('# notes\nrun: "x"\n', encoding="utf-8")
    assert run_of(path) is None
    assert run_of(tmp_path / "nothing.md") is None
