"""`fixer init`: writes a first `info.json` or workflow, and explains it."""

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from fixer.cli.base import print_result, project_folder, say
from fixer.errors import ConfigError
from fixer.own_files import replace

COMMAND = "init"
PANEL = "Set up"
ORDER = 10
FILE = "info.json"
WORKFLOW = "workflow.yml"
FIRST_WORKFLOW = Path(__file__).with_name("first_workflow.yml")
LOGS = ("build.log", "ci.log", "test.log", "logs", "log.txt")
PROMPT = "Replace this text: what failed, since when, and what you expected. One or two sentences are enough."
EXPLANATION = """
  deterministic       true: it fails every time; false: it comes and goes
  prompt              what you know about the failure, in your own words
  raw-logs            the CI log: a file or folder relative to info.json, or the text itself
  existing-test-path  instead of a log: a test that shows the failure, such as tests/test_cart.py::test_total
  url                 instead of raw-logs: the address of a GitHub Actions run or job
"""


def command(
    *,
    workflow: Annotated[bool, typer.Option("--workflow", help="Write a first workflow instead.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
    log: Annotated[str | None, typer.Option("--log", help="Path of the CI log, relative to here.")] = None,
    repo: Annotated[Path | None, typer.Option("--repo", help="The project's folder; default: found from here.")] = None,
) -> None:
    """Write a first info.json, or a first workflow, into the project and explain its keys. Nothing is asked.

    Example: `fixer init --log build.log`
    """
    folder = project_folder(repo)
    if workflow:
        _write_workflow(folder / WORKFLOW, force=force)
        return
    path = folder / FILE
    if _taken(path) and not force:
        raise ConfigError(f"{path} exists already", "edit it, or replace it with `fixer init --force`")
    chosen = _log_of(folder, log)
    content = {"deterministic": True, "prompt": PROMPT, "raw-logs": chosen}
    _write(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    print_result(str(path))
    say(f"wrote {path}. What stands in it:\n{EXPLANATION}")
    if not (folder / chosen).exists():
        say(f"first: save the CI log as {folder / chosen}, or name another file under raw-logs")
    say("next: edit the prompt, then `fixer doctor info.json`, then `fixer run info.json`")


def _write_workflow(path: Path, *, force: bool) -> None:
    if _taken(path) and not force:
        raise ConfigError(f"{path} exists already", "edit it, or replace it with `fixer init --workflow --force`")
    _write(path, FIRST_WORKFLOW.read_text(encoding="utf-8"))
    print_result(str(path))
    say(f"wrote {path}; its comments say what each key means")
    say(f"next: edit the commands, then `fixer doctor {path.name}`, then `fixer run {path.name}`")


def _log_of(folder: Path, named: str | None) -> str:
    """Return the log's path as it stands in info.json: the one named, else one that is there, else an example."""
    if named is None:
        return next((name for name in LOGS if (folder / name).exists()), LOGS[0])
    path = Path.cwd() / named
    if not path.exists():
        raise ConfigError(f"the log {path} does not exist", "name a file or folder that does: fixer init --log PATH")
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


def _taken(path: Path) -> bool:
    """Whether anything has the name; also a link to where nothing is yet, which the file would be written through."""
    return path.exists() or path.is_symlink()


def _write(path: Path, text: str) -> None:
    try:
        replace(path, text.encode())
    except OSError as error:
        hint = f"check the rights of the folder: ls -ld {shlex.quote(str(path.parent))}"
        raise ConfigError(f"{path} could not be written: {error.strerror}", hint) from error
