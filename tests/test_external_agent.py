"""The setting becomes a command line without a shell, and says what of the user's files the agent may see."""

import subprocess
from pathlib import Path

import pytest

from fixer.errors import ConfigError
from fixer.external_agent import TEMPLATES, external_agent
from fixer.schema.settings import AgentSettings


def test_an_unknown_agent_gets_nothing_of_the_home_folder() -> None:
    agent = external_agent("my-agent --go 'two words'")
    assert (agent.argv, agent.template, agent.name) == (("my-agent", "--go", "two words"), None, "my-agent")
    own = agent.own_program(AgentSettings(external_env=("A",)), {"A": "1", "B": "2", "HOME": "/home/x"})
    assert (own.variables, own.copied, own.logins, own.shown) == ({"A": "1"}, (), (), ())


def test_a_known_agent_with_words_of_the_users_own_keeps_its_login() -> None:
    agent = external_agent("/opt/bin/claude -p --model x")
    assert agent.argv == ("/opt/bin/claude", "-p", "--model", "x")
    own = agent.own_program(AgentSettings(), {"ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": "o"})
    assert own.variables == {"ANTHROPIC_API_KEY": "k"}
    assert own.logins == (".claude/.credentials.json",)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_known_agent_is_started_with_its_own_limits_and_files(name: str) -> None:
    agent = external_agent(name)
    known = TEMPLATES[name]
    assert agent.argv[0] == name
    assert all(key.isupper() for key in known.keys)
    bypasses = {"--dangerously-skip-permissions", "--yolo", "--dangerously-bypass-approvals-and-sandbox"}
    assert not bypasses & set(agent.argv)
    assert all(pattern.startswith(f".{name}") for pattern in (*known.configuration, *known.left))
    assert set(known.logins) <= set(known.configuration)
    sessions = ("projects", "sessions", "history", "log", "tmp", "todos")
    assert not any(f".{name}/{folder}" in known.configuration for folder in sessions)


def test_the_prompt_is_standard_input_or_a_file(tmp_path: Path) -> None:
    prompt = tmp_path / "a prompt $(touch x).md"
    prompt.write_text("Mend it.", encoding="utf-8")
    for setting in ("cat", "cat {prompt_file}"):
        words = external_agent(setting).words(prompt)
        done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path)
        assert done.stdout == "Mend it."
    missing = subprocess.run(external_agent("no-such-agent").words(prompt), capture_output=True, text=True, check=False)
    assert (missing.returncode, missing.stderr) == (1, "no-such-agent: No such file or directory\n")


def test_further_folders_are_read_only_unless_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = AgentSettings(external_folders=("~/.config/goose:rw", "/srv/models"))
    shown = external_agent("goose").own_program(settings, {}).shown
    assert shown == ((tmp_path / ".config/goose", True), (Path("/srv/models"), False))


@pytest.mark.parametrize(
    ("setting", "folders", "said"),
    [
        ("broken 'quote", (), "no command line"),
        ("''  ", ("models",), "'models' is not absolute"),
        (" ", (), "is empty"),
    ],
)
def test_what_cannot_be_taken_is_said(setting: str, folders: tuple[str, ...], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        external_agent(setting).own_program(AgentSettings(external_folders=folders), {})
