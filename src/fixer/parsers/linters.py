"""Checkers whose findings fit into one line: markdownlint, hadolint, rubocop, actionlint, ktlint."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_FILE = r"(?P<file>(?:[A-Za-z]:)?[^\s:][^:]{0,300}?)"
_AT = r":(?P<line>\d+)(?::(?P<column>\d+))?"


class Linters(LineParser):
    """See the module."""

    tool: ClassVar[str] = "linters"
    needles: ClassVar[tuple[str, ...]] = (
        *(" MD0", " DL3", " DL4", " SC1", " SC2", " misspelling ", "[SC1", "[SC2", ": C: ", ": W: ", ": E: ", ": F: "),
        *(
            " ==> ",
            "[error] ",
            "[rule",
            "[expression]",
            "[syntax-check]",
            "[action]",
            "standard:",
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = tuple(
        Rule(re.compile(pattern), FailureKind.LINT, RootCause.LINT)
        for pattern in (
            # markdownlint: `a.md:1:4 error MD018/no-missing-space-atx message`
            rf"{_FILE}{_AT}:? (?:error )?(?P<code>MD\d{{3}})/(?P<message>.+)",
            # hadolint: `Dockerfile:3 DL3008 warning: message`
            rf"{_FILE}{_AT} (?P<code>(?:DL|SC)\d{{4}}) (?:\S+: )?(?P<message>.+)",
            # shellcheck -f gcc: `a.sh:3:5: error: message [SC2086]`
            rf"{_FILE}{_AT}: (?:error|warning|note): (?P<message>.+) \[(?P<code>SC\d{{4}})\]$",
            # shellcheck for people, below the line that it shows: `   ^-- SC2086 (info): message`
            r"\s+\^(?:-*\^|--) (?P<code>SC\d{4})(?: \(\w+\))?: (?P<message>.+)",
            # misspell: `a.md:3:8: "recieve" is a misspelling of "receive"`
            rf"{_FILE}{_AT}: (?P<message>\"\S+\" is a misspelling of .+)",
            # rubocop: `a.rb:1:5: C: [Correctable] Style/StringLiterals: message`
            rf"{_FILE}{_AT}: [CWEF]: (?:\[Corrected\] |\[Correctable\] )?(?P<code>[A-Z]\w+/[\w/]+): (?P<message>.+)",
            # codespell: `a.py:3: teh ==> the`
            rf"{_FILE}:(?P<line>\d+): (?P<message>\S+ ==> \S.*)",
            # yamllint -f parsable: `a.yml:1:5: [error] message (colons)`
            rf"{_FILE}{_AT}: \[error\] (?P<message>.+) \((?P<code>[\w-]+)\)$",
            # actionlint: `.github/workflows/a.yml:3:5: message [expression]`
            rf"{_FILE}(?<=ml){_AT}: (?P<message>.+) \[(?P<code>expression|syntax-check|action|[a-z]+-[a-z-]+)\]$",
            # ktlint: `a.kt:1:1: message (standard:no-wildcard-imports)`
            rf"{_FILE}{_AT}: (?P<message>.+) \((?P<code>standard:[\w-]+)\)$",
        )
    )


PARSER: type[Parser] = Linters
