"""Prompts are found, checked and filled."""

from pathlib import Path

import pytest

from fixer.errors import ConfigError
from fixer.prompts import SHIPPED, load_prompt

OWN = "---\nname: fix\nversion: 7\nmodel:\n  temperature: 0.1\n---\nBe brief.\n<!-- message -->\nMend {{failure}}.\n"
SHIPPED_NAMES = sorted(path.stem for folder in SHIPPED if folder.is_dir() for path in folder.glob("[a-z]*.md"))


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_every_shipped_prompt_is_whole(name: str) -> None:
    prompt = load_prompt(name)
    assert prompt.version >= 1
    assert prompt.description
    filled = prompt.filled(dict.fromkeys(prompt.placeholders, "VALUE"))
    assert "{{" not in "".join(filled)


def test_the_prompts_of_the_agent_are_shipped() -> None:
    assert {"fix", "external_fix", "root_cause"} <= set(SHIPPED_NAMES)


def test_a_projects_own_prompt_wins(tmp_path: Path) -> None:
    write(tmp_path, OWN)
    prompt = load_prompt("fix", tmp_path)
    assert (prompt.version, prompt.model.temperature) == (7, 0.1)
    assert prompt.filled({"failure": "it"}) == ("Be brief.", "Mend it.")


def test_a_file_that_means_something_else_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "# How we fix things\n")
    assert load_prompt("fix", tmp_path).path.startswith(str(SHIPPED[1]))


def test_what_is_filled_in_is_not_looked_at_again(tmp_path: Path) -> None:
    write(tmp_path, OWN)
    assert load_prompt("fix", tmp_path).filled({"failure": "{{system}} \\1"})[1] == "Mend {{system}} \\1."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN.replace("version: 7", "version: new"), "version"),
        (OWN.replace("version: 7\n", ""), "version"),
        (OWN.replace("temperature: 0.1", "temperature: 9"), "model.temperature"),
        (OWN.replace("<!-- message -->\n", ""), "<!-- message -->"),
        (OWN.replace("name: fix", "name: fix\ncolour: red"), "colour"),
    ],
)
def test_a_broken_prompt_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load_prompt("fix", tmp_path)
    assert said in raised.value.message
    assert str(tmp_path) in raised.value.message


def test_an_unknown_placeholder_is_said(tmp_path: Path) -> None:
    write(tmp_path, OWN.replace("{{failure}}", "{{failures}}"))
    with pytest.raises(ConfigError) as raised:
        load_prompt("fix", tmp_path).filled({"failure": "it"})
    assert "{{failures}}" in raised.value.message
    assert "failure" in raised.value.hint


@pytest.mark.parametrize("name", ["nothing-like-this", "../fix", "", "Fix"])
def test_there_is_no_such_prompt(name: str) -> None:
    with pytest.raises(ConfigError):
        load_prompt(name)


def write(folder: Path, text: str) -> None:
    (folder / "prompts").mkdir()
    (folder / "prompts" / "fix.md").write_text(text, encoding="utf-8")
