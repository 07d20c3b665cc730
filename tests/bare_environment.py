"""An environment as a small project has it: Python, pytest with what it needs, and nothing else.

The Python that happens to be first on the machine's PATH may load a hundred plugins at each start of pytest, and may
be a shim that takes longer to start Python than Python takes to run a test.
"""

import shutil
import sysconfig
import venv
from collections.abc import Iterator
from importlib.metadata import PackagePath, distribution
from importlib.util import cache_from_source
from pathlib import Path

from packaging.requirements import Requirement

PYTEST = "import sys\n\nimport pytest\n\nsys.exit(pytest.main())\n"


def make_bare_environment(folder: Path, *plugins: str) -> Path:
    """Make the environment in `folder`, which must not exist, with plugins by name; return its folder of programs."""
    venv.create(folder, symlinks=True)
    variables = {"base": str(folder), "platbase": str(folder)}
    packages, programs = (Path(sysconfig.get_path(name, "venv", variables)) for name in ("purelib", "scripts"))
    seen: set[str] = set()
    for name in ("pytest", *plugins):
        for file in _files(name, seen):
            _copy(Path(str(file.locate())), packages / file)
    program = programs / "pytest"
    program.write_text(f"#!{programs / 'python'}\n{PYTEST}", encoding="utf-8")
    program.chmod(0o755)
    return programs


def _files(name: str, seen: set[str]) -> Iterator[PackagePath]:
    """Yield the files of an installed package, and of what it needs on this machine."""
    if name in seen:
        return
    seen.add(name)
    package = distribution(name)
    yield from (file for file in package.files or () if file.parts[0] != ".." and file.suffix != ".pyc")
    for line in package.requires or ():
        needed = Requirement(line)
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            yield from _files(needed.name, seen)


def _copy(source: Path, target: Path) -> None:
    """Copy a file with its times, and with its compiled form, which stays valid: commands in a sandbox write none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
    if source.suffix == ".py" and (compiled := Path(cache_from_source(str(source)))).exists():
        beside = Path(cache_from_source(str(target)))
        beside.parent.mkdir(exist_ok=True)
        shutil.copy2(compiled, beside)
