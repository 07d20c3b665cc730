"""What the compiler itself suggests: rustc's JSON, `did you mean`, missing headers, applied until nothing is left."""

from collections.abc import Iterator

from fixer.schema.failure import FailureKind
from fixer.schema.patch import Patch, new_patch
from fixer.strategies.base import Case, NotMine
from fixer.strategies.suggested import did_you_mean, headers, rustc
from fixer.strategies.suggested.suggestion import Suggestion, applied, write

ORDER = 25
ROUNDS = 8
"""Compilers say only a part at a time: a name once a function, what comes after the names in a later pass."""

COMPILED = frozenset({
    FailureKind.COMPILE, FailureKind.TYPE, FailureKind.LINT, FailureKind.DEPENDENCY, FailureKind.OTHER,
})  # fmt: skip
"""Kinds that a compiler or checker reports; asking one costs a run."""


def propose(case: Case) -> Iterator[Patch]:
    """Offer everything that is suggested, together; then each of the first place's suggestions alone.

    Raises:
        NotMine: the output holds no suggestion for a file of the project.
    """
    if not any(failure.kind in COMPILED for failure in (case.failure, *case.failures)):
        raise NotMine("what failed ran: no compiler has a suggestion for it")
    case.tree.reset()
    first = _asked(case)
    if not first:
        raise NotMine("the output suggests no replacement in a file of the project")
    seen: set[str] = set()
    for start in ([], *([one] for one in first[: case.max_patches])):
        if case.stop():
            return
        case.tree.reset()
        taken = _taken(case, start)
        # Not the tree's whole diff: the compiler has left its own files in it.
        contents: dict[str, bytes | None] = {
            part.path: (case.root / part.path).read_bytes() for one in taken for part in one.parts
        }
        diff = case.diff_with(contents) if contents else ""
        if diff and diff not in seen:
            seen.add(diff)
            yield _patch(case, taken, diff)


def _taken(case: Case, start: list[Suggestion]) -> list[Suggestion]:
    """Apply suggestions to the tree, beginning with `start`, until there are no more; return them."""
    taken: list[Suggestion] = []
    asked = start or _asked(case)
    for _ in range(ROUNDS):
        contents, these = applied(case.root, asked)
        if not these:
            break
        write(case.root, contents)
        taken += these
        if case.stop():
            break
        asked = _asked(case)
    return taken


def _asked(case: Case) -> list[Suggestion]:
    """Run the failed command and return what is suggested now; nothing once it passes."""
    result = case.run(case.reproduction.narrowed)
    if result.passed:
        return []
    output = result.output
    return [
        *rustc.suggestions(case, output),
        *did_you_mean.suggestions(case, output),
        *headers.suggestions(case, output),
    ]


def _patch(case: Case, taken: list[Suggestion], diff: str) -> Patch:
    first = taken[0]
    more = f" and {len(taken) - 1} more" if len(taken) > 1 else ""
    told = "\n".join(f"- {one.path}: {one.said}" for one in taken[:20])
    return new_patch(
        reproduction_id=case.reproduction.id,
        strategy="suggestions",
        summary=f"Take the compiler's suggestion in {first.path}: {first.said.partition(' (')[0]}{more}",
        explanation=f"{case.failure.message}\nThe compiler itself suggests:\n{told}",
        diff=diff,
        needs_review="The compiler calls such a suggestion a guess where more than one name would fit.",
    )
