"""The name of a step without a command in, what it stands for out: an analysis tool, or a prompt file (spec D3)."""

from dataclasses import dataclass
from pathlib import Path

import fixer

ANALYSIS_TOOLS = {"coverage": "coverage", "lint": "lint", "bench": "bench", "benchmark": "bench"}
"""Names that workflows use, and the tool of `fixer analyze` behind each."""
PREFIX = "mmm-"
"""Existing workflows write it before every name."""
FOLDER = Path("prompts") / "commands"


@dataclass(frozen=True, slots=True)
class Known:
    """What a name stands for; exactly one of the two is set."""

    tool: str = ""
    """An analysis tool."""
    prompt: Path | None = None
    """A prompt file for the agent."""


@dataclass(frozen=True)
class KnownCommands:
    """The names that steps without a command may have in one project."""

    project: Path
    """Its prompt files are `prompts/commands/NAME.md`."""
    tools: tuple[str, ...] = ()
    """Analysis tools beside the built-in ones: those of the settings."""

    def find(self, name: str) -> Known | None:
        """Return what a name stands for, or None where nobody knows it.

        A prompt file of the project comes before everything, the one with the name as it is written first; then the
        analysis tools; then the prompts that fixer ships.
        """
        bare = name.removeprefix(PREFIX)
        if "/" in name or name.startswith("."):
            return None
        prompt = _prompt(self.project / FOLDER, name)
        if prompt is not None:
            return Known(prompt=prompt)
        tool = name if name in self.tools else bare if bare in self.tools else ANALYSIS_TOOLS.get(bare)
        if tool is not None:
            return Known(tool=tool)
        shipped = next((found for folder in _shipped() if (found := _prompt(folder, name))), None)
        return Known(prompt=shipped) if shipped is not None else None

    def names(self) -> list[str]:
        """Return every name, for suggestions."""
        prompts = {path.stem for folder in (self.project / FOLDER, *_shipped()) for path in folder.glob("*.md")}
        return sorted({*ANALYSIS_TOOLS, *self.tools, *prompts})


def _prompt(folder: Path, name: str) -> Path | None:
    words = dict.fromkeys((name, name.removeprefix(PREFIX)))
    return next((path for word in words if (path := folder / f"{word}.md").is_file()), None)


def _shipped() -> list[Path]:
    """Where fixer's own prompts are: beside its code when installed, at the top of its repository else."""
    package = Path(fixer.__file__).parent
    places = (package / FOLDER, package.parents[1] / FOLDER)
    return [place for place in places if place.is_dir()][:1]
