"""The command that runs one failing test alone: what a test's runner said of it in, a line for a POSIX shell out."""

from collections.abc import Callable

from fixer import lazy_re as re
from fixer.explaining.causes.reading.shell import plain, shell_line
from fixer.schema.failure import Failure

_PARAMETERS = re.compile(r"\s*[\[({].*$", re.DOTALL)
_PYTEST_ID = re.compile(r"(?<![\w/.-])[\w./-]{1,150}\.py::[\w:.-]{1,150}(?:\[[^\]\s]{1,100}\])?")
_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}]")
_TEST_FILE = re.compile(r"(?:^|[/_.-])(?:tests?|specs?|__tests__)(?=[/_.-])|(?:Test|Spec|IT)\.\w+$", re.IGNORECASE)


def alone(failure: Failure, action: str) -> str:
    """Return what runs the failure's test and no other; empty where its runner is not known for sure.

    Args:
        failure: of one test.
        action: the step that ran it: it tells which of several ways to start the same runner the project uses.
    """
    made = _MADE.get(failure.tool)
    told = [failure.test or "-", failure.file or "none"]
    if made is None or not all(plain(name) and not name.startswith("-") for name in told):
        return ""
    return shell_line(made(failure, action))


def named_alone(text: str, action: str) -> str:
    """Return the command for the first test that a text names as its runner takes it; empty where it names none."""
    if found := _PYTEST_ID.search(text):
        return shell_line([*_pytest_call(action), found[0]])
    if found := re.search(r"--- FAIL: (\S{1,150})", text):
        return shell_line(_go_words(found[1]))
    if found := re.search(r"(?m)^\s*Failed ([\w.]{3,150}) \[", text):
        return shell_line(["dotnet", "test", "--filter", f"FullyQualifiedName~{found[1]}"])
    return ""


def _test(failure: Failure) -> str:
    return failure.test or ""


def _file(failure: Failure) -> str:
    """Return the file of the test; empty where the failure's file is that of the code it calls."""
    return failure.file if failure.file and _TEST_FILE.search(failure.file) else ""


def _at(failure: Failure) -> str:
    file = _file(failure)
    return f"{file}:{failure.line}" if file and failure.line else file


def _regex(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _pytest_call(action: str) -> list[str]:
    return ["python", "-m", "pytest"] if re.search(r"python3? -m pytest", action) else ["pytest"]


def _pytest(failure: Failure, action: str) -> list[str]:
    return [*_pytest_call(action), _test(failure)]


def _unittest(failure: Failure, action: str) -> list[str]:
    test = _test(failure)
    if not re.fullmatch(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", test):
        return []
    if "nosetests" in action:
        module = re.match(r"((?:[a-z_]\w*\.)*[a-z_]\w*)\.([A-Z]\w*(?:\.\w+)?|\w+)$", test)
        return ["nosetests", f"{module[1]}:{module[2]}"] if module else []
    if "manage.py test" in action:
        return ["python", "manage.py", "test", test]
    return ["python", "-m", "unittest", test]


def _go_words(test: str) -> list[str]:
    return ["go", "test", "-run", "/".join(f"^{_regex(part)}$" for part in test.split("/")), "./..."]


def _go(failure: Failure, _action: str) -> list[str]:
    return _go_words(_test(failure))


def _cargo(failure: Failure, action: str) -> list[str]:
    if "nextest" in action:
        return ["cargo", "nextest", "run", _test(failure)]
    return ["cargo", "test", _test(failure), "--", "--exact"]


def _jest(failure: Failure, _action: str) -> list[str]:
    test, file = _test(failure), _file(failure)
    if test == failure.file:
        return ["npx", "jest", test]
    return ["npx", "jest", *([file] if file else []), "-t", _regex(" ".join(test.split(" \u203a ")))]


def _vitest(failure: Failure, _action: str) -> list[str]:
    first, *names = _test(failure).split(" > ")
    if not re.search(r"\.\w+$", first):
        first, names = _file(failure), [first, *names]
    return ["npx", "vitest", "run", *([first] if first else []), *(["-t", _regex(" ".join(names))] if names else [])]


def _mocha(failure: Failure, action: str) -> list[str]:
    if "cypress" in action:
        spec = _file(failure)
        return ["npx", "cypress", "run", "--spec", spec] if spec else []
    name = re.sub(r"\"(?:before|after)(?: each| all)?\" hook.*", "", _test(failure)).strip()
    return ["npx", "mocha", "--fgrep", name] if name else []


def _playwright(failure: Failure, _action: str) -> list[str]:
    place = re.search(r"([\w./@+-]+\.\w+:\d+)(?::\d+)?(?= |$)", _test(failure))
    return ["npx", "playwright", "test", place[1]] if place else []


def _maven(failure: Failure, action: str) -> list[str]:
    class_name, _, method = _PARAMETERS.sub("", _test(failure)).rpartition(".")
    if not re.fullmatch(r"[\w.$]+", class_name or method) or not re.fullmatch(r"\w+", method):
        return []
    option = "-Dit.test" if re.search(r"IT$|ITCase$", class_name) else "-Dtest"
    goal = "verify" if option == "-Dit.test" else "test"
    call = "./mvnw" if "mvnw" in action else "mvn"
    return [call, f"{option}={f'{class_name}#{method}' if class_name else method}", goal]


def _gradle(failure: Failure, action: str) -> list[str]:
    first, *rest = [part.strip() for part in _test(failure).split(" > ")]
    method = _PARAMETERS.sub("", rest[-1]) if rest else ""
    call = "gradle" if re.search(r"(?<![\w./])gradle ", action) else "./gradlew"
    if re.fullmatch(r"(?:\w+\.)+[A-Z]\w*\.\w+", method):
        return [call, "test", "--tests", method]
    if not re.fullmatch(r"(?:\w+\.)*[A-Z][\w$]*", first):
        return []
    whole = "" if "." in first else "*"
    exact = re.fullmatch(r"\w+", method) and method not in {"initializationError", "executionError"}
    member = f"{'*' if len(rest) > 1 else '.'}{method}" if exact else "*"
    return [call, "test", "--tests", f"{whole}{first}{member}"]


def _rspec(failure: Failure, _action: str) -> list[str]:
    test = _test(failure)
    place = test if test.endswith(".rb") else _at(failure)
    if re.match(r"[a-z]\w*:", test):
        return []
    return ["bundle", "exec", "rspec", *([place] if place.split(":")[0].endswith("_spec.rb") else ["-e", test])]


def _minitest(failure: Failure, action: str) -> list[str]:
    file, name = _file(failure), _test(failure).rpartition("#")[2]
    if not file:
        return []
    if "rails" in action:
        return ["bin/rails", "test", file, "-n", name]
    return ["ruby", "-Itest", "-Ilib", file, "-n", name]


def _phpunit(failure: Failure, action: str) -> list[str]:
    name = re.sub(r" with data set .*", "", _test(failure)).rpartition("\\")[2]
    call = re.search(r"[\w./-]*phpunit\b", action)
    return [call[0] if call else "vendor/bin/phpunit", "--filter", name]


def _dotnet(failure: Failure, _action: str) -> list[str]:
    return ["dotnet", "test", "--filter", f"FullyQualifiedName~{_PARAMETERS.sub('', _test(failure))}"]


def _ctest(failure: Failure, _action: str) -> list[str]:
    return ["ctest", "-R", f"^{_regex(_test(failure))}$", "--output-on-failure"]


def _exunit(failure: Failure, _action: str) -> list[str]:
    place = _at(failure)
    return ["mix", "test", place] if place else []


def _dart(failure: Failure, action: str) -> list[str]:
    call = "flutter" if "flutter" in action else "dart"
    return [call, "test", *filter(None, [_file(failure)]), "--plain-name", _test(failure)]


def _foundry(failure: Failure, _action: str) -> list[str]:
    return ["forge", "test", "--match-test", f"^{_regex(_PARAMETERS.sub('', _test(failure)).rpartition(':')[2])}$"]


def _ginkgo(failure: Failure, _action: str) -> list[str]:
    return ["ginkgo", "-r", "--focus", _regex(_test(failure))]


def _robot(failure: Failure, _action: str) -> list[str]:
    return ["robot", "--test", _test(failure), "."]


def _bazel(failure: Failure, _action: str) -> list[str]:
    return ["bazel", "test", _test(failure)] if _test(failure).startswith("//") else []


def _xctest(failure: Failure, action: str) -> list[str]:
    found = re.search(r"([\w]+)[. /](\w+)(?:\(\))?\]?$", _test(failure))
    return ["swift", "test", "--filter", f"{found[1]}/{found[2]}"] if found and "swift" in action else []


def _tap(failure: Failure, action: str) -> list[str]:
    test, file = _test(failure), failure.file or ""
    if "bats" in action:
        file = file or next(iter(re.findall(r"[\w./-]+\.bats", action)), "")
        return ["bats", "--filter", f"^{_regex(test)}$", file] if file else []
    if "node" in action:
        return ["node", "--test", "--test-name-pattern", f"^{_regex(test)}$", *filter(None, [_file(failure)])]
    return ["prove", "-lv", file] if file.endswith(".t") else []


def _meson(failure: Failure, action: str) -> list[str]:
    folder = re.search(r"-C ?([\w./-]+)", action)
    return ["meson", "test", "-C", folder[1] if folder else "build", _test(failure)]


def _mozlog(failure: Failure, _action: str) -> list[str]:
    return ["./mach", "test", _test(failure)]


_MADE: dict[str, Callable[[Failure, str], list[str]]] = {
    "bazel": _bazel,
    "cargo": _cargo,
    "ctest": _ctest,
    "dart": _dart,
    "dotnet": _dotnet,
    "exunit": _exunit,
    "foundry": _foundry,
    "ginkgo": _ginkgo,
    "go": _go,
    "gradle": _gradle,
    "jest": _jest,
    "maven": _maven,
    "meson": _meson,
    "minitest": _minitest,
    "mocha": _mocha,
    "mozlog": _mozlog,
    "phpunit": _phpunit,
    "playwright": _playwright,
    "pytest": _pytest,
    "robot": _robot,
    "rspec": _rspec,
    "tap": _tap,
    "unittest": _unittest,
    "vitest": _vitest,
    "xctest": _xctest,
}
