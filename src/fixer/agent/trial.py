"""Edits that a model wrote go in; they are made and the reproduction is run, and why they are no fix comes out."""

from fixer.agent.confined import parts_of
from fixer.agent.desk import ONE_LINE, Desk, Submission
from fixer.agent.edit_blocks import Block, Said
from fixer.agent.matching import Edited, edited
from fixer.agent.refusal import Refused
from fixer.agent.tools import Toolbox
from fixer.agent.tools.list_files import project_files
from fixer.agent.transcript import Transcript
from fixer.llm.base import ToolAnswer, ToolCall

MAKE = "edit_file"
"""The tool that makes an edit: what it refuses, nobody makes."""
MOST_FILES_SEARCHED = 400


class Trial:
    """Tries the answers of one conversation at its desk."""

    def __init__(self, toolbox: Toolbox, transcript: Transcript) -> None:
        """Take the tools to work with; `transcript` is told of each use."""
        self._toolbox = toolbox
        self._transcript = transcript

    def why_not(self, step: int, said: Said) -> str:
        """Make the edits and run the reproduction; return why they are no fix, or submit them and return nothing."""
        desk = self._toolbox.desk
        for number, block in enumerate(said.blocks, start=1):
            path = file_of(desk, block)
            if not path:
                return f"Edit {number} was not made: it does not say which file it is for."
            answer = self.use(step, MAKE, path=path, old=block.old, new=block.new)
            if answer.is_error:
                return f"Edit {number} was not made. {answer.text}"
        answer = self.use(step, "run_reproduction")
        if desk.passed != desk.state:
            return answer.text
        try:
            reason = desk.unfinished()
        except Refused as refusal:
            reason = str(refusal)
        if reason:
            return f"It is not done: {reason}."
        desk.submission = _submission(desk, said)
        return ""

    def use(self, step: int, name: str, **arguments: str | int) -> ToolAnswer:
        """Use a tool as if the model had called it."""
        call = ToolCall(id=f"p{step:08d}", name=name, arguments=dict(arguments))
        answer = self._toolbox.use(call)
        self._transcript.tool(step, call, answer)
        return answer


def file_of(desk: Desk, block: Block) -> str:
    """Return the one file of the project that a block can mean; the path as it is where that is not sure."""
    if block.path:
        try:
            parts = parts_of(block.path)
            there = desk.files.exists(block.path)
        except Refused:
            return block.path
        if there or not block.old:
            return block.path
        named = [name for name in project_files(desk) if name.rpartition("/")[2] == parts[-1]]
        return named[0] if len(named) == 1 else block.path
    first = next((line.strip() for line in block.old.split("\n") if line.strip()), "")
    found = [name for name in project_files(desk)[:MOST_FILES_SEARCHED] if first and _fits(desk, name, first, block)]
    return found[0] if len(found) == 1 else ""


def _fits(desk: Desk, name: str, first: str, block: Block) -> bool:
    try:
        text = desk.files.read(name).decode("utf-8")
    except (Refused, OSError, UnicodeDecodeError):
        return False
    return first in text and isinstance(edited(text, block.old, block.new), Edited)


def _submission(desk: Desk, said: Said) -> Submission:
    names = ", ".join(sorted(desk.changes)[:3])
    words = desk.mask(said.words).strip()[:1_500] or "nothing beside its edits"
    return Submission(
        outcome="fixed", summary=f"Mend {names}"[:ONE_LINE], explanation=f"The model's account of the cause: {words}"
    )
