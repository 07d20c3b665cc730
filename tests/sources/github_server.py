"""A stateful server on loopback that speaks GitHub's wire format, and a second one that stands for its log storage.

The storage takes any Authorization header for a leak and remembers it.
"""

import io
import json
import re
import socket
import struct
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB"
SHA = "1" * 40
REPO = "/repos/team/shop"
URL = "https://github.com/team/shop/actions/runs/7"
STARTED = "2026-01-02T10:00:00Z"


@dataclass
class Fault:
    """What goes wrong with the next `times` requests whose path matches."""

    path: str
    kind: str
    times: int = 1
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"message": "as the test wants it"}'


@dataclass
class Seen:
    """One request."""

    server: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]


class GitHubServer:
    """The state of both servers."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        """Path to its JSON; a list in it under jobs, artifacts or the whole is given in pages."""
        self.files: dict[str, bytes] = {}
        """Path to its bytes in the storage; the API redirects there."""
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self.page_size = 100
        self.token = TOKEN
        """Empty: everybody may read."""
        self.renamed: dict[str, str] = {}
        self.api = _start(self, "api")
        self.storage = _start(self, "storage")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.api.server_port}"

    @property
    def storage_url(self) -> str:
        return f"http://127.0.0.1:{self.storage.server_port}"

    @property
    def env(self) -> dict[str, str]:
        return {"GITHUB_API_URL": self.url, "GITHUB_TOKEN": TOKEN}

    def close(self) -> None:
        for server in (self.api, self.storage):
            server.shutdown()
            server.server_close()

    def leaks(self) -> list[Seen]:
        return [one for one in self.seen if one.server == "storage" and "authorization" in one.headers]

    def asked(self, pattern: str) -> int:
        return sum(1 for one in self.seen if re.search(pattern, one.path))

    def fault_for(self, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and re.search(fault.path, path):
                fault.times -= 1
                return fault
        return None

    def add_run(self, run: int = 7, attempt: int = 1, conclusion: str = "failure", status: str = "completed") -> None:
        said = {
            "id": run,
            "name": "CI",
            "head_sha": SHA,
            "status": status,
            "conclusion": conclusion,
            "run_attempt": attempt,
            "run_started_at": STARTED,
        }
        self.answers[f"{REPO}/actions/runs/{run}"] = said
        self.answers[f"{REPO}/actions/runs/{run}/attempts/{attempt}"] = said
        self.answers.setdefault(f"{REPO}/actions/runs/{run}/artifacts", {"total_count": 0, "artifacts": []})
        self.answers[f"{REPO}/actions/runs/{run}/attempts/{attempt}/jobs"] = {"total_count": 0, "jobs": []}

    def add_job(
        self,
        job: int,
        name: str,
        log: str,
        conclusion: str = "failure",
        *,
        steps: list[tuple[str, str]] | None = None,
        run: int = 7,
        attempt: int = 1,
    ) -> dict[str, Any]:
        said = {
            "id": job,
            "run_id": run,
            "run_attempt": attempt,
            "name": name,
            "head_sha": SHA,
            "status": "completed",
            "conclusion": conclusion,
            "check_run_url": f"{self.url}{REPO}/check-runs/{job}",
            "steps": [
                {"number": number, "name": step, "status": "completed", "conclusion": ended}
                for number, (step, ended) in enumerate(steps or [], 1)
            ],
        }
        jobs = self.answers[f"{REPO}/actions/runs/{run}/attempts/{attempt}/jobs"]
        jobs["jobs"].append(said)
        jobs["total_count"] += 1
        self.answers[f"{REPO}/actions/jobs/{job}"] = said
        self.answers[f"{REPO}/check-runs/{job}/annotations"] = []
        self.files[f"{REPO}/actions/jobs/{job}/logs"] = log.encode()
        return said

    def add_archive(self, members: dict[str, str], run: int = 7, attempt: int = 1) -> None:
        self.files[f"{REPO}/actions/runs/{run}/attempts/{attempt}/logs"] = zipped(members)

    def add_artifact(self, artifact: int, name: str, members: dict[str, str], run: int = 7, **more: object) -> None:
        content = zipped(members)
        listed = self.answers[f"{REPO}/actions/runs/{run}/artifacts"]
        listed["total_count"] += 1
        listed["artifacts"].append(
            {"id": artifact, "name": name, "size_in_bytes": len(content), "expired": False, "created_at": STARTED}
            | more
        )
        self.files[f"{REPO}/actions/artifacts/{artifact}/zip"] = content


def zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


@contextmanager
def github_server() -> Iterator[GitHubServer]:
    server = GitHubServer()
    try:
        yield server
    finally:
        server.close()


def _start(state: GitHubServer, name: str) -> ThreadingHTTPServer:
    class Handler(_Handler):
        server_name = name
        github = state

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_name: str
    github: GitHubServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.github.seen.append(Seen(self.server_name, parts.path, query, headers))
        fault = self.github.fault_for(f"{self.server_name}:{parts.path}")
        if fault is not None and fault.kind != "cut":
            self._fail(fault)
        elif self.server_name == "storage":
            content = self.github.files.get(parts.path)
            if content is not None and fault is not None:
                content = content[: len(content) // 2]
            self._say(200 if content is not None else 404, content or b"<Error>BlobNotFound</Error>", "text/plain")
        else:
            self._api(parts.path, query, headers)

    def _api(self, path: str, query: dict[str, list[str]], headers: dict[str, str]) -> None:
        state = self.github
        for old, new in state.renamed.items():
            if path.startswith(old):
                self._redirect(state.url + path.replace(old, new, 1))
                return
        if state.token and headers.get("authorization") != f"Bearer {state.token}":
            status = 401 if "authorization" in headers else 403
            self._json(status, {"message": "Bad credentials" if status == 401 else "Must have admin rights"})
        elif path in state.files:
            self._redirect(state.storage_url + path)
        elif path in state.answers:
            self._page(path, state.answers[path], query)
        else:
            self._json(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})

    def _page(self, path: str, content: Any, query: dict[str, list[str]]) -> None:
        key = next((name for name in ("jobs", "artifacts") if isinstance(content, dict) and name in content), None)
        entries = content[key] if key else content
        if not isinstance(entries, list):
            self._json(200, content)
            return
        size = min(self.github.page_size, int(query.get("per_page", ["30"])[0]))
        page = int(query.get("page", ["1"])[0])
        part = entries[(page - 1) * size : page * size]
        last = max(1, -(-len(entries) // size))
        links = [(page + 1, "next"), (last, "last")] if page < last else []
        link = ", ".join(f'<{self.github.url}{path}?per_page={size}&page={n}>; rel="{rel}"' for n, rel in links)
        self._json(200, {**content, key: part} if key else part, {"Link": link} if link else {})

    def _redirect(self, target: str) -> None:
        self._say(302, b"", "text/html", {"Location": target})

    def _json(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        self._say(status, json.dumps(content).encode(), "application/json; charset=utf-8", headers)

    def _say(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, fault: Fault) -> None:
        if fault.kind == "status":
            self._say(fault.status, fault.body, "application/json", fault.headers)
        elif fault.kind == "loop":
            self._redirect(f"http://{self.headers['Host']}{self.path}")
        elif fault.kind == "elsewhere":
            self._redirect(f"{self.github.storage_url}/elsewhere")
        elif fault.kind == "silence":
            time.sleep(1.0)
            self.close_connection = True
        elif fault.kind == "reset":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"id": 7, "jobs": [')
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif fault.kind == "drip":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "1000")
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                pass
            self.close_connection = True
        else:
            raise ValueError(fault.kind)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it overrides
        """Stay silent."""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return  # the client, or this server by intention, broke the connection

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            return
