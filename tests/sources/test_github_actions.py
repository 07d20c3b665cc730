"""A run of GitHub Actions, fetched from a server that speaks GitHub's wire format."""

import json
import os
import stat
from pathlib import Path

import pytest

from fixer.errors import ConfigError, ExitCode, FixerError, SourceError
from fixer.parsers import failures_in, read_log
from fixer.schema.execution import StepStatus
from tests.sources.conftest import PYTEST, Fetcher, job_log
from tests.sources.github_server import REPO, SHA, TOKEN, URL, GitHubServer


def refused(get: Fetcher, url: str = URL, env: dict[str, str] | None = None) -> FixerError:
    with pytest.raises(SourceError) as caught:
        get(url, env)
    assert caught.value.hint
    assert TOKEN not in str(caught.value) + caught.value.hint
    return caught.value


def everything_kept(get: Fetcher) -> str:
    return "".join(path.read_text() for path in get.keep.rglob("*") if path.is_file())


def test_a_failed_run(red: GitHubServer, get: Fetcher) -> None:
    execution = get()
    assert (execution.source, execution.origin, execution.commit) == ("github_actions", URL, SHA)
    log = Path(execution.log_path or "")
    assert log.parent == get.keep / "github.com" / "team" / "shop" / "7-1"
    assert PYTEST in log.read_text().splitlines()
    assert "all is well" not in log.read_text()
    by_name = {step.name: step for step in execution.steps}
    assert by_name["test / Install"].status is StepStatus.PASSED
    assert by_name["Run pip install x"].status is StepStatus.PASSED
    [failed] = [step for step in execution.steps if step.status is StepStatus.FAILED]
    assert (failed.command, failed.exit_code) == ("python -m pytest", 1)
    [failure] = failures_in(read_log(log, execution.steps), execution.steps)
    assert failure.test == "tests/test_a.py::test_x"
    assert not red.leaks()


def test_it_is_fetched_once(red: GitHubServer, get: Fetcher) -> None:
    first = get()
    before = len(red.seen)
    assert get() == first
    assert not any("logs" in one.path for one in red.seen[before:])
    before = len(red.seen)
    assert get(f"{URL}/attempts/1") == first
    assert len(red.seen) == before


@pytest.mark.usefixtures("red")
def test_a_moved_folder_is_still_found(get: Fetcher, tmp_path: Path) -> None:
    first = get()
    get.keep.rename(tmp_path / "elsewhere")
    get.keep = tmp_path / "elsewhere"
    again = get(f"{URL}/attempts/1")
    assert again.log_path != first.log_path
    assert PYTEST in Path(again.log_path or "").read_text()


@pytest.mark.usefixtures("red")
def test_a_damaged_record_is_fetched_again(get: Fetcher) -> None:
    first = get()
    record = Path(first.log_path or "").with_name("execution.json")
    record.write_text("{")
    assert get() == first
    assert json.loads(record.read_text())["commit"] == SHA


def test_a_run_that_is_not_finished_is_fetched_each_time(red: GitHubServer, get: Fetcher) -> None:
    red.answers[f"{REPO}/actions/runs/7"] |= {"status": "in_progress", "conclusion": None}
    assert PYTEST in Path(get().log_path or "").read_text()
    assert red.asked("attempts/1/logs") == 0
    get()
    assert red.asked("storage:|jobs/70/logs") == 4


def test_one_job_of_a_run(red: GitHubServer, get: Fetcher) -> None:
    red.add_job(72, "other", "other\n##[error]Process completed with exit code 2.\n")
    execution = get(f"{URL}/job/72")
    assert Path(execution.log_path or "").read_text().startswith("other\n")
    assert Path(execution.log_path or "").parent.name == "7-1-job-72"
    before = len(red.seen)
    assert get(f"{URL}/job/72") == execution
    assert len(red.seen) == before
    assert "succeeded" in refused(get, f"{URL}/job/71").message


def test_jobs_are_read_from_every_page(red: GitHubServer, get: Fetcher) -> None:
    red.page_size = 2
    for job in range(100, 105):
        red.add_job(job, f"part {job}", f"part {job} broke\n##[error]Process completed with exit code 1.\n")
    text = Path(get().log_path or "").read_text()
    assert all(f"part {job} broke" in text for job in range(100, 105))
    asked = [one.query["page"] for one in red.seen if one.path.endswith("/jobs")]
    assert asked == [["1"], ["2"], ["3"], ["4"]]


def test_the_last_attempt_that_failed(red: GitHubServer, get: Fetcher) -> None:
    for attempt in (2, 3):
        red.add_run(attempt=attempt, conclusion="success")
        red.add_job(80 + attempt, "test", "", conclusion="success", attempt=attempt)
    execution = get()
    assert Path(execution.log_path or "").parent.name == "7-1"
    assert any("attempt 3" in line and "reading 1" in line for line in get.said)
    error = refused(get, f"{URL}/attempts/2")
    assert "no job failed" in error.message
    assert f"{URL}/attempts/1" in error.hint


@pytest.mark.parametrize("name", ["build / test (3.11, ubuntu-latest)", "a:b/c", "x" * 120, "..", "tests ✓"])
def test_jobs_are_found_in_the_archive_by_their_cut_names(name: str, github: GitHubServer, get: Fetcher) -> None:
    github.add_run()
    github.add_job(70, name, "from the job\n", steps=[("Run", "failure")])
    folder = name.replace("/", "").replace(":", "")[:90]
    github.add_archive({f"{folder}/1_Run.txt": job_log()})
    text = Path(get().log_path or "").read_text()
    assert PYTEST in text or (name == ".." and "from the job" in text)


def test_two_jobs_and_two_steps_of_one_name(github: GitHubServer, get: Fetcher) -> None:
    github.add_run()
    for job in (70, 71):
        github.add_job(job, "test", f"log of {job}\n")
    github.add_archive({"0_test.txt": "first\n", "1_test.txt": "second\n"})
    text = Path(get().log_path or "").read_text()
    assert "log of 70" in text
    assert "log of 71" in text


def test_a_job_without_a_log_is_told_by_its_annotations(github: GitHubServer, get: Fetcher) -> None:
    github.add_run()
    job = github.add_job(70, "test", "", conclusion="startup_failure")
    del github.files[f"{REPO}/actions/jobs/{job['id']}/logs"]
    lost = {"path": ".github", "start_line": 1, "annotation_level": "failure", "message": "The runner lost contact."}
    github.answers[f"{REPO}/check-runs/70/annotations"] = [lost]
    execution = get()
    assert Path(execution.log_path or "").read_text() == "##[error]failure: The runner lost contact.\n"
    assert execution.annotations == ("failure: The runner lost contact.",)


def test_reports_are_taken_from_artifacts(red: GitHubServer, get: Fetcher) -> None:
    xml = f'<?xml version="1.0"?>\n<testsuites><testsuite name="{TOKEN}"/></testsuites>'
    red.add_artifact(1, "test-results", {"junit.xml": xml, "page.xml": "<html/>", "../../evil.xml": xml})
    red.add_artifact(2, "binaries", {"junit.xml": xml})
    red.add_artifact(3, "test-old", {"junit.xml": xml}, created_at="2026-01-01T00:00:00Z")
    red.add_artifact(4, "test-gone", {"junit.xml": xml}, expired=True)
    red.add_artifact(5, "test-huge", {"junit.xml": xml}, size_in_bytes=1 << 40)
    execution = get()
    names = [Path(report).name for report in execution.reports]
    assert names == ["1-1.xml", "1-2.xml"]
    assert all(Path(report).is_file() for report in execution.reports)
    assert {path.name for path in get.keep.rglob("*.xml")} == {"1-1.xml", "1-2.xml"}
    assert TOKEN not in everything_kept(get)


def test_what_is_kept_is_masked(red: GitHubServer, get: Fetcher) -> None:
    red.add_archive({"0_test.txt": f"the token is {TOKEN}\n##[error]Process completed with exit code 1.\n"})
    note = {"path": "a.py", "start_line": 3, "annotation_level": "failure", "message": f"see {TOKEN}"}
    red.answers[f"{REPO}/check-runs/70/annotations"] = [note]
    red.answers[f"{REPO}/actions/runs/7"]["name"] = TOKEN
    red.add_job(72, f"job {TOKEN}", "broken\n")
    execution = get()
    assert "the token is" in Path(execution.log_path or "").read_text()
    assert TOKEN not in everything_kept(get) + execution.model_dump_json() + "".join(get.said)


@pytest.mark.usefixtures("red")
def test_nothing_else_is_left_and_git_leaves_it_alone(get: Fetcher) -> None:
    get()
    names = sorted(str(path.relative_to(get.keep)) for path in get.keep.rglob("*") if path.is_file())
    run = "github.com/team/shop/7-1"
    assert names == [".gitignore", f"{run}/.lock", f"{run}/execution.json", f"{run}/log.txt", f"{run}/run.json"]
    assert (get.keep / ".gitignore").read_text() == "*\n"
    assert stat.S_IMODE((get.keep / run).stat().st_mode) == 0o700


@pytest.mark.usefixtures("red")
def test_what_a_killed_process_left_is_removed(get: Fetcher) -> None:
    left = get.keep / "github.com" / "team" / "shop" / ".draft-7-1-abc"
    left.mkdir(parents=True)
    (left / ".lock").touch()
    (left / "raw").mkdir()
    get()
    assert not left.exists()


def test_a_renamed_repository(red: GitHubServer, get: Fetcher) -> None:
    red.renamed = {"/repos/team/old": REPO}
    execution = get(URL.replace("shop", "old"))
    assert execution.commit == SHA
    assert not red.leaks()


def test_a_public_run_without_a_token(red: GitHubServer, get: Fetcher) -> None:
    red.token = ""
    execution = get(env={"GITHUB_API_URL": red.url})
    assert execution.commit == SHA
    assert not any("authorization" in one.headers for one in red.seen)


def test_no_token_where_one_is_needed(red: GitHubServer, get: Fetcher) -> None:
    error = refused(get, env={"GITHUB_API_URL": red.url})
    assert "without a token (403)" in error.message
    assert "gh auth login" in error.hint


def test_a_wrong_token_is_named_but_not_shown(red: GitHubServer, get: Fetcher) -> None:
    other = TOKEN.replace("0", "9")
    error = refused(get, env={"GITHUB_API_URL": red.url, "GH_TOKEN": other})
    assert "GH_TOKEN" in error.message
    assert "(401)" in error.message
    assert other not in error.message + error.hint


def test_no_token_is_taken_from_the_environment_behind_its_back(
    red: GitHubServer, get: Fetcher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("GITHUB_JWT_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, "a-token-of-another-service")
    monkeypatch.setenv("GHAPI_DEBUG", "1")
    red.token = ""
    get(env={"GITHUB_API_URL": red.url})
    assert red.seen
    assert not [one for one in red.seen if "authorization" in one.headers]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/team/shop/actions",
        "https://github.com/../shop/actions/runs/1",
        "https://github.com/team/../actions/runs/1",
        "http://github.com/team/shop/actions/runs/1",
        f"{URL}/attempts/x",
    ],
)
def test_what_is_no_address_of_a_run(url: str, get: Fetcher) -> None:
    with pytest.raises(ConfigError) as caught:
        get(url)
    assert caught.value.code is ExitCode.USAGE
    assert not get.keep.exists()


@pytest.mark.usefixtures("red")
def test_a_run_that_does_not_exist(get: Fetcher) -> None:
    error = refused(get, URL.replace("/7", "/8"))
    assert "run 8 of team/shop" in error.message
    assert "(404)" in error.message


def test_a_cancelled_run(github: GitHubServer, get: Fetcher) -> None:
    github.add_run(conclusion="cancelled")
    assert "'cancelled'" in refused(get).message


def test_a_disk_that_refuses(get: Fetcher) -> None:
    get.keep.parent.mkdir(exist_ok=True)
    get.keep.write_text("in the way")
    assert os.fspath(get.keep) in refused(get).message
