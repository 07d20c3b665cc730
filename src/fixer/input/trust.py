"""A setting that a repository's own file holds goes in; what of it counts, and why the rest does not, comes out.

Whoever can write to the repository writes that file, also with a pull request: it may say how the project is built,
but not have a program started outside of the sandbox, a credential handed over, source code sent to a server that the
user did not name, or a file written elsewhere.
"""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import JsonValue

ONLY_FROM_ENVIRONMENT: Mapping[str, str] = {
    "agent.external": "it leads out of the sandbox",
    "agent.external_env": "it leads out of the sandbox",
    "model.api_key_env": "what the variable holds would be sent to a server",
}
"""Settings that never count in a repository's file, and why."""
SERVER = "model.base_url"
SERVER_VARIABLES = ("GOOGLE_GEMINI_BASE_URL", "OPENAI_BASE_URL")
"""Where the user names a model's server without fixer's own variable."""
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_CREDENTIAL = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH|PRIVATE|COOKIE|SESSION|WEBHOOK|DSN|PAT$|PWD")


def trusted(key: str, value: JsonValue, variable: str) -> tuple[JsonValue, str]:
    """Return what counts of a value that only a file in the repository gives, and what to tell about the rest.

    Args:
        key: dotted name of the setting.
        value: checked already.
        variable: the environment variable of the setting.

    Returns:
        The value (None: nothing of it counts) and the words for the user, empty where all of it counts.
    """
    if key in ONLY_FROM_ENVIRONMENT:
        shown = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        return None, (
            f"'{key}' does not count in a repository's file: {ONLY_FROM_ENVIRONMENT[key]}. Where you want it: "
            f"export {variable}={shlex.quote(shown)}"
        )
    if key == "sandbox.env" and isinstance(value, list):
        names = [str(name) for name in value]
        secret = [name for name in names if _CREDENTIAL.search(name.upper())]
        if secret:
            kept: list[JsonValue] = [name for name in names if name not in secret]
            return kept, (
                f"'{key}' names what looks like a credential ({', '.join(secret)}), which a repository's file may not "
                f"hand to its own code. Where you want it: export {variable}={shlex.quote(','.join(names))}"
            )
    if key == "model.recording" and (Path(str(value)).is_absolute() or ".." in Path(str(value)).parts):
        return None, (
            f"'{key}' leads out of the repository, which its own file may not do. Where you want it: "
            f"export {variable}={shlex.quote(str(value))}"
        )
    return value, ""


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
