"""The cases of `make try-real`: a project, the command of its CI, and the commit that breaks it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Edit = Callable[[Path], None]
PYTEST = ("python", "-m", "pytest", "-q")


def nothing(_: Path) -> None:
    """Leave the project as it came."""


@dataclass(frozen=True)
class Case:
    """One broken project."""

    project: str
    version: str
    kind: str
    subject: str
    """Subject of the commit that breaks it."""
    change: Edit
    command: tuple[str, ...] = PYTEST
    packages: tuple[str, ...] = ()
    """What its tests need beside pytest."""
    after: tuple[str, ...] = ()
    """What has to be installed in addition once the fix has declared it."""
    prepare: Edit = nothing
    """What is done before the first commit."""

    @property
    def name(self) -> str:
        """A name for its folder."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.project}-{self.kind}".lower())


def edits(*changes: tuple[str, str, str]) -> Edit:
    """Replace regular expressions in files (glob patterns); a pattern that does not occur is an error in the case."""

    def change(root: Path) -> None:
        for pattern, old, new in changes:
            count = 0
            for path in sorted(root.glob(pattern)):
                text = path.read_text(encoding="utf-8")
                text, found = re.subn(old, new, text)
                count += found
                path.write_text(text, encoding="utf-8")
            if count == 0:
                raise SystemExit(f"{root.name}: /{old}/ does not occur in {pattern}")

    return change


def also(*steps: Edit) -> Edit:
    """Do one change after the other."""

    def change(root: Path) -> None:
        for step in steps:
            step(root)

    return change


def move(old: str, new: str) -> Edit:
    """Rename a file."""

    def change(root: Path) -> None:
        (root / old).rename(root / new)

    return change


def append(path: str, text: str) -> Edit:
    """Add to the end of a file; it is made where it does not exist."""

    def change(root: Path) -> None:
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


CASES = (
    Case(
        "inflection",
        "0.5.1",
        "missing import",
        "Tidy up the imports",
        edits(("inflection/__init__.py", r"import unicodedata\n", "")),
    ),
    Case(
        "tabulate",
        "0.10.0",
        "renamed function, call missed",
        "Say what the row helper returns",
        edits(
            ("tabulate/__init__.py", r"def _pad_row\(", "def _padded_row("),
            ("tabulate/__init__.py", r"Pretty-print tabular data", "Print tabular data prettily"),
        ),
    ),
    Case(
        "xmltodict",
        "1.0.4",
        "renamed function, near namesake",
        "Comments are checked, not validated",
        edits(("xmltodict.py", r"def _validate_comment\(", "def _check_comment(")),
    ),
    Case(
        "sqlparse",
        "0.6.1",
        "renamed attribute, one file missed",
        "Shorter names for what a token is",
        edits(
            ("sqlparse/sql.py", r"is_whitespace", "is_space"),
            ("sqlparse/engine/*.py", r"is_whitespace", "is_space"),
            ("tests/*.py", r"is_whitespace", "is_space"),
        ),
    ),
    Case(
        "python-slugify",
        "9.2.0",
        "renamed function, import missed",
        "Name the truncation after what it keeps",
        edits(("slugify/_legacy.py", r"\bsmart_truncate\b", "truncate_words")),
        packages=("text-unidecode",),
    ),
    Case(
        "tinydb",
        "4.9.0",
        "renamed module, import missed",
        "Call the helpers what they are",
        also(
            move("tinydb/utils.py", "tinydb/caching.py"),
            edits(
                ("tinydb/table.py", r"from \.utils import", "from .caching import"),
                ("tinydb/database.py", r"from \.utils import", "from .caching import"),
                ("tests/*.py", r"tinydb\.utils", "tinydb.caching"),
            ),
        ),
        packages=("pyyaml",),
    ),
    Case(
        "toolz",
        "1.2.0",
        "misspelt attribute",
        "Count with less code",
        edits(("toolz/itertoolz.py", r"collections\.defaultdict\(", "collections.defaultdit(")),
    ),
    Case(
        "schema",
        "0.7.8",
        "renamed keyword argument",
        "Say messages where messages are meant",
        edits(("schema/__init__.py", r"(def __init__\(\s+self,\s+autos: [^\n]+\n\s+)errors:", r"\1messages:")),
    ),
    Case(
        "boltons",
        "26.2.0",
        "behaviour changed among others",
        "Polish strutils",
        edits(
            ("boltons/strutils.py", r"len\(word\) == 2:", "len(word) <= 3:"),
            ("boltons/strutils.py", r"Semi-intelligently converts", "Converts, semi-intelligently,"),
            ("boltons/strutils.py", r"# or just return word\?", "# a short one"),
            ("boltons/iterutils.py", r"'repeat' supported in", "'repeat' is supported in"),
        ),
    ),
    Case(
        "humanize",
        "4.17.0",
        "missing dependency of the tests",
        "Sort the extras",
        edits(("pyproject.toml", r'\n  "freezegun",', "")),
        packages=("pytest-benchmark",),
        after=("freezegun",),
    ),
    Case(
        "more-itertools",
        "11.2.1",
        "lint: unused import",
        "Prepare for typing",
        edits(("more_itertools/recipes.py", r"\nimport random\n", "\nimport os\nimport random\n")),
        command=("ruff", "check", "more_itertools"),
        packages=("ruff",),
    ),
)
