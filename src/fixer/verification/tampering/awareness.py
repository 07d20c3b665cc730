"""Source that looks whether it is being tested, to behave well only then."""

import ast
import re
from collections.abc import Iterator

from fixer.verification.change import Change
from fixer.verification.places import is_python, is_test_code
from fixer.verification.python_source import Suspect, imported, new_constructs, origin, python_files
from fixer.verification.tampering.base import Finding

RULE = "test-awareness"
_WORDS = re.compile(
    r"^(py\.?test|unittest|nose2?|doctest|_pytest|pytest_.*|conftest(\.py)?|PYTEST_.*|.*_PYTEST_.*|TOX_ENV_.*|CI"
    r"|CONTINUOUS_INTEGRATION|GITHUB_ACTIONS|GITLAB_CI|TRAVIS|CIRCLECI|JENKINS_URL|BUILDKITE|TESTING|TEST_ENV"
    r"|UNDER_TEST|IS_TEST|test_|/?tests?/?|test|.*xdist.*|.*sandbox.*|FIXER.*|/test_.*|tests?\..*|.*\btest_\w+|__main__\.py|.*::test_.*|.*\btest_\w+\.py)$",
    re.IGNORECASE,
)
_PLACES = {"sys.modules", "sys.argv", "sys.orig_argv", "os.environ", "environ", "sys.path", "__file__", "__name__",
           "sys.ps1", "sys.flags"}  # fmt: skip
_STACK = {"inspect.stack", "inspect.currentframe", "sys._getframe", "traceback.extract_stack", "sys._current_frames",
          "traceback.format_stack", "traceback.walk_stack", "inspect.getouterframes", "inspect.getmodule",
          "traceback.print_stack", "inspect.trace", "gc.get_objects", "gc.get_referrers", "gc.get_referents",
          "psutil.Process", "os.getppid"}  # fmt: skip
_ENV = {"os.getenv", "os.environ.get", "environ.get", "getenv", "os.environ.pop", "os.getenvb", "os.environ.setdefault",
        "importlib.util.find_spec", "sys.modules.get"}  # fmt: skip
_OTHER = re.compile(
    r"process\.env\.(JEST_WORKER_ID|NODE_ENV|VITEST\w*|CI|TEST\w*|GITHUB_ACTIONS)\b|typeof\s+(jest|vi|describe|it)\b"
    r"|import\.meta\.vitest|\bcfg!\(test\)|#\[cfg\((not\()?test|testing\.Testing\(\)|flag\.Lookup\(\"test"
    r"|env::var\(\"(CI|RUST_TEST\w*|CARGO_\w*)\"|os\.Getenv\(\"(CI|TEST\w*)\"|\$\{?(CI|PYTEST\w*|GITHUB_ACTIONS|BATS\w*)\b"
)


def findings(change: Change) -> Iterator[Finding]:
    """Yield new looks at the test runner, the CI service or the callers."""
    for path, place, why in new_constructs(python_files(change, tests=False), _suspects):
        yield Finding(RULE, path, place, why)
    for file in change.files:
        if is_python(file.path) or is_test_code(file.path) or file.path.endswith((".md", ".rst", ".txt")):
            continue
        known = {line.strip() for _, line in file.removed}
        for number, line in file.added:
            if _OTHER.search(line) and line.strip() not in known and not line.strip().startswith("#[cfg(test)]"):
                yield Finding(RULE, file.path, number, f"looks whether it is being tested: `{line.strip()}`")


def _suspects(tree: ast.Module) -> Iterator[Suspect]:
    names = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            yield from _named(node, [origin(side, names) for side in sides], _strings(node))
        elif isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp):
            places = [origin(each.iter, names) for each in node.generators]
            yield from _named(node, places, _strings(node))
        elif isinstance(node, ast.Subscript):
            yield from _named(node, [origin(node.value, names)], _strings(node.slice))
        elif isinstance(node, ast.Call):
            name = origin(node.func, names)
            if name in _STACK:
                yield Suspect(node, f"a new call of {name} looks at who is calling")
            elif name in _ENV:
                yield from _named(node, ["os.environ"], _strings(node))
            elif isinstance(node.func, ast.Attribute) and node.func.attr in {"startswith", "endswith", "find", "count"}:
                yield from _named(node, [origin(inner, names) for inner in ast.walk(node.func)], _strings(node))
        elif isinstance(node, ast.Attribute) and node.attr in {"f_back", "f_code", "f_globals", "tb_frame"}:
            yield Suspect(node, f"a new use of .{node.attr} looks at who is calling")


def _named(node: ast.AST, places: list[str], words: list[str]) -> Iterator[Suspect]:
    """Judge a look at a place that tells who runs the code, when it looks for the name of a test runner or CI."""
    place = next((place for place in places if place in _PLACES), "")
    word = next((word for word in words if _WORDS.match(word)), "")
    if (place and word) or any(word.upper().startswith(("PYTEST_", "JEST_WORKER")) for word in words):
        yield Suspect(node, f"looks whether it is being tested: `{ast.unparse(node)}`")


def _strings(node: ast.AST) -> list[str]:
    return [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str)]
