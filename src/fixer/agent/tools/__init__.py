"""The tools of a model, one file each: a call goes in, exactly one answer comes out, never an exception."""

import hashlib
import json
from collections.abc import Iterable
from typing import cast

from pydantic import JsonValue, ValidationError

from fixer.agent.desk import Desk
from fixer.agent.refusal import Refused
from fixer.agent.tools.base import ToolModule
from fixer.errors import GitError
from fixer.llm.base import Tool, ToolAnswer, ToolCall
from fixer.registry import modules

MAX_ARGUMENTS = 60_000
"""Characters of one call's arguments; a file is changed by small edits, not by sending it whole."""
MAX_ANSWER = 12_000
"""Characters of one answer; the tools stay below it by themselves."""
_MEMBERS = ("DESCRIPTION", "Arguments", "use", "is_offered")


class Toolbox:
    """The tools that one desk offers."""

    def __init__(self, desk: Desk, without: Iterable[str] = ()) -> None:
        """Find the tools that this desk has a use for, `without` the ones named."""
        self.desk = desk
        found = {module.__name__.rpartition(".")[2]: module for module in modules("agent.tools", _MEMBERS)}
        left_out = set(without)
        tools = {name: cast("ToolModule", module) for name, module in found.items() if name not in left_out}
        self._tools = {name: tool for name, tool in tools.items() if tool.is_offered(desk)}

    @property
    def offered(self) -> tuple[Tool, ...]:
        """The tools as a model is told of them; always in the same order, so that a provider's cache holds."""
        return tuple(
            Tool(name=name, description=tool.DESCRIPTION.strip(), parameters=parameters(tool))
            for name, tool in sorted(self._tools.items())
        )

    def use(self, call: ToolCall) -> ToolAnswer:
        """Do what a call asks for; what is wrong with it is the answer, so that the model can mend it."""
        try:
            text, is_error = self._use(call), False
        except Refused as refusal:
            text, is_error = f"Not done: {refusal}", True
        except ValidationError as error:
            text, is_error = _wrong(error), True
        except GitError as error:
            # A program that the model had run may have damaged the worktree; that is no reason to end the run.
            text, is_error = f"Not done: git failed in the project: {error.message}", True
        except (OSError, UnicodeError) as error:
            text, is_error = f"Not done: {error.__class__.__name__}: {getattr(error, 'strerror', None) or error}", True
        text = self.desk.mask(text)
        if len(text) > MAX_ANSWER:
            text = f"{text[:MAX_ANSWER]}\n… {len(text) - MAX_ANSWER} characters left out …"
        return ToolAnswer(id=call.id, name=call.name, text=text, is_error=is_error)

    def key(self, call: ToolCall) -> str:
        """Return what two calls share that would get the same answer: tool, arguments and the state of the files."""
        words = json.dumps(call.arguments, sort_keys=True)
        return hashlib.sha256(f"{call.name}\0{words}\0{self.desk.state}".encode()).hexdigest()

    def fault(self, name: str, arguments: dict[str, JsonValue]) -> str | None:
        """Return what is wrong with a call, empty where nothing is; None: there is no such tool."""
        tool = self._tools.get(name)
        if tool is None:
            return None
        try:
            tool.Arguments.model_validate(self.typed(name, arguments))
        except ValidationError as error:
            return "; ".join(_faults(error))
        return ""

    def typed(self, name: str, arguments: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Return arguments that were written as text in the types that the tool has for them, where they are JSON."""
        tool = self._tools.get(name)
        fields = parameters(tool)["properties"] if tool else {}
        return {
            key: _typed(value, fields.get(key) if isinstance(fields, dict) else None)
            for key, value in arguments.items()
        }

    def _use(self, call: ToolCall) -> str:
        tool = self._tools.get(call.name)
        if tool is None:
            raise Refused(f"there is no tool {call.name[:60]!r}; there are: {', '.join(sorted(self._tools))}")
        size = len(json.dumps(call.arguments))
        if size > MAX_ARGUMENTS:
            raise Refused(
                f"the arguments have {size} characters, at most {MAX_ARGUMENTS} are taken; make smaller edits"
            )
        return tool.use(self.desk, tool.Arguments.model_validate(call.arguments))


def parameters(tool: ToolModule) -> dict[str, JsonValue]:
    """Return the JSON Schema of a tool's arguments: a flat object without what models do not need."""
    schema = tool.Arguments.model_json_schema()
    fields: dict[str, JsonValue] = {
        name: {key: value for key, value in field.items() if key in {"type", "description", "enum", "items", "default"}}
        for name, field in schema.get("properties", {}).items()
    }
    return {"type": "object", "properties": fields, "required": schema.get("required", [])}


def _typed(value: JsonValue, field: JsonValue) -> JsonValue:
    if not isinstance(value, str) or not isinstance(field, dict) or field.get("type") == "string":
        return value
    try:
        return cast("JsonValue", json.loads(value))
    except (ValueError, RecursionError):
        return value


def _wrong(error: ValidationError) -> str:
    return "\n".join(["Not done: the arguments are not valid.", *_faults(error)])


def _faults(error: ValidationError) -> list[str]:
    """Say what is wrong with arguments, without repeating them."""
    found = error.errors(include_url=False, include_input=False, include_context=False)[:6]
    return [f"{'.'.join(map(str, one['loc']))[:80] or 'arguments'}: {one['msg'][:200]}" for one in found]
