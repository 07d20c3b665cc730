"""Whether a name may read differently in a test: renames come in, those without a licence go out.

A licence is: the source renamed the same thing in this patch; the test's own spelling never existed and what it reads
now does; or the name is a variable of the function and stays one variable.
"""

import ast
import builtins
import difflib
import re
from dataclasses import dataclass
from functools import cached_property

from fixer.verification.change import Change
from fixer.verification.equivalence import Rename
from fixer.verification.places import is_test_code
from fixer.verification.python_source import parse, python_files

_ALIKE = 0.7
_CHECKING = re.compile(
    r"^_?(assert|fail|raises|expect|warns|should|skip|xfail|verify|deprecated_call|approx)", re.IGNORECASE
)
_BUILTIN_FIXTURES = {"tmp_path", "tmpdir", "tmp_path_factory", "capsys", "capfd", "caplog", "monkeypatch", "request",
                     "recwarn", "capsysbinary", "capfdbinary", "pytestconfig", "cache", "testdir", "pytester",
                     "record_property", "doctest_namespace", "subtests"}  # fmt: skip

_PLUGIN_FIXTURES = {"mocker", "benchmark", "event_loop", "faker", "freezer", "httpx_mock", "requests_mock",
                    "respx_mock", "live_server", "admin_client", "rf", "page", "browser", "aiohttp_client", "snapshot",
                    "datadir", "shared_datadir", "worker_id", "testrun_uid", "django_db_setup", "celery_app", "cov",
                    "qtbot", "anyio_backend", "unused_tcp_port"}  # fmt: skip
"""Fixtures of much used plugins: a fixture of the same name in the project would hide them."""


@dataclass(frozen=True)
class Licences:
    """What the patch and the repository say about names."""

    change: Change

    @cached_property
    def _defined_before(self) -> set[str]:
        return {name for file in python_files(self.change, tests=False) for name in _definitions(file.before)}

    @cached_property
    def _defined_after(self) -> set[str]:
        return {name for file in python_files(self.change, tests=False) for name in _definitions(file.after)}

    def renamed_by_patch(self, old: str, new: str) -> bool:
        """Whether the patch takes `old` from the source and puts `new` in."""
        return (
            old in self._defined_before
            and old not in self._defined_after
            and new in self._defined_after
            and new not in self._defined_before
        )

    def corrects_spelling(self, old: str, new: str) -> bool:
        """Whether the source never had `old` and already has `new`, which reads alike."""
        return alike(old, new) and self._in_source(new) and not self._in_source(old)

    def _in_source(self, name: str) -> bool:
        listed = self.change.git.run(
            "grep", "-l", "-w", "-F", "-e", name, self.change.base, "--", "*.py", check=False
        ).stdout.splitlines()
        return any(not is_test_code(line.partition(":")[2]) for line in listed)

    def is_fixture(self, name: str) -> bool:
        """Whether a fixture of that name is defined in the repository or by pytest itself."""
        if name in _BUILTIN_FIXTURES | _PLUGIN_FIXTURES:
            return True
        pattern = rf"def {name} *\(|name *= *[\"']{name}[\"']"
        listed = self.change.git.run("grep", "-l", "-E", "-e", pattern, self.change.base, "--", "*.py", check=False)
        return any(is_test_code(line.partition(":")[2]) for line in listed.stdout.splitlines()) or any(
            re.search(pattern, file.before or "") for file in self.change.files if file.path.endswith("conftest.py")
        )

    def corrects_fixture(self, old: str, new: str) -> bool:
        """Whether a test asked for a fixture that is nowhere, and now asks for one that is there and reads alike."""
        return alike(old, new) and self.is_fixture(new) and not self.is_fixture(old)

    def module(self, dotted: str) -> str | None:
        """Return the path of a module of the repository's source with the patch applied, or None."""
        tail = dotted.replace(".", "/")
        for ending in (f"{tail}.py", f"{tail}/__init__.py"):
            for path in sorted(self.change.paths):
                if path == ending or path.endswith(f"/{ending}"):
                    return path
        return None

    def provides(self, origin: str) -> bool | None:
        """Whether an import's origin exists with the patch applied; None: it is no module of this repository."""
        if self.module(origin):
            return True
        module, _, name = origin.rpartition(".")
        path = self.module(module)
        if path is None:
            top = origin.partition(".")[0]
            return (
                False
                if self.module(top) or any(f"/{top}/" in f"/{known}" for known in self.change.paths_before)
                else None
            )
        return name in _definitions(self.change.text(path))


def alike(old: str, new: str) -> bool:
    """Whether one may be a misspelling of the other; checks themselves are never."""
    return not _CHECKING.match(old) and not _CHECKING.match(new) and (
        difflib.SequenceMatcher(None, old, new).ratio() >= _ALIKE
    )  # fmt: skip


def unlicensed(
    renames: set[Rename], licences: Licences, functions: tuple[ast.AST, ast.AST], imports: set[tuple[str, str]]
) -> list[Rename]:
    """Return the renames between two versions of one function (or module) that nothing allows.

    Args:
        renames: what reads differently.
        licences: what the patch and the repository say.
        functions: the two versions.
        imports: pairs of imported names that were judged already.
    """
    pairs = {(rename.old, rename.new) for rename in renames}
    crossed = len({old for old, _ in pairs}) != len(pairs) or len({new for _, new in pairs}) != len(pairs)
    refused = []
    for rename in sorted(renames, key=lambda rename: (rename.kind, rename.old, rename.new)):
        pair = (rename.old, rename.new)
        by_source = licences.renamed_by_patch(*pair) or licences.corrects_spelling(*pair)
        if rename.kind in {"Attribute", "keyword"}:
            allowed = by_source and not _CHECKING.match(rename.new) and not _CHECKING.match(rename.old)
        elif rename.kind == "arg":
            allowed = licences.corrects_fixture(*pair) or (
                not _asks_for_fixtures(functions[0]) and _one_variable(*pair, functions)
            )
        else:
            allowed = by_source or pair in imports or _one_variable(*pair, functions)
        if crossed or not allowed:
            refused.append(rename)
    return refused


def _asks_for_fixtures(function: ast.AST) -> bool:
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return function.name.startswith("test") or any("fixture" in ast.unparse(each) for each in function.decorator_list)


def _one_variable(old: str, new: str, functions: tuple[ast.AST, ast.AST]) -> bool:
    """Whether `old` is bound in the first version, and `new` is nothing but the same variable in the second."""
    if new in dir(builtins):
        return False
    bound = {
        node.id for node in ast.walk(functions[0]) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    bound |= {node.arg for node in ast.walk(functions[0]) if isinstance(node, ast.arg)}
    return old in bound and new not in _names(functions[0]) and old not in _names(functions[1])


def _names(tree: ast.AST) -> set[str]:
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def _definitions(text: str | None) -> set[str]:
    """Return every name that a file defines at any depth: functions, classes, variables, attributes, parameters."""
    tree = parse(text)
    found: set[str] = set()
    for node in ast.walk(tree) if tree else []:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return found
