"""What a tool says of versions comes in; what is wanted, what is there, and of what go out."""

from typing import NamedTuple

from fixer import lazy_re as re
from fixer.explaining.causes.reading.version_patterns import PATTERNS

_CLASS_FILES = 44
"""What a class file's version is above that of Java (JVM specification, 4.1)."""


class Versions(NamedTuple):
    """A version that does not fit."""

    name: str
    """Of what: Node, Java, the .NET SDK."""
    need: str
    """Empty where it is not told."""
    have: str
    """Empty where it is not told."""
    by: str = ""
    """Who wants it."""

    def __str__(self) -> str:
        """Return it as a part of a sentence: `Node >=20 wanted, v18.2.0 there`."""
        wanted = f"{self.name} {self.need} wanted" if self.need else self.name
        who = f" by {self.by}" if self.by else ""
        return f"{wanted}{who}, {self.have} there" if self.have else f"{wanted}{who}"


_MANAGERS = {
    "rbenv": "Ruby", "pyenv": "Python", "nodenv": "Node", "nvm": "Node", "fnm": "Node", "goenv": "Go", "jenv": "Java",
    "sdk": "Java", "tfenv": "Terraform", "phpenv": "PHP", "chruby": "Ruby",
}  # fmt: skip
"""What manages versions, and of what."""
_THERE = {
    "Java": r"(?:Resolved|Setting|Found|Using) (?:Java|JDK) (?P<have>[\d.+]+)|openjdk (?:version \")?(?P<open>[\d.]+\d)"
    r"|Java version: (?P<mvn>[\d.]+\d)"
    r"|java-(?P<path>\d+)-openjdk|JDK (?P<jdk>\d[\d.]*)",
    "Go": r"go version go(?P<have>[\d.]+\d)|go/(?P<path>1\.[\d.]+\d)/",
    "Python": r"Python (?P<have>3\.\d+(?:\.\d+)?)",
    "Node": r"[Nn]ode(?:\.js)?:? v(?P<have>[\d.]+\d)",
}


def versions_in(text: str) -> Versions | None:
    """Return the version that does not fit; None where the text tells of none."""
    lower = text.lower()
    for otherwise, words, pattern in PATTERNS:
        if any(word in lower for word in words.split("|")) and (found := re.search(pattern, text, re.MULTILINE)):
            groups = {key: value.strip() for key, value in found.groupdict().items() if value}
            return _made(groups.get("name", otherwise), groups, text)
    return None


def _made(name: str, groups: dict[str, str], text: str) -> Versions:
    need = next((groups[key] for key in ("need", "target", "level", "toolchain", "mod") if key in groups), "")
    have = (
        ", ".join(re.findall(r"(?m)^\s*(\d[\w.-]*) \[", groups["have"]))
        if "[" in groups.get("have", "")
        else groups.get("have", "")
    )
    if "classes" in groups:
        need = str(int(groups["classes"]) - _CLASS_FILES)
    if "known" in groups:
        have = str(int(groups["known"]) - _CLASS_FILES) if "classes" in groups else have
        need = need or f"{int(groups['known']) - _CLASS_FILES}"
    if not have and name in _THERE and (there := re.search(_THERE[name], text)):
        have = next(part for part in there.groups() if part)
    name = _MANAGERS.get(name, name)
    need = need.removeprefix(f"{name.lower()}@")
    return Versions(name, need.strip().rstrip(".,"), have.rstrip("., "), groups.get("by", "").strip())
