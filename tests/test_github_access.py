"""Where a host's API is, and which token goes there."""

import os
from pathlib import Path

import pytest

from fixer.errors import ConfigError
from fixer.github_access import find_access

TOKEN = "ghp_0123456789abcdefghij"


@pytest.mark.parametrize(
    ("host", "env", "api"),
    [
        ("github.com", {}, "https://api.github.com"),
        ("GitHub.com", {}, "https://api.github.com"),
        ("shop.ghe.com", {}, "https://api.shop.ghe.com"),
        ("git.example.org:8443", {}, "https://git.example.org:8443/api/v3"),
        ("github.com", {"GITHUB_API_URL": "https://proxy.example.org/gh/"}, "https://proxy.example.org/gh"),
        ("github.com", {"GITHUB_API_URL": "http://127.0.0.1:80"}, "http://127.0.0.1:80"),
        (
            "github.com",
            {"GITHUB_API_URL": "https://git.example.org/api/v3", "GITHUB_SERVER_URL": "https://git.example.org"},
            "https://api.github.com",
        ),
        (
            "git.example.org",
            {"GITHUB_API_URL": "https://git.example.org/api/v3", "GITHUB_SERVER_URL": "https://git.example.org"},
            "https://git.example.org/api/v3",
        ),
    ],
)
def test_the_api(host: str, env: dict[str, str], api: str) -> None:
    assert find_access(host, env).api == api


@pytest.mark.parametrize(
    "url",
    ["http://example.org", "ftp://example.org", "example.org", "https://a:b@example.org", "https://:b@example.org"],
)
def test_an_api_url_that_is_not_usable(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        find_access("github.com", {"GITHUB_API_URL": url})
    assert caught.value.hint


@pytest.mark.parametrize(
    ("host", "env", "found"),
    [
        ("github.com", {"GH_TOKEN": "t" * 20, "GITHUB_TOKEN": TOKEN}, "GITHUB_TOKEN"),
        ("github.com", {"GH_TOKEN": TOKEN, "GITHUB_TOKEN": " "}, "GH_TOKEN"),
        ("shop.ghe.com", {"GH_TOKEN": TOKEN}, "GH_TOKEN"),
        ("evil.example.org", {"GH_TOKEN": TOKEN, "GITHUB_TOKEN": TOKEN}, ""),
        ("git.example.org", {"GITHUB_TOKEN": "t" * 20, "GH_ENTERPRISE_TOKEN": TOKEN}, "GH_ENTERPRISE_TOKEN"),
        ("git.example.org", {"GITHUB_TOKEN": TOKEN, "GH_HOST": "git.example.org"}, "GITHUB_TOKEN"),
        ("git.example.org", {"GITHUB_TOKEN": TOKEN, "GITHUB_SERVER_URL": "https://git.example.org"}, "GITHUB_TOKEN"),
        ("github.com", {"GITHUB_TOKEN": TOKEN, "GITHUB_SERVER_URL": "https://git.example.org"}, ""),
        ("git.example.org", {"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": "https://git.example.org/v3"}, "GITHUB_TOKEN"),
        ("github.com", {}, ""),
    ],
)
def test_a_token_goes_only_to_its_own_host(host: str, env: dict[str, str], found: str) -> None:
    access = find_access(host, env)
    assert (access.token_from, access.token) == (found, TOKEN if found else "")
    assert TOKEN not in repr(access)


def test_a_token_that_cannot_be_one() -> None:
    with pytest.raises(ConfigError) as caught:
        find_access("github.com", {"GITHUB_TOKEN": "a\nX-Header: b"})
    assert "X-Header" not in caught.value.message


def gh(folder: Path, script: str) -> dict[str, str]:
    folder.mkdir()
    program = folder / "gh"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_githubs_own_command_line_is_asked(tmp_path: Path) -> None:
    env = gh(tmp_path / "bin", f'pwd > {tmp_path}/where; echo "$*" > {tmp_path}/args; echo {TOKEN}')
    access = find_access("git.example.org", env)
    assert (access.token, access.token_from) == (TOKEN, "gh auth token")
    assert (tmp_path / "where").read_text() == "/\n"
    assert (tmp_path / "args").read_text() == "auth token --hostname git.example.org\n"


def test_a_command_line_that_is_not_logged_in(tmp_path: Path) -> None:
    assert find_access("github.com", gh(tmp_path / "bin", "echo nothing; exit 1")).token == ""


def test_a_program_of_the_repository_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gh(tmp_path / "bin", f"touch {tmp_path}/ran; echo {TOKEN}")
    monkeypatch.chdir(tmp_path)
    assert find_access("github.com", {"PATH": "bin:."}).token == ""
    assert not os.path.lexists(tmp_path / "ran")
