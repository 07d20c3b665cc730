"""A setting that a repository's own file holds goes in; what of it counts, and why the rest does not, comes out.

Whoever can write to the repository writes that file, also with a pull request: it may say how the project is built,
but not have a program started outside of the sandbox, a credential handed over, or a file written elsewhere.
"""

import re
import shlex
from pathlib import Path

from pydantic import JsonValue

ONLY_FROM_ENVIRONMENT = frozenset({"agent.external", "agent.external_env"})
"""The agent is started outside of the sandbox, with the variables that are named."""
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
            f"'{key}' does not count in a repository's file: it leads out of the sandbox. Where you want it: "
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
