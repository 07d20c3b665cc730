"""What a failed step works on: the step, its agent and its error come in, the word for one such thing goes out."""

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene

_THINGS: dict[str, str] = {
    "contact": r"contacts?|kontakte?n?|contactos?|contatos?|contatt[oi]|kontakty?|people|person|recipients?|连絡先"
    r"|联系人",
    "lead": r"leads?|prospects?",
    "deal": r"deals?|opportunit(?:y|ies)|pipeline",
    "ticket": r"tickets?",
    "candidate": r"candidates?|applicants?|bewerber\w*|candidats?",
    "invoice": r"invoices?|rechnung(?:en)?|factures?|facturas?|faturas?",
    "order": r"orders?|bestellung(?:en)?|commandes?|pedidos?|shipments?",
    "customer": r"customers?|kunden?|clients?|clientes?",
    "event": r"events?|meetings?|calendar|appointments?|termine?",
    "issue": r"issues?",
    "task": r"tasks?",
    "product": r"products?|articles?|artikel|produits?|productos?",
    "payment": r"payments?|charges?|subscriptions?|refunds?",
    "post": r"posts?|tweets?",
    "page": r"pages?",
    "row": r"rows?|sheets?|spreadsheets?|zeilen?|filas?|lignes?",
    "record": r"records?|import\w*|sync|database",
}
"""A word for one of them -> what steps, agents and errors call them; the one that stands first counts."""
_NAMED = re.compile(rf"(?i)(?<!\w)(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _THINGS.items())})(?!\w)")
_PERSONAL = re.compile(
    r"(?i)e-?mail|phone|sms|telefon|teléfono|téléphone|correo|courriel|first.?name|last.?name|linked.?in|invite"
    r"|outreach"
    r"|message|company|recipient"
)
_WORD = re.compile(r"[._:/-]+|(?<=[a-z])(?=[A-Z])")


def thing(scene: Scene) -> str:
    """Return what one of the records is called that the step works on: "contact", "deal"; "record" where none tells."""
    for text in (scene.failed.action, scene.record.agent, scene.text):
        spoken = _WORD.sub(" ", text)
        found = _NAMED.search(spoken)
        if found is not None and found.lastgroup:
            return found.lastgroup
        if _PERSONAL.search(spoken):
            return "contact"
    return "record"
