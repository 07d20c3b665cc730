"""What of an error names things: its text comes in, without frames, documentation and ids of calls; and its core."""

from collections.abc import Sequence
from functools import lru_cache

from fixer import lazy_re as re
from fixer.alternatives import place_of
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.answers import unread_answer
from fixer.explaining.causes.reading.innermost import innermost
from fixer.explaining.causes.reading.names import line
from fixer.explaining.causes.reading.structures import in_words
from fixer.explaining.causes.reading.words import LONGEST, Rule, line_at, prepared

_FRAME = re.compile(
    r"(?:at\s+(?:async\s+|new\s+)?(?=\S*[.$<]|[^\n]*:\d)\S[^\n]*\(.*\)|at\s+\S+:\d+(?::\d+)?|(?:at|bei|à"
    r"|в)\s[^\n]*(?::line|:Zeile|:ligne)"
    r" \d+"
    r"|File \"[^\"]+\", line \d+.*|\.\.\. \d+ (?:more|common frames).*|from \S+:\d+:in [`'].*|\S+:\d+:in [`'].*"
    r"|#\d+ \S+\(\d+\):.*|#\d+ \{main\}|\S+\.go:\d+(?: \+0x[0-9a-f]+)?|goroutine \d+ \[.*|[~^]{2,}[\s~^]*"
    r"|Traceback \(most recent call last\):|stack backtrace:|\d+: 0x[0-9a-f]+.*)"
)
_OF_FRAME = re.compile(r"\s*File \"[^\"]+\", line \d+")
_INLINE = re.compile(r"\s+at (?:async )?[\w$.<>/]+ ?\([^()\n]{1,200}:\d+(?::\d+)?\)|\([\w$-]+\.(?:java|kt|scala):\d+\)")
_DOCUMENT = re.compile(
    r"(?i)(?:more_?info|documentation(?:_url)?|help_?(?:url|link)?|docs?(?:_url)?|\bsee|\bread the docs|\blearn more"
    r"|\bvisit|\bdetails|\brefer to|\btype)['\"]?\s*(?:at|on|under|here)?\s*[:=]?\s*['\"(]?https?://[^\s'\")]+"
    r"|https?://(?:docs?|help|support|developers?|learn|knowledge|platform)\.[^\s'\")/]+/[^\s'\")]*"
    r"|https?://[^\s'\")]+/(?:docs?|documentation|guides?|help|errors?|reference|rate-limits)(?:/[^\s'\")]*"
    r"|(?=[\s'\")]|$))"
)
_ID = re.compile(
    r"(?i)\b(?:request|trace|correlation|activity|fbtrace|incident|debug|log|cf-ray|span|transaction|invocation)"
    r"[ _-]?id['\"]?\s*[:=]?\s*['\"]?[\w-]{6,80}['\"]?|\breq_\w{2,}"
)
_TAG = re.compile(
    r"</?(?!\w*(?:Error|Exception)\b|(?:empty|null|none|nil|missing"
    r"|unknown)>)[a-zA-Z][\w-]{0,20}(?:\s[^<>\n]{0,200})?/?>"
)
_LONG = re.compile(r"([^\s\u3040-\u9fff\uac00-\ud7af]{160})[^\s\u3040-\u9fff\uac00-\ud7af]+")
"""A file or key in letters, which names nothing beyond its beginning; Japanese, Chinese, Korean have no spaces."""
_ADDRESS = re.compile(r"https?://[^\s'\")>]{20,}")
_TITLE = re.compile(r"(?i)<title>([^<]{3,100})</title>")
_SENTENCE = re.compile(r"(?<=[.!?;。])\s+|\s+\|\s+|(?<=[a-zäöüß)]):\s+(?=[A-Z\d])")
_STAMP = re.compile(r"^\s*\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?\s*(?:\|\s*)?")
_CHAIN = re.compile(r"(?:[\w.]{1,80}(?:Error|Exception): ){1,5}(?=[\w.]{1,80}(?:Error|Exception)\b)")
"""Classes of errors that only lead to the class of one, as wrappers print them."""
_PAGE = re.compile(r"(?i)unexpected token '?<|is not valid JSON|<!doctype|<html")
"""A page for people was sent where data was awaited: its title says why."""
_TROUBLE = re.compile(
    r"(?i)[✗✘✖❌]|\b(?:not|no|cannot|never|nobody|kein\w*|nicht|pas|aucun\w*|não|sin|sem|non|niet|geen|nie|brak|нет"
    r"|не)\b|n't\b"
    r"|fail|error|fehler|erreur|errore?\b|erro\b|denied|refus|exceed|invalid|missing|expired|revoked|forbidden"
    r"|unauthor|abgelehnt"
    r"|ungültig|überschritten|エラー|失敗|失败|错误"
)
_LOG = 3
"""Lines from which on a text is a log, which begins with what went well."""
_SHORT = 120
_HARDLY, _LEAST = 24, 40
"""Characters that a line, and a sentence that others follow, needs to say something by itself."""
_AS_SURE = 0.08
"""Rules that are less sure by no more than this count as much: what stands first says what the rest follows from."""
LINE = 200
"""Characters of an error that an explanation repeats."""


@lru_cache(maxsize=32)
def essential(text: str) -> str:
    """Return an error without what names nothing that it is about: frames, tags, documentation, ids of calls."""
    plain = _DOCUMENT.sub(" ", _INLINE.sub(" ", in_words("\n".join(_kept(text)))))
    return _TAG.sub(" ", _ID.sub(" ", plain))


def _kept(text: str) -> list[str]:
    """Return the lines that are no frames of a traceback, nor the code that stands below one."""
    kept: list[str] = []
    skips = False
    for part in _LONG.sub(r"\1", text[:LONGEST]).splitlines():
        if _FRAME.fullmatch(part.strip()):
            skips = _OF_FRAME.match(part) is not None
            continue
        if skips and part.startswith("    "):
            skips = False
            continue
        skips = False
        kept.append(part)
    return kept


def without_frames(text: str) -> str:
    """Return a text without the frames of tracebacks and the code below them; as it is where it has none."""
    kept = _kept(text)
    return text if len(kept) == len(text.splitlines()) else "\n".join(kept)


def decisive(scene: Scene, rules: Sequence[Rule], limit: int = _SHORT) -> str:
    """Return the part of an error that makes it what it is: the first line, or sentence, that a sure rule matches.

    Args:
        scene: the failure.
        rules: of its cause.
        limit: of characters; a longer sentence is cut between words, around what matched.
    """
    if (answer := unread_answer(scene)) is not None:
        return answer.words
    if (inner := innermost(scene.text)) and (reason := _first(inner, rules)) is not None:
        return _around(*reason, limit)
    kept = _kept(scene.text)
    whole = _telling(essential(scene.text) or scene.text, limit)
    found = _first(scene.text, rules)
    if found is None or _bare(found[0]) not in {_bare(part) for part in kept}:
        found = _first("\n".join(kept), rules)
    if found is None:
        return whole
    part = _around(*found, limit)
    if _PAGE.search(found[0]) and (title := _TITLE.search(scene.text)):
        return title[1].strip()
    if len(part) < _HARDLY and (more := _longer(kept, found[0], rules, limit)):
        return more
    return whole if not part or (" " not in part and part in scene.text and len(whole) > len(part)) else part


def _telling(text: str, limit: int) -> str:
    """Return the line of a text that says what went wrong; of a log, one that says so at all."""
    lines = [part for part in text.splitlines() if part.strip()]
    bad = next((part for part in lines if _TROUBLE.search(part)), "") if len(lines) >= _LOG else ""
    return line(bad or text, limit)


def _longer(kept: Sequence[str], short: str, rules: Sequence[Rule], limit: int) -> str:
    """Return what the rules match after a line that is hardly more than a number; empty where it is no more."""
    at = next((number for number, part in enumerate(kept) if part.strip() == short.strip()), len(kept))
    found = _first("\n".join(kept[at + 1 :]), rules)
    return _around(*found, limit) if found is not None and len(found[0].split()) > len(short.split()) + 1 else ""


def it_said(scene: Scene, rules: Sequence[Rule], said: str, limit: int = _SHORT) -> str:
    """Return what the error itself says, as the end of a fix: by it people see that the fix is meant for them.

    Args:
        scene: the failure.
        rules: of its cause.
        said: what the fix says so far: what stands there already is not said twice.
        limit: of characters that are quoted.
    """
    told = decisive(scene, rules, limit)
    mark = ";" if ": " in said else ":"
    return f"{mark} it said {quote(told)}" if told and told.lower() not in said.lower() else ""


def _bare(told: str) -> str:
    return _TAG.sub(" ", told).strip()


def _first(text: str, rules: Sequence[Rule]) -> tuple[str, int] | None:
    """Return the line of a text that the surest rules match first, and the place in it."""
    ready = prepared(text)
    places = [(score, place) for score, pattern in rules if (place := place_of(ready, pattern)) is not None]
    if not places:
        return None
    least = max(score for score, _ in places) - _AS_SURE
    place = min(place for score, place in places if score >= least)
    return line_at(text, place)


def _around(told: str, place: int, limit: int) -> str:
    """Return the sentence of a line that holds a place, bounded."""
    if title := _TITLE.search(told):
        return title[1].strip()
    clean = _TAG.sub("", _DOCUMENT.sub(" ", _ID.sub("", told))).strip(" :")
    if clean != told and len(clean) < len(told):
        place = min(max(clean.find(told[place : place + 12]), 0), len(clean))
        told = clean
    told, place = _without_structure(told, place)
    if (chain := _CHAIN.match(told)) is not None:
        told, place = told[chain.end() :], max(place - chain.end(), 0)
    stamp = _STAMP.match(told)
    begin = stamp.end() if stamp is not None and stamp.end() <= place else 0
    end = len(told)
    if end - begin > limit and (address := _ADDRESS.search(told, begin)) is not None:
        piece = told[place : place + 12]
        told = f"{told[: address.start()]}…{told[address.end() :]}"
        place, end = max(told.find(piece), begin), len(told)
    if end - begin > limit:
        before = begin
        for cut in _SENTENCE.finditer(told):
            if begin < cut.end() <= place:
                before, begin = begin, cut.end()
            elif cut.start() > place and cut.start() - begin >= _LEAST:
                end = cut.start()
                break
        begin = before if end - begin < _HARDLY else begin
    if end - begin > limit and place - begin > limit // 2:
        begin = told.rfind(" ", begin, place - limit // 3) + 1 or begin
    part = _open_end(told[begin:end].strip())
    if len(part) > limit:
        part = f"{part[:limit].rpartition(' ')[0] or part[:limit]}…"
    return part


def _open_end(part: str) -> str:
    """Return a part without a bracket at its end that nothing closes: what stood in it was cut away."""
    at = max(part.rfind("["), part.rfind("{"))
    is_open = at > len(part) // 3 and not ({"]", "}"} & set(part[at:]))
    return part[:at].rstrip(" :,") if is_open else part


def _without_structure(told: str, place: int) -> tuple[str, int]:
    """Return the part of a line that holds a place, and the place in it: its words, or one text of its structure."""
    parts, piece = in_words(told).split("\n"), told[place : place + 12]
    number = next((number for number, part in enumerate(parts) if piece in part), -1) if len(parts) > 1 else -1
    if number < 0 or not parts[number].strip():
        return told, place
    return parts[number], parts[number].find(piece)


def quote(told: str) -> str:
    """Return a part of an error as a fix quotes it, in quotes of its own."""
    mark = '"' if "'" in told else "'"
    told = told.replace('"', "'") if mark == '"' else told
    return f"{mark}{told}{mark}" if told else ""
