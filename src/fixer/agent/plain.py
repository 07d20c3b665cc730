"""The same task for a model without tools: it answers with edits, which are made and run; a few answers at most.

Each answer is tried on the files as they were, so that it is read beside what the model was shown. The history is
the task and the last exchange: it does not grow, as small models have small contexts.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from fixer.agent import marking
from fixer.agent.asking import Asking, Limits
from fixer.agent.desk import Submission
from fixer.agent.edit_blocks import Block, Said, read_blocks
from fixer.agent.loop import Ending, Worked
from fixer.agent.tools import Toolbox
from fixer.agent.transcript import Transcript
from fixer.agent.trial import MAKE, Trial
from fixer.agent.written_calls import read_calls, shown_to
from fixer.errors import BudgetError, GitError, ModelError, Passing
from fixer.llm.base import Finish, Message, ModelClient, Text, TooLongError, Turn

CANDIDATES = 4
"""Changes that are tried; a small model that has not found it by then does not find it."""
MAX_READS = 3
"""Answers that ask to see more code."""
MAX_UNUSABLE = 2
"""Answers without an edit that are nudged, beside those."""
WARMER = 0.3
"""By how much the temperature rises after each change that did not help."""
LETTERS = 17_000
"""Of a whole request with all the room that there is."""
LETTERS_A_TOKEN = 3
LEAST_ROOM = 0.12
READ_LETTERS = 5_000
FEEDBACK = 3_500
LINES_READ = 120

Ask = Callable[[float], tuple[str, str]]
"""How much of the evidence's room there is (up to 1) -> what the model is told once, and the task."""


async def work_plainly(
    client: ModelClient, ask: Ask, toolbox: Toolbox, limits: Limits, transcript: Transcript
) -> Worked:
    """Let the model answer with edits until the reproduction passes or a limit ends it; see `work`."""
    talk = await asyncio.to_thread(_Exchange, client, ask, toolbox, limits, transcript)
    passing: Passing | None = None
    try:
        ending, words = await talk.run()
    except BudgetError as error:
        ending, words = Ending.BUDGET, error.message
    except TooLongError as error:
        ending, words = Ending.TOO_LONG, error.message
    except (ModelError, GitError) as error:
        ending, words, passing = Ending.FAILED, error.message, error.passing
    except TimeoutError:
        ending, words = Ending.TIME, "the time for it ended"
    transcript.ended(ending.value, words, talk.steps)
    asking = talk.asking
    submission = toolbox.desk.submission
    return Worked(ending, words, talk.steps, submission, asking.model, asking.context, passing=passing)


@dataclass(frozen=True)
class _Tried:
    """A change that did not help."""

    blocks: tuple[Block, ...]
    why: str


class _Exchange:
    """The state of one call of `work_plainly`."""

    def __init__(self, client: ModelClient, ask: Ask, toolbox: Toolbox, limits: Limits, transcript: Transcript) -> None:
        self.toolbox = toolbox
        self.limits = limits
        self.transcript = transcript
        self.steps = 0
        self._trial = Trial(toolbox, transcript)
        self._ask = ask
        self._temperature = limits.temperature
        self._room = 1.0
        self._task = ""
        self._read: dict[tuple[str, int], str] = {}
        """Code that the model asked to see."""
        self._tried: list[_Tried] = []
        self._last: tuple[Message, ...] = ()
        """The last answer and what came of it."""
        self._unusable = self._reads = 0
        system, self._task = ask(1.0)
        self.asking = Asking(client, system, limits, transcript, tool_choice="none")
        if self.asking.context:
            self._fit()

    async def run(self) -> tuple[Ending, str]:
        """Take answers until one of them ends it."""
        while len(self._tried) < CANDIDATES and self.steps < self.limits.steps:
            if self.limits.seconds_left() <= 0:
                return Ending.TIME, "the time for it ended"
            self.steps += 1
            turn = await self._turn()
            said = self._read_answer(turn)
            if turn.finish is Finish.BLOCKED:
                return Ending.BLOCKED, f"the provider blocked it ({turn.finish_word or turn.finish.value})"
            if said.blocks:
                if await self._candidate(turn, said):
                    return Ending.SUBMITTED, "the reproduction passes"
            elif said.gives_up:
                return self._give_up(said)
            elif said.wanted and self._reads < MAX_READS:
                await self._show(turn, said)
            elif (end := self._nudge(turn, said)) is not None:
                return end
        return Ending.STEPS, f"{len(self._tried)} changes were tried without tools, and none was right"

    async def _turn(self) -> Turn:
        """Ask; a request that is too long is asked with less of the evidence."""
        self.transcript.begins(self.steps)
        warm = min(1.0, self._temperature + WARMER * len(self._tried))
        while True:
            try:
                turn = await self.asking.ask(self._history(), temperature=max(warm, self._temperature))
            except TooLongError as error:
                if not self.asking.learn(error.context) and not self._shrink():
                    raise
                self._fit()
                continue
            self.transcript.turn(self.steps, turn)
            if not turn.cut:
                return turn
            self.asking.learn(turn.usage.input)
            if not self._shrink():
                return turn

    def _history(self) -> list[Message]:
        parts = [self._task, *self._read.values()]
        if self._tried[:-1]:
            told = "\n".join(
                f"{_changed(one.blocks)[:300]}\nwhy not: {one.why.splitlines()[0][:200]}" for one in self._tried[:-1]
            )
            parts.append(marking.data("What you tried before, undone", told, limit=int(1_500 * self._room)))
        return [Message(role="user", parts=(Text(text="\n\n".join(parts)),)), *self._last]

    def _fit(self) -> None:
        """Use as much of the room as a known context leaves."""
        if self.asking.context:
            left = (self.asking.context - self.asking.limit) * LETTERS_A_TOKEN
            self._use_room(min(self._room, max(LEAST_ROOM, left / LETTERS)))

    def _shrink(self) -> bool:
        """Use less room; False where there is no less."""
        if self._room / 2 < LEAST_ROOM:
            return False
        self._use_room(self._room / 2)
        return True

    def _use_room(self, room: float) -> None:
        if room < self._room:
            self._room = room
            self._task = self._ask(room)[1]
            self._read = {key: _cut(text, int(READ_LETTERS * room)) for key, text in self._read.items()}
            self._last = tuple(_cut_message(message, int(FEEDBACK * room)) for message in self._last)

    def _read_answer(self, turn: Turn) -> Said:
        """Read the model's own turn: blocks, or the calls of `edit_file` that some models write in their place."""
        told: list[str] = []

        def shown() -> str:
            told[:] = told or [shown_to(self._history())]
            return told[0]

        said = read_blocks(turn.text, shown)
        if said.blocks:
            return said
        made = [(call.name, call.arguments) for call in turn.calls]
        if not made:
            made = [(call.name, call.arguments) for call in read_calls(turn.text, self.toolbox.fault, shown).calls]
        blocks = [
            Block(*(str(arguments.get(key, "")) for key in ("path", "old", "new")))
            for name, arguments in made
            if name == MAKE and not self.toolbox.fault(name, arguments)
        ]
        return Said(tuple(blocks), said.words) if blocks else said

    async def _candidate(self, turn: Turn, said: Said) -> bool:
        """Try a change; whether it is the fix."""
        if any(one.blocks == said.blocks for one in self._tried):
            why = "That is a change which you tried before. It did not help."
        else:
            why = await asyncio.to_thread(self._trial.why_not, self.steps, said)
        if not why:
            return True
        await asyncio.to_thread(self.toolbox.desk.undo)
        self._tried.append(_Tried(said.blocks, why))
        again = "It was undone: the files are as they were. Send another change, whole, in the same form."
        self._answer(turn, f"{why}\n{again}")
        return False

    async def _show(self, turn: Turn, said: Said) -> None:
        """Add the code that the model asks for to the task."""
        self._reads += 1
        wrong: list[str] = []
        for path, line in said.wanted[:3]:
            lines = max(10, int(LINES_READ * self._room))
            answer = await asyncio.to_thread(
                self._trial.use, self.steps, "read_file", path=path, first_line=line, lines=lines
            )
            if answer.is_error:
                wrong.append(answer.text)
            else:
                self._read[path, line] = _cut(answer.text, int(READ_LETTERS * self._room))
        self._answer(
            turn, "\n".join([*wrong, "What could be read stands in the task above. Now write the edit blocks."])
        )

    def _give_up(self, said: Said) -> tuple[Ending, str]:
        why = said.gives_up if len(said.gives_up) >= 10 else f"The model gave up: {said.gives_up}"
        self.toolbox.desk.submission = Submission(outcome="gave_up", summary="No fix was found", explanation=why)
        return Ending.GAVE_UP, "it gave up"

    def _nudge(self, turn: Turn, said: Said) -> tuple[Ending, str] | None:
        self._unusable += 1
        if self._unusable > MAX_UNUSABLE:
            return Ending.UNUSABLE, f"{self._unusable} answers had no edit that could be read"
        if turn.finish is Finish.LENGTH:
            self.asking.raise_limit()
        cut = "Your answer was cut off: be brief. " if turn.finish is Finish.LENGTH else ""
        faults = f" ({'; '.join(said.faults)[:400]})" if said.faults else ""
        form = "path\n<<<<<<< SEARCH\nlines as they are\n=======\nlines in their place\n>>>>>>> REPLACE"
        self._answer(turn, f"{cut}No edit could be read{faults}. Answer with blocks of exactly this form:\n\n{form}")
        return None

    def _answer(self, turn: Turn, text: str) -> None:
        """Keep the last exchange; a provider refuses an empty message."""
        limit = int(FEEDBACK * self._room)
        said = Message(role="model", parts=(Text(text=_cut(turn.text, limit)),))
        told = Message(role="user", parts=(Text(text=_cut(text, limit)),))
        self._last = (said, told) if turn.text.strip() else ()


def _changed(blocks: tuple[Block, ...]) -> str:
    return "\n".join(f"{block.path}\n-{block.old.strip()}\n+{block.new.strip()}" for block in blocks)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return f"{text[: limit // 2].rsplit(chr(10), 1)[0]}\n… left out …\n{text[-(limit // 2) :].split(chr(10), 1)[-1]}"


def _cut_message(message: Message, limit: int) -> Message:
    parts = tuple(
        part.model_copy(update={"text": _cut(part.text, limit)}) if isinstance(part, Text) else part
        for part in message.parts
    )
    return message.model_copy(update={"parts": parts})
