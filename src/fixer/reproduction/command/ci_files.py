"""Reads the CI files of a repository: GitHub, GitLab and Travis files in, the script of each step out, as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixer.project import listing, mapping

MAX_FILE = 200_000
"""Bytes of a file that are read; larger ones are left out (nested YAML takes long)."""


@dataclass(frozen=True)
class Script:
    """The shell text of one step."""

    origin: str
    """The file, relative to the repository."""
    name: str
    text: str
    folder: str = "."
    env: tuple[tuple[str, str], ...] = ()
    """Variables whose values need nothing that only the CI service knows."""


def ci_scripts(root: Path) -> Iterator[Script]:
    """Yield the script of each step of each CI file below `root`; broken and overlong files are left out."""
    for path in sorted((root / ".github" / "workflows").glob("*.y*ml")):
        yield from _github(str(path.relative_to(root)), _yaml(path))
    for name in (".gitlab-ci.yml", ".travis.yml"):
        yield from _jobs(name, _yaml(root / name))


def _github(origin: str, content: Any) -> Iterator[Script]:
    top = mapping(content)
    for job in mapping(top.get("jobs")).values():
        defaults = mapping(mapping(mapping(job).get("defaults")).get("run"))
        for step in map(mapping, listing(mapping(job).get("steps"))):
            text = step.get("run")
            if isinstance(text, str):
                env = {**mapping(top.get("env")), **mapping(mapping(job).get("env")), **mapping(step.get("env"))}
                given = tuple((str(name), str(value)) for name, value in env.items() if "$" not in str(value))
                folder = str(step.get("working-directory", defaults.get("working-directory", ".")))
                yield Script(origin, str(step.get("name", "")), text, folder, given)


def _jobs(origin: str, content: Any) -> Iterator[Script]:
    top = mapping(content)
    for name, job in [("script", top), *top.items()]:
        lines = mapping(job).get("script")
        texts = [lines] if isinstance(lines, str) else [item for item in listing(lines) if isinstance(item, str)]
        if texts:
            yield Script(origin, str(name), "\n".join(texts))


def _yaml(path: Path) -> Any:
    import yaml  # noqa: PLC0415 - only where CI files are read

    text = read_bounded(path)
    try:
        return yaml.safe_load(text) if text else None
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def read_bounded(path: Path) -> str:
    """Return a file's text; empty where there is none, or where it is too large to be what it should be."""
    try:
        if path.stat().st_size > MAX_FILE:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
