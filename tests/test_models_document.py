"""docs/models.md names only settings, variables and commands that exist, and says each way in three lines."""

import re
from pathlib import Path

import pytest

from fixer.cli.prompts import Action
from fixer.external_agent import TEMPLATES
from fixer.input.config import known_keys, load_settings, variable_of
from fixer.input.trust import ONLY_FROM_ENVIRONMENT

TEXT = (Path(__file__).parents[1] / "docs" / "models.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def test_the_settings_exist() -> None:
    named = set(re.findall(r"`((?:(?:model|agent|budget|sandbox)\.|worktree_)[a-z_]+)`", TEXT))
    assert len(named) >= 10
    assert named <= known_keys().keys()
    variables = set(re.findall(r"FIXER_[A-Z_]+", TEXT))
    assert variables <= {variable_of(key) for key in known_keys()}
    assert named >= ONLY_FROM_ENVIRONMENT.keys()


@pytest.mark.parametrize("heading", ["Gemini", "A local model", "An external coding agent"])
def test_each_way_takes_three_lines_that_are_taken(heading: str, tmp_path: Path) -> None:
    block = re.search(rf"^## {heading}.*?^```\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    assert block is not None
    lines = block[1].splitlines()
    assert len(lines) == 3
    env = dict(re.findall(r"(FIXER_[A-Z_]+)=(\S+)", block[1]))
    assert not load_settings(tmp_path, env, {}).warnings


def test_the_agents_and_commands_exist() -> None:
    assert all(f"`{name}`" in TEXT for name in TEMPLATES)
    used = set(re.findall(r"fixer prompts ([a-z]+)", TEXT))
    assert used <= {str(action) for action in Action}
