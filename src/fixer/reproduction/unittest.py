"""Runs unittest again: a dotted test id in, a command out; from what it printed, the outcome of each test."""

import itertools
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from fixer.project import comparison_files, is_foreign
from fixer.reproduction.base import Project
from fixer.reproduction.command.command_line import options, sort_arguments
from fixer.schema.command import CommandResult, Ending, Invocation
from fixer.schema.failure import Failure
from fixer.schema.reproduction import SuiteOutcome

KNOWN = options(
    dropped="-v --verbose -q --quiet -f --failfast -c --catch --locals",
    dropped_with_value="--durations",
    with_value="-s --start-directory -p --pattern -t --top-level-directory -k -W",
)
DJANGO = options(
    dropped="--failfast --noinput --no-input --keepdb --pdb --timing",
    dropped_with_value="-v --verbosity --parallel --durations",
    with_value="--settings --pythonpath --tag --exclude-tag -t -p --top-level -k --testrunner",
)
"""Options of `manage.py test`."""
UNIMPORTABLE = "unittest.loader._FailedTest."
"""Where unittest puts a module that it could not import."""
STARTED = re.compile(r"^\s*(?P<name>\w+) \((?P<place>[\w.]+)\)(?P<rest>.*)$")
STATUS = re.compile(
    r"(?:^|\.\.\. |\S)(?P<word>ok|FAIL|ERROR|skipped (?P<quote>['\"]).*(?P=quote)|expected failure|unexpected success)$"
)
"""A reason for skipping is printed in quotes; a test may be called `test_blank_lines_are_skipped`."""
SECTION = re.compile(r"^(?:FAIL|ERROR|UNEXPECTED SUCCESS): (?P<name>\S+)(?: \((?P<place>[\w.]+)\))?")
RAN = re.compile(r"^Ran (\d+) tests? in [\d.]+s$")
VERDICT = re.compile(r"^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$")
RULE = "=" * 70
"""The line above each section (unittest/runner.py, `TextTestResult.separator1`)."""


class Unittest:
    """The standard library's unittest: its own command line, Django's, or a script that ends in `unittest.main()`."""

    tool: ClassVar[str] = "unittest"

    def accepts(self, argv: Sequence[str]) -> bool:
        """Whether `argv` runs tests by unittest: the module, `manage.py test`, `setup.py test` or a test script."""
        kind, rest = _kind(argv)
        return bool(kind) and not {"-h", "--help"} & set(rest)

    def narrowed(self, failure: Failure, project: Project) -> Invocation:
        """Return the command that runs the failing test, method, class or module."""
        kind, rest = _kind(project.command or ())
        test = _test_of(failure)
        if not test:
            return self.suite(failure, project)
        if kind == "django":
            kept = sort_arguments(rest, DJANGO, lambda _: True).options
            return self._invocation(project, [*_script(project), "test", test, *kept, "-v", "2"])
        path = _module_file(test, project)
        if kind == "script" and (path is None or test.startswith("__main__.")):
            return self._invocation(project, [*_script(project), "-v", test.removeprefix("__main__.")])
        folder = _own_folder(test, project)
        if path is None or not folder:
            return self._invocation(project, ["-m", "unittest", "-v", test])
        # The id is relative to the folder that discovery began in: only discovery imports it under that name.
        return self._invocation(
            project, ["-m", "unittest", "discover", "-v", "-s", folder, "-p", path.name, "-k", f"*{test}*"]
        )

    def suite(self, failure: Failure, project: Project) -> Invocation:
        """Return the failing step's own command, made to list each test; discovery where there is none."""
        kind, rest = _kind(project.command or ())
        if kind == "django":
            found = sort_arguments(rest, DJANGO, lambda _: True)
            return self._invocation(project, [*_script(project), "test", *found.places, *found.options, "-v", "2"])
        found = sort_arguments(rest, KNOWN, lambda _: True)
        if kind in {"script", "setup"}:
            after = ["test"] if kind == "setup" else ["-v"]
            return self._invocation(project, [*_script(project), *after, *found.places, *found.options])
        places = [place for place in found.places if place != "discover"]
        discover = ["discover"] if "discover" in found.places or not places else []
        if not kind and (folder := _own_folder(_test_of(failure), project)):
            # Nothing says how the tests are run, and discovery from the top would not come here.
            return self._invocation(project, ["-m", "unittest", "discover", "-v", "-s", folder])
        return self._invocation(project, ["-m", "unittest", *discover, "-v", *places, *found.options])

    def outcome(self, result: CommandResult, project: Project) -> SuiteOutcome:  # noqa: ARG002 - the contract's
        """Read the list of tests; it must add up to unittest's own count.

        Failures are read from their sections, which text printed by a test does not reach. An expected failure
        counts as skipped.
        """
        if result.ending is not Ending.EXITED:
            return _unreadable(f"unittest did not end by itself: {result.reason or result.ending.value}")
        if result.omitted_bytes:
            return _unreadable(f"{result.omitted_bytes} bytes of unittest's output are missing")
        lines = result.stderr.splitlines()
        count, details = _totals(lines)
        if count is None:
            return _unreadable("unittest printed no totals")
        # Counted before they are named: two classes of one name in a module give two tests of one id.
        entries = list(_listed(lines))
        ran = dict(entries)
        failed = set(_sections(lines))
        skipped = {name for name, word in ran.items() if word.startswith(("skipped", "expected"))}
        broken = {name for name in failed if name not in ran}
        # A test of which only subtests failed has no word of its own in the list; its sections name it.
        if len(entries) + len(failed - ran.keys()) < count or len(skipped) > details.get("skipped", 0) + details.get(
            "expected failures", 0
        ):
            return _unreadable(f"unittest ran {count} tests, but its list names {len(entries)}")
        if not ran and not broken:
            return _unreadable("no test was run")
        passed = frozenset(ran) - failed - skipped
        return SuiteOutcome(passed=passed, failed=frozenset(failed), skipped=frozenset(skipped - failed))

    def test_files(self, failure: Failure, project: Project) -> tuple[str, ...]:
        """Return the test's module and the files beside it that it names."""
        path = _module_file(_test_of(failure), project)
        if path is None:
            return ()
        return comparison_files(project.root, os.path.relpath(path, project.root))

    def _invocation(self, project: Project, arguments: Sequence[str]) -> Invocation:
        return Invocation(argv=(project.python, *arguments), cwd=project.cwd, env=dict(project.env))


RUNNER = Unittest


def _unreadable(reason: str) -> SuiteOutcome:
    return SuiteOutcome(readable=False, reason=reason)


def _kind(argv: Sequence[str]) -> tuple[str, list[str]]:
    """Say how `argv` runs unittest (module, django, setup, script or not at all), and with which arguments."""
    words = list(argv)
    if len(words) < 2 or not re.fullmatch(r"python[\d.]*", Path(words[0]).name):
        return "", []
    if words[1:3] == ["-m", "unittest"]:
        return "module", words[3:]
    script = Path(words[1]).name
    if words[1].startswith("-") or not script.endswith(".py"):
        return "", []
    if script in {"manage.py", "runtests.py"} and words[2:3] == ["test"]:
        return "django", words[3:]
    if script == "setup.py":
        return ("setup", words[3:]) if words[2:3] == ["test"] else ("", [])
    return ("script", words[2:]) if re.search(r"tests?", str(words[1])) else ("", [])


def _script(project: Project) -> list[str]:
    return [(project.command or ("", ""))[1]]


def _test_of(failure: Failure) -> str:
    """Return the failure's test as `unittest` takes it: `test_x (pkg.mod.Class)` and loader names are put right."""
    test = (failure.test or "").strip().removeprefix(UNIMPORTABLE)
    found = re.match(r"^(\w+) \(([\w.]+)\)", test)
    if found:
        name, place = found[1], found[2].removeprefix(UNIMPORTABLE)
        ends = place == name or place.endswith(f".{name}")
        fixture = name in {"setUpClass", "tearDownClass", "setUpModule", "tearDownModule"}
        test = place if ends or fixture else f"{place}.{name}"
    return test if re.fullmatch(r"\w+(\.\w+)*", test) else ""


def _module_file(test: str, project: Project) -> Path | None:
    """Return the file of the module that a dotted id begins with: at its place, or anywhere below the folder."""
    parts = test.split(".") if test else []
    here = project.root / project.cwd
    for end in range(len(parts), 0, -1):
        path = here.joinpath(*parts[:end]).with_suffix(".py")
        if path.is_file():
            return path
    for end in range(len(parts), 0, -1):
        place = Path(*parts[:end]).with_suffix(".py")
        found = sorted(
            path for path in here.rglob(str(place)) if not any(map(is_foreign, path.relative_to(here).parts))
        )
        if found:
            return found[0]
    return None


def _own_folder(test: str, project: Project) -> str:
    """Return the folder that the id is relative to, where it is not the one that the command runs in."""
    path = _module_file(test, project)
    if path is None or _dotted(path, project) == test[: len(_dotted(path, project))]:
        return ""
    return os.path.relpath(path.parent, project.root / project.cwd)


def _dotted(path: Path, project: Project) -> str:
    return ".".join(path.relative_to(project.root / project.cwd).with_suffix("").parts)


def _totals(lines: Sequence[str]) -> tuple[int | None, dict[str, int]]:
    """Return the number of tests that ran and the details of the verdict, from the end of the output."""
    details: dict[str, int] = {}
    for line in reversed(lines):
        verdict = VERDICT.match(line)
        if verdict:
            details = {name: int(value) for name, value in re.findall(r"([a-z ]+)=(\d+)", verdict[1] or "")}
            details = {name.strip(): value for name, value in details.items()}
        ran = RAN.match(line)
        if ran:
            return int(ran[1]), details
    return None, details


def _listed(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each test that `-v` lists with its status; an empty status where other output tore them apart."""
    open_test = ""
    for line in lines:
        if line == RULE:
            return
        started = STARTED.match(line)
        if started and not SECTION.match(line):
            if open_test:
                yield open_test, ""
            open_test = _id(started["name"], started["place"])
        status = STATUS.search(line)
        if status and open_test:
            yield open_test, status["word"]
            open_test = ""
    if open_test:
        yield open_test, ""


def _sections(lines: Sequence[str]) -> Iterator[str]:
    """Yield the id of each failure section."""
    for above, line in itertools.pairwise(lines):
        found = SECTION.match(line) if above == RULE else None
        if found:
            yield _id(found["name"], found["place"] or "")


def _id(name: str, place: str) -> str:
    """Return one id for both ways to print a test: `test_x (m.Class)` before 3.11, `test_x (m.Class.test_x)` since."""
    place = place.removeprefix(UNIMPORTABLE)
    if not place or place == name or place.endswith(f".{name}"):
        return place or name
    return f"{place}.{name}"
