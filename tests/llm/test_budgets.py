"""Budgets hold: what a server really bills never passes a limit, however calls end and however many run at once."""

import asyncio
import threading
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.budget import Budget
from fixer.errors import BudgetError, ConfigError, ExitCode, ModelError
from fixer.llm import CallBudget
from fixer.llm.base import Message, Text, Usage
from fixer.llm.budgets import Cost, Limits, Spent
from fixer.schema.settings import AgentSettings
from tests.llm import gemini_scenes as scenes
from tests.llm.asking import CONFIG, QUESTION, Seat, settings_for, sit
from tests.llm.model_server import Asked, ModelServer, Wire

INPUT_PRICE, OUTPUT_PRICE = 10.0, 40.0
PRICES = {"input_price": INPUT_PRICE, "output_price": OUTPUT_PRICE}


@dataclass
class Meter:
    """A model that bills for all that it does: one token a byte of input, and its output up to the limit it was given.

    Its answers, by turns: whole, longer than allowed, cut off, stalled, never ending, not to be read, and refused.
    """

    tokens: int = 0
    usd: float = 0.0
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def bill(self, tokens_in: int, tokens_out: int) -> None:
        with self.lock:
            self.tokens += tokens_in + tokens_out
            self.usd += (tokens_in * INPUT_PRICE + tokens_out * OUTPUT_PRICE) / 1e6

    def __call__(self, asked: Asked, wire: Wire) -> None:
        with self.lock:
            self.calls += 1
            ways = (self.whole, self.long, self.cut, self.stalls, self.never_ends, self.unreadable, self.refused)
            way = ways[self.calls % len(ways)]
        way(asked, wire)

    def prompt(self, asked: Asked) -> int:
        """Count the prompt as dearly as any tokeniser does."""
        texts = [part["text"] for content in asked.body["contents"] for part in content["parts"]]
        return sum(len(text.encode()) for text in texts) + len(asked.body["systemInstruction"]["parts"][0]["text"]) + 10

    def limit(self, asked: Asked) -> int:
        return int(asked.body["generationConfig"]["maxOutputTokens"])

    def said(self, asked: Asked, output: int) -> dict[str, int]:
        thoughts = output // 2
        counts = {"candidatesTokenCount": output - thoughts, "thoughtsTokenCount": thoughts}
        return {"promptTokenCount": self.prompt(asked), **counts}

    def whole(self, asked: Asked, wire: Wire) -> None:
        self.bill(self.prompt(asked), 50)
        scenes.events(scenes.chunk({"text": "ok"}, finish="STOP", usage=self.said(asked, 50)))(asked, wire)

    def long(self, asked: Asked, wire: Wire) -> None:
        self.bill(self.prompt(asked), self.limit(asked))
        chunk = scenes.chunk({"text": "ok"}, finish="MAX_TOKENS", usage=self.said(asked, self.limit(asked)))
        scenes.events(chunk)(asked, wire)

    def cut(self, asked: Asked, wire: Wire) -> None:
        self.bill(self.prompt(asked), 300)
        wire.begin()
        wire.event(scenes.chunk({"text": "par"}, usage=self.said(asked, 20)))
        wire.drop()

    def stalls(self, asked: Asked, wire: Wire) -> None:
        self.bill(self.prompt(asked), self.limit(asked))
        scenes.hang(asked, wire)

    def never_ends(self, asked: Asked, wire: Wire) -> None:
        self.bill(self.prompt(asked), self.limit(asked))
        wire.begin()
        for number in range(10_000):
            wire.event(scenes.chunk({"text": "x"}, usage=self.said(asked, min(number, self.limit(asked)))))
            if not wire.wait(0.01):
                return

    def unreadable(self, asked: Asked, wire: Wire) -> None:
        self.bill(self.prompt(asked), 200)
        scenes.broken_json(asked, wire)

    def refused(self, asked: Asked, wire: Wire) -> None:
        scenes.INTERNAL(asked, wire)


async def agent(seat: Seat, number: int) -> BudgetError:
    """Ask on and on, as a model that is never content does, until the budget ends it; cancel now and then."""
    history = list(QUESTION)
    config = CONFIG.model_copy(update={"seconds": 0.15, "max_output_tokens": 1000})
    for step in range(1000):
        task = asyncio.create_task(seat.ask(history, config=config))
        if (step + number) % 5 == 4:
            asyncio.get_running_loop().call_later(0.03, task.cancel)
        try:
            turn = await task
        except BudgetError as error:
            return error
        except (ModelError, asyncio.CancelledError):
            continue
        history += [turn.message, Message(role="user", parts=(Text(text=f"go on {step} " * 20),))]
    raise AssertionError("the budget never ended")


@pytest.mark.parametrize(
    "limits",
    [
        Limits(tokens=40_000),
        Limits(money=0.8),
        Limits(calls=37),
        Limits(credits=9.5),
        Limits(time=Budget("fix", 1.0)),
    ],
    ids=["tokens", "money", "calls", "credits", "time"],
)
def test_a_model_that_bills_stalls_and_never_ends_does_not_overshoot(limits: Limits) -> None:
    meter = Meter()

    async def six(seat: Seat) -> list[BudgetError]:
        return await asyncio.gather(*(agent(seat, number) for number in range(6)))

    # The clock of a time limit starts now, not when the tests were collected.
    own = Limits(time=Budget("fix", 1.0)) if limits.time else limits
    with ModelServer(meter) as server:
        errors, seat = sit(settings_for(server, **PRICES), six, CallBudget("the budget", own, call_credits=0.5))
        assert server.quiet()
    spent = seat.budget.spent
    assert len(errors) == 6
    assert meter.calls <= spent.calls
    # Never less than what was billed, and never more than the limit.
    assert meter.tokens <= spent.tokens + spent.withheld_tokens
    assert meter.usd <= spent.usd + spent.withheld_usd + 1e-12
    if limits.tokens:
        assert spent.tokens + spent.withheld_tokens <= limits.tokens
    if limits.money:
        assert spent.usd + spent.withheld_usd <= limits.money
    if limits.calls:
        assert spent.calls == limits.calls
    if limits.credits:
        assert spent.credits == limits.credits


def test_a_call_that_the_server_refused_costs_no_credits() -> None:
    budget = CallBudget("the budget", Limits(credits=0.5), call_credits=0.5)
    with ModelServer(scenes.INTERNAL, scenes.INTERNAL, scenes.OK) as server:
        sit(settings_for(server, **PRICES), lambda seat: seat.ask(QUESTION), budget)
        assert len(server.asked) == 3
    assert budget.spent.credits == 0.5


async def reserved(budget: CallBudget, cost: Cost, settled: Cost) -> None:
    reservation = await budget.reserve(cost)
    await asyncio.sleep(0)
    reservation.settle(settled)


@settings(max_examples=60, deadline=None)
@given(
    limit=st.integers(1, 2000),
    calls=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=20),
)
def test_calls_at_once_never_reserve_more_than_there_is(limit: int, calls: list[tuple[int, int]]) -> None:
    budget = CallBudget("b", Limits(tokens=limit))
    inner = budget.part("p", Limits(money=0.4))

    async def run() -> list[BaseException | None]:
        costs = [
            (Cost(Usage(input=worst), worst / 1000), Cost(Usage(input=min(real, worst)), 0.001))
            for worst, real in calls
        ]
        work = (reserved(inner if n % 2 else budget, *cost) for n, cost in enumerate(costs))
        return await asyncio.wait_for(asyncio.gather(*work, return_exceptions=True), 5)

    results = asyncio.run(run())
    assert budget.spent.tokens <= limit
    assert inner.spent.usd <= 0.4
    assert {type(result) for result in results} <= {type(None), BudgetError}
    assert budget.spent.calls == results.count(None)


def test_a_call_waits_for_those_under_way_instead_of_giving_up() -> None:
    async def run() -> Spent:
        budget = CallBudget("b", Limits(tokens=1000))
        first = await budget.reserve(Cost(Usage(input=700)))
        second = asyncio.create_task(budget.reserve(Cost(Usage(input=700))))
        await asyncio.sleep(0.01)
        assert not second.done()
        first.settle(Cost(Usage(input=200)))
        (await second).settle(Cost(Usage(input=700)))
        return budget.spent

    assert asyncio.run(run()).tokens == 900


def test_one_budget_holds_between_threads() -> None:
    budget = CallBudget("b", Limits(tokens=1100))

    def work() -> None:
        for _ in range(20):
            asyncio.run(reserved(budget, Cost(Usage(input=300)), Cost(Usage(input=10))))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (budget.spent.tokens, budget.spent.calls) == (800, 80)


def test_a_part_has_its_own_calls_and_the_money_of_the_run() -> None:
    run = CallBudget.of_run(AgentSettings(money=1.0, tokens=1000), before=Spent(calls=2, input=100, usd=0.9))
    first, second = run.part("the first fix", Limits(calls=1)), run.part("the second fix", Limits(calls=1))

    async def spend(budget: CallBudget, usd: float) -> None:
        await reserved(budget, Cost(Usage(input=10), usd), Cost(Usage(input=10), usd))

    asyncio.run(spend(first, 0.05))
    with pytest.raises(BudgetError, match="the first fix has 0 calls left of 1 calls") as caught:
        asyncio.run(spend(first, 0.0))
    assert "agent.steps" in caught.value.hint
    with pytest.raises(BudgetError, match=r"the model budget has \$0\.0500 left of \$1\.0000") as caught:
        asyncio.run(spend(second, 0.06))
    assert "FIXER_AGENT_MONEY" in caught.value.hint
    assert caught.value.code is ExitCode.BUDGET
    assert (run.spent.calls, first.spent.calls, second.spent.calls) == (3, 1, 0)
    assert run.spent.usd == pytest.approx(0.95)


def test_nothing_is_sent_when_the_worst_case_does_not_fit() -> None:
    with ModelServer(scenes.OK) as server:
        with pytest.raises(BudgetError, match="tokens left of 5,000"):
            sit(settings_for(server), Seat.ask, CallBudget("b", Limits(tokens=5000)))
        assert not server.asked


def test_a_model_without_a_price_is_refused_before_the_call() -> None:
    with ModelServer(scenes.OK) as server:
        with pytest.raises(ConfigError, match=r"price of the model 'gemini-99-nova' at .* is not known") as caught:
            sit(settings_for(server, name="gemini-99-nova"), Seat.ask, CallBudget("b", Limits(money=1)))
        assert "model.input_price" in caught.value.hint
        assert not server.asked


def test_a_call_that_said_nothing_counts_with_its_worst_case() -> None:
    config = CONFIG.model_copy(update={"seconds": 0.2, "max_output_tokens": 1000})
    seats: list[Seat] = []

    async def ask(seat: Seat) -> None:
        seats.append(seat)
        await seat.ask(config=config)

    with ModelServer(scenes.hang) as server, pytest.raises(ModelError, match="did not answer"):
        sit(settings_for(server, **PRICES), ask)
    spent = seats[0].budget.spent
    assert (spent.output, spent.estimated, spent.withheld_tokens) == (1000, True, 0)
    assert spent.usd > 1000 * OUTPUT_PRICE / 1e6


def test_a_model_that_does_not_keep_to_its_limit_is_stopped() -> None:
    def runs_on(_: Asked, wire: Wire) -> None:
        wire.begin()
        for number in range(100):
            wire.event(
                scenes.chunk({"text": "x"}, usage={"promptTokenCount": 10, "candidatesTokenCount": number * 100})
            )
            if not wire.wait(0.01):
                return

    config = CONFIG.model_copy(update={"max_output_tokens": 1000})
    with ModelServer(runs_on) as server:
        with pytest.raises(ModelError, match="passed the limit of 1,000 tokens"):
            sit(settings_for(server), lambda seat: seat.ask(config=config))
        assert server.quiet()
    assert (server.hung_up, len(server.asked)) == (1, 1)
