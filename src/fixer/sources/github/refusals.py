"""An answer of GitHub that is not what was asked for in; the error that says why, or TryAgainError, out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from fixer.errors import SourceError
from fixer.github_access import Access
from fixer.sources.github.patience import TryAgainError

LOG_IN = "log in with `gh auth login`, or set GITHUB_TOKEN"
RIGHTS = "the token needs read access to Actions and contents (classic tokens: the scope `repo`)"
BY_HAND = 'save the log of the failed job and name it instead: "raw-logs": "path/to/log.txt"'
RESET_MARGIN = 1.0
"""Seconds after the named reset: it is given in whole seconds."""


class GitHubError(SourceError):
    """GitHub refused a call for good."""

    def __init__(self, status: int, message: str, hint: str) -> None:
        """Keep the HTTP status too."""
        super().__init__(message, hint)
        self.status = status


@dataclass(frozen=True, slots=True)
class BadAnswer:
    """An answer that is neither a success nor a redirect."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case, or a mapping that does not mind."""
    body: str
    what: str
    """What was asked for, in words."""
    access: Access
    now: float
    """Seconds since 1970, for answers that name no date."""


def refusal(bad: BadAnswer) -> Exception:
    """Say what an answer means for the user: TryAgainError where that helps, else a GitHubError."""
    said = _said(bad.body)
    put_off = _put_off(bad, said)
    if put_off is not None:
        return put_off
    if bad.status >= 500 or bad.status == 408:
        message = f"GitHub failed ({bad.status}) when asked for {bad.what}"
        return TryAgainError(SourceError(message, f"try again in some minutes, or {BY_HAND}"))
    message, hint = _words(bad)
    return GitHubError(bad.status, f"{message} ({bad.status}){f': {said}' if said else ''}", hint)


def _put_off(bad: BadAnswer, said: str) -> TryAgainError | None:
    """Tell the limits from missing rights.

    Docs: "Rate limits for the REST API", "Best practices for using the REST API": both limits answer 403 or 429;
    `retry-after` is to be kept, else `x-ratelimit-reset` where `x-ratelimit-remaining` is 0, else a minute or more.
    """
    if bad.status not in {403, 429}:
        return None
    more = "" if bad.access.token else f"; {LOG_IN}: with a token the limit is 5,000 requests an hour, without it 60"
    date = _date(bad.headers.get("date", ""))
    now = bad.now if date is None else date
    secondary = SourceError(f"GitHub's secondary rate limit put off {bad.what}", f"ask less often{more}")
    retry_after = _seconds(bad.headers.get("retry-after", ""), now)
    if retry_after is not None:
        return TryAgainError(secondary, put_off=True, wait=retry_after)
    if bad.headers.get("x-ratelimit-remaining", "").strip() == "0":
        primary = SourceError(f"GitHub's rate limit is used up, which put off {bad.what}", f"wait for its reset{more}")
        return TryAgainError(primary, put_off=True, wait=_until_reset(bad.headers, now))
    if bad.status == 429 or "secondary rate limit" in said.lower() or "abuse detection" in said.lower():
        return TryAgainError(secondary, put_off=True)
    return None


def _words(bad: BadAnswer) -> tuple[str, str]:
    access, what = bad.access, bad.what
    if bad.status == 401:
        refused = f"refused the token from {access.token_from}" if access.token else "answers nothing without a token"
        return f"{access.host} {refused}", f"the token is wrong or has expired; {LOG_IN}"
    if bad.status == 403:
        return _forbidden(bad)
    if bad.status == 404:
        hint = f"check the address; {RIGHTS}" if access.token else f"check the address; if it is private, {LOG_IN}"
        return f"{access.host} knows no {what}, or does not show it", hint
    if bad.status == 410:
        hint = f"run the job again and give the new address, or {BY_HAND}"
        return f"{access.host} has deleted {what}, since it has expired", hint
    return f"{access.host} refused {what}", BY_HAND


def _forbidden(bad: BadAnswer) -> tuple[str, str]:
    access, what = bad.access, bad.what
    if bad.headers.get("x-github-sso"):
        hint = "authorise the token for the organisation's single sign-on, in the settings of the token"
        return f"{access.host} gives {what} only after single sign-on", hint
    if not access.token:
        return f"{access.host} does not give {what} without a token", LOG_IN
    return f"the token from {access.token_from} may not read {what}", RIGHTS


def _said(body: str) -> str:
    """Return GitHub's own message as one short line; it is data."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    message = content.get("message") if isinstance(content, dict) else None
    return "".join(c if c.isprintable() else " " for c in message)[:300].strip() if isinstance(message, str) else ""


def _seconds(value: str, now: float) -> float | None:
    """Read `retry-after`: seconds, or a date (RFC 9110, 10.2.3)."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    until = _date(value)
    return max(0.0, until - now) if until is not None else None


def _until_reset(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until the reset; None where the answer names no time."""
    reset = headers.get("x-ratelimit-reset", "").strip()
    if not (reset.isascii() and reset.isdigit()):
        return None
    return max(0.0, float(reset[:12]) - now) + RESET_MARGIN


def _date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
