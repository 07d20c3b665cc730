"""What the failed step was given: a failure comes in, the values of earlier results go out, each with its owner."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene, sent
from fixer.explaining.causes.reading.plausible import is_field
from fixer.explaining.causes.reading.structures import plain_key
from fixer.input.error_text import structure_in

_PEOPLE = tuple(
    """
    contact contactname lead leadname customer customername client clientname person who candidate patient guest
    attendee employee member user recipientname fullname name displayname kunde kontakt nom nombre nome cliente contacto
    naam firstname company
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_THINGS = ("order", "orderid", "ordernumber", "invoice", "invoiceid", "ticket", "devis", "id")
"""Keys of an object that say whose values it holds, the surest first."""
_INPUTS = ("input", "inputs", "params", "parameters", "args", "arguments", "variables", "data", "payload", "body")
_OF_STEPS = frozenset(
    """
    error errors result output message warning warnings note notes cursor next nextpage nextcursor nextpagetoken status
    type ok success reason details description meta page total count duration url link raw log logs stderr stdout
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""Keys that say how a step went, and nothing of what it gave."""
_Owner = tuple[str, bool]
_NOBODY: _Owner = ("", False)
_DEPTH, _ITEMS, _MOST = 4, 25, 400


@dataclass(frozen=True)
class Given:
    """One value that the failed step could use."""

    step: int
    """Whose result it is in; the failed step's own number for its input."""
    action: str
    field: str
    value: JsonValue
    owner: str
    """Whom or what the value belongs to, as the record calls it; empty where it does not."""
    person: bool
    """The owner is somebody."""


def given(scene: Scene) -> list[Given]:
    """Return the values of the step's input and of earlier results, the nearest first; bounded."""
    found: list[Given] = []
    if scene.step is None:
        return found
    for number, action, held in _places(scene):
        for field, value, (owner, person) in _values(held, _NOBODY, 0):
            if len(found) >= _MOST:
                return found
            if is_field(field) and plain_key(field) not in _OF_STEPS:
                found.append(Given(number, action, field, value, owner, person))
    return found


def _places(scene: Scene) -> Iterator[tuple[int, str, JsonValue]]:
    step = scene.step
    if step is None:
        return
    for key in _INPUTS:
        yield step.number, step.action, step.details.get(key)
    for held in sent(step.details.get("error")):
        yield step.number, step.action, held
    if isinstance(step.result, dict | list):
        yield step.number, step.action, step.result
    for key in ("contact", "lead", "customer", *_INPUTS):
        yield 0, "", scene.record.context.get(key)
    for earlier in reversed(scene.record.steps[: step.number - 1]):
        yield earlier.number, earlier.action, earlier.result


def value_under(scene: Scene, field: str, *, own: bool) -> str:
    """Return the one value that a field has in what the record shows; empty where it shows none, or several.

    Args:
        scene: the failure.
        field: as the error calls it; upper case and the signs between its words do not count.
        own: in what the failed step itself was given, else in the results of the steps before it.
    """
    if scene.step is None or not field:
        return ""
    name = plain_key(field.rpartition(".")[2])
    found = [
        one.value
        for one in given(scene)
        if plain_key(one.field) == name and (one.step == scene.step.number) is own and is_shown(one.value)
    ]
    return str(found[0]) if found and all(one == found[0] for one in found) else ""


def is_given_empty(scene: Scene, field: str) -> bool:
    """Whether the record shows a field that has no value: it is known where it came from."""
    return any(one.field == field and one.value in (None, "") for one in given(scene)) if field else False


def is_shown(value: JsonValue) -> bool:
    """Whether a value stands in the record itself: it is there, short, and no placeholder of one."""
    if isinstance(value, bool) or value is None:
        return False
    text = str(value).strip()
    return 0 < len(text) <= _SHOWN and "{{" not in text and "${" not in text and "\n" not in text


_SHOWN = 80


def _values(held: JsonValue, owner: _Owner, depth: int) -> Iterator[tuple[str, JsonValue, _Owner]]:
    if isinstance(held, str):
        held = structure_in(held)[1]
    if depth > _DEPTH:
        return
    if isinstance(held, list):
        for part in held[:_ITEMS]:
            yield from _values(part, owner, depth + 1)
    if isinstance(held, dict):
        own = _owner(held)
        owner = own if own[0] and (own[1] or not owner[1]) else owner
        for key, value in held.items():
            if isinstance(value, dict | list):
                yield from _values(value, owner, depth + 1)
            else:
                yield key, value, owner


def _owner(held: dict[str, JsonValue]) -> _Owner:
    """Return what an object calls the one that it is about, and whether that is somebody."""
    plain = {plain_key(key): value for key, value in held.items()}
    for keys, person in ((_PEOPLE, True), (_THINGS, False)):
        names = (plain.get(key) for key in keys)
        if own := next((str(name)[:80] for name in names if isinstance(name, str | int) and str(name).strip()), ""):
            return own, person
    return _NOBODY


def spoken(name: str) -> str:
    """Return a name in plain small words: `vatId` and `vat_id` read "vat id"."""
    return re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).strip().lower()
