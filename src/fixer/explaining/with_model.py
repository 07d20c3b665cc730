"""A failed execution and the library's finding come in, a model is asked, and an answer that was checked goes out."""

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence

from fixer.agent.marking import data
from fixer.agent.written_calls import with_written_calls
from fixer.agent.written_tools import WrittenTools
from fixer.errors import BudgetError, ModelError
from fixer.explaining.answer import TOOL, Answer, AnsweredFix, RefusedError
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.checking import checked
from fixer.explaining.drafts import drafted
from fixer.explaining.explain import Second, from_library
from fixer.llm.base import Message, ModelClient, Text, Turn, TurnConfig, unheard
from fixer.prompts import Prompt, load_prompt
from fixer.schema.base import content_id
from fixer.schema.explanation import Explanation, FixType, SuggestedFix

SECONDS = 10.0
"""What a model may take before the library's answer stands in (spec E7)."""
TEMPERATURE = 0.4
_LONGEST = 24_000


def second(
    client: ModelClient, mask: Callable[[str], str], prompt: Prompt | None = None, seconds: float = SECONDS
) -> Second:
    """Return what asks `client`: late, broken or wrong, the library's answer stands in, with the reason as its note.

    Args:
        client: within its budget; it is closed after its answer, as its connections are of one event loop.
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
            worded = [_worded(fix, scene, finding) for fix in answer.fixes]
        except TimeoutError:
            why = f"it had not answered after {seconds:g} s"
        except (ModelError, BudgetError) as error:
            why = error.message
        except RefusedError as error:
            why = str(error)
        else:
            return _merged(answer, worded, library, turn.model)
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
    try:
        turn = await asyncio.wait_for(WrittenTools(client).turn(history, (TOOL,), config, unheard), seconds)
    finally:
        await client.close()
    return with_written_calls(turn, history, lambda name, _: "" if name == TOOL.name else None)[0]


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


def _listed(names: Iterable[str]) -> str:
    return "; ".join(list(names)[:100]) or "not told"


def _worded(fix: AnsweredFix, scene: Scene, finding: Finding) -> SuggestedFix:
    """Return a fix in the model's words: a change with its diff where it drafted one that holds, else for a person."""
    change = drafted(fix, scene, finding)
    return change or SuggestedFix(
        id=content_id("fix", scene.record.workspace, scene.record.id, "model", fix.description, fix.action),
        type=FixType.MANUAL,
        description=fix.description,
        action=fix.action,
        auto_fix_available=False,
    )


def _merged(answer: Answer, worded: Sequence[SuggestedFix], library: Explanation, model: str) -> Explanation:
    """Join the model's words with the library's own fixes; a change that both make stands there once."""
    same = answer.root_cause is library.root_cause
    automatic = tuple(fix for fix in library.suggested_fixes if fix.auto_fix_available) if same else ()
    known = [fix.changes for fix in automatic]
    new = tuple(fix for fix in worded if not fix.changes or fix.changes not in known)
    return library.model_copy(
        update={
            "explanation": answer.explanation,
            "root_cause": answer.root_cause,
            "suggested_fixes": (*automatic, *new),
            "answered_by": model,
        }
    )
