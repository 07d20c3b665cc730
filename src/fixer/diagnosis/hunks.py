"""From a commit's diff to its smallest parts, and from a choice of those parts back to a diff that git applies."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

_FILE = re.compile(r"^diff --git ", re.MULTILINE)
_OWN_STEP = ("rename ", "copy ", "similarity ", "dissimilarity ", "old mode ", "new mode ")
_WHOLE_FILE = re.compile(r"^(?:new file mode|deleted file mode|GIT binary patch|Binary files )", re.MULTILINE)


class Part(NamedTuple):
    """One part of a diff that can be taken back alone, by its place: file, hunk, run of changed lines."""

    file: int
    hunk: int
    """-1: what concerns the file as a whole (a rename, a mode, a new, deleted or binary file)."""
    run: int


class DiffLine(NamedTuple):
    """One line of a hunk: its mark (space, plus, minus or backslash), its text with its line end, its run."""

    mark: str
    text: str
    run: int | None


@dataclass(frozen=True)
class DiffHunk:
    """One hunk, with the line where it stands after the change."""

    new_start: int
    lines: tuple[DiffLine, ...]

    @property
    def runs(self) -> list[int]:
        """The numbers of its runs of changed lines."""
        return sorted({line.run for line in self.lines if line.run is not None})


@dataclass(frozen=True)
class FileDiff:
    """The part of a diff that concerns one file."""

    header: tuple[str, ...]
    hunks: tuple[DiffHunk, ...]
    whole: str
    """The text itself, where the file can only be taken as a whole; else empty."""
    own_step: bool
    """Whether it renames the file or changes its mode, beside its hunks."""


def read_diff(diff: str) -> tuple[FileDiff, ...]:
    """Read what `git diff` printed, file by file. A line starting with `diff --git ` is never content."""
    starts = [match.start() for match in _FILE.finditer(diff)]
    return tuple(_read_file(diff[start:end]) for start, end in pairwise([*starts, len(diff)]))


def _read_file(text: str) -> FileDiff:
    from unidiff.patch import PatchSet  # noqa: PLC0415 - only a run that reads diffs pays for it

    header_text = text.split("\n@@ ", 1)[0]
    header = tuple(line for line in header_text.split("\n") if line)
    own_step = any(line.startswith(_OWN_STEP) for line in header)
    if _WHOLE_FILE.search(header_text) or "\n@@ " not in text:
        return FileDiff(header, (), text, own_step=False)
    hunks = tuple(
        DiffHunk(hunk.target_start, _with_runs((line.line_type, line.value) for line in hunk))
        for patched in PatchSet.from_string(text)
        for hunk in patched
    )
    return FileDiff(header, hunks, "", own_step)


def _with_runs(lines: Iterable[tuple[str, str]]) -> tuple[DiffLine, ...]:
    """Number the runs of changed lines; a `no newline` mark belongs to the line before it."""
    found: list[DiffLine] = []
    run = -1
    for mark, text in lines:
        if mark == "\\":
            found.append(DiffLine(mark, " No newline at end of file\n", found[-1].run if found else None))
        elif mark in "+-":
            if not found or found[-1].run is None:
                run += 1
            found.append(DiffLine(mark, text, run))
        else:
            found.append(DiffLine(" ", text, None))
    return tuple(found)


def parts_of(files: Sequence[FileDiff]) -> list[Part]:
    """List every part of a diff, in its order."""
    parts = []
    for number, file in enumerate(files):
        if file.whole or file.own_step:
            parts.append(Part(number, -1, 0))
        parts += [Part(number, place, run) for place, hunk in enumerate(file.hunks) for run in hunk.runs]
    return parts


def by_file(parts: Sequence[Part]) -> list[list[Part]]:
    """Group parts file by file."""
    return [list(group) for _, group in groupby(parts, key=lambda part: part.file)]


def by_hunk(parts: Sequence[Part]) -> list[list[Part]]:
    """Group parts hunk by hunk."""
    return [list(group) for _, group in groupby(parts, key=lambda part: (part.file, part.hunk))]


def by_run(parts: Sequence[Part]) -> list[list[Part]]:
    """Take every run of changed lines alone."""
    return [[part] for part in parts]


def render(files: Sequence[FileDiff], parts: Iterable[Part]) -> str:
    """Return the diff of the chosen parts only, to be applied in reverse.

    Its new side is the file as the commit left it: lines that were added by parts not chosen become context, lines
    that those removed are left out (what `git add --patch` does to a hunk).
    """
    chosen = sorted(set(parts))
    return "".join(_render_file(files[number], list(group)) for number, group in groupby(chosen, lambda p: p.file))


def _render_file(file: FileDiff, parts: Sequence[Part]) -> str:
    if file.whole:
        return file.whole
    own_step = parts[0].hunk == -1
    body, shift = [], 0
    for place, group in groupby((part for part in parts if part.hunk >= 0), lambda part: part.hunk):
        text, growth = _render_hunk(file.hunks[place], {part.run for part in group}, shift)
        body.append(text)
        shift += growth
    return "\n".join(_header(file, own_step=own_step, content=bool(body))) + "\n" + "".join(body)


def _header(file: FileDiff, *, own_step: bool, content: bool) -> list[str]:
    """Return the file's header; without its rename or mode it names the file as it is called after the commit."""
    if own_step:
        names = ("index ", "--- ", "+++ ")
        return [line for line in file.header if content or not line.startswith(names)]
    if not file.own_step:
        return list(file.header)
    new = next(line for line in file.header if line.startswith("+++ "))[4:]
    old = new.replace("b/", "a/", 1)
    index = [line for line in file.header if line.startswith("index ")]
    return [f"diff --git {old.rstrip()} {new.rstrip()}", *index, f"--- {old}", f"+++ {new}"]


def _render_hunk(hunk: DiffHunk, runs: set[int], shift: int) -> tuple[str, int]:
    """Return the text of a hunk with only `runs` in it, and by how many lines it grows the file."""
    lines: list[tuple[str, str]] = []
    before = " "
    for mark, text, run in hunk.lines:
        if run is None or run in runs or (mark == "\\" and before == "+"):
            lines.append((mark, text))
        elif mark == "+":
            lines.append((" ", text))
        before = mark
    old = sum(mark in " -" for mark, _ in lines)
    new = sum(mark in " +" for mark, _ in lines)
    # A side without lines is counted from the line before it (GNU diff, "Detailed Unified").
    first = hunk.new_start + (new == 0)
    old_start = first - shift - (old == 0)
    head = f"@@ -{old_start},{old} +{hunk.new_start},{new} @@\n"
    return head + "".join(mark + text for mark, text in lines), new - old


def hunk_diffs(files: Sequence[FileDiff], parts: Iterable[Part]) -> tuple[str, ...]:
    """Return the chosen parts as diffs of one hunk each, in their order; a rename or mode is one of its own."""
    return tuple(render(files, group) for group in by_hunk(sorted(set(parts))))


def hunk_count(files: Sequence[FileDiff]) -> int:
    """Count the hunks of a diff; a rename, a mode, a new, deleted or binary file counts as one."""
    return len(by_hunk(parts_of(files)))
