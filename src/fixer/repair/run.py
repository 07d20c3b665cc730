"""One run: a request goes in, a report comes out, whatever happens in between."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.errors import BudgetError, DependencyError, ExitCode, FixerError, PolicyError
from fixer.git import Git
from fixer.interrupts import TerminatedError, unhurried
from fixer.journal import FencedError, Journal, OwnedRun, how_it_goes_on
from fixer.repair.by_hand import by_hand
from fixer.repair.delivering import deliver, output_folder
from fixer.repair.diagnosing import Base, choose_base, diagnose
from fixer.repair.draft import Draft
from fixer.repair.fixing import Fixing
from fixer.repair.given import Given
from fixer.repair.models import MakeModels, RunModels
from fixer.repair.reading import read
from fixer.repair.reproducing import show_here
from fixer.repair.rounds import go_on
from fixer.repair.workshop import Workshop
from fixer.reporters.files import write_report
from fixer.schema.base import content_id
from fixer.schema.report import Outcome, Report
from fixer.schema.request import Request
from fixer.schema.settings import Settings
from fixer.strategies import cascade

if TYPE_CHECKING:
    from pydantic import JsonValue

MAY_WAIT = frozenset({Outcome.PARTIAL, Outcome.OUT_OF_TIME, Outcome.DEPENDENCY})
"""Endings that are none where what stood in the way passes by itself."""
EXIT_CODES = {
    Outcome.FIXED: ExitCode.OK,
    Outcome.NOTHING_TO_FIX: ExitCode.OK,
    Outcome.PARTIAL: ExitCode.NOT_FIXED,
    Outcome.FAILED: ExitCode.NOT_FIXED,
    Outcome.REFUSED: ExitCode.REFUSED,
    Outcome.CRASHED: ExitCode.BUG,
    Outcome.CANCELLED: ExitCode.INTERRUPTED,
    Outcome.OUT_OF_TIME: ExitCode.BUDGET,
    Outcome.DEPENDENCY: ExitCode.DEPENDENCY,
}


@dataclass(frozen=True)
class Finished:
    """How a run ended."""

    report: Report
    path: Path
    """The Markdown report."""

    @property
    def exit_code(self) -> ExitCode:
        """The code that the shell sees."""
        return EXIT_CODES[self.report.outcome]


@dataclass(frozen=True)
class Options:
    """What the command line adds to the request."""

    commit: str = ""
    green: str = ""
    commit_here: bool = False


def start(  # noqa: PLR0913, PLR0917 - one argument a kind of input
    request: Request,
    request_path: Path,
    repository: Path,
    settings: Settings,
    options: Options,
    journal: Journal,
    talk: Callable[[str], None],
    make_models: MakeModels = RunModels,
) -> Finished:
    """Record a run and work on it to its end; the same input finds its own killed run and goes on with it.

    Raises:
        FixerError: the repository has no commit, the settings of the model are wrong, the journal cannot be
            written, or a live process works on the same input. Whatever goes wrong later is an ending with a report.
    """
    git = Git(repository)
    given = Given(
        request=request,
        request_path=str(request_path.absolute()),
        repository=str(repository),
        settings=settings,
        head=git.line("rev-parse", "--verify", "HEAD^{commit}"),
        branch=git.run("symbolic-ref", "--quiet", "--short", "HEAD", check=False).stdout.strip(),
        commit=options.commit,
        green=options.green,
        commit_here=options.commit_here,
    )
    # Wrong settings are said before anything runs.
    cascade(settings.strategies)
    make_models(given, None)
    key = content_id("run", given.model_dump_json())
    record = journal.submit("repair", given.model_dump(mode="json", by_alias=True), key)
    return resume(journal, record.id, talk, make_models)


def resume(journal: Journal, run_id: str, talk: Callable[[str], None], make_models: MakeModels = RunModels) -> Finished:
    """Go on with a run from its last finished step.

    Raises:
        FixerError: there is no such run, it is finished, or a live process works on it.
    """
    with journal.own(run_id) as run:
        given = Given.model_validate(run.given)
        draft = Draft(run_id=run.id, started=run.started, given=given)
        with Workshop(run, given, talk, make_models) as shop:
            error = _work(draft, shop)
            with unhurried():
                return _end(draft, shop, run, error)


def _work(draft: Draft, shop: Workshop) -> BaseException | None:
    """Go through the stages; return what ended them early, where something did."""
    again = draft.given.again
    try:
        _stages(draft, shop)
    except FencedError as error:
        draft.end(Outcome.CANCELLED, "The run was cancelled.", f"start again: {again}")
        return error
    except PolicyError as error:
        draft.end(Outcome.REFUSED, f"Refused: {error.message}", error.hint)
    except BudgetError as error:
        draft.end(Outcome.OUT_OF_TIME, error.message, error.hint)
        draft.meet(error.message, error.passing)
    except KeyboardInterrupt as error:
        draft.end(Outcome.CANCELLED, "The run was interrupted.", f"go on with it: fixer resume {draft.run_id}")
        return error
    except DependencyError as error:
        next_steps = [error.hint] if error.passing else [error.hint, f"then try again: {again}"]
        draft.end(Outcome.DEPENDENCY, error.message, *next_steps)
        draft.error = error.message
        draft.meet(error.message, error.passing)
    except FixerError as error:
        draft.end(Outcome.FAILED, error.message, error.hint)
        draft.error = error.message
    except Exception as error:  # noqa: BLE001 - a bug: the report says so, then cli/app.py shows it as one
        words = f"{type(error).__name__}: {error}"
        draft.end(
            Outcome.CRASHED, f"fixer itself failed: {words}", "report it, with the log that is named on the screen"
        )
        draft.error = words
        return error
    return None


def _stages(draft: Draft, shop: Workshop) -> None:
    read(draft, shop)
    if not show_here(draft, shop):
        return
    diagnose(draft, shop)
    base = choose_base(draft, shop)
    if base.gone:
        seen = draft.shown()[1].commit[:12]
        draft.end(
            Outcome.NOTHING_TO_FIX,
            f"The failure is real at {seen}, but it no longer shows on {base.name}.",
            f"bring the branch up to date: git merge {base.name}",
        )
    elif attempt := Fixing(draft, shop, base).search():
        deliver(draft, shop, base, attempt)
    else:
        _not_fixed(draft, shop, base)
    go_on(draft, shop, base, gone=base.gone)


def _not_fixed(draft: Draft, shop: Workshop, base: Base) -> None:
    """Say what is known where no patch passed."""
    refused = len(draft.now.attempts)
    tried = f"{refused} patch{'es were' if refused != 1 else ' was'} tried and refused" if refused else "no patch found"
    if not shop.models.none and (why := draft.now.not_tried.get("agent")):
        tried += f". What the model came to: {why.rstrip('.')}"
    if shop.given.settings.agent.external and (why := draft.now.not_tried.get("command")):
        tried += f". What the external agent came to: {why.rstrip('.')}"
    steps = [f"see the failure again: git switch {draft.now.reproduction_branch}, then read its README.md"]
    change = draft.now.diagnosis.minimal_change if draft.now.diagnosis else None
    if change is not None:
        steps.insert(0, f"look at the change that made it fail: git show {change.culprit[:12]}")
    if shop.models.none and not shop.given.settings.agent.external:
        steps.append("let a language model look for it: `fixer doctor` says what it needs, docs/models.md how")
    if shop.phase.stop() or shop.total.stop():
        longer = shop.given.settings.budget.model_copy(update={"fix": shop.given.settings.budget.fix * 2})
        steps.append(f"give it more time: FIXER_BUDGET_FIX={longer.fix:g} {draft.given.again}")
        draft.end(Outcome.OUT_OF_TIME, f"Reproduced, but the time ended before a fix was verified; {tried}.", *steps)
        return
    draft.end(Outcome.PARTIAL, f"Reproduced on {base.name}, but not fixed: {tried}.", *steps)


def _say_when(draft: Draft, run: OwnedRun) -> None:
    """Put first how the run goes on."""
    due = run.put_off_until(draft.passing.at if draft.passing else None)
    draft.next_steps.insert(0, f"the run {how_it_goes_on(run.id, due)}")
    if draft.outcome is Outcome.PARTIAL:
        draft.summary += f" Put off: {draft.obstacle}."


def _end(draft: Draft, shop: Workshop, run: OwnedRun, error: BaseException | None) -> Finished:
    """Write the report, then say in the journal how it ended; a bug goes on to `cli/app.py`."""
    waits = draft.passing is not None and draft.outcome in MAY_WAIT and not shop.total.stop()
    if waits:
        _say_when(draft, run)
    draft.next_steps += by_hand(draft)
    report = draft.report(run.active_seconds(), shop.commands(), shop.phases(), shop.used())
    # Before the end is recorded: a run that has ended is not resumed, so nothing of it may be left by then.
    shop.close()
    path = write_report(report, output_folder(shop), mask=shop.masker.mask)
    if report.outcome is Outcome.CANCELLED:
        if isinstance(error, KeyboardInterrupt) and not isinstance(error, TerminatedError):
            run.interrupt()
        return Finished(report, path)  # Its state is said already: cancelled by somebody, or left to be resumed.
    if waits and draft.passing is not None:
        run.put_off(draft.obstacle, draft.passing.at)
        return Finished(report, path)
    result: JsonValue = {
        "outcome": report.outcome.value,
        "report": str(path),
        "failure": report.failure.fingerprint if report.failure else "",
        "tokens": report.tokens,
        "cost": report.cost,
        "credits": report.credits,
    }
    if report.outcome in {Outcome.CRASHED, Outcome.DEPENDENCY}:
        run.fail(report.error, result)
    else:
        run.finish(result)
    if error is not None:
        raise error
    return Finished(report, path)
