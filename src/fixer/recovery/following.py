"""A prompt and a place of fixer's own come in; the configured model works there, and what it came to goes out."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fixer.agent import Desk, Ending, Limits, Toolbox, Worked, work
from fixer.agent.commands import Allowed
from fixer.agent.transcript import Transcript
from fixer.llm import Model, open_model
from fixer.prompts import PROMPT_OUTCOME, load_prompt
from fixer.recovery.place import Place
from fixer.spending import budget_of


@dataclass(frozen=True)
class Errand:
    """What a model is sent to do."""

    prompt: str
    """Name of the prompt that goes before everything."""
    values: Mapping[str, str]
    """For its placeholders, beside `commands`, `steps` and `minutes`; masked."""
    seconds: float
    """Wall clock."""
    commands: tuple[Allowed, ...]
    refuses: Callable[[str], str] = lambda _: ""
    """Path -> why no change may touch the file; empty: it may."""
    objections: Callable[[str], str] = lambda _: ""
    """Diff -> why it would be refused; empty: nothing speaks against it."""
    may_be_unchanged: bool = False
    """Whether it may be done without a change."""


def follow(errand: Errand, place: Place) -> Worked | None:
    """Let the model that settings and environment lead to work in the place's tree; None: there is none.

    The run's budget holds for all its errands together.

    Raises:
        ConfigError: the settings of the model contradict each other, its price is not known, or a prompt is broken.
        ModelError: its client cannot be made.
    """
    ground = place.ground
    model = open_model(ground.settings.model, os.environ, mask=ground.mask, folder=ground.repository)
    return None if model is None else asyncio.run(_conversation(model, errand, place))


async def _conversation(model: Model, errand: Errand, place: Place) -> Worked:
    ground = place.ground
    prompt = load_prompt(errand.prompt, ground.repository)
    end = time.monotonic() + errand.seconds
    limits = Limits.of(ground.settings, prompt.model, lambda: end - time.monotonic())
    desk = Desk(
        tree=place.tree,
        run=place.run,
        mask=ground.mask,
        commands=errand.commands,
        refuses=errand.refuses,
        objections=errand.objections,
        may_be_unchanged=errand.may_be_unchanged,
        seconds_left=limits.seconds_left,
    )
    minutes = f"{max(1, round(errand.seconds / 60))}"
    commands = "; ".join(" ".join(one.shown) for one in errand.commands) or "none"
    system, first = prompt.filled(
        {**errand.values, "commands": commands, "steps": str(limits.steps), "minutes": minutes}
    )
    transcript = Transcript(ground.run.event, ground.talk, ground.mask, "agent")
    try:
        client = model.within(budget_of(ground.run, ground.settings.agent, place.budget))
        worked = await work(client, system, first, Toolbox(desk), limits, transcript)
    finally:
        await model.close()
    ground.run.event(PROMPT_OUTCOME, {"prompt": prompt.mark, "succeeded": worked.ending is Ending.SUBMITTED})
    return worked


def account(worked: Worked) -> str:
    """Return the model's own words about what it did, as a commit has them; empty where it did not come to say so."""
    said = worked.submission
    return f"{said.summary}\n\n{said.explanation.strip()}\n" if said else ""
