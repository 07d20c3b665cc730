"""Messages about names that are not there: text of Python, mypy or ruff goes in, what was missing where comes out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Missing(StrEnum):
    """What sort of name was looked for in vain."""

    NAME = "name"
    """In no scope."""
    IMPORTED = "imported"
    """In a module, by `from module import name` or `module.name`."""
    MODULE = "module"
    """No module of that name."""
    ATTRIBUTE = "attribute"
    """On a class or its instances."""
    KEYWORD = "keyword"
    """No parameter of that name."""
    ARGUMENT = "argument"
    """A parameter that got no value."""
    UNBOUND = "unbound"
    """A local variable read before anything is assigned to it."""
    KEY = "key"
    """In a dictionary."""


@dataclass(frozen=True)
class Symptom:
    """One missing name."""

    missing: Missing
    name: str
    owner: str = ""
    """The module, class or function, dotted as the message has it; empty for a plain name."""
    hint: str = ""
    """What the tool itself proposes."""


_HINT = r"(?:[.;,]? [Dd]id you mean:? (?:['\"](?P<hint>[\w.]+)['\"]|one of)|; maybe ['\"](?P<maybe>\w+)['\"])?"
_NAMED = r"'(?P<name>\w+)'"
_QUOTED = r"\"(?P<name>\w+)\""
_OWNED = r"'(?P<owner>[\w.]+)'"
_CLASS = r"(?<!Module )\"(?:type\[)?(?P<owner>[\w.]+)(?:\[.*?\])?\]?\""
_HALF = r"(?:partially initialized )?module "
_MISSING = r"missing \d+ required (?:positional|keyword-only) arguments?: "
_RULES: tuple[tuple[Missing, str], ...] = (
    (Missing.NAME, rf"name {_NAMED} is not defined{_HINT}"),
    (Missing.NAME, rf"[Uu]ndefined name [`'\"](?P<name>\w+)[`'\"](?! in `?__all__){_HINT}"),
    (Missing.NAME, rf"Name \"(?P<name>\w+)[\w.]*\" is not defined{_HINT}"),
    (Missing.IMPORTED, rf"cannot import name {_NAMED} from (?:{_HALF})?{_OWNED}(?: \([^)]*\))?{_HINT}"),
    (Missing.IMPORTED, rf"{_HALF}{_OWNED} has no attribute {_NAMED}{_HINT}"),
    (Missing.IMPORTED, rf"Module \"(?P<owner>[\w.]+)\" has no attribute {_QUOTED}{_HINT}"),
    (Missing.MODULE, r"No module named '?(?P<name>[\w.]+)'?"),
    (Missing.MODULE, r"Cannot find implementation or library stub for module named \"(?P<name>[\w.]+)\""),
    (Missing.ATTRIBUTE, rf"type object {_OWNED} has no attribute {_NAMED}{_HINT}"),
    (Missing.ATTRIBUTE, rf"{_OWNED} object has no attribute {_NAMED}{_HINT}"),
    (Missing.ATTRIBUTE, rf"{_CLASS} has no attribute {_QUOTED}{_HINT}"),
    (Missing.KEYWORD, rf"(?P<owner>[\w.<>]+)\(\) got an unexpected keyword argument {_NAMED}{_HINT}"),
    (Missing.KEYWORD, rf"Unexpected keyword argument {_QUOTED} for \"(?P<owner>\w+)\"(?: of \"\w+\")?{_HINT}"),
    (Missing.ARGUMENT, rf"(?P<owner>[\w.<>]+)\(\) {_MISSING}{_NAMED}"),
    (Missing.ARGUMENT, rf"Missing (?:named|positional) argument {_QUOTED} (?:in call to|for) \"(?P<owner>\w+)\""),
    (Missing.UNBOUND, rf"cannot access local variable {_NAMED}"),
    (Missing.UNBOUND, rf"local variable {_NAMED} referenced before assignment"),
    (Missing.KEY, rf"KeyError: {_NAMED}"),
)
_COMPILED = tuple((missing, re.compile(pattern)) for missing, pattern in _RULES)


def read_symptoms(text: str) -> Iterator[Symptom]:
    """Yield every missing name that a text tells of, in its order, each once."""
    seen: set[Symptom] = set()
    found = []
    for missing, pattern in _COMPILED:
        for hit in pattern.finditer(text):
            groups = hit.groupdict()
            hint = groups.get("hint") or groups.get("maybe") or ""
            found.append((hit.start(), Symptom(missing, groups["name"], groups.get("owner") or "", hint)))
    for _, symptom in sorted(found, key=lambda pair: pair[0]):
        if symptom not in seen:
            seen.add(symptom)
            yield symptom


def symptoms_of(message: str, output: Callable[[], str]) -> list[Symptom]:
    """Return what a failure's own message tells of; only where that is nothing, what its command prints now."""
    return list(read_symptoms(message)) or list(read_symptoms(output()))
