"""The calls of a conversation go in, whether it still gets anywhere comes out."""

MAX_IDLE = 6
"""Turns in a row in which nothing new was learnt or done; the next one is not asked for."""
MAX_REPEATED = 5
"""Times that one call may be repeated on the same files."""


class Progress:
    """Notices repetition: the same call on the same files gives the same answer."""

    def __init__(self) -> None:
        """Nothing was called yet."""
        self._seen: dict[str, int] = {}
        self._idle = 0
        self._new = False
        self.why = ""
        """Why it is stuck, once it is."""

    def note(self, key: str, *, is_error: bool) -> str:
        """Take one call, and return what the model should be told beside its answer."""
        count = self._seen[key] = self._seen.get(key, 0) + 1
        if count == 1:
            self._new = self._new or not is_error
            return ""
        if count > MAX_REPEATED:
            self.why = f"the same call was made {count} times"
        return (
            f"(You have made this very call {count} times, and nothing has changed since. "
            "Do something else: read other code, make another edit, or submit with the outcome gave_up.)"
        )

    def end_of_turn(self) -> None:
        """Count a turn in which every call failed or was made before."""
        self._idle = 0 if self._new else self._idle + 1
        self._new = False
        if self._idle >= MAX_IDLE and not self.why:
            self.why = f"{self._idle} turns in a row brought nothing new"

    @property
    def is_stuck(self) -> bool:
        """Whether it goes nowhere."""
        return bool(self.why)
