"""Whether a value is what its field promises: an address, a number to call, a web address or a date."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.alternatives import says

_MAIL = re.compile(r"(?!.*\.\.)[^\s@,;:<>()\[\]\"']+(?<!\.)@[^\W_](?:[\w-]*\.)+[^\W\d_]{2,}")
_NAMED = re.compile(r"[^<>]*<([^<>]+)>")
_PHONE = re.compile(r"\+?[\d\s()./\u00a0-]+(?:(?:ext\.?|x|#)\s?\d{1,6})?", re.IGNORECASE)
_DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?![\d])")
_PLACE = re.compile(r"(?:[a-zA-Z][\w+.-]*://)?[^\s/:@,]+(?:\.[^\s/:@,]+)+(?::\d+)?(?:[/?#]\S*)?")
_DIGITS = (6, 15)
_YEAR = 31


@dataclass(frozen=True)
class Kind:
    """A kind of value: how fields of it are called, what needs one, what errors call it, and whether one is well."""

    fields: str
    actions: str
    errors: str
    is_well: Callable[[str], bool]


def _is_mail(value: str) -> bool:
    parts = re.split(r"[,;]\s+", value.strip()) if " " in value.strip() else [value.strip()]
    bare = (named[1] if (named := _NAMED.fullmatch(part)) else part for part in parts if part)
    return all(_MAIL.fullmatch(part.removeprefix("mailto:").strip()) for part in bare)


def _is_phone(value: str) -> bool:
    bare = re.sub(r"^(?:whatsapp|tel|sms):", "", value.strip())
    return _PHONE.fullmatch(bare) is not None and _DIGITS[0] <= sum(sign.isdigit() for sign in bare)


def _is_place(value: str) -> bool:
    return _PLACE.fullmatch(value.strip()) is not None


def _is_date(value: str) -> bool:
    """Whether a day that is written in numbers exists; what is written otherwise is not judged."""
    found = _DATE.match(value.strip())
    if found is None:
        return True
    one, two, three = (int(part) for part in found.groups())
    if one > _YEAR:
        return _exists(one, two, three)
    return _exists(three, two, one) or _exists(three, one, two)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


KINDS: Mapping[str, Kind] = {
    "email": Kind(
        fields=r"e-?mail(?: address| adresse)?$|^mail$|mailbox|courriel|correo|^to$|recipient|destinat"
        r"|empf(?:ä|ae)nger",
        actions=r"(?<![a-z])e-?mails?(?![a-z])|outlook|gmail|send ?grid|mailgun|postmark|newsletter|courriel|correo"
        r"|relance|(?<![a-z])mail",
        errors=r"mail|adress|address|recipient|destinat|empfänger|rcpt|correo|courriel|indirizzo|endereço|адрес"
        r"|宛先|邮箱",
        is_well=_is_mail,
    ),
    "phone": Kind(
        fields=r"phone|mobile|^cell|telefon|teléfono|téléphone|telefone|^tel$|msisdn|handy|móvil|whatsapp|gsm",
        actions=r"(?<![a-z])(?:sms|text|texts|whats ?app|call|dial|phone|twilio|vonage|anruf\w*|appel\w*"
        r"|llamar)(?![a-z])",
        errors=r"phone|number|numéro|numero|número|nummer|sms|handset|recipient|destinat|mobile|电话|番号",
        is_well=_is_phone,
    ),
    "url": Kind(
        fields=r"(?:^| )(?:url|website|web site|homepage|domain|link)$|^linkedin(?: url| profile)?$",
        actions=r"scrap|crawl|fetch (?:page|site|url)|visit|browse|open (?:page|site|url)|screenshot|linked ?in",
        errors=r"\burl|\blink|\bsite|\bhost|\bscheme|domain",
        is_well=_is_place,
    ),
    "date": Kind(
        fields=r"(?:^| )(?:date|day|due|birthday|datum|fecha|data|start|end|deadline)(?: date| at| on)?$"
        r"|^(?:due|start|end) ",
        actions=r"calendar|event|meeting|book|appointment|schedul|termin|invoice",
        errors=r"\bdates?\b|datum|fecha|\bdata\b|\btime|\brange|\bday\b|日付|日期",
        is_well=_is_date,
    ),
    "address": Kind(
        fields=r"street|(?:post(?:al)?|zip) ?(?:code)?$|^city$|shipping address|^plz$|delivery address",
        actions=r"ship|label|parcel|deliver|dispatch|courier|versand",
        errors=r"address|street|zip|postal|city|adresse|dirección",
        is_well=lambda _: True,
    ),
    "tax": Kind(
        fields=r"^vat|tax|^iban$|^siret$|^nif$|^ust",
        actions=r"invoic|bill|pay|export|rechnung|factur|fatur",
        errors=r"\bvat|\btax|\biban|steuer",
        is_well=lambda _: True,
    ),
}
_PROSE = 6
"""Words from which on a text is no value of a kind."""


def kind_of(field: str) -> str:
    """Return the kind that a field's name, in plain words, promises; empty: none that can be judged."""
    return next((name for name, kind in KINDS.items() if says(field, kind.fields)), "")


def is_wrong(kind: str, value: JsonValue) -> bool:
    """Whether a value is there and cannot be what its kind promises."""
    if not isinstance(value, str) or not value.strip() or len(value.split()) > _PROSE or "{{" in value:
        return False
    if kind == "email" and "@" not in value.strip("@ ") and "." not in value:
        return False
    return not KINDS[kind].is_well(value)
