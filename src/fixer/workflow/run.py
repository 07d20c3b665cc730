"""One run of a workflow: its steps go in, a report comes out, whatever happens in between."""

import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fixer.errors import BudgetError, ConfigError, DependencyError, ExitCode, FixerError, PolicyError
from fixer.input.known_commands import KnownCommands
from fixer.interrupts import TerminatedError, unhurried
from fixer.journal import INTERRUPTED, FencedError, Journal, OwnedRun, RunState, how_it_goes_on
from fixer.redact import Masker
from fixer.reporters.files import write_report
from fixer.schema.base import content_id
from fixer.schema.settings import Settings
from fixer.schema.workflow import Workflow
from fixer.schema.workflow_report import WorkflowOutcome, WorkflowReport
from fixer.spending import in_result, spent_by
from fixer.workflow.command import Commands
from fixer.workflow.draft import EXIT_CODES, Draft
from fixer.workflow.given import Given
from fixer.workflow.ready import refuse_unready
from fixer.workflow.run_log import FILE, RunLog
from fixer.workflow.screen import Screen
from fixer.workflow.services import Ground, Services, services_for
from fixer.workflow.steps import Steps
from fixer.workflow.working import Worker

if TYPE_CHECKING:
    from pydantic import JsonValue

T = TypeVar("T")
KIND = "workflow"


@dataclass(frozen=True)
class Finished:
    """How a run ended."""

    report: WorkflowReport
    path: Path
    """The Markdown report."""

    @property
    def exit_code(self) -> ExitCode:
        """The code that the shell sees."""
        return EXIT_CODES[self.report.outcome]


def start(  # noqa: PLR0913, PLR0917 - one argument a kind of input
    workflow: Workflow,
    path: Path,
    repository: Path,
    settings: Settings,
    journal: Journal,
    argument: str | None = None,
    services: Services | None = None,
) -> Finished:
    """Record a run and work on it to its end; the same input finds its own killed run and goes on with it.

    Raises:
        FixerError: the workflow needs what is not there, the journal cannot be written, or a live process works on
            the same input. Whatever goes wrong later is an ending with a report.
    """
    services = services or services_for(settings)
    refuse_unready(workflow, KnownCommands(repository, services.tools), services, argument)
    given = Given(
        workflow=workflow,
        workflow_path=str(path.resolve()),
        repository=str(repository),
        settings=settings,
        argument=argument,
    )
    key = content_id("workflow", given.model_dump_json())
    record = journal.submit(KIND, given.model_dump(mode="json"), key)
    if record.given_back and record.given_back != INTERRUPTED:
        # Whoever types it now means the project as it is now: its steps ran on files that may be others since.
        record = journal.submit(KIND, given.model_dump(mode="json"), key, fresh=True)
    if record.state is RunState.DEAD:
        Screen(Masker(os.environ).mask).say(
            f"going on with run {record.id}, which was stopped; `fixer cancel {record.id}` first to begin anew"
        )
    return resume(journal, record.id, services)


def resume(journal: Journal, run_id: str, services: Services | None = None) -> Finished:
    """Go on with a run from its last finished step.

    Raises:
        FixerError: there is no such run, it is finished, or a live process works on it.
    """
    with journal.own(run_id) as run:
        given = Given.model_validate(run.given)
        # Waiting for the disk would cost more than many a step.
        run.durable_steps = False
        masker = Masker(os.environ)
        folder = Path(given.repository) / ".fixer" / "runs" / run.id
        folder.mkdir(parents=True, exist_ok=True)
        log = RunLog(folder / FILE)
        draft = Draft(run_id=run.id, started=run.started, given=given)
        with Screen(masker.mask) as screen, Commands(run, masker.mask, screen) as commands:
            steps = _steps(run, given, commands, screen, log, masker, services or services_for(given.settings))
            error = _work(draft, steps)
        with unhurried():
            return _end(draft, steps, log, run, error, masker)


def _steps(  # noqa: PLR0913, PLR0917 - what one run is made of
    run: OwnedRun,
    given: Given,
    commands: Commands,
    screen: Screen,
    log: RunLog,
    masker: Masker,
    services: Services,
) -> Steps:
    def talk(text: str) -> None:
        screen.say(f"    {text}")

    ground = Ground(Path(given.repository), given.settings, run, talk, masker.mask)
    worker = Worker(
        known=KnownCommands(Path(given.repository), services.tools),
        commands=commands,
        log=log,
        masker=masker,
        analyst=_made(services.analyst, ground, "an analysis tool"),
        agent=_made(services.agent, ground, "an agent"),
        warn=lambda text: screen.say(f"    warning: {text}"),
    )
    recoverer = None if services.recoverer is None else _made(services.recoverer, ground, "recovery")
    return Steps(run, given, worker, screen, recoverer)


def _made(make: Callable[[Ground], T] | None, ground: Ground, what: str) -> Callable[[], T]:
    """Return what makes a service when it is first needed, and once."""
    made: list[T] = []

    def service() -> T:
        if make is None:
            # It was there when the run began; a resumed run may meet other settings.
            raise ConfigError(f"the workflow needs {what}, and there is none any more", "fixer doctor FILE names it")
        if not made:
            made.append(make(ground))
        return made[0]

    return service


def _work(draft: Draft, steps: Steps) -> BaseException | None:
    """Go through the steps; return what ended them early, where something did."""
    again = f"fixer run {shlex.quote(draft.given.workflow_path)}"
    try:
        draft.end_by_itself(steps, came_to_its_end=steps.go())
    except FencedError as error:
        draft.end(WorkflowOutcome.CANCELLED, "The run was cancelled.", f"start again: {again}")
        return error
    except PolicyError as error:
        draft.end(WorkflowOutcome.REFUSED, f"Refused: {error.message}", error.hint)
    except BudgetError as error:
        draft.end(WorkflowOutcome.OUT_OF_TIME, error.message, error.hint)
        draft.obstacle, draft.passing = error.message, error.passing
    except KeyboardInterrupt as error:
        go_on = f"go on with it: fixer resume {draft.run_id}"
        draft.end(WorkflowOutcome.CANCELLED, "The run was interrupted.", go_on)
        return error
    except DependencyError as error:
        draft.end(
            WorkflowOutcome.DEPENDENCY, error.message, error.hint, "" if error.passing else f"then try again: {again}"
        )
        draft.error = error.message
        draft.obstacle, draft.passing = error.message, error.passing
    except FixerError as error:
        draft.end(WorkflowOutcome.FAILED, error.message, error.hint)
        draft.error = error.message
    except Exception as error:  # noqa: BLE001 - a bug: the report says so, then cli/app.py shows it as one
        words = f"{type(error).__name__}: {error}"
        draft.end(
            WorkflowOutcome.CRASHED, f"fixer itself failed: {words}", "report it, with the log named on the screen"
        )
        draft.error = words
        return error
    return None


def _end(  # noqa: PLR0913, PLR0917 - what one run is made of
    draft: Draft, steps: Steps, log: RunLog, run: OwnedRun, error: BaseException | None, masker: Masker
) -> Finished:
    """Write the report, then say in the journal how it ended; a bug goes on to `cli/app.py`."""
    if draft.passing is not None:
        due = run.put_off_until(draft.passing.at)
        draft.next_steps.insert(0, f"the run {how_it_goes_on(run.id, due)}")
    used = spent_by(run)
    report = draft.report(run.active_seconds(), steps, log, used)
    output = Path(draft.given.repository) / draft.given.settings.output_dir
    path = write_report(report, output, mask=masker.mask)
    if report.outcome is WorkflowOutcome.CANCELLED:
        if isinstance(error, KeyboardInterrupt) and not isinstance(error, TerminatedError):
            run.interrupt()
        return Finished(report, path)  # Its state is said already: cancelled by somebody, or left to be resumed.
    if draft.passing is not None:
        if report.outcome is WorkflowOutcome.OUT_OF_TIME:
            steps.wait()
        run.put_off(draft.obstacle, draft.passing.at)
        return Finished(report, path)
    result: JsonValue = {"outcome": report.outcome.value, "report": str(path), **in_result(used)}
    if report.outcome is WorkflowOutcome.DONE:
        run.finish(result)
    else:
        run.fail(report.error or report.summary, result)
    if error is not None:
        raise error
    return Finished(report, path)
