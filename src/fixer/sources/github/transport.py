"""Limits in, an HTTP client out whose answers end at a size and a time. Imported only where something is fetched."""

import time
from collections.abc import Iterator
from typing import Any

import httpx2

from fixer import __version__
from fixer.sources.github.limits import MIB, Limits

_OF_THE_WIRE = {"content-encoding", "transfer-encoding", "content-length"}


class TooLargeError(Exception):
    """An answer is larger than its limit."""


class TooSlowError(Exception):
    """An answer trickles."""


class BoundedClient(httpx2.Client):
    """Follows no redirect by itself, and reads no more of an answer than the limits allow.

    Proxies and certificates are those of the environment.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__(
            timeout=httpx2.Timeout(limits.read, connect=limits.connect),
            headers={"User-Agent": f"fixer/{__version__}"},
            follow_redirects=False,
        )
        self._bounds = limits

    def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:
        """Send a request; without `stream`, the whole answer is read, unpacked and bounded."""
        if stream:
            return super().send(request, stream=True, **options)
        response = super().send(request, stream=True, **options)
        try:
            body = b"".join(chunks(response, self._bounds.answer, self._bounds.body))
        finally:
            response.close()
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in _OF_THE_WIRE]
        return httpx2.Response(response.status_code, headers=headers, content=body, request=request)


def chunks(response: httpx2.Response, most: int, seconds: float) -> Iterator[bytes]:
    """Yield the body of an answer.

    Raises:
        TooLargeError: it is longer than `most` bytes.
        TooSlowError: it takes longer than `seconds`.
    """
    left = most
    end = time.monotonic() + seconds
    for chunk in response.iter_bytes():
        left -= len(chunk)
        if left < 0:
            raise TooLargeError(f"more than {most // MIB} MiB" if most >= MIB else f"more than {most} bytes")
        if time.monotonic() > end:
            raise TooSlowError(f"not done after {seconds:g} s")
        yield chunk
