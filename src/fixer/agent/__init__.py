"""Lets a language model work on files: it asks for tools, and no tool reaches outside of one worktree."""

from fixer.agent.asking import Limits
from fixer.agent.desk import Desk, Submission
from fixer.agent.loop import Ending, Worked, work
from fixer.agent.tools import Toolbox

__all__ = ["Desk", "Ending", "Limits", "Submission", "Toolbox", "Worked", "work"]
