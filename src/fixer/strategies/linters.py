"""The project's own formatter or linter, called so that it fixes; the patch is what it changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fixer.schema.command import CommandResult, Ending, Invocation
from fixer.schema.patch import Patch, new_patch
from fixer.schema.reproduction import Shown
from fixer.strategies.base import Case, NotMine

ORDER = 10

ONE_ANSWER = {
    "E711": "`== None` becomes `is None`: another result only where a class overloads `==`",
    "E712": "a comparison with True or False becomes a plain truth test: another result for values such as 1 or 'x'",
    "E713": "`not x in y` becomes `x not in y`",
    "E714": "`not x is y` becomes `x is not y`",
    "F841": "the assignment goes, a call on its right side stays",
    "F632": "`is` with a literal becomes `==`",
}
"""Rules whose fix ruff calls unsafe though there is one usual answer, and what a person should look at."""


@dataclass(frozen=True)
class Tool:
    """How one tool is told to fix."""

    name: str
    drop: frozenset[str]
    """Options that only show, or change what is printed; those that take a value are in `valued`."""
    valued: frozenset[str] = frozenset()
    add: tuple[str, ...] = ()
    """Options that make it fix."""
    subcommand: str = ""
    """The subcommand that this is about; empty where the tool has none."""


_QUIET = {"-q", "--quiet", "-v", "--verbose"}
TOOLS = (
    Tool(
        "ruff",
        frozenset(_QUIET | {"--diff", "--no-fix", "--unsafe-fixes", "--fix-only", "--show-fixes", "--statistics"}
                  | {"--watch", "-w", "--exit-non-zero-on-fix", "-e", "--exit-zero", "--add-noqa"}),
        frozenset({"--output-format", "-o", "--output-file"}),
        ("--fix", "--no-unsafe-fixes"),
        "check",
    ),
    Tool("ruff", frozenset(_QUIET | {"--check", "--diff"}), frozenset({"--output-format"}), (), "format"),
    Tool("black", frozenset(_QUIET | {"--check", "--diff", "--color"})),
    Tool("isort", frozenset(_QUIET | {"--check", "--check-only", "-c", "--diff", "--df", "--color"})),
    Tool("autopep8", frozenset({"--diff", "-d", "--exit-code"}), add=("--in-place",)),
    Tool("prettier", frozenset({"--check", "-c", "-l", "--list-different"}), add=("--write",)),
    Tool("eslint", frozenset({"--quiet", "--fix-dry-run"}), frozenset({"-f", "--format", "-o"}), ("--fix",)),
    Tool("gofmt", frozenset({"-l", "-d", "-e"}), add=("-w",)),
    Tool("cargo", frozenset({"--check"}), add=(), subcommand="fmt"),
    Tool("cargo", frozenset(), add=("--fix", "--allow-dirty", "--allow-staged"), subcommand="clippy"),
)  # fmt: skip


@dataclass(frozen=True)
class Fixer:
    """The failing step's own command, taken apart."""

    tool: Tool
    prefix: tuple[str, ...]
    """Up to the tool and its subcommand: `python -m ruff check`."""
    options: tuple[str, ...]
    paths: tuple[str, ...]
    rest: tuple[str, ...]
    """What stands behind `--`."""
    cwd: str

    @property
    def title(self) -> str:
        """The tool as a person would call it."""
        return f"{self.tool.name} {self.tool.subcommand}".strip()

    def command(self, paths: Sequence[str] | None = None, extra: Sequence[str] = ()) -> Invocation:
        """Return the call that fixes `paths` (None: those of the failing step)."""
        chosen = self.paths if paths is None else tuple(paths)
        options = tuple(o for o in self.tool.add if not (o == "--no-unsafe-fixes" and "--unsafe-fixes" in extra))
        tail = (*chosen, *(("--", *self.rest) if self.rest else ()))
        return Invocation(argv=(*self.prefix, *self.options, *options, *extra, *tail), cwd=self.cwd)


@dataclass(frozen=True)
class Attempt:
    """One call of the tool."""

    command: Invocation
    where: str
    """What it fixes, as the end of a sentence."""
    review: str = ""


def propose(case: Case) -> Iterator[Patch]:
    """Let the tool fix the files that failed, then everything; then the rules that have one usual answer."""
    fixer = _fixer(case)
    failed = _failed_files(case, fixer)
    attempts = []
    if failed and fixer.tool.name != "cargo":
        attempts.append(Attempt(fixer.command(failed), f"in {_listed(failed)}"))
    attempts.append(Attempt(fixer.command(), "in the whole project"))
    attempts += _usual_answers(case, fixer, failed)
    seen: set[str] = set()
    changed = 0
    for attempt in attempts[: case.max_patches]:
        if case.stop():
            return
        diff = _diff_after(case, attempt.command)
        if diff and diff not in seen:
            seen.add(diff)
            changed += 1
            if case.shows() is not Shown.SAME:
                yield _patch(case, fixer, attempt, diff)
        case.tree.reset()
    if not changed:
        raise NotMine(f"{fixer.title} has no safe fix for: {case.failure.message}")


def _fixer(case: Case) -> Fixer:
    for invocation in (case.reproduction.suite, case.reproduction.narrowed):
        for tool in TOOLS:
            if found := _taken_apart(case, tool, invocation):
                return found
    raise NotMine(f"the failing command is not a formatter or linter that can fix, but {case.reproduction.runner}")


def _taken_apart(case: Case, tool: Tool, invocation: Invocation) -> Fixer | None:
    argv = invocation.argv
    at = next((i for i, word in enumerate(argv) if PurePosixPath(word).stem == tool.name), None)
    if at is None or (at and not _leads_to_tool(argv[:at])):
        return None
    words = list(argv[at + 1 :])
    prefix = list(argv[: at + 1])
    if tool.subcommand:
        if not words or words.pop(0) != tool.subcommand:
            return None
        prefix.append(tool.subcommand)
    rest: list[str] = []
    if "--" in words:
        cut = words.index("--")
        words, rest = words[:cut], words[cut + 1 :]
    options, paths = _sorted_out(case, tool, words, invocation.cwd)
    return Fixer(tool, tuple(prefix), options, paths, tuple(w for w in rest if w not in tool.drop), invocation.cwd)


def _leads_to_tool(words: Sequence[str]) -> bool:
    """Whether the words in front only start the tool: `python -m`, `npx`, `uv run`."""
    starters = {"npx", "uv", "uvx", "run", "poetry", "pdm", "hatch", "pipenv", "exec", "--no-install", "-m", "-B"}
    return all(w in starters or re.fullmatch(r"python[\d.]*", PurePosixPath(w).name) for w in words)


def _sorted_out(case: Case, tool: Tool, words: Sequence[str], cwd: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split a tool's arguments into the options that stay, and its paths."""
    options: list[str] = []
    paths: list[str] = []
    skip = False
    for number, word in enumerate(words):
        if skip:
            skip = False
        elif word in tool.valued:
            skip = True
        elif word.startswith("-"):
            if word not in tool.drop and word.partition("=")[0] not in tool.valued:
                options.append(word)
        elif (number == 0 or not words[number - 1].startswith("--")) and _is_path(case, cwd, word):
            paths.append(word)
        else:
            options.append(word)
    return tuple(options), tuple(paths)


def _is_path(case: Case, cwd: str, word: str) -> bool:
    return "*" in word or (case.root / cwd / word).exists()


def _failed_files(case: Case, fixer: Fixer) -> tuple[str, ...]:
    """Return the files with findings of this tool, the taken failure's first, as the tool's folder sees them."""
    found: dict[str, None] = {}
    for failure in (case.failure, *case.failures):
        if failure.tool != case.failure.tool or not failure.file:
            continue
        path = case.root / failure.file
        folder = (case.root / fixer.cwd).resolve()
        if path.is_file() and path.resolve().is_relative_to(folder):
            found[path.resolve().relative_to(folder).as_posix()] = None
    return tuple(found)


def _usual_answers(case: Case, fixer: Fixer, failed: Sequence[str]) -> list[Attempt]:
    if fixer.title != "ruff check":
        return []
    codes = sorted({f.code for f in case.failures if f.code and f.code in ONE_ANSWER and f.tool == case.failure.tool})
    if not codes:
        return []
    extra = ["--unsafe-fixes", f"--fixable={','.join(codes)}"]
    notes = "; ".join(f"{code}: {ONE_ANSWER[code]}" for code in codes)
    return [Attempt(fixer.command(failed or None, extra), f"for {', '.join(codes)}", notes)]


def _diff_after(case: Case, invocation: Invocation) -> str:
    """Run the tool on the clean tree and return what it changed.

    Raises:
        NotMine: the tool could not be started.
    """
    result = case.run(invocation)
    if _missing(result):
        raise NotMine(f"{' '.join(invocation.argv[:3])} could not be started: {_last_line(result)}")
    return case.diff_now()


def _missing(result: CommandResult) -> bool:
    return result.ending is Ending.NOT_STARTED or (result.exit_code in {1, 127} and "No module named" in result.stderr)


def _last_line(result: CommandResult) -> str:
    return next(iter(reversed((result.reason or result.output).strip().splitlines())), "it printed nothing")


def _patch(case: Case, fixer: Fixer, attempt: Attempt, diff: str) -> Patch:
    verb = "Format" if fixer.title not in {"ruff check", "eslint", "cargo clippy"} else "Fix findings"
    summary = f"{verb} with {fixer.title} {attempt.where}"
    return new_patch(
        reproduction_id=case.reproduction.id,
        strategy="linters",
        summary=summary,
        explanation=(
            f"The failing step is the project's own `{fixer.title}`, which said: {case.failure.message}. "
            f"This is what the same tool, with the same configuration, changes when it may fix: "
            f"`{' '.join(attempt.command.argv)}`."
        ),
        diff=diff,
        needs_review=attempt.review,
    )


def _listed(paths: Sequence[str]) -> str:
    return ", ".join(paths) if len(paths) <= 2 else f"{paths[0]} and {len(paths) - 1} other files"
