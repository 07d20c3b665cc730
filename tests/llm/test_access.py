"""Which model settings and environment lead to, and where a key is sent."""

import pytest

from fixer.errors import ConfigError
from fixer.llm import find_model
from fixer.schema.settings import ModelSettings

GEMINI = "https://generativelanguage.googleapis.com"


def test_without_a_key_there_is_no_model() -> None:
    assert find_model(ModelSettings(), {}) is None
    assert find_model(ModelSettings(), {"GEMINI_API_KEY": " "}) is None
    assert find_model(ModelSettings(kind="none"), {"GEMINI_API_KEY": "k"}) is None


@pytest.mark.parametrize(
    ("env", "variable"),
    [
        ({"GEMINI_API_KEY": "k"}, "GEMINI_API_KEY"),
        ({"GOOGLE_API_KEY": "k"}, "GOOGLE_API_KEY"),
        ({"GEMINI_API_KEY": "k", "GOOGLE_API_KEY": "other"}, "GEMINI_API_KEY"),
    ],
)
def test_a_key_means_gemini(env: dict[str, str], variable: str) -> None:
    access = find_model(ModelSettings(), env)
    assert access is not None
    assert (access.kind, access.name, access.url) == ("gemini", "gemini-3.8-flash", GEMINI)
    assert (access.key, access.key_from) == ("k", variable)
    assert "'k'" not in repr(access)


@pytest.mark.parametrize(
    ("settings", "env", "message", "hint"),
    [
        ({"kind": "gemini"}, {}, "GEMINI_API_KEY or GOOGLE_API_KEY is not set", "export GEMINI_API_KEY=KEY"),
        ({"api_key_env": "TEAM_KEY"}, {}, "TEAM_KEY is not set", "export TEAM_KEY=KEY"),
        ({"kind": "openai_compatible"}, {}, "base_url is not set", "11434"),
        ({"kind": "openai_compatible", "base_url": "http://127.0.0.1:1/v1"}, {}, "model.name is not set", "name ="),
        ({"kind": "openai_compatible", "base_url": "ftp://x", "name": "m"}, {}, "'ftp://x' is not the address", "http"),
        ({"kind": "openai_compatible", "base_url": "http://h:x/v1", "name": "m"}, {}, "is not the address", "http"),
        ({"base_url": "http://127.0.0.1:11434/v1"}, {}, "not which kind of server", "openai_compatible"),
        ({"kind": "replay"}, {}, "no recording is named", "recording ="),
        ({"kind": "gemini"}, {"GEMINI_API_KEY": "k\u00fc"}, "characters that no key has", "export GEMINI_API_KEY"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    settings: dict[str, str], env: dict[str, str], message: str, hint: str
) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        find_model(ModelSettings.model_validate(settings), env)
    assert hint in caught.value.hint


@pytest.mark.parametrize("kind", ["gemini", "openai_compatible"])
def test_a_file_in_the_repository_cannot_have_a_key_sent_elsewhere(kind: str) -> None:
    elsewhere = "https://models.example.com/v1"
    settings = ModelSettings.model_validate(
        {"kind": kind, "base_url": elsewhere, "name": "m", "api_key_env": "GITHUB_TOKEN"}
    )
    env = {"GITHUB_TOKEN": "secret"}
    with pytest.raises(ConfigError, match="only a file in the repository names") as caught:
        find_model(settings, env)
    assert f"export FIXER_MODEL_BASE_URL={elsewhere}" in caught.value.hint
    access = find_model(settings, {**env, "FIXER_MODEL_BASE_URL": elsewhere})
    assert access is not None
    assert access.key == "secret"


def test_a_key_is_not_sent_in_the_clear() -> None:
    url = "http://models.example.com"
    with pytest.raises(ConfigError, match="without encryption"):
        find_model(ModelSettings(base_url=url), {"GEMINI_API_KEY": "k", "FIXER_MODEL_BASE_URL": url})


def test_the_key_of_openai_goes_only_to_openai() -> None:
    env = {"OPENAI_API_KEY": "k"}

    def key(url: str, **more: str) -> str:
        settings = ModelSettings(kind="openai_compatible", base_url=url, name="m")
        access = find_model(settings, env | more)
        assert access is not None
        return access.key

    assert key("https://api.openai.com/v1") == "k"
    assert key("http://127.0.0.1:11434/v1") == ""
    assert key("https://models.example.com/v1") == ""
    assert key("https://models.example.com/v1", OPENAI_BASE_URL="https://models.example.com/v1") == "k"
