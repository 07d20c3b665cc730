"""What earlier results show of a terse error: a failure comes in, the value that is empty or wrong there goes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.fields import field
from fixer.explaining.causes.reading.given import Given, given, spoken
from fixer.explaining.causes.reading.kinds_of_value import KINDS, is_wrong, kind_of
from fixer.explaining.causes.reading.names import quoted
from fixer.explaining.causes.reading.structures import plain_key
from fixer.schema.root_cause import RootCause

_TERSE = 14
"""Words up to which an error leaves to the record what it is about."""
_SURE, _LIKELY = 0.9, 0.7
_NO_VALUE = (
    r"\b(?:null|none|nil|empty|blank|missing|required|undefined|not set|no value|nan)\b|leer|fehlt|vide|manqu|vac[ií]"
    r"|falta|vazi|obrigat|obligat|vuot|manca|leeg|пуст|空|必"
)
_NAMED, _MEANT = 2.0, 1.0
"""The weight of a value that the error names, and of one that the step only plainly needs."""
_ONE_WILL_DO = {"email", "phone", "url"}
_MANY = 3
"""Different fields of one kind up to which one of them can be meant."""


@dataclass(frozen=True)
class Evidence:
    """A value of the record that explains a failure."""

    cause: RootCause
    """`missing_field` where it is empty, `invalid_data` where it is not what its field promises."""
    of: Given
    weight: float
    """Beside what rules and all words together weigh."""


def evidence(scene: Scene, rules: Mapping[RootCause, float]) -> Evidence | None:
    """Return the value that the failure is about; None where none shows, or the error says something else surely.

    Args:
        scene: the failure.
        rules: how sure the rules are of each cause.
    """
    other = max((score for cause, score in rules.items() if cause not in _OF_VALUES), default=0.0)
    if other >= _SURE or scene.step is None:
        return None
    values, text = given(scene), scene.text
    empty, wrong = [one for one in values if _is_empty(one.value)], [one for one in values if _is_wrong(one)]
    if not (empty or wrong):
        return None
    own, terse = _own_field(scene), len(text.split()) <= _TERSE
    said = f" {spoken(text)} " if terse or says(text, _NO_VALUE) else ""
    named = next((one for one in empty if said and _is_named(one.field, said, own)), None)
    if (without := named or (_unfilled(scene, values) if terse else None)) is not None:
        return Evidence(RootCause.MISSING_FIELD, without, _NAMED)
    if told := [one for one in wrong if _is_quoted(one, text)]:
        return Evidence(RootCause.INVALID_DATA, told[0], _NAMED)
    if not terse or other >= _LIKELY:
        return None
    kinds = [kind_of(spoken(own))] if own else list(KINDS)
    return _meant(scene, values, rules, kinds)


def _own_field(scene: Scene) -> str:
    """Return the field that the error itself calls by its name; empty where it only has words for one."""
    name = field(scene)
    if not name or f" {spoken(name)} " not in f" {spoken(scene.text)} ":
        return ""
    return name if " " in spoken(name) or name in quoted(scene.text) else ""


_OF_VALUES = frozenset({RootCause.MISSING_FIELD, RootCause.INVALID_DATA, RootCause.UNKNOWN})


def _meant(
    scene: Scene, values: list[Given], rules: Mapping[RootCause, float], kinds: Sequence[str]
) -> Evidence | None:
    """Return the one value of some kinds that the step plainly needs, or the error is about, and that is no good."""
    possible = {name: kind for name, kind in KINDS.items() if name in kinds}
    wanted = [name for name, kind in possible.items() if says(scene.text, kind.errors)]
    needed = [name for name, kind in possible.items() if says(spoken(scene.failed.action), kind.actions)]
    if rules.get(RootCause.MISSING_FIELD, 0.0) < _SURE:
        for kind in dict.fromkeys((*wanted, *needed)):
            wrong = [one for one in values if kind_of(spoken(one.field)) == kind and is_wrong(kind, one.value)]
            if wrong:
                return Evidence(RootCause.INVALID_DATA, wrong[0], _MEANT)
    if rules.get(RootCause.INVALID_DATA, 0.0) < _SURE:
        for kind in dict.fromkeys((*needed, *wanted)):
            empty = [one for one in values if kind_of(spoken(one.field)) == kind and _is_empty(one.value)]
            if empty and len({one.field for one in empty}) <= _MANY and not _has_other(empty[0], kind, values):
                return Evidence(RootCause.MISSING_FIELD, empty[0], _MEANT)
    return None


def _unfilled(scene: Scene, values: list[Given]) -> Given | None:
    """Return the empty value that the template of a step asks for, where its error says that it could not be filled."""
    if not says(scene.text, _RENDERS) or field(scene, guess=False):
        return None
    told = next((one for one in scene.workspace.agents if one.name.casefold() == scene.record.agent.casefold()), None)
    said = f"{scene.text} {scene.failed.action} {'' if scene.step is None else scene.step.details} "
    said = f"{said}{'' if told is None else told.instructions}".lower()
    used = [one for one in scene.workspace.templates if one.body and one.name.lower() in said]
    asked = {plain_key(name.rpartition(".")[2]) for one in used for name in _PLACEHOLDER.findall(one.body)}
    without = [one for one in values if _is_empty(one.value) and plain_key(one.field) in asked]
    filled = {plain_key(one.field) for one in values if not _is_empty(one.value)}
    return next((one for one in without if plain_key(one.field) not in filled), None)


_RENDERS = (
    r"\brender|\bunresolved|\bunfilled|\bplaceholder|\bmerge[ _-]?(?:tag|field|var)|\bunbound\b|\binterpolat"
    r"|platzhalter|\bvariables?\b|marcador|espaces? réservés?|segnapost|変数|变量"
)
_PLACEHOLDER = re.compile(r"\{\{\s*([\w.]{1,80}?)\s*\}\}")


def _has_other(empty: Given, kind: str, values: list[Given]) -> bool:
    """Whether the same one has another value of the kind, which the step could use; of parts of an address, none."""
    if kind not in _ONE_WILL_DO:
        return False
    same = (one for one in values if (one.step, one.owner) == (empty.step, empty.owner))
    return any(kind_of(spoken(one.field)) == kind and not _is_empty(one.value) for one in same)


def _is_empty(value: JsonValue) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in {"", "null", "none", "n/a", "-"})


def _is_wrong(one: Given) -> bool:
    kind = kind_of(spoken(one.field))
    return bool(kind) and is_wrong(kind, one.value)


def _is_named(field: str, said: str, own: str) -> bool:
    """Whether an error in plain words names a field; one common word does so only where it names no other.

    Args:
        field: as the record calls it.
        said: the error in plain words, with a space before and after it.
        own: what the error itself calls a field, and the words before it; empty where it does not.
    """
    words = spoken(field)
    alone = not own or (" " in own and spoken(own).endswith(f" {words}"))
    return len(words) > _SHORT and f" {words} " in said and (alone or " " in words)


_SHORT = 2


def _is_quoted(one: Given, text: str) -> bool:
    return isinstance(one.value, str) and len(one.value) > _SHORT and one.value in text


def shown(scene: Scene, found: Evidence) -> Scene:
    """Return the scene with the value where a structured error would have it: its field, the value, and whose it is."""
    if scene.step is None:
        return scene
    told = scene.step.details.get("error")
    value = found.of.value if found.cause is RootCause.INVALID_DATA else None
    error: JsonValue = (told if isinstance(told, dict) else {}) | {"field": found.of.field, "value": value}
    owner = (found.of.owner if found.of.person else "") or (value if isinstance(value, str) and "@" in value else "")
    details = scene.step.details | {"error": error} | ({"contact": owner} if owner else {})
    return replace(scene, step=scene.step.model_copy(update={"details": details}))


def with_source(finding: Finding, found: Evidence, failed: int) -> Finding:
    """Return a finding that also says where in the record the value stands."""
    of = found.of
    if of.value is None or (isinstance(of.value, str) and not of.value.strip()):
        what = f"'{of.field}' without a value"
    else:
        what = f"'{of.field}' as '{of.value}'"
    where = f"step {of.step} ({of.action}) gave" if of.step not in {0, failed} else "the step was given"
    whose = f" for {of.owner}" if of.owner and of.owner != of.value else ""
    said = re.sub(r"[.\s]*$", "", finding.explanation)
    return finding.model_copy(update={"explanation": f"{said}. In the record, {where} {what}{whose}"})
