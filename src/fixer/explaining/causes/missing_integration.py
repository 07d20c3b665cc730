"""A service that is not connected: its name, the steps to connect it, and how to try again."""

import difflib
from collections.abc import Mapping

from fixer.alternatives import says
from fixer.explaining.causes.base import SETTLED, Finding, Scene
from fixer.explaining.causes.reading.essential import it_said, quote
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.services import EMAIL, same, service_of
from fixer.explaining.causes.reading.subjects import place
from fixer.explaining.causes.reading.words import INTEGRATION, MISSING, NOT_CONNECTED, near, prepared, sure
from fixer.schema.explanation import SuggestedFix
from fixer.schema.root_cause import RootCause
from fixer.schema.workspace import Integration

_RULES = (
    (
        0.93,
        (
            r"(?:integration|connection|connector|account|plugin|app|credentials?)s? (?:is |was |are |has |have "
            r")?(?:been )?(?:not |un)(?:found|connected|configured|linked|set ?up|installed|been \w+)"
        ),
    ),
    (
        0.92,
        (
            r"(?:integration|credentials?|connection|connected account)s? missing|missing (?:integration"
            r"|credentials?|connection)|integration required|no (?:[\w-]+ ){0,4}(?:account|integration|connection"
            r"|connector|workspace|inbox|mailbox|calendar|bot|app|crm"
            r"|credentials?) (?:(?:is|was|are|has|have|been|yet|currently) ){0,3}(?:linked|connected|configured|found"
            r"|set ?up|available|installed|selected|authori[sz]ed)"
        ),
    ),
    (0.9, near(INTEGRATION, NOT_CONNECTED, 50)),
    (
        0.9,
        (
            r"(?:need to|must|please|first) (?:connect|link|install|set up|integrate|authori[sz]e) (?:your |an? "
            r"|the )?\w|connect (?:an? |your )?\w+ (?:\w+ )?(?:account )?(?:first|before)"
        ),
    ),
    (
        0.92,
        (
            r"(?:not|n't) have (?:any )?(?:credentials?|connections?|integrations?)(?: \w+){0,2}|credentials?"
            r" (?:(?:is|are"
            r"|were|was|have|has|been|not|n't) ){0,3}(?:not|n't|un)[ -]?(?:been )?(?:set|selected|chosen|provided"
            r"|assigned)"
            r"|no credentials? (?:set|selected|chosen|provided|assigned|for)|no connection selected"
        ),
    ),
    (0.85, NOT_CONNECTED),
    (
        0.93,
        (
            r"not[ _]in[ _]channel|app[ _]not[ _]installed|bot[ _]not[ _](?:installed|in[ _]\w+)"
            r"|no[ _]connection\b(?=[ _]\w+=)"
        ),
    ),
    (0.8, near(INTEGRATION, MISSING, 30)),
    (
        0.85,
        (
            r"api key (?:is )?(?:not|n't) (?:configured|set(?: up)?|provided|found)|no api key|missing api key"
            r"|keine? (?:\w+[ -]?)?(?:integration|verbindung|konto)|aucune? (?:intégration|compte|connexion)"
            r"|ningun\w (?:cuenta|integración)|nenhuma (?:conta|integração)|nessun\w? (?:account|integrazione)"
        ),
    ),
)
_NOT = (
    r"econnrefused|connection (?:refused|reset|timed out|failed|closed|aborted)|could not connect to "
    r"server|database|host|socket|network is|disconnect/reset|before headers"
)
_ENVIRONMENT = r"environment variable|env var|PATH\b|node_modules|command not found|npm |pip |error type: disconnect"
_DOUBTFUL = (
    r"not[ _]?authed|invalid[ _]?auth|unauthori[sz]ed|\b401\b|no access token|not authenticated|missing "
    r"(?:access )?token"
)
_NO_ACCESS = (
    r"(?:undefined|null|none|nil|missing|no|empty)\b[^\n]{0,60}(?:access[ _]?token|refresh[ _]?token|credentials?"
    r"|connections?|oauth"
    r"|api[ _]?key|auth\w*|client)|(?:access[ _]?token|refresh[ _]?token|credentials?|connections?|oauth"
    r"|api[ _]?key)[^\n]{0,60}"
    r"(?:undefined|null|none|nil|missing|empty|not set|\b0 (?:rows?|results?|found))|connections?\b[^\n]{0,80}\b(?:0"
    r"|no|zero)"
    r" (?:rows?|results?|records?|entries|matches)"
)
"""An error of someone who looked for the connection and got nothing: with a workspace that says so, it is settled."""
CAUSES = frozenset({RootCause.MISSING_INTEGRATION})


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure it is that the workspace has not connected a service that the step needs."""
    text = prepared(scene.text)
    score = sure(text, _RULES)
    if not score and not says(text, _DOUBTFUL) and not says(text, _NO_ACCESS):
        # To look for a service costs more than all the rules.
        return {}
    if says(text, _NOT) or says(text, _ENVIRONMENT):
        score -= 0.5
    service = service_of(scene)
    own = _own(scene, service)
    if own is not None and not own.connected and says(text, _NO_ACCESS) and not says(text, _NOT):
        return {RootCause.MISSING_INTEGRATION: SETTLED}
    if not score and own is not None and not own.connected and says(text, _DOUBTFUL):
        score = 0.94
    elif score > 0 and own is not None and own.connected:
        score -= 0.03
    if score > 0 and not service:
        score -= 0.15
    return {RootCause.MISSING_INTEGRATION: score} if score > 0 else {}


def finding(scene: Scene, _: RootCause, score: float) -> Finding:
    """Explain which service it is, and how to connect it."""
    service = service_of(scene)
    return _finding(scene, service, _own(scene, service), score)


def _own(scene: Scene, service: str) -> Integration | None:
    return next((one for one in scene.workspace.integrations if service and same(one.name, service)), None)


def _finding(scene: Scene, service: str, own: Integration | None, score: float) -> Finding:
    offers = Offers(scene)
    name = {"": "the service", EMAIL: "the e-mail account"}.get(service, service)
    workspace, where = scene.record.workspace, place(scene)
    at = f" with {quote(where)}" if where and where not in name else ""
    state = (
        "which the workspace file lists as connected: its connection must be renewed"
        if own is not None and own.connected
        else f"which is not connected in workspace '{workspace}'"
    )
    steps = (
        f"1. open Integrations in workspace '{workspace}' 2. choose {name} and Connect 3. sign in and allow the access "
        f"that is asked for{f', to {quote(where)} too' if at else ''} 4. run {offers.where} again"
    )
    connect = f"Connect {name}{at}, then run {offers.where} again"
    return Finding(
        root_cause=RootCause.MISSING_INTEGRATION,
        score=score,
        explanation=f"{offers.subject} needs {name}, {state}.",
        fixes=listed(offers.manual(connect + it_said(scene, _RULES, connect), steps), _instead(offers, service)),
    )


def _instead(offers: Offers, service: str) -> SuggestedFix | None:
    """Offer a connected integration of a like name, where there is one."""
    names = {one.name.casefold(): one.name for one in offers.scene.workspace.integrations if one.connected}
    close = difflib.get_close_matches(
        service.casefold(), [name for name in names if not same(name, service)], n=1, cutoff=0.75
    )
    if not close:
        return None
    other = names[close[0]]
    return offers.manual(
        f"Use {other}, which is connected, in {offers.where}", f"set the integration of {offers.where} to {other}"
    )
