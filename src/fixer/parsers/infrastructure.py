"""Causes that belong to no tool and may have been survived: network, rights, limits, missing programs, disk."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_RULES: tuple[tuple[RootCause, str], ...] = (
    (
        RootCause.RATE_LIMIT,
        (
            r"rate limit exceeded|You have reached your (?:unauthenticated )?pull rate limit"
            r"|429 Too Many Requests|HTTP 429"
            r"|status code 429|error: 429|secondary rate limit|toomanyrequests|quota exceeded"
        ),
    ),
    (
        RootCause.AUTH_ERROR,
        (
            r"Authentication failed|could not read Username|Permission denied \(publickey|Bad credentials"
            r"|invalid username or password|401 Unauthorized|403 Forbidden|status code:? 40[13]\b|HTTP 40[13]\b"
            r"|returned error: 40[13]|Resource not accessible by|remote: Permission to .{1,200} denied"
            r"|denied: requested access|unauthorized: authentication required|not authorized to perform"
            r"|Input required and not supplied: \w*(?:token|key|password)|Invalid API [Kk]ey|refusing to allow"
            r"|Invalid or non-existent authentication"
        ),
    ),
    (
        RootCause.NETWORK_ERROR,
        (
            r"Could not resolve host|Temporary failure (?:in name resolution|resolving)|Name or service not known"
            r"|Network is unreachable|UnknownHostException|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ENOTFOUND"
            r"|Connection refused|ETIMEDOUT|Could not reach host"
            r"|Connection reset by peer|Connection timed out|unable to access 'https?://|RPC failed; "
            r"|TLS handshake timeout"
            r"|no such host|Failed to connect to|i/o timeout|Hash Sum mismatch|Failed to fetch https?://|Read timed out"
            r"|50[234] (?:Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out)"
        ),
    ),
    (
        RootCause.TIMEOUT,
        (
            r"context deadline exceeded|Execution timed out after|timed out after \d|Command timed out"
            r"|peration timed out"
        ),
    ),
    (
        RootCause.MISSING_TOOL,
        (
            r"(?:^|[\w/.-]{1,80}: )(?:line \d+: )?[\w./+-]{1,80}: (?:command )?not found$|command not found: "
            r"|is not recognized as (?:an internal|the name of)|no such tool|executable file not found"
            r"|Unable to locate executable file|: No such file or directory \(os error 2\)|spawn \S{1,200} ENOENT"
            r"|\b(?:binary|executable|browser|SDK|JDK|runtime) (?:is|was) (?:missing|not (?:found|installed))"
            r"|env: .{1,80}: No such file or directory|E: Unable to locate package"
            r"|E: Package .{1,80} has no installation candidate|E: Sub-process /usr/bin/dpkg returned an error"
        ),
    ),
    (
        RootCause.MISSING_DEPENDENCY,
        (
            r"was not found in the pkg-config search path|No package '.{1,80}' found"
            r"|system library .{1,160} was not found"
        ),
    ),
    (
        RootCause.INVALID_DATA,
        (
            r"\b40[09] (?:Bad Request|Client Error|Conflict)|422 Unprocessable|HTTPError: 4(?:00|09|22)"
            r"|status code:? 4(?:00|09|22)\b"
        ),
    ),
    (
        RootCause.ENVIRONMENT,
        (r"Read-only file system|Input/output error|Too many open files"),
    ),
)
_COMPILED = tuple((cause, re.compile(pattern)) for cause, pattern in _RULES)


class Infrastructure:
    """See the module."""

    tool: ClassVar[str] = "infrastructure"
    rank: ClassVar[int] = 60
    needles: ClassVar[tuple[str, ...]] = (
        *("deadline exceeded", "timed out", "ETIMEDOUT", "quota exceeded", "Read-only file", "rate limit", "Too Many"),
        *(
            "toomanyrequests",
            "Authentication failed",
            "could not read Username",
            "Permission denied (",
            "Bad credentials",
        ),
        *(
            "HTTP 4",
            "HTTPError: 4",
            "400 ",
            "409 Con",
            "422 Un",
            "code 4",
            "code: 4",
            "error: 4",
            "401 Unauthorized",
            "403 Forbidden",
            "not accessible by",
        ),
        *(
            "remote: Permission",
            "denied: requested",
            "unauthorized: ",
            "Input required",
            "not authorized",
            "resolve host",
        ),
        *("Temporary failure", "service not known", "unreachable", "UnknownHost", "ECONNRE", "EAI_AGAIN", "ENOTFOUND"),
        *("onnection refused", "onnection reset", "onnection timed", "unable to access '", "RPC failed", "handshake"),
        *(
            "no such host",
            "Failed to connect",
            "i/o timeout",
            "Bad Gateway",
            "Unavailable",
            "Gateway Time",
            "Failed to fetch",
        ),
        *("Hash Sum", "not found", "not recognized as", "no such tool", "executable file", "ENOENT", "os error 2"),
        *("E: Unable", "E: Package", "E: Sub-process", "No such file", "Invalid API", "non-existent authentication"),
        *("No package '", "Could not reach", "is missing", "was missing", "not installed"),
        *("refusing to allow", "Input/output error", "open files", "invalid username"),
    )
    active: ClassVar[bool] = False

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        return of_words(self.tool, _COMPILED, line)

    def finish(self) -> Iterable[Failure]:
        """Nothing is ever open."""
        return ()


def of_words(tool: str, rules: tuple[tuple[RootCause, re.Pattern[str]], ...], line: LogLine) -> Iterable[Failure]:
    """Return the failure that the first of the rules sees in the line."""
    text = unmarked(line.text)[:2000]
    for cause, pattern in rules:
        if pattern.search(text):
            return [new_failure(tool, FailureKind.INFRASTRUCTURE, text.strip(), line, root_cause=cause)]
    return ()


PARSER: type[Parser] = Infrastructure
