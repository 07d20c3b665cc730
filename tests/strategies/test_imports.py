import sys
from collections.abc import Mapping

import pytest

from fixer.strategies import imports
from fixer.strategies.base import NotMine
from tests.strategies.conftest import MYPY, PYTEST, RUFF, MakeCase

CALL = "import unittest\nfrom {0}\n\nclass T(unittest.TestCase):\n    def test(self):\n        {1}\n"
APP = (sys.executable, "-B", "app.py")


def calls(what: str, expression: str) -> str:
    return CALL.format(what, f"self.assertTrue({expression})")


CASES: Mapping[str, tuple[dict[str, str], dict[str, str]]] = {
    "a module of the standard library, in its place among the others": (
        {"a.py": "import os\nimport sys\n\n\ndef f():\n    return re.escape(os.sep + sys.platform)\n",
         "test_a.py": calls("a import f", "f()")},
        {"a.py": "import os\nimport re\nimport sys\n\n\ndef f():\n    return re.escape(os.sep + sys.platform)\n"},
    ),
    "two that are missing in one file": (
        {"a.py": '"""Doc."""\n\n\ndef f():\n    return re.escape(json.dumps(1))\n',
         "test_a.py": calls("a import f", "f()")},
        {"a.py": '"""Doc."""\n\nimport json\nimport re\n\n\ndef f():\n    return re.escape(json.dumps(1))\n'},
    ),
    "below the future import and the coding cookie": (
        {"a.py": "# coding: utf-8\nfrom __future__ import annotations\n\nX = 1\n\ndef f():\n    return math.pi\n",
         "test_a.py": calls("a import f", "f()")},
        {"a.py": "# coding: utf-8\nfrom __future__ import annotations\n\nimport math\n\nX = 1\n\ndef f():\n"
                 "    return math.pi\n"},
    ),
    "a name of the standard library, added to the statement that is there": (
        {"a.py": "from functools import partial, wraps\n\n\n@lru_cache()\ndef f():\n    return partial(wraps, 1)\n",
         "test_a.py": calls("a import f", "f()")},
        {"a.py": "from functools import lru_cache, partial, wraps\n\n\n@lru_cache()\ndef f():\n"
                 "    return partial(wraps, 1)\n"},
    ),
    "into a statement of several lines": (
        {"a.py": "from itertools import (\n    chain,\n    count,\n    repeat,\n)\n\nX = (chain, count, repeat)\n\n\n"
                 "def f():\n    return list(islice(count(1), 2))\n", "test_a.py": calls("a import f", "f()")},
        {"a.py": "from itertools import (\n    chain,\n    count,\n    islice,\n    repeat,\n)\n\n"
                 "X = (chain, count, repeat)\n\n\ndef f():\n    return list(islice(count(1), 2))\n"},
    ),
    "an alias as another file has it": (
        {"pkg/__init__.py": "", "pkg/b.py": "import decimal as dec\n\nONE = dec.Decimal(1)\n",
         "pkg/a.py": "def f():\n    return dec.Decimal(2)\n", "test_a.py": calls("pkg.a import f", "f()")},
        {"pkg/a.py": "import decimal as dec\n\n\ndef f():\n    return dec.Decimal(2)\n"},
    ),
    "a class that is also the name of its module": (
        {"a.py": "import sys\n\n\ndef f():\n    return datetime.now()\n", "test_a.py": calls("a import f", "f()")},
        {"a.py": "import sys\nfrom datetime import datetime\n\n\ndef f():\n    return datetime.now()\n"},
    ),
    "a module inside of a package of the standard library": (
        {"a.py": "def f():\n    return urllib.parse.quote(concurrent.futures.__name__)\n",
         "test_a.py": calls("a import f", "f()")},
        {"a.py": "import concurrent.futures\nimport urllib.parse\n\n\ndef f():\n"
                 "    return urllib.parse.quote(concurrent.futures.__name__)\n"},
    ),
    "a function of a sibling, relatively as the package does it": (
        {"src/pkg/__init__.py": "from .a import f\n", "src/pkg/text.py": "def clean(x):\n    return x.strip()\n",
         "src/pkg/a.py": "import os\n\nfrom .other import ONE\n\n\ndef f():\n"
                 "    return clean(' x' + os.sep) and ONE\n",
         "src/pkg/other.py": "ONE = 1\n", "tests/test_a.py": calls("pkg import f", "f()")},
        {"src/pkg/a.py": "import os\n\nfrom .other import ONE\nfrom .text import clean\n\n\ndef f():\n"
                         "    return clean(' x' + os.sep) and ONE\n"},
    ),
    "a function of a sibling, absolutely as the package does it": (
        {"pkg/__init__.py": "", "pkg/text.py": "def clean(x):\n    return x.strip()\n", "pkg/other.py": "ONE = 1\n",
         "pkg/a.py": "from pkg.other import ONE\n\n\ndef f():\n    return clean(' x') and ONE\n",
         "test_a.py": calls("pkg.a import f", "f()")},
        {"pkg/a.py": "from pkg.other import ONE\nfrom pkg.text import clean\n\n\ndef f():\n"
                     "    return clean(' x') and ONE\n"},
    ),
    "a module of the package": (
        {"pkg/__init__.py": "", "pkg/text.py": "def clean(x):\n    return x.strip()\n",
         "pkg/one.py": "from . import text\n",
         "pkg/a.py": "def f():\n    return text.clean(' x')\n", "test_a.py": calls("pkg.a import f", "f()")},
        {"pkg/a.py": "from . import text\n\n\ndef f():\n    return text.clean(' x')\n"},
    ),
    "names that came by a star": (
        {"pkg/__init__.py": "from .a import f\n", "pkg/limits.py": "LOW = 1\nHIGH = 2\n",
         "pkg/a.py": "def f():\n    return LOW + HIGH\n", "test_a.py": calls("pkg import f", "f()")},
        {"pkg/a.py": "from .limits import HIGH, LOW\n\n\ndef f():\n    return LOW + HIGH\n"},
    ),
    "what a package no longer offers": (
        {"pkg/__init__.py": '"""Doc."""\n\nfrom .other import ONE\n\n__all__ = ["ONE", "slug", "unslug"]\n',
         "pkg/other.py": "ONE = 1\n", "pkg/text.py": "def slug(x):\n    return x\n\n\ndef unslug(x):\n    return x\n",
         "tests/test_a.py": calls("pkg import slug, unslug", "slug(1)")},
        {"pkg/__init__.py": '"""Doc."""\n\nfrom .other import ONE\nfrom .text import slug, unslug\n\n'
                            '__all__ = ["ONE", "slug", "unslug"]\n'},
    ),
    "a function that moved, at every use": (
        {"pkg/__init__.py": "", "pkg/old.py": "def stay():\n    return 1\n",
         "pkg/new.py": "def gone():\n    return 1\n",
         "pkg/a.py": "from pkg.old import gone, stay\n\n\ndef f():\n    return gone() + stay()\n",
         "pkg/b.py": "from pkg.old import gone as g\n\nX = g()\n",
         "test_a.py": calls("pkg.a import f\nimport pkg.b", "f()")},
        {"pkg/a.py": "from pkg.new import gone\nfrom pkg.old import stay\n\n\ndef f():\n    return gone() + stay()\n",
         "pkg/b.py": "from pkg.new import gone as g\n\nX = g()\n"},
    ),
    "a module that moved": (
        {"pkg/__init__.py": "", "pkg/inner/__init__.py": "", "pkg/inner/text.py": "def clean(x):\n    return x\n",
         "pkg/a.py": "from .text import clean\n\n\ndef f():\n    return clean(1)\n",
         "test_a.py": calls("pkg.a import f", "f()")},
        {"pkg/a.py": "from .inner.text import clean\n\n\ndef f():\n    return clean(1)\n"},
    ),
    "an import that only type checkers see": (
        {"a.py": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from decimal import Decimal\n\n\n"
                 "def f():\n    return Decimal(1)\n",
         "test_a.py": calls("a import f", "f()")},
        {"a.py": "from decimal import Decimal\nfrom typing import TYPE_CHECKING\n\n\n\n"
                 "def f():\n    return Decimal(1)\n"},
    ),
    "inside of the function where the modules import each other": (
        {"pkg/__init__.py": "", "pkg/a.py": "LIMIT = 3\n\n\ndef f():\n    return make(1)\n",
         "pkg/b.py": "from pkg.a import LIMIT\n\n\ndef make(x):\n    return x + LIMIT\n",
         "test_a.py": calls("pkg.a import f", "f()")},
        {"pkg/a.py": "LIMIT = 3\n\n\ndef f():\n    from pkg.b import make\n    return make(1)\n"},
    ),
    "a module under a private alias": (
        {"a.py": "def f():\n    return _math.floor(1.5)\n", "test_a.py": calls("a import f", "f()")},
        {"a.py": "import math as _math\n\n\ndef f():\n    return _math.floor(1.5)\n"},
    ),
    "a private alias that is a module of its own": (
        {"a.py": "def f():\n    return _json.loads('1')\n", "test_a.py": calls("a import f", "f()")},
        {"a.py": "import json as _json\n\n\ndef f():\n    return _json.loads('1')\n"},
    ),
    "a module whose own name is private": (
        {"a.py": "def f():\n    return _thread.get_ident()\n", "test_a.py": calls("a import f", "f()")},
        {"a.py": "import _thread\n\n\ndef f():\n    return _thread.get_ident()\n"},
    ),
    "a module under an alias that says so": (
        {"a.py": "def f():\n    return math_module.floor(1.5)\n", "test_a.py": calls("a import f", "f()")},
        {"a.py": "import math as math_module\n\n\ndef f():\n    return math_module.floor(1.5)\n"},
    ),
    "line ends of Windows and tabs": (
        {"a.py": "import os\r\n\r\n\r\ndef f():\r\n\treturn re.escape(os.sep)\r\n",
         "test_a.py": calls("a import f", "f()")},
        {"a.py": "import os\r\nimport re\r\n\r\n\r\ndef f():\r\n\treturn re.escape(os.sep)\r\n"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("title", CASES)
def test_the_import_goes_where_it_belongs(make_case: MakeCase, title: str) -> None:
    files, wanted = CASES[title]
    built = make_case(files, (*MAIN[:-1], "discover", "-q", "-s", "tests") if "tests/test_a.py" in files else MAIN)
    patch = built.mended_by(imports.propose(built.case))
    assert {name: built.content_with(patch, name).decode() for name in wanted} == wanted
    assert patch.diff.count("diff --git") == len(wanted)


MAIN = (sys.executable, "-B", "-m", "unittest", "-q")


def test_other_encodings_survive(make_case: MakeCase) -> None:
    text = "# -*- coding: latin-1 -*-\n# é\nNAME = 'é'\n\n\ndef f():\n    return re.escape(NAME)\n".encode("latin-1")
    built = make_case({"a.py": text, "test_a.py": calls("a import f", "f()")})
    patch = built.mended_by(imports.propose(built.case))
    patch.model_dump_json()
    assert built.content_with(patch, "a.py").replace(b"\nimport re\n\n", b"") == text


def test_ruff_findings_are_read(make_case: MakeCase) -> None:
    files = {"a.py": "import sys\n\nprint(os.sep, sys.path)\n"}
    built = make_case(files, (*RUFF, "--select=I"), tool="ruff")
    assert built.case.failure.code == "F821"
    patch = built.mended_by(imports.propose(built.case))
    assert built.content_with(patch, "a.py") == b"import os\nimport sys\n\nprint(os.sep, sys.path)\n"
    assert patch.summary == "Import os in a.py"


def test_mypy_findings_are_read(make_case: MakeCase) -> None:
    built = make_case({"a.py": "def f(x: Optional[int]) -> None:\n    pass\n"}, (*MYPY, "a.py"), tool="mypy")
    patch = built.mended_by(imports.propose(built.case))
    assert b"from typing import Optional\n" in built.content_with(patch, "a.py")


def test_pytest_failures_are_read_from_its_output(make_case: MakeCase) -> None:
    files = {"a.py": "def f():\n    return json.dumps(1)\n", "test_a.py": "from a import f\n\n\ndef test():\n    f()\n"}
    built = make_case(files, PYTEST, tool="pytest")
    assert b"import json\n\n\ndef" in built.content_with(built.mended_by(imports.propose(built.case)), "a.py")


TRAPS = {
    "nobody defines it": {"a.py": "def f():\n    return frobnicate(1)\n", "test_a.py": calls("a import f", "f()")},
    "the test itself lacks an import": {
        "a.py": "ONE = 1\n",
        "test_a.py": calls("a import ONE", "json.dumps(ONE)"),
    },
    "the module of that name has no such function": {
        "a.py": "def f():\n    return json.frobnicate(1)\n",
        "test_a.py": calls("a import f", "f()"),
    },
    "a module is not called": {"a.py": "def f():\n    return zlib(1)\n", "test_a.py": calls("a import f", "f()")},
    "another failure altogether": {"a.py": "def f():\n    return 1\n", "test_a.py": calls("a import f", "f() == 2")},
    "a library that the project does not have": {"test_a.py": calls("surely_absent import f", "f()")},
}


@pytest.mark.parametrize("title", TRAPS)
def test_nothing_is_offered(make_case: MakeCase, title: str) -> None:
    built = make_case(TRAPS[title])
    with pytest.raises(NotMine) as caught:
        list(imports.propose(built.case))
    assert "None" not in str(caught.value)


def test_a_name_that_is_expected_to_be_missing_stays(make_case: MakeCase) -> None:
    """The compatibility block for Python 2 is no mistake; only the real one is mended."""
    text = "try:\n    text = unicode\nexcept NameError:\n    text = str\n\n\ndef f():\n    return text(os.sep)\n"
    built = make_case({"a.py": text, "test_a.py": calls("a import f", "f()")})
    patch = built.mended_by(imports.propose(built.case))
    assert built.content_with(patch, "a.py").decode() == f"import os\n\n{text}"


def test_stop_is_asked(make_case: MakeCase) -> None:
    files = {"a.py": "def f():\n    return json.dumps(1)\n", "test_a.py": calls("a import f", "f()")}
    built = make_case(files, stop=lambda: True)
    assert list(imports.propose(built.case)) == []
