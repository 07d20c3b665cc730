"""What says that a variable is not set: a build's text comes in, the variable's name goes out."""

from fixer import lazy_re as re
from fixer.alternatives import possible

_REFUSED = (
    r"(?!['\"`]*:? (?:is |was |has )?(?:invalid|expired|wrong|incorrect|revoked|rejected|refused"
    r"|not (?:valid|accepted)))"
)
"""A value is there, and a server does not take it."""
_NOTHING = r"(?:empty|blank|null|nil|undefined|unset|missing)"
UNSET = (
    r"input variable \"(?P<name>[\w.-]{1,60})\" is not set"
    r"|No value for required variable[\s\S]{0,200}?variable \"(?P<tf>[\w.-]{1,60})\""
    r"|(?i:input required and not supplied): (?P<input>[\w.-]{2,60})"
    r"|(?i:env(?:ironment)?(?: variables?| var)? |secrets? |variables? )(?i:not set|missing|required"
    rf"|undefined)?:? ['\"`$]*(?P<told>[A-Z][A-Z0-9]*_[A-Z0-9_]{{1,60}})\b{_REFUSED}"
    r"|(?i:missing|undefined|required|expected|unset|without)[^\n]{0,60}?(?i:variables?|env|secrets?"
    r"|settings?|setting)s?\b:? ['\"`$(]*(?P<after>[A-Z][A-Z0-9_]{2,60})\b"
    rf"|\b(?P<set>[A-Z][A-Z0-9]*_[A-Z0-9_]{{1,60}})['\"`]*(?!:? (?:is |was |has )?not (?:valid|accept|allow|authori))"
    rf":? (?:environment variable{_REFUSED}|(?:env )?(?:(?:is|was|has|are)(?= (?:no\b|empty|blank|null|nil"
    r"|un|missing|required|needed|neither|never|not (?:been )?(?:set|defin|giv|provi|config|pres|found|avail|speci"
    r"|suppli"
    r"|export|there|in )))|must|not|unbound|undefined|required|missing|parameter|needs))"
    r"|(?<![\w.])\$?\{?(?P<empty>(?!(?:ERROR|FATAL|WARN|FAIL|INFO|DEBUG|JSON|HTML|YAML|HTTP|NULL|BODY|STD)[A-Z]*\b)"
    rf"[A-Z][A-Z0-9_]{{3,60}})\}}?['\"`]*(?:[:=]| ?\.{{2,}}| ?-+)? \(?(?:(?:is|was|came|are)"
    rf" )?{_NOTHING}\b|(?<![\w.])(?P<value>[A-Z][A-Z0-9_]{{2,60}}) ?[=:] ?(?:''|\"\"|[<(]{_NOTHING}[>)]"
    rf"|{_NOTHING}$)"
    rf"|\b(?:no|{_NOTHING})(?: value(?: for)?)?:? ['\"`$]*(?P<no>[A-Z][A-Z0-9]*_[A-Z0-9_]{{1,60}})\b"
    r"|(?:KeyError|key not found|NotPresent|getenv|environ)[:(\[ ]+['\"]?(?P<key>[A-Z][A-Z0-9_]{2,60})\b(?!-)"
    r"|(?i:value not found)[^\n]{0,40}\bfor ['\"$]?(?P<found>[A-Z][A-Z0-9]*_[A-Z0-9_]{1,60})\b"
    r"|get the (?P<env>[A-Z][A-Z0-9_]{2,60}) env"
    r"|(?P<shell>\w{2,60}): (?:unbound variable|parameter (?:null or )?not set)"
    r"|[Ii]nvalid environment variables:?[\s{]*['\"]?(?P<invalid>[A-Z][A-Z0-9_]{2,60})['\"]?: \[? ?['\"]?Required"
    r"|parameter '(?P<bound>\w{2,60})' because it is (?:an empty string|null)"
    r"|variable `(?P<rust>\w{2,60})` not defined"
    r"|The \"(?P<compose>\w{2,60})\" variable is not set|required variable (?P<needed>\w{2,60}) is missing"
    r"|Settings\n(?P<pydantic>\w{2,60})\n +Field required|[Mm]issing `?(?P<rails>secret_key_base)"
)
"""Patterns whose only group that matches is the name."""

_Q = r"[`'\"\u2018\u2019\u201c\u201d]"
SWITCHED_OFF = (
    rf"(?i:(?:feature|option|flag|capability|extension|plugin|module|api|service|function|setting)s?) {_Q}?"
    rf"(?P<name>[\w.:/-]{{2,80}}?){_Q}? (?i:(?:is|are|was|has been) (?:currently )?(?:disabled|not (?:yet )?enabled"
    r"|turned off|switched off|deactivated|not allowed))"
    rf"|(?i:invoked without|without the|requires the|needs the|enable the|pass the|run with|re-?run with|use the) {_Q}?"
    r"(?P<flag>--[\w-]{2,60})"
    rf"|(?P<what>{_Q}[^\n`'\"\u2019]{{2,60}}{_Q}) (?i:may not be used on the (?:stable|beta) release channel)"
    r"|(?P<opt>--[\w-]{2,40}|[\w.-]{2,40}) (?i:option|flag|syntax|feature)s? (?i:requires?|needs?) (?P<by>[A-Z]\w+)"
    r"|(?P<must>[A-Z]\w{2,40}) (?i:must (?:currently |first )?be enabled)"
    r"|(?P<named>[\w.-]{2,40}) (?i:option|feature|extension|plugin|flag|module|service|api) (?i:is (?:currently )?"
    r"(?:disabled|not enabled|turned off|switched off))"
    rf"|{_Q}(?P<key>[\w.:-]{{2,60}}){_Q} (?i:(?:is|are) (?:disabled|not enabled|turned off|switched off))"
)
"""What says that something is there and may not be used until it is switched on."""


def unset_in(text: str) -> str:
    """Return the variable that a text says is not set; empty where it tells of none."""
    found = re.search(UNSET, text, re.MULTILINE) if possible(UNSET, text.lower()) else None
    return next((part for part in found.groups() if part), "") if found else ""
