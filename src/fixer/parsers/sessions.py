"""Tools that start others (nox, tox, pre-commit, Django's manage.py, argument parsers): what they say themselves."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TOOL = (FailureKind.INFRASTRUCTURE, RootCause.MISSING_TOOL)
_SETTING = (FailureKind.OTHER, RootCause.ENVIRONMENT)


class Sessions(LineParser):
    """See the module."""

    tool: ClassVar[str] = "sessions"
    rank: ClassVar[int] = 40
    needles: ClassVar[tuple[str, ...]] = (
        *("nox > Program ", "Exception running subprocess", "Executable `", "error: unrecognized arg", ".E"),
        *("the following arguments are required", "No such option", "InvalidManifestError", "InvalidConfigError"),
        *(": error: argument ", "no such option: ", "@ line ", "npm error code E", "npm ERR! code E", ": Expected "),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(re.compile(r"nox > (?P<message>Program .+ not found.*)"), *_TOOL),
        Rule(re.compile(r".{0,80}?(?P<message>Exception running subprocess .*No such file or directory.*)"), *_TOOL),
        Rule(re.compile(r".{0,40}?(?P<message>Executable `.+` not found)"), *_TOOL),
        Rule(re.compile(r".{0,80}?error: (?P<message>unrecognized arguments: .+)"), *_SETTING),
        Rule(re.compile(r".{0,80}?error: (?P<message>the following arguments are required: .+)"), *_SETTING),
        Rule(re.compile(r".{0,80}?error: (?P<message>argument .+: (?:invalid|expected) .+)"), *_SETTING),
        Rule(re.compile(r".{0,20}?(?P<message>[Nn]o such option: .+)"), *_SETTING),
        Rule(re.compile(r".{0,80}?(?P<message>Invalid(?:Manifest|Config)Error:.*)"), *_SETTING),
        # pytest and tox on a file of settings that cannot be read
        Rule(
            re.compile(r"ERROR: (?P<file>\S+\.(?:toml|cfg|ini)):(?:(?P<line>\d+):)? (?P<message>.+)"),
            *_SETTING,
        ),
        # Django's system check: `shop.Item.owner: (fields.E300) message`
        Rule(re.compile(r"\S+: \((?P<code>\w+\.E\d{3})\) (?P<message>.+)"), *_SETTING),
        # Maven on its own file
        Rule(
            re.compile(r"\[(?:FATAL|ERROR)\] (?P<message>.+ @ (?:\S*, )?line (?P<line>\d+), column (?P<column>\d+))"),
            *_SETTING,
        ),
        Rule(re.compile(r"npm (?:error|ERR!) (?P<message>code EJSONPARSE)"), *_SETTING),
    )


PARSER: type[Parser] = Sessions
