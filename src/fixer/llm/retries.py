"""One turn of a model in; it is asked for again while that may help and time is left, the server's delay kept."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from fixer.errors import BudgetError, ModelError
from fixer.llm.base import AroundModel, CallError, Listener, Message, ModelClient, Tool, Turn, TurnConfig

if TYPE_CHECKING:
    from tenacity import RetryCallState

TRIES = 5
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between tries where the server names none; doubled each time, with jitter."""

Sleep = Callable[[float], Awaitable[None]]


class RetryingModel(AroundModel):
    """A model that is asked again; the only place where that happens, and the only clock of a turn."""

    def __init__(self, inner: ModelClient, seconds_left: Callable[[], float], sleep: Sleep = asyncio.sleep) -> None:
        """Wrap `inner`.

        Args:
            inner: the model.
            seconds_left: of the budget that the turn is a part of.
            sleep: waits between tries.
        """
        super().__init__(inner)
        self._seconds_left = seconds_left
        self._sleep = sleep

    async def turn(
        self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig, listen: Listener
    ) -> Turn:
        """Ask until there is an answer; `config.seconds` holds for all tries and the waits between them.

        Raises:
            CallError: no try gave an answer, or none will.
            BudgetError: the budget ended.
        """
        left = self._seconds_left()
        if left <= 0:
            raise BudgetError("no time is left for a call of the model", "raise the budget of the phase: budget.fix")
        clock = asyncio.timeout(min(config.seconds, left))
        try:
            async with clock:
                return await self._tries(history, tools, config, listen, clock)
        except TimeoutError as error:
            if not clock.expired():
                raise
            if left <= config.seconds:
                message = f"the time ran out while {self.model} was answering"
                raise BudgetError(message, "raise the budget of the phase: budget.fix") from error
            raise ModelError(
                f"{self.model} did not answer within {config.seconds:g} s", "try again later, or take another model"
            ) from error

    async def _tries(
        self,
        history: Sequence[Message],
        tools: Sequence[Tool],
        config: TurnConfig,
        listen: Listener,
        clock: asyncio.Timeout,
    ) -> Turn:
        import tenacity  # noqa: PLC0415 - runs without a model do not pay for it

        backoff = tenacity.wait_exponential_jitter(initial=FIRST_WAIT, max=LONGEST_WAIT)

        def wait(state: "RetryCallState") -> float:
            delay = _error_of(state).delay
            return backoff(state) if delay is None else delay

        def stop(state: "RetryCallState") -> bool:
            ends = (clock.when() or float("inf")) - asyncio.get_running_loop().time()
            return state.attempt_number >= TRIES or state.upcoming_sleep >= ends

        def tell(state: "RetryCallState") -> None:
            reason = _error_of(state).message
            listen("retry", {"attempt": state.attempt_number, "seconds": state.upcoming_sleep, "reason": reason})

        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, CallError) and error.again),
            wait=wait,
            stop=stop,
            before_sleep=tell,
            sleep=self._sleep,
            retry_error_callback=_give_up,
        )
        return await retrying(self._inner.turn, history, tools, config, listen)


def _error_of(state: "RetryCallState") -> CallError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, CallError):
        raise TypeError(f"a retry without an error: {error!r}")
    return error


def _give_up(state: "RetryCallState") -> Turn:
    """Raise the last error, with how often it was tried and how long the server wanted to be left alone."""
    error = _error_of(state)
    tries = "" if state.attempt_number == 1 else f" (after {state.attempt_number} tries)"
    delay = "" if error.delay is None else f"; it asks to wait {error.delay:g} s"
    raise CallError(
        f"{error.message}{delay}{tries}", error.hint, again=True, delay=error.delay, billed=error.billed
    ) from error
