"""A failure whose cause the rules do not tell goes in; what a model found out about it comes out, checked."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import replace

from fixer.agent import Desk, Ending, Limits, Submission, Toolbox, Worked, work
from fixer.agent.commands import allowed
from fixer.agent.evidence import Known, values
from fixer.agent.tools.list_files import project_files
from fixer.agent.transcript import Transcript
from fixer.errors import FixerError
from fixer.prompts import PROMPT_OUTCOME, load_prompt
from fixer.repair.draft import Draft
from fixer.repair.workshop import Workshop
from fixer.repair.workspaces import Workspaces
from fixer.reproduction import compare
from fixer.schema.diagnosis import Diagnosis
from fixer.schema.root_cause import RootCause

STEPS = 12
SHARE = 0.6
"""Of the phase's time."""
MAX_NAMES = 3
_PATH = re.compile(
    r"(?<![\w/.-])([\w.-]+(?:/[\w.-]+)*\.(?:py|js|ts|tsx|jsx|rs|go|java|rb|php|c|h|cpp|toml|cfg|json))\b"
)


def reasoned(draft: Draft, shop: Workshop, diagnosis: Diagnosis) -> Diagnosis:
    """Add a model's account to a diagnosis that rules leave open; without a model it stays as it is.

    Only the explanation's words change: what is done next does not depend on them.
    """
    unclear = diagnosis.root_cause is RootCause.UNKNOWN and diagnosis.minimal_change is None
    if not unclear or shop.models.none or shop.phase.stop():
        return diagnosis
    shop.talk("the model looks for the cause")
    prompt = load_prompt("root_cause", shop.repository)
    try:
        worked, wrong = _conversation(draft, shop, diagnosis)
    except FixerError as error:
        return _with(diagnosis, f"A model was asked for the cause, without success: {error.message}.")
    said = worked.submission
    found = worked.ending is Ending.SUBMITTED and not wrong
    shop.record(PROMPT_OUTCOME, {"prompt": prompt.mark, "succeeded": found})
    if wrong:
        names = ", ".join(wrong[:MAX_NAMES])
        return _with(diagnosis, f"A model's account of the cause is left out: it names {names}, which is not there.")
    if said is None:
        return _with(diagnosis, f"A model looked for the cause and did not find it: {worked.words}.")
    how = "thinks that the cause is" if found else "did not find the cause, but says"
    told = f"A language model ({worked.model}, {prompt.mark}) {how}: {said.summary} {said.explanation}"
    return _with(diagnosis, shop.masker.mask(told))


def unknown_names(said: Submission, files: Sequence[str]) -> list[str]:
    """Return the paths in a model's account that no file of the project has."""
    named = _PATH.findall(f"{said.summary}\n{said.explanation}")
    return [name for name in dict.fromkeys(named) if not any(f == name or f.endswith(f"/{name}") for f in files)]


def _conversation(draft: Draft, shop: Workshop, diagnosis: Diagnosis) -> tuple[Worked, list[str]]:
    """Return what the model came to, and the files that it names and that are not there."""
    failure, reproduction = draft.shown()
    settings = shop.given.settings
    prompt = load_prompt("root_cause", shop.repository)
    with Workspaces(shop, reproduction.commit).open() as space:
        desk = Desk(
            tree=space.tree,
            run=space.run,
            mask=shop.masker.mask,
            commands=allowed(reproduction, settings.agent.commands),
            reproduction=reproduction,
            shown=lambda result: compare(failure, result, shop.failures_in),
            seconds_left=lambda: shop.phase.left,
            read_only=True,
        )
        end = time.monotonic() + shop.phase.left * SHARE
        limits = Limits.of(settings, prompt.model, lambda: end - time.monotonic())
        limits = replace(limits, steps=min(STEPS, limits.steps))
        known = Known(
            failure=failure,
            reproduction=reproduction,
            diagnosis=diagnosis,
            desk=desk,
            root=str(shop.tree.path),
            prompt=shop.given.request.prompt,
            steps=limits.steps,
            minutes=max(1.0, limits.seconds_left() / 60),
        )
        system, first = prompt.filled(values(known))
        files = list(project_files(desk))

        async def talk() -> Worked:
            client = shop.models.open("")
            try:
                transcript = Transcript(shop.record, shop.talk, shop.masker.mask, "root cause")
                return await work(client, system, first, Toolbox(desk), limits, transcript)
            finally:
                space.cancel()
                await client.close()

        worked = asyncio.run(talk())
    return worked, unknown_names(worked.submission, files) if worked.submission else []


def _with(diagnosis: Diagnosis, words: str) -> Diagnosis:
    return diagnosis.model_copy(update={"explanation": f"{diagnosis.explanation}\n\n{words}"})
