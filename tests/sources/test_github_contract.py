"""fixer's calls against a server that nobody here wrote: prism, made from GitHub's own description of its API.

The description in data/github_api.json is a part of npm's @octokit/openapi (MIT); `scripts/cut_description.py` cuts it.
"""

import contextlib
import copy
import fcntl
import http.server
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fixer.budget import Budget
from fixer.errors import SourceError
from fixer.github_access import Access
from fixer.sources.github.answers import Annotation, Artifact, Job, Run
from fixer.sources.github.archive import Archive
from fixer.sources.github.client import GitHub
from fixer.sources.github.limits import Clock, Limits
from fixer.sources.github.patience import Patience
from fixer.sources.github.refusals import GitHubError
from tests.conftest import Fixer
from tests.repair.projects import branches, red_project
from tests.sources.github_server import TOKEN, zipped

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
PRISM = "@stoplight/prism-cli@5.14.2"
DESCRIPTION = Path(__file__).parent / "data" / "github_api.json"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fixer-tests" / "prism-5.14.2"
LIMITS = Limits(tries=2)


@dataclass
class Storage:
    """The host that log redirects lead to."""

    port: int
    headers: list[dict[str, str]]


@contextlib.contextmanager
def served(body: Callable[[str], bytes], seen: list[dict[str, str]]) -> Iterator[int]:
    """Answer every path with a body, on a port of loopback; the headers of each request are kept."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append({name.lower(): value for name, value in self.headers.items()})
            answer = body(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it overrides
            """Stay silent."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    seen: list[dict[str, str]] = []
    archive = zipped({"0_build.txt": "a line\n"})
    with served(lambda path: archive if path.endswith(".zip") else b"a line\n", seen) as port:
        yield Storage(port, seen)


@pytest.fixture(scope="module")
def prism_program() -> Path:
    """Install prism once into a cache folder."""
    program = CACHE / "node_modules" / ".bin" / "prism"
    if program.exists():
        return program
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed: the contract server runs on node")
    CACHE.mkdir(parents=True, exist_ok=True)
    flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--fetch-retries=1"]
    with (CACHE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if program.exists():
            return program
        try:
            done = subprocess.run(
                [npm, "install", *flags, "--prefix", str(CACHE), PRISM],
                capture_output=True,
                text=True,
                timeout=240,
                check=False,
            )
        except subprocess.TimeoutExpired:
            pytest.skip(f"npm could not install {PRISM} in 240 s")
    if done.returncode != 0:
        pytest.skip(f"npm could not install {PRISM}: {done.stderr.strip()[-300:]}")
    return program


@pytest.fixture(scope="module")
def prism(prism_program: Path, storage: Storage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start prism on the description; return its address."""
    description = patched(json.loads(DESCRIPTION.read_text(encoding="utf-8")), storage.port)
    with started(prism_program, description, tmp_path_factory.mktemp("prism")) as url:
        yield url


@contextlib.contextmanager
def started(program: Path, described: dict[str, Any], folder: Path) -> Iterator[str]:
    """Run prism on a description; give its address."""
    description = folder / "github.json"
    description.write_text(json.dumps(described), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Without --errors: GitHub's own examples break GitHub's own schema, which prism would refuse to serve.
    command = [str(program), "mock", "--host", "127.0.0.1", "--port", str(port), str(description)]
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + 90
            while time.monotonic() < deadline and process.poll() is None:
                try:
                    httpx2.get(url, timeout=5.0)
                    break
                except httpx2.TransportError:
                    time.sleep(0.2)
            else:
                pytest.fail(f"prism did not start: {(folder / 'log.txt').read_text()[-2000:]}")
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


def patched(description: dict[str, Any], port: int) -> dict[str, Any]:
    """Allow the media types that GitHub gives without describing them; lead redirects to the test's own storage."""

    def walk(node: object) -> None:
        if isinstance(node, dict):
            content = node.get("content")
            if isinstance(content, dict) and "application/json" in content:
                for kind in ("application/vnd.github+json", "application/vnd.github.v3+json"):
                    content.setdefault(kind, copy.deepcopy(content["application/json"]))
            example = node.get("example")
            if isinstance(example, str) and "urlSignature" in example:
                node["example"] = f"http://127.0.0.1:{port}/{'job.txt' if '/jobs/' in example else 'run.zip'}"
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(child)

    walk(description)
    return description


@pytest.fixture
def github(prism: str) -> Iterator[GitHub]:
    clock = Clock(sleep=lambda _: None)
    waits = (Patience(Budget("total", 300.0), lambda _: None, clock, LIMITS), clock, LIMITS)
    with GitHub(Access("github.com", prism, TOKEN, "the test"), ("octo-org", "octo-repo"), waits) as github:
        yield github


def test_every_json_call_is_one_that_github_describes(github: GitHub) -> None:
    run = github.answer("actions.get_workflow_run", "the run", Run, run_id=1)
    attempt = github.answer("actions.get_workflow_run_attempt", "the attempt", Run, run_id=1, attempt_number=1)
    assert run.head_sha == attempt.head_sha
    jobs = github.pages("actions.list_jobs_for_workflow_run_attempt", "jobs", Job, "jobs", run_id=1, attempt_number=1)
    assert jobs
    assert all(job.steps and job.check_run_url for job in jobs)
    assert github.answer("actions.get_job_for_workflow_run", "the job", Job, job_id=1).name
    assert github.pages("checks.list_annotations", "annotations", Annotation, "", check_run_id=1)[0].message
    artifacts = github.pages("actions.list_workflow_run_artifacts", "artifacts", Artifact, "artifacts", run_id=1)
    assert all(artifact.name for artifact in artifacts)


def test_every_download_is_redirected_and_the_token_stays(github: GitHub, storage: Storage) -> None:
    logs, job, artifact = (
        "actions.download_workflow_run_attempt_logs",
        "actions.download_job_logs_for_workflow_run",
        "actions.download_artifact",
    )

    def names(file: Any) -> list[str]:
        return [info.filename for info in Archive(file, "the archive", LIMITS).members()]

    assert github.download(logs, "logs", names, run_id=1, attempt_number=1) == ["0_build.txt"]
    assert github.download(artifact, "artifact", names, artifact_id=1, archive_format="zip") == ["0_build.txt"]
    assert github.download(job, "log", lambda file: file.read(), job_id=1) == b"a line\n"
    assert len(storage.headers) == 3
    assert not any("authorization" in headers for headers in storage.headers)


def test_the_server_checks_what_is_asked(github: GitHub) -> None:
    """Else the tests above would pass whatever fixer sends."""
    with pytest.raises(GitHubError) as caught:
        github.answer("actions.get_workflow_run", "the run", Run, run_id="abc")
    assert caught.value.status == 422
    with pytest.raises(SourceError, match="404"):
        github.answer("actions.get_workflow", "a call that the part leaves out", Run, workflow_id=1)


def failed(description: dict[str, Any]) -> dict[str, Any]:
    """Let the run of GitHub's own examples be one that failed, in its last step."""
    examples = description["components"]["examples"]
    examples["workflow-run"]["value"] |= {"status": "completed", "conclusion": "failure"}
    job = examples["job-paginated"]["value"]["jobs"][0]
    job |= {"status": "completed", "conclusion": "failure"}
    job["steps"][-1] |= {"name": "Run python -m unittest -v", "status": "completed", "conclusion": "failure"}
    return description


def test_fixer_run_with_an_address_ends_fixed(prism_program: Path, tmp_path: Path, fixer: Fixer) -> None:
    folder = red_project(tmp_path / "project")
    log = (folder / "ci.log").read_text(encoding="utf-8")
    (folder / "ci.log").unlink()
    url = "https://github.com/octo-org/octo-repo/actions/runs/30433642"
    request = {"deterministic": True, "prompt": "the receipt is wrong", "url": url}
    (folder / "info.json").write_text(json.dumps(request), encoding="utf-8")
    archive = zipped({"0_build.txt": log})
    (tmp_path / "prism").mkdir()
    with served(lambda path: archive if path.endswith(".zip") else log.encode(), []) as port:
        description = failed(patched(json.loads(DESCRIPTION.read_text(encoding="utf-8")), port))
        with started(prism_program, description, tmp_path / "prism") as api:
            ran = fixer("run", "info.json", "--json", cwd=folder, env={"GITHUB_API_URL": api, "GITHUB_TOKEN": TOKEN})
    report = json.loads(ran.stdout)
    assert ran.code == 0, report["summary"]
    assert (report["outcome"], report["execution"]["source"]) == ("fixed", "github_actions")
    assert branches(folder, "fix/*") == [report["delivery"]["branch"]]
    # The server's link always leads to a further page, with the same job on it.
    assert "1 failed job(s)" in ran.stderr
