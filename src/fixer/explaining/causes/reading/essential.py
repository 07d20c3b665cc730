"""What of an error names things: its text comes in, without frames, documentation and ids of calls; and its core."""

from collections.abc import Sequence
from functools import lru_cache

from fixer import lazy_re as re
from fixer.alternatives import place_of
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.names import line
from fixer.explaining.causes.reading.structures import in_words
from fixer.explaining.causes.reading.words import LONGEST, Rule, line_at, prepared

_FRAME = re.compile(
    r"(?:at\s+(?:async\s+|new\s+)?(?=\S*[.$<]|[^\n]*:\d)\S[^\n]*\(.*\)|at\s+\S+:\d+(?::\d+)?|(?:at|bei|à|в)\s[^\n]*(?::line|:Zeile|:ligne)"
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
    r"|https?://[^\s'\")]+/(?:docs?|documentation|guides?|help|errors?|reference|rate-limits)(?:/[^\s'\")]*|(?=[\s'\")]|$))"
)
_ID = re.compile(
    r"(?i)\b(?:request|trace|correlation|activity|fbtrace|incident|debug|log|cf-ray|span|transaction|invocation)"
    r"[ _-]?id['\"]?\s*[:=]?\s*['\"]?[\w-]{6,80}['\"]?|\breq_\w{2,}"
)
_TAG = re.compile(r"</?(?!\w*(?:Error|Exception)\b)[a-zA-Z][\w-]{0,20}(?:\s[^<>\n]{0,200})?/?>")
_LONG = re.compile(r"([^\s\u3040-\u9fff\uac00-\ud7af]{160})[^\s\u3040-\u9fff\uac00-\ud7af]+")
"""A file or key in letters, which names nothing beyond its beginning; Japanese, Chinese, Korean have no spaces."""
_ADDRESS = re.compile(r"https?://[^\s'\")>]{20,}")
_TITLE = re.compile(r"(?i)<title>([^<]{3,100})</title>")
_SENTENCE = re.compile(r"(?<=[.!?;。])\s+|\s+\|\s+|(?<=[a-zäöüß)]):\s+(?=[A-Z\d])")
_STAMP = re.compile(r"^\s*\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?\s*(?:\|\s*)?")
_SHORT = 110
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


def decisive(scene: Scene, rules: Sequence[Rule], limit: int = _SHORT) -> str:
    """Return the part of an error that makes it what it is: the first line, or sentence, that a sure rule matches.

    Args:
        scene: the failure.
        rules: of its cause.
        limit: of characters; a longer sentence is cut between words, around what matched.
    """
    kept = _kept(scene.text)
    whole = line(essential(scene.text) or scene.text, limit)
    found = _first(scene.text, rules)
    if found is None or _bare(found[0]) not in {_bare(part) for part in kept}:
        found = _first("\n".join(kept), rules)
    if found is None:
        return whole
    part = _around(*found, limit)
    return whole if not part or (" " not in part and part in scene.text and len(whole) > len(part)) else part


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
    stamp = _STAMP.match(told)
    begin = stamp.end() if stamp is not None and stamp.end() <= place else 0
    end = len(told)
    if end - begin > limit and (address := _ADDRESS.search(told, begin)) is not None:
        piece = told[place : place + 12]
        told = f"{told[: address.start()]}…{told[address.end() :]}"
        place, end = max(told.find(piece), begin), len(told)
    if end - begin > limit:
        for cut in _SENTENCE.finditer(told):
            if begin < cut.end() <= place:
                begin = cut.end()
            elif cut.start() > place:
                end = cut.start()
                break
    if end - begin > limit and place - begin > limit // 2:
        begin = told.rfind(" ", begin, place - limit // 3) + 1 or begin
    part = told[begin:end].strip()
    if len(part) > limit:
        part = f"{part[:limit].rpartition(' ')[0] or part[:limit]}…"
    return part


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
    return f"{mark}{told}{mark}" if told else ""
