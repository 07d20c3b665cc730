"""Builds the fixes of an explanation: what a person does, and changes of the workspace file with their diff."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import JsonValue

from fixer.errors import FixerError
from fixer.explaining.causes.base import Scene
from fixer.explaining.changes import diff_of, planned
from fixer.input.json_shape import camel
from fixer.schema.base import content_id
from fixer.schema.explanation import Change, FixType, SuggestedFix
from fixer.schema.workspace import Agent, option_for

_NAMES = ("name", "key", "service", "title", "id")
Pointer = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where a thing stands in the workspace file."""

    pointer: Pointer
    value: JsonValue


class Offers:
    """The fixes that one explanation offers."""

    def __init__(self, scene: Scene) -> None:
        """Take what the fixes are for; the workspace file is read when a fix would change it."""
        self.scene = scene

    @property
    def where(self) -> str:
        """The step as people call it."""
        failed = self.scene.failed
        if failed.step_number:
            number = f"step {failed.step_number}"
            return number if failed.action in {"", number} else f"{number} ({failed.action})"
        return (
            f"the execution of '{self.scene.record.agent}'"
            if self.scene.record.agent
            else f"execution {self.scene.record.id}"
        )

    @property
    def subject(self) -> str:
        """The step as a sentence begins with it."""
        return f"{self.where[:1].upper()}{self.where[1:]}"

    @property
    def agent(self) -> Agent | None:
        """The agent that failed, where the workspace has it."""
        name = self.scene.record.agent.casefold()
        return next((agent for agent in self.scene.workspace.agents if name and agent.name.casefold() == name), None)

    def manual(self, description: str, action: str) -> SuggestedFix:
        """Return something that a person does."""
        return SuggestedFix(
            id=self._id("manual", description, action),
            type=FixType.MANUAL,
            description=description,
            action=action,
            auto_fix_available=False,
        )

    def change(
        self, type_: FixType, description: str, changes: Sequence[tuple[Pointer, JsonValue]]
    ) -> SuggestedFix | None:
        """Return a change of the workspace file with its diff; None where there is no file or nothing to change."""
        path = self.scene.workspace.path
        if not path or not changes:
            return None
        id_ = self._id(type_.value, description, json.dumps([change[0] for change in changes]))
        fix = SuggestedFix(
            id=id_,
            type=type_,
            description=description,
            action=f"fixer fix apply {id_}{option_for(self.scene.record.workspace)}",
            auto_fix_available=True,
            changes=tuple(Change(path=path, pointer=pointer, value=value) for pointer, value in changes),
        )
        root = Path(path).parent
        try:
            preview = diff_of(planned(fix, root), root)
        except FixerError:
            return None
        return fix.model_copy(update={"preview": preview}) if preview else None

    def instructions(self, description: str, text: str) -> SuggestedFix | None:
        """Return new instructions for the agent."""
        place = self._agent_place()
        if place is None:
            return None
        if isinstance(place.value, dict):
            key = _key(place.value, "instructions") or "instructions"
            return self.change(FixType.UPDATE_INSTRUCTIONS, description, [((*place.pointer, key), text)])
        name = self.agent.name if self.agent else ""
        in_list = isinstance(place.pointer[-1], int)
        value: JsonValue = {"name": name, "instructions": text} if in_list else text
        return self.change(FixType.UPDATE_INSTRUCTIONS, description, [(place.pointer, value)])

    def restriction(self, description: str, key: str, value: JsonValue, *, append: bool = False) -> SuggestedFix | None:
        """Return a new restriction of the agent: a value under a key, one more in the list there, or one in words."""
        place = self._agent_place()
        if place is None or not isinstance(place.value, dict):
            return None
        rules_key = _key(place.value, "restrictions") or "restrictions"
        rules = place.value.get(rules_key)
        at = (*place.pointer, rules_key)
        if isinstance(rules, list | str):
            return self._rule_in_words(description, at, rules, f"{key}: {value}")
        whole: JsonValue = [value] if append else value
        if not isinstance(rules, dict):
            return self.change(FixType.ADJUST_RESTRICTIONS, description, [(at, {key: whole})])
        now = rules.get(key)
        if now == whole or (isinstance(now, list) and value in now):
            return None
        if append and isinstance(now, list):
            return self.change(FixType.ADJUST_RESTRICTIONS, description, [((*at, key, len(now)), value)])
        return self.change(FixType.ADJUST_RESTRICTIONS, description, [((*at, key), whole)])

    def _rule_in_words(
        self, description: str, at: Pointer, rules: list[JsonValue] | str, rule: str
    ) -> SuggestedFix | None:
        """Add a rule where restrictions are texts, or one text."""
        if rule in rules:
            return None
        if isinstance(rules, list):
            return self.change(FixType.ADJUST_RESTRICTIONS, description, [((*at, len(rules)), rule)])
        text = f"{rules.rstrip()}\n{rule}" if rules.strip() else rule
        return self.change(FixType.ADJUST_RESTRICTIONS, description, [(at, text)])

    def template(self, description: str, name: str, kind: str, body: str, like: str) -> SuggestedFix | None:
        """Return a new template, written as the one named `like` is."""
        key = self._top("templates") or "templates"
        held = self._file.get(key)
        model = self._place("templates", like)
        model_value = model.value if model is not None else {}
        keys = model_value if isinstance(model_value, dict) else {}
        body_key = next((own for own in ("body", "content", "text") if own in keys), "body")
        kind_key = next((own for own in ("kind", "type") if own in keys), "kind")
        about: dict[str, JsonValue] = {kind_key: kind} if kind else {}
        whole: dict[str, JsonValue] = {"name": name, **about, body_key: body}
        if isinstance(held, dict):
            plain_text = isinstance(model_value, str)
            value: JsonValue = body if plain_text else {**about, body_key: body}
            return self.change(FixType.SUGGEST_TEMPLATE, description, [((key, name), value)])
        if isinstance(held, list):
            return self.change(FixType.SUGGEST_TEMPLATE, description, [((key, len(held)), whole)])
        return self.change(FixType.SUGGEST_TEMPLATE, description, [((key,), [whole])])

    def _agent_place(self) -> Place | None:
        return self._place("agents", self.agent.name) if self.agent is not None else None

    def _place(self, kind: str, name: str) -> Place | None:
        """Find a thing of the workspace file by its name, in a list or in an object by name."""
        key = self._top(kind)
        held = self._file.get(key) if key else None
        if key and isinstance(held, dict) and name in held:
            return Place((key, name), held[name])
        for number, thing in enumerate(held if isinstance(held, list) else ()):
            own = thing if isinstance(thing, str) else _name(thing)
            if key and own == name:
                return Place((key, number), thing)
        return None

    def _top(self, kind: str) -> str | None:
        return next((key for key in self._file if camel(key) == kind), None)

    @cached_property
    def _file(self) -> dict[str, JsonValue]:
        try:
            value = json.loads(Path(self.scene.workspace.path).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}

    def _id(self, *parts: str) -> str:
        return content_id("fix", self.scene.record.workspace, self.scene.record.id, *parts)


def _name(thing: JsonValue) -> str:
    if not isinstance(thing, dict):
        return ""
    return next((str(thing[key]).strip() for key in thing for name in _NAMES if camel(key) == name and thing[key]), "")


def _key(value: dict[str, JsonValue], name: str) -> str | None:
    return next((key for key in value if camel(key) == name), None)


def listed(*fixes: SuggestedFix | None) -> tuple[SuggestedFix, ...]:
    """Return the fixes that there are, each once."""
    found = {fix.id: fix for fix in fixes if fix is not None}
    return tuple(found.values())
