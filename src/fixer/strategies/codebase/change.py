"""A change of several files: edits go in, the new contents of the files come out, if they are still Python."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from fixer.strategies.codebase.project import Module, parse
from fixer.strategies.codebase.source_file import Edit


@dataclass
class Change:
    """What a strategy would do, before it is a diff."""

    summary: str
    """Fit for a commit subject."""
    explanation: str
    review: str = ""
    """What a person should look at; empty when the tests settle it."""
    edits: dict[str, list[Edit]] = field(default_factory=lambda: defaultdict(list))
    """By path."""
    modules: dict[str, Module] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    """Old path -> new path of files that move."""

    def add(self, module: Module, edits: Iterable[Edit]) -> None:
        """Add edits of one file; those of protected files are dropped: they are never changed."""
        new = list(edits)
        if new and not module.protected:
            self.modules[module.path] = module
            self.edits[module.path] += new

    def contents(self) -> dict[str, bytes | None]:
        """Return path -> new bytes (None: removed); empty where nothing changes or a file would not be Python."""
        found: dict[str, bytes | None] = {}
        for path, edits in self.edits.items():
            source = self.modules[path].source
            text = source.edited(edits)
            if text == source.text:
                continue
            if parse(text) is None:
                return {}
            try:
                found[path] = source.encode(text)
            except UnicodeEncodeError:
                return {}
        for old, new in self.moved.items():
            module = self.modules[old]
            found[new] = found.pop(old, None) or module.source.encode(module.source.text)
            found[old] = None
        return found
