"""The services that agents use: a failure comes in, the name of its service as people write it goes out."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from fixer import lazy_re as re
from fixer.alternatives import place_of
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.answers import unread_answer
from fixer.explaining.causes.reading.connectors import connector, hosts, speaker
from fixer.explaining.causes.reading.essential import essential
from fixer.explaining.causes.reading.names import host
from fixer.explaining.causes.reading.plausible import is_service

SERVICES: dict[str, str] = {
    "Google Calendar": r"google ?calendar|gcal|calendar|kalender|calendrier|calendario|calendar[iy]|カレンダー|日历",
    "Google Sheets": r"google ?sheets?|spreadsheet|sheets\.googleapis|apps\.sheets|sheets\.v4|gspread",
    "Google Drive": r"google ?drive|gdrive|drive\.googleapis|drive",
    "Google Cloud Storage": r"google cloud storage|storage\.googleapis",
    "Google Docs": r"google ?docs|docs\.googleapis",
    "Google Maps": r"google ?maps",
    "Google Analytics": r"google ?analytics|analyticsdata|analytics\.googleapis",
    "Google Ads": r"google ?ads|adwords",
    "SharePoint": r"share ?point",
    "OneDrive": r"one ?drive",
    "Microsoft Graph": r"microsoft\.?graph|graphapi",
    "Azure OpenAI": r"azure ?open ?ai",
    "BigQuery": r"big ?query",
    "Microsoft Teams": r"(?:microsoft|ms) ?teams|teams",
    "Outlook": r"outlook|office ?365|microsoft ?365|exchange online|graph\.microsoft",
    "Gmail": r"gmail|gsmtp|google ?mail",
    "LinkedIn": r"linked ?in",
    "Slack": r"slack|chat\.post ?message|xox[bp]|not_in_channel",
    "HubSpot": r"hub ?spot|hubapi",
    "Salesforce": r"salesforce|sfdc|soql|sf",
    "Apollo": r"apollo(?:\.io)?|mixed_people",
    "Stripe": r"stripe",
    "OpenAI": r"open ?ai|chatgpt|gpt-\d\S*",
    "Anthropic": r"anthropic|claude",
    "Gemini": r"gemini|generativelanguage",
    "Twilio": r"twilio",
    "WhatsApp": r"whats ?app",
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
    "PostgreSQL": r"postgres(?:ql)?|psycopg\d?|npgsql|pg_\w+|sqlstate|password authentication failed for user",
    "MySQL": r"mysql|access denied for user '",
    "Redis": r"redis",
    "MongoDB": r"mongo ?db|mongo",
    "Snowflake": r"snowflake",
    "Kafka": r"kafka",
    "Klaviyo": r"klaviyo",
    "QuickBooks": r"quick ?books",
    "Xero": r"xero",
    "DocuSign": r"docu ?sign|esign",
    "ActiveCampaign": r"active ?campaign",
    "monday.com": r"monday\.com",
    "ClickUp": r"click ?up",
    "Zoho": r"zoho",
    "Freshdesk": r"freshdesk",
    "PagerDuty": r"pager ?duty",
    "Sendcloud": r"sendcloud",
    "Personio": r"personio",
    "BambooHR": r"bamboo ?hr",
    "Typeform": r"typeform",
    "Webflow": r"webflow",
    "WooCommerce": r"woo ?commerce",
    "PayPal": r"paypal",
    "Plaid": r"plaid",
    "Mixpanel": r"mixpanel",
    "Amplitude": r"amplitude",
    "Mistral": r"mistral",
    "Cohere": r"cohere",
    "Pinecone": r"pinecone",
    "Supabase": r"supabase",
    "Confluence": r"confluence",
    "ServiceNow": r"service ?now",
    "Workday": r"workday",
    "Azure": r"azure",
    "YouTube": r"youtube",
    "TikTok": r"tik ?tok",
    "Pinterest": r"pinterest",
    "Vonage": r"vonage|nexmo",
    "Postmark": r"postmark",
    "Brevo": r"brevo|sendinblue",
}
"""Name -> what errors and actions call it."""
EMAIL = "email"
_MAIL = re.compile(
    r"(?<![a-z])(?:e-?mails?|smtp|courriels?|correos?|mails?|inbox|postfach|posteingang)(?![a-z])|メール|邮件"
)
_MAILER = re.compile(r"(?i)gmail|outlook|exchange|smtp|imap|mailbox|office ?365")
_APP = re.compile(
    r"(?:integration|connection|app|service|provider|connector|plugin|account)s?(?: not found)?(?: "
    r"for)?(?: app)?\s*[:=]?\s*['\"“„«]?"
    r"(?P<after>[A-Z][\w.]{1,30}(?: [A-Z]\w{1,20})?)['\"”“»]?(?![\w'])"
    r"|(?:integration|integrazione|intégration|integración|integração|app"
    r"|service)\s+['\"“„«]?(?P<low>[\w. -]{2,30})['\"”“»]"
)


def service_of(scene: Scene) -> str:
    """Return the service that the failure is about, named as the workspace names it; empty where nothing tells."""
    found = known_service_of(scene)
    if not found:
        return ""
    names = [one.name for one in scene.workspace.integrations]
    longer = [name for name in names if name.lower().startswith(f"{found.lower()} ")]
    return longer[0] if len(longer) == 1 and not any(same(name, found) for name in names) else found


def known_service_of(scene: Scene) -> str:
    """Return the service that the failure is about, by the name that is known everywhere where it has one."""
    known = tuple([one.name for one in scene.workspace.integrations] + [one.service for one in scene.workspace.quotas])
    return next((name for name in _candidates(scene, known) if name), "")


def _candidates(scene: Scene, known: tuple[str, ...]) -> Iterator[str]:
    """Yield what may be the service's name, the surest first: the error's own words, the step's, then addresses."""
    action, text = _spoken(scene.failed.action), essential(scene.text)
    details = scene.step.details if scene.step is not None else {}
    by_text, by_connector = _named(text, known), connector(scene)
    if by_connector and by_text and " " in by_connector and by_connector.startswith(by_text):
        yield by_connector
    yield by_text
    yield _named(_spoken(by_connector), known) or by_connector
    for key in ("service", "integration", "app", "provider", "connector"):
        own = details.get(key)
        if isinstance(own, str):
            yield _named(own, known) or (own if is_service(own) else "")
    yield _named(action, known)
    yield _named(_spoken(" ".join(_words_of_context(scene))), known)
    if (named := _APP.search(text)) and is_service(named["after"] or named["low"]):
        yield (named["after"] or named["low"]).strip()
    yield _by_action(scene.failed.action)
    yield _named(scene.text, known)
    yield _named(_spoken(text), known)
    yield speaker(scene)
    yield _by_place(scene.failed.action)
    by_mail = _MAIL.search(action.lower()) is not None
    yield _mail_of(scene) if by_mail else ""
    yield EMAIL if by_mail else ""
    yield from hosts(scene)
    answer = unread_answer(scene)
    yield host(answer.url) if answer is not None else ""
    yield _machine(text)
    yield _named(_spoken(scene.record.agent), known)
    yield EMAIL if _MAIL.search(text.lower()) else ""


def _mail_of(scene: Scene) -> str:
    """Return the workspace's only integration that sends and reads mail; empty where it has none, or several."""
    names = [one.name for one in scene.workspace.integrations if _MAILER.search(one.name)]
    return names[0] if len(names) == 1 else ""


def _machine(text: str) -> str:
    """Return the machine that the error names where nothing says what runs there; a number names nothing."""
    name = host(text).partition(":")[0]
    return "" if name.replace(".", "").isdigit() or name == "localhost" else name


_GENERIC = frozenset(
    """
    daily weekly nightly hourly monthly yearly morning evening main stage phase part digest summary newsletter
    onboarding outbound inbound internal final first second new old my our the job jobs pipeline
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
_PREFIX = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9]{2,19})(?:\.|: |/|_|\s[-\u2013\u2014>→]+\s)[A-Za-z]")
_LABEL = re.compile(r"(?P<name>[A-Z][\w.&-]{1,24}(?: [A-Z][\w.&-]{1,20}){0,3})(?::|\s[-\u2013\u2014>→|]+)\s+\S")
_PLACE = re.compile(
    r"\b(?:from|into|via)\s+(?P<from>[A-Z][\w.-]{2,24})(?=$|[\s,;(])|\b(?P<hump>[A-Z][a-z]+(?:[A-Z][a-z]*)+)\b"
)


_LATIN = re.compile(
    r"(?P<name>[A-Z][A-Za-z0-9.&-]{1,24}(?: [A-Z][A-Za-z0-9.&-]{0,20}){0,2})"
    r"\s?(?=[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af])"
)
"""A name in Latin letters before words of Japanese, Chinese or Korean."""


def _by_action(action: str) -> str:
    """Return the service that stands before the verb of an action: `linear.createIssue`, `Linear: Create issue`."""
    latin = _LATIN.match(action)
    if latin is not None and latin["name"].lower() not in _GENERIC:
        return latin["name"]
    label = _LABEL.match(action)
    if label is not None and not {word.lower() for word in label["name"].split()} & _GENERIC:
        return label["name"]
    found = _PREFIX.match(action)
    if found is None or found["name"].lower() in _GENERIC or found["name"].lower().endswith("ing"):
        return ""
    name = found["name"]
    spaced = re.search(r"^[A-Za-z0-9]+_(?P<verb>[a-z]+)", action)
    if spaced is not None and spaced["verb"] not in _VERBS:
        return ""
    return name if name != name.lower() else name.capitalize()


def _by_place(action: str) -> str:
    """Return the service that an action says it works with: "Load orders from Personio", "Query BambooHR"."""
    for found in _PLACE.finditer(action):
        name = found["from"] or found["hump"]
        if name.lower() not in _GENERIC and (name[0].isupper() and not action.startswith(name)):
            return str(name)
    return ""


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


_END = "(?:(?![a-z0-9])|(?=(?:api)?(?:error|exception)))"
"""After a service's name: no letter, or those of a class of its errors (`OpenAIException`)."""


@lru_cache(maxsize=64)
def _named(text: str, known: tuple[str, ...]) -> str:
    """Find the first service that the text names: one of the workspace, else one that is known everywhere."""
    lower = text.lower()
    for name in sorted(known, key=len, reverse=True):
        if re.search(rf"(?<![a-z0-9]){re.escape(name.lower())}{_END}", lower):
            return name
    found = [
        (place, name)
        for name, words in SERVICES.items()
        if (place := place_of(text, rf"(?<![a-z0-9])(?:{words}){_END}")) is not None
    ]
    if not found:
        return ""
    name = min(found, key=lambda one: (one[0], -len(one[1])))[1]
    # Of a maker and one of its services, the service: "Azure" and "Azure OpenAI".
    name = next((longer for _, longer in found if longer.startswith(f"{name} ")), name)
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
