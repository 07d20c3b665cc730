"""`fixer explain EXECUTION`: which step failed, why, and what would mend it, in plain words."""

import codecs
import contextlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from fixer.cli.base import (
    loaded_settings,
    may_have_settings,
    named_workspace,
    option_for_repo,
    print_result,
    project_folder,
    say,
    without_plugins,
)
from fixer.errors import ConfigError
from fixer.terminal import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fixer.explaining.explain import Second
    from fixer.journal import Journal
    from fixer.schema.execution_record import ExecutionRecord
    from fixer.schema.explanation import Explanation
    from fixer.schema.workspace import Workspace

COMMAND = "explain"
PANEL = "Repair"
ORDER = 30
_KEYS: "dict[str, Any]" = {
    "explanation": True,
    "root_cause": True,
    "failed_step": True,
    "suggested_fixes": {"__all__": {"type", "description", "action", "auto_fix_available", "preview"}},
    "pattern_detected": True,
    "available_templates": True,
    "integration_status": True,
}
"""What `--json` prints: these keys and no other, for programs that know this form (spec E2)."""
_LOOKED_AT = 4096
"""Bytes of a file that tell a record from a log."""
_MOST = 16 * 1024 * 1024 + 1
"""Bytes that are read of a record: more than one may have, so that it is refused without being read."""


def command(
    execution: Annotated[
        str,
        typer.Argument(help="A record (JSON), a log, a run's id, a GitHub URL, or - for standard input."),
    ],
    *,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", help="A workspace file: templates, integrations, agents, quotas.")
    ] = None,
    workspace_id: Annotated[
        str | None,
        typer.Option(
            "--workspace-id",
            callback=lambda name: None if name is None else named_workspace(name),
            help="The workspace that it must belong to.",
        ),
    ] = None,
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say which step of a failed execution failed, why, and how to mend it.

    What can be mended at once is offered as a fix: `fixer fix show` shows its diff, `fixer fix apply` applies it
    after a yes. Each execution is recorded once, so that failures that keep coming are noticed.

    Example: `fixer explain execution.json --workspace workspace.json`
    """
    with without_plugins():
        _explain(execution, workspace, workspace_id, repo, as_json=as_json)


def _explain(
    execution: str, workspace: Path | None, workspace_id: str | None, repo: Path | None, *, as_json: bool
) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 - `--help` must not pay for what a command needs

    from fixer.explaining.explain import Shelf, explain  # noqa: PLC0415
    from fixer.input.workspace_file import read_workspace  # noqa: PLC0415
    from fixer.journal import open_journal  # noqa: PLC0415
    from fixer.schema.workspace import Workspace  # noqa: PLC0415

    given = read_workspace(workspace) if workspace else Workspace()
    if not execution.strip():
        raise ConfigError("the name of the execution is empty", "give a record as JSON, a log, or a run's id")
    root = project_folder(repo)
    wanted = _wanted(workspace_id, given)
    from_input = _from_input(execution, wanted)
    with open_journal(root / ".fixer") as journal:
        record = from_input or _recorded(execution, wanted or "default", journal)
        if wanted and "workspace" in record.model_fields_set and record.workspace != wanted:
            raise ConfigError(
                f"execution {record.id} was not found in workspace '{wanted}'",
                "name its own workspace: --workspace-id, or another --workspace file",
            )
        record = record.model_copy(update={"workspace": wanted or record.workspace})
        shelf = Shelf.of(journal, record.workspace)
        if given.credits is not None:
            shelf.ledger.grant_up_to(given.credits)
        with _model(root) as ask:
            told = explain(record, given, shelf, datetime.now(UTC), ask)
        paused = [one for one in shelf.executions.pauses.all() if one.agent == record.agent]
    for one in paused:
        say(clean_line(f"agent '{one.agent}' is paused: {one.reason}"))
    if as_json:
        _print_json(told)
    else:
        _print(told, record, given, option_for_repo(root))


def _wanted(workspace_id: str | None, given: "Workspace") -> str:
    """Return the one workspace that the command is bound to; empty: the record says it.

    Raises:
        ConfigError: the workspace file is of another one than was named: its templates and credits are not theirs.
    """
    of_file = given.id if "id" in given.model_fields_set else ""
    if workspace_id and of_file and workspace_id != of_file:
        raise ConfigError(
            f"{given.path} is the file of workspace '{of_file}', and --workspace-id names '{workspace_id}'",
            "leave --workspace-id out, or give the file of that workspace",
        )
    return workspace_id or of_file


@contextlib.contextmanager
def _model(root: Path) -> "Iterator[Second | None]":
    """Give what asks the model of the settings and the environment; None where there is none. Says what it cost."""
    import os  # noqa: PLC0415

    if not may_have_settings(root) and not {"GEMINI_API_KEY", "GOOGLE_API_KEY"} & os.environ.keys():
        yield None
        return
    settings = loaded_settings(root).settings
    from fixer.llm.access import find_model  # noqa: PLC0415 - knows no kind of model yet

    if find_model(settings.model, os.environ) is None:
        yield None
        return
    from fixer.explaining.with_model import SECONDS, second  # noqa: PLC0415
    from fixer.llm import CallBudget, open_model  # noqa: PLC0415
    from fixer.prompts import load_prompt  # noqa: PLC0415
    from fixer.redact import Masker  # noqa: PLC0415

    mask = Masker(os.environ).mask
    model = open_model(settings.model, os.environ, mask=mask, folder=root)
    if model is None:
        yield None
        return
    budget = CallBudget.of_run(settings.agent)
    yield second(model.within(budget), mask, load_prompt("explain", root), SECONDS)
    if budget.spent.calls:
        say(f"{model.name}: {budget.spent.tokens} tokens, {budget.spent.usd:.4f} US dollars")


def _from_input(execution: str, workspace: str) -> "ExecutionRecord | None":
    """Read what was named as a file, an address or standard input; None: it is none of these."""
    if execution == "-":
        return _of_stream(sys.stdin.buffer, execution, workspace)
    if execution.startswith(("http://", "https://")):
        return _from_log(execution, None, workspace)
    path = Path(execution).expanduser()
    try:
        if not path.exists() or path.is_dir():
            return _from_log(execution, None, workspace) if path.is_dir() else None
        with path.open("rb") as file:
            if not path.is_file():
                # A pipe, such as <(command) of a shell: it can be read once.
                return _of_stream(file, execution, workspace)
            start = file.read(_LOOKED_AT)
            if path.suffix != ".json" and not _is_json(start):
                return _from_log(execution, None, workspace)
            return _record(start + file.read(_MOST), execution)
    except OSError as error:
        raise ConfigError(f"{execution} could not be read: {error.strerror}", "check its rights: ls -l") from error


def _of_stream(stream: "BinaryIO", name: str, workspace: str) -> "ExecutionRecord":
    """Read a record or a log, of which only the former has a limit."""
    start = stream.read(_LOOKED_AT)
    if _is_json(start):
        return _record(start + stream.read(_MOST), name)
    return _from_log(name, start + stream.read(), workspace)


def _is_json(start: bytes) -> bool:
    """Whether a record begins so, in whatever encoding: a wrong one is refused with its name, and is no log."""
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_BE):
        start = start.removeprefix(mark)
    plain = start.replace(b"\0", b"").lstrip()
    # An array that opens with a bracket may be a line of a log: [INFO], [12:00:01].
    return plain.startswith(b"{") or re.match(rb"\[\s*(?:[{\"]|\]\s*$)", plain) is not None


def _record(data: bytes, file: str) -> "ExecutionRecord":
    from fixer.input.execution_file import parse_execution  # noqa: PLC0415

    return parse_execution(data, file)


def _from_log(given: str, data: bytes | None, workspace: str) -> "ExecutionRecord":
    import io  # noqa: PLC0415

    from fixer.cli.logs import opened  # noqa: PLC0415
    from fixer.distiller import distill  # noqa: PLC0415
    from fixer.explaining.origins import log  # noqa: PLC0415

    files, reports = opened(given) if data is None else ([(None, io.BytesIO(data))], [])
    summary = distill(given, files, reports=reports)
    if summary.lines == 0:
        raise ConfigError(f"the log is empty: {given}", "give the log of a run that failed")
    job = "log" if given == "-" else given.partition("/actions/")[0] if "://" in given else clean_line(Path(given).name)
    return log.record_of(summary, job, workspace or "default")


def _recorded(execution: str, workspace: str, journal: "Journal") -> "ExecutionRecord":
    """Find a run of fixer's own, or an execution that was explained before."""
    from fixer.explaining.origins import run  # noqa: PLC0415
    from fixer.journal.executions import Executions  # noqa: PLC0415

    known = Executions(journal.database, journal.now, workspace).load(execution)
    if known is not None:
        return known[0]
    if run.known(journal, execution):
        return run.record_of(journal, execution, workspace)
    raise ConfigError(
        f"there is no execution '{execution}': no file, no run, and none recorded in workspace '{workspace}'",
        "give a record as JSON, a log, a run's id (`fixer runs`), a GitHub URL, or - for standard input",
    )


def _print_json(told: "Explanation") -> None:
    import json  # noqa: PLC0415
    import os  # noqa: PLC0415

    from fixer.redact import Masker, masked  # noqa: PLC0415

    shown = told.model_dump(mode="json", by_alias=True, include=_KEYS)
    sys.stdout.write(json.dumps(masked(shown, Masker(os.environ).mask), indent=2) + "\n")


def _print(told: "Explanation", record: "ExecutionRecord", workspace: "Workspace", option: str) -> None:
    import os  # noqa: PLC0415

    from fixer.explaining.causes.reading.names import line  # noqa: PLC0415
    from fixer.redact import Masker  # noqa: PLC0415
    from fixer.schema.workspace import option_for  # noqa: PLC0415

    failed = told.failed_step
    where = "the execution failed outside of its steps"
    if failed is not None and failed.step_number:
        where = f"step {failed.step_number} of {len(record.steps)} failed: {failed.action}"
    # Names and errors come from outside: none of them may look like a line of the answer.
    lines = [f"✗ {clean_line(f'{record.agent}: {where}' if record.agent else where)}", ""]
    if failed is not None and failed.error.strip():
        lines += [f"  error   {clean_line(line(failed.error, 300))}"]
    lines += [f"  cause   {told.root_cause.value}", f"  why     {clean_line(told.explanation)}", ""]
    for number, fix in enumerate(told.suggested_fixes, 1):
        apply = f"fixer fix apply {fix.id}{option_for(told.workspace)}{option}"
        lines.append(f"  fix {number}   {clean_line(fix.description)}")
        lines.append(f"          {apply if fix.auto_fix_available else clean_line(fix.action)}")
    if told.retry_at:
        lines.append(f"\n  from {told.retry_at} on it is worth trying again")
    if told.pattern_detected.is_pattern:
        recommended = " ".join(told.pattern_detected.recommendation.splitlines())
        lines.append(f"\n  ! {recommended}{option and f' (from here with{option})'}")
    print_result(Masker(os.environ).mask("\n".join(lines)))
    if told.note:
        say(clean_line(told.note))
    if not workspace.path:
        say("with --workspace FILE the fixes name what exists there, and can be applied")
