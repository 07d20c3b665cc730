"""A prompt file as recovery command: the configured model follows it in recovery's worktree (spec D3, D7)."""

import asyncio
import os
import time
from pathlib import Path

from fixer.agent import Desk, Ending, Limits, Toolbox, Worked, work
from fixer.agent.commands import allowed
from fixer.agent.marking import data
from fixer.agent.transcript import Transcript
from fixer.errors import BudgetError, ModelError
from fixer.llm import Model, open_model
from fixer.prompts import PROMPT_OUTCOME, load_prompt
from fixer.recovery.scene import Scene
from fixer.schema import command
from fixer.spending import budget_of

SHARE = 0.7
"""Of the recovery's time that is left; the rest is the retry's."""
SPECIFICATION = 16_000
"""Characters of the error specification that the model is shown; it can read the rest with its tools."""
INSTRUCTIONS = 8_000


def ask_model(prompt_file: Path, specification: Path, scene: Scene) -> command.CommandResult | None:
    """Let the model that settings and environment lead to work in the scene's tree; None: there is none.

    What it claims counts for nothing: the failed command is run again, and its change goes through the same refusals
    as any other.

    Raises:
        ConfigError: the settings of the model contradict each other, or a prompt is broken.
    """
    ground = scene.ground
    model = open_model(ground.settings.model, os.environ, mask=ground.mask, folder=ground.repository)
    if model is None:
        return None
    began = time.monotonic()
    try:
        worked = asyncio.run(_conversation(model, prompt_file, specification, scene))
    except (ModelError, BudgetError) as error:
        return _result(prompt_file, 1, f"{error.message}; {error.hint}", time.monotonic() - began)
    said = worked.submission
    fixed = worked.ending is Ending.SUBMITTED and said is not None and said.outcome == "fixed"
    # A change that is there counts although the conversation was cut short: the retry decides about it.
    usable = fixed or (worked.ending is not Ending.SUBMITTED and bool(scene.tree.diff()))
    words = f"{said.summary}\n{said.explanation}" if said else worked.words
    return _result(prompt_file, 0 if usable else 1, ground.mask(words), time.monotonic() - began)


async def _conversation(model: Model, prompt_file: Path, specification: Path, scene: Scene) -> Worked:
    ground = scene.ground
    settings = ground.settings
    prompt = load_prompt("recovery", ground.repository)
    seconds = scene.budget.left * SHARE
    end = time.monotonic() + seconds
    limits = Limits(
        steps=settings.agent.steps,
        seconds_left=lambda: end - time.monotonic(),
        temperature=settings.model.temperature if prompt.model.temperature is None else prompt.model.temperature,
        max_output_tokens=prompt.model.max_output_tokens or settings.model.max_output_tokens,
    )
    desk = Desk(
        tree=scene.tree,
        run=scene.run,
        mask=ground.mask,
        commands=allowed(None, settings.agent.commands),
        objections=scene.refused,
        seconds_left=lambda: end - time.monotonic(),
    )
    system, first = prompt.filled(
        {
            "steps": str(limits.steps),
            "minutes": f"{max(1, round(seconds / 60))}",
            "instructions": ground.mask(_text(prompt_file, INSTRUCTIONS)),
            "specification": data("Error specification", ground.mask(_text(specification)), limit=SPECIFICATION),
        }
    )
    transcript = Transcript(ground.run.event, ground.talk, ground.mask, "agent")
    try:
        client = model.within(budget_of(ground.run, settings.agent, scene.budget))
        worked = await work(client, system, first, Toolbox(desk), limits, transcript)
    finally:
        await model.close()
    ground.run.event(PROMPT_OUTCOME, {"prompt": prompt.mark, "succeeded": worked.ending is Ending.SUBMITTED})
    return worked


def _text(path: Path, limit: int = 10 * SPECIFICATION) -> str:
    with path.open("rb") as file:
        return file.read(limit).decode("utf-8", "replace")


def _result(prompt_file: Path, code: int, words: str, seconds: float) -> command.CommandResult:
    return command.CommandResult(
        argv=("agent", prompt_file.name),
        cwd=".",
        ending=command.Ending.EXITED,
        exit_code=code,
        stdout=words,
        stderr="",
        seconds=seconds,
        rung=command.Rung.PROCESS_GROUP,
    )
