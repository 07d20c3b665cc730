"""The contract of the room: a reporter turns the report of one run into one form, and changes nothing."""

from typing import Protocol

from fixer.schema.report import Report


class Reporter(Protocol):
    """What a module of the room that makes a text defines at its top level."""

    def render(self, report: Report) -> str:
        """Return the whole report in this form, complete for every outcome."""
        ...
