"""Where steps lead: which of them run in sequence and which only when named, and which can never come to an end."""

from collections.abc import Iterator, Sequence

from fixer.schema.workflow import CONTINUE, FAIL, WorkflowStep


def targets(step: WorkflowStep) -> Iterator[str]:
    """Yield every step that `step`, or a step nested in it, names as next."""
    for inner in nested(step):
        for word in (*(condition.next for condition in inner.conditions), inner.default):
            if word and word not in {CONTINUE, FAIL}:
                yield word


def nested(step: WorkflowStep) -> Iterator[WorkflowStep]:
    """Yield a step and every step below it."""
    waiting = [step]
    while waiting:
        now = waiting.pop()
        yield now
        waiting += [inner for inner in (now.on_success, now.on_failure) if inner is not None]


def branches(steps: Sequence[WorkflowStep]) -> frozenset[str]:
    """Return the names of the steps that run only when some `next` names them.

    A `next` that leads back, from a later step to an earlier one that can lead to it (to try that one again, say),
    does not make the earlier one a branch: it would then never be reached.
    """
    place = {step.name: number for number, step in enumerate(steps)}
    links = {step.name: sorted({name for name in targets(step) if name in place}) for step in steps}
    circle = _circles(links)
    return frozenset(
        target
        for name, following in links.items()
        for target in following
        if circle[name] != circle[target] or place[name] < place[target]
    )


def endless(steps: Sequence[WorkflowStep]) -> frozenset[str]:
    """Return the names of the steps that can only ever lead to each other: every exit code goes to the next of them."""
    waits: dict[str, list[str]] = {}
    ending = []
    for step in steps:
        following = [step.default, *(condition.next for condition in step.conditions)]
        if not step.default or CONTINUE in following or FAIL in following:
            ending.append(step.name)
        for name in following:
            waits.setdefault(name, []).append(step.name)
    seen = set(ending)
    while ending:
        for name in waits.get(ending.pop(), ()):
            if name not in seen:
                seen.add(name)
                ending.append(name)
    known = {step.name for step in steps}
    lost = {s.name for s in steps if {s.default, *(c.next for c in s.conditions)} - known - {CONTINUE, FAIL, ""}}
    return frozenset(step.name for step in steps if step.name not in seen | lost)


def _circles(links: dict[str, list[str]]) -> dict[str, int]:
    """Return a number for each name, equal for those that lead to each other (Tarjan 1972, without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    circle: dict[str, int] = {}
    path: list[str] = []
    for start, first in links.items():
        if start in number:
            continue
        work = [(start, iter(first))]
        number[start] = low[start] = len(number)
        path.append(start)
        while work:
            name, following = work[-1]
            child = next((one for one in following if one not in circle), None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == number[name]:
                    at = path.index(name)
                    circle.update(dict.fromkeys(path[at:], number[name]))
                    del path[at:]
            elif child in number:
                low[name] = min(low[name], number[child])
            else:
                number[child] = low[child] = len(number)
                path.append(child)
                work.append((child, iter(links[child])))
    return circle
