"""A GitHub host and the environment in; the address of its API and the token for it out."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from fixer.errors import ConfigError

GITHUB = "github.com"
TENANTS = ".ghe.com"
"""Hosts of companies that GitHub runs itself; their API is at api.NAME.ghe.com."""
TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")
ENTERPRISE_TOKENS = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
ASKING_SECONDS = 10.0
"""How long `gh auth token` may take; it may wait for a locked keyring."""
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Access:
    """How one GitHub host is talked to."""

    host: str
    """As in the addresses that people see: github.com, github.example.com:8443."""
    api: str
    """Base URL of the REST API, without a slash at its end."""
    token: str = field(default="", repr=False)
    """Empty: no token, which does for what is public."""
    token_from: str = ""
    """Where the token was found, in words for people; empty where there is none."""


def find_access(host: str, env: Mapping[str, str]) -> Access:
    """Find the API of `host` and the token for it.

    A token is sent only to the host that it belongs to: `GITHUB_TOKEN` and `GH_TOKEN` to github.com, *.ghe.com and
    the hosts that `GITHUB_SERVER_URL`, `GITHUB_API_URL` or `GH_HOST` name; the variables of `ENTERPRISE_TOKENS` to
    any other. These are the rules of GitHub's own `gh`, which is asked where no variable is set.

    Raises:
        ConfigError: `GITHUB_API_URL` or a token is not usable.
    """
    host = host.lower()
    override = _override(host, env)
    api = override or _usual_api(host)
    names = TOKENS if override or host in _own_hosts(env) or host.endswith(TENANTS) else ENTERPRISE_TOKENS
    for name in names:
        token = env.get(name, "").strip()
        if token:
            return Access(host, api, _usable(token, name), name)
    token = _ask_gh(host, env)
    return Access(host, api, _usable(token, "gh"), "gh auth token") if token else Access(host, api)


def is_loopback(url: str) -> bool:
    """Whether `url` leads to this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def _usual_api(host: str) -> str:
    # docs.github.com: "Getting started with the REST API" for github.com, Enterprise Cloud and Enterprise Server.
    if host == GITHUB or host.endswith(TENANTS):
        return f"https://api.{host}"
    return f"https://{host}/api/v3"


def _override(host: str, env: Mapping[str, str]) -> str:
    """Return `GITHUB_API_URL`, unless it belongs to another server: a runner sets it beside `GITHUB_SERVER_URL`."""
    url = env.get("GITHUB_API_URL", "").strip().rstrip("/")
    server = _host_of(env.get("GITHUB_SERVER_URL", ""))
    if not url or (server and server != host):
        return ""
    parts = urlsplit(url)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
    ):
        raise ConfigError("GITHUB_API_URL is not the address of an API", "https://api.github.com, or unset it")
    if parts.scheme == "http" and not is_loopback(url):
        raise ConfigError(f"GITHUB_API_URL is not encrypted: {url}", "write it with https://, or unset it")
    return url


def _own_hosts(env: Mapping[str, str]) -> set[str]:
    server = _host_of(env.get("GITHUB_SERVER_URL", "")) or GITHUB
    return {server, env.get("GH_HOST", "").strip().lower() or server}


def _host_of(url: str) -> str:
    return urlsplit(url.strip()).netloc.lower()


def _usable(token: str, name: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError(
            f"the token from {name} holds a space, a line break or a letter that no token has", "renew it"
        )
    return token


def _ask_gh(host: str, env: Mapping[str, str]) -> str:
    """Ask GitHub's own command line, where it is installed; empty where it has no token or does not answer."""
    # A relative entry would be looked up in the repository, whose programs are never run on the host.
    path = ":".join(entry for entry in env.get("PATH", "").split(":") if entry.startswith("/"))
    program = shutil.which("gh", path=path) if path else None
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, "auth", "token", "--hostname", host],
            cwd=Path("/"),
            env=dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ASKING_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
