"""A task and tools go in, what a model made of them comes out; bounded in steps and time, whatever the model does.

The history is appended to and never rewritten, so that a provider's cache holds; the one exception is `compaction`.
"""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from fixer.agent import compaction
from fixer.agent.asking import Asking, Limits
from fixer.agent.desk import Submission
from fixer.agent.progress import Progress
from fixer.agent.tools import Toolbox
from fixer.agent.transcript import Transcript
from fixer.agent.written_calls import with_written_calls
from fixer.agent.written_tools import WrittenTools
from fixer.errors import BudgetError, ModelError, Passing
from fixer.llm.base import (
    Finish,
    Message,
    ModelClient,
    NoToolsError,
    Text,
    ToolAnswer,
    TooLongError,
    Turn,
)

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
    """It asked for no tool."""
    BLOCKED = "blocked"
    """Its provider refused."""
    NO_TOOLS = "no_tools"
    """Its server takes no tools."""
    TOO_LONG = "too_long"
    """What it has to know does not fit into its context."""
    BUDGET = "budget"
    """Tokens or money."""
    FAILED = "failed"
    """The model could not be asked."""


@dataclass
class Worked:
    """What a conversation came to; the worktree holds the rest."""

    ending: Ending
    words: str
    steps: int
    submission: Submission | None = None
    model: str = ""
    context: int = 0
    """Tokens that the model turned out to take; 0: not known."""
    history: list[Message] = field(default_factory=list)
    passing: Passing | None = None
    """Where the model could not be asked, whether that passes by itself."""

    def put_off(self) -> None:
        """Let the run wait where the model met a limit and said when that is over.

        Raises:
            ModelError: it did; whoever has the run puts it off until then.
        """
        if self.passing is not None and self.passing.at is not None:
            raise ModelError(self.words, "the run goes on once the model can be asked again", passing=self.passing)


async def work(  # noqa: PLR0913, PLR0917 - each is one party to the conversation
    client: ModelClient,
    system: str,
    first: str,
    toolbox: Toolbox,
    limits: Limits,
    transcript: Transcript,
    *,
    in_words: bool = True,
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
        in_words: whether tools that the server refuses, or drops, are described in words; else it ends there.
    """
    talk = _Conversation(WrittenTools(client) if in_words else client, system, toolbox, limits, transcript)
    talk.history.append(Message(role="user", parts=(Text(text=first),)))
    passing = None
    try:
        ending, words = await talk.run()
    except BudgetError as error:
        ending, words = Ending.BUDGET, error.message
    except NoToolsError as error:
        ending, words = Ending.NO_TOOLS, error.message
    except TooLongError as error:
        ending, words = Ending.TOO_LONG, error.message
    except ModelError as error:
        ending, words, passing = Ending.FAILED, error.message, error.passing
    except TimeoutError:
        ending, words = Ending.TIME, "the time for it ended"
    transcript.ended(ending.value, words, talk.steps)
    asking = talk.asking
    submission = toolbox.desk.submission
    return Worked(ending, words, talk.steps, submission, asking.model, asking.context, talk.history, passing)


class _Conversation:
    """The state of one call of `work`."""

    def __init__(
        self, client: ModelClient, system: str, toolbox: Toolbox, limits: Limits, transcript: Transcript
    ) -> None:
        self._words = client if isinstance(client, WrittenTools) else None
        self.asking = Asking(client, system, limits, transcript, tool_choice="any")
        self.toolbox = toolbox
        self.limits = limits
        self.transcript = transcript
        self.history: list[Message] = []
        self.steps = 0
        self._unusable = 0
        self._written = 0
        """Calls that were read from text."""
        self._protocol = False
        """Whether a tool was ever called as the protocol has it."""
        self._faults: tuple[str, ...] = ()
        """Why what the last answer wrote was no call."""
        self._compact_from = 0
        """Messages before which the history is not shortened again."""
        self._progress = Progress()

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
            self._compact(turn)
        return Ending.STEPS, f"{self.limits.steps} steps were not enough"

    def _compact(self, turn: Turn) -> None:
        """Shorten old answers once a request is large, and again where its server read only a part of it."""
        if turn.cut:
            self._shorten(turn.usage.input)
        elif turn.usage.input > self.asking.room and len(self.history) >= self._compact_from:
            self.history = compaction.compact(self.history)
            self._compact_from = len(self.history) + compaction.KEPT_MESSAGES

    async def _turn(self) -> Turn:
        """Ask; a request that is too long is made shorter, as long as anything can be left out."""
        self.transcript.begins(self.steps)
        while True:
            try:
                turn = await self.asking.ask(self.history, self.toolbox.offered)
                break
            except TooLongError as error:
                if not self._shorten(error.context):
                    raise
        turn = self._with_written_calls(turn)
        self.transcript.turn(self.steps, turn)
        return turn

    def _shorten(self, context: int) -> bool:
        """Make the next request shorter; False where nothing can be left out."""
        before = self.history
        self.history = compaction.shorter(before)
        return self.asking.learn(context) or self.history != before

    def _with_written_calls(self, turn: Turn) -> Turn:
        """Return the turn with the calls that the model wrote as text, where it made none otherwise."""
        self._protocol = self._protocol or bool(turn.calls)
        read, self._faults = with_written_calls(
            turn, self.history, self.toolbox.fault, self.toolbox.typed, self._written
        )
        self._written += len(read.calls) - len(turn.calls)
        return read

    def _nudge(self, turn: Turn) -> tuple[Ending, str] | None:
        """Ask for a usable answer, a few times."""
        if turn.finish is Finish.BLOCKED:
            return Ending.BLOCKED, f"the provider blocked it ({turn.finish_word or turn.finish.value})"
        if turn.cut:
            return Ending.TOO_LONG, f"the server read only {turn.usage.input:,} tokens of the request"
        self._unusable += 1
        if self._unusable > MAX_UNUSABLE:
            return (
                Ending.UNUSABLE,
                f"{self._unusable} answers asked for no tool ({turn.finish_word or turn.finish.value})",
            )
        if self._words and not self._protocol and turn.finish is Finish.DONE and self._unusable == MAX_UNUSABLE:
            # Some servers drop what they do not know: the model was never told of the tools.
            self._words.in_words = True
        # A provider refuses a history with an empty message in it.
        if turn.message.parts and turn.finish is Finish.DONE:
            self.history.append(turn.message)
        self._say(f"{self._why_no_call(turn)}Call exactly one tool with valid arguments; end with submit.")
        return None

    def _why_no_call(self, turn: Turn) -> str:
        if turn.finish is not Finish.LENGTH:
            why = f" ({'; '.join(self._faults)[:600]})" if self._faults else ""
            return f"That answer called no tool{why}. "
        self.asking.raise_limit()
        return "That answer called no tool. It was cut off: think shorter, and make smaller edits. "

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
