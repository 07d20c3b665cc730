"""The one place that uses ghapi: the name of an API operation in, its checked answer or its download out."""

import tempfile
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

from fixer.errors import SourceError
from fixer.github_access import Access
from fixer.sources.github.limits import Clock, Limits
from fixer.sources.github.patience import Patience, TryAgainError
from fixer.sources.github.refusals import BY_HAND, BadAnswer, refusal

if TYPE_CHECKING:
    import httpx2
    from pydantic import BaseModel

    M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
PER_PAGE = 100
"""The most that GitHub gives at once."""
BROKEN = "try again in some minutes"


class DamagedError(SourceError):
    """A download is not what it should be; another try may bring it whole."""


class GitHub:
    """GitHub's REST API, read only. Redirects are followed here, so that the token stays with its own host."""

    def __init__(self, access: Access, repository: tuple[str, str], waits: tuple[Patience, Clock, Limits]) -> None:
        """Prepare for calls about a repository (owner and name); none is made yet."""
        from ghapi.core import GhSyncTransport  # noqa: PLC0415 - takes a quarter of a second

        from fixer.sources.github.transport import BoundedClient  # noqa: PLC0415 - imports the HTTP library

        self._access = access
        self._own_host = urlsplit(access.api).netloc
        self._patience, self._clock, self._limits = waits
        self._own = BoundedClient(self._limits, lambda: self._patience.left)
        self._foreign = BoundedClient(self._limits, lambda: self._patience.left)
        self._repository = dict(zip(("owner", "repo"), repository, strict=True))
        # Not `GhApi`: it makes functions of all 1,200 operations, which takes longer than the calls, and takes tokens
        # from variables that may belong to another host.
        headers = {"Accept": "application/vnd.github.v3+json"}
        if access.token:
            headers["Authorization"] = f"Bearer {access.token}"
        make: Callable[..., Any] = GhSyncTransport
        self._transport = make(debug=_silent, client=self._own, base_headers=headers, retries=0)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the connections."""
        self._own.close()
        self._foreign.close()

    def answer(self, operation: str, what: str, model: "type[M]", **arguments: object) -> "M":
        """Return what an operation answers.

        Args:
            operation: as ghapi groups them: `actions.get_workflow_run`.
            what: is asked for, in words for people.
            model: that the answer must fit.
            arguments: of the operation.

        Raises:
            SourceError: GitHub refused it, could not be reached, or answered something else.
            BudgetError: the time is over.
        """
        return self._patience.keep_trying(lambda: _fit(model, _json(self._ask(operation, what, arguments), what), what))

    def pages(self, operation: str, what: str, model: "type[M]", key: str, **arguments: object) -> "list[M]":
        """Return the entries of every page; `key` is where an answer holds them, empty: it is the list itself.

        Raises:
            SourceError, BudgetError: as `answer`.
        """
        found: list[M] = []

        def page(number: int) -> bool:
            asked = {**arguments, "per_page": PER_PAGE, "page": number}
            response = self._ask(operation, what, asked)
            content = _json(response, what)
            entries = content.get(key) if key and isinstance(content, dict) else content
            if not isinstance(entries, list):
                raise TryAgainError(_strange(what))
            # A run that is going on moves entries to the next page; a page that holds nothing new is the end.
            new = [entry for entry in (_fit(model, entry, what) for entry in entries) if entry not in found]
            found.extend(new)
            # The pages are counted here, not taken from the link, which could lead elsewhere.
            return bool(new) and "next" in response.links

        for number in range(1, self._limits.pages + 1):
            if not self._patience.keep_trying(partial(page, number)):
                break
        return found

    def download(self, operation: str, what: str, use: Callable[[IO[bytes]], T], **arguments: object) -> T:
        """Download a file, and return what `use` makes of it; it is asked for again where that raises DamagedError.

        The file has no name on the disk: nothing is left of it, whatever happens.

        Raises:
            SourceError, BudgetError: as `answer`.
        """

        def once() -> T:
            try:
                with self._file(operation, what, arguments) as file:
                    return use(file)
            except DamagedError as error:
                raise TryAgainError(error) from error

        return self._patience.keep_trying(once)

    def _file(self, operation: str, what: str, arguments: dict[str, object]) -> IO[bytes]:
        response = self._ask(operation, what, arguments)
        if response.has_redirect_location:
            return self._elsewhere(self._target(response, what), what)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - `download` closes it
        file.write(response.content)
        file.seek(0)
        return file

    def _elsewhere(self, url: "httpx2.URL", what: str) -> IO[bytes]:
        """Download from a host that is not the API's; no token goes there."""
        for _ in range(self._limits.redirects):
            with _Faults(what, url.host), self._foreign.stream("GET", url) as response:
                if response.has_redirect_location:
                    url = self._target(response, what)
                    continue
                if not response.is_success:
                    raise self._foreign_refusal(response, what)
                file = tempfile.TemporaryFile()  # noqa: SIM115 - `download` closes it
                try:
                    for chunk in self._foreign.chunks(response, self._limits.download):
                        file.write(chunk)
                except BaseException:
                    file.close()
                    raise
                file.seek(0)
                return file
        raise self._loop(what)

    def _foreign_refusal(self, response: "httpx2.Response", what: str) -> Exception:
        if response.status_code in {401, 403}:
            # The address of a download is signed and holds for minutes: a new one is asked for.
            said = f"{response.url.host} refused {what} ({response.status_code})"
            return TryAgainError(SourceError(said, f"{BROKEN}, or {BY_HAND}"))
        bad = BadAnswer(response.status_code, response.headers, "", what, self._access, self._clock.now())
        return refusal(bad)

    def _operation(self, name: str) -> Callable[..., Any]:
        """Return the function that makes a request of an operation."""
        from ghapi.core import (  # type: ignore[attr-defined]  # noqa: PLC0415 - the class is of a package that ghapi needs
            SyncOpFunc,
            pspec,
        )

        group, name = name.split(".")
        described = next(one for one in pspec.ops if (one.group, one.name) == (group, name))
        make: Callable[..., Callable[..., Any]] = SyncOpFunc
        return make(described, self._transport, self._access.api, defaults=self._repository)

    def _ask(self, operation: str, what: str, arguments: dict[str, object]) -> "httpx2.Response":
        """Call an operation; follow redirects within the API (a repository that was renamed), return any other."""
        call = self._operation(operation)
        response = self._send(lambda: call(raw_=True, **arguments), what)
        for _ in range(self._limits.redirects):
            if not response.has_redirect_location:
                return response
            target = self._target(response, what)
            if not self._is_own(target):
                return response
            response = self._send(partial(self._transport.request, "GET", str(target), raw=True), what)
        raise self._loop(what)

    def _send(self, call: Callable[[], Any], what: str) -> "httpx2.Response":
        """Make one request; give back answers and redirects, raise anything else in the user's words."""
        import httpx2  # noqa: PLC0415 - with ghapi
        from ghapi.core import APIError  # noqa: PLC0415

        with _Faults(what, self._own_host):
            try:
                response: httpx2.Response = call()
            except (APIError, httpx2.HTTPStatusError) as error:
                if error.response is None:
                    raise error.raw from error
                response = error.response
        if response.is_success or response.has_redirect_location:
            return response
        status = response.status_code
        raise refusal(BadAnswer(status, response.headers, response.text, what, self._access, self._clock.now()))

    def _target(self, response: "httpx2.Response", what: str) -> "httpx2.URL":
        import httpx2  # noqa: PLC0415 - with ghapi

        try:
            target = response.url.join(response.headers["location"])
        except (httpx2.InvalidURL, ValueError) as error:
            raise SourceError(f"GitHub redirected {what} to what is no address", BROKEN) from error
        plain = target.scheme == "http" and self._access.api.startswith("http://")
        if (target.scheme != "https" and not plain) or not target.host:
            raise SourceError(f"GitHub redirected {what} to an address that is not encrypted", BROKEN)
        return target

    def _is_own(self, url: "httpx2.URL") -> bool:
        import httpx2  # noqa: PLC0415 - with ghapi

        return url.origin == httpx2.URL(self._access.api).origin

    def _loop(self, what: str) -> SourceError:
        return SourceError(
            f"GitHub redirected {what} more than {self._limits.redirects} times",
            "look whether the address still works in a browser, and whether a proxy stands between",
        )


class _Faults:
    """Turns what goes wrong on the wire into TryAgainError or SourceError."""

    def __init__(self, what: str, host: str) -> None:
        self._what = what
        self._host = host

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        import httpx2  # noqa: PLC0415 - with ghapi

        from fixer.sources.github.transport import TooLargeError, TooSlowError  # noqa: PLC0415

        if isinstance(error, TooLargeError):
            raise SourceError(f"{self._what} is too large: {error}", BY_HAND) from error
        if isinstance(error, TooSlowError):
            said = f"{self._host} sent {self._what} too slowly: {error}"
            raise TryAgainError(SourceError(said, f"check the connection, or {BY_HAND}")) from error
        if isinstance(error, httpx2.RequestError):
            raise self._fault(error) from error

    def _fault(self, error: "httpx2.RequestError") -> Exception:
        import httpx2  # noqa: PLC0415 - with ghapi

        reason = f"{error}"[:200] or type(error).__name__
        if "CERTIFICATE" in reason.upper():
            hint = "name the certificates of your company in SSL_CERT_FILE, or correct the clock"
            return SourceError(f"the certificate of {self._host} is not trusted: {reason}", hint)
        if isinstance(error, httpx2.UnsupportedProtocol):
            return SourceError(f"{self._host} cannot be reached: {reason}", "check GITHUB_API_URL")
        if isinstance(error, httpx2.TimeoutException):
            said = f"{self._host} did not answer in time when asked for {self._what}"
        elif isinstance(error, (httpx2.ConnectError, httpx2.ProxyError)):
            said = f"{self._host} cannot be reached for {self._what}: {reason}"
        else:
            said = f"the answer of {self._host} broke off ({self._what}): {reason}"
        return TryAgainError(SourceError(said, f"check the network and HTTPS_PROXY, or {BY_HAND}"))


def _silent(*_: object) -> None:
    """Take the place of ghapi's own tracing, which prints to standard output."""


def _json(response: "httpx2.Response", what: str) -> object:
    if response.has_redirect_location:
        raise SourceError(
            f"GitHub's API redirected {what} to another host ({response.headers['location'][:80]})", BROKEN
        )
    try:
        content: object = response.json()
    except (ValueError, RecursionError) as error:
        raise TryAgainError(_strange(what)) from error
    return content


def _fit(model: "type[M]", content: object, what: str) -> "M":
    from pydantic import ValidationError  # noqa: PLC0415 - with the models

    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise TryAgainError(_strange(what)) from error


def _strange(what: str) -> SourceError:
    return SourceError(
        f"GitHub's answer about {what} cannot be read: it is not the JSON that its documentation promises",
        f"{BROKEN}; where it stays so, check GITHUB_API_URL and any proxy",
    )
