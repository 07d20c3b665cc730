"""Takes a workspace file (JSON) and returns the things in it that explanations may name, or every problem at once.

Lists and objects by name are both read: `"integrations": [{"name": "Slack", "connected": true}]` is the same as
`"integrations": {"Slack": true}`.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from fixer import lazy_re as re
from fixer.errors import ConfigError
from fixer.input.json_shape import (
    LONGEST_NAME,
    Found,
    Kind,
    a_name,
    a_string,
    a_time,
    a_workspace,
    an_amount,
    article,
    checked,
    get,
    members,
    word_of,
    workspace_of,
)
from fixer.input.json_text import plain
from fixer.input.nodes import Node
from fixer.input.problems import nearest
from fixer.schema.workspace import Agent, Integration, Quota, Template, Workspace

MAX_BYTES = 16 * 1024 * 1024
MOST = 1_000_000_000
"""Of a limit, a period in seconds (30 years) and credits."""
HINT = "`fixer schema workspace` prints what may stand there"
PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000}
"""Words for how long a quota lasts, in seconds; a month counts 30 days."""
_CONNECTED = """
connected active ok enabled true yes on valid healthy live linked authorized authorised installed configured
"""
_NOT_CONNECTED = """
disconnected notconnected missing inactive expired error revoked disabled false pending no off none invalid broken
failed unlinked notlinked notauthorized notinstalled notconfigured needsreauth reauthrequired tokenexpired suspended
"""
_WORDS = dict.fromkeys(_CONNECTED.split(), True) | dict.fromkeys(_NOT_CONNECTED.split(), False)
_IN_WORDS = re.compile(
    r"(?i)\D{0,20}?(?P<limit>\d{1,9})\s*(?P<unit>[^\W\d]{2,30})?\s*(?:\bper\b|\ban?\b|\beach\b|/)\s*"
    r"(?P<per>[a-z]{3,8})\W*"
)
"""A quota as people write it: `100 invitations a day`, `200/month`."""


def read_workspace(path: Path) -> Workspace:
    """Read a workspace file.

    Raises:
        InputError: with every problem in it.
        ConfigError: it cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"{path} could not be read: {why}", "check its name and its rights: ls -l") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}:1:1: the file is larger than {MAX_BYTES // 1024 // 1024} MiB", HINT)
    workspace = parse_workspace(data, str(path))
    # A pipe cannot be read again, nor changed: without a path no fix is offered for it.
    return workspace.model_copy(update={"path": str(path.absolute())}) if path.is_file() else workspace


def parse_workspace(data: bytes, file: str) -> Workspace:
    """Check the bytes of a workspace file; `file` is its name in messages.

    Raises:
        InputError: with every problem.
    """
    node = checked(data, file, HINT, _check)
    said = word_of(get(node, "id")) or workspace_of(node)
    workspace = _build(node)
    # A field that was not set tells that the file does not say whose it is.
    return workspace.model_copy(update={"id": said}) if said else workspace


def _check(text: str, node: Node) -> Iterator[Found]:
    if node.members is None:
        yield node.offset, f"a workspace file is an object, this is {article(node)}", '{"templates": […]}'
        return
    yield from members(text, node, _TOP)
    for key, kinds in _THINGS.items():
        found = get(node, key)
        if found is None:
            continue
        for thing in found.items or ():
            if thing.members is not None:
                yield from members(text, thing, {**kinds, "name": _required_name})
                if get(thing, "name", "key", "id", "service", "title") is None:
                    yield thing.offset, f"one of '{key}' has no name", '"name": "…"'
            elif not isinstance(thing.value, str):
                yield thing.offset, f"one of '{key}' is a name or an object, this is {article(thing)}", '{"name": "…"}'
        for member in found.members or ():
            if len(member.key) > LONGEST_NAME:
                yield member.offset, f"one of '{key}' has a name of more than {LONGEST_NAME} characters", '"…"'
            if member.value.members is not None:
                yield from members(text, member.value, kinds)
            elif wrong := _BARE[key](member.value):
                yield member.value.offset, f"'{member.key[:60]}' {wrong[0]}", wrong[1]


def _required_name(node: Node) -> tuple[str, str] | None:
    if wrong := a_string(node) or a_name(node):
        return wrong
    return None if str(node.value).strip() else ("is empty", "its name")


def _things(node: Node) -> tuple[str, str] | None:
    if node.items is not None or node.members is not None:
        return None
    return f"takes an array or an object, this is {article(node)}", '[{"name": "…"}]'


def _connected(node: Node) -> tuple[str, str] | None:
    if isinstance(node.value, bool):
        return None
    if isinstance(node.value, str) and _plain(node.value) in _WORDS:
        return None
    if isinstance(node.value, str):
        near = nearest(node.value, _WORDS)
        return f"is no state of a connection: {node.value[:60]!r}", f'"{near}"' if near else "true or false"
    return f"is true, false or a word for it, this is {article(node)}", "true or false"


def _limit(node: Node) -> tuple[str, str] | None:
    return _whole(node, 1)


def _quota_or_words(node: Node) -> tuple[str, str] | None:
    if not isinstance(node.value, str):
        return _limit(node)
    found = _IN_WORDS.fullmatch(node.value)
    right = found is not None and int(found["limit"]) > 0 and _seconds(found["per"])
    return None if right else (f"is no quota: {node.value[:60]!r}", '100 or "100 messages a day"')


def _credits(node: Node) -> tuple[str, str] | None:
    return _whole(node, 0)


def _whole(node: Node, least: int) -> tuple[str, str] | None:
    if wrong := an_amount(node):
        return wrong
    amount = float(node.value or 0)
    right = amount.is_integer() and least <= amount <= MOST
    return None if right else (f"is a whole number from {least} on, at most {MOST}", "100")


def _period(node: Node) -> tuple[str, str] | None:
    if isinstance(node.value, str):
        return None if _seconds(node.value) else ("is no period", '"day", "month" or a number of seconds')
    return _limit(node)


def _restrictions(node: Node) -> tuple[str, str] | None:
    if node.members is not None or node.items is not None or isinstance(node.value, str) or node.kind == "null":
        return None
    return f"takes an object, an array or a text, this is {article(node)}", '{"email_per_day": 100}'


def _anything(_: Node) -> tuple[str, str] | None:
    return None


_TOP: Mapping[str, Kind] = {
    "id": a_workspace,
    "workspace": a_workspace,
    "workspaceId": a_workspace,
    "templates": _things,
    "integrations": _things,
    "customFields": _things,
    "agents": _things,
    "quotas": _things,
    "credits": _credits,
}
_THINGS: Mapping[str, Mapping[str, Kind]] = {
    "templates": {"kind": a_string, "type": a_string, "body": a_string, "content": a_string, "text": a_string},
    "integrations": {"connected": _connected, "status": _connected, "expires": a_time, "expiresAt": a_time},
    "customFields": {"key": a_string},
    "agents": {"instructions": a_string, "restrictions": _restrictions},
    "quotas": {"service": a_string, "limit": _limit, "unit": a_string, "per": _period, "period": _period,
               "perSeconds": _limit, "resets": a_time},
}  # fmt: skip
_BARE: Mapping[str, Callable[[Node], tuple[str, str] | None]] = {
    "templates": a_string,
    "integrations": _connected,
    "customFields": _anything,
    "agents": a_string,
    "quotas": _quota_or_words,
}
"""What a value may be where things stand in an object by name and the value is no object itself."""


def _build(node: Node) -> Workspace:
    credits_ = get(node, "credits")
    return Workspace(
        templates=tuple(_template(name, thing) for name, thing in _named(node, "templates")),
        integrations=tuple(_integration(name, thing) for name, thing in _named(node, "integrations")),
        custom_fields=tuple(name for name, _ in _named(node, "customFields")),
        agents=tuple(_agent(name, thing) for name, thing in _named(node, "agents")),
        quotas=tuple(_quota(name, thing) for name, thing in _named(node, "quotas")),
        credits=None if credits_ is None else int(float(credits_.value or 0)),
    )


def _named(node: Node, key: str) -> Iterator[tuple[str, Node]]:
    """Yield the things under a key with their names, whichever way they are written."""
    found = get(node, key)
    if found is None:
        return
    for thing in found.items or ():
        yield (
            word_of(get(thing, "name", "key", "service", "title", "id") if thing.members is not None else thing),
            thing,
        )
    for member in found.members or ():
        yield member.key, member.value


def _said(thing: Node, *names: str) -> str:
    return word_of(get(thing, *names)) if thing.members is not None else ""


def _template(name: str, thing: Node) -> Template:
    body = get(thing, "body", "content", "text") if thing.members is not None else None
    return Template(
        name=name, kind=_said(thing, "kind", "type"), body=str(body.value) if body is not None else _bare(name, thing)
    )


def _bare(name: str, thing: Node) -> str:
    """Return the text of `{"name": "text"}`; a name alone has none."""
    return thing.value if isinstance(thing.value, str) and thing.value != name else ""


def _integration(name: str, thing: Node) -> Integration:
    """What is listed is connected, unless it says otherwise."""
    state = get(thing, "connected", "status") if thing.members is not None else thing
    value = None if state is None else state.value
    connected = value if isinstance(value, bool) else _WORDS.get(_plain(str(value)), True)
    expires = get(thing, "expires", "expiresAt") if thing.members is not None else None
    return Integration(name=name, connected=connected, expires="" if expires is None else str(plain(expires)))


def _agent(name: str, thing: Node) -> Agent:
    rules = get(thing, "restrictions") if thing.members is not None else None
    restrictions = plain(rules) if rules is not None else {}
    instructions = get(thing, "instructions") if thing.members is not None else None
    text = str(instructions.value) if instructions is not None else _bare(name, thing)
    return Agent(name=name, instructions=text, restrictions=restrictions if isinstance(restrictions, dict) else {})


def _quota(name: str, thing: Node) -> Quota:
    if isinstance(thing.value, str) and (found := _IN_WORDS.fullmatch(thing.value)):
        unit = found["unit"] or "calls"
        return Quota(service=name, limit=int(found["limit"]), unit=unit, per_seconds=_seconds(found["per"]))
    limit = get(thing, "limit") if thing.members is not None else thing
    per = get(thing, "perSeconds", "per", "period") if thing.members is not None else None
    seconds = PERIODS["day"] if per is None else _seconds(per.value) or PERIODS["day"]
    return Quota(
        service=name,
        limit=int(float(limit.value or 0)) if limit is not None else 0,
        unit=_said(thing, "unit") or "calls",
        per_seconds=seconds,
        resets=_said(thing, "resets"),
    )


def _seconds(value: str | float | bool | None) -> int:  # noqa: FBT001 - a value of JSON
    """Return the length of a period; 0 where it is none."""
    if isinstance(value, str):
        word = _plain(value).removeprefix("per").removesuffix("s")
        return PERIODS.get(word, PERIODS.get({"daily": "day", "monthly": "month", "hourly": "hour"}.get(word, ""), 0))
    return int(value) if isinstance(value, float) else 0


def _plain(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalpha())
