"""The agents of one workspace that are not to run, and why; whoever starts one asks here first."""

import shlex
from collections.abc import Callable
from datetime import UTC, datetime

from fixer.errors import PolicyError
from fixer.journal.database import Database
from fixer.schema.base import Record
from fixer.schema.workspace import DEFAULT, option_for


class Pause(Record):
    """An agent that is not to run, and why."""

    agent: str
    reason: str
    at: float
    """Seconds since the epoch."""


class Pauses:
    """The pauses of one workspace; no method reaches another one's rows."""

    def __init__(self, database: Database, clock: Callable[[], float], workspace: str = DEFAULT) -> None:
        """Bind to a workspace. The default one is where runs of fixer's own belong."""
        self.workspace = workspace
        self._database = database
        self._clock = clock

    def pause(self, agent: str, reason: str) -> None:
        """Say that an agent is not to run; a paused one gets the new reason."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO paused(workspace, agent, reason, at) VALUES(?, ?, ?, ?)",
                (self.workspace, agent, reason, self._clock()),
            )

    def take_up(self, agent: str) -> bool:
        """Let a paused agent run again; return whether it was paused."""
        with self._database.transaction() as connection:
            return bool(
                connection.execute(
                    "DELETE FROM paused WHERE workspace = ? AND agent = ?", (self.workspace, agent)
                ).rowcount
            )

    def all(self) -> list[Pause]:
        """Return the agents that are paused, in the order of the alphabet."""
        rows = self._database.rows(
            "SELECT agent, reason, at FROM paused WHERE workspace = ? ORDER BY agent", (self.workspace,)
        )
        return [Pause(agent=agent, reason=reason, at=at) for agent, reason, at in rows]

    def refuse(self, agent: str) -> None:
        """Do nothing unless the agent is paused.

        Raises:
            PolicyError: it is, with the reason that was given.
        """
        for one in self.all():
            if one.agent == agent:
                since = datetime.fromtimestamp(one.at, UTC).isoformat(timespec="seconds")
                raise PolicyError(
                    f"'{agent}' is paused since {since}: {one.reason}",
                    f"take it up again when the reason is gone: {to_type('resume', agent, self.workspace)}",
                )


def to_type(action: str, agent: str, workspace: str) -> str:
    """Return the command that pauses an agent or takes it up again (`action`: pause, resume), as a shell takes it."""
    # Several spaces stay as they are; a line's end could begin what looks like another line.
    words, name = f"fixer patterns {action}", shlex.quote(" ".join(agent.splitlines()))
    if agent.startswith("-"):
        return f"{words}{option_for(workspace)} -- {name}"
    return f"{words} {name}{option_for(workspace)}"
