"""A model's answer comes in; what is true of it by the record and the workspace goes out, or the reason against it."""

import re
from collections.abc import Sequence

from pydantic import ValidationError

from fixer.explaining.answer import TOOL, Answer, RefusedError
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.names import quoted
from fixer.explaining.causes.reading.services import named_in
from fixer.llm.base import Turn

SURE = 0.85
"""From this score on the library's cause stands: codes and names are better evidence than words about them."""


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
    if any(ORDERS.search(text) for text in told):
        raise RefusedError("it tells to run a command or to open an address")
    if odd := strange("\n".join(told), known(scene, finding)):
        raise RefusedError(f"it names what is neither in the workspace nor in the error: '{odd[0][:60]}'")
    real = things(finding, scene)
    if real and not all(any(thing in text.casefold() for thing in real) for text in told):
        raise RefusedError("not all of it names what failed")
    return answer


ORDERS = re.compile(
    r"(?i)https?:|www\.|\b[\w-]+\.(?:com|net|org|io|dev|sh|ru|cn|xyz|evil|invalid)\b"
    r"|[\w.+-]+@[\w-]|`|\$\(|\$\{|&&|\|\||[|<>]|;\s*\w+ -|\brm -|\bsudo\b|\bcurl\b"
    r"|\bwget\b|\bbash\b|\bsh -c|\beval\b|\bpowershell\b|\bbase64\b|\bchmod\b|\bdrop "
    r"table\b|--\w|[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
    r"|\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:instruction|rule|prompt|above|previous|system)"
    r"|\b(?:system prompt|jailbr\w+|pwned|hacked|developer mode|api[ _-]?key is|password is|token is)\b"
)
"""What an explanation never needs: addresses, programs, and words that are for the model itself."""
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


def known(scene: Scene, finding: Finding) -> str:
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


def strange(text: str, told: str) -> Sequence[str]:
    """Return the names in a text that do not stand in what was told (folded)."""
    named = [*quoted(text), *_IDENTIFIER.findall(text), *_CALLED.findall(text), *named_in(text)]
    return [name for name in named if name.casefold().strip(" .") not in told]


def things(finding: Finding, scene: Scene) -> set[str]:
    """Return the real things that the library's answer is about: its quoted names, the service, the step."""
    named = {
        name.casefold()
        for text in (finding.explanation, *(fix.description for fix in finding.fixes))
        for name in quoted(text)
    }
    named |= {name.casefold() for name in named_in(scene.text)}
    number, action = scene.failed.step_number, scene.failed.action
    return named | ({action.casefold(), f"step {number}"} if number else set())
