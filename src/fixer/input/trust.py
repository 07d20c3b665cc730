"""A setting that a repository's own file holds goes in; what of it counts, and why the rest does not, comes out.

Whoever can write to the repository writes that file, also with a pull request: it may say how the project is built,
and be stricter than the user, but not have a program started outside of the sandbox, open the sandbox, hand out a
credential, send source code to a server that the user did not name, spend more of the user's money, or write elsewhere.
Time, memory and output are the repository's to choose: its tests take as much of them in any build.
"""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import JsonValue

from fixer.schema.settings import AgentSettings

_AGENT = "it is about a program that uses the network and your login"
_PRICE = "the limit of money is counted with it"
ONLY_FROM_ENVIRONMENT: Mapping[str, str] = {
    "agent.external": _AGENT,
    "agent.external_env": _AGENT,
    "agent.external_folders": _AGENT,
    "agent.call_credits": "the limit of credits is counted with it",
    "model.api_key_env": "what the variable holds would be sent to a server",
    "model.input_price": _PRICE,
    "model.cached_price": _PRICE,
    "model.output_price": _PRICE,
    "worktree_dir": "files would be written outside of the repository",
}
"""Settings that never count in a repository's file, and why."""
ONLY_OFF: Mapping[str, str] = {
    "sandbox.network": "code of a pull request could reach other machines, and this one's own servers",
    "recovery.install_tools": "what a pull request declares would be installed into your own environment",
}
"""Settings that a repository's file may switch off, but not on, and why."""
AT_MOST: Mapping[str, float] = {"agent.tokens": AgentSettings().tokens, "agent.money": AgentSettings().money}
"""Limits on what the user pays: a repository's file may lower them, and raise them this far."""
SERVER = "model.base_url"
SERVER_VARIABLES = ("GOOGLE_GEMINI_BASE_URL", "OPENAI_BASE_URL")
"""Where the user names a model's server without fixer's own variable."""
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_CREDENTIAL = re.compile(
    r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH|PRIVATE|COOKIE|SESSION|WEBHOOK|DSN|PAT$|PWD|UR[IL]$|CONNECTION|CONN_?STR"
)
"""Addresses are among them: those of databases hold a password."""


def trusted(key: str, value: JsonValue, variable: str, repository: Path) -> tuple[JsonValue, str]:
    """Return what counts of a value that only a file in the repository gives, and what to tell about the rest.

    Args:
        key: dotted name of the setting.
        value: checked already.
        variable: the environment variable of the setting.
        repository: the folder of the file.

    Returns:
        The value (None: nothing of it counts) and the words for the user, empty where all of it counts.
    """
    shown = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    # TOML's and the environment's words for switches are the same in small letters.
    shown = shown.lower() if isinstance(value, bool) else shown
    instead = f"Where you want it: export {variable}={shlex.quote(shown)}"
    if key in ONLY_FROM_ENVIRONMENT:
        return None, f"'{key}' does not count in a repository's file: {ONLY_FROM_ENVIRONMENT[key]}. {instead}"
    if key in ONLY_OFF and value is True:
        return None, f"'{key}' cannot be switched on by a repository's file: {ONLY_OFF[key]}. {instead}"
    if key in AT_MOST and isinstance(value, int | float) and value > AT_MOST[key]:
        return None, (
            f"'{key}' cannot be raised above {AT_MOST[key]:g} by a repository's file: it is you who pays. {instead}"
        )
    if key == "sandbox.env" and isinstance(value, list):
        names = [str(name) for name in value]
        secret = [name for name in names if _CREDENTIAL.search(name.upper())]
        if secret:
            kept: list[JsonValue] = [name for name in names if name not in secret]
            return kept, (
                f"'{key}' names what looks like a credential ({', '.join(secret)}), which a repository's file may not "
                f"hand to its own code. {instead}"
            )
    if key == "model.recording" and _leads_out(repository, str(value)):
        return None, f"'{key}' leads out of the repository, which its own file may not do. {instead}"
    return value, ""


def _leads_out(repository: Path, path: str) -> bool:
    """Whether a path is not below the repository, by a link of the repository's either."""
    return ".." in Path(path).parts or not (repository / path).resolve().is_relative_to(repository.resolve())


def is_loopback(url: str) -> bool:
    """Whether `url` leads to this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def without_strange_server(
    values: Mapping[str, JsonValue], origins: Mapping[str, str], env: Mapping[str, str], variable: str
) -> tuple[dict[str, JsonValue], str]:
    """Return the settings without a model's server that only a repository's file names, and what to tell about it.

    The project's code would be sent there. It is not sent to another server instead: no model is asked, unless the
    environment or an option says which kind. A server on this machine counts.

    Args:
        values: settings of all layers by dotted key.
        origins: where each comes from; `FILE:LINE` for a file.
        env: the environment; a server that it names is the user's own choice.
        variable: the environment variable of the server's setting.
    """
    url, place = str(values.get(SERVER) or ""), origins.get(SERVER, "")
    named = {env.get(name, "").strip().rstrip("/") for name in SERVER_VARIABLES}
    if not url or ":" not in place or url.rstrip("/") in named or _is_here(url):
        return dict(values), ""
    kept = {key: value for key, value in values.items() if key != SERVER}
    kind = origins.get("model.kind", "")
    if kind == "default" or ":" in kind:
        kept["model.kind"] = "none"
    return kept, (
        f"{place}: '{SERVER}' does not count in a repository's file: the project's code would be sent to that server, "
        f"so no model is asked there. Where you want it: export {variable}={shlex.quote(url)}"
    )


def _is_here(url: str) -> bool:
    try:
        return is_loopback(url)
    except ValueError:
        return False
