"""What a test runner printed comes in; the tests that it says failed go out, in the runner's own words."""

from fixer import lazy_re as re

_NAMED_TEST = (
    r"(?P<name>[\w./-]{1,100}::[\w:\[\].-]{1,100})|--- FAIL: (?P<go>\S{1,150})|● (?P<jest>[^\n]{1,150})"
    r"|(?:^|\n)\s*FAILED\s+(?P<pest>[A-Z][\w\\]+ > [^\n]{2,120})|\n\[(?:Failed|FAILED"
    r"|FAIL)\] (?P<listed>[^\n(]{2,100}[^\n( ])"
    r"|(?:^|\n)\s*\d+\) (?P<numbered>(?!\[)[^\n]{3,150})(?=\n)|(?:^|\n)not ok \d+ (?:- )?(?P<tap>[^\n#]{2,120})"
    r"|(?:^|\n)Failure \S+ (?P<place>\S+) @ \d+|(?:^"
    r"|\n)\s*[\u2717\u2718\u2716\u2a2f\u2715] (?P<marked>(?!\d+ )[^\n]{3,120}?)(?:\s+[\d.]+ ?m?s)?(?=\n)"
    r"|(?:^|\n)\s*(?P<terse>[A-Z]\w*(?:IT|Tests?|Spec)[.#:]+\w+): "
    r"|(?:^|\n)\s*\d+\. +\w*(?:Error|Failure) {2,}(?P<listed_one>[^\n]{3,100})"
    r"|(?:^|\n)\s*Failed (?P<dotnet>[\w.]{3,150}) \[|(?P<spec>[\w./-]+\.(?:spec|test)\.\w+)"
)
_TEST_FILE = r"[\w./-]+\.(?:spec|test)\.\w+"


def tests_in(text: str) -> tuple[str, ...]:
    """Return the tests that a text names, each once; files only where it names no test in one."""
    found = re.finditer(_NAMED_TEST, text)
    names = [
        next(part for part in one.groups() if part).strip().rstrip(".,:;")
        for one, _ in zip(found, range(20), strict=False)
    ]
    names = [name for name in names if not any(name != other and other.endswith(f" {name}") for other in names)]
    return tuple(dict.fromkeys([name for name in names if not re.fullmatch(_TEST_FILE, name)] or names))
