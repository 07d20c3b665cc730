"""npm, yarn and pnpm: what could not be resolved, fetched or installed."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_NPM = r"(?:.{0,60}\| )?npm (?:ERR!|error) "
_DEPENDENCY = (FailureKind.DEPENDENCY, RootCause.MISSING_DEPENDENCY)


class Npm(LineParser):
    """See the module."""

    tool: ClassVar[str] = "npm"
    needles: ClassVar[tuple[str, ...]] = (
        *("npm ERR! ", "npm error ", "ERR_PNPM_", "YN0", "error Couldn't find", "error Your lockfile"),
        *("error Found incompatible", "is incompatible with this module"),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(re.compile(_NPM + r"(?P<message>(?:code )?ERESOLVE(?!\w)(?: .+)?)$"), *_DEPENDENCY),
        Rule(
            re.compile(
                _NPM + r"(?P<message>(?:code )?(?:E404|ETARGET|ENOVERSIONS|EUSAGE|EBADENGINE|EINTEGRITY|ENOTSUP)\b.*)"
            ),
            *_DEPENDENCY,
        ),
        Rule(
            re.compile(
                _NPM + r"(?P<message>404 .+|notarget .+|missing: .+|(?:The )?`npm ci` (?:command )?can only install.+)"
            ),
            *_DEPENDENCY,
        ),
        Rule(
            re.compile(_NPM + r"(?P<message>(?:code )?(?:E401|E403|ENEEDAUTH|EOTP)\b.*)"),
            FailureKind.INFRASTRUCTURE,
            RootCause.AUTH_ERROR,
        ),
        Rule(
            re.compile(
                _NPM + r"(?P<message>(?:code |network )?(?:ECONN\w+|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ERR_SOCKET\w*)\b.*)"
            ),
            FailureKind.INFRASTRUCTURE,
            RootCause.NETWORK_ERROR,
        ),
        Rule(
            re.compile(_NPM + r"(?P<message>code (?:EACCES|EPERM|EROFS|ENOTEMPTY|EEXIST|EBUSY|ENOENT)\b.*)"),
            FailureKind.OTHER,
            RootCause.ENVIRONMENT,
        ),
        Rule(re.compile(_NPM + r"(?P<message>Missing script: .+)"), FailureKind.OTHER, RootCause.ENVIRONMENT),
        Rule(
            re.compile(
                r".{0,40}?(?P<message>ERR_PNPM_(?:FETCH_404|NO_MATCHING|OUTDATED|PEER|LOCKFILE|FROZEN|NO_LOCKFILE|TARBALL"
                r"|UNSUPPORTED_ENGINE|BROKEN|MISSING|UNEXPECTED_STORE|UNSUPPORTED_PLATFORM|LINKING|SPEC_NOT)\w*.*)"
            ),
            *_DEPENDENCY,
        ),
        Rule(
            re.compile(r".{0,40}?(?P<message>ERR_PNPM_(?:FETCH_40[13]|UNAUTHORIZED)\w*.*)"),
            FailureKind.INFRASTRUCTURE,
            RootCause.AUTH_ERROR,
        ),
        Rule(
            re.compile(r".{0,40}?(?P<message>ERR_PNPM_(?:META_FETCH|FETCH_|BAD_TARBALL)\w*.*)"),
            FailureKind.INFRASTRUCTURE,
            RootCause.NETWORK_ERROR,
        ),
        # that a script failed is what its own output says
        Rule(
            re.compile(r".{0,40}?(?P<message>ERR_PNPM_(?!RECURSIVE_RUN|RECURSIVE_EXEC|\w*LIFECYCLE)\w+.*)"),
            FailureKind.OTHER,
            RootCause.ENVIRONMENT,
        ),
        Rule(
            re.compile(r".{0,20}?(?P<code>YN0(?:001|002|013|016|018|028|035|080|082)): (?P<message>.+)"), *_DEPENDENCY
        ),
        Rule(
            re.compile(
                r"error (?P<message>(?:Couldn't find|Your lockfile|Found incompatible|.+is incompatible with).*)"
            ),
            *_DEPENDENCY,
        ),
    )


PARSER: type[Parser] = Npm
