"""A prompt file as recovery command: the configured model follows it in recovery's worktree (spec D3, D7)."""

import time
from pathlib import Path

from fixer.agent import Ending
from fixer.agent.commands import allowed
from fixer.agent.marking import data
from fixer.errors import BudgetError, ModelError
from fixer.recovery.following import Errand, account, follow
from fixer.recovery.scene import Scene
from fixer.schema import command

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
        ModelError: the model has met a limit, and said when that is over.
    """
    ground = scene.ground
    began = time.monotonic()
    errand = Errand(
        prompt="recovery",
        values={
            "instructions": ground.mask(_text(prompt_file, INSTRUCTIONS)),
            "specification": data("Error specification", ground.mask(_text(specification)), limit=SPECIFICATION),
        },
        seconds=scene.budget.left * SHARE,
        commands=allowed(None, ground.settings.agent.commands),
        objections=scene.refused,
    )
    try:
        worked = follow(errand, scene)
    except (ModelError, BudgetError) as error:
        return _result(prompt_file, 1, f"{error.message}; {error.hint}", time.monotonic() - began)
    if worked is None:
        return None
    # A change that is there counts although the conversation was cut short: the retry decides about it.
    usable = worked.ending is Ending.SUBMITTED or bool(scene.tree.diff())
    if not usable:
        worked.put_off()
    words = account(worked) or worked.words
    return _result(prompt_file, 0 if usable else 1, ground.mask(words), time.monotonic() - began)


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
