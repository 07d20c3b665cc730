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
    newer: int = 1
    """Unrelated commits after the one that breaks it."""

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
        "Polish strutils and iterutils",
        edits(
            ("boltons/strutils.py", r"Semi-intelligently converts", "Converts, semi-intelligently,"),
            ("boltons/strutils.py", r"# or just return word\?", "# a short one"),
            ("boltons/iterutils.py", r"(if maxsplit == 0:\n\s+yield )list\(src\)", r"\1src"),
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
    Case(
        "idna",
        "3.20",
        "unittest: renamed, calls missed",
        "Say that ranges are packed",
        edits(
            ("idna/intranges.py", r"def _encode_range\(", "def _pack_range("),
            ("idna/intranges.py", r"# we could be immediately ahead", "# We could be immediately ahead"),
        ),
        command=("python", "-m", "unittest"),
        packages=("hypothesis",),
    ),
    Case(
        "idna",
        "3.20",
        "ruff format --check",
        "Decode with less space",
        edits(
            ("idna/intranges.py", r"return \(r >> 32\), \(r & ", "return (r>>32), (r&"),
            ("idna/codec.py", r'"strict"', "'strict'"),
        ),
        command=("ruff", "format", "--check", "idna"),
        packages=("ruff",),
    ),
    Case(
        "itsdangerous",
        "2.2.0",
        "missing import with an alias",
        "Sort out the imports",
        edits(
            ("src/itsdangerous/_json.py", r"import json as _json\n", ""),
            ("src/itsdangerous/encoding.py", r"import string\nimport struct\n", "import struct\nimport string\n"),
        ),
        packages=("freezegun",),
    ),
    Case(
        "itsdangerous",
        "2.2.0",
        "missing from-import",
        "Catch what is raised",
        edits(
            ("src/itsdangerous/timed.py", r"from \.exc import SignatureExpired\n", ""),
            ("src/itsdangerous/url_safe.py", r"import zlib\n", "import zlib  # noqa\n"),
        ),
        packages=("freezegun",),
    ),
    Case(
        "tomlkit",
        "0.15.2",
        "moved function, importers missed",
        "Keep what merges in a file of its own",
        also(
            append(
                "tomlkit/_merge.py",
                "from __future__ import annotations\n\n"
                "from collections.abc import Mapping\nfrom typing import Any\n\n\n"
                "def merge_dicts(d1: dict[str, Any], d2: dict[str, Any]) -> None:\n"
                "    for k, v in d2.items():\n"
                "        if k in d1 and isinstance(d1[k], dict) and isinstance(v, Mapping):\n"
                "            merge_dicts(d1[k], dict(v))\n"
                "        else:\n"
                "            d1[k] = d2[k]\n",
            ),
            edits(("tomlkit/_utils.py", r"\n\ndef merge_dicts\((?:.*\n)+?        else:\n.*\n", "")),
        ),
        packages=("pyyaml",),
    ),
    Case(
        "tomlkit",
        "0.15.2",
        "misspelt module",
        "Import what is used",
        edits(
            ("tomlkit/toml_file.py", r"from tomlkit\.toml_document import", "from tomlkit.toml_documnet import"),
            ("tomlkit/source.py", r"from __future__ import annotations\n", "from __future__ import annotations\n\n"),
        ),
        packages=("pyyaml",),
    ),
    Case(
        "cachetools",
        "8.0.0",
        "renamed parameter, callers missed",
        "Measure sizes with what measures them",
        edits(
            (
                "src/cachetools/__init__.py",
                r"(def __init__\(self, maxsize, )getsizeof=None(\):\n        if maxsize)",
                r"\1measure=None\2",
            ),
            (
                "src/cachetools/__init__.py",
                r"if getsizeof is not None:\n            self\.getsizeof = getsizeof\n",
                "if measure is not None:\n            self.getsizeof = measure\n",
            ),
        ),
    ),
    Case(
        "schema",
        "0.7.8",
        "misspelt argument",
        "Hand on whether extra keys are ignored",
        edits(("schema/__init__.py", r"ignore_extra_keys=i\)", "ignore_extra_kyes=i)")),
    ),
    Case(
        "pathspec",
        "1.1.1",
        "misspelt name, some commits back",
        "Look at patterns one by one",
        edits(("pathspec/pathspec.py", r"if not _is_iterable\(files\)", "if not _is_iterabel(files)")),
        newer=9,
    ),
    Case(
        "mistune",
        "3.4.0",
        "renamed, many tests fail of it",
        "A key is a label's key",
        edits(
            ("src/mistune/util.py", r"def unikey\(", "def label_key("),
            ("src/mistune/__init__.py", r"\bunikey\b", "label_key"),
            ("src/mistune/_inline/links.py", r"\bunikey\b", "label_key"),
            ("src/mistune/plugins/ruby.py", r"\bunikey\b", "label_key"),
        ),
        # Others of its tests measure time.
        command=(*PYTEST, "-k", "not security and not quickly"),
    ),
    Case(
        "iniconfig",
        "2.3.1",
        "mypy: misspelt attribute",
        "Get a section's value from its configuration",
        edits(("src/iniconfig/__init__.py", r"return self\.config\.lineof\(", "return self.config.lineoff(")),
        command=("mypy", "src/iniconfig"),
        packages=("mypy",),
    ),
    Case(
        "python-slugify",
        "9.2.0",
        "missing dependency",
        "Tidy the metadata",
        edits(("pyproject.toml", r'dependencies = \["text-unidecode>=1.3"\]', "dependencies = []")),
        after=("text-unidecode",),
    ),
    Case(
        "markupsafe",
        "3.0.4",
        "misspelt method",
        "Strip tags in fewer steps",
        edits(("src/markupsafe/__init__.py", r"value\.find\(", "value.fnid(")),
    ),
    Case(
        "toolz",
        "1.2.0",
        "renamed, tests use the old name",
        "Say which elements are unzipped",
        edits(
            ("toolz/sandbox/core.py", r"def unzip\(", "def unzip_lazily("),
            ("toolz/sandbox/__init__.py", r"\bunzip\b", "unzip_lazily"),
        ),
    ),
    Case(
        "xmltodict",
        "1.0.4",
        "behaviour changed some commits back",
        "Simplify what is unparsed",
        edits(
            ("xmltodict.py", r"if not attrs:", "if attrs:"),
            ("xmltodict.py", r"# (\w[^\n]*)\n", r"# Note: \1\n"),
        ),
        newer=5,
    ),
    Case(
        "tinydb",
        "4.9.0",
        "renamed module, old name in tests",
        "Call the places backends",
        also(
            move("tinydb/storages.py", "tinydb/backends.py"),
            edits(("tinydb/*.py", r"from (\.|tinydb\.)storages import", r"from \1backends import")),
        ),
        packages=("pyyaml",),
    ),
)
