"""From the lines that failed and the files that changed to the people to ask, each with the reasons (spec C6)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby

from fixer.git import AUTHOR, Git
from fixer.schema.diagnosis import Person

CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the file may be; the first one found counts (GitHub Docs, "About code owners")."""
RECENT_COMMITS = 20
"""Commits looked at in the history of one file."""
MAX_FILES = 20
"""Files whose blame, history and owners are asked for."""
MAX_REASONS = 6

_BOT = re.compile(
    r"\[bot\]|(?:^|[-_ ])bot(?:$|[-_ ])|^(?:dependabot|renovate|github-actions|greenkeeper)\b", re.IGNORECASE
)
_BOT_MAIL = re.compile(r"\[bot\]@|^(?:noreply|no-reply)@|^(?:action|bot)@", re.IGNORECASE)
_WROTE, _CHANGED, _OWNS = 4, 2, 1


@dataclass
class _Found:
    name: str
    contact: str
    weight: int = 0
    reasons: list[str] = field(default_factory=list)


def people_to_ask(
    git: Git,
    commit: str,
    lines: Sequence[tuple[str, int]],
    changed_files: Sequence[str],
    limit: int = 5,
) -> tuple[Person, ...]:
    """Return whom to ask about a failure at `commit`, the best first.

    The writers of the failing lines come first (blame, whitespace and moved lines ignored), then those who lately
    changed the files, then the owners named in CODEOWNERS. Bots and fixer itself are left out; `.mailmap` decides who
    is one person.

    Args:
        git: git in the repository.
        commit: the commit that fails; an empty answer where the repository does not have it.
        lines: failing and changed lines as (path, 1-based line) at `commit`.
        changed_files: files of the change that made the failure, or of the failure where none is known.
        limit: people at most.
    """
    known = git.commit_of(commit)
    if known is None:
        return ()
    present = set(git.files(known))
    asked = [(path, line) for path, line in dict.fromkeys(lines) if path in present and line > 0]
    files = [path for path in dict.fromkeys([*(path for path, _ in asked), *changed_files]) if path in present]
    found: dict[str, _Found] = {}
    cut = _cut_off(git, known)
    for path, group in groupby(sorted(asked)[: 10 * MAX_FILES], key=lambda at: at[0]):
        _blame(git, known, path, [line for _, line in group], cut, found)
    for path in files[:MAX_FILES]:
        _history(git, known, path, cut, found)
    _owners(git, known, files[:MAX_FILES], found)
    order = sorted(found.values(), key=lambda person: -person.weight)
    return tuple(Person(name=p.name, contact=p.contact, reasons=tuple(p.reasons[:MAX_REASONS])) for p in order[:limit])


def _add(found: dict[str, _Found], name: str, contact: str, weight: int, reason: str) -> None:
    """Note a reason to ask somebody; nobody is listed twice, and no machine."""
    if _BOT.search(name) or _BOT_MAIL.search(contact) or contact == AUTHOR["GIT_AUTHOR_EMAIL"]:
        return
    person = found.setdefault((contact or name).casefold(), _Found(name, contact))
    if reason not in person.reasons:
        person.weight += weight
        person.reasons.append(reason)


def _cut_off(git: Git, commit: str) -> set[str]:
    """Return the commits where a shallow clone ends: git takes them for the writers of everything older."""
    if git.line("rev-parse", "--is-shallow-repository") != "true":
        return set()
    return set(git.run("rev-list", "--max-parents=0", commit).stdout.split())


def _blame(  # noqa: PLR0913, PLR0917 - one place to ask, and what is known already
    git: Git, commit: str, path: str, lines: Sequence[int], cut: set[str], found: dict[str, _Found]
) -> None:
    text = git.show(commit, path) or ""
    last = text.count("\n") + bool(text and not text.endswith("\n"))
    ranges = [f"-L{line},{line}" for line in lines if line <= last]
    if not ranges:
        return
    command = ("blame", "-w", "-C", "--line-porcelain", *ranges, commit, "--", path)
    for entry in _entries(git.run(*command).stdout):
        if entry["commit"] in cut:
            continue
        day = datetime.fromtimestamp(int(entry["author-time"]), UTC).date().isoformat()
        reason = f"wrote line {entry['line']} of {path} in {entry['commit'][:7]} ({day})"
        _add(found, entry["author"], entry["author-mail"].strip("<>"), _WROTE, reason)


def _entries(porcelain: str) -> Iterator[dict[str, str]]:
    """Read `git blame --line-porcelain`: a line `COMMIT OLD NEW…`, lines `KEY VALUE`, and a tab before the content."""
    entry: dict[str, str] = {}
    for line in porcelain.split("\n"):
        if line.startswith("\t"):
            yield entry
            entry = {}
        elif not entry and line:
            commit, _, number = line.split(" ")[:3]
            entry = {"commit": commit, "line": number}
        elif line:
            key, _, value = line.partition(" ")
            entry[key] = value


def _history(git: Git, commit: str, path: str, cut: set[str], found: dict[str, _Found]) -> None:
    shape = "--format=%H%x00%aN%x00%aE%x00%as"
    command = ("log", "--no-show-signature", "--no-merges", f"--max-count={RECENT_COMMITS}", shape, commit, "--", path)
    latest: dict[str, tuple[list[str], int]] = {}
    for line in git.run(*command, env={"GIT_LITERAL_PATHSPECS": "1"}).stdout.split("\n"):
        fields = line.split("\0")
        if len(fields) >= 4 and fields[0] not in cut:
            first, count = latest.get(fields[2].casefold(), (fields, 0))
            latest[fields[2].casefold()] = (first, count + 1)
    for (full, name, mail, day), count in latest.values():
        often = "" if count == 1 else f", and {count - 1} more of the last {RECENT_COMMITS} commits to it"
        _add(found, name, mail, _CHANGED, f"changed {path} in {full[:7]} ({day}){often}")


def _owners(git: Git, commit: str, files: Sequence[str], found: dict[str, _Found]) -> None:
    from codeowners import CodeOwners  # noqa: PLC0415 - only a run that names people pays for it

    place = next((name for name in CODEOWNERS if git.show(commit, name) is not None), None)
    if place is None:
        return
    try:
        owners = CodeOwners(git.show(commit, place) or "")
    except (ValueError, re.error):
        # A broken CODEOWNERS file names nobody; GitHub ignores it as well.
        return
    for path in files:
        for _, name in owners.of(path):
            _add(found, name, name, _OWNS, f"owns {path} ({place})")
