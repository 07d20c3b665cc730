"""Source that ends the process so that a run looks green."""

import ast
import re
from collections.abc import Iterator

from fixer.verification.change import Change
from fixer.verification.places import is_python
from fixer.verification.python_source import Suspect, calls, imported, new_constructs, origin, python_files
from fixer.verification.tampering.base import Finding

RULE = "exits"
_ENDS = {"sys.exit", "exit", "quit", "SystemExit", "builtins.exit", "builtins.quit"}
_HARD = {"os._exit", "os.abort", "os.kill", "os.killpg", "signal.raise_signal", "os.execv", "os.execve", "os.execvp",
         "os.execl", "os.execlp", "pytest.exit", "_exit", "posix._exit"}  # fmt: skip
_TESTS_MAY = {"os.kill", "os.killpg", "signal.raise_signal"}
_SHELL = re.compile(r"(^|[;&|({\s])exit(\s+0)?\s*([;)}#]|$)|\|\|\s*(true|:|exit\s+0|echo\b.*)\s*([;)#\"'&|]|$)"
                    r"|^\s*set\s+\+e\b|;\s*(true|:)\s*$")  # fmt: skip
_OTHER = re.compile(r"\bprocess\.(exit|reallyExit)\(\s*0?\s*\)|process\.exitCode\s*=\s*0"
                    r"|\bstd::process::exit\(\s*0\s*\)"
                    r"|\bos\.Exit\(\s*0\s*\)|\bSystem\.exit\(\s*0\s*\)|\bKernel\.exit!?"
                    r"|^\s*exit!?\s*\(?0?\)?\s*$")  # fmt: skip
_SHELL_SUFFIXES = (".sh", ".bash", ".zsh", ".bats", "Makefile", ".mk", "Dockerfile")
_OTHER_SUFFIXES = (".js", ".ts", ".jsx", ".tsx", ".mjs", ".cjs", ".rs", ".go", ".java", ".kt", ".rb")


def findings(change: Change) -> Iterator[Finding]:
    """Yield new ways to end the process with success."""
    for tests in (False, True):
        for path, place, why in new_constructs(python_files(change, tests=tests), _in_tests if tests else _in_source):
            yield Finding(RULE, path, place, why)
    for file in change.files:
        pattern = _SHELL if file.path.endswith(_SHELL_SUFFIXES) else _OTHER
        if is_python(file.path) or not file.path.endswith(_SHELL_SUFFIXES + _OTHER_SUFFIXES):
            continue
        known = {line.strip() for _, line in file.removed}
        for number, line in file.added:
            if pattern.search(line) and line.strip() not in known:
                yield Finding(RULE, file.path, number, f"ends with success whatever happened: `{line.strip()}`")


def _in_source(tree: ast.Module) -> Iterator[Suspect]:
    for call, name in calls(tree):
        if name in _HARD:
            yield Suspect(call, f"a new call of {name} ends or replaces the process without the runner's say")
        elif name in _ENDS and not _is_failure(call):
            yield Suspect(call, f"a new call of {name} ends the process with success")
    names = imported(tree)
    called = {id(call.func) for call, _ in calls(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in called and origin(node, names) in _HARD:
            yield Suspect(node, f"a new use of {origin(node, names)} can end the process without the runner's say")
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id == "SystemExit":
            yield Suspect(node, "a new `raise SystemExit` ends the process with success")


def _in_tests(tree: ast.Module) -> Iterator[Suspect]:
    return (suspect for suspect in _in_source(tree) if not any(name in suspect.why for name in _TESTS_MAY))


def _is_failure(call: ast.Call) -> bool:
    """Whether the exit code is visibly not a success: a literal other than 0, or something computed (`main()`)."""
    if not call.args:
        return False
    value = call.args[0]
    return bool(value.value) if isinstance(value, ast.Constant) else True
