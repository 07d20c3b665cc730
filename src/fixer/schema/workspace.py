"""The workspace that an execution ran in: the things that an explanation may name (spec E4)."""

import shlex

from pydantic import ConfigDict, JsonValue
from pydantic.alias_generators import to_camel

from fixer.schema.base import Record

_CAMEL = ConfigDict(alias_generator=to_camel)
DEFAULT = "default"
"""The workspace of what says none."""


def option_for(workspace: str) -> str:
    """Return what a command that the user is told to type needs to stay in a workspace, with a space before it."""
    return "" if workspace == DEFAULT else f" --workspace-id {shlex.quote(workspace)}"


class Template(Record):
    """A message template."""

    model_config = _CAMEL

    name: str
    kind: str = ""
    """email, linkedin, …; empty: not said."""
    body: str = ""
    """With placeholders as `{{name}}`."""


class Integration(Record):
    """A service that actions of agents use."""

    model_config = _CAMEL

    name: str
    connected: bool
    expires: str = ""
    """ISO 8601, of its credentials; empty: not said."""


class Quota(Record):
    """How much of a service may be used."""

    model_config = _CAMEL

    service: str
    limit: int
    unit: str = "calls"
    per_seconds: int
    """86,400: a day; 2,592,000: a month."""
    resets: str = ""
    """ISO 8601 of the next reset where it is known."""


class Agent(Record):
    """An agent with what it was told and what it may do."""

    model_config = _CAMEL

    name: str
    instructions: str = ""
    restrictions: dict[str, JsonValue] = {}
    """Limits by name: `{"email_per_day": 100, "skip_if": ["contact.email is empty"]}`."""


class Workspace(Record):
    """Everything that a workspace file says."""

    model_config = _CAMEL

    id: str = DEFAULT
    templates: tuple[Template, ...] = ()
    integrations: tuple[Integration, ...] = ()
    custom_fields: tuple[str, ...] = ()
    agents: tuple[Agent, ...] = ()
    quotas: tuple[Quota, ...] = ()
    credits: int | None = None
    """Credits to spend; None: not counted."""
    path: str = ""
    """The file it was read from; fixes are applied to it."""
