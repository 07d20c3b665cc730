"""What the calls of a run cost is kept with the run: a resumed one goes on with it, and credits are paid once."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fixer.errors import BudgetError
from fixer.journal import OwnedRun, open_journal
from fixer.journal.ledger import CreditsError, Entry
from fixer.llm import CallBudget
from fixer.llm.base import Usage
from fixer.llm.budgets import Cost, Spent
from fixer.schema.settings import AgentSettings
from fixer.spending import WORKSPACE, budget_of, in_result, spent_by
from tests.conftest import SOURCE

WORST = Cost(Usage(input=600, output=400), 0.02)
REAL = Cost(Usage(input=50, output=10), 0.001, 1)


def begin(folder: Path, credits_: float | None = None) -> str:
    with open_journal(folder) as journal:
        run_id = journal.submit("repair", {}, "one").id
        if credits_ is not None:
            with journal.own(run_id) as run:
                run.ledger(WORKSPACE).grant("start", credits_, "granted")
    return run_id


def spent_lines(run: OwnedRun) -> list[Entry]:
    return [entry for entry in run.ledger(WORKSPACE).entries() if entry.credits <= 0]


async def ask(budget: CallBudget, cost: Cost = REAL) -> None:
    reservation = await budget.reserve(WORST)
    await asyncio.sleep(0)
    reservation.settle(cost)


def test_who_never_heard_of_credits_notices_nothing(tmp_path: Path) -> None:
    run_id = begin(tmp_path)
    with open_journal(tmp_path) as journal, journal.own(run_id) as run:
        budget = budget_of(run, AgentSettings())
        asyncio.run(ask(budget, Cost(Usage(input=50, output=10), 0.001)))
        assert spent_by(run) == budget.spent
        assert in_result(budget.spent) == {"tokens": 60, "cost": 0.001, "credits": 0}
        assert not run.ledger(WORKSPACE).entries()


def test_a_resumed_run_goes_on_with_what_is_left(tmp_path: Path) -> None:
    run_id = begin(tmp_path)
    settings = AgentSettings(credits=5, call_credits=2)
    for left in (5, 3):
        with open_journal(tmp_path) as journal, journal.own(run_id) as run:
            budget = budget_of(run, settings)
            assert budget.spent.credits == 5 - left
            asyncio.run(ask(budget, Cost(REAL.usage, REAL.usd, 2)))
    with open_journal(tmp_path) as journal, journal.own(run_id) as run:
        with pytest.raises(BudgetError, match="the model budget has 1 credits left of 5 credits") as caught:
            asyncio.run(ask(budget_of(run, settings)))
        assert "agent.credits" in caught.value.hint
        assert spent_by(run) == Spent(calls=2, input=100, output=20, usd=0.002, credits=4)
        assert not run.ledger(WORKSPACE).entries(), "the limit is the run's own, and no workspace pays"


def test_many_agents_at_once_spend_no_more_than_the_workspace_has(tmp_path: Path) -> None:
    run_id = begin(tmp_path, 7)

    async def agents(budget: CallBudget) -> list[BaseException | None]:
        unpaid = Cost(Usage())
        work = (ask(budget, unpaid if number % 3 == 0 else REAL) for number in range(15))
        return await asyncio.wait_for(asyncio.gather(*work, return_exceptions=True), 10)

    with open_journal(tmp_path) as journal, journal.own(run_id) as run:
        budget = budget_of(run, AgentSettings())
        ended = asyncio.run(agents(budget))
        assert {type(one) for one in ended} == {type(None), CreditsError}
        assert run.ledger(WORKSPACE).left() == 0
        assert budget.spent.credits == 7, "what a refused call gave back was spent by another"
        assert [(line.credits, line.what) for line in spent_lines(run)] == [(-7, f"model calls of run {run_id}")]


def test_two_runs_share_the_credits_of_their_workspace(tmp_path: Path) -> None:
    run_id = begin(tmp_path, 2)
    with open_journal(tmp_path) as journal:
        other_id = journal.submit("repair", {}, "other").id
        with journal.own(run_id) as one, journal.own(other_id) as other:
            first, second = budget_of(one, AgentSettings()), budget_of(other, AgentSettings())
            asyncio.run(ask(first))
            asyncio.run(ask(second))
            for budget in (first, second):
                with pytest.raises(CreditsError, match="has 0 credits left, and this costs 1"):
                    asyncio.run(ask(budget))
            assert [line.credits for line in spent_lines(one)] == [-1, -1]


_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from fixer.journal import open_journal
from fixer.schema.settings import AgentSettings
from fixer.spending import budget_of
from tests.test_spending import WORST, ask

with open_journal(Path(sys.argv[1])) as journal, journal.own(sys.argv[2]) as run:
    budget = budget_of(run, AgentSettings())
    asyncio.run(ask(budget))
    asyncio.run(budget.reserve(WORST))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_call_under_way_when_its_process_was_killed_counts_once_and_with_its_worst_case(tmp_path: Path) -> None:
    run_id = begin(tmp_path, 10)
    died = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path), run_id], env={"PYTHONPATH": f"{SOURCE}:{SOURCE.parent}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr
    for _ in range(2):
        with open_journal(tmp_path) as journal, journal.own(run_id) as run:
            spent = budget_of(run, AgentSettings()).spent
            assert (spent.calls, spent.tokens, spent.withheld_tokens, spent.withheld_usd) == (2, 60, 1000, 0.02)
            assert spent.credits == 2
            assert [line.credits for line in spent_lines(run)] == [-2]
    with open_journal(tmp_path) as journal, journal.own(run_id) as run:
        asyncio.run(ask(budget_of(run, AgentSettings())))
        assert [line.credits for line in spent_lines(run)] == [-3]
