"""`fixer logs` as a user types it."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

LOG = Path(__file__).parents[1] / "parsers" / "logs" / "pytest" / "short.log"
# The command alone, as cli/app.py runs it: errors are fixer's own, with their exit codes.
RUN = """
import sys, typer
from fixer.cli.logs import command
from fixer.errors import FixerError
app = typer.Typer()
app.command()(command)
try:
    app()
except FixerError as error:
    print(error.message, error.hint, sep="\\n", file=sys.stderr)
    sys.exit(int(error.code))
"""


def logs(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", RUN, *arguments], input=stdin, capture_output=True, check=False)


def as_json(*arguments: str, stdin: bytes = b"") -> Any:
    done = logs(*arguments, "--json", stdin=stdin)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_keys_that_scripts_depend_on() -> None:
    told = as_json(str(LOG))
    assert set(told) >= {"schema_version", "source", "steps", "failures", "root_cause", "context", "omitted_lines"}
    assert set(told["steps"][0]) >= {"name", "command", "exit_code", "status", "first_line", "last_line"}
    assert set(told["failures"][0]) >= {
        *(
            "tool",
            "kind",
            "test",
            "file",
            "line",
            "column",
            "message",
            "exit_code",
            "log_line",
            "fingerprint",
            "root_cause",
        )
    }
    assert set(told["context"]) >= {"text", "characters", "tokens", "places"}
    assert (told["source"], told["root_cause"], len(told["failures"])) == (str(LOG), "test_failure", 14)


def test_a_budget() -> None:
    assert len(as_json(str(LOG), "--budget", "700")["context"]["text"]) <= 700


def test_standard_input() -> None:
    told = as_json("-", stdin=LOG.read_bytes())
    assert (told["source"], len(told["failures"])) == ("-", 14)


def test_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("build/1_Run tests.txt", LOG.read_text(encoding="utf-8"))
    told = as_json(str(path))
    assert len(told["failures"]) == 14
    assert told["steps"][0]["name"] == "build / Run tests"


def test_text_for_people_holds_no_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "ci.log"
    path.write_bytes(b"\x1b]0;owned\x07error: \x1b[31mbad\x1b[0m \xc2\x9b2J [bold]text[/bold]\x00\n")
    done = logs(str(path))
    assert done.returncode == 0
    assert b"error: bad  [bold]text[/bold]" in done.stdout
    assert all(byte >= 32 or byte in b"\n\t" for byte in done.stdout)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("no/such.log", b"there is no such log"),
        ("https://github.com/a/b/pulls", b"not the address of a GitHub Actions run"),
    ],
)
def test_wrong_input_is_told_apart(given: str, words: bytes) -> None:
    done = logs(given)
    assert (done.returncode, words in done.stderr, b"Traceback" in done.stderr) == (2, True, False)


def test_an_empty_log(tmp_path: Path) -> None:
    (tmp_path / "ci.log").write_bytes(b"")
    assert b"empty" in logs(str(tmp_path / "ci.log")).stderr


def test_a_mistyped_path_names_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "build.log").write_bytes(LOG.read_bytes())
    done = logs(str(tmp_path / "biuld.log"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"did you mean {tmp_path / 'build.log'}?" in done.stderr.decode()


def test_talk_goes_to_stderr_in_one_line() -> None:
    done = logs(str(LOG))
    assert done.stderr.decode().startswith("read ")
    assert done.stderr.count(b"\n") == 1


MISSING = b"""\
Traceback (most recent call last):
  File "app.py", line 1, in <module>
    import yaml
ModuleNotFoundError: No module named 'yaml'
"""
OWN = """\
ecosystem = "shop"

[[pattern]]
id = "shop.yaml"
pattern = "ModuleNotFoundError: No module named '(?P<name>yaml)'"
root_cause = "missing_dependency"
explanation = "The shop's image has no {name}."
fix = "Use the newer image"
steps = ["docker pull shop/ci:2"]
example = "ModuleNotFoundError: No module named 'yaml'"
source = "run: Python 3.11: python app.py"
"""


def test_a_known_error_is_explained_with_what_to_type() -> None:
    told = logs("-", stdin=MISSING).stdout.decode()
    assert "    why: The module 'yaml' is imported in app.py but is not installed" in told
    assert "    fix: Add PyYAML (where the package of that name is the one that is meant) to the dependencies" in told
    assert "      $ python -m pip install PyYAML\n   or $ poetry add PyYAML\n   or $ uv add PyYAML\n" in told


def test_lines_around_a_failure_are_explained_where_it_says_nothing_itself() -> None:
    pushed = b" ! [rejected]        main -> main (fetch first)\nerror: failed to push some refs to 'origin'\n"
    told = logs("-", stdin=pushed).stdout.decode()
    assert "why: The push of main to main was refused: fetch first." in told
    assert "      $ git rebase origin/main\n" in told


def test_what_two_failures_have_in_common_is_said_once() -> None:
    told = logs("-", stdin=MISSING + b"\n" + MISSING.replace(b"app.py", b"cart.py")).stdout.decode()
    assert told.count("pip install PyYAML") == 1


def test_a_project_has_patterns_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "shop.toml").write_text(OWN)
    (tmp_path / "fixer.toml").write_text('patterns_dir = "ci"\n')
    assert "why: The shop's image has no yaml." in logs("-", stdin=MISSING).stdout.decode()
    (tmp_path / "ci" / "shop.toml").write_text(OWN.replace('"missing_dependency"', '"weather"'))
    wrong = logs("-", stdin=MISSING)
    assert wrong.returncode == 2
    assert b"ci/shop.toml:6:1: 'root_cause': input should be" in wrong.stderr
