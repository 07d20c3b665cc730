"""Runs pytest again: a node id in, a command out; from what it printed, the outcome of each test."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from fixer.project import comparison_files, find_place, mapping, python_files, read_ini, read_toml
from fixer.reproduction.base import Project
from fixer.reproduction.command.command_line import Arguments, options, sort_arguments
from fixer.schema.command import CommandResult, Ending, Invocation
from fixer.schema.failure import Failure
from fixer.schema.reproduction import SuiteOutcome

REPORT = ("-rap", "--color=no", "--verbosity=0", "-p", "no:sugar")
"""Makes pytest list every test in its summary, without what passing tests printed (pytest's `-r` characters)."""
PLAIN_TRACEBACKS = ("--tb=native",)
"""For hundreds of failures: pytest's own style reads the source of every frame, 20 times as long as the tests took."""
KNOWN = options(
    dropped=(
        "-x --exitfirst -q --quiet -v --verbose -l --showlocals --lf --last-failed --ff --failed-first --nf "
        "--new-first --sw --stepwise --sw-skip --stepwise-skip --cache-clear --pdb --trace --full-trace --no-header "
        "--no-summary --no-cov --cov-append --cov-branch --self-contained-html --json-report"
    ),
    dropped_with_value=(
        "--maxfail --cov --cov-report --cov-config --cov-fail-under --cov-context -r --tb --color --durations "
        "--durations-min --junitxml --junit-xml --junit-prefix --html --reruns --reruns-delay --basetemp --log-file "
        "--debug --pastebin --verbosity --show-capture --report-log --json-report-file --alluredir --lfnf "
        "--last-failed-no-failures --pdbcls"
    ),
    with_value=(
        "-c --config-file --rootdir -W --pythonwarnings --import-mode -o --override-ini -p --confcutdir -k -m "
        "--deselect --ignore --ignore-glob --doctest-glob --capture --ds --dc -n --numprocesses --dist --timeout"
    ),
)
SELECTION = options(
    dropped="--looponfail -f",
    dropped_with_value="-k -m --deselect --ignore --ignore-glob -n --numprocesses --dist --splits --group",
    with_value="-c --config-file --rootdir -W --pythonwarnings --import-mode -o --override-ini -p --confcutdir",
)
"""What a single node does not need."""
NOT_A_RUN = {"--collect-only", "--co", "--version", "-V", "--help", "-h", "--fixtures", "--markers", "--setup-plan"}
UNDO = (
    (re.compile(r"(^|\s)(-n|--numprocesses)"), "-n0"),
    (re.compile(r"(^|\s)--cov"), "--no-cov"),
    (re.compile(r"(^|\s)--reruns"), "--reruns=0"),
)
"""What the project's own `addopts` may hold -> the option that takes it back; the plugin is there if they hold it."""
NEEDS_CACHE = re.compile(r"--lf|--ff|--nf|--sw|--last-failed|--failed-first|--new-first|--stepwise|--cache|cache_dir")
HEADER = re.compile(r"^=+ short test summary info =+$")
ENTRY = re.compile(r"^(PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS|SUBFAIL(?:ED)?(?:[\[(].*?[\])])?) (.*)$")
TOTALS = re.compile(r"^=*\s?((?:\d+ [a-z ]+(?:, )?)+|no tests ran) in [\d.]+m?s(?: \(.*\))?\s?=*$")
FOLDED = re.compile(r"^\[(\d+)\] (.*?)(?::\d+)?: (.*)$")
_BROKEN_CONFTEST = re.compile(r"^ImportError while loading conftest '(.+)'\.$", re.MULTILINE)
_TEST_FILE = re.compile(r"^(test_.*|.*_test)\.py$")
WORDS = {"PASSED": "passed", "FAILED": "failed", "ERROR": "error", "XFAIL": "xfailed", "XPASS": "xpassed"}
"""Word of an entry -> word of the totals."""
EXPLAINED = {3: "an internal error of pytest", 4: "a wrong argument, or a test that is not there", 5: "no test was run"}
"""Exit codes after which nothing is known about the tests (pytest's documentation, "Exit codes")."""


class Pytest:
    """pytest, by `python -m pytest` in the project's environment."""

    tool: ClassVar[str] = "pytest"

    def accepts(self, argv: Sequence[str]) -> bool:
        """Whether `argv` runs tests by pytest."""
        arguments = _arguments(argv)
        return arguments is not None and not any(word.partition("=")[0] in NOT_A_RUN for word in arguments)

    def narrowed(self, failure: Failure, project: Project) -> Invocation:
        """Return the command that runs the failing node; the failing file where it could not be collected."""
        sorted_ = self._sorted(project)
        kept = sort_arguments(sorted_.options, SELECTION, lambda _: False).options
        place = _place(failure, project)
        targets = [_node(place, project)] if place else list(sorted_.places)
        own = _addopts(project)
        undo = [option for pattern, option in UNDO if pattern.search(own)]
        return self._invocation(project, [*targets, *kept, *undo])

    def suite(self, failure: Failure, project: Project) -> Invocation:  # noqa: ARG002 - the contract's
        """Return the command that runs what the failing step ran, to the end."""
        sorted_ = self._sorted(project)
        own = _addopts(project)
        undo = [option for pattern, option in UNDO[1:] if pattern.search(own)]
        always = ["--maxfail=0", "--continue-on-collection-errors", *PLAIN_TRACEBACKS]
        return self._invocation(project, [*sorted_.places, *sorted_.options, *undo, *always])

    def outcome(self, result: CommandResult, project: Project) -> SuiteOutcome:
        """Read the short summary; its entries must add up to pytest's own totals.

        An expected failure counts as skipped, met or not: it says nothing about what is right. A conftest.py that
        cannot be imported is the only entry: pytest ends before it collects anything.
        """
        if conftest := _BROKEN_CONFTEST.search(result.stderr if result.exit_code == 4 else ""):
            path = os.path.relpath(conftest[1], project.root / project.cwd)
            return SuiteOutcome(failed=frozenset({path}))
        problem = _problem(result)
        if problem:
            return SuiteOutcome(readable=False, reason=problem)
        entries, totals = _summary(result.stdout)
        if totals is None:
            return SuiteOutcome(readable=False, reason="pytest printed no totals")
        passed, failed, skipped = set(), set(), set()
        for word, text in entries:
            if word == "PASSED":
                passed.add(text)
            elif word in {"FAILED", "ERROR"} or word.startswith("SUBFAIL"):
                failed.add(_without_message(text, result.argv))
            else:
                skipped.add(_skipped(text) if word == "SKIPPED" else text)
        wrong = _mismatch(entries, totals)
        if wrong:
            return SuiteOutcome(readable=False, reason=wrong)
        if not passed | failed | skipped:
            return SuiteOutcome(readable=False, reason="no test was run")
        return SuiteOutcome(passed=frozenset(passed - failed), failed=frozenset(failed), skipped=frozenset(skipped))

    def test_files(self, failure: Failure, project: Project) -> tuple[str, ...]:
        """Return the test's file, the conftest.py files above it, its snapshots and the data that it names."""
        place = _place(failure, project)
        if place is None:
            return ()
        path, _, _ = _node(place, project).partition("::")
        return comparison_files(project.root, os.path.normpath(Path(project.cwd) / path))

    def _sorted(self, project: Project) -> Arguments:
        here = project.root / project.cwd
        given = _arguments(project.command or ()) or []
        return sort_arguments(given, KNOWN, lambda word: (here / word.partition("::")[0]).exists())

    def _invocation(self, project: Project, arguments: Sequence[str]) -> Invocation:
        cache = [] if NEEDS_CACHE.search(_addopts(project)) else ["-p", "no:cacheprovider"]
        argv = (project.python, "-m", "pytest", *arguments, *cache, *REPORT)
        return Invocation(argv=argv, cwd=project.cwd, env=dict(project.env))


RUNNER = Pytest


def _arguments(argv: Sequence[str]) -> list[str] | None:
    """Return what follows pytest's name, or None where `argv` is another command."""
    if not argv:
        return None
    name = Path(argv[0]).name
    if name in {"pytest", "py.test"}:
        return list(argv[1:])
    if re.fullmatch(r"python[\d.]*", name) and tuple(argv[1:3]) in {("-m", "pytest"), ("-m", "py.test")}:
        return list(argv[3:])
    return None


def _place(failure: Failure, project: Project) -> str | None:
    """Return the test that shows the failure; where no test was reached, a small one that loads what broke."""
    if failure.test or (failure.file and _TEST_FILE.match(Path(failure.file).name)):
        return failure.test or failure.file
    here = project.root / project.cwd
    loaded = [find_place(project.root, project.cwd, file) for file, _, _ in failure.frames]
    folders = [str(Path(file).parent) for file in loaded if Path(file).name == "conftest.py"]
    for folder in (*folders[:1], "."):
        tests = [name for name in python_files(here, [folder]) if _TEST_FILE.match(Path(name).name)]
        sized = sorted((size, name) for name in tests if (size := (here / name).stat().st_size))
        if sized:
            return sized[0][1]
    return failure.file


def _node(place: str, project: Project) -> str:
    path, colons, rest = place.partition("::")
    return find_place(project.root, project.cwd, path) + colons + rest


def _addopts(project: Project) -> str:
    """Return every `addopts` and `cache_dir` that the project's configuration may hold, as one text."""
    texts = [project.env.get("PYTEST_ADDOPTS", "")]
    for folder in dict.fromkeys([project.root / project.cwd, project.root]):
        tables = [read_ini(folder / name).get("pytest", {}) for name in ("pytest.ini", ".pytest.ini", "tox.ini")]
        tables.append(read_ini(folder / "setup.cfg").get("tool:pytest", {}))
        tool = mapping(mapping(read_toml(folder / "pyproject.toml").get("tool")).get("pytest"))
        tables += [tool, mapping(tool.get("ini_options"))]
        for table in tables:
            value: object = table.get("addopts", "")
            texts.append(" ".join(map(str, value)) if isinstance(value, list) else str(value))
            texts += ["cache_dir"] * ("cache_dir" in table)
    return "\n".join(texts)


def _problem(result: CommandResult) -> str:
    """Say why nothing may be concluded from the run, or nothing."""
    if result.ending is not Ending.EXITED:
        return f"pytest did not end by itself: {result.reason or result.ending.value}"
    if result.omitted_bytes:
        return f"{result.omitted_bytes} bytes of pytest's output are missing"
    if result.exit_code not in {0, 1, 2}:
        return f"pytest ended with exit code {result.exit_code}: {EXPLAINED.get(result.exit_code or 0, 'unknown')}"
    return ""


def _summary(text: str) -> tuple[list[tuple[str, str]], dict[str, int] | None]:
    """Return the entries of the last short summary, and the totals below it."""
    lines = text.splitlines()
    last = next((i for i in reversed(range(len(lines))) if TOTALS.match(lines[i].rstrip())), None)
    if last is None:
        return [], None
    first = next((i for i in reversed(range(last)) if HEADER.match(lines[i].rstrip())), last)
    entries = [(found[1], found[2]) for line in lines[first + 1 : last] if (found := ENTRY.match(line))]
    return entries, dict(_counts(lines[last].partition(" in ")[0]))


def _counts(text: str) -> Iterator[tuple[str, int]]:
    for number, word in re.findall(r"(\d+) ([a-z ]+)", text):
        yield ("error" if word == "errors" else word.strip()), int(number)


def _mismatch(entries: Sequence[tuple[str, str]], totals: dict[str, int]) -> str:
    """Say where the entries and pytest's totals differ: then something else wrote into the summary."""
    for word, total in WORDS.items():
        have = sum(1 for entry, _ in entries if entry == word)
        if word == "FAILED":
            have += sum(1 for entry, _ in entries if entry.startswith("SUBFAIL"))
        if have != totals.get(total, 0):
            return f"pytest counted {totals.get(total, 0)} {total}, but its summary lists {have}"
    return ""


def _without_message(text: str, argv: Sequence[str]) -> str:
    """Cut ` - MESSAGE` off an entry. A parameter may hold ` - ` too: the id ends outside of its brackets."""
    for asked in argv:
        if "::" in asked and (text == asked or text.startswith(f"{asked} - ")):
            return asked
    for cut in re.finditer(" - ", text):
        name = text[: cut.start()]
        whole = "[" not in name or name.endswith("]")
        if whole and ("::" in name or Path(name).suffix in {".py", ".txt", ".rst", ".md"}):
            return name
    return text


def _skipped(text: str) -> str:
    """Return a folded entry without its count and line number: lines move."""
    found = FOLDED.match(text)
    return f"{found[2]}: {found[3]}" if found else text
