"""The two ends of a period that cannot be: a failure comes in, when it was to begin and to end goes out."""

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.names import inputs
from fixer.explaining.causes.reading.structures import objects_held, plain_key

EMPTY = (
    r"(?:range|interval|period|slot|zeitraum|intervall|période|plage|intervalo|período|rango|intervallo|periode"
    r"|okres)\b[^\n]{0,40}"
    r"(?:empty|negative|inverted|invalid|leer|negativ|ungültig|vide|inválid|vac[ií]|vazi|vuot)|range ?empty"
    r"|(?:end|finish|until|ende|fin|fim|fine)\w*[ -]?(?:time|date|zeit|datum)?\b[^\n]{0,40}"
    r"(?:before|earlier than|prior to|must be (?:after|later)|vor|avant|antes|anterior|prima)"
    r"|(?:start|begin)\w*[ -]?(?:time|date)?\b[^\n]{0,40}(?:after|later than|must be (?:before|earlier))"
)
"""Words that say that a period is none."""
_BEGIN = frozenset(
    """
    start begin from startdate starttime startat startsat begins von beginn debut inicio inizio
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_END = frozenset(
    """
    end finish until to enddate endtime endat endsat ends bis ende fin fim fine
    """.split()  # noqa: SIM905 - a list of words reads better so
)


def ends_of(scene: Scene) -> tuple[str, str] | None:
    """Return when a period was to begin and to end, as the step was given it; None where no input tells both."""
    for place in (*objects_held(scene), *inputs(scene)):
        plain = {plain_key(key): _moment(value) for key, value in place.items()}
        begin = next((value for key, value in plain.items() if key in _BEGIN and value), "")
        end = next((value for key, value in plain.items() if key in _END and value), "")
        if begin and end:
            return begin, end
    return None


def _moment(value: JsonValue) -> str:
    """Return a time as text: itself, or the one in an object, as calendars write it."""
    if isinstance(value, dict):
        value = next((part for key, part in value.items() if plain_key(key) in {"datetime", "date", "time"}), "")
    return value.strip() if isinstance(value, str) and re.search(r"\d[:./-]\d", value) and len(value) <= 40 else ""
