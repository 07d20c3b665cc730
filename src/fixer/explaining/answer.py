"""The form of a model's answer: what it is asked to submit, and the shape that is taken from it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from fixer.llm.base import Tool
from fixer.schema.explanation import FixType
from fixer.schema.root_cause import RootCause

Short = Annotated[str, Field(min_length=8, max_length=500)]
DRAFTED = (FixType.UPDATE_INSTRUCTIONS, FixType.SUGGEST_TEMPLATE, FixType.ADJUST_RESTRICTIONS)
"""What a model may word for the workspace file."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class Draft(_Strict):
    """A change of the workspace file, in the model's words."""

    type: Literal[FixType.UPDATE_INSTRUCTIONS, FixType.SUGGEST_TEMPLATE, FixType.ADJUST_RESTRICTIONS]
    name: Annotated[str, Field(max_length=120)] = ""
    """Of the template, or of the restriction; instructions are always the failed agent's own."""
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    """All of the new instructions, the body of the template, or the value of the restriction."""


class AnsweredFix(_Strict):
    """One way to mend it."""

    description: Short
    action: Short
    change: Draft | None = None


class Answer(_Strict):
    """What the model submits."""

    explanation: Annotated[str, Field(min_length=20, max_length=2000)]
    root_cause: RootCause
    fixes: Annotated[list[AnsweredFix], Field(min_length=1, max_length=4)]


class RefusedError(ValueError):
    """An answer that cannot be used; its words say why."""


def _tool() -> Tool:
    text: dict[str, Any] = {"type": "string"}
    change: dict[str, Any] = {
        "type": "object",
        "description": "Only where the workspace itself is to be changed.",
        "properties": {"type": {"type": "string", "enum": [one.value for one in DRAFTED]}, "name": text, "text": text},
        "required": ["type", "text"],
    }
    fix: dict[str, Any] = {
        "type": "object",
        "properties": {"description": text, "action": text, "change": change},
        "required": ["description", "action"],
    }
    return Tool(
        name="submit",
        description="Hand in the explanation. Called once.",
        parameters={
            "type": "object",
            "properties": {
                "explanation": text,
                "root_cause": {"type": "string", "enum": [cause.value for cause in RootCause]},
                "fixes": {"type": "array", "items": fix},
            },
            "required": ["explanation", "root_cause", "fixes"],
        },
    )


TOOL = _tool()
