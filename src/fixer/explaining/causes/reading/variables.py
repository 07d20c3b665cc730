"""What says that a variable is not set: a build's text comes in, the variable's name goes out."""

from fixer import lazy_re as re
from fixer.alternatives import possible

UNSET = (
    r"input variable \"(?P<name>[\w.-]{1,60})\" is not set"
    r"|No value for required variable[\s\S]{0,200}?variable \"(?P<tf>[\w.-]{1,60})\""
    r"|(?i:input required and not supplied): (?P<input>[\w.-]{2,60})"
    r"|(?i:env(?:ironment)?(?: variables?| var)? |secrets? |variables? )(?i:not set|missing|required"
    r"|undefined)?:? ['\"`$]*(?P<told>[A-Z][A-Z0-9]*_[A-Z0-9_]{1,60})\b"
    r"|(?i:missing|undefined|required|expected|unset|without)[^\n]{0,60}?(?i:variables?|env|secrets?"
    r"|settings?|setting)s?\b:? ['\"`$(]*(?P<after>[A-Z][A-Z0-9_]{2,60})\b"
    r"|\b(?P<set>[A-Z][A-Z0-9]*_[A-Z0-9_]{1,60})['\"`]*:? (?:environment variable|(?:env )?(?:is|was|has"
    r"|must|not|unbound|undefined|required|missing|parameter|needs))"
    r"|(?:KeyError|key not found|NotPresent|getenv|environ)[:(\[ ]+['\"]?(?P<key>[A-Z][A-Z0-9_]{2,60})\b(?!-)"
    r"|get the (?P<env>[A-Z][A-Z0-9_]{2,60}) env"
    r"|(?P<shell>\w{2,60}): (?:unbound variable|parameter (?:null or )?not set)"
    r"|variable `(?P<rust>\w{2,60})` not defined"
    r"|The \"(?P<compose>\w{2,60})\" variable is not set|required variable (?P<needed>\w{2,60}) is missing"
    r"|Settings\n(?P<pydantic>\w{2,60})\n +Field required|[Mm]issing `?(?P<rails>secret_key_base)"
)
"""Patterns whose only group that matches is the name."""


def unset_in(text: str) -> str:
    """Return the variable that a text says is not set; empty where it tells of none."""
    found = re.search(UNSET, text, re.MULTILINE) if possible(UNSET, text.lower()) else None
    return next((part for part in found.groups() if part), "") if found else ""
