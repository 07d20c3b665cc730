"""A failed execution and the library's finding come in, a model is asked, and an answer that was checked goes out."""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fixer.agent.marking import data
from fixer.errors import BudgetError, ModelError
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.names import quoted
from fixer.explaining.causes.reading.services import named_in
from fixer.explaining.explain import Second, from_library
from fixer.llm.base import Message, ModelClient, Text, Tool, Turn, TurnConfig, unheard
from fixer.prompts import Prompt, load_prompt
from fixer.schema.base import content_id
from fixer.schema.explanation import Explanation, FixType, SuggestedFix
from fixer.schema.root_cause import RootCause

SECONDS = 10.0
"""What a model may take before the library's answer stands in (spec E7)."""
TEMPERATURE = 0.4
SURE = 0.85
"""From this score on the library's cause stands: codes and names are better evidence than words about them."""
_LONGEST = 24_000
Short = Annotated[str, Field(min_length=8, max_length=500)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class AnsweredFix(_Strict):
    """One way to mend it."""

    description: Short
    action: Short


class Answer(_Strict):
    """What the model submits."""

    explanation: Annotated[str, Field(min_length=20, max_length=2000)]
    root_cause: RootCause
    fixes: Annotated[list[AnsweredFix], Field(min_length=1, max_length=4)]


class RefusedError(ValueError):
    """An answer that cannot be used; its words say why."""


def second(
    client: ModelClient, mask: Callable[[str], str], prompt: Prompt | None = None, seconds: float = SECONDS
) -> Second:
    """Return what asks `client`: late, broken or wrong, the library's answer stands in, with the reason as its note.

    Args:
        client: within its budget.
        mask: takes secrets out of what is sent.
        prompt: None: the one that is shipped.
        seconds: that it may take.
    """
    known = prompt or load_prompt("explain")

    def ask(scene: Scene, finding: Finding) -> Explanation:
        library = from_library(scene, finding)
        try:
            turn = asyncio.run(_asked(client, known, _values(scene, finding, mask), seconds))
            answer = checked(turn, scene, finding)
        except TimeoutError:
            why = f"it had not answered after {seconds:g} s"
        except (ModelError, BudgetError) as error:
            why = error.message
        except RefusedError as error:
            why = str(error)
        else:
            return _merged(answer, library, turn.model)
        return library.model_copy(update={"note": f"the answer of {client.model} was not used: {why}"})

    return ask


async def _asked(client: ModelClient, prompt: Prompt, values: dict[str, str], seconds: float) -> Turn:
    system, message = prompt.filled(values)
    config = TurnConfig(
        system=system,
        temperature=TEMPERATURE if prompt.model.temperature is None else prompt.model.temperature,
        max_output_tokens=prompt.model.max_output_tokens or 4096,
        tool_choice="any",
        seconds=seconds,
    )
    history = (Message(role="user", parts=(Text(text=message),)),)
    return await asyncio.wait_for(client.turn(history, (TOOL,), config, unheard), seconds)


def _values(scene: Scene, finding: Finding, mask: Callable[[str], str]) -> dict[str, str]:
    """Return the parts of the prompt: all of it is data, no line of which can look like the prompt's own."""
    record, workspace = scene.record, scene.workspace
    steps = [
        f"step {step.number}: {step.action} [{step.status.value}] {step.error[:300]}".rstrip() for step in record.steps
    ]
    about = [f"agent or job: {record.agent}", f"trigger: {record.trigger}", f"error: {record.error[:2000]}", *steps]
    exists = [
        f"templates: {_listed(one.name for one in workspace.templates)}",
        f"integrations: {_listed(f'{one.name} (connected: {one.connected})' for one in workspace.integrations)}",
        f"fields: {_listed(workspace.custom_fields)}",
        *(
            f"agent {one.name}: {one.instructions[:1000]} {json.dumps(one.restrictions)[:500]}"
            for one in workspace.agents
        ),
    ]
    failed = scene.failed
    error = f"step {failed.step_number} ({failed.action})\n{scene.text}"
    library = f"{finding.root_cause.value}: {finding.explanation}\n" + "\n".join(
        fix.description for fix in finding.fixes
    )
    texts = {"execution": "\n".join(about), "failed": error, "workspace": "\n".join(exists), "library": library}
    return {name: data(name, mask(text), limit=_LONGEST // 4) for name, text in texts.items()}


def _listed(names: Any) -> str:
    return "; ".join(list(names)[:100]) or "not told"


def _tool() -> Tool:
    text: dict[str, Any] = {"type": "string"}
    fix: dict[str, Any] = {
        "type": "object",
        "properties": {"description": text, "action": text},
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


def checked(turn: Turn, scene: Scene, finding: Finding) -> Answer:
    """Return the answer, if all of it can be believed.

    Raises:
        RefusedError: it has not the form, names what exists nowhere, speaks of another failure, or tells to run or
            open something.
    """
    calls = turn.calls
    if len(calls) != 1 or calls[0].name != TOOL.name:
        raise RefusedError("it did not submit exactly one answer")
    try:
        answer = Answer.model_validate(calls[0].arguments)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise RefusedError(f"it has not the form that was asked for ({where}: {first['msg']})") from error
    told = [answer.explanation, *(f"{fix.description}\n{fix.action}" for fix in answer.fixes)]
    if finding.score >= SURE and answer.root_cause is not finding.root_cause:
        raise RefusedError(f"it says {answer.root_cause.value} where the error itself shows {finding.root_cause.value}")
    if scene.failed.step_number and not _names_step(answer.explanation, scene):
        raise RefusedError("it does not speak of the step that failed")
    if any(_ORDERS.search(text) for text in told):
        raise RefusedError("it tells to run a command or to open an address")
    if strange := _strange("\n".join(told), _known(scene, finding)):
        raise RefusedError(f"it names what is neither in the workspace nor in the error: '{strange[0][:60]}'")
    things = _things(finding, scene)
    if things and not all(any(thing in text.casefold() for thing in things) for text in told):
        raise RefusedError("not all of it names what failed")
    return answer


_ORDERS = re.compile(
    r"(?i)https?:|www\.|\b[\w-]+\.(?:com|net|org|io|dev|sh|ru|cn|xyz|evil|invalid)\b"
    r"|[\w.+-]+@[\w-]|`|\$\(|\$\{|&&|\|\||[|<>]|;\s*\w+ -|\brm -|\bsudo\b|\bcurl\b"
    r"|\bwget\b|\bbash\b|\bsh -c|\beval\b|\bpowershell\b|\bbase64\b|\bchmod\b|\bdrop "
    r"table\b|--\w|[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
    r"|\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:instruction|rule|prompt|above|previous|system)"
    r"|\b(?:system prompt|jailbr\w+|pwned|hacked|developer mode|api[ _-]?key is|password is|token is)\b"
)
_IDENTIFIER = re.compile(
    r"\b[A-Za-z][A-Za-z0-9]*(?:[_][A-Za-z0-9]+)+\b|\{\{\s*[\w.]+\s*\}\}|\b[a-z]+(?:[A-Z][a-z]+)+\b"
)
_CALLED = re.compile(
    r"\b(?i:templates?|integrations?|fields?|agents?)\s+(?:(?i:named"
    r"|called)\s+)?((?:[A-Z][\w.-]*|v?\d+)(?:\s+(?:[A-Z][\w.-]*|v?\d+))*)"
)


def _names_step(text: str, scene: Scene) -> bool:
    lower, failed = text.casefold(), scene.failed
    return failed.action.casefold() in lower or re.search(rf"\bstep {failed.step_number}\b", lower) is not None


def _known(scene: Scene, finding: Finding) -> str:
    """Return all text that an answer may take names from, folded."""
    workspace, record = scene.workspace, scene.record
    names = [*(one.name for one in workspace.templates), *(one.name for one in workspace.integrations)]
    names += [
        *workspace.custom_fields,
        *(one.name for one in workspace.agents),
        *(one.service for one in workspace.quotas),
    ]
    names += [key for one in workspace.agents for key in one.restrictions]
    names += [finding.explanation, *(f"{fix.description} {fix.action}" for fix in finding.fixes)]
    names += [record.agent, record.workspace, record.id, scene.failed.action]
    # Where the library has found the names of the error itself, what else the error says may be there to mislead.
    return "\n".join(names if finding.score >= SURE else [*names, scene.text]).casefold()


def _strange(text: str, known: str) -> Sequence[str]:
    """Return the names in a text that are not known."""
    named = [*quoted(text), *_IDENTIFIER.findall(text), *_CALLED.findall(text), *named_in(text)]
    return [name for name in named if name.casefold().strip(" .") not in known]


def _things(finding: Finding, scene: Scene) -> set[str]:
    """Return the real things that the library's answer is about: its quoted names, the service, the step."""
    named = {
        name.casefold()
        for text in (finding.explanation, *(fix.description for fix in finding.fixes))
        for name in quoted(text)
    }
    named |= {name.casefold() for name in named_in(scene.text)}
    number, action = scene.failed.step_number, scene.failed.action
    return named | ({action.casefold(), f"step {number}"} if number else set())


def _merged(answer: Answer, library: Explanation, model: str) -> Explanation:
    """Join the model's words with the fixes that fixer itself can make: a model changes no file."""
    same = answer.root_cause is library.root_cause
    automatic = tuple(fix for fix in library.suggested_fixes if fix.auto_fix_available) if same else ()
    worded = tuple(
        SuggestedFix(
            id=content_id("fix", library.workspace, library.execution, "model", fix.description, fix.action),
            type=FixType.MANUAL,
            description=fix.description,
            action=fix.action,
            auto_fix_available=False,
        )
        for fix in answer.fixes
    )
    return library.model_copy(
        update={
            "explanation": answer.explanation,
            "root_cause": answer.root_cause,
            "suggested_fixes": (*automatic, *worded),
            "answered_by": model,
        }
    )
