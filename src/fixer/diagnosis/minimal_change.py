"""From a failing commit to the fewest hunks of one older change that make it fail."""

from collections.abc import Callable, Mapping, Sequence

from fixer.diagnosis.bisect import Span, find_span
from fixer.diagnosis.delta import MAX_UNITS, reduce_levels
from fixer.diagnosis.hunks import Part, by_file, by_hunk, by_run, hunk_count, hunk_diffs, parts_of, read_diff, render
from fixer.diagnosis.likely import likeliest
from fixer.diagnosis.probe import OutOfTime, Probe
from fixer.git import DIFF_FLAGS, Git
from fixer.schema.diagnosis import MinimalChange
from fixer.schema.reproduction import Shown
from fixer.worktree import Worktree

_EVERYTHING = ":/"
_WORTH_GUESSING = 4
"""Hunks from which on the search costs more runs than the guesses."""
_GUESSES = 3


def find(  # noqa: PLR0913, PLR0917 - each is a fact that only the caller knows
    tree: Worktree,
    bad: str,
    shows: Callable[[], Shown],
    hold: Sequence[str],
    stop: Callable[[], bool],
    green: str | None = None,
    words: Mapping[str, int] | None = None,
) -> MinimalChange | str:
    """Find the minimal failure-inducing change of `bad`.

    Definition: a set of the culprit's changes whose reversal on the tree of `bad` makes the reproduction pass, and of
    which no part can be left out (1-minimal; ddmin of Zeller and Hildebrandt, 2002). Their other direction, the
    fewest changes that break the green commit, is not used: what people want to know, and what a revert needs, is
    what has to go from today's code. Where the culprit cannot be taken back on `bad` as a whole, because newer
    commits built on it, the same is done on the culprit's own tree, and `note` says so.

    Args:
        tree: a worktree of fixer's own; it is left clean, at some commit.
        bad: the commit that fails.
        shows: runs the reproduction on `tree` as it is, once.
        hold: the reproduction's test files; they stay as in `bad` while the code varies, and are never taken back.
        stop: asked before each run; True ends the search, and the best known so far is returned (`reduced=False`).
        green: a commit believed to pass; it is checked by running.
        words: what the failure names (`likely.clues`): hunks that hold it are tried first, which saves runs.

    Returns:
        The change, or the plain reason why there is none.

    Raises:
        GitError: git failed in a way that says nothing about the history (a missing object, a full disk).
    """
    newest = tree.git.commit_of(bad)
    if newest is None:
        return f"the repository has no commit {bad}"
    probe = Probe(tree, newest, shows, hold, stop)
    try:
        span = find_span(probe, green)
        if isinstance(span, str):
            return span
        return _Reduction(probe, span, words or {}).result()
    finally:
        tree.reset()


class _Reduction:
    """The search for the fewest hunks of one span; it knows the best set so far."""

    def __init__(self, probe: Probe, span: Span, words: Mapping[str, int]) -> None:
        self.probe = probe
        self.words = words
        self.span = span
        git = probe.tree.git
        self.files = read_diff(_diff(git, span, probe.held))
        self.parts = parts_of(self.files)
        self.total = hunk_count(read_diff(_diff(git, span, ())))
        self.best = self.parts
        self.base = probe.bad
        self.notes = [span.note] if span.note else []

    def result(self) -> MinimalChange | str:
        if not self.parts:
            return (
                f"{self.span.first_bad[:12]} changed only the reproduction's own test files, so no code is to blame "
                f"(last green: {self.span.green[:12]})"
            )
        reduced = self._reduce() if self.span.finished else self._out_of_time()
        if self.span.between:
            self.notes.append(
                f"{self.span.between} commits between {self.span.green[:12]} and {self.span.first_bad[:12]} "
                + ("could not run the reproduction" if self.span.finished else "were not tried")
                + ", so the hunks are those of the whole range"
            )
        self.notes.append(f"found with {self.probe.runs} runs of the reproduction")
        subject, author = _who(self.probe.tree.git, self.span.first_bad)
        return MinimalChange(
            green=self.span.green,
            culprit=self.span.first_bad,
            culprit_subject=subject,
            culprit_author=author,
            hunks=hunk_diffs(self.files, self.best),
            hunks_in_culprit=self.total,
            reduced=reduced,
            note="; ".join(self.notes),
        )

    def _reduce(self) -> bool:
        """Make `best` as small as can be; return whether it is minimal."""
        try:
            if not self._choose_base():
                return False
            self._begin_with_the_likeliest()
            self.best, minimal = reduce_levels(self.parts, (by_file, by_hunk, by_run), self._works)
        except OutOfTime:
            return self._out_of_time()
        if not minimal:
            self.notes.append(f"it has more than {MAX_UNITS} parts that could not be told apart one by one")
        return minimal

    def _choose_base(self) -> bool:
        """Find the tree, and the parts that can be taken back there, with which the reproduction passes."""
        for base in dict.fromkeys((self.probe.bad, self.span.first_bad)):
            self.base = base
            for parts in (self.parts, self._removable()):
                if parts and self._works(parts):
                    self.parts = parts
                    if base != self.probe.bad:
                        self.notes.append(
                            f"newer commits build on it: it cannot be taken back on {self.probe.bad[:12]}, "
                            f"so it was reduced on {base[:12]}"
                        )
                    return True
        self.notes.append("it could not be taken back as a whole, so it was not reduced")
        return False

    def _begin_with_the_likeliest(self) -> None:
        """Leave the other hunks out of the search where one that the failure points at is enough, or all such are."""
        hunks = by_hunk(self.parts)
        if len(hunks) < _WORTH_GUESSING:
            return
        likely = [hunks[place] for place in likeliest([render(self.files, hunk) for hunk in hunks], self.words)]
        together = sorted(part for hunk in likely for part in hunk)
        for guess in (*likely[:_GUESSES], together):
            if guess and self._works(guess):
                self.parts = guess
                return

    def _removable(self) -> list[Part]:
        """Return the parts that can be taken back, each alone: file by file, and hunk by hunk in the other files."""
        found: list[Part] = []
        for file in by_file(self.parts):
            whole = self.probe.can_be_taken_back(self.base, render(self.files, file))
            for some in [file] if whole else by_hunk(file):
                if whole or self.probe.can_be_taken_back(self.base, render(self.files, some)):
                    found += some
        return found

    def _works(self, parts: Sequence[Part]) -> bool:
        works = self.probe.without(self.base, render(self.files, parts)) is Shown.NONE
        if works and len(parts) < len(self.best):
            self.best = list(parts)
        return works

    def _out_of_time(self) -> bool:
        self.notes.append("time ended before it was reduced to the least")
        return False


def _diff(git: Git, span: Span, without: Sequence[str]) -> str:
    """Return what changed between the ends of the span, `without` some files.

    Submodules are left out: fixer's worktrees do not check them out, so they cannot be what makes the difference.
    """
    excluded = [f":(top,exclude,literal){name}" for name in without]
    ends = ("--end-of-options", span.green, span.first_bad, "--", _EVERYTHING, *excluded)
    return git.run("diff", *DIFF_FLAGS, "--ignore-submodules=all", *ends).stdout


def _who(git: Git, commit: str) -> tuple[str, str]:
    """Return the subject and the author of a commit."""
    shown = git.run("show", "--no-patch", "--no-show-signature", "--format=%s%x00%aN <%aE>", commit).stdout
    subject, _, author = shown.strip().partition("\0")
    return subject, author
