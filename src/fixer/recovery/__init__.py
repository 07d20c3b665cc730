"""A command that failed goes in; bounded attempts to mend what it failed on, and what came of them, go out.

`describe` gathers what is known, `recover` does the rest: error specification, recovery command, the command again,
circuit breaker. Nothing of it touches the project before the command passed in a worktree.
"""

from fixer.recovery.describing import describe
from fixer.recovery.loop import recover
from fixer.recovery.work import INSIDE, FailedWork, Ground

__all__ = ["INSIDE", "FailedWork", "Ground", "describe", "recover"]
