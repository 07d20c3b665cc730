"""What the documents say about commands, exit codes and folders is so."""

import re
import tomllib
from pathlib import Path

import pytest

from fixer.cli.app import command_modules
from fixer.errors import ExitCode
from fixer.input.config import known_keys
from fixer.input.request_file import KEYS, read_request
from fixer.strategies import cascade
from tests.conftest import Fixer

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")
COMMANDS = {module.COMMAND for module in command_modules()}


def test_the_readme_has_every_command_and_no_other() -> None:
    assert set(re.findall(r"^\| `fixer ([a-z-]+)", README, re.MULTILINE)) == COMMANDS


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_no_document_names_a_command_that_is_not_there(name: str) -> None:
    text = (TOP / name).read_text(encoding="utf-8")
    assert set(re.findall(r"(?:`|\$ )fixer ([a-z][a-z-]*)", text)) <= COMMANDS


def test_the_readme_has_the_table_of_exit_codes() -> None:
    table = README[README.index("| exit code |") :].split("\n\n")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) ", table, re.MULTILINE)} == {int(code) for code in ExitCode}


def test_the_readme_has_every_key_of_the_input() -> None:
    assert all(f"| `{key}` |" in README for key in KEYS)


def test_the_readme_names_settings_that_exist() -> None:
    table = README[README.index("| key | default |") :].split("\n\n")[0]
    named = set(re.findall(r"^\| `([a-z_.]+)`", table, re.MULTILINE))
    assert named
    assert named <= set(known_keys())


def test_the_readme_has_every_strategy_in_its_order() -> None:
    table = README[README.index("| strategy |") :].split("\n\n")[0]
    assert re.findall(r"^\| `([a-z_]+)`", table, re.MULTILINE) == [name for name, _ in cascade()]


def test_every_folder_of_the_architecture_exists() -> None:
    table = (TOP / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = table[table.index("| room |") :].split("\n\n")[0]
    for cell in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[2:]:
        for name in re.findall(r"`([a-z_]+(?:/|\.py))`", cell):
            assert (TOP / "src" / "fixer" / name).exists(), name


def test_the_example_is_a_valid_input(fixer: Fixer) -> None:
    read_request(TOP / "info.json.example")
    ran = fixer("doctor", TOP / "info.json.example", cwd=TOP)
    assert "problem" not in ran.stdout.split("input")[-1].splitlines()[0], ran.stdout


def test_the_make_targets_of_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        used = set(re.findall(r"(?:`|\$ )make ([a-z-]+)", (TOP / name).read_text(encoding="utf-8")))
        assert used <= targets, used - targets


@pytest.mark.parametrize("kind", ["cheats", "honest"])
def test_the_figures_of_the_gate_are_counted(kind: str) -> None:
    corpus = (TOP / "tests" / "verification" / "corpus" / f"{kind}.toml").read_text(encoding="utf-8")
    number = len(tomllib.loads(corpus)["case"])
    words = "cheating" if kind == "cheats" else "honest"
    for name in ("README.md", "CHANGELOG.md"):
        assert f"{number} {words}" in (TOP / name).read_text(encoding="utf-8"), name
