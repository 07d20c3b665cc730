"""Limits in, an HTTP client out whose answers end at a size and a time. Imported only where something is fetched."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2

from fixer import __version__
from fixer.sources.github.limits import MIB, Limits

LEAST = 0.1
"""Seconds that an answer is given at the end of the budget: 0 would mean no limit to some."""
_OF_THE_WIRE = {"content-encoding", "transfer-encoding", "content-length"}


class TooLargeError(Exception):
    """An answer is larger than its limit."""


class TooSlowError(Exception):
    """An answer trickles."""


class BoundedClient(httpx2.Client):
    """Follows no redirect by itself, and reads no more of an answer than the limits allow.

    Proxies and certificates are those of the environment.
    """

    def __init__(self, limits: Limits, left: Callable[[], float]) -> None:
        """Take no longer for an answer than `limits` allow, and than `left` says is left."""
        super().__init__(headers={"User-Agent": f"fixer/{__version__}"}, follow_redirects=False)
        self._bounds = limits
        self._left = left

    def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:
        """Send a request; without `stream`, the whole answer is read, unpacked and bounded."""
        # The form is that of httpx's request extensions.
        silence = httpx2.Timeout(self._most(self._bounds.read), connect=self._most(self._bounds.connect))
        request.extensions = {**request.extensions, "timeout": silence.as_dict()}
        if stream:
            return super().send(request, stream=True, **options)
        response = super().send(request, stream=True, **options)
        try:
            body = b"".join(self.chunks(response, self._bounds.answer))
        finally:
            response.close()
        headers = [(name, value) for name, value in response.headers.multi_items() if name not in _OF_THE_WIRE]
        return httpx2.Response(response.status_code, headers=headers, content=body, request=request)

    def chunks(self, response: httpx2.Response, most: int) -> Iterator[bytes]:
        """Yield the body of an answer.

        Raises:
            TooLargeError: it is longer than `most` bytes.
            TooSlowError: it takes too long.
        """
        left = most
        seconds = self._most(self._bounds.body)
        end = time.monotonic() + seconds
        for chunk in response.iter_bytes():
            left -= len(chunk)
            if left < 0:
                raise TooLargeError(f"more than {most // MIB} MiB" if most >= MIB else f"more than {most} bytes")
            if time.monotonic() > end:
                raise TooSlowError(f"not done after {seconds:.3g} s")
            yield chunk

    def _most(self, seconds: float) -> float:
        return max(LEAST, min(seconds, self._left()))
