"""docker build: the instruction that failed, images that are not there, a daemon that is not running."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause


class Docker(LineParser):
    """See the module."""

    tool: ClassVar[str] = "docker"
    rank: ClassVar[int] = 40
    needles: ClassVar[tuple[str, ...]] = (
        *("failed to solve", "returned a non-zero code", "Cannot connect to the Docker daemon", "manifest unknown"),
        *("pull access denied", "failed to build: ", "Error response from daemon", "executor failed running"),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(r".{0,40}?(?P<message>Cannot connect to the Docker daemon.*)"),
            FailureKind.INFRASTRUCTURE,
            RootCause.INFRASTRUCTURE,
        ),
        Rule(
            re.compile(
                r".{0,300}?(?P<message>pull access denied for .+|manifest (?:for \S+ )?.{0,80}(?:unknown|not found).*)"
            ),
            FailureKind.DEPENDENCY,
            RootCause.MISSING_DEPENDENCY,
        ),
        # what the command itself said stands above
        Rule(
            re.compile(r".{0,60}?failed to solve: (?P<message>process .+ did not complete successfully: exit code.+)"),
            FailureKind.OTHER,
        ),
        Rule(
            re.compile(r".{0,60}?failed to solve: (?:failed to compute cache key: )?(?P<message>.+)"),
            FailureKind.OTHER,
            otherwise=RootCause.ENVIRONMENT,
        ),
        Rule(
            re.compile(r"(?P<message>The command '.+' returned a non-zero code: \d+)"),
            FailureKind.OTHER,
        ),
        Rule(
            re.compile(r".{0,40}?(?P<message>Error response from daemon: .+)"),
            FailureKind.INFRASTRUCTURE,
            otherwise=RootCause.INFRASTRUCTURE,
        ),
    )


PARSER: type[Parser] = Docker
