"""What a person would type to mend a failure: a remedy comes in, lines for a shell at the project's top go out."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from fixer.own_files import replace
from fixer.recovery.playbooks.base import Remedy
from fixer.recovery.scene import failure_of
from fixer.reporters.quoting import clean_line
from fixer.schema.recovery import ErrorContext

JUDGE = "a change that fixer refuses to make by itself"
_MEANT = re.compile(rf"(?:where it is meant|{JUDGE}): [^;\n]+")


def steps_for(remedy: Remedy, patch: Path | None, context: ErrorContext, repository: Path) -> tuple[str, ...]:
    """Return the lines that do what the remedy does, and the command that then passes.

    Args:
        remedy: what mends it.
        patch: where its diff is kept; None where it has none.
        context: of the failure.
        repository: top folder of the project, where the lines are typed.
    """
    lines = list(remedy.typed)
    if not lines and patch is not None:
        lines.append(f"{applying(patch, repository)}  # {clean_line(remedy.summary)}")
    lines += [line for line in remedy.afterwards if line not in lines]
    return (*lines, again(context, repository))


def applying(patch: Path, repository: Path) -> str:
    """Return the command that applies a patch, typed at the project's top."""
    return f"git apply {shlex.quote(_seen_from(repository, patch))}"


def unknown(context: ErrorContext, specification: Path, repository: Path, notes: Sequence[str] = ()) -> tuple[str, ...]:
    """Return what is left to a person where no remedy is known: where to look, and the command that has to pass.

    Commands that playbooks would have taken if a name were certain are told as comments.
    """
    first = failure_of(context)
    place = f" at {first.file}:{first.line}" if first.file and first.line else ""
    what = clean_line(first.message)
    meant = dict.fromkeys(clean_line(found) for note in notes for found in _MEANT.findall(note))
    return (
        f"# mend{place}: {what} (all of it: {_seen_from(repository, specification)})",
        *(f"# {command}" for command in meant),
        again(context, repository),
    )


def again(context: ErrorContext, repository: Path) -> str:
    """Return the failed command as it is typed in the project's top folder."""
    folder = Path(context.folder).resolve()
    command = shlex.join(context.result.argv)
    if folder == repository.resolve():
        return command
    return f"(cd {shlex.quote(_seen_from(repository.resolve(), folder))} && {command})"


def keep_patch(diff: str, specification: Path, number: str) -> Path:
    """Keep a diff beside the error specification and return its path."""
    path = specification.with_suffix(f".{number}.patch")
    replace(path, diff.encode("utf-8", "surrogateescape"))
    return path


def _seen_from(repository: Path, path: Path) -> str:
    return str(path.relative_to(repository)) if path.is_relative_to(repository) else str(path)
