"""A model's address in, the HTTP client for it out; certificates are read once a process."""

import functools
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from fixer.llm.access import ModelAccess

CONNECT_SECONDS = 10.0
KEPT_OPEN = 20
"""Idle connections that are kept for the next call."""


@functools.cache
def certificates() -> ssl.SSLContext:
    """Return the machine's trust store; reading it takes 50 ms."""
    return ssl.create_default_context()


def open_connection(access: ModelAccess, transport: httpx2.AsyncBaseTransport | None = None) -> httpx2.AsyncClient:
    """Return a client that follows no redirect, so that a key cannot be led away; the caller closes it.

    Args:
        access: whom it is for.
        transport: what stands in for the network, such as a recording.
    """
    return httpx2.AsyncClient(
        transport=_Holding(transport or open_network(access)),
        # A stream may be silent as long as its wall clock lets it: the retries hold that clock.
        timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
    )


def open_network(access: ModelAccess) -> httpx2.AsyncHTTPTransport:
    """Return the network: through the environment's proxy, but a server on this machine is asked directly."""
    parts = urlsplit(access.url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    aside = access.local or proxy_bypass(parts.hostname or "")
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=KEPT_OPEN)
    return httpx2.AsyncHTTPTransport(verify=certificates(), proxy=None if aside else proxy, limits=limits)


@asynccontextmanager
async def closed_in_order() -> AsyncIterator[None]:
    """Close every answer that comes within, at the end, however that comes.

    google-genai drops a stream without closing it when an event in it is an error. Python then closes its generators
    whenever it finds them, all at once although they stand one inside the other, which fails and is told on the
    terminal.
    """
    answers: list[_HeldAnswer] = []
    token = _answers.set(answers)
    try:
        yield
    finally:
        _answers.reset(token)
        for answer in answers:
            await answer.finish()


_answers: ContextVar["list[_HeldAnswer] | None"] = ContextVar("_answers", default=None)


class _Holding(httpx2.AsyncBaseTransport):
    """Passes requests on and holds the answers for `closed_in_order`."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._inner.handle_async_request(request)
        held = _HeldAnswer(
            answer.status_code,
            headers=answer.headers,
            stream=cast("httpx2.AsyncByteStream", answer.stream),
            extensions=answer.extensions,
            request=request,
        )
        answers = _answers.get()
        if answers is not None:
            answers.append(held)
        return held

    async def aclose(self) -> None:
        await self._inner.aclose()


class _HeldAnswer(httpx2.Response):
    """An answer that knows who reads it."""

    _reader: AsyncGenerator[bytes, None] | None = None

    def aiter_bytes(self, chunk_size: int | None = None) -> AsyncGenerator[bytes, None]:
        self._reader = super().aiter_bytes(chunk_size)
        return self._reader

    async def finish(self) -> None:
        """Close the reader from the inside out, then the answer."""
        if self._reader is not None:
            await self._reader.aclose()
        await self.aclose()
