"""What a step says of how it ended, besides its status: patterns that its text is searched for, whatever the case."""

STEP = (
    r"(?:step|task|action|node|job|stage|activity|schritt|aufgabe|aktion|étape|etape|tâche|paso|tarea|acción|passo"
    r"|etapa|tarefa"
    r"|passaggio|fase|stap|taak|krok|zadanie|шаг|задач[аи]|этап)"
)
CONSEQUENCE = (
    r"\b(?:skipp(?:ed|ing)|not (?:run|executed|started|reached))\b[^.\n]{0,40}"
    r"\b(?:because|since|due to|after|as|by)\b"
    r"|\b(?:aborted|cancell?ed|blocked|stopped)\b[^.\n]{0,40}\b(?:because|since|due to|after|as|by)\b"
    r"(?! \d+ (?:iteration|turn|round|loop|visit|attempt|tr(?:y|ies)|retr|second|minute|hour|m?s\b))[^\n]{0,60}?"
    rf"(?:\b(?:{STEP}s?|previous|earlier|preceding|prior|upstream|dependenc(?:y|ies)|needs)\b"
    r"|\bfail(?:ed|ure|s)\b(?! (?:attempts?|tries|retries|logins?|times)\b))"
    rf"|\b(?:previous|earlier|preceding|prior|upstream|parent|dependent|another|required|last) {STEP}s?\b"
    rf"|\b{STEP} #?\d+ (?:has |did |was )?(?:failed|not (?:complete|succeed|run)|errored|unsuccessful)"
    r"|\bdependenc(?:y|ies) failed\b|\bdepends on (?:a )?failed\b|\bupstream (?:failed|failure|error)\b"
    r"|\b(?:no|missing) (?:input|output|result) from\b|\boutput of\b[^.\n]{0,40}\b(?:unavailable|missing|not available)"
    r"|übersprungen|vorherige[rnms]? schritt|schritt \d+ (?:ist )?(?:fehlgeschlagen"
    r"|gescheitert)|abgebrochen,? (?:weil|da|wegen)"
    r"|ignorée? car|étape précédente|étape \d+ a échoué|annulée? (?:car|suite)"
    r"|omitid[oa]|paso anterior|el paso \d+ (?:ha )?fall|cancelad[oa] (?:porque|debido|por)"
    r"|ignorad[oa] (?:porque|devido)|(?:etapa|passo) anterior|(?:etapa|passo) \d+ falhou"
    r"|saltat[oa]|passaggio precedente|(?:passaggio|fase) \d+ (?:è )?fallit"
    r"|overgeslagen|vorige stap|stap \d+ (?:is )?mislukt|pominięto|poprzedni krok|krok \d+ nie"
    r"|пропущен|предыдущ\w+ (?:шаг|этап|задач)|スキップ|前のステップ|跳过|上一步|前一步|前置步骤"
)
"""This failed because something else did."""
ENDED_IT = r"\btimed?[ -]?out\b|\btime limit\b|\bexceeded the maximum\b|\bout of memory\b|\boom[ -]?killed\b"
"""A step that was cancelled is the cause itself."""
NOTHING_CAME = (
    r"\bof (?:undefined|null)\b|\bnone ?type\b|\bnull ?pointer|\bnil\b|\bkeyerror\b|\bindex ?error\b|index out of"
    r"|\b(?:is|was|were|are|got|received|be|=) (?:an? )?(?:empty|null|none|undefined|nan)\b|\bnot iterable\b"
    r"|\b(?:no|zero|0) (?:\w+ ){0,2}(?:data|records?|results?|rows?|items?|contacts?|leads?|input|content|body|response"
    r"|recipients?|events?|messages?|values?|entries|documents?|files?)\b|\bnothing to\b"
    r"|\bno (?:\w+ ){1,3}(?:to \w+|found|returned|available|provided|given)\b"
    r"|\bempty (?:\w+ )?(?:list"
    r"|input|array|result|response|body|payload|set)\b|\bmissing (?:\w+ )?(?:input|output|data|result|value)\b"
    r"|\b(?:input|output|data|result|value) (?:\w+ )?(?:is |was )?missing\b|\bunexpected end of json"
    r"|keine (?:daten|ergebnisse|einträge|kontakte)|ist leer|aucune? (?:donnée|résultat|contact)|est vide"
    r"|sin (?:datos|resultados)|no hay (?:datos|resultados|contactos)|está vací|sem (?:dados|resultados)|está vazi"
    r"|データがありません|空です|没有数据|为空|нет данных|пуст"
)
"""What an earlier step should have given did not come."""
NOT_THERE = (
    r"\b(?:could(?: not|n't)|can(?:not|'t)|unable to|failed to) (?:find|locate|open|load|read|click|see)\b"
    r"|\bnot (?:be )?(?:found|available|present|logged[ -]in|signed[ -]in|authenticated|connected)\b|\bno such\b"
    r"|\b(?:is|are|was|were) missing\b|^\W*(?:no|missing) \w+\W*$|\bdoes(?: not|n't) exist\b|\blogin required\b"
    r"|\b(?:log|sign) in first\b|\bunauthori[sz]ed\b"
    r"|nicht (?:gefunden|angemeldet|vorhanden)|introuvable|non connectée?|no (?:se )?encontr|não encontrad"
    r"|non trovat|niet (?:gevonden|ingelogd)|nie znaleziono|не найден"
)
"""What a step looked for was not there: an earlier one may not have brought it."""
_WORK = (
    r"(?! (?:be )?(?:find|locate|match|identify|detect|trouver|encontrar|localizar|trovare|finden|vinden|znaleźć"
    r"|найти))"
)
COULD_NOT = (
    r"^\W*(?:(?:i|we|(?:the )?(?:agent|step|bot|assistant|browser)) )?"
    rf"(?:(?:could(?: not|n't)|can(?:not|'t| not)|(?:was |were )?(?:unable|not able) to|failed to"
    rf"|did not manage to){_WORK} \w"
    r"|(?:sign|log)[ -]?(?:in|on)\b[^.:\n]{0,30}\b(?:failed|refused|rejected|denied|not possible)\b"
    r"|(?:access|permission) (?:was )?denied\b|not (?:logged|signed) in\b|[\w-]{3,30} failed:"
    r"|(?:\w+ ){0,4}(?:fehlgeschlagen|gescheitert|nicht möglich)\b|konnte\b[^.:\n]{1,60} nicht (?!finden|gefunden)\w"
    rf"|(?:impossible|impossibile)(?: de| d')?{_WORK} \w|échec (?:de|d'|du)|(?:no se pudo|não foi possível){_WORK} \w"
    r"|(?:falló|falha (?:ao|na|no|de)|error al|erro ao|errore (?:durante|nel))\b"
    rf"|(?:kon|kan) (?:\w+ )?niet\b|nie udało się{_WORK} \w|не удалось{_WORK} \w)"
)
"""A result, from its beginning on: the work was not done. What only was not found was looked for, and may not be."""
ALL_THE_SAME = (
    r"\b(?:but|then|later|afterwards|retr(?:y|ied|ying)|recovered|fall(?:s|ing)? ?back|fell back|instead|continu\w+"
    r"|proceed\w*|ignored|skipped|default|cached?)\b|\d+ (?:of|out of|/) \d+|\d+ (?:could|were|was)\b"
    r"|trotzdem|dennoch|quand même|de todas formas|mesmo assim|comunque"
)
"""It went on, or only a part of it was not done."""
REMARK = (
    r"^\W*(?:warn(?:ing|ung)?|note|notice|info|hint|deprecat\w+|hinweis|avertissement|advertencia|aviso|avviso"
    r"|waarschuwing|ostrzeżenie|предупреждение|警告|注意)\b"
    r"|\b(?:retr(?:y|ied|ying|ies)|attempt \d+|tried again|wiederholt|réessayé|reintentado)\b[^\n]{0,60}"
    r"\b(?:ok(?:ay)?|succe\w+|passed|worked|fine|erfolgreich|réussi\w*|con éxito)\b"
    r"|\b(?:ok(?:ay)?|succe\w+|recovered|worked|passed)\b[^\n]{0,20}\b(?:on|after|at|in|with)\b[^\n]{0,20}"
    r"\b(?:retr(?:y|ies)|attempts?|tr(?:y|ies)|second|2nd)\b"
    r"|[,;:(] ?(?:retried|recovered|ignored|continued|continuing(?: anyway)?)\W*$|\bnon-?(?:fatal|critical|blocking)\b"
    r"|\b(?:fell back to|falling back to|using (?:the )?(?:cached?|default|fallback))\b|\bis deprecated\b"
    r"|^\W*(?:no|failed|errors?|failures?)\b[^\n:=]{0,40}[:=] ?\d{1,6}\W*$"
)
"""The error of a step that was done: it only remarks something."""
ALLOWED_NAME = (
    r"allow(?:ed)?[ _-]?(?:to[ _-]?)?fail|continue[ _-]?on[ _-]?(?:error|fail)|ignore[ _-]?(?:errors?|failures?)"
    r"|(?<![a-z])optional(?![a-z])|non[ _-]?(?:blocking|critical|fatal)|best[ _-]effort|soft[ _-]?fail"
    r"|(?<![a-z])may fail|\(advisory\)|\(informational\)|\(facultati[fv]\w*\)|\(opcional\)|\(opzionale\)"
)
"""The name of a step after which the execution goes on whatever it does."""
ALLOWED_TEXT = (
    r"\ballowed to fail\b|\ballow_failure\b|\bcontinue[ _-]?on[ _-]?(?:error|failure|fail)\b"
    r"|\b(?:optional|non-?(?:critical|blocking|fatal)) (?:step|task|job|check|action|node|stage)\b"
    rf"|\b{STEP} is (?:optional|not required|non-?(?:critical|blocking))\b"
    r"|\b(?:pipeline|workflow|job|execution|run|agent|build|flow)s? (?:(?:will )?(?:continues?|proceeds?|goes on)"
    r"|carries on|(?:is |was )?not affected)\b"
    r"|\b(?:failure|error)s? (?:is |was |are |were |will be )?ignored\b"
    r"|\bignor(?:ed|ing) (?:this |the )?(?:failure|error)"
    r"|\b(?:continu|proceed)ing (?:anyway|without (?:it|them))\b|\bnot a blocker\b"
)
"""What is said of a failure after which the execution went on."""
