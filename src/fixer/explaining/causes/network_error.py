"""A server that could not be reached or did not answer: its address, what went wrong on the way, and what to check."""

import shlex
from collections.abc import Mapping

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.answers import unread_answer
from fixer.explaining.causes.reading.essential import LINE, decisive, essential, it_said
from fixer.explaining.causes.reading.innermost import innermost
from fixer.explaining.causes.reading.names import host, objects_of
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.servers import address_of
from fixer.explaining.causes.reading.services import EMAIL, service_of
from fixer.explaining.causes.reading.words import CONNECTION, CUT, REFUSED, near, prepared, sure
from fixer.schema.root_cause import RootCause

_KINDS: tuple[tuple[str, str, tuple[tuple[float, str], ...]], ...] = (
    (
        "nothing accepts connections there",
        "check that the server runs and listens on that address and port",
        (
            (
                0.96,
                (
                    r"econnrefused|connection ?refused|actively refused|verbindung (?:wurde )?(?:abgelehnt|verweigert)"
                    r"|connexion refusée|conexión (?:rechazada|denegada)|conexão recusada|connessione rifiutata"
                    r"|verbinding geweigerd|odmowa połączenia|połączenie odrzucone|отказано в (?:соединении"
                    r"|подключении)"
                    r"|соединение отклонено|接続が拒否|连接被拒绝|拒绝连接|couldn't connect to|could "
                    r"not connect to|failed to connect"
                    r"|unable to connect|cannot connect to|can't connect to|no se pudo conectar|impossible "
                    r"de se connecter"
                    r"|konnte nicht (?:verbunden|erreicht|hergestellt) werden|keine verbindung (?:zu|mit)"
                    r"|impossibile connettersi"
                ),
            ),
            (0.96, near(CONNECTION, REFUSED, 60)),
        ),
    ),
    (
        "its name has no address",
        "check the name of the host, and the name service where the agent runs",
        (
            (
                0.97,
                (
                    r"(?<![a-z])enotfound|eai_again|getaddrinfo|no such host|name or service not known"
                    r"|name resolution|could not "
                    r"resolve host|unknown ?host|dns (?:error|lookup|resolution)|nodename nor servname|nxdomain"
                    r"|err_name_not_resolved|hôte inconnu|host (?:nicht gefunden|unbekannt)"
                ),
            ),
        ),
    ),
    (
        "it did not answer in time",
        "check that the server can be reached and how long it takes to answer, then try again",
        (
            (
                0.95,
                (
                    r"etimedout|esockettimedout|conn(?:ack|ect)? time-?out|connect(?:ion)? ?(?:timed ?out|time-?out)"
                    r"|read timed out|socket "
                    r"?timeout\w*|connect ?timeout|read ?timeout|request (?:has )?timed ?out|(?:response"
                    r"|request|gateway"
                    r"|network|http|server|upstream|api|curl\S* \(28\)) ?(?:timeout|timed out)|timeout of "
                    r"\d+ ?ms exceeded"
                    r"|timeout awaiting|operation timed out|context deadline exceeded|i/o timeout|client ?timeout"
                    r"|zeitüberschreitung|délai (?:d'attente|de connexion|de réponse)[^\n]{0,12}(?:dépassé"
                    r"|expiré)|tiempo "
                    r"de espera|tempo (?:limite|esgotado|di attesa)|time-?out bij|przekroczono (?:limit "
                    r")?czas|тайм-?аут"
                    r"|(?:server|host|api|service|serveur|serveur|servidor|dienst)\b[^\n]{0,40}(?:did not respond"
                    r"|not responding|antwortet nicht|ne répond pas|no responde|não responde|non risponde"
                    r"|reageert niet)|did not respond (?:in|within)|no response (?:from|within|received)"
                    r"|応答がありません|没有响应|无响应|не отвечает"
                    r"|время ожидания|タイムアウト|(?:连接|请求)超时|err_timed_out"
                ),
            ),
            (0.9, r"\b504\b|\b408\b(?!\d)"),
        ),
    ),
    (
        "the connection was cut",
        "try again; where it stays, look at the server's log and at proxies on the way",
        (
            (0.95, near(CONNECTION, CUT, 50)),
            (
                0.96,
                (
                    r"econnreset|econnaborted|epipe|socket hang ?up|connection (?:was )?(?:reset|aborted|closed|lost"
                    r"|dropped|terminated|failure)|remote end closed|broken pipe|unexpected eof|premature (?:close|end)"
                    r"|incompleteread|server closed|upstream connect error|remotedisconnected|connection ?error|fetch "
                    r"failed|failed to fetch|network ?error|err_network|verbindung (?:wurde )?(?:unterbrochen"
                    r"|zurückgesetzt|getrennt worden)|connexion (?:interrompue|perdue|réinitialisée)"
                    r"|conexión (?:perdida"
                    r"|restablecida|interrumpida)|erreur réseau|netzwerkfehler|error de red|erro de rede|errore di rete"
                    r"|netwerkfout|błąd sieci|ошибка сети|ネットワークエラー|网络错误|通信エラー"
                ),
            ),
        ),
    ),
    (
        "its certificate is not accepted",
        "check the server's certificate, its issuer and the clock",
        (
            (
                0.96,
                (
                    r"certificate[_ ]verify[_ ]failed|certificate (?:has )?(?:expired|verify|is not trusted|problem"
                    r"|verification|signed by unknown)|self[- _]signed|ssl ?(?:error|routines|handshake"
                    r"|certificate)|tls "
                    r"(?:handshake|alert)|sslerror|unable to (?:get local issuer|verify the first)"
                    r"|certificate is (?:invalid|not valid)"
                    r"|cert_has_expired|x509"
                    r"|pkix"
                ),
            ),
        ),
    ),
    (
        "there is no way to it through the network",
        "check the network, firewall and proxy of the machine that the agent runs on",
        (
            (
                0.96,
                (
                    r"ehostunreach|enetunreach|no route to host|network is (?:unreachable|down)|host is (?:unreachable"
                    r"|down)|netzwerk (?:ist )?nicht erreichbar|proxyerror|tunnel connection failed|nicht erreichbar"
                    r"|injoignable|inaccesible|недоступ(?:ен|на)"
                ),
            ),
        ),
    ),
    (
        "it has a fault of its own",
        "wait and try again; look at the service's status page where it stays",
        (
            (
                0.93,
                (
                    r"bad ?gateway|service (?:is )?(?:temporarily |currently )?unavailable|gateway ?time-?out|internal "
                    r"server error|server (?:error|is down|is busy|overloaded)|overloaded|temporarily "
                    r"(?:unavailable|down)"
                    r"|under maintenance|web server is down|origin (?:is unreachable|error)|dienst (?:ist )?nicht "
                    r"verfügbar|interner serverfehler|service indisponible|erreur interne du serveur|servicio no "
                    r"disponible|error interno del servidor|serviço indisponível|servizio non disponibile|внутренняя "
                    r"ошибка сервера|сервис недоступен|服务不可用|サービス利用不可|服务器错误"
                ),
            ),
            (
                0.88,
                (
                    r"(?:status(?: code)?|code|http\S*|error:?|returned|(?:responded|answered|replied)(?: with)?"
                    r"|antwortete?(?: mit)?"
                    r"|(?:a )?répondu|respondi[óo]|respondeu|ha risposto)\W{0,3}5\d\d\b"
                    r"|^\W*5(?:00|02|03|04"
                    r"|20|21|22|23|24)\b|\b5(?:00|02|03|04) (?:server error|bad|service|gateway|internal)"
                ),
            ),
        ),
    ),
    (
        "it could not be reached, or did not answer as it should",
        "check that it can be reached from where the agent runs, then try again",
        (),
    ),
)
_WRAPPER = re.compile(r"(?i)\b(?:fetch failed|failed to fetch)\b")
"""What Node and browsers say of whatever went wrong on the way: the reason stands behind it."""
CAUSES = frozenset({RootCause.NETWORK_ERROR})


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure it is that a server could not be reached."""
    score = _kind(scene)[0]
    return {RootCause.NETWORK_ERROR: score} if score > 0 else {}


def finding(scene: Scene, _: RootCause, score: float) -> Finding:
    """Explain which server it is, and what stood in the way."""
    return _finding(scene, score, _kind(scene)[1])


def _kind(scene: Scene) -> tuple[float, int]:
    """Return how sure it is, and the number of the kind."""
    text = prepared(scene.text)
    found = [(0.0, len(_KINDS) - 1)]
    for said in dict.fromkeys((prepared(innermost(scene.text)), _WRAPPER.sub(" ", text), text)):
        found = [(sure(said, rules), number) for number, (_, _, rules) in enumerate(_KINDS)] if said else found
        if any(score for score, _ in found):
            break
    codes = [
        str(place.get(key)) for place in objects_of(scene) for key in ("status", "statusCode", "status_code", "code")
    ]
    found += (
        [(0.9, len(_KINDS) - 2)] if any(len(code) == 3 and code[0] == "5" and code.isdigit() for code in codes) else []
    )
    score, kind = max(found, key=lambda one: one[0])
    if score and says(
        text,
        (
            r"(?:step|job|task|execution|test|lambda|workflow|run) (?:has )?(?:exceeded|timed out)|lost "
            r"communication|\brunner\b"
        ),
    ):
        score -= 0.3
    return (score, kind) if score > 0 else (0.0, len(_KINDS) - 1)


def _finding(scene: Scene, score: float, kind: int) -> Finding:
    offers, service = Offers(scene), service_of(scene)
    answer = unread_answer(scene)
    address = host(essential(scene.text)) or (answer.url if answer else "") or address_of(scene)
    address = address or host(scene.failed.action)
    named = {"": "", EMAIL: "the mail server"}.get(service, service)
    why, how, rules = _KINDS[kind]
    name = address or named or f"the server that {offers.where} calls"
    words = f"{offers.subject} could not use {name}: {why}. It said: {decisive(scene, rules, LINE)}"
    check = f"curl -v {shlex.quote(address)}" if address else f"from the machine of the agent, call {name} by hand"
    ask, again = (
        f"For {name}, {how} ({offers.where})",
        f"Run {offers.where} again once {name} answers; let it try again by itself, with a pause",
    )
    return Finding(
        root_cause=RootCause.NETWORK_ERROR,
        score=score,
        explanation=words,
        fixes=listed(
            offers.manual(ask + it_said(scene, rules, ask), check),
            offers.manual(
                again + ("" if address or named else it_said(scene, rules, again)), f"set a retry for {offers.where}"
            ),
        ),
    )
