"""The command line: the only broad except, and the only place where an error becomes an exit code."""

import contextlib
import importlib
import io
import os
import pkgutil
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, ModuleType
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

import fixer
from fixer import cli
from fixer.cli.base import PANELS, say
from fixer.errors import ConfigError, DependencyError, ExitCode, FixerError, InterruptedRunError
from fixer.interrupts import TerminatedError
from fixer.own_files import make_ignored

HELP = """A red CI build in, a verified fix out, or the evidence of why there is none.

Example: `fixer init`, then `fixer run info.json`. It needs no account, no key and no network."""
_NOT_COMMANDS = {"app", "base"}
_RECORDED = {"run", "resume", "analyze"}
"""Commands that are a run of the journal."""
_COMPLETION = "_FIXER_COMPLETE"


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code (spec A8). No exception leaves it, no traceback is shown."""
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A log may hold what the user's encoding has no letter for; that must not end a run.
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _stop)
    try:
        return _run(list(arguments))
    except Exception as error:  # noqa: BLE001 - the one place: a bug ends as exit code 70 with its log, not as a trace
        return _report_bug(error)


def _open_streams() -> None:
    """Lead streams that were closed (`>&-`) nowhere: a file that is opened later must not get their number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            stream = open(number, "w" if number else "r", encoding="utf-8", closefd=False)  # noqa: SIM115 - stays open
            setattr(sys, name, stream)


def _run(arguments: list[str]) -> int:
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`head`, a pager) has what it wanted; the interpreter's own last flush must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except FixerError as error:
        return _explain(error)
    except OSError as error:
        if not _unwritable_stdout():
            raise
        hint = "give what stdout leads to room; what was recorded is kept: `fixer runs`, `fixer report`"
        return _explain(DependencyError(f"the result could not be written to stdout: {error.strerror}", hint))
    except (KeyboardInterrupt, typer.Abort):
        goes_on = any(word in _RECORDED for word in arguments)
        hint = "`fixer resume` goes on where it stopped" if goes_on else "type it again"
        return _explain(InterruptedRunError("stopped before it was done", hint))
    except TyperException as error:
        return _explain(_usage_error(error, arguments))
    return code


def _unwritable_stdout() -> bool:
    """Whether stdout refuses what is left in its buffer; then it leads nowhere from now on."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True
    return False


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Make SIGTERM end a run the way Ctrl-C does."""
    raise TerminatedError


def _dispatch(arguments: list[str]) -> int:
    group = build(arguments)
    if _COMPLETION in os.environ:
        group.main(arguments, prog_name="fixer", complete_var=_COMPLETION)
    try:
        # Not `main`: it would turn Ctrl-C into a silent exit before this module could say how to resume.
        with group.make_context("fixer", arguments) as context:
            result = group.invoke(context)
    except typer.Exit as stop:
        return stop.exit_code
    return result if isinstance(result, int) else ExitCode.OK


class Commands(TyperGroup):
    """The group of all commands; an unknown one is answered in fixer's own form."""

    def resolve_command(self, ctx, args):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201, D102 - types are typer's private ones
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            from fixer.input.problems import nearest  # noqa: PLC0415 - only needed for a slip

            near = nearest(name, self.commands)
            hint = f"did you mean `fixer {near}`? " if near else ""
            raise ConfigError(f"there is no command '{name}'", f"{hint}`fixer --help` lists every command")
        return super().resolve_command(ctx, args)


def build(arguments: Sequence[str] = ()) -> TyperGroup:
    """Return the command line: with the one command that the arguments name, else with all that the folder holds."""
    app = typer.Typer(
        cls=Commands,
        help=HELP,
        invoke_without_command=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_main)
    for module in _named_module(arguments) or command_modules():
        app.command(module.COMMAND, rich_help_panel=module.PANEL)(module.command)
    group = typer.main.get_command(app)
    assert isinstance(group, Commands)
    everywhere = [option for option in group.params if option.name in {"verbose", "no_color"}]
    for command in group.commands.values():
        command.params.extend(everywhere)
    return group


def _named_module(arguments: Sequence[str]) -> list[ModuleType]:
    """Import the one command that is asked for, which takes a tenth of what all of them take; nothing where none is."""
    name = next((word for word in arguments if not word.startswith("-")), "")
    if name not in _files() or _COMPLETION in os.environ:
        return []
    module = _command_module(name)
    return [module] if name == module.COMMAND else []


def command_modules() -> list[ModuleType]:
    """Import every module of this folder that is a command, in the order of `fixer --help`."""
    modules = [_command_module(name) for name in _files()]
    return sorted(modules, key=lambda m: (PANELS.index(m.PANEL), m.ORDER, m.COMMAND))


def _files() -> list[str]:
    return [info.name for info in pkgutil.iter_modules(cli.__path__) if info.name not in _NOT_COMMANDS]


def _command_module(name: str) -> ModuleType:
    module = importlib.import_module(f"{cli.__name__}.{name}")
    missing = [name for name in ("COMMAND", "PANEL", "ORDER", "command") if not hasattr(module, name)]
    if missing or module.PANEL not in PANELS:
        raise FixerError(
            f"{module.__file__} is not a command: it lacks {', '.join(missing) or 'a known PANEL'}",
            "see src/fixer/cli/base.py for what a command defines",
        )
    return module


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - the form of a typer callback
    if wanted:
        sys.stdout.write(f"fixer {fixer.__version__}\n")
        raise typer.Exit


def _log_everything(wanted: bool) -> None:  # noqa: FBT001 - the form of a typer callback
    if not wanted and os.environ.get("DEBUG", "") in {"", "0"}:
        return
    import logging  # noqa: PLC0415 - most commands log nothing

    class SafeHandler(logging.Handler):
        """Prints log records on stderr, cleaned like everything else."""

        def emit(self, record: logging.LogRecord) -> None:
            when = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
            say(_masked(f"{when} {record.levelname.lower()} {record.name}: {record.getMessage()}"))

    log = logging.getLogger("fixer")
    if not log.handlers:
        log.addHandler(SafeHandler())
    log.setLevel(logging.DEBUG)


def _switch_colour_off(wanted: bool) -> None:  # noqa: FBT001 - the form of a typer callback
    if wanted:
        os.environ["NO_COLOR"] = "1"
        os.environ.pop("FORCE_COLOR", None)


def _main(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback acts
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave.")
    ] = False,
    verbose: Annotated[  # noqa: ARG001
        bool,
        typer.Option(
            "--verbose",
            "-v",
            callback=_log_everything,
            expose_value=False,
            help="Show every command and its result on stderr (as DEBUG=1 does).",
        ),
    ] = False,
    no_color: Annotated[  # noqa: ARG001
        bool,
        typer.Option(
            "--no-color", callback=_switch_colour_off, is_eager=True, expose_value=False, help="Print without colours."
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")
        raise typer.Exit(ExitCode.USAGE)


def _explain(error: FixerError) -> int:
    with contextlib.suppress(BrokenPipeError):
        say(_masked(f"error: {error.message}\nhint: {error.hint}"))
    return int(error.code)


def _masked(text: str) -> str:
    """Take the secrets of the environment out of a text: a log and a terminal are read by others, too."""
    from fixer.redact import Masker  # noqa: PLC0415 - only where something is said

    return Masker(os.environ).mask(text)


def _usage_error(error: TyperException, arguments: Sequence[str]) -> ConfigError:
    context = getattr(error, "ctx", None)
    names = {module.COMMAND for module in command_modules()}
    typed = next((word for word in arguments if word in names), "")
    path = context.command_path if context is not None else f"fixer {typed}".strip()
    message = " ".join(error.format_message().replace("Value error, ", "").split()).rstrip(".")
    return ConfigError(message, f"`{path} --help` shows what it takes")


def _report_bug(error: Exception) -> int:
    """Write the traceback into a log and name the log: a user needs the path, a maintainer needs the rest."""
    import traceback  # noqa: PLC0415 - only a bug pays for it

    text = "".join(traceback.format_exception(error))
    details = f"fixer {fixer.__version__}, Python {sys.version}, {sys.platform}\narguments: {sys.argv[1:]}\n\n{text}"
    try:
        where = str(_write_crash_log(_masked(details)))
    except OSError as reason:
        where = f"nowhere (it could not be written: {reason})"
    with contextlib.suppress(BrokenPipeError):
        say(f"error: fixer has a bug ({type(error).__name__}); what happened is in {where}")
        say("hint: `fixer resume` may go on with the run; please report the bug with that file")
    return int(ExitCode.BUG)


def _write_crash_log(details: str) -> Path:
    import tempfile  # noqa: PLC0415 - only a bug pays for it

    name = f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.log"
    try:
        return _write_private(_state_folder() / name, details)
    except OSError:
        return _write_private(Path(tempfile.gettempdir()) / name, details)


def _state_folder() -> Path:
    """Return the state folder of the repository around here.

    Raises:
        OSError: there is no repository, or no folder that may be written to.
    """
    here = Path.cwd()
    folder = next(place for place in (here, *here.parents, None) if place is None or (place / ".git").exists())
    if folder is None or (folder / ".fixer").is_symlink():
        raise OSError("there is no state folder here")
    make_ignored(folder / ".fixer")
    return folder / ".fixer"


def _write_private(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
    path.chmod(0o600)
    return path
