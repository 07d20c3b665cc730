"""The Python files of a repository: paths go in, modules by file, by dotted name and by log path come out."""

import ast
import re
import warnings
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path, PurePosixPath

from fixer.strategies.codebase.scopes import Bindings, read_bindings
from fixer.strategies.codebase.source_file import SourceFile, read_source

_ROOTS = ("src", "lib", "python")
_TEST_FOLDERS = {"test", "tests", "testing", "spec", "specs"}
_TEST_FILE = re.compile(r"^(test_.*|.*_tests?|tests?|conftest)\.py$")


class Module:
    """One file of Python."""

    def __init__(self, source: SourceFile, names: tuple[str, ...], *, protected: bool) -> None:
        """Hold the file; nothing is parsed yet."""
        self.source = source
        self.names = names
        """Dotted names under which it may be imported, the likeliest first."""
        self.protected = protected
        """Whether it states what is right (a test): it is read, never changed."""

    @property
    def path(self) -> str:
        """Relative to the repository."""
        return self.source.path

    @property
    def name(self) -> str:
        """The likeliest dotted name."""
        return self.names[0]

    @property
    def is_package(self) -> bool:
        """Whether it is the `__init__.py` of a package."""
        return PurePosixPath(self.path).name == "__init__.py"

    @property
    def package(self) -> str:
        """The package that relative imports in it start from; empty outside of any."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file; empty where it is no Python 3."""
        return parse(self.source.text) or ast.Module([], [])

    @cached_property
    def bindings(self) -> Bindings:
        """Names, attributes and calls in it."""
        return read_bindings(self.tree)

    def mentions(self, word: str) -> bool:
        """Whether `word` stands anywhere in the text as a whole identifier."""
        return word in self.source.text and self.count(word) > 0

    def count(self, word: str) -> int:
        """How often `word` stands in the text as a whole identifier, comments and strings included."""
        return len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", self.source.text))

    def target(self, node: ast.ImportFrom) -> str:
        """Return the dotted name of the module that a `from` import names, relative ones made absolute."""
        if not node.level:
            return node.module or ""
        parts = self.package.split(".") if self.package else []
        kept = parts[: len(parts) - node.level + 1]
        return ".".join([*kept, *([node.module] if node.module else [])])


class Codebase:
    """Every Python file of a repository."""

    def __init__(self, root: Path, files: Iterable[str], test_files: Iterable[str] = ()) -> None:
        """Read the files; those that are not text in their own encoding are left out."""
        paths = [name for name in files if name.endswith((".py", ".pyi"))]
        tests = set(test_files)
        self.root = root
        self._files = frozenset(paths)
        sources = [source for name in paths if (source := read_source(root, name))]
        self.modules = [
            Module(source, self._names(source.path), protected=source.path in tests or is_test_file(source.path))
            for source in sources
        ]
        self.by_path = {module.path: module for module in self.modules}
        self.by_name: dict[str, Module] = {}
        for rank in range(3):
            for module in self.modules:
                if rank < len(module.names):
                    self.by_name.setdefault(module.names[rank], module)

    @property
    def sources(self) -> list[Module]:
        """The modules that a patch may change."""
        return [module for module in self.modules if not module.protected and module.path.endswith(".py")]

    @cached_property
    def top_names(self) -> frozenset[str]:
        """First parts of all dotted names: what counts as first-party."""
        return frozenset(module.name.split(".")[0] for module in self.modules)

    def at(self, path: str) -> Module | None:
        """Return the module that a path of a log means: the file whose path is the longest tail of it."""
        parts = PurePosixPath(path.replace("\\", "/")).parts
        for start in range(len(parts)):
            tail = "/".join(parts[start:])
            for name in (tail, *(f"{root}/{tail}" for root in _ROOTS)):
                if name in self.by_path and (start == 0 or "/" in tail or len(parts) - start == 1):
                    return self.by_path[name]
        return None

    def submodules(self, module: Module) -> dict[str, Module]:
        """Return the modules directly inside of a package by their last name."""
        prefix = f"{module.name}."
        found = (m for m in self.modules if m.name.startswith(prefix)) if module.is_package else ()
        return {m.name.removeprefix(prefix): m for m in found if "." not in m.name.removeprefix(prefix)}

    def mentioning(self, word: str) -> list[Module]:
        """Return the changeable modules whose text holds the identifier."""
        return [module for module in self.sources if module.mentions(word)]

    def mentions(self, word: str, *, protected: bool | None = None) -> int:
        """Count an identifier over all files, or over the protected or unprotected ones only."""
        return sum(m.count(word) for m in self.modules if protected is None or m.protected is protected)

    def _names(self, path: str) -> tuple[str, ...]:
        parts = PurePosixPath(path).with_suffix("").parts
        top = len(parts) - 1
        while top and "/".join([*parts[:top], "__init__.py"]) in self._files:
            top -= 1
        in_package = top < len(parts) - 1
        own = parts[:-1] if parts[-1] == "__init__" else parts
        outside = parts[1:] if parts[0] in _ROOTS and len(parts) > 1 else parts
        outside = outside[:-1] if outside[-1] == "__init__" else outside
        walked = ".".join(own[top:])
        fitting = ".".join(outside)
        names = [walked, fitting, ".".join(own)] if in_package else [fitting, walked, ".".join(own)]
        return tuple(dict.fromkeys(name for name in names if name)) or (PurePosixPath(path).stem,)


def parse(text: str) -> ast.Module | None:
    """Parse Python; None where it is not. What the compiler warns of is the project's own business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return None


def is_test_file(path: str) -> bool:
    """Whether a path is that of a test, its data or its configuration, by the usual layouts."""
    pure = PurePosixPath(path)
    return bool(_TEST_FOLDERS.intersection(pure.parts[:-1])) or _TEST_FILE.match(pure.name) is not None
