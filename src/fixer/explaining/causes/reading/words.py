"""The words that errors are made of, in eleven languages: text comes in, how sure a list of rules is goes out."""

import re
import unicodedata
from collections.abc import Sequence

from fixer.alternatives import says

LONGEST = 8_000
_TAG = re.compile(
    r"<(?:script|style)\b[^>]{0,200}>.{0,4000}?</(?:script|style)>|<!?/?(?!\w*(?:Error"
    r"|Exception)\b)[a-zA-Z][^<>]{0,400}>",
    re.DOTALL,
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IDENTIFIER = re.compile(r"\b(?:[A-Za-z]{2,30}_[A-Za-z_]{2,60}|[A-Z]?[a-z]{2,30}(?:[A-Z][a-z]{1,30}){1,8})\b")
_SAME = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00a0": " ", "\u202f": " "})

MISSING = (
    r"(?:(?:could(?: not|n't)|can(?:not|'t)|was(?: not|n't)|not|unable to|failed to|couldnt) (?:be "
    r")?(?:found|find|locate[d]?"
    r"|load(?:ed)?|resolve[d]?|exist)|no(?:t|n) ?exist\w*|do(?:es)?(?: not|n't) exist|no longer exists?"
    r"|missing|no such|unknown"
    r"|deleted|removed|renamed|archived|unavailable|not available|undefined|(?:is|are)(?: not|n't) (?:there|present)"
    r"|nothing (?:called|named)|not (?:in|part of) (?:this|the|your) \w+|no match\w*"
    r"|nicht (?:mehr )?(?:gefunden|vorhanden|verfügbar|auffindbar)|existier(?:t|en) nicht"
    r"|gibt es nicht|fehlt|unbekannt\w*|gelöscht|introuvable"
    r"|(?:impossible de|impossibile|no se (?:pudo|puede|ha podido)|não foi possível) (?:trouver|trovare|encontrar"
    r"|localizar)"
    r"|n'existe (?:pas|plus)|inexistant\w*"
    r"|manquant\w*|pas (?:été )?trouvée?|supprimée?"
    r"|no (?:se |fue |ha sido )?(?:ha )?(?:encontr\w+|existe|encuentra|disponible)|eliminad\w|inexistente|falta|não"
    r" (?:foi )?(?:encontrad\w"
    r"|existe|localizad\w)"
    r"|non (?:è stat\w )?(?:trovat\w|esiste|disponibile)|manca|inesistente|niet (?:gevonden|beschikbaar)"
    r"|bestaat niet|ontbreekt"
    r"|nie (?:znaleziono|istnieje|odnaleziono)|brak|не ?(?:найден\w*|существует|удалось найти)|отсутствует|нет"
    r"|見つかりません|見つからない|存在しません|存在しない|ありません|找不到|不存在|未找到|没有找到|缺少|缺失)"
)
"""Something is not there."""
INVALID = (
    r"(?:invalid\w*|not (?:a |an )?valid|isn't (?:a |an )?valid|malformed|incorrect(?:ly)? format\w*|bad format"
    r"|wrong format|badly formatted"
    r"|ungültig\w*|fehlerhaft\w*|kein\w* gültig\w*|non valide|invalides?|incorrecte?|mal formée?|no (?:es "
    r")?válid\w|inválid\w"
    r"|não (?:é )?válid\w|non (?:è )?valid\w|ongeldig\w*|nieprawidłow\w*|niepoprawn\w*|недействительн\w*"
    r"|неверн\w*|некорректн\w*"
    r"|недопустим\w*|無効|不正|正しくありません|无效|不正确|格式错误)"
)
"""Something is there, and not right."""
NOT_CONNECTED = (
    r"(?:(?:not|n't|never|isn't)(?: been| yet)* (?:connected|linked|configured|set ?up|installed"
    r"|integrated|authori[sz]ed for this workspace"
    r"|enabled)|disconnected|unlinked|not integrated|nicht (?:verbunden|verknüpft|eingerichtet|konfiguriert|angebunden)"
    r"|getrennt|(?:n'est |est )?(?:pas connectée?|non connectée?|pas configurée?|déconnectée?)|no (?:está "
    r"|esta |se ha |ha sido )*(?:conectad\w"
    r"|vinculad\w|configurad\w)|desconectad\w|não (?:está |foi )?(?:conectad\w|configurad\w|vinculad\w)"
    r"|non (?:è )?(?:collegat\w|conness\w"
    r"|configurat\w)|niet (?:verbonden|gekoppeld|geconfigureerd|ingesteld)|nie (?:jest )?(?:połączon\w+"
    r"|podłączon\w+|skonfigurowan\w+)"
    r"|не ?(?:подключ\w+|настроен\w*|связан\w*)|接続されていません|連携されていません"
    r"|未接続|未設定|未连接|没有连接|尚未连接|未配置|未绑定)"
)
EXPIRED = (
    r"(?:expired|revoked|has lapsed|no longer valid|abgelaufen|widerrufen|expirée?|révoquée?|caducad\w"
    r"|expirad\w|vencid\w|revocad\w"
    r"|scadut\w|revocat\w|verlopen|ingetrokken|wygasł\w*|unieważnion\w*|истек\w*|истёк\w*|просрочен\w*"
    r"|отозван\w*|期限切れ|失効|有効期限|过期|已失效|撤销)"
)
CREDENTIAL = (
    r"(?:(?:access |refresh |bearer |api |auth |oauth |security |session )?(?:tokens?|keys?)|credentials?"
    r"|password|passwort|session|login"
    r"|signature|anmeldung|anmeldedaten|zugriffstoken|zugangsdaten|schlüssel|sitzung|jeton|identifiants?"
    r"|mot de passe|clé api"
    r"|credencial\w*|contraseña|sesión|senha|chave|credenzial\w*|chiave|wachtwoord|inloggegevens|sleutel"
    r"|hasło|dane logowania"
    r"|токен\w*|пароль|учётн\w+|ключ\w*|トークン|認証情報|認証|パスワード|令牌|凭证|凭据|密码|密钥|登录)"
)
TEMPLATE = (
    r"(?:templates?|macros?|snippets?|canned (?:response|reply)|(?:\w*-)?(?:e-?mail|nachrichten|text"
    r"|brief)?vorlagen?|modèles?|gabarits?|plantillas?|modelos?|modell[oi]"
    r"|sjabl[oe]n\w*|szablon\w*"
    r"|шаблон\w*|テンプレート|ひな形|模板|模版)"
)
FIELD = (
    r"(?:(?:custom |required |mandatory )?(?:fields?|propert(?:y|ies)|attributes?|columns?|parameters?"
    r"|params?|arguments?|keys?|values?)"
    r"|(?:pflicht)?feld(?:er)?|eigenschaft|(?:pflicht)?spalten?|champs?|propriété|paramètres?|campos?|propiedad"
    r"|colonnes?|columnas?|colunas?|colonn[ae]|kolom(?:men)?|kolumn[ay]|столб(?:ец|цы)"
    r"|parámetros?|propriedade|parâmetros?"
    r"|camp[oi]|veld(?:en)?|pol[ea]|wartość|пол[ея]|параметр\w*|атрибут\w*|フィールド"
    r"|項目|パラメータ|字段|参数|属性|栏位)"
)
INTEGRATION = (
    r"(?:integrations?|connections?|connectors?|account|app|plugin|provider|credentials?|integration\w*"
    r"|konto|verbindung|intégration|compte|connexion"
    r"|integración|cuenta|conexión|integração|conta|conexão|integrazione|collegamento|integratie|koppeling"
    r"|integracj\w+|połączeni\w+"
    r"|интеграци\w+|подключени\w+|аккаунт|連携|アカウント|集成|账号|连接)"
)
ADDRESS = (
    r"(?:e-?mail(?:[ -]?address\w*|[ -]?adress\w*)?|recipients?|mailbox|phone(?: number)?|telefon\w*|url"
    r"|uri|address|adresse?|courriel|correo(?: electrónico)?"
    r"|destinatari\w+|teléfono|telefone|endereço|indirizzo|adres|адрес\w*|телефон\w*|メール\w*|電話番号|邮件|邮箱"
    r"|电子邮件\w*|手机号|date|datum|fecha|data)"
)


NOT_FILLED = (
    r"(?:(?:not|n't)(?: yet)?(?: been)? (?:filled|provided|supplied|set|given|specified|populated|mapped|entered"
    r"|present"
    r"|included)|left (?:empty|blank)|nicht (?:ausgefüllt|angegeben|gesetzt|befüllt|übergeben)"
    r"|(?:non|pas)(?: été)? (?:renseignée?|fournie?|remplie?|spécifiée?|précisée?)"
    r"|no (?:se )?(?:fue |está |ha sido |ha )?(?:completad\w|rellenad\w|proporcion\w+|informad\w|especific\w+"
    r"|indicad\w)"
    r"|não (?:foi |está )?(?:preenchid\w|informad\w|fornecid\w|especificad\w)"
    r"|non (?:è (?:stat\w )?)?(?:compilat\w|fornit\w|specificat\w|valorizzat\w)|niet (?:ingevuld|opgegeven|meegegeven)"
    r"|nie (?:został\w* )?(?:wypełnion\w+|podan\w+)|не (?:заполнен\w*|указан\w*|задан\w*|передан\w*)"
    r"|未入力|入力されていません|指定されていません|未填写|未提供|未指定|为空|空です"
    r"|ist leer|est vide|vac[ií][oa]|vazi[oa]|vuot[oa]|leeg|pust[ey]|пуст\w*)"
)
"""A field has no value."""
REQUIRED = (
    r"(?:required|mandatory|erforderlich|obligatoires?|obligatori[oa]s?|obrigatóri[oa]s?|verplicht|wymagan\w"
    r"|обязательн\w+"
    r"|必須|必填)"
)
UNKNOWN_FIELD = (
    r"(?:unknown|unrecogni[sz]ed|unexpected|undefined|no such|extra|additional|invalid) (?:custom )?(?:fields?"
    r"|propert(?:y|ies)"
    r"|attributes?|columns?|parameters?|keyword argument|argument)(?: name)?\b(?! value)|(?:fields?|property|column"
    r"|attribute|parameter)[ _]not[ _]found"
    r"|(?:field|property|column|attribute)\b[^\n.;]{0,40} (?:cannot|can't|could not) be set|not an? (?:valid |known"
    r" )?(?:field|property"
    r"|column|attribute|parameter)\b|is not defined (?:by|on|in) type|cannot query field|(?:fields?|property|column"
    r"|attribute"
    r"|parameter)\b[^\n.;]{0,60}(?:does not exist|doesn't exist|not exist|existiert nicht|n'existe pas|no existe|não"
    r" existe"
    r"|non esiste|не существует|存在しません|不存在)|unknown[ _]field|unbekanntes feld|champ inconnu|campo desconocido"
    r"|campo desconhecido"
)
"""A field of that name is not known where it is to be written."""
CONNECTION = (
    r"(?:connections?|verbindung(?:en)?|connexions?|conexi[óo]n|conexão|connessione|verbinding|połączeni\w+"
    r"|соединени\w+"
    r"|подключени\w+|接続|连接)"
)
REFUSED = (
    r"(?:refused|rejected|abgelehnt|verweigert|refusée?|rejetée?|rechazad\w|denegad\w|recusad\w|rejeitad\w|rifiutat\w"
    r"|respint\w|geweigerd|odrzucon\w+|отклонен\w*|отказано|拒否|拒绝)"
)
CUT = (
    r"(?:unterbrochen|zurückgesetzt|abgebrochen|verloren|interrompue?|perdue?|réinitialisée?|coupée?|perdida"
    r"|interrumpida"
    r"|cerrada|interrompida|perdida|encerrada|interrotta|persa|chiusa|verbroken|verloren|zerwan\w+|przerwan\w+"
    r"|разорван\w*|потерян\w*|прерван\w*|切断|中断|断开|重置)"
)


def prepared(text: str) -> str:
    """Return text as rules read it: no HTML tags, plain apostrophes; lines with identifiers follow again in words.

    `TemplateNotFoundError` and `TEMPLATE_NOT_FOUND` then read like "template not found".
    """
    plain = _plain(text)
    return "\n".join([plain, *(_IDENTIFIER.sub(_spoken, line) for line in _identified(plain))])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", _TAG.sub(" ", text[:LONGEST])).translate(_SAME)


def _identified(plain: str) -> list[str]:
    return [line for line in plain.splitlines() if _IDENTIFIER.search(line)][:40]


def _spoken(word: re.Match[str]) -> str:
    return _HUMP.sub(" ", word[0]).replace("_", " ")


def line_at(text: str, place: int) -> tuple[str, int]:
    """Return the line of a text that a place of `prepared(text)` is in, as it was written, and the place in it."""
    plain = _plain(text)
    whole = plain if place < len(plain) else prepared(text)
    start = whole.rfind("\n", 0, place) + 1
    if whole is plain:
        written = text[:LONGEST].split("\n")
        number, same = plain.count("\n", 0, start), plain.count("\n") + 1 == len(written)
        return written[number] if same else plain[start:].partition("\n")[0], place - start
    number = whole.count("\n", len(plain) + 1, start)
    return _identified(plain)[number], place - start


Rule = tuple[float, str]
"""How sure a pattern is, 0 to 1, and the pattern: matched without case in prepared text."""


def near(one: str, other: str, gap: int = 60) -> str:
    """Return a pattern for `one` and then `other` within a sentence, or `other` right before `one`."""
    between = rf"(?:[^\n.;]|\.(?=\w)){{0,{gap}}}?"
    return rf"(?<!\w){one}(?!\w){between}{other}|{other}\s*(?:[\w'-]{{1,14}}\s+){{0,2}}['\"]?(?<!\w){one}(?!\w)"


def sure(text: str, rules: Sequence[Rule]) -> float:
    """Return how sure the strongest rule that matches is, a little more where several do; 0: none matches."""
    found = sorted((score for score, pattern in rules if says(text, pattern)), reverse=True)
    return min(0.99, found[0] + 0.02 * min(3, len(found) - 1)) if found else 0.0
