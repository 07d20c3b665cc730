"""A model's address in, the HTTP client for it out; certificates are read once a process."""

import functools
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from fixer.llm.access import ModelAccess

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 10.0


@functools.cache
def certificates() -> ssl.SSLContext:
    """Return the machine's trust store; reading it takes 50 ms."""
    return ssl.create_default_context()


def open_connection(access: ModelAccess, transport: "httpx2.AsyncBaseTransport | None" = None) -> "httpx2.AsyncClient":
    """Return a client that follows no redirect, so that a key cannot be led away; the caller closes it.

    Args:
        access: whom it is for; a server on this machine is asked without the proxy of the environment.
        transport: what stands in for the network, such as a recording.
    """
    import httpx2  # noqa: PLC0415 - costs 0.1 s, which runs without a model do not pay

    return httpx2.AsyncClient(
        verify=certificates(),
        transport=transport,
        trust_env=not access.local,
        # A stream may be silent as long as its wall clock lets it: the retries hold that clock.
        timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
        follow_redirects=False,
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=20),
    )


def open_transport(access: ModelAccess) -> "httpx2.AsyncHTTPTransport":
    """Return the network for a recording to stand on: through the environment's proxy, as a plain client goes."""
    import httpx2  # noqa: PLC0415 - see above

    parts = urlsplit(access.url)
    aside = access.local or proxy_bypass(parts.hostname or "")
    return httpx2.AsyncHTTPTransport(verify=certificates(), proxy=None if aside else getproxies().get(parts.scheme))
