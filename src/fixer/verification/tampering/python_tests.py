"""Tests in Python: every test that was there must still ask for the same; only additions are free."""

import ast
import builtins
import re
from collections.abc import Iterator

from fixer.verification.anatomy import (
    Function,
    Unit,
    absolute,
    at,
    bindings,
    called,
    identifiers,
    line_of,
    others,
    target,
    units,
)
from fixer.verification.change import Change, TouchedFile
from fixer.verification.equivalence import Rename, normalised, same
from fixer.verification.places import is_below_tests
from fixer.verification.python_source import dotted, parse, python_files
from fixer.verification.renames import Licences, unlicensed
from fixer.verification.tampering.base import Finding

RULE = "tests"
_HOOKS = re.compile(r"^(pytest_\w+|setup\w*|teardown\w*|setUp\w*|tearDown\w*|load_tests|collect_ignore\w*|pytestmark|"
                    r"__\w+__|addTypeEqualityFunc|run|debug|assert\w*|fail\w*|id|shortDescription|countTestCases|"
                    r"defaultTestResult|doCleanups|maxDiff|longMessage|failureException|subTest|skipTest"
                    r"|raises|approx)$")  # fmt: skip
_DECORATORS = re.compile(
    r"^(@?)(pytest\.mark\.(?!skip|xfail|flaky|usefixtures)\w+|pytest\.fixture|fixture|staticmethod"
    r"|classmethod|property|(mock\.)?patch(\.\w+)*|given|settings|example"
    r"|dataclass|dataclasses\.dataclass"
    r"|contextmanager|contextlib\.contextmanager"
    r"|(functools\.)?(wraps|lru_cache|cache))$"
)
_SKIPS = re.compile(r"(^|\.)(skip|skipif|skipIf|skipUnless|xfail|expectedFailure|SkipTest|skipTest|importorskip|exit)$")
_CLASS_HOOKS = re.compile(r"__(new|init_subclass|eq|ne)__|load_tests")
_MOVED = {("mock", "unittest.mock"), ("six.moves", ""), ("toml", "tomllib"), ("tomli", "tomllib"),
          ("importlib_metadata", "importlib.metadata"), ("importlib_resources", "importlib.resources"),
          ("backports.zoneinfo", "zoneinfo"), ("StringIO", "io"), ("cgi", "html"), ("typing_extensions", "typing"),
          ("collections", "collections.abc"), ("imp", "importlib"), ("fractions", "math"),
          ("py.test", "pytest"), ("unittest2", "unittest"), ("typing", "collections.abc")}  # fmt: skip
"""Modules whose content moved, with where it is now, for tests that still ask the old place."""


def findings(change: Change) -> Iterator[Finding]:
    """Yield what is weaker than before in the Python tests of the change."""
    licences = Licences(change)
    for file in python_files(change, tests=True):
        if file.after is None:
            continue
        before, after = parse(file.before), parse(file.after)
        if after is None:
            yield Finding(RULE, file.path, 0, "the test file is no valid Python any more, so its tests cannot run")
        elif before is None:
            if _words(file.before) != _words(file.after):
                yield Finding(
                    RULE, file.path, 0, "the test file was no valid Python, and more than punctuation changed"
                )
        else:
            yield from _Comparison(file, before, after, licences).findings()


def _words(text: str | None) -> list[str]:
    """Return a text's words and comparisons, import lines left out: what a repair of its syntax keeps."""
    lines = [line for line in (text or "").splitlines() if not re.match(r"\s*(import|from)\s|[<>=]{7}", line)]
    return re.findall(r"\w+|[=!<>]=|[<>]", "\n".join(lines))


class _Comparison:
    """One test file, before and after."""

    def __init__(self, file: TouchedFile, before: ast.Module, after: ast.Module, licences: Licences) -> None:
        """Bring both versions to one form."""
        self.file = file
        self.licences = licences
        self.imports = bindings(before), bindings(after)
        self.used = identifiers(before)
        self.arguments = {node.arg for node in ast.walk(before) if isinstance(node, ast.arg)}
        self.bound = self.used - {name for _, name in self.imports[0]}
        self.moved: set[tuple[str, str]] = set()
        self.before, self.after = normalised(before), normalised(after)

    def findings(self) -> Iterator[Finding]:
        """Yield everything that is weaker."""
        yield from self._imports()
        yield from self._bodies(self.before.body, self.after.body, "")

    def _no(self, node: ast.AST | None, why: str) -> Finding:
        return Finding(RULE, self.file.path, getattr(node, "lineno", 0), why)

    def _imports(self) -> Iterator[Finding]:
        """Judge what the names of the file stand for."""
        before, after = self.imports
        for (scope, name), origin in after.items():
            old = before.get((scope, name))
            if old == origin:
                continue
            if name == "*" or (name in dir(builtins) and name in self.used):
                yield self._no(None, f"`{name}` is newly imported from {origin} and hides names that the tests use")
            elif old is None:
                if self._is_rebound(scope, name):
                    yield self._no(None, f"the tests use `{name}`, which now comes from {origin}")
            elif not self._may_move(old, origin):
                yield self._no(None, f"`{name}` now comes from {origin} instead of {old}: another thing is tested")
        gone = {name for key in before if key not in after for name in [key[1]]}
        new = {name for key in after if key not in before for name in [key[1]]}
        origins = {name: origin for (_, name), origin in before.items()}, {n: o for (_, n), o in after.items()}
        self.moved = {(old, name) for old in gone for name in new if self._may_move(origins[0][old], origins[1][name])}

    def _is_rebound(self, scope: str, name: str) -> bool:
        """Whether a name that the file binds otherwise is now bound by an import."""
        defined = {unit.name for unit in ast.walk(self.before) if isinstance(unit, Unit)}
        stored = {n.id for n in ast.walk(self.before) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if any(known == name for _, known in self.imports[0]):
            return not any(key[1] == name and value == self.imports[1][scope, name]
                           for key, value in self.imports[0].items())  # fmt: skip
        return name in defined | stored | self.arguments

    def _may_move(self, old: str, new: str) -> bool:
        """Whether an import may ask another place: the old one is gone, and the new one is the source's own."""
        package = self.file.path.rpartition("/")[0].replace("/", ".")
        if new.startswith(".") or old.startswith("."):
            old, new = absolute(old, package), absolute(new, package)
        if old == new or (old.rpartition(".")[2] == new.rpartition(".")[2] and old.endswith(f".{new}")):
            return True
        if self._is_known_move(old, new):
            return True
        there_before, there_now = self.licences.provides(old), self.licences.provides(new)
        if there_before is not False or there_now is not True:
            return False
        path = self.licences.module(new) or self.licences.module(new.rpartition(".")[0]) or ""
        last = old.rpartition(".")[2], new.rpartition(".")[2]
        known = last[0] == last[1] or self.licences.renamed_by_patch(*last) or self.licences.corrects_spelling(*last)
        return not is_below_tests(path) and known

    def _is_known_move(self, old: str, new: str) -> bool:
        if self.licences.provides(old) is not None or self.licences.provides(new) is not None:
            return False
        if any((old == was or old.startswith(f"{was}.")) and new == now + old[len(was) :] for was, now in _MOVED):
            return True
        return any(old.rpartition(".")[2] == new.rpartition(".")[2] and old.startswith(was) and new.startswith(now)
                   for was, now in _MOVED if now)  # fmt: skip

    def _bodies(self, old: list[ast.stmt], new: list[ast.stmt], inside: str) -> Iterator[Finding]:
        """Compare what stands at the top level of a module or class."""
        units_before, units_after = units(old), units(new)
        for name, versions in units_before.items():
            if name not in units_after:
                yield self._no(versions[-1], f"{called(versions[-1], inside)} is gone or was renamed")
            elif len(units_after[name]) > len(versions):
                yield self._no(units_after[name][-1], f"`{name}` is defined a second time and hides the first")
            else:
                yield from self._unit(versions[-1], units_after[name][-1], inside)
        for name, versions in units_after.items():
            if name not in units_before:
                yield from self._new_unit(versions[-1], inside)
        yield from self._statements(others(old), others(new), inside)

    def _statements(self, old: list[ast.stmt], new: list[ast.stmt], inside: str) -> Iterator[Finding]:
        """Every statement outside of functions stays, in order; only constants under new names may come."""
        rest = list(new)
        for statement in old:
            place = next((at for at, other in enumerate(rest) if not self.differs(statement, other)), None)
            if place is None:
                yield self._no(statement, f"`{line_of(statement)}` is changed or gone{at(inside)}")
                continue
            yield from self._extra(rest[:place], inside)
            rest = rest[place + 1 :]
        yield from self._extra(rest, inside)

    def _extra(self, statements: list[ast.stmt], inside: str) -> Iterator[Finding]:
        for statement in statements:
            if not self._is_new_constant(statement, inside) and not _is_main(statement):
                yield self._no(statement, f"`{line_of(statement)}` is new{at(inside)} and changes what the tests see")

    def _is_new_constant(self, statement: ast.stmt, inside: str) -> bool:
        if not isinstance(statement, ast.Assign) or inside:
            return False
        plain = not any(isinstance(node, ast.Call | ast.Attribute | ast.Yield) for node in ast.walk(statement.value))
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        free = all(name not in self.used and not _HOOKS.match(name) and name not in dir(builtins) for name in names)
        return plain and free and len(names) == len(statement.targets)

    def _unit(self, old: Unit, new: Unit, inside: str) -> Iterator[Finding]:
        if isinstance(old, ast.ClassDef) and isinstance(new, ast.ClassDef):
            if self.differs([old.bases, old.keywords], [new.bases, new.keywords]):
                yield self._no(new, f"the bases of {old.name} are changed")
            yield from self._decorators(old, new, inside)
            yield from self._bodies(old.body, new.body, old.name)
        elif type(old) is type(new) and not isinstance(old, ast.ClassDef) and not isinstance(new, ast.ClassDef):
            yield from self._decorators(old, new, inside)
            yield from self._function(old, new, inside)
        else:
            yield self._no(new, f"{called(old, inside)} became something else")

    def _decorators(self, old: Unit, new: Unit, inside: str) -> Iterator[Finding]:
        """Marks stay; one that skips may go, and a parametrisation may grow."""
        left = list(old.decorator_list)
        for decorator in new.decorator_list:
            place = next((at for at, other in enumerate(left) if self._keeps(other, decorator)), None)
            if place is None:
                skips = " and is skipped or expected to fail" if _SKIPS.search(target(decorator)) else ""
                yield self._no(decorator, f"{called(new, inside)} has the new mark `@{line_of(decorator)}`{skips}")
            else:
                left.pop(place)
        for decorator in left:
            if not _SKIPS.search(target(decorator)):
                yield self._no(new, f"{called(new, inside)} loses `@{line_of(decorator)}`")

    def _keeps(self, old: ast.expr, new: ast.expr) -> bool:
        if not self.differs(old, new):
            return True
        if not (isinstance(old, ast.Call) and isinstance(new, ast.Call) and target(old).endswith("parametrize")):
            return False
        if len(old.args) != 2 or len(new.args) != 2 or self.differs(old.keywords, new.keywords):
            return False
        values = [call.args[1] for call in (old, new)]
        lists = [value.elts for value in values if isinstance(value, ast.List | ast.Tuple)]
        grown = len(lists) == 2 and not self.differs(lists[0], lists[1][: len(lists[0])])
        return grown and target(old) == target(new) and not self.differs(old.args[0], new.args[0]) and not any(
            _SKIPS.search(dotted(node)) for each in lists[1][len(lists[0]) :] for node in ast.walk(each)
        )  # fmt: skip

    def _function(self, old: Function, new: Function, inside: str) -> Iterator[Finding]:
        longer = new.body[len(old.body) :]
        kept = new.body[: len(old.body)]
        pair = (old, new)
        grown = all(isinstance(each, ast.Assert) and not _has_effect(each) for each in longer)
        if grown and not self.differs([old.args, old.body], [new.args, kept], pair):
            return
        why, node = _what_changed(old, new, self)
        yield self._no(node, f"{called(new, inside)}: {why}")

    def _new_unit(self, node: Unit, inside: str) -> Iterator[Finding]:
        """A new function or class may not take a name that is in use, and may not act on other tests."""
        fixture = any(target(decorator).endswith("fixture") for decorator in node.decorator_list)
        missing_fixture = fixture and not self.licences.is_fixture(node.name)
        if _HOOKS.match(node.name):
            yield self._no(node, f"the new `{node.name}` is a hook that acts on tests that were there before")
        elif (node.name in self.used or node.name in dir(builtins)) and not missing_fixture:
            yield self._no(node, f"the new `{node.name}` takes the place of a name that the tests use")
        elif fixture and not missing_fixture:
            yield self._no(node, f"the new fixture `{node.name}` takes the place of another one")
        if any("autouse" in ast.unparse(decorator) for decorator in node.decorator_list):
            yield self._no(node, f"the new fixture `{node.name}` is used by every test by itself")
        for decorator in node.decorator_list:
            if not _DECORATORS.match(target(decorator)):
                yield self._no(decorator, f"the new {called(node, inside)} has the mark `@{line_of(decorator)}`")
        if isinstance(node, ast.ClassDef):
            yield from (self._no(each, f"`{line_of(each)}` is run where {node.name} is defined")
                        for each in others(node.body) if _acts(each))  # fmt: skip
            hooks = [unit for unit in node.body if isinstance(unit, Unit) and _CLASS_HOOKS.match(unit.name)]
            yield from (self._no(unit, f"the new {node.name} has the hook {unit.name}") for unit in hooks)
        elif any(isinstance(each, ast.Call) for each in [*node.args.defaults, *node.args.kw_defaults]):
            yield self._no(node, f"a default of the new `{node.name}` is computed where it is defined")
        if fixture and re.search(r"\b(setattr|patch|skip|xfail|exit)\b", ast.unparse(node)):
            yield self._no(node, f"the new fixture `{node.name}` patches or skips")

    def differs(self, old: object, new: object, functions: tuple[ast.AST, ast.AST] | None = None) -> bool:
        """Whether two parts differ by more than renames with a licence."""
        renames: set[Rename] = set()
        if not same(old, new, renames):
            return True
        return bool(unlicensed(renames, self.licences, functions or (self.before, self.after), self.moved))


def _what_changed(old: Function, new: Function, comparison: _Comparison) -> tuple[str, ast.AST]:
    """Return in words what is different between two versions of a function, and where."""
    checks = [[node for node in ast.walk(version) if _is_check(node)] for version in (old, new)]
    skips = [[node for node in ast.walk(version) if isinstance(node, ast.Call) and _SKIPS.search(dotted(node.func))]
             for version in (old, new)]  # fmt: skip
    if len(skips[1]) > len(skips[0]):
        return "it now skips itself", skips[1][-1]
    if len(checks[1]) < len(checks[0]):
        return f"it has {len(checks[1])} checks left of {len(checks[0])}", new
    for was, now in zip(checks[0], checks[1], strict=False):
        if comparison.differs(was, now, (old, new)):
            return f"the check `{line_of(was)}` became `{line_of(now)}`", now
    for was_statement, now_statement in zip(old.body, new.body, strict=False):
        if comparison.differs(was_statement, now_statement, (old, new)):
            return f"`{line_of(was_statement)}` became `{line_of(now_statement)}`", now_statement
    return "its parameters or its length changed", new


def _is_check(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    return isinstance(node, ast.Call) and bool(
        re.search(r"(^|\.)(assert\w*|raises|warns|fail|approx|expect)$", dotted(node.func))
    )


def _has_effect(node: ast.AST) -> bool:
    return any(isinstance(each, ast.NamedExpr | ast.Await | ast.Yield | ast.Lambda) for each in ast.walk(node))


def _acts(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        named = [
            target.id for target in ast.walk(statement) if isinstance(target, ast.Name) and _HOOKS.match(target.id)
        ]
        return bool(named) or any(isinstance(node, ast.Call) for node in ast.walk(statement))
    return not isinstance(statement, ast.Pass)


def _is_main(statement: ast.stmt) -> bool:
    return ast.unparse(statement) == "if __name__ == '__main__':\n    unittest.main()"
