"""Node.js packages: a name comes in; a remedy that has it installed in the project, or says what to type, goes out."""

import json
import os
import shlex
from functools import partial
from pathlib import Path
from typing import Any

from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene
from fixer.recovery.tools.python import SETTING
from fixer.sandbox import Sandbox
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.settings import SandboxSettings

SECONDS = 180
_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def manifest(folder: Path) -> dict[str, Any]:
    """Return the package.json of a folder; empty where there is none that can be read."""
    try:
        found = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def declares(folder: Path, name: str) -> bool:
    """Whether the package.json of a folder declares a package."""
    found = manifest(folder)
    return any(name in found[section] for section in _SECTIONS if isinstance(found.get(section), dict))


def tool(name: str, scene: Scene) -> Remedy:
    """Return the remedy that installs what package.json declares, or a package that it does not declare yet."""
    folder = scene.ground.repository / scene.cwd
    declared = declares(folder, name)
    words = _declared(folder) if declared else ("npm", "install", "--save-dev", name)
    what = "what package.json declares" if declared else name
    prefix = "" if scene.cwd == "." else f"cd {shlex.quote(scene.cwd)} && "
    command = f"{prefix}{shlex.join(words)}"
    typed = (f"({command})" if prefix else command,)
    summary = f"Install {what} with npm"
    if not scene.ground.settings.recovery.install_tools:
        return Remedy(summary, allowed=False, why_not=SETTING, typed=typed)
    if not declared:
        why = f"{name} is not declared in package.json, which npm would change"
        return Remedy(summary, allowed=False, why_not=why, typed=typed)
    return Remedy(summary, perform=partial(_install, words, folder, scene), typed=typed)


def _declared(folder: Path) -> tuple[str, ...]:
    return ("npm", "ci") if (folder / "package-lock.json").is_file() else ("npm", "install", "--no-package-lock")


def _install(words: tuple[str, ...], folder: Path, scene: Scene) -> CommandResult:
    """Run npm with the network open; packages run no scripts of their own."""
    env = tuple(name for name in os.environ if name.lower().startswith("npm_config_"))
    settings = SandboxSettings(network=True, env=env, required=scene.ground.settings.sandbox.required)
    with Sandbox(settings, folder, readable=[scene.ground.repository], mask=scene.ground.mask) as sandbox:
        argv = (*words, "--ignore-scripts", "--no-audit", "--no-fund")
        return sandbox.run(Invocation(argv=argv), timeout=max(1.0, min(SECONDS, scene.budget.left)))
