"""The credits of one workspace: granted, booked once under a key, never below zero (spec E8)."""

from collections.abc import Callable

from fixer.errors import BudgetError
from fixer.journal.database import Database
from fixer.schema.base import Record
from fixer.schema.workspace import option_for


class Entry(Record):
    """One line of the ledger."""

    key: str
    credits: float
    """Above zero: granted; below: spent."""
    what: str
    at: float
    """Seconds since the epoch."""


class CreditsError(BudgetError):
    """A workspace has fewer credits than the work costs; nothing was done and nothing booked."""


class Ledger:
    """The ledger of one workspace; no method reaches another one's rows."""

    def __init__(self, database: Database, clock: Callable[[], float], workspace: str) -> None:
        """Bind to a workspace; one that was never granted anything is not counted."""
        self.workspace = workspace
        self._database = database
        self._clock = clock

    def grant(self, key: str, credits_: float, what: str) -> bool:
        """Add credits, once under `key`; return whether they are new."""
        return self._write(key, credits_, what)

    def grant_up_to(self, total: float) -> None:
        """Grant what is missing to `total` credits in all: a workspace file says how many there are, not how many more.

        A total that was lowered takes nothing back.
        """
        rows = self._database.rows(
            "SELECT coalesce(sum(credits), 0) FROM ledger WHERE workspace = ? AND credits > 0", (self.workspace,)
        )
        granted = rows[0][0]
        # The key makes two processes that read the same sum grant it once.
        if total > granted:
            self._write(f"granted up to {total:g}", total - granted, "granted by the workspace file")
        elif not total:
            self._write("granted none", 0, "the workspace file grants none")

    def check(self, cost: float) -> None:
        """Do nothing where the workspace can pay `cost`, or is not counted.

        Raises:
            CreditsError: with how many are missing.
        """
        left = self.left()
        if left is None or left >= cost:
            return
        raise CreditsError(
            f"workspace '{self.workspace}' has {left:g} credits left, and this costs {cost:g}: {cost - left:g} missing",
            f"grant more with `credits` in the workspace file; see `fixer usage{option_for(self.workspace)}`",
        )

    def book(self, key: str, cost: float, what: str) -> bool:
        """Spend credits, once under `key`; return whether it was booked now.

        The balance is read and written in one transaction: of several at once none brings it below zero.

        Raises:
            CreditsError: there are too few by now.
        """
        return self._write(key, -cost, what)

    def book_up_to(self, key: str, total: float, what: str) -> None:
        """Bring what was spent under `key` to `total`, up or down: work that is paid piece by piece, in one line.

        The balance is read and written in one transaction: of several at once none brings it below zero.

        Raises:
            CreditsError: there are too few for what is more than before.
        """
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT credits FROM ledger WHERE workspace = ? AND key = ?", (self.workspace, key)
            ).fetchone()
            more = total + (row[0] if row else 0.0)
            if more > 0:
                self.check(more)
            if row is not None:
                connection.execute(
                    "UPDATE ledger SET credits = ? WHERE workspace = ? AND key = ?", (0 - total, self.workspace, key)
                )
            elif total:
                connection.execute(
                    "INSERT INTO ledger(workspace, key, credits, what, at) VALUES(?, ?, ?, ?, ?)",
                    (self.workspace, key, 0 - total, what, self._clock()),
                )

    def has(self, key: str) -> bool:
        """Whether something was granted or booked under `key`."""
        query = "SELECT 1 FROM ledger WHERE workspace = ? AND key = ?"
        return bool(self._database.rows(query, (self.workspace, key)))

    def left(self) -> float | None:
        """Return the balance; None where nothing was ever granted: such a workspace is not counted."""
        rows = self._database.rows(
            "SELECT sum(credits), max(credits >= 0) FROM ledger WHERE workspace = ?", (self.workspace,)
        )
        total, granted = rows[0]
        return float(total) if granted else None

    def entries(self) -> list[Entry]:
        """Return every line, oldest first."""
        rows = self._database.rows(
            "SELECT key, credits, what, at FROM ledger WHERE workspace = ? ORDER BY at, rowid", (self.workspace,)
        )
        return [Entry(key=key, credits=amount, what=what, at=at) for key, amount, what, at in rows]

    def _write(self, key: str, amount: float, what: str) -> bool:
        with self._database.transaction() as connection:
            known = connection.execute(
                "SELECT 1 FROM ledger WHERE workspace = ? AND key = ?", (self.workspace, key)
            ).fetchone()
            if known is not None:
                return False
            if amount < 0:
                self.check(-amount)
            connection.execute(
                "INSERT INTO ledger(workspace, key, credits, what, at) VALUES(?, ?, ?, ?, ?)",
                (self.workspace, key, amount, what, self._clock()),
            )
        return True
