"""What recovery is given: the command that failed, how to run it again, and where all that happens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fixer.journal import OwnedRun
from fixer.schema.command import CommandResult
from fixer.schema.recovery import ErrorContext
from fixer.schema.settings import Settings

INSIDE = "FIXER_INSIDE_RECOVERY"
"""Set for everything that a recovery starts; a fixer that finds it in its environment recovers nothing."""


@dataclass(frozen=True)
class FailedWork:
    """A command that failed."""

    context: ErrorContext
    """From `describe`."""
    again: Callable[[Path, Mapping[str, str | None]], CommandResult]
    """Runs the failed command once more, in the same way (sandbox, time limit, environment) as before.

    The folder is the top of the project or of a worktree that stands for it (not `context.folder`: a command that ran
    below the top runs in the same place below this folder). The variables are added to the command's environment;
    None takes one away. Folders that git ignores and that hold packages (`node_modules`, `.venv`) are links from the
    worktree to the project's own, so a sandbox around it has to show the project's folder, read-only.
    """
    key: str = ""
    """Tells this failure from others of the same run in the journal, the same after a resume; empty: made of subject,
    phase, folder and command. A step that is visited several times needs its visit's number in it."""


@dataclass(frozen=True)
class Ground:
    """Where a recovery works."""

    repository: Path
    """Top folder of the user's repository."""
    settings: Settings
    """`settings.recovery` says whether, how often and how long; for a step that asks otherwise, a copy that says so."""
    run: OwnedRun
    """The run that the failed command belongs to: attempts are steps of it."""
    talk: Callable[[str], None]
    """Told in one line what happens."""
    mask: Callable[[str], str]
    """Takes secrets out of text."""
    ask_agent: Callable[[Path, Path, Path], CommandResult] | None = None
    """Gives a prompt file to an agent: (prompt file, error specification, worktree that it may change); None: there is
    no agent, and a recovery command that is a prompt file fails with exactly that reason."""
