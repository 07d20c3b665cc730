"""Makes a dependency that a patch declares importable, without touching the project's environment.

Only wheels are installed: unpacking a wheel runs none of its code. They go into a folder of the run, which is
put on PYTHONPATH for the runs that verify the patch.
"""

import os
import shutil
import sys
from pathlib import Path

from fixer.repair.workshop import Workshop
from fixer.sandbox import Sandbox
from fixer.schema.command import CommandResult, Invocation
from fixer.schema.settings import SandboxSettings

INSTALL_SECONDS = 120
PIP_NAMES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
             "http_proxy", "https_proxy", "no_proxy")  # fmt: skip
"""What pip needs from the user's environment, beside every PIP_*, to reach the user's own package index."""


def install(requirements: tuple[str, ...], shop: Workshop) -> str:
    """Install into the run's folder; return the reason why it could not be done, empty when it was."""
    if not requirements:
        return ""
    if not shop.given.settings.project.install_dependencies:
        return "project.install_dependencies is off"
    uninstall(shop)
    shop.talk(f"installing {', '.join(requirements)} to try the patch (wheels only, outside of the project)")
    result = _pip(requirements, shop)
    if result.passed:
        shop.overlaid = True
        return ""
    said = result.output.strip().splitlines()
    return said[-1] if said else result.ending.value


def only(requirements: tuple[str, ...], shop: Workshop) -> None:
    """Make these packages importable and no others; what cannot be had is said, and missed by what is run next."""
    uninstall(shop)
    if reason := install(requirements, shop):
        shop.talk(f"{', '.join(requirements)} could not be installed again: {reason}")


def _pip(requirements: tuple[str, ...], shop: Workshop) -> CommandResult:
    settings = SandboxSettings(network=True, env=(*(n for n in os.environ if n.startswith("PIP_")), *PIP_NAMES))
    config = [path for path in _pip_config() if path.exists()]
    env = {"PIP_CONFIG_FILE": str(config[0])} if config and "PIP_CONFIG_FILE" not in os.environ else {}
    flags = ("--quiet", "--no-input", "--disable-pip-version-check", "--only-binary", ":all:", "--target")
    with Sandbox(
        settings,
        shop.overlay,
        readable=[Path(sys.prefix), Path(shop.python_for(None)).parent.parent, *config, *_local_indexes()],
        env=env,
        mask=shop.masker.mask,
        on_result=shop.keep,
    ) as sandbox:
        python = ("--python", shop.python_for(None))
        argv = (sys.executable, "-m", "pip", *python, "install", *flags, str(shop.overlay), "--", *requirements)
        return sandbox.run(Invocation(argv=argv), timeout=max(1.0, min(INSTALL_SECONDS, shop.phase.left)))


def uninstall(shop: Workshop) -> None:
    """Empty the run's folder of packages."""
    shop.overlaid = False
    for path in shop.overlay.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _pip_config() -> list[Path]:
    home = Path.home()
    return [home / ".config" / "pip" / "pip.conf", home / ".pip" / "pip.conf"]


def _local_indexes() -> list[Path]:
    """Folders that the user's environment names as places of packages: they must be visible to pip."""
    named = " ".join(os.environ.get(name, "") for name in ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"))
    return [
        path for word in named.split() if (path := Path(word.removeprefix("file://"))).is_absolute() and path.exists()
    ]
