"""The contract of the room: arguments that were checked go in, text for the model comes out."""

from typing import Any, Protocol

from fixer.agent.desk import Desk
from fixer.schema.base import Record


class ToolModule(Protocol):
    """What each module of the room defines at its top level; its name is the tool's."""

    DESCRIPTION: str
    """What the model reads about it."""
    Arguments: type[Record]
    """Flat: texts, whole numbers, truth values and lists of texts."""

    def use(self, desk: Desk, arguments: Any) -> str:
        """Do it and return the answer.

        Raises:
            Refused: it is not done; the text says what would be.
        """
        ...

    def is_offered(self, desk: Desk) -> bool:
        """Whether this desk has a use for the tool."""
        ...
