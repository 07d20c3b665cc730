"""The frame around every command: help, version, errors, signals, bugs."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from fixer import __version__
from fixer.cli.app import command_modules, run
from fixer.errors import (
    BudgetError,
    ConfigError,
    DependencyError,
    ExitCode,
    FixerError,
    InterruptedRunError,
    PolicyError,
)
from tests.conftest import SOURCE, Fixer

HEAVY = ("git", "libcst", "pytest", "ruamel", "tomlkit", "pydantic", "rapidfuzz", "sqlite3", "junitparser")


def test_help_lists_every_command_with_its_purpose(fixer: Fixer) -> None:
    done = fixer("--help", env={"COLUMNS": "160"})
    assert done.code == ExitCode.OK
    assert not done.stderr
    for module in command_modules():
        line = next(line for line in done.stdout.splitlines() if f" {module.COMMAND} " in line)
        assert len(line.replace("│", "").split()) > 3, f"{module.COMMAND} says nothing about itself"


@pytest.mark.parametrize("module", command_modules(), ids=lambda module: str(module.COMMAND))
def test_each_command_has_help_with_an_example(module: object, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(vars(module)["COMMAND"])
    assert run([name, "--help"]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert "Example: " in shown
    assert f"fixer {name}" in " ".join(shown.split())


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from fixer.cli.app import run; run(['--help']); print(*sys.modules, sep='\\n', file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True
    )
    assert not [name for name in HEAVY if name in done.stderr.splitlines()]


def test_the_users_project_does_not_stand_in_for_what_fixer_imports(fixer: Fixer, repository: Path) -> None:
    (repository / "yaml").mkdir()
    (repository / "yaml" / "__init__.py").write_text("raise ImportError('the project is broken')\n", encoding="utf-8")
    (repository / "typer.py").write_text("raise ImportError('the project is broken')\n", encoding="utf-8")
    assert fixer("--help", cwd=repository).code == 0


def test_completion_offers_commands(fixer: Fixer) -> None:
    asked = {"_FIXER_COMPLETE": "complete_bash", "COMP_WORDS": "fixer do", "COMP_CWORD": "1"}
    done = fixer(env=asked)
    assert (done.code, done.stdout.split(), done.stderr) == (ExitCode.OK, ["doctor"], "")


def test_version(fixer: Fixer) -> None:
    done = fixer("--version")
    assert (done.code, done.stdout, done.stderr) == (ExitCode.OK, f"fixer {__version__}\n", "")


def test_no_command_is_a_usage_error_with_help(fixer: Fixer) -> None:
    done = fixer()
    assert done.code == ExitCode.USAGE
    assert "Usage: fixer" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["doctr"], "there is no command 'doctr'", "did you mean `fixer doctor`?"),
        (["xyzzy"], "there is no command 'xyzzy'", "`fixer --help` lists every command"),
        (["doctor", "--jsn"], "No such option: --jsn", "`fixer doctor --help`"),
        (["--nope"], "No such option: --nope", "`fixer --help`"),
        (["schema"], "Missing argument", "`fixer schema --help`"),
        (["schema", "inf"], "'inf' is not one of 'info', 'config'", "`fixer schema --help`"),
        (["schema", "info", "more"], "unexpected extra argument", "`fixer schema --help`"),
        (["doctor", "--repo"], "requires an argument", "`fixer doctor --help`"),
        (["doctr\x1b[31m"], "there is no command 'doctr'", "did you mean"),
    ],
)
def test_usage_errors(arguments: list[str], message: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert not printed.out
    first, second = printed.err.splitlines()
    assert first.startswith("error: ")
    assert message in first
    assert second.startswith("hint: ")
    assert hint in second
    assert "\x1b" not in printed.err


def run_with(
    code: str, cwd: Path, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line with one more command in its folder, `boom`, whose body is `code`."""
    program = f"""
import sys, types
from fixer import cli
from fixer.cli import app
module = types.ModuleType("fixer.cli.boom")
exec({code!r}, module.__dict__)
module.COMMAND, module.PANEL, module.ORDER = "boom", "Set up", 1
found = app.command_modules()
app.command_modules = lambda: [*found, module]
sys.exit(app.run(["boom", *{arguments!r}]))
"""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "TMPDIR": str(cwd), **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "error",
    [FixerError, ConfigError, DependencyError, BudgetError, PolicyError, InterruptedRunError],
    ids=lambda error: str(error.code.name),
)
def test_each_error_has_its_exit_code_and_two_lines(error: type[FixerError], tmp_path: Path) -> None:
    code = f"from fixer.errors import {error.__name__}\ndef command(): raise {error.__name__}('it broke', 'mend it')"
    done = run_with(code, tmp_path)
    assert done.returncode == error.code
    assert done.stderr == "error: it broke\nhint: mend it\n"
    assert not done.stdout


@pytest.mark.parametrize(("body", "expected"), [("return 1", 1), ("return None", 0), ("raise SystemExit(4)", 4)])
def test_a_command_gives_its_exit_code(body: str, expected: int, tmp_path: Path) -> None:
    assert run_with(f"def command():\n    {body}", tmp_path).returncode == expected


@pytest.mark.parametrize("in_repository", [True, False])
def test_a_bug_ends_as_70_with_a_log_and_no_traceback(in_repository: bool, tmp_path: Path) -> None:  # noqa: FBT001
    if in_repository:
        (tmp_path / ".git").mkdir()
    (tmp_path / "inner").mkdir()
    done = run_with("def command():\n    secret_of_the_code = 1 / 0", tmp_path / "inner")
    assert done.returncode == ExitCode.BUG
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 2
    path = Path(next(word for word in done.stderr.split() if "crash-" in word))
    assert path.parent == (tmp_path / ".fixer" if in_repository else tmp_path / "inner")
    log = path.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log
    assert "line 2, in command" in log
    assert path.stat().st_mode & 0o077 == 0
    if in_repository:
        assert (tmp_path / ".fixer" / ".gitignore").read_text(encoding="utf-8") == "*\n"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_as_130(sent: signal.Signals, tmp_path: Path) -> None:
    done = run_with(f"import os\ndef command(): os.kill(os.getpid(), {int(sent)})\n", tmp_path)
    assert done.returncode == ExitCode.INTERRUPTED
    assert done.stderr == "error: stopped before it was done\nhint: type it again\n"


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    body = "import sys\ndef command():\n    for _ in range(100000): sys.stdout.write('a line of text\\n')"
    program = tmp_path / "program.sh"
    program.write_text('"$@" 2>err | head -n 1\necho "${PIPESTATUS[0]}"\n', encoding="utf-8")
    code = textwrap.dedent(f"""
        import sys, types
        from fixer.cli import app
        module = types.ModuleType("boom")
        exec({body!r}, module.__dict__)
        module.COMMAND, module.PANEL, module.ORDER = "boom", "Set up", 1
        app.command_modules = lambda: [module, module]
        sys.exit(app.run(["boom"]))
    """)
    done = subprocess.run(
        ["bash", program, sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "a line of text\n0\n"
    assert (tmp_path / "err").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(("arguments", "env"), [(["-v"], {}), ([], {"DEBUG": "1"})], ids=["option", "variable"])
def test_verbose_logs_on_stderr(arguments: list[str], env: dict[str, str], tmp_path: Path) -> None:
    code = "import logging\ndef command(): logging.getLogger('fixer.x').debug('ran %s \\x1b[31m', ['ls'])"
    done = run_with(code, tmp_path, *arguments, env=env)
    assert done.returncode == 0
    assert "debug fixer.x: ran ['ls']" in done.stderr
    assert "\x1b" not in done.stderr
    assert not run_with(code, tmp_path).stderr


def test_output_survives_an_encoding_without_its_letters(fixer: Fixer, repository: Path) -> None:
    done = fixer("doctor", cwd=repository, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    assert done.code == ExitCode.OK


def test_secrets_are_masked_in_errors_and_logs(tmp_path: Path) -> None:
    secret = "s3cr3t-" + "9f8e7d6c5b4a"
    env = {"DEPLOY_TOKEN": secret, "DEBUG": "1"}
    body = f"""
import logging
from fixer.errors import ConfigError
def command():
    logging.getLogger("fixer.x").debug("{secret}")
    raise ConfigError("{secret}", "{secret}")
"""
    done = run_with(body, tmp_path, env=env)
    assert done.returncode == ExitCode.USAGE
    assert secret not in done.stderr
    assert done.stderr.count("\n") == 3
    done = run_with(f"def command(): raise ValueError('{secret}')", tmp_path, env=env)
    (log,) = tmp_path.glob("crash-*.log")
    assert "ValueError" in log.read_text(encoding="utf-8")
    assert secret not in log.read_text(encoding="utf-8") + done.stderr
