"""From a reproduction to its diagnosis, and to the commit that the fix starts from."""

from fixer.diagnosis.explain import explain
from fixer.diagnosis.likely import clues
from fixer.diagnosis.minimal_change import find
from fixer.diagnosis.own_patterns import library
from fixer.diagnosis.people import people_to_ask
from fixer.repair.draft import Draft
from fixer.repair.mainline import Mainline, newest_main
from fixer.repair.reasoning import reasoned
from fixer.repair.workshop import Workshop
from fixer.repair.writing import put
from fixer.reproduction import compare
from fixer.schema.base import Record
from fixer.schema.diagnosis import Diagnosis
from fixer.schema.reproduction import Shown


class Base(Record):
    """The commit that the fix starts from."""

    commit: str
    name: str
    note: str = ""
    gone: bool = False
    """Whether the newest main no longer fails: then there is nothing to fix."""


def diagnose(draft: Draft, shop: Workshop) -> None:
    """Find the change that made it fail, the cause in plain words, and the people to ask."""
    shop.begin("root cause", shop.given.settings.budget.root_cause)
    shop.talk("looking for the change that made it fail")
    draft.now.diagnosis = shop.step("diagnose", Diagnosis, lambda: _diagnosis(draft, shop))


def _diagnosis(draft: Draft, shop: Workshop) -> Diagnosis:
    failure, reproduction = draft.shown()
    # Of a further round the reproduction stands on fixer's own commits: the history to search is the user's.
    bad = draft.seen_on()
    shop.tree.reset(bad)
    hidden = bad != reproduction.commit and _shows(draft, shop) is not Shown.SAME
    change = (
        f"it does not show in the same way on {bad[:12]} itself, before the fixes that this one stands on"
        if hidden
        else find(
            shop.tree,
            bad,
            lambda: _shows(draft, shop),
            reproduction.test_files,
            shop.phase.stop,
            shop.given.green or None,
            clues(failure),
        )
    )
    shop.tree.reset(bad)
    lines = [(file, line) for file, line, _ in failure.frames]
    if failure.file and failure.line:
        lines.append((failure.file, failure.line))
    patterns = library(shop.repository, shop.given.settings.patterns_dir)
    diagnosis = reasoned(draft, shop, explain(failure, draft.execution, change, patterns))
    return diagnosis.model_copy(update={"people": people_to_ask(shop.git, bad, lines, ())})


def _shows(draft: Draft, shop: Workshop) -> Shown:
    failure, reproduction = draft.shown()
    return compare(failure, shop.run(reproduction.narrowed), shop.failures_in)


def choose_base(draft: Draft, shop: Workshop) -> Base:
    """Decide where the fix starts: on the newest main where the failure shows there, else where it was seen."""
    shop.begin("branch", shop.given.settings.budget.branch)
    return shop.step("choose_base", Base, lambda: _base(draft, shop))


def _base(draft: Draft, shop: Workshop) -> Base:
    reproduction = draft.shown()[1]
    written, commit = reproduction.written, reproduction.commit
    seen = written.on if written else commit
    here = Base(commit=commit, name=shop.given.branch if seen == shop.given.head and shop.given.branch else seen[:12])
    main = newest_main(shop.git, shop.given.settings.project.main)
    if not isinstance(main, Mainline):
        return here.model_copy(update={"note": main})
    if main.commit == seen:
        return Base(commit=commit, name=main.name, note=main.note)
    shop.tree.reset(main.commit)
    start = put(shop, written.path, written.text, main.commit) if written else main.commit
    shown = _shows(draft, shop)
    if shown is Shown.SAME:
        return Base(commit=start, name=main.name, note=main.note)
    if shown is Shown.NONE and shop.git.is_ancestor(seen, main.commit):
        return Base(commit=main.commit, name=main.name, gone=True)
    why = "does not fail there" if shown is Shown.NONE else "fails there in another way"
    return here.model_copy(update={"note": f"the fix starts at {here.name} and not at {main.name}: the test {why}"})
