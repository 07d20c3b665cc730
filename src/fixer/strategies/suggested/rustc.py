"""rustc's suggestions, from its JSON messages (https://doc.rust-lang.org/rustc/json.html)."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from fixer.schema.command import Invocation
from fixer.strategies.base import Case
from fixer.strategies.suggested.suggestion import Suggestion, place_of

GIVEN = ("MachineApplicable", "MaybeIncorrect")
"""Applicabilities that are tried; those with placeholders are not code."""
_WITH_VALUE = frozenset({
    "-p", "--package", "-F", "--features", "--test", "--bin", "--example", "--bench", "--manifest-path", "--target",
    "--profile", "--exclude", "--config",
})  # fmt: skip
_FLAGS = frozenset({
    "--workspace", "--all", "--all-features", "--no-default-features", "--release", "-r", "--lib", "--bins", "--tests",
    "--examples", "--benches", "--all-targets", "--offline", "--locked", "--frozen",
})  # fmt: skip
_COMPILING = {
    "test": ("test", "--no-run"), "t": ("test", "--no-run"), "bench": ("bench", "--no-run"), "run": ("build",),
    "r": ("build",), "build": ("build",), "b": ("build",), "check": ("check",), "c": ("check",),
    "clippy": ("clippy",),
}  # fmt: skip
"""Subcommand -> how cargo compiles the same without running it."""


def suggestions(case: Case, output: str) -> list[Suggestion]:
    """Return what rustc suggests for its errors on the tree as it is now, best first at each place."""
    if "error" not in output or "--> " not in output:
        return []
    command = compiling(case)
    if command is None:
        return []
    found: list[Suggestion] = []
    for said in _messages(case.run(command).stdout):
        if said.get("level") == "error":
            found += _suggested(case, said)
    return list(dict.fromkeys(found))


def compiling(case: Case) -> Invocation | None:
    """Return the cargo command that compiles what the failed command compiled, and prints JSON; None: no cargo here."""
    failed = case.reproduction.narrowed
    words = list(failed.argv)
    if words and PurePosixPath(words[0]).name == "cargo":
        toolchain = words[1:2] if len(words) > 1 and words[1].startswith("+") else []
        rest = words[1 + len(toolchain) :]
        if rest and rest[0] in _COMPILING:
            options = (*_options(rest[1:]), "--message-format=json")
            # Behind `--`, clippy is told which lints are errors; others pass it on to the program.
            lints = rest[rest.index("--") :] if rest[0] == "clippy" and "--" in rest else []
            argv = (words[0], *toolchain, *_COMPILING[rest[0]], *options, *lints)
            return failed.model_copy(update={"argv": argv})
    place = case.failure.file and place_of(case, case.failure.file)
    folders = PurePosixPath(place).parents if place else [PurePosixPath(failed.cwd)]
    for folder in folders:
        if (case.root / folder / "Cargo.toml").is_file():
            argv = ("cargo", "check", "--all-targets", "--message-format=json")
            return failed.model_copy(update={"argv": argv, "cwd": str(folder)})
    return None


def _options(words: Sequence[str]) -> list[str]:
    """Keep what chooses packages, features and targets; drop names of tests and what is printed."""
    kept: list[str] = []
    for number, word in enumerate(words):
        if word == "--":
            break
        if word in _FLAGS or word.partition("=")[0] in _WITH_VALUE - {word}:
            kept.append(word)
        elif word in _WITH_VALUE and number + 1 < len(words):
            kept += [word, words[number + 1]]
    return kept


def _messages(stdout: str) -> Iterator[dict[str, Any]]:
    """Yield the compiler's messages among cargo's (https://doc.rust-lang.org/cargo/reference/external-tools.html)."""
    for line in stdout.splitlines():
        if line.startswith("{"):
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if told.get("reason") == "compiler-message":
                yield told["message"]


def _suggested(case: Case, said: dict[str, Any]) -> list[Suggestion]:
    found: list[Suggestion] = []
    for child in said.get("children", ()):
        spans = [
            span
            for span in child.get("spans", ())
            if span.get("suggested_replacement") is not None and span.get("suggestion_applicability") in GIVEN
        ]
        parts = [part for span in spans if (part := _part(case, child, span))]
        if not parts or len(parts) != len(spans):
            continue
        # Alternatives for one place come as spans of one child; parts of one suggestion lie in several places.
        if len({(part.path, part.start, part.end) for part in parts}) == 1:
            found += parts
        else:
            found.append(_joined(parts))
    return found


def _part(case: Case, child: dict[str, Any], span: dict[str, Any]) -> Suggestion | None:
    path = place_of(case, str(span["file_name"])) if not Path(span["file_name"]).is_absolute() else None
    if path is None:
        return None
    start, end, new = int(span["byte_start"]), int(span["byte_end"]), str(span["suggested_replacement"])
    old = (case.root / path).read_bytes()[start:end].decode("utf-8", "replace")
    what = f"`{new.strip()}` for `{old}`" if old.strip() and new.strip() else f"`{(new or old).strip()}`"
    return Suggestion(path, start, end, new.encode(), f"{what} ({str(child.get('message', '')).strip()})")


def _joined(parts: Sequence[Suggestion]) -> Suggestion:
    first, *others = parts
    return Suggestion(first.path, first.start, first.end, first.new, first.said, tuple(others))
