"""A call in, its result out: the one place where a call is tried again, and where GitHub's waits are kept."""

import random
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn, TypeVar

from fixer.budget import Budget
from fixer.errors import BudgetError, Passing, SourceError
from fixer.sources.github.limits import Clock, Limits

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")
LONGEST_BACKOFF = 30.0


class TryAgainError(Exception):
    """A call failed in a way that may pass."""

    def __init__(self, error: SourceError, *, put_off: bool = False, wait: float | None = None) -> None:
        """Keep what to raise where it does not pass.

        Args:
            error: what the user is told in the end.
            put_off: GitHub asked to come again later; else something broke.
            wait: seconds that GitHub asked for; None: it named no time.
        """
        super().__init__(error.message)
        self.error = error
        self.put_off = put_off
        self.wait = wait
        self.nth = 1
        """Which failure of its kind it is: a broken answer after many waits is the first broken one."""


class Patience:
    """Tries calls again as long as the budget allows, and says so."""

    def __init__(self, budget: Budget, talk: Callable[[str], None], clock: Clock, limits: Limits) -> None:
        """Wait no longer than `budget` has left; `talk` is told of each wait."""
        self._budget = budget
        self._talk = talk
        self._clock = clock
        self._limits = limits

    def keep_trying(self, call: Callable[[], T]) -> T:
        """Return what `call` returns, trying again where it raises TryAgainError.

        Raises:
            SourceError: it failed too often.
            BudgetError: the time is over, or GitHub asks for a wait that is longer than what is left of it.
        """
        from tenacity import Retrying, retry_if_exception_type  # noqa: PLC0415 - only where something is fetched

        self.check()
        failed = Counter[bool]()

        def counted() -> T:
            try:
                return call()
            except TryAgainError as error:
                failed[error.put_off] += 1
                error.nth = failed[error.put_off]
                raise

        retrying = Retrying(
            sleep=self._clock.sleep,
            retry=retry_if_exception_type(TryAgainError),
            wait=self._wait,
            stop=self._is_enough,
            before_sleep=self._say,
            retry_error_callback=self._give_up,
        )
        return retrying(counted)

    @property
    def left(self) -> float:
        """Seconds that are left of the budget."""
        return self._budget.left

    def check(self) -> None:
        """Raise BudgetError where no time is left."""
        if self.left <= 0:
            raise BudgetError("the time ended while the run was fetched from GitHub", _longer())

    def _wait(self, state: "RetryCallState") -> float:
        again = _raised(state)
        if again.wait is not None:
            return max(0.0, again.wait)
        if again.put_off:
            return float(self._limits.secondary_wait * 2 ** (again.nth - 1))
        # Not a secret: it only keeps many clients from coming back at once.
        return min(LONGEST_BACKOFF, 2.0 ** (again.nth - 1)) + random.random() / 2  # noqa: S311

    def _is_enough(self, state: "RetryCallState") -> bool:
        again = _raised(state)
        most = self._limits.waits if again.put_off else self._limits.tries
        return again.nth >= most or state.upcoming_sleep >= self.left

    def _say(self, state: "RetryCallState") -> None:
        until = time.strftime("%H:%M:%S UTC", time.gmtime(self._clock.now() + state.upcoming_sleep))
        self._talk(f"{_raised(state).error.message}; trying again in {state.upcoming_sleep:.0f} s, at {until}")

    def _give_up(self, state: "RetryCallState") -> NoReturn:
        again = _raised(state)
        if again.put_off and state.upcoming_sleep >= self.left:
            until = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(self._clock.now() + state.upcoming_sleep))
            raise BudgetError(
                f"{again.error.message}: it asks to wait {state.upcoming_sleep:.0f} s, "
                f"longer than the time left ({self.left:.0f} s)",
                f"try again after {until}; {again.error.hint}",
                passing=Passing(self._clock.now() + state.upcoming_sleep),
            ) from again
        if self.left <= 0:
            raise BudgetError(f"{again.error.message}; then the time was over", _longer()) from again
        again.error.passing = Passing(None if again.wait is None else self._clock.now() + again.wait)
        raise again.error from again


def _raised(state: "RetryCallState") -> TryAgainError:
    error = state.outcome.exception() if state.outcome is not None else None
    if not isinstance(error, TryAgainError):
        raise TypeError("only calls that raised TryAgainError are tried again") from error
    return error


def _longer() -> str:
    return "give it more time (FIXER_BUDGET_TOTAL=SECONDS), or save the log and name it under raw-logs"
