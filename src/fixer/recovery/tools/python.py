"""Python packages: a requirement comes in; a remedy that has it installed, or says what to type, goes out."""

import os
import shlex
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import Scene
from fixer.sandbox import Sandbox
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.settings import SandboxSettings

SECONDS = 120
SETTING = "recovery.install_tools is off"
_PIP = ("--no-input", "--disable-pip-version-check", "--quiet")
_PASSED_ON = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
              "http_proxy", "https_proxy", "no_proxy")  # fmt: skip
"""What pip needs of the user's environment, beside every PIP_*, to reach the user's own package index."""


def tool(name: str, scene: Scene) -> Remedy:
    """Return the remedy that puts a package into the project's environment."""
    python = Path(scene.python)
    summary = f"Install {name} into the project's environment"
    typed = (f"{shlex.quote(_shown(python, scene))} -m pip install {shlex.quote(name)}",)
    own = _own_environment(python, scene)
    if own is None:
        why = f"{python} belongs to no environment of the project"
        return Remedy(summary, allowed=False, why_not=why, typed=typed)
    if not scene.ground.settings.recovery.install_tools:
        return Remedy(summary, allowed=False, why_not=SETTING, typed=typed)
    return Remedy(summary, perform=partial(_install, (name,), own, (), scene), typed=typed)


def installing(remedy: Remedy, requirements: tuple[str, ...], scene: Scene) -> Remedy:
    """Return a remedy whose patch declares packages, so that they are there for the retry.

    They go beside the worktree's files, as wheels only, where the project's own environment is not to be changed.
    """
    settings, python = scene.ground.settings, Path(scene.python)
    names = " ".join(shlex.quote(requirement) for requirement in requirements)
    typed = (f"{shlex.quote(_shown(python, scene))} -m pip install {names}",)
    own = _own_environment(python, scene)
    if settings.recovery.install_tools and own is not None:
        return replace(remedy, perform=partial(_install, requirements, own, (), scene))
    if not settings.project.install_dependencies:
        why = f"{', '.join(requirements)} would have to be installed: project.install_dependencies is off"
        return replace(remedy, allowed=False, why_not=why, afterwards=typed)
    target = scene.overlay
    flags = ("--only-binary", ":all:", "--upgrade", "--target", str(target))
    before = scene.context.environment.get("PYTHONPATH", "")
    path = os.pathsep.join(part for part in (before, str(target)) if part)
    perform = partial(_install, requirements, target, flags, scene)
    return replace(remedy, perform=perform, environment={"PYTHONPATH": path}, afterwards=typed)


def _install(requirements: tuple[str, ...], root: Path, flags: tuple[str, ...], scene: Scene) -> CommandResult:
    """Run pip with the network open; it can write to `root` alone."""
    config = [path for path in _config() if path.exists()]
    named = os.environ.get("PIP_CONFIG_FILE")
    env = {"PIP_CONFIG_FILE": named or str(config[0])} if named or config else {}
    allowed = (*(name for name in os.environ if name.startswith("PIP_")), *_PASSED_ON)
    python = Path(scene.python)
    with Sandbox(
        SandboxSettings(network=True, env=allowed, required=scene.ground.settings.sandbox.required),
        root,
        readable=[Path(sys.prefix), python.parent.parent, *config, *_local_indexes()],
        env=env,
        mask=scene.ground.mask,
    ) as sandbox:
        # `--python` starts the other interpreter with the pip of this one: environments made without pip are common.
        argv = (sys.executable, "-m", "pip", "--python", str(python), "install", *_PIP, *flags, "--", *requirements)
        return sandbox.run(Invocation(argv=argv), timeout=max(1.0, min(SECONDS, scene.budget.left)))


def _own_environment(python: Path, scene: Scene) -> Path | None:
    """Return the folder of the virtual environment that `python` is of, where it is the project's."""
    prefix = python.parent.parent
    if not (prefix / "pyvenv.cfg").is_file():
        return None
    named = scene.ground.settings.project.python
    inside = prefix.absolute().is_relative_to(scene.ground.repository.absolute())
    return prefix if inside or named else None


def _shown(python: Path, scene: Scene) -> str:
    top = scene.ground.repository
    return str(python.relative_to(top)) if python.is_relative_to(top) else str(python)


def _config() -> list[Path]:
    home = Path.home()
    return [home / ".config" / "pip" / "pip.conf", home / ".pip" / "pip.conf"]


def _local_indexes() -> list[Path]:
    """Folders that the user's environment names as places of packages: they must be visible to pip."""
    named = " ".join(os.environ.get(name, "") for name in ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"))
    places = [Path(word.removeprefix("file://")) for word in named.split()]
    return [place for place in places if place.is_absolute() and place.exists()]
