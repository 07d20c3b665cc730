"""A task and tools go in, what a model made of them comes out; bounded in steps and time, whatever the model does.

The history is appended to and never rewritten, so that a provider's cache holds; the one exception is `compaction`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from fixer.agent import compaction
from fixer.agent.desk import Submission
from fixer.agent.progress import Progress
from fixer.agent.tools import Toolbox
from fixer.agent.transcript import Transcript
from fixer.errors import BudgetError, ModelError
from fixer.llm.base import Finish, Message, ModelClient, Text, ToolAnswer, Turn, TurnConfig

MAX_CALLS = 8
"""Calls of one turn that are done; models that ask for more at once have lost their way."""
MAX_UNUSABLE = 2
"""Answers without a usable call that are nudged; the next one ends it."""
LAST_STEPS = 4
"""So many steps before the end the model is told of it."""


class Ending(StrEnum):
    """Why a conversation ended."""

    SUBMITTED = "submitted"
    GAVE_UP = "gave_up"
    STEPS = "steps"
    TIME = "time"
    STUCK = "stuck"
    """It repeated itself."""
    UNUSABLE = "unusable"
    """It asked for no tool, or was blocked."""
    BUDGET = "budget"
    """Tokens or money."""
    FAILED = "failed"
    """The model could not be asked."""


@dataclass(frozen=True)
class Limits:
    """What one conversation may use."""

    steps: int
    seconds_left: Callable[[], float]
    temperature: float = 0.4
    max_output_tokens: int = 8192
    turn_seconds: float = 120
    compact_above: int = 48_000
    """Tokens of one request above which old answers of tools are shortened."""


@dataclass
class Worked:
    """What a conversation came to; the worktree holds the rest."""

    ending: Ending
    words: str
    steps: int
    submission: Submission | None = None
    model: str = ""
    history: list[Message] = field(default_factory=list)


async def work(  # noqa: PLR0913, PLR0917 - each is one party to the conversation
    client: ModelClient, system: str, first: str, toolbox: Toolbox, limits: Limits, transcript: Transcript
) -> Worked:
    """Let the model work until it submits or a limit ends it.

    Cancelling the task ends it at once; a tool that runs a command is ended by whoever owns the sandbox.

    Args:
        client: retries by itself, and refuses calls that the budget does not cover.
        system: what the model is told once.
        first: the task with its evidence.
        toolbox: what the model may ask for; its desk holds the submission.
        limits: steps and time.
        transcript: is told of every turn and every tool.
    """
    talk = _Conversation(client, system, toolbox, limits, transcript)
    talk.history.append(Message(role="user", parts=(Text(text=first),)))
    try:
        ending, words = await talk.run()
    except BudgetError as error:
        ending, words = Ending.BUDGET, error.message
    except ModelError as error:
        ending, words = Ending.FAILED, error.message
    except TimeoutError:
        ending, words = Ending.TIME, "the time for it ended"
    transcript.ended(ending.value, words, talk.steps)
    return Worked(ending, words, talk.steps, toolbox.desk.submission, talk.model, talk.history)


class _Conversation:
    """The state of one call of `work`."""

    def __init__(
        self, client: ModelClient, system: str, toolbox: Toolbox, limits: Limits, transcript: Transcript
    ) -> None:
        self.client = client
        self.toolbox = toolbox
        self.limits = limits
        self.transcript = transcript
        self.history: list[Message] = []
        self.steps = 0
        self.model = client.model
        self._unusable = 0
        self._compact_from = 0
        """Messages before which the history is not shortened again."""
        self._progress = Progress()
        self._config = TurnConfig(
            system=system,
            temperature=limits.temperature,
            max_output_tokens=limits.max_output_tokens,
            tool_choice="any",
            seconds=limits.turn_seconds,
        )

    async def run(self) -> tuple[Ending, str]:
        """Take turns until one of them ends it."""
        while self.steps < self.limits.steps:
            if self.limits.seconds_left() <= 0:
                return Ending.TIME, "the time for it ended"
            self.steps += 1
            turn = await self._turn()
            end = await self._usable(turn) if turn.calls and turn.finish is not Finish.BLOCKED else self._nudge(turn)
            if end is not None:
                return end
            if turn.usage.input > self.limits.compact_above and len(self.history) >= self._compact_from:
                self.history = compaction.compact(self.history)
                self._compact_from = len(self.history) + compaction.KEPT_MESSAGES
        return Ending.STEPS, f"{self.limits.steps} steps were not enough"

    async def _turn(self) -> Turn:
        left = self.limits.seconds_left()
        config = self._config.model_copy(update={"seconds": max(1.0, min(self._config.seconds, left))})
        self.transcript.begins(self.steps)
        async with asyncio.timeout(max(0.0, left)):
            turn = await self.client.turn(tuple(self.history), self.toolbox.offered, config, self.transcript.heard)
        self.model = turn.model
        self.transcript.turn(self.steps, turn)
        return turn

    def _nudge(self, turn: Turn) -> tuple[Ending, str] | None:
        """Ask for a usable answer, a few times."""
        if turn.finish is Finish.BLOCKED:
            return Ending.UNUSABLE, f"the provider blocked it ({turn.finish_word or turn.finish.value})"
        self._unusable += 1
        if self._unusable > MAX_UNUSABLE:
            return (
                Ending.UNUSABLE,
                f"{self._unusable} answers asked for no tool ({turn.finish_word or turn.finish.value})",
            )
        # A provider refuses a history with an empty message in it.
        if turn.message.parts and turn.finish is Finish.DONE:
            self.history.append(turn.message)
        too_long = "It was cut off: make smaller edits. " if turn.finish is Finish.LENGTH else ""
        self._say(f"That answer called no tool. {too_long}Call exactly one tool with valid arguments; end with submit.")
        return None

    async def _usable(self, turn: Turn) -> tuple[Ending, str] | None:
        """Answer every call of the turn, once and in order."""
        self.history.append(turn.message)
        answers: list[ToolAnswer] = []
        for number, call in enumerate(turn.calls):
            if number >= MAX_CALLS:
                text = f"Not done: at most {MAX_CALLS} calls at once are answered; ask again."
                answers.append(ToolAnswer(id=call.id, name=call.name, text=text, is_error=True))
                continue
            key = self.toolbox.key(call)
            answer = await asyncio.to_thread(self.toolbox.use, call)
            note = self._progress.note(key, is_error=answer.is_error)
            answer = answer.model_copy(update={"text": f"{answer.text}\n{note}"}) if note else answer
            self.transcript.tool(self.steps, call, answer)
            answers.append(answer)
            if self.toolbox.desk.submission is not None:
                break
        submission = self.toolbox.desk.submission
        if submission is not None:
            ending = Ending.SUBMITTED if submission.outcome == "fixed" else Ending.GAVE_UP
            return ending, submission.summary
        self._progress.end_of_turn()
        self._append(answers)
        if self._progress.is_stuck:
            return Ending.STUCK, self._progress.why
        return None

    def _append(self, answers: list[ToolAnswer]) -> None:
        left = self.limits.steps - self.steps
        if left and left <= LAST_STEPS:
            last = answers[-1]
            told = f"{last.text}\n({left} step{'s'[: left != 1]} left: submit what you have.)"
            answers[-1] = last.model_copy(update={"text": told})
        self.history.append(Message(role="user", parts=tuple(answers)))

    def _say(self, text: str) -> None:
        """Add the user's words; two messages of one side in a row are one, as some providers insist."""
        if self.history and self.history[-1].role == "user":
            last = self.history[-1]
            self.history[-1] = last.model_copy(update={"parts": (*last.parts, Text(text=text))})
        else:
            self.history.append(Message(role="user", parts=(Text(text=text),)))
