"""The services that agents use: a failure comes in, the name of its service as people write it goes out."""

from collections.abc import Iterable

from fixer import lazy_re as re
from fixer.alternatives import place_of
from fixer.explaining.causes.base import Scene

SERVICES: dict[str, str] = {
    "Google Calendar": r"google ?calendar|gcal|calendar|kalender|calendrier|calendario|calendar[iy]|カレンダー|日历",
    "Google Sheets": r"google ?sheets?|spreadsheet",
    "Google Drive": r"google ?drive|gdrive|drive",
    "Microsoft Teams": r"(?:microsoft|ms) ?teams|teams",
    "Outlook": r"outlook|office ?365|microsoft ?365|exchange online|graph\.microsoft",
    "Gmail": r"gmail|gsmtp|google ?mail",
    "LinkedIn": r"linked ?in",
    "Slack": r"slack|chat\.post ?message|xox[bp]",
    "HubSpot": r"hub ?spot|hubapi",
    "Salesforce": r"salesforce|sfdc|soql|sf",
    "Apollo": r"apollo(?:\.io)?|mixed_people",
    "Stripe": r"stripe",
    "OpenAI": r"open ?ai|chatgpt|gpt-\d\S*",
    "Anthropic": r"anthropic|claude",
    "Gemini": r"gemini|generativelanguage",
    "Twilio": r"twilio|sms|whatsapp",
    "SendGrid": r"send ?grid",
    "Mailchimp": r"mailchimp|mandrill",
    "Mailgun": r"mailgun",
    "Notion": r"notion",
    "Airtable": r"airtable",
    "Pipedrive": r"pipedrive",
    "Zendesk": r"zendesk",
    "Intercom": r"intercom",
    "Jira": r"jira|atlassian",
    "GitHub": r"git ?hub",
    "GitLab": r"git ?lab",
    "Zoom": r"zoom",
    "Calendly": r"calendly",
    "Discord": r"discord",
    "Telegram": r"telegram",
    "Trello": r"trello",
    "Asana": r"asana",
    "Shopify": r"shopify",
    "Dropbox": r"dropbox",
    "Clearbit": r"clearbit",
    "Hunter": r"hunter\.io|hunter",
    "ZoomInfo": r"zoominfo",
    "Facebook": r"facebook|meta ads",
    "Instagram": r"instagram",
    "X": r"twitter|x\.com",
    "AWS": r"aws|amazonaws|s3|dynamo ?db|dynamo|lambda|putobject|putitem",
    "Docker Hub": r"docker ?hub|docker\.io",
    "PostgreSQL": r"postgres(?:ql)?|sqlstate",
    "MySQL": r"mysql",
    "Redis": r"redis",
}
"""Name -> what errors and actions call it."""
EMAIL = "email"
_MAIL = re.compile(r"(?<![a-z])(?:e-?mails?|smtp|courriels?|correos?|mail)(?![a-z])|メール|邮件")
_APP = re.compile(
    r"(?:integration|connection|app|service|provider|connector|plugin|account)s?(?: not found)?(?: "
    r"for)?(?: app)?\s*[:=]?\s*['\"“„«]?"
    r"(?P<after>[A-Z][\w.]{1,30}(?: [A-Z]\w{1,20})?)['\"”“»]?(?![\w'])"
    r"|(?:integration|integrazione|intégration|integración|integração|app"
    r"|service)\s+['\"“„«]?(?P<low>[\w. -]{2,30})['\"”“»]"
)


def service_of(scene: Scene) -> str:
    """Return the service that the failure is about, named as the workspace names it; empty where nothing tells."""
    action = _spoken(scene.failed.action)
    known = [one.name for one in scene.workspace.integrations] + [one.service for one in scene.workspace.quotas]
    details = scene.step.details if scene.step is not None else {}
    own = [
        str(details[key]) for key in ("service", "integration", "app", "provider") if isinstance(details.get(key), str)
    ]
    for text in (scene.text, *own, action, _spoken(" ".join(_words_of_context(scene)))):
        if found := _named(text, known):
            return found
    if named := _APP.search(scene.text):
        return (named["after"] or named["low"]).strip()
    if by_action := _by_action(scene.failed.action):
        return by_action
    return EMAIL if _MAIL.search(action.lower()) or _MAIL.search(scene.text.lower()) else ""


_GENERIC = frozenset(
    """
    add ai agent api append apply approve archive ask assign audit backup batch book branch build bulk calculate call
    campaign candidate card charge chat check choose classify clean close code collect compare compile compute condition
    contact contacts convert copy count create crm csv customer data database db deal decide dedupe delay delete deploy
    detect download draft edit email emails embed enrich evaluate event execute export extract fetch file files filter
    find follow form format forward function generate get group handle http https import index ingest input invite
    invoice iterator json lead leads list llm load log lookup loop mail make map match merge message messages model move
    node notify open order output parse pay payment pdf ping poll post prepare process prompt publish pull push query
    queue read reconcile record records register remind remove render reply report request research resolve retry review
    route router row rows rpc run save scan schedule score scrape script search select send server set setup sheet
    signal sms sort split sql start state step stop store submit subscribe subscription sum summarise summarize
    sync table tag task tasks template test text ticket tool tools trace transform translate
    trigger update upload upsert user validate
    variable verify wait watch web webhook webhooks workflow write xml yaml
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""Words that actions begin with and that name no service."""
_PREFIX = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9]{2,19})(?:\.|: |/|_|\s-\s)[A-Za-z]")


def _by_action(action: str) -> str:
    """Return the service that stands before the verb of an action: `linear.createIssue`, `Linear: Create issue`."""
    found = _PREFIX.match(action)
    if found is None or found["name"].lower() in _GENERIC or found["name"].lower().endswith("ing"):
        return ""
    name = found["name"]
    spaced = re.search(r"^[A-Za-z0-9]+_(?P<verb>[a-z]+)", action)
    if spaced is not None and spaced["verb"] not in _VERBS:
        return ""
    return name if name != name.lower() else name.capitalize()


_VERBS = frozenset(
    """
    add append approve archive assign book cancel charge close connect convert copy create delete download draft edit
    enrich export fetch filter find follow get import insert invite list load lookup merge move notify post publish pull
    push put query read refresh remove reply request retrieve run save schedule search send set submit sync transfer
    update upload upsert validate verify write api call issue request
    """.split()  # noqa: SIM905 - a list of words reads better so
)


def _words_of_context(scene: Scene) -> Iterable[str]:
    return (str(scene.record.context[key]) for key in ("service", "integration", "app") if key in scene.record.context)


def _named(text: str, known: Iterable[str]) -> str:
    """Find the first service that the text names: one of the workspace, else one that is known everywhere."""
    lower = text.lower()
    for name in sorted(known, key=len, reverse=True):
        if re.search(rf"(?<![a-z0-9]){re.escape(name.lower())}(?![a-z0-9])", lower):
            return name
    found = [
        (place, name)
        for name, words in SERVICES.items()
        if (place := place_of(text, rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")) is not None
    ]
    if not found:
        return ""
    name = min(found)[1]
    return next((own for own in known if own.lower() == name.lower()), name)


def same(one: str, other: str) -> bool:
    """Whether two names mean the same service: `google_calendar` and `Google Calendar`."""
    first, second = (re.sub(r"[^a-z0-9]", "", name.lower()) for name in (one, other))
    return first == second


def _spoken(action: str) -> str:
    return re.sub(r"[_.:/-]+|(?<=[a-z])(?=[A-Z])", " ", action)


def named_in(text: str) -> list[str]:
    """Return the proper names of services that a text writes as names: with a capital letter."""
    return [name for name in SERVICES if len(name) > 1 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
