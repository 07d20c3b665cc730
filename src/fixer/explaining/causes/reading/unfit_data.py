"""Data that is unfit in a way of its own: an unreadable text, a period that is none, more than is taken.

A failure comes in, how it is explained goes out.
"""

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.essential import LINE, decisive, it_said
from fixer.explaining.causes.reading.fields import field
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.people import contact
from fixer.explaining.causes.reading.ranges import EMPTY, ends_of
from fixer.explaining.causes.reading.services import EMAIL, service_of
from fixer.explaining.causes.reading.sizes import Size, size_of
from fixer.explaining.causes.reading.things import thing
from fixer.explaining.causes.reading.values import value
from fixer.explaining.causes.reading.words import prepared
from fixer.schema.root_cause import RootCause

_UNREADABLE = (
    r"jsondecodeerror|unexpected (?:end of json|token\b[^\n]{0,60}\bjson)|invalid record length|parse ?error on line"
    r"|expecting (?:',' delimiter|value|property name)|unterminated string|is not valid json|not well-formed"
    r"|error tokenizing"
    r"|quoted field|while parsing a |(?:did|could) not find expected|mapping values are not allowed"
    r"|yaml(?:\.\w+)*error|xml(?:syntax| ?parse ?)error|saxparse"
    r"|must be terminated by the matching"
    r"|unexpected character at line"
)
"""A text of a format is not written as the format asks."""
_THERE = (
    r"already (?:exists?|(?:been )?(?:taken|registered|used|created|imported|added)|in use)|duplicate (?:key|entry"
    r"|record|value|contact|external)"
    r"|duplicates?[ _]detected"
    r"|unique constraint|must be unique|existiert bereits|bereits (?:vorhanden|vergeben|angelegt)|existe déjà"
    r"|déjà utilisée?|ya existe"
    r"|já existe|esiste già|bestaat al|już istnieje|уже существует|すでに存在|既に存在|已存在"
)
"""It is there already."""
_PLACE = re.compile(
    r"(?i)\b(?:line|row|zeile|ligne|línea|linha|riga) \d{1,7}(?:,? (?:column|col|character|spalte|colonne) \d{1,6})?"
    r"(?: (?:of|in|von|de) [\w./-]{1,80}\.\w{1,5})?"
)
_TOO_MUCH = (
    r"context[ _]length|context window|too (?:long|large|big|many)|exceed|maximum|\bmax\b|limit|payload|longer than"
    r"|larger than"
    r"|zu (?:lang|groß)|trop (?:long|grand|lourd)|demasiad|muito (?:longo|grande)|troppo|te (?:lang|groot)|за длин"
    r"|слишком"
)
_TOO_LONG = ((0.9, _TOO_MUCH),)


def of_its_kind(scene: Scene, score: float) -> Finding | None:
    """Explain data that no field and no person stands for; None where it is a value of one."""
    text = prepared(scene.text)
    if says(text, _TOO_MUCH) and (size := size_of(scene.text)) is not None:
        return _too_much(scene, score, size)
    if says(text, _UNREADABLE):
        return _unreadable(scene, score)
    if says(text, EMPTY):
        return _no_period(scene, score)
    return _duplicate(scene, score) if says(text, _THERE) else None


def _duplicate(scene: Scene, score: float) -> Finding:
    """Explain that what is to be created is there already."""
    offers, service = Offers(scene), service_of(scene)
    who = contact(scene)
    what = value(scene, "", field(scene)) or who
    one = f"the {'contact' if who else thing(scene)} that is there{f' ({what!r})' if what else ''}"
    rules = ((0.9, _THERE),)
    update = f"Let {offers.where} look for {one} first, and update it instead of creating it again"
    merge = f"Where it is another one, correct what makes them the same{f', {what!r}' if what else ''}"
    in_it = f" in {service}" if service and service != EMAIL else ""
    return Finding(
        root_cause=RootCause.INVALID_DATA,
        score=score,
        explanation=f"{offers.subject} creates what is there already: {decisive(scene, rules, LINE)}",
        fixes=listed(
            offers.manual(update + it_said(scene, rules, update), f"add a search{in_it} before {offers.where}"),
            offers.manual(
                merge + ("" if what else it_said(scene, rules, merge)),
                f"look at both{in_it}, correct or merge them, then run {offers.where} again",
            ),
        ),
    )


def _unreadable(scene: Scene, score: float) -> Finding:
    """Explain that what a step reads is not written as it must be."""
    offers, place = Offers(scene), _PLACE.search(scene.text)
    at = place[0].strip() if place is not None else ""
    rules = ((0.9, _UNREADABLE),)
    corrected = f"Correct what {offers.where} reads{f', {at}' if at else ''}"
    again = f"Let {offers.where} ask again for what it reads, or leave it out, where it is not well-formed"
    return Finding(
        root_cause=RootCause.INVALID_DATA,
        score=score,
        explanation=f"{offers.subject} could not read what it was given{f' ({at})' if at else ''}: "
        f"{decisive(scene, rules, LINE)}",
        fixes=listed(
            offers.manual(
                corrected + it_said(scene, rules, corrected),
                f"look at what the step before {offers.where} gives it, correct it, then run {offers.where} again",
            ),
            offers.manual(again + it_said(scene, rules, again), f"add a check of its input before {offers.where}"),
        ),
    )


def _no_period(scene: Scene, score: float) -> Finding:
    """Explain that a period ends before it begins, or has no length."""
    offers, ends = Offers(scene), ends_of(scene)
    rules = ((0.9, EMPTY),)
    told = f" (from {ends[0]} to {ends[1]})" if ends else ""
    corrected = f"Correct the times that {offers.where} is given{told}: the end must be after the beginning"
    skip = f"Let {offers.where} check that the end is after the beginning, and stop with a question where it is not"
    return Finding(
        root_cause=RootCause.INVALID_DATA,
        score=score,
        explanation=f"{offers.subject} was given a period that is none{told}: {decisive(scene, rules, LINE)}",
        fixes=listed(
            offers.manual(
                corrected + it_said(scene, rules, corrected),
                f"look at the step that makes the times, correct them, then run {offers.where} again",
            ),
            offers.manual(skip + told, f"add a check of both times before {offers.where}"),
        ),
    )


def _too_much(scene: Scene, score: float, size: Size) -> Finding:
    """Explain that what was sent is longer or larger than the service takes."""
    offers, what, service = Offers(scene), field(scene), service_of(scene)
    to = f" to {service}" if service and service != EMAIL else ""
    called = f"the field '{what}'" if what else "what"
    short = f"Shorten {called} {'that ' if what else ''}{offers.where} sends{to}: {size.words}"
    return Finding(
        root_cause=RootCause.INVALID_DATA,
        score=score,
        explanation=f"{offers.subject} sends more{to} than is taken, {size.words}. It said: "
        f"{decisive(scene, _TOO_LONG, LINE)}",
        fixes=listed(
            offers.manual(
                short + it_said(scene, _TOO_LONG, short),
                f"open {offers.where}, cut {called if what else 'its input'} to at most {size.most} {size.unit}, then "
                f"run it again",
            ),
            offers.manual(
                f"Let {offers.where} send it in parts, each of at most {size.most} {size.unit}".rstrip(),
                f"split the input of {offers.where} before it, and go through the parts one by one",
            ),
        ),
    )
