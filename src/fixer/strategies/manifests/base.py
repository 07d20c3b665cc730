"""What every kind of manifest has in common: groups of requirements, their order and their style."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from packaging.utils import canonicalize_name

_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_BOUND = re.compile(r"^\s*[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*(===|==|~=|>=|\^|$)")


class Use(StrEnum):
    """Who needs the requirements of a group."""

    RUNTIME = "runtime"
    TEST = "test"
    DEVELOPMENT = "development"
    OTHER = "other"


@dataclass(frozen=True)
class Group:
    """One list of requirements in a manifest."""

    path: str
    """Of the manifest, relative to the repository."""
    name: str
    """Empty for the package's own requirements; else what the manifest calls the group."""
    use: Use
    entries: tuple[str, ...]
    """Requirements as they are written (poetry's and Pipfile's as name + constraint)."""
    table: str = ""
    """Which of the manifest's ways to hold lists this is, for the module that reads it."""

    @property
    def names(self) -> frozenset[str]:
        """Canonical names of what is declared."""
        return frozenset(name for entry in self.entries if (name := canonical(entry)))

    @property
    def place(self) -> str:
        """The group in words."""
        return f"{self.path} (group '{self.name}')" if self.name else self.path


def canonical(requirement: str) -> str:
    """Return the normalised name of a requirement (PEP 503), or nothing where it has none."""
    match = _NAME.match(requirement)
    return canonicalize_name(match.group(1)) if match else ""


def use_of(name: str) -> Use:
    """Tell by a group's or file's name who needs it."""
    words = set(re.split(r"[^a-z]+", name.lower()))
    if words & {"test", "tests", "testing", "pytest", "ci"}:
        return Use.TEST
    if words & {"dev", "develop", "development", "lint", "linting", "typing", "types", "mypy", "qa", "check"}:
        return Use.DEVELOPMENT
    return Use.OTHER


def bound(entries: Sequence[str], version: str | None) -> str:
    """Return the version bound that the other entries' style asks for; none where there is no clear style."""
    if version is None or not entries:
        return ""
    styles = Counter(match.group(1) for entry in entries if (match := _BOUND.match(entry)))
    style, count = styles.most_common(1)[0] if styles else ("", 0)
    return f"{style}{version}" if style and 2 * count > len(entries) else ""


def insertion(entries: Sequence[str], requirement: str) -> int:
    """Return where a new entry goes: in its place in a sorted list, else at the end."""
    names = [canonical(entry) for entry in entries]
    if len(names) < 2 or names != sorted(names):
        return len(names)
    return sum(name < canonical(requirement) for name in names)
