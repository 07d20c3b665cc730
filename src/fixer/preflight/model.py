"""Settings and environment come in, which model or agent a run would ask goes out; nothing is asked."""

import os
import shlex
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from fixer.errors import FixerError
from fixer.llm.access import find_model
from fixer.llm.prices import refuse_unpriced
from fixer.preflight.finding import Finding, Level
from fixer.schema.settings import Settings

_AGENT = "export FIXER_AGENT_EXTERNAL=COMMAND"


def external_agent(settings: Settings) -> list[Finding]:
    """Say whether the external agent of the settings is there; nothing is said where none is set."""
    setting = settings.agent.external.strip()
    if not setting:
        return []
    what = "external agent"
    try:
        program = shlex.split(setting)[0]
    except ValueError as error:
        return [Finding(what, Level.WARNING, f"{setting} is no command line: {error}", _AGENT)]
    found = shutil.which(program)
    if found is None:
        return [Finding(what, Level.WARNING, f"{program} is not on PATH", f"install it, or {_AGENT}")]
    return [Finding(what, Level.OK, found)]


def model(repository: Path, settings: Settings) -> Finding:
    """Say which model a run would ask; nothing is asked, and the key is not shown."""
    try:
        access = find_model(settings.model, os.environ)
        if access is not None:
            refuse_unpriced(settings.model, os.environ)
    except FixerError as error:
        return Finding("model", Level.PROBLEM, error.message, error.hint)
    if access is None:
        seen = "none: rules and search do the work"
        mend = "" if settings.model.kind == "none" else "for Gemini: export GEMINI_API_KEY=KEY"
        return Finding("model", Level.OK, seen, mend)
    if access.kind == "replay":
        file = repository / settings.model.recording
        if not file.is_file():
            return Finding("model", Level.PROBLEM, f"the recording {file} is not there", "correct model.recording")
        return Finding("model", Level.OK, f"played back from {file}")
    place = urlsplit(access.url).netloc
    return Finding(
        "model", Level.OK, f"{access.kind}, {access.name} at {place} (key: {access.key_from or 'none is needed'})"
    )
