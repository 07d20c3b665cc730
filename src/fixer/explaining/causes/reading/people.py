"""Who a failure is about: an error with several e-mail addresses comes in, the one in the asked role goes out."""

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.names import inputs, person
from fixer.explaining.causes.reading.structures import plain_key

_TOP = (
    r"(?:com|net|org|info|biz|io|co|eu|de|at|ch|fr|be|nl|es|it|pt|br|mx|pl|cz|se|dk|no|fi|uk|us|ca|au|ru|jp|cn|kr|in)"
)
_MAIL = (
    rf"(?P<mail>\w[\w.+%-]{{0,63}}@[\w.@-]{{1,80}}(?:[,;]{_TOP}(?![\w.@-]))?"
    r"|[\w.+%-]{1,64}(?:\(at\)|\[at\]|\{at\})[\w.-]{1,80})"
)
"""An address, also one that is written wrong: two signs, a comma for the dot, a word for the sign."""
_ADDRESS = re.compile(_MAIL)
_BEFORE = r"[\s:=;<('\"\u201e\u00ab]{1,3}(?:rfc822;\s*)?<?"
_REFUSED_TO = re.compile(
    rf"(?i)(?:(?:final|original)-recipient|x-failed-recipients|rcpt to)\W{{0,3}}(?:rfc822;)?\s*<?{_MAIL}"
    rf"|<(?P<told>[^\s<>@]{{1,64}}@[^\s<>]{{1,80}})>:? (?:\S+ )?(?:recipient|user|mailbox|address|host|does not|unknown"
    r"|no such|rejected|was|is|said)"
)
"""What delivery reports and mail servers write before or after the one who got nothing."""
_RECEIVER = re.compile(
    r"(?i)(?<![\w-])(?:recipient|delivery to|receiver|addressee|to|empfänger|zustellung an|an|destinataire|à|para"
    r"|destinat[aá]ri[oa]|ontvanger|aan|odbiorc\w+|do|получател\w+|кому|a|宛先|收件人)"
    rf"(?: address| adresse)?{_BEFORE}{_MAIL}"
)
_USER = re.compile(
    r"(?i)(?<![\w-])(?:user ?name|user|login|log in as|sign in as|signed in as|account|mailbox|sender|benutzer\w*|konto"
    r"|postfach|absender|compte|identifiant|utilisateur|expéditeur|usuari[oa]|cuenta|usuário|conta|remetente|remitente"
    r"|utente|mittente|gebruiker\w*|użytkownik\w*|konta|пользовател\w+|учётн\w+ запис\w+|ユーザー|アカウント|用户|账号"
    rf"|for|für|pour|as|als){_BEFORE}{_MAIL}"
)
_NO_RECEIVER = re.compile(
    r"(?i)(?:from|sender|by|via|user ?name|user|login|account|mta|return-path|reply-to|message-id|benutzer\w*"
    r"|konto|absender|von|expéditeur|compte|utilisateur|remitente|usuario|cuenta|remetente|usuário|conta|mittente"
    r"|utente)"
    r"[\s:=;<('\"]{0,3}(?:dns;\s*|rfc822;\s*)?<?$"
)
_ROBOT = re.compile(r"(?i)^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|abuse|bounces?)@")
_NAMED = re.compile(
    r"(?i:\b(?:contact|lead|recipient|person|customer|user|prospect|kontakt|kunde|empfänger|client"
    r"|destinataire|contacto|cliente|contato"
    r"|contatto|klant|контакт\w*|клиент\w*)\b)[:#]?\s+(?:(?i:named|called|name)\s+)?['\"“„«]?"
    r"(?P<name>[A-ZÀ-ÞА-Я][\w'\u2019-]{1,30}(?:\s[A-ZÀ-ÞА-Я][\w'\u2019-]{1,30}){0,2})(?![\w.+%-]*@)"
)
_KEYS = (
    *("contact", "lead", "recipient", "person", "customer", "user", "prospect", "to", "email"),
    *("kontakt", "kunde", "empfänger", "empfaenger", "client", "destinataire", "contacto", "cliente", "destinatario"),
    *(
        "destinatário",
        "contato",
        "contatto",
        "klant",
        "ontvanger",
        "odbiorca",
        "klient",
        "candidate",
        "guest",
        "patient",
    ),
)


_REACHED = frozenset({"phone", "mobile", "mobil", "telefon", "tel", "phonenumber", "telephone", "email", "mail"})
"""Beside a name they say that it is a person's."""


def contact(scene: Scene) -> str:
    """Return the person that the failure is about: a name of the error, else of the record's input, else an address."""
    if refused := _REFUSED_TO.search(scene.text):
        return _clean(refused["mail"] or refused["told"])
    if found := _NAMED.search(scene.text):
        return found["name"]
    for place in inputs(scene):
        for key in _KEYS:
            if name := person(place.get(key)):
                return name
        if not _REACHED.isdisjoint(map(plain_key, place)) and (name := person(place.get("name"))):
            return name
    return receiver(scene.text)


def receiver(text: str) -> str:
    """Return the address that something was sent to, or that is not right; never who sent it or who reports."""
    if found := _RECEIVER.search(text):
        return _clean(found["mail"])
    every = [one for one in _ADDRESS.finditer(text) if not _ROBOT.match(one["mail"])]
    good = [one for one in every if not _NO_RECEIVER.search(text[max(0, one.start() - 40) : one.start()])]
    return _clean((good or every)[0]["mail"]) if every else ""


def signed_in(text: str) -> str:
    """Return the address that signs in: the one that is called a user or an account, else one that gets no mail."""
    if found := _USER.search(text):
        return _clean(found["mail"])
    sent = {_clean(one["mail"]) for one in _RECEIVER.finditer(text)}
    every = (_clean(one["mail"]) for one in _ADDRESS.finditer(text) if not _ROBOT.match(one["mail"]))
    return next((one for one in every if one not in sent), "")


def _clean(mail: str) -> str:
    return mail.rstrip(".,;:-")
