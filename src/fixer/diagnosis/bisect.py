"""From a failing commit to the last commit before it that passes, and the first that fails."""

from dataclasses import dataclass, replace

from fixer.diagnosis.probe import OutOfTime, Probe
from fixer.git import Git
from fixer.schema.reproduction import Shown

MAX_BACK = 65536
"""First parents that are looked at: 17 runs reach them all."""
MAX_GAPS = 16
"""Commits tried one by one where stepping back met only commits that could not run the reproduction."""


@dataclass(frozen=True)
class Span:
    """Where it broke: `green` passes, `first_bad` fails, `between` commits of the line between are not told apart."""

    green: str
    first_bad: str
    between: int = 0
    finished: bool = True
    note: str = ""


def find_span(probe: Probe, green: str | None) -> Span | str:
    """Find the last green commit before `probe.bad` and the first bad one after it, along first parents.

    A merge that turns out to be the first bad commit is entered: the branch that it brought is searched in the same
    way. A commit on which the reproduction shows another failure is passed over, as `git bisect skip` does.

    Returns:
        The span, `finished=False` where time ended; or the plain reason why no green commit is known.
    """
    line = _first_parents(probe.tree.git, probe.bad)
    if len(line) == 1:
        return _no_history(probe.tree.git, line[0])
    try:
        if probe.at_commit(probe.bad) is not Shown.SAME:
            return f"the reproduction did not fail in the same way on {probe.bad[:12]} itself, so commits say nothing"
        good, bad, note = _ends(probe, line, green)
    except OutOfTime:
        return "time ended before a commit was found on which the reproduction passes"
    if good is None:
        return _no_green(probe.tree.git, line, note)
    span = replace(_halve(probe, line, good, bad), note=note)
    return _into_merge(probe, span) if span.finished and not span.between else span


def _first_parents(git: Git, commit: str) -> list[str]:
    """List `commit` and its first parents, newest first."""
    command = ("rev-list", "--first-parent", f"--max-count={MAX_BACK}", "--end-of-options", commit)
    return git.run(*command).stdout.split()


def _ends(probe: Probe, line: list[str], green: str | None) -> tuple[int | None, int, str]:
    """Return the places in `line` of a green commit and of the oldest known bad one after it, and a note."""
    note = ""
    if green is not None:
        named = probe.tree.git.commit_of(green)
        if named is None or named not in line[1:]:
            note = f"the commit given as green ({green[:12]}) is not on the first-parent line of {line[0][:12]}"
        elif probe.at_commit(named) is Shown.NONE:
            return line.index(named), 0, ""
        else:
            note = f"the commit given as green ({green[:12]}) does not pass here"
    bad, unclear = 0, []
    for place in _steps(len(line)):
        shown = probe.at_commit(line[place])
        if shown is Shown.NONE:
            return place, bad, note
        if shown is Shown.SAME:
            bad = place
        else:
            unclear.append(place)
    tried = {0, *_steps(len(line))}
    gaps = [place for place in range(1, len(line)) if place not in tried] if unclear else []
    for place in gaps[:MAX_GAPS]:
        if probe.at_commit(line[place]) is Shown.NONE:
            return place, max((known for known in (0, bad) if known < place), default=0), note
    if unclear:
        note = f"{len(unclear)} of the older commits that were tried could not run it"
    return None, bad, note


def _steps(length: int) -> list[int]:
    """Return the places 1, 2, 4, 8, … and the oldest."""
    steps, place = [], 1
    while place < length - 1:
        steps.append(place)
        place *= 2
    return [*steps, length - 1]


def _halve(probe: Probe, line: list[str], good: int, bad: int) -> Span:
    """Bisect between two places of `line` (`bad` < `good`), passing over commits that cannot be judged."""
    skipped: set[int] = set()
    try:
        while left := [place for place in range(bad + 1, good) if place not in skipped]:
            middle = min(left, key=lambda place: abs(2 * place - bad - good))
            shown = probe.at_commit(line[middle])
            if shown is Shown.NONE:
                good = middle
            elif shown is Shown.SAME:
                bad = middle
            else:
                skipped.add(middle)
    except OutOfTime:
        return Span(line[good], line[bad], good - bad - 1, finished=False)
    return Span(line[good], line[bad], good - bad - 1)


def _into_merge(probe: Probe, span: Span) -> Span:
    """Search the branch that a guilty merge brought in; the merge itself where no commit of it fails alone."""
    git = probe.tree.git
    parents = git.line("rev-list", "--parents", "--max-count=1", "--end-of-options", span.first_bad).split()[1:]
    for tip in parents[1:]:
        base = git.run("merge-base", parents[0], tip, check=False).stdout.strip()
        line = _first_parents(git, tip)
        if base not in line[1:]:
            continue
        try:
            fails = probe.at_commit(tip) is Shown.SAME and probe.at_commit(base) is Shown.NONE
        except OutOfTime:
            return replace(span, finished=False)
        if fails:
            inner = replace(_halve(probe, line, line.index(base), 0), note=span.note)
            return _into_merge(probe, inner) if inner.finished and not inner.between else inner
    return span


def _is_shallow(git: Git) -> bool:
    return git.line("rev-parse", "--is-shallow-repository") == "true"


def _no_history(git: Git, only: str) -> str:
    if _is_shallow(git):
        return (
            f"this clone is shallow and holds only {only[:12]}: there is nothing older to compare with "
            "(`git fetch --unshallow` gets the history)"
        )
    return f"{only[:12]} is the first commit of the history: there is nothing older to compare with"


def _no_green(git: Git, line: list[str], note: str) -> str:
    tail = f" ({note})" if note else ""
    if len(line) == MAX_BACK:
        return f"no commit among the last {MAX_BACK} first parents was seen to pass{tail}"
    if _is_shallow(git):
        return (
            f"this clone is shallow: it holds {len(line)} commits of the line, and none was seen to pass{tail} "
            "(`git fetch --unshallow` gets the history)"
        )
    if note:
        return f"no commit back to the first one ({line[-1][:12]}) was seen to pass{tail}"
    return (
        f"the reproduction fails in the same way back to the first commit ({line[-1][:12]}): "
        "it was never green, or what changed is outside of the repository"
    )
