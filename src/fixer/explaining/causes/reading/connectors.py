"""Services that no list knows: an error and an action come in, the name by host, SDK, connector or speaker goes out."""

from collections.abc import Iterator

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.essential import essential
from fixer.explaining.causes.reading.plausible import is_host, is_service
from fixer.explaining.causes.reading.quotes import named
from fixer.explaining.causes.reading.structures import texts_of, told
from fixer.explaining.causes.reading.words import NOT_CONNECTED

_KEYS = frozenset(
    """
    service servicename integration integrationname provider providername app appname connector connectorname vendor api
    piece plugin toolkit svc svcname target targetservice upstream upstreamservice backend remote remoteservice peer
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_QUOTED = named("name", 40)
_CONNECTOR = (
    re.compile(
        r"(?i)\b(?:integration|connection|connector|konnektor|connecteur|conector|connettore|provider|plugin|anbindung"
        r"|verbindung|verknüpfung|conexión|conexão|connexion|connessione|integración|integração|integrazione|koppeling"
        r"|app|application|portal|anwendung|aplicación|aplicativo|service|dienst|servicio|serviço|servizio|連携|アプリ|集成)"
        rf"(?:s|en)?\s*(?:named|called|namens|to|zu|for|für|mit|with|à|a|avec|con|com)?\s*[:=]?\s*{_QUOTED}"
    ),
    re.compile(
        r"(?i)\b(?:connector|connection|integration|provider|app|plugin) (?:lookup|name|id|key)?\s*[:=]\s*"
        r"(?P<name>[a-z][\w.-]{1,30}(?: [A-Z][\w]+)?)"
    ),
    re.compile(
        rf"{_QUOTED}\s*(?i:integration|connection|connector|account|app"
        r"|plugin|provider|konto|verbindung|連携|アカウント|应用|连接)\b"
    ),
)
_OF = (
    re.compile(
        r"(?<!\w)(?P<name>[A-Z][\w.&-]{2,30}(?: [A-Z][\w.&-]{1,20})?) (?i:(?:integration|connection|account|app) )?"
        rf"(?i:(?:is|was|has|ist|wurde|est|está|é|è|jest) )?(?i:{NOT_CONNECTED})"
    ),
    re.compile(
        r"(?i)\b(?:integration|connection|connector|integracj\w+|połączeni\w+|anbindung|verbindung|verknüpfung"
        r"|connexion"
        r"|conexi[óo]n|conexão|connessione|intégration|integración|integração|integrazione|koppeling|integratie"
        r"|интеграци\w+|подключени\w+) (?:to|with|for|zu|mit|für|à|avec|a|con|com|z|ze|do|met|\u0441|к|di|de)"
        r" (?P<name>[A-Za-z][\w&-]{2,30}(?: (?-i:[A-Z])[\w&-]{1,20}){0,2})(?![\w.:@/])"
    ),
    re.compile(
        r"(?i)\b(?:(?:api|access|zugangs|zugriffs)?[ _-]?(?:keys?|token|schlüssel|clé|clave|chave)|credentials?"
        r"|zugangsdaten|identifiants|credenciales|credenciais|anmeldung|login|account|konto|compte|cuenta|conta)"
        r" (?:for|für|bei|pour|de|para|per|voor|von|of|to|do|da"
        r"|del) (?P<name>[A-Za-z][\w.&-]{2,30}(?: (?-i:[A-Z])[\w&-]{1,20}){0,2})(?![\w@])"
    ),
    re.compile(r"\b(?:API|api) (?:de |of |von |da )?(?P<name>[A-Z][\w.&-]{2,30})(?=\s*(?:[:.,;]|$|\s[a-z]))"),
    re.compile(r"\b(?:con|com|avec|dans|em|en|chez|with) (?P<name>[A-Z][\w.&-]{2,30})(?=\s*(?:[:.,;]|$))"),
    re.compile(
        r"(?i:\b(?:your|the|my|our|deine?s?|ihre?[sn]?|votre|ton|tu|su|seu|sua|il tuo)) (?P<name>[A-Z][\w.&-]{2,30})"
        r" (?:plan|account|subscription|workspace|tier|API|Konto|Tarif)\b"
    ),
    re.compile(
        r"(?i)\b(?:konto|account|compte|cuenta|conta|dienst|service|servicio|serviço) (?P<name>[A-Za-z][\w.&-]{2,30})"
        r"(?= (?:is|ist|besteht|n'est|no|não|nicht|has|needs|must|was|wurde|está|est)\b)"
    ),
)
_SPEAKS = re.compile(
    r"(?<![\w./@-])(?P<name>[A-Za-z][\w-]{2,30}(?:\.(?:com|io|ai|app|co))?(?: [A-Z][A-Za-z]{1,20}){0,2})(?:'s)?"
    r" (?:says|said|allows|permits|accepts|erlaubt|responded|answered|replied|sagt|meldet|antwortet(?:e)?"
    r"|répond|a répondu|responde|respondió"
    r"|respondeu"
    r"|API (?:error|returned|responded|request|rate|call|says|answered|key|quota|limit)|rejected the|refused the"
    r"|returned (?:an? )?(?:HTTP|status|error|\d{3}))"
)
_ADDRESS = re.compile(
    r"(?i)https?://(?:[^\s/@]{1,60}@)?(?P<host>[a-z0-9.-]{3,120})(?::\d{2,5})?(?=[/\s?#'\"),;\]}>]|$)"
)
_MODULE = re.compile(
    r"(?<![\w.])(?P<name>[a-z][a-z0-9]{2,20})(?:_sdk|_python|_client|_api)?(?:\.[a-z_]\w*){0,4}\._?[A-Z]\w*(?:Error"
    r"|Exception|Limit\w*"
    r"|Timeout\w*|Failure)\b"
)
_PACKAGE = re.compile(
    r"\b(?:com|io|org|net|de|fr|co|ai)\.(?P<name>[a-z][a-z0-9]{2,20})\.(?:[a-z]\w*\.)?"
    r"(?:exceptions?|sdk|api|client|rest|errors?|net)\b"
)
_CLASS = re.compile(
    r"(?<![\w.])(?P<name>[A-Z][a-z]+(?:[A-Z][a-z]+)?)(?:::|\\|\.)(?:[A-Z]\w*(?:::|\\|\.)){0,3}\w*(?:Error|Exception)\b"
)
_NO_MODULES = frozenset(
    """
    requests urllib3 urllib httpx aiohttp http https java javax kotlin scala org com net io sun builtins json jinja2
    asyncio socket ssl sqlalchemy pydantic celery airflow werkzeug flask django fastapi starlette tenacity concurrent
    multiprocessing pandas numpy marshmallow jsonschema jsonpath yaml csv xml lxml email smtplib imaplib ftplib paramiko
    apache springframework fasterxml hibernate eclipse google cloud api core client common utils lib app main src self
    this node axios got undici express faraday rest net active actioncontroller activerecord guzzle guzzlehttp symfony
    illuminate system microsoft newtonsoft polly grpc retrofit okhttp okhttp3 squareup netty reactor jackson snakeyaml
    sqlite3 sqlite ftplib poplib telnetlib xmlrpc zipfile csvkit imap smtp sftp ssh botocore boto3 boto aws hubspotapi
    handlebars liquid mustache nunjucks ejs twig subprocess os sys decimal dateutil datetime zoneinfo pytz validators
    phonenumbers cerberus voluptuous attr attrs dataclasses typing workflow agent agents runtime engine tools langchain
    crewai llama prefect dagster temporal temporalio luigi dbt nodes steps custom python ruby error errors exceptions
    exception argument type value key runtime illegal null index name attribute zero division number arithmetic
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""Modules of languages, frameworks and clients of HTTP: they name no service."""
_NO_SPEAKERS = frozenset(
    """
    server service api endpoint request response http https rest graphql webhook step node task job workflow agent tool
    the it error upstream backend gateway proxy host client provider function action remote this that which they he she
    client call url vendor app query database system worker runner script process connector integration connection and
    user users your our their its an account accounts workspace project organization organisation team this requested
    die der das den dem ein eine einen diesen dieses diese dieser les des votre cette tu su esta este seu sua uma lo la
    les il uno una been being required access key token login authentication invalid missing expired any all each
    admin bot owner client_id customer contact lead recipient module trigger action field template scenario database
    db internet peer broker port socket localhost
    mail email unknown status error code http https json
    free pro basic premium business standard trial
    enterprise starter team personal current specified given provided found
    """.split()  # noqa: SIM905 - a list of words reads better so
)


def connector(scene: Scene) -> str:
    """Return the connector or service that the error names as one; empty where it names none."""
    for held in told(scene, _KEYS):
        for name in texts_of(held):
            if is_service(name) and not name.isdigit() and name.lower() not in _NO_SPEAKERS:
                return name
    text = essential(scene.text)
    for pattern in (*_CONNECTOR, *_OF):
        for found in pattern.finditer(text):
            if is_service(found["name"]) and found["name"].lower() not in _NO_SPEAKERS:
                return found["name"].strip()
    return ""


def speaker(scene: Scene) -> str:
    """Return who the error says has answered: "X says: …", "X API error", an SDK's module or package."""
    text = essential(scene.text)
    for found in _SPEAKS.finditer(text):
        name = found["name"].strip()
        if name.split()[0].lower() not in _NO_SPEAKERS and name.lower() not in _NO_MODULES and is_service(name):
            return name.removesuffix(" API")
    for pattern in (_PACKAGE, _MODULE, _CLASS):
        for found in pattern.finditer(text):
            if found["name"].lower() not in _NO_MODULES and found["name"].lower() not in _NO_SPEAKERS:
                name = found["name"]
                return name if name != name.lower() else name.capitalize()
    return ""


def hosts(scene: Scene) -> Iterator[str]:
    """Yield the hosts of the addresses that the error holds; those of documentation are none."""
    seen: set[str] = set()
    for found in _ADDRESS.finditer(essential(scene.text)):
        host = found["host"].strip(".").lower()
        if host not in seen and is_host(host) and not host.startswith(("localhost", "127.")):
            seen.add(host)
            yield host
