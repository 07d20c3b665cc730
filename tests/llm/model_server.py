"""A model's server on this machine: real HTTP, the real wire formats, and every fault that such servers have.

What it sends is a list of scenes, one a request, the last one for all further requests. A scene is a function that
gets the request and writes its answer to the wire.
"""

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

JSON = "application/json; charset=UTF-8"
EVENTS = "text/event-stream"


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


class Wire:
    """What a scene writes its answer with."""

    def __init__(self, handler: BaseHTTPRequestHandler, server: "ModelServer") -> None:
        self._handler = handler
        self._server = server

    def json(self, value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.body(json.dumps(value).encode(), status, {"Content-Type": JSON, **(headers or {})})

    def body(self, content: bytes, status: int, headers: Mapping[str, str], length: int | None = None) -> None:
        """Send a whole body; with a `length` beyond it, it breaks off."""
        handler = self._handler
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        handler.end_headers()
        handler.wfile.write(content)
        handler.wfile.flush()
        handler.close_connection = length is not None

    def begin(self) -> None:
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", EVENTS)
        self._handler.send_header("Transfer-Encoding", "chunked")
        self._handler.end_headers()

    def raw(self, text: str) -> None:
        content = text.encode()
        self._handler.wfile.write(b"%x\r\n" % len(content) + content + b"\r\n")
        self._handler.wfile.flush()

    def event(self, value: Any) -> None:
        self.raw(f"data: {json.dumps(value)}\r\n\r\n")

    def end(self) -> None:
        self._handler.wfile.write(b"0\r\n\r\n")
        self._handler.wfile.flush()

    def drop(self) -> None:
        """End the connection in the middle of an event."""
        self._handler.wfile.write(b'50\r\ndata: {"cand')
        self._handler.wfile.flush()
        self._handler.close_connection = True

    def wait(self, seconds: float) -> bool:
        """Send nothing for so long; end early, and say False, when the client hangs up or the server is closed."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self._server.ended.is_set():
            readable, _, _ = select.select([self._handler.connection], [], [], min(left, 0.02))
            if readable and not self._handler.connection.recv(1, socket.MSG_PEEK):
                self._server.hung_up += 1
                self._handler.close_connection = True
                return False
        return not self._server.ended.is_set()


Scene = Callable[[Asked, Wire], None]


class ModelServer(ThreadingHTTPServer):
    """The server; use it with `with`."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, *scenes: Scene) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scenes = list(scenes)
        self.asked: list[Asked] = []
        self.hung_up = 0
        """Connections that the client ended while an answer was under way."""
        self.under_way = 0
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - as it is called
        """Count a client that hung up while an answer was written."""
        with self.lock:
            self.hung_up += 1

    def quiet(self, seconds: float = 5.0) -> bool:
        """Wait until no answer is under way any more."""
        until = time.monotonic() + seconds
        while self.under_way and time.monotonic() < until:
            time.sleep(0.01)
        return not self.under_way


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: ModelServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it overrides
        """Stay silent."""

    def do_POST(self) -> None:
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.path, headers, body)
        with server.lock:
            server.asked.append(asked)
            scene = server.scenes.pop(0) if len(server.scenes) > 1 else server.scenes[0]
            server.under_way += 1
        try:
            scene(asked, Wire(self, server))
            self.wfile.flush()
        finally:
            with server.lock:
                server.under_way -= 1
