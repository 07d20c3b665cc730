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


def find_command(name: str, project: Path) -> Known | None:
    """Return what a name stands for, or None where nobody knows it.

    A prompt file of the project comes before everything, the one with the name as it is written first; then the
    analysis tools; then the prompts that fixer ships.
    """
    bare = name.removeprefix(PREFIX)
    if "/" in name or name.startswith("."):
        return None
    for folder in (project / FOLDER, *_shipped()):
        if folder != project / FOLDER and bare in ANALYSIS_TOOLS:
            return Known(tool=ANALYSIS_TOOLS[bare])
        for word in dict.fromkeys((name, bare)):
            if (folder / f"{word}.md").is_file():
                return Known(prompt=folder / f"{word}.md")
    return Known(tool=ANALYSIS_TOOLS[bare]) if bare in ANALYSIS_TOOLS else None


def known_names(project: Path) -> list[str]:
    """Return every name that a step without a command may have, for suggestions and help."""
    prompts = {path.stem for folder in (project / FOLDER, *_shipped()) for path in sorted(folder.glob("*.md"))}
    return sorted({*ANALYSIS_TOOLS, *prompts})


def _shipped() -> list[Path]:
    """Where fixer's own prompts are: beside its code when installed, at the top of its repository else."""
    package = Path(fixer.__file__).parent
    places = (package / FOLDER, package.parents[1] / FOLDER)
    return [place for place in places if place.is_dir()][:1]
