"""Model traffic in, a recording out; a recording in, the same traffic without a network out.

It stands below the models, as a transport of the HTTP client: what is recorded are the bytes of the real server, and
what is tested with a recording is all of the code above. A recording is a file of JSON lines: a head that says which
kind of model it is of, then one exchange a line. No header of a request is stored, and secrets are masked.
"""

import difflib
import hashlib
import json
import re
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Literal

import httpx2
from pydantic import JsonValue, ValidationError

from fixer.errors import ConfigError, ModelError
from fixer.llm.access import ModelAccess
from fixer.schema.base import Record

KEPT_HEADERS = ("content-type", "retry-after")
Mask = Callable[[str], str]

_VOLATILE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE), "<uuid>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T _]\d\d[:-]\d\d(?:[:-]\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"), "<time>"),
    (re.compile(r"(?<![\w.])/(?:tmp|var/tmp|var/folders|private/var|home|Users|root)/[^\s\"'`:,;)\]}]*"), "<path>"),
    (re.compile(r"\b0x[0-9a-f]+\b", re.IGNORECASE), "<address>"),
    (re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64}\b"), "<hash>"),
    (re.compile(r"\b\d+(?:\.\d+)? ?(?:ns|us|µs|ms|s|sec|seconds)\b"), "<duration>"),
    (re.compile(r"(?<=[Pp]id )\d+|(?<=:)\d{5}(?=/)"), "<n>"),
)
"""What differs between two runs of the same thing: ids, times, folders of the machine, addresses, hashes, ports."""
_SIGNATURES = frozenset({"thoughtSignature", "thought_signature"})
"""Long, opaque, and given by the answer before: they say nothing about which request it is."""


class Head(Record):
    """The first line of a recording."""

    fixer_recording: Literal[1] = 1
    kind: Literal["gemini", "openai_compatible"]
    model: str
    url: str


class Exchange(Record):
    """One request and its answer."""

    key: str
    """Of the request: equal requests have equal keys, also after their volatile parts changed."""
    path: str
    request: JsonValue
    """Normalised and masked; for people, and to find the nearest."""
    status: int
    headers: dict[str, str]
    body: str
    """As the server sent it, masked."""
    cut: bool = False
    """The answer broke off here."""


class Recorder(httpx2.AsyncBaseTransport):
    """Sends requests on and appends each exchange to a file as it ends, also one that was cut short."""

    def __init__(self, file: Path, access: ModelAccess, mask: Mask, inner: httpx2.AsyncBaseTransport) -> None:
        """Begin the file where there is none; a recording of another model is not added to.

        Raises:
            ConfigError: the file cannot be written, or is no recording, or of another kind of model.
        """
        self._file = file
        self._inner = inner
        self._mask = mask
        self._key = access.key
        self._lock = threading.Lock()
        if access.kind == "replay":
            raise ConfigError("a recording cannot be recorded again", "model.kind = gemini or openai_compatible")
        head = Head(kind=access.kind, model=access.name, url=access.url)
        if not file.exists() or not file.stat().st_size:
            self._append(head)
        elif (found := read_head(file)).kind != head.kind:
            raise ConfigError(f"{file} records {found.kind}, not {head.kind}", "name another file in model.recording")

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Pass the request on; the answer streams through while it is kept."""
        await request.aread()
        response = await self._inner.handle_async_request(request)
        kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        stream = _Tee(response, lambda body, cut: self._keep(request, response.status_code, kept, (body, cut)))
        # Encodings are undone while it is kept: the file holds text.
        return httpx2.Response(response.status_code, headers=kept, stream=stream, request=request)

    async def aclose(self) -> None:
        """Close the real transport."""
        await self._inner.aclose()

    def _keep(self, request: httpx2.Request, status: int, headers: dict[str, str], answer: tuple[bytes, bool]) -> None:
        body, cut = answer
        shown = normalised(request.content, self._masked)
        self._append(
            Exchange(
                key=key_of(request.url.path, shown),
                path=request.url.path,
                request=shown,
                status=status,
                headers=headers,
                body=self._masked(body.decode("utf-8", "replace")),
                cut=cut,
            )
        )

    def _masked(self, text: str) -> str:
        return self._mask(text.replace(self._key, "[masked secret]") if self._key else text)

    def _append(self, line: Record) -> None:
        try:
            with self._lock, self._file.open("a", encoding="utf-8") as file:
                file.write(line.model_dump_json() + "\n")
        except OSError as error:
            raise ConfigError(f"the recording {self._file} cannot be written: {error}", "model.recording") from error


class _Tee(httpx2.AsyncByteStream):
    """Hands out the bytes of an answer and keeps them; at the end, however it comes, they are stored."""

    def __init__(self, response: httpx2.Response, store: Callable[[bytes, bool], None]) -> None:
        self._response = response
        self._store: Callable[[bytes, bool], None] | None = store
        self._kept = bytearray()
        self._whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_bytes():
            self._kept += piece
            yield piece
        self._whole = True

    async def aclose(self) -> None:
        await self._response.aclose()
        store, self._store = self._store, None
        if store:
            store(bytes(self._kept), not self._whole)


class Replayer(httpx2.AsyncBaseTransport):
    """Answers from a recording; equal requests get their answers in the order in which they were recorded."""

    def __init__(self, file: Path, mask: Mask = str) -> None:
        """Read the recording.

        Args:
            file: the recording.
            mask: as it was recorded with: what it takes out of requests differs from run to run.

        Raises:
            ConfigError: the file cannot be read, or is no recording.
        """
        self._file = file
        self._mask = mask
        self._answers: dict[str, list[Exchange]] = defaultdict(list)
        self._given: dict[str, int] = defaultdict(int)
        for exchange in _read_exchanges(file):
            self._answers[exchange.key].append(exchange)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer as recorded.

        Raises:
            ModelError: this request, or this many of it, was not recorded.
        """
        shown = normalised(await request.aread(), self._mask)
        key = key_of(request.url.path, shown)
        number = self._given[key]
        recorded = self._answers.get(key, [])
        if number >= len(recorded):
            raise ModelError(self._unknown(request.url.path, shown, len(recorded)), f"record it anew: rm {self._file}")
        self._given[key] += 1
        answer = recorded[number]
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Played(answer), request=request)

    def _unknown(self, path: str, shown: JsonValue, times: int) -> str:
        what = f"{self._file} holds no answer to this request to {path}"
        if times:
            return f"{what}: it was recorded {times} times, and all of them were played"
        wanted = _lines(shown)
        others = [exchange for exchanges in self._answers.values() for exchange in exchanges]
        if not others:
            return f"{what}: it is empty"
        nearest = max(others, key=lambda other: _alike(wanted, _lines(other.request)))
        place = others.index(nearest) + 1
        return (
            f"{what}; the nearest is number {place}, which differs here: {_difference(_lines(nearest.request), wanted)}"
        )


class _Played(httpx2.AsyncByteStream):
    """The recorded bytes; an answer that broke off breaks off again."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._exchange.body.encode()
        if self._exchange.cut:
            raise httpx2.RemoteProtocolError("the recorded answer breaks off here")

    async def aclose(self) -> None:
        """Nothing is open."""


def read_head(file: Path) -> Head:
    """Return which kind of model a recording is of.

    Raises:
        ConfigError: the file cannot be read, or is no recording.
    """
    try:
        with file.open(encoding="utf-8") as lines:
            return Head.model_validate_json(lines.readline())
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"the recording {file} cannot be read: {error}", "correct model.recording") from error
    except ValidationError as error:
        raise ConfigError(
            f"{file} is no recording of this version of fixer", "record it anew: model.recording"
        ) from error


def normalised(content: bytes, mask: Mask) -> JsonValue:
    """Return a request's body, masked, with what differs from run to run replaced by its name, keys in order."""
    text = content.decode("utf-8", "replace")
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        value = text
    return _without_volatile(value, mask)


def key_of(path: str, shown: JsonValue) -> str:
    """Return the key of a normalised request."""
    return hashlib.sha256(f"{path}\n{json.dumps(shown, sort_keys=True)}".encode()).hexdigest()[:16]


def _without_volatile(value: JsonValue, mask: Mask) -> JsonValue:
    if isinstance(value, str):
        text = mask(value)
        for pattern, stand_in in _VOLATILE:
            text = pattern.sub(stand_in, text)
        return text
    if isinstance(value, list):
        return [_without_volatile(item, mask) for item in value]
    if isinstance(value, Mapping):
        return {
            name: "<signature>" if name in _SIGNATURES else _without_volatile(item, mask)
            for name, item in sorted(value.items())
        }
    return value


def _read_exchanges(file: Path) -> list[Exchange]:
    read_head(file)
    found = []
    with file.open(encoding="utf-8") as lines:
        next(lines)
        for number, line in enumerate(lines, start=2):
            try:
                found.append(Exchange.model_validate_json(line))
            except ValidationError as error:
                raise ConfigError(
                    f"{file}:{number} is no exchange of a recording", f"record it anew: rm {file}"
                ) from error
    return found


def _lines(request: JsonValue) -> list[str]:
    return json.dumps(request, indent=1, sort_keys=True, ensure_ascii=False).splitlines()


def _alike(one: list[str], other: list[str]) -> float:
    shared = len(set(one) & set(other))
    return shared / max(1, len(set(one) | set(other)))


def _difference(recorded: list[str], wanted: list[str]) -> str:
    """Return the first lines that differ, both sides, cut to what a person reads."""
    changes = [
        line.strip()[:160]
        for line in difflib.unified_diff(recorded, wanted, n=0, lineterm="")
        if line[0] in "+-" and not line.startswith(("+++", "---"))
    ]
    removed = next((line for line in changes if line.startswith("-")), "")
    added = next((line for line in changes if line.startswith("+")), "")
    return f"recorded {removed[1:].strip() or 'nothing'}, asked {added[1:].strip() or 'nothing'}"
