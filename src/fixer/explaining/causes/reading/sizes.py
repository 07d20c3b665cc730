"""What is too long or too large: an error comes in; how much it is, how much may be, and of what, go out."""

from dataclasses import dataclass

from fixer import lazy_re as re

_UNIT = (
    r"(?P<unit>tokens?|characters?|chars?|zeichen|caractères|caracteres|caratteri|tekens|znaków|символ\w+|文字|字符|bytes?"
    r"|octets|[kmg]i?b|megabytes?|kilobytes?|rows?|lines?|items?|records?|recipients?|attachments?|segments?|words?"
    r"|pages?)"
)
_NUMBER = r"(?<![\w.,-])(?P<{}>\d{{1,3}}(?:[,.\u202f ]\d{{3}})+|\d{{1,12}}(?:\.\d{{1,2}})?)(?![\d:/])"
_IS, _MAY = _NUMBER.format("own"), _NUMBER.format("most")
_FIRST = r"(?:max\w*|limit\w*|at most|up to|no more than|höchstens|au plus|como máximo|no máximo|al massimo|最大|最多)"
_OVER = (
    rf"(?:exceed\w*|over|more than|larger than|longer than|greater than|above|beyond|>|überschreitet|dépasse|{_FIRST})"
)
_SIZES = (
    re.compile(
        rf"(?i){_FIRST}[^\d\n]{{0,60}}{_MAY}\s?{_UNIT}?[^\n]{{0,90}}?{_IS}\s?(?:\w+ ){{0,2}}?"
        + _UNIT.replace("unit", "same")
    ),
    re.compile(rf"(?i){_IS}\s?(?:\w+ ){{0,2}}?{_UNIT}[^\n]{{0,90}}?{_OVER}[^\d\n]{{0,60}}{_MAY}"),
    re.compile(rf"(?i){_UNIT}\W{{1,3}}{_IS}[^\n]{{0,60}}?{_OVER}[^\d\n]{{0,60}}{_MAY}"),
    re.compile(
        rf"(?i)(?:length|size|got|has|is|was|of)\W{{0,3}}{_IS}\b[^\n]{{0,60}}?{_OVER}[^\d\n]{{0,60}}{_MAY}\s?{_UNIT}"
    ),
)


@dataclass(frozen=True)
class Size:
    """How much something is, and how much it may be."""

    own: str
    most: str
    unit: str

    @property
    def words(self) -> str:
        """Both as people say them."""
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.own}{unit}, where at most {self.most} are taken"


def size_of(text: str) -> Size | None:
    """Return what an error says is too much, with both numbers as it writes them; None where it tells only one."""
    for pattern in _SIZES:
        for found in pattern.finditer(text):
            own, most = found["own"], found["most"]
            if _value(own) > _value(most) > 0:
                parts = found.groupdict()
                return Size(own, most, parts.get("same") or parts.get("unit") or "")
    return None


def _value(number: str) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:[,.\u202f ]\d{3})+", number)
    return float(re.sub(r"\D", "", number) if grouped else number)
