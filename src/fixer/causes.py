"""The words of an error in, its root cause out, as far as the words alone can tell."""

from fixer.alternatives import says
from fixer.schema.root_cause import RootCause

_Rules = tuple[tuple[RootCause, str], ...]

# what the words say of any error, whoever reports it: the first that fits
_RULES: _Rules = (
    (
        RootCause.MISSING_DEPENDENCY,
        (
            r"\b(?:ModuleNotFoundError|No module named|cannot find module|no matching distribution"
            r"|Could not find a version that satisfies|package .{1,100} does not exist"
            r"|Could not resolve (?:all )?dependenc|unmet (?:peer )?dependenc"
            r"|version solving failed|No matching version"
            r"|ResolutionImpossible|nothing provides|Could not find (?:artifact|package|gem|module)"
            r"|unresolved dependenc"
            r"|conflicting (?:requirements|dependencies)|Unable to find package|cannot find package"
            r"|could not find compatible versions|requirements could not be resolved"
            r"|there is no package called|Package required but not available|cannot load such file --"
            r"|Could NOT find \w+ \((?:missing|Required)|ResolveException"
            r"|Error downloading [\w.-]+:[\w.-]+:[\w.-]+|PackagesNotFoundError|UnsatisfiableError"
            r"|Failed build dependencies"
            r"|failed to select a version for|no matching package named"
            r"|(?:module|package|plugin|dependency|library) .{0,60}"
            r"(?:is not installed|is missing|could not be (?:found|loaded)|not found))"
        ),
    ),
    (
        RootCause.RATE_LIMIT,
        r"\b(?:rate.?limit(?!er|ing test)|too many requests|HTTP(?: error)? 429|429 Too Many|request was throttled)",
    ),
    (
        RootCause.OUT_OF_MEMORY,
        (
            r"\b(?:MemoryError|OutOfMemoryError|out of memory|cannot allocate memory|OOMKilled|heap limit"
            r"|heap space|std::bad_alloc|GC overhead limit)\b"
        ),
    ),
    (
        RootCause.NETWORK_ERROR,
        (
            r"\b(?:Connection(?:Refused|Reset|Aborted)?Error|ConnectTimeout|ReadTimeout|NewConnectionError|gaierror"
            r"|MaxRetryError|ProxyError|SSLError|UnknownHostException|ECONNREFUSED|ECONNRESET"
            r"|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|IncompleteRead|CERTIFICATE_VERIFY_FAILED|socket hang up"
            r"|Name or service not known|Temporary failure in name resolution|Could not resolve host"
            r"|Could not reach host|network timeout|unable to get local issuer certificate|no such host"
            r"|Failed to connect to|Could(?:n't| not) connect to server|hung up unexpectedly"
            r"|Connection refused|Connection reset|Connection timed out|Network is unreachable"
            r"|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out)\b"
        ),
    ),
    (
        RootCause.TIMEOUT,
        (
            r"\b(?:TimeoutError|TimeoutExpired|timed out(?! retrying| \d+ms waiting for expect)"
            r"|Timeout of \d+ ?ms exceeded|Exceeded timeout of"
            r"|Timeout \(?>?\d|deadline exceeded)"
        ),
    ),
    (
        RootCause.AUTH_ERROR,
        (
            r"\b(?:401 \(?Unauthorized|403 \(?Forbidden|Authentication (?:failed|required)|Bad credentials"
            r"|unauthorized: "
            r"|Permission denied \(publickey|Host key verification failed|HTTP Basic: Access denied"
            r"|\bdenied: (?:denied|requested|permission|access)|Unable to locate credentials"
            r"|AccessDenied(?:Exception)?|ExpiredToken|invalid_grant)"
        ),
    ),
    (RootCause.COMPILE_ERROR, r"\b(?:SyntaxError|IndentationError|TabError|invalid-syntax)\b"),
    (
        RootCause.MISSING_TOOL,
        (
            r"(?-i:(?:(?<!\"):|\bsh:.*) (?:command )?not found$)|\b(?:no|(?:cannot|could not|unable to) find) "
            r"(?:\S+ ){0,3}(?:binary|executable|browser)\b|\bcommand not found\b|No such command|unable to find utility"
            r"|executable file not found|not found in (?:your |the )?\$?PATH\b"
        ),
    ),
    (
        RootCause.ENVIRONMENT,
        (
            r"\b(?:PermissionError|No space left on device|Read-only file system|DistributionNotFound"
            r"|ImproperlyConfigured|NodeNotFoundError|InconsistentMigrationHistory|BadMigrationError"
            r"|CircularDependencyError|UnappliedMigrations?|PendingMigrationError|FlywayValidateException"
            r"|\d+ or (?:higher|newer|later|greater) is required|checksum of ref .{1,300}: not found"
            r"|OperationalError: .{0,20}no such (?:table|column)"
            r"|UndefinedTable|UndefinedColumn"
            r"|Can't locate revision identified by|Multiple head revisions|unbound variable|Address already in use"
            r"|EADDRINUSE|(?:relation|database|role) \"[^\"]{1,80}\" (?:does not exist|already exists))\b"
        ),
    ),
)
# what they say where no tool's own format was found: words that mean something else inside of a test or a compiler
_HINTS: _Rules = (
    (RootCause.RATE_LIMIT, r"\b(?:status|code|error|POST|GET|HTTP\S*):? 429\b|\bquota exceeded\b"),
    (
        RootCause.NETWORK_ERROR,
        (
            r"\b(?:status(?: code)?|HTTP\S*|responded with|returned error:?) 5\d\d\b|\bunexpected EOF\b|\bearly EOF\b"
            r"|\b50\d Server Error\b|\b(?:unable|failed) to establish .{0,20}connection\b|\b(?:curl|wget) failed\b"
            r"|net::ERR_|\bgetaddrinfo\b|certificate (?:verify|has expired|is not trusted)|\bTLS handshake\b"
            r"|\bCould not (?:GET|HEAD|transfer artifact|download)\b|\b(?:download|fetch) failed\b"
            r"|\bFailed to download\b"
        ),
    ),
    (RootCause.TIMEOUT, r"^The operation was cancell?ed\.?$|\btime limit\b|\btime-?out\b"),
    (
        RootCause.AUTH_ERROR,
        (
            r"\b(?:status(?: code)?|HTTP\S*|responded with|returned error:?) 40[13]\b|\baccess(?: is|) denied\b"
            r"|\bnot authori[sz]ed\b|\bunauthori[sz]ed\b|\binvalid (?:username|password|credentials?"
            r"|(?:api )?token)\b"
            r"|\b(?:token|credentials?|secret) (?:is |are |has |have )?(?:been )?(?:expired|invalid|not valid"
            r"|revoked|missing)\b"
            r"|\b(?:has|have|lacks?|without|insufficient|missing|requires?|required) (?:the )?(?:\S+ )?"
            r"(?:permissions?|privileges|scopes?)\b"
            r"|\b(?:unable to|failed to|could not|cannot) (?:resolve|find|locate|load|get|assume|retrieve) "
            r"(?:\S+ ){0,3}(?:account|credentials?|role|identity|token|login)\b"
            r"|\bAuthori[sz]ationFailed\b|\b(?:not|n't) have (?:the )?authori[sz]ation\b|\bforbidden\b"
            r"|\bauth(?:entication|ori[sz]ation)? failed\b|\bcould not read (?:Username|Password)\b"
            r"|\blogin (?:failed|required)\b"
        ),
    ),
    (
        RootCause.INVALID_DATA,
        (
            r"\bJSONDecodeError\b|\bUnexpected token .{1,20} in JSON\b|\b(?:invalid|malformed) (?:JSON|YAML|TOML"
            r"|XML)\b"
            r"|\bmapping values are not allowed\b|\bTOMLDecodeError\b|\b(?:YAML|XML)\w*(?:Exception|Error)\b"
            r"|\bdoes(?: not|n't) match (?:the )?(?:tag|version|schema|pattern|format|expected)\b"
            r"|\b(?:400 Bad Request|409 Conflict|\(409\) Conflict|422 Unprocessable)|\btemplate format error\b"
            r"|\b(?:file|version|release|tag|artifact)\b.{0,60} already exists\b|\bchecksums? (?:mismatch"
            r"|(?:did|do|does) not match)\b"
            r"|\bcannot publish over\b|\bschema validation\b"
        ),
    ),
    (
        RootCause.COMPILE_ERROR,
        (
            r"\b(?:syntax error|parse error|CompileError|unknown identifier|compil(?:ation|e) (?:error|failed"
            r"|terminated|aborted)"
            r"|failed to compile"
            r"|undefined reference to|unresolved reference|cannot find symbol|does not compile|undeclared identifier"
            r"|couldn't match (?:expected )?type|type mismatch|type error:)"
        ),
    ),
    (
        RootCause.LINT,
        (
            r"\b(?:is a misspelling of|line (?:is )?(?:too long|longer than)|trailing whitespace|style (?:check"
            r"|error|violation)s?|not properly formatted|would reformat|not formatted"
            r"|lint(?:ing)? (?:errors?|failed)|quality gate)\b"
        ),
    ),
    (
        RootCause.TEST_FAILURE,
        (
            r"\bperformance (?:alert|regression|budget)|\b(?:size|time|coverage) .{0,40}\bexceed(?:s|ed|ing)\b"
            r"|\bexceed(?:s|ed|ing) .{0,40}\b(?:threshold|budget|size limit)|\bbelow .{0,40}\bthreshold\b"
            r"|\bassertions? fail(?:ed|ure)\b|\bthresholds? .{0,80}(?:crossed|not met)\b|\b(?:has|have) exceeded\b"
        ),
    ),
    (
        RootCause.MISSING_DEPENDENCY,
        (
            r"\block ?file\b.{0,60}(?:out of (?:date|sync)|needs to be updated|not up to date|outdated|out-of-date)"
            r"|\b(?:headers?|librar(?:y|ies)|lib\w+|development files) (?:(?:is|are|was|were) )?(?:not found"
            r"|missing|required)"
            r"|\bPackage requirements .{1,200}not met\b|\bcannot find -l\w|\blibrary not found for\b"
            r"|\bis needed by \S+-\d|\bnot in the \w+ registry\b"
            r"|\bdependency .{0,60}not found\b|\bno package '[^']{1,80}' found\b|\bmissing dependenc"
        ),
    ),
    (
        RootCause.ENVIRONMENT,
        (
            r"\b(?:env(?:ironment)? var(?:iable)?s?|is not set\b|are not set\b|must be set\b|not configured"
            r"|(?:unknown|unrecogni[sz]ed|invalid|unsupported|unexpected|no such|missing required) "
            r"(?:option|argument|flag|command|input|parameter|key|property|setting|engine|configuration|config"
            r"|platform)"
            r"|(?:manifest|config(?:uration)?(?: file)?|workspace|project file)\b.{0,60}\b(?:not found"
            r"|does not (?:exist|contain))"
            r"|(?:can't|cannot|could not|unable to|failed to) (?:load|read|find|parse|open) .{0,60}\bconfig"
            r"|invalid target release|unsupported class file|requires (?:a )?(?:newer |older )?(?:node|python"
            r"|ruby|java|go|php|rust)\w*\b"
            r"|already (?:in use|allocated|running)|::unsupported$|permission denied|no such file or directory"
            r"|not a git repository"
            r"|version [`'\"]?\w+_[\d.]+[`'\"]? not found|does not appear to be a git repository|not a directory"
            r"|provisioning profiles?|code.?signing|signing (?:certificate|identity|key)|keystore"
            r"|unable to resolve action|merge conflict|non-fast-forward|failed to push some refs"
            r"|[NSJ]DK (?:location )?not (?:found|configured|installed))"
        ),
    ),
)
# what is wrong where nobody says more: something is not there, or what is there is not right
_FAINT: _Rules = (
    (RootCause.INVALID_DATA, r"\b(?:invalid|not valid|mismatch|validation|malformed|duplicated?|inconsistent)\b"),
    (
        RootCause.ENVIRONMENT,
        (
            r"\b(?:missing|not found|(?:could(?: not|n't)|cannot|can't) (?:find|be found|be located|locate)"
            r"|no .{1,60} (?:provided|given|specified|found)|unsupported"
            r"|does not exist|required|is empty|empty \w+|(?:must|should|please) \w+|not (?:available|supported"
            r"|allowed))\b"
        ),
    ),
)


def cause_of(text: str, otherwise: RootCause = RootCause.UNKNOWN) -> RootCause:
    """Return the root cause that the error's own words name, or `otherwise`."""
    return _first(_RULES, text[:2000], otherwise)


def hinted_cause(text: str, otherwise: RootCause = RootCause.UNKNOWN) -> RootCause:
    """Return the root cause that words hint at which no known tool has printed, or `otherwise`.

    It knows more words than `cause_of`: those that inside of a test's or a compiler's message would mean nothing.
    """
    text = text[:2000]
    return _first(_RULES, text, _first(_HINTS, text, otherwise))


def faint_cause(text: str) -> RootCause:
    """Return what the words say at least: that something is missing, or not right; `UNKNOWN` where not even that."""
    return _first(_FAINT, text[:2000], RootCause.UNKNOWN)


def _first(rules: _Rules, text: str, otherwise: RootCause) -> RootCause:
    return next((cause for cause, pattern in rules if says(text, pattern)), otherwise)
