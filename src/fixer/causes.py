"""The words of an error in, its root cause out, as far as the words alone can tell."""

import re

from fixer.schema.root_cause import RootCause

_RULES: tuple[tuple[RootCause, re.Pattern[str]], ...] = tuple(
    (cause, re.compile(pattern, re.IGNORECASE))
    for cause, pattern in (
        (
            RootCause.MISSING_DEPENDENCY,
            (
                r"\b(?:ModuleNotFoundError|No module named|cannot find module|no matching distribution"
                r"|Could not find a version that satisfies|package .{1,100} does not exist"
                r"|Could not resolve (?:all )?dependenc|unmet (?:peer )?dependenc"
                r"|version solving failed|No matching version"
                r"|ResolutionImpossible|nothing provides|Could not find (?:artifact|package|gem)|unresolved dependenc"
                r"|conflicting (?:requirements|dependencies)|Unable to find package|cannot find package"
                r"|could not find compatible versions|requirements could not be resolved"
                r"|(?:module|package|plugin|dependency|library) .{0,60}"
                r"(?:is not installed|is missing|could not be (?:found|loaded)))"
            ),
        ),
        (RootCause.RATE_LIMIT, r"\b(?:rate limit|too many requests|HTTP(?: error)? 429|429 Too Many)"),
        (
            RootCause.OUT_OF_MEMORY,
            (
                r"\b(?:MemoryError|OutOfMemoryError|out of memory|cannot allocate memory|OOMKilled|heap limit"
                r"|heap space)\b"
            ),
        ),
        (
            RootCause.NETWORK_ERROR,
            (
                r"\b(?:Connection(?:Refused|Reset|Aborted)?Error|ConnectTimeout|ReadTimeout|NewConnectionError|gaierror"
                r"|MaxRetryError|ProxyError|SSLError|UnknownHostException|ECONNREFUSED|ECONNRESET"
                r"|ENOTFOUND|ETIMEDOUT|EAI_AGAIN"
                r"|Name or service not known|Temporary failure in name resolution|Could not resolve host"
                r"|Connection refused|Connection reset|Connection timed out|Network is unreachable)\b"
            ),
        ),
        (
            RootCause.TIMEOUT,
            (
                r"\b(?:TimeoutError|TimeoutExpired|timed out|Timeout of \d+ ?ms exceeded|Exceeded timeout of"
                r"|Timeout \(?>?\d|deadline exceeded)"
            ),
        ),
        (
            RootCause.AUTH_ERROR,
            r"\b(?:401 Unauthorized|403 Forbidden|Authentication failed|Bad credentials|Permission denied \(publickey)",
        ),
        (RootCause.COMPILE_ERROR, r"\b(?:SyntaxError|IndentationError|TabError|invalid-syntax)\b"),
        (RootCause.MISSING_TOOL, r"(?::|\bsh:.*) (?:command )?not found$|\bcommand not found\b|No such command"),
        (
            RootCause.ENVIRONMENT,
            (
                r"\b(?:PermissionError|No space left on device|Read-only file system|DistributionNotFound"
                r"|ImproperlyConfigured|NodeNotFoundError|InconsistentMigrationHistory|BadMigrationError"
                r"|CircularDependencyError|UnappliedMigrations?|PendingMigrationError|FlywayValidateException"
                r"|OperationalError: .{0,20}no such (?:table|column)|UndefinedTable|UndefinedColumn"
                r"|Can't locate revision identified by|Multiple head revisions"
                r"|(?:relation|database|role) \"[^\"]{1,80}\" (?:does not exist|already exists))\b"
            ),
        ),
    )
)


def cause_of(text: str, otherwise: RootCause = RootCause.UNKNOWN) -> RootCause:
    """Return the root cause that the error's own words name, or `otherwise`."""
    text = text[:2000]
    return next((cause for cause, pattern in _RULES if pattern.search(text)), otherwise)
