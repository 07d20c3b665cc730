"""Whether a text can be the name of a thing of a kind: what an error seems to name comes in, yes or no goes out."""

from fixer import lazy_re as re

_EMPTY = frozenset(
    """
    n/a na nil none null nan undefined unknown true false yes no empty blank object array string number integer int
    float boolean bool list dict map any value object] [object
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""What stands for no value, or for a type."""
_OUTCOMES = frozenset(
    """
    failed failure fail error errors invalid expired rejected denied bounced aborted cancelled canceled skipped pending
    success successful ok done completed active inactive missing required unauthorized forbidden fehlgeschlagen
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""How something ended: the state of a thing, never its value."""
_CODE = re.compile(r"(?i)\.(?:py|pyc|js|mjs|cjs|jsx|ts|tsx|java|kt|scala|rb|go|php|cs|rs|c|h|cc|cpp|dll|so|jar|exe)$")
_PAGE = re.compile(
    r"(?i)\.(?:html?|xhtml|txt|md|mjml|hbs|handlebars|mustache|liquid|j2|jinja2?|tmpl|tpl|ejs|erb|haml|twig|blade\.php"
    r"|ftlh?|vm|pug|njk|eml|docx?|dotx?|xlsx?|pptx?|pdf|odt|rtf|json|ya?ml|xml)$"
)
_FILE = re.compile(r"[/\\]|^[\w-]+\.[A-Za-z]{1,5}$")
_LINED = re.compile(r":\d{1,6}(?::\d{1,6})?$")
_CLASS = re.compile(r"(?:[\w$]+(?:\.|::|\\))*[A-Z]\w*(?:Error|Exception|Failure|Warning|Fault)$")
_CALL = re.compile(r"^[\w.$<>]+\([^()]*$|^[\w.$]*\)$|=>|->|\(\)")
_FIELD = re.compile(r"[^\W\d][\w$.\[\] /()#:'&+*°№-]*|_[\w$.-]+|\$[\w.]+|personalizations\.\d[\w.]*")
_ID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|(?:req|trace|fb|cf)[-_]\w{8,}")
_MAIL = re.compile(r"[^\s@]{1,64}@{1,2}[^\s@]{1,80}")
_SENTENCE = re.compile(r"(?i)\berror occurred\b|\b(?:does|was|is|could|can|has|did) not\b|\bnot found\b|\bcannot\b")
_PAIRS = ("()", "[]", "{}", "<>")
_WORDS_OF_FIELD, _LONGEST_FIELD, _LONGEST = 6, 60, 100
_LABELS_OF_HOST = 2


def balanced(text: str) -> bool:
    """Whether every bracket is closed and every double quote has its second: a piece that was cut out is not."""
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS) and text.count('"') % 2 == 0


def is_empty_word(name: str) -> bool:
    """Whether a text only stands for no value or for a type: `N/A`, `null`, `string`."""
    return name.strip(" '\"`.").lower() in _EMPTY


def is_code(name: str) -> bool:
    """Whether a text is a place in code: a source file, a line of one, a class of errors, a call."""
    plain = _LINED.sub("", name.strip())
    return bool(
        _CODE.search(plain)
        or (plain != name.strip() and _FILE.search(plain) and not plain.startswith("http"))
        or _CLASS.fullmatch(plain)
        or _CALL.search(plain)
        or "site-packages" in plain
        or "node_modules" in plain
    )


def is_field(name: str) -> bool:
    """Whether a text can be a field: an identifier, a path of them, or a short label."""
    name = name.strip()
    return (
        0 < len(name) <= _LONGEST_FIELD
        and len(name.split()) <= _WORDS_OF_FIELD
        and name.count("/") <= 1
        and _FIELD.fullmatch(name) is not None
        and name[-1] not in ":./'&+-("
        and balanced(name)
        and not is_empty_word(name)
        and not is_code(name)
        and not _ID.fullmatch(name)
    )


def is_template(name: str) -> bool:
    """Whether a text can be a template: its name or id, or a file that ends as templates do; never a file of code."""
    name = name.strip()
    is_page = _PAGE.search(name) is not None
    return (
        1 < len(name) <= _LONGEST
        and "\n" not in name
        and "://" not in name
        and any(sign.isalnum() for sign in name)
        and balanced(name)
        and not is_empty_word(name)
        and name.lower() not in _OUTCOMES
        and not is_code(name)
        and not re.fullmatch(r"(?i)(?:e-?mail[ _-]?)?templates?[ _-]?(?:id|name|key|slug|alias)?", name)
        and not _SENTENCE.search(name)
        and (is_page or not re.match(r"/|[A-Za-z]:\\|\.{1,2}/", name))
        and not _MAIL.fullmatch(name)
        and name[-1] not in ":=,;([{"
    )


def is_value(value: str) -> bool:
    """Whether a text can be a whole value: no half of a bracket or quote, no outcome, no place in code."""
    value = value.strip()
    return (
        0 < len(value) <= _LONGEST
        and "\n" not in value
        and any(sign.isalnum() for sign in value)
        and balanced(value)
        and value.count("'") % 2 == 0
        and value.lower().strip(".") not in _OUTCOMES
        and value.lower() not in {"null", "none", "undefined", "string", "object", "[object object]"}
        and not is_code(value)
        and value[-1] not in ":=,;"
    )


def is_host(name: str) -> bool:
    """Whether a text can be the name or number of a machine: not a class, a method or a file of code."""
    host, _, port = name.partition(":")
    labels = host.split(".")
    if all(label.isdigit() for label in labels):
        return len(labels) == 4 and all(int(label) <= 255 for label in labels)
    last = labels[-1]
    if len(labels) < _LABELS_OF_HOST:
        return bool(port) or host == "localhost"
    return (
        not is_code(host)
        and last.isalpha()
        and len(last) > 1
        and not any(re.search(r"[a-z][A-Z]", label) for label in labels)
        and not (last != last.lower() and host != host.upper())
        and not _PAGE.search(host)
    )


def is_service(name: str) -> bool:
    """Whether a text can be the name of a service or connector."""
    name = name.strip()
    return (
        1 < len(name) <= 40
        and len(name.split()) <= 4
        and any(sign.isalpha() for sign in name)
        and not re.fullmatch(r"(?=.*\d)[0-9a-fA-F]{4,}(?:-[0-9a-fA-F]+)*", name)
        and balanced(name)
        and not is_empty_word(name)
        and name.lower() not in _OUTCOMES
        and not is_code(name)
        and not re.search(r"[@{}<>=|;,!?\\\"]|://", name)
    )
