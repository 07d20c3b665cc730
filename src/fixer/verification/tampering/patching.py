"""Source that changes other people's code while it runs: the runner, the builtins, another module."""

import ast
from collections.abc import Iterator

from fixer.verification.change import Change
from fixer.verification.python_source import Suspect, calls, dotted, imported, new_constructs, origin, python_files
from fixer.verification.tampering.base import Finding

RULE = "patching"
_RUNNERS = {"pytest", "_pytest", "unittest", "nose", "nose2", "mock", "doctest", "pluggy", "hypothesis", "freezegun",
            "time_machine", "pytest_mock", "flaky", "pytest_rerunfailures", "xdist", "coverage"}  # fmt: skip
_OWN_IMPORTS = {"builtins", "ctypes", "sitecustomize", "usercustomize", "conftest", "tests", "test", "__main__"}
_HOOKS = {"sys.excepthook", "sys.settrace", "sys.setprofile", "sys.displayhook", "sys.unraisablehook", "sys.stdout",
          "threading.settrace", "threading.setprofile", "threading.excepthook", "sys.addaudithook", "sys.meta_path",
          "sys.path_hooks", "sys.modules", "sys.path_importer_cache", "sys.monitoring", "sys.stderr",
          "sys.breakpointhook", "sys.__stdout__"}  # fmt: skip
_CALLS = {"atexit.register", "sys.settrace", "sys.setprofile", "threading.settrace", "threading.setprofile",
          "sys.addaudithook", "signal.signal", "signal.alarm", "sys.meta_path.insert", "sys.meta_path.append",
          "sys.path_hooks.insert", "sys.path_hooks.append", "sys.modules.update", "sys.modules.pop",
          "sys.modules.setdefault", "sys.modules.__setitem__", "importlib.reload", "atexit.unregister",
          "gc.get_objects", "sys.path.insert", "site.addsitedir", "forbiddenfruit.curse",
          "ctypes.pythonapi"}  # fmt: skip


def findings(change: Change) -> Iterator[Finding]:
    """Yield new assignments into other modules, hooks, and imports of test tools."""
    for path, line, why in new_constructs(python_files(change, tests=False), _in_source):
        yield Finding(RULE, path, line, why)
    for path, line, why in new_constructs(python_files(change, tests=True), _in_tests):
        yield Finding(RULE, path, line, why)


def _in_source(tree: ast.Module) -> Iterator[Suspect]:
    yield from _imports(tree)
    yield from _in_tests(tree)


def _in_tests(tree: ast.Module) -> Iterator[Suspect]:
    names = imported(tree)
    modules = _modules(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete | ast.AnnAssign):
            yield from _assignment(node, names, modules)
    for call, name in calls(tree):
        if name in _CALLS:
            yield Suspect(call, f"a new call of {name} takes a hand in how the process runs", key=name)
        elif name in {"setattr", "builtins.setattr", "delattr", "object.__setattr__", "type.__setattr__"} and call.args:
            target = dotted(call.args[0])
            if target.partition(".")[0] in modules | set(names) | {"__builtins__"}:
                yield Suspect(call, f"a new {name} changes {target} from outside")
        elif isinstance(call.func, ast.Attribute) and call.func.attr in {"update", "__setitem__", "setdefault"}:
            holder = call.func.value
            if _is_namespace(holder):
                yield Suspect(call, f"a new `{ast.unparse(call.func)}` changes names behind everybody's back")


def _imports(tree: ast.Module) -> Iterator[Suspect]:
    """Yield each test tool that is imported, once: what uses one already may use more of it."""
    seen: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            origins = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            origins = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in origins:
            top = name.partition(".")[0]
            if (top in _RUNNERS or top in _OWN_IMPORTS) and top not in seen:
                seen.add(top)
                yield Suspect(node, f"source that is not a test now imports {top}", key=top)


def _modules(tree: ast.Module) -> set[str]:
    """Return the names that `import x` binds: modules for certain."""
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }


def _assignment(
    node: ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete, names: dict[str, str], modules: set[str]
) -> Iterator[Suspect]:
    targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else [node.target]
    for target in targets:
        inner = target.value if isinstance(target, ast.Subscript) else target
        name = origin(inner, names)
        head = dotted(inner).partition(".")[0]
        if name in _HOOKS or name.startswith(("builtins.", "__builtins__")):
            yield Suspect(node, f"a new change of {name} takes a hand in how the process runs")
        elif name.startswith("os.environ") and isinstance(target, ast.Subscript):
            continue
        elif isinstance(inner, ast.Attribute) and head in names and (head in modules or head[:1].isupper()):
            yield Suspect(node, f"`{ast.unparse(inner)}` is changed from outside of where it is defined")
        elif isinstance(inner, ast.Attribute) and inner.attr in {"__code__", "__class__", "__dict__", "__defaults__"}:
            yield Suspect(node, f"`{ast.unparse(inner)}` is changed while the program runs")
        elif _is_namespace(inner):
            yield Suspect(node, f"`{ast.unparse(target)}` changes names behind everybody's back")


def _is_namespace(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "__dict__"
    return isinstance(node, ast.Call) and dotted(node.func) in {"globals", "vars", "locals"}
