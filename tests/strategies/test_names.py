import sys
from collections.abc import Mapping
from dataclasses import replace

import pytest

from fixer.schema.diagnosis import Diagnosis, MinimalChange
from fixer.schema.root_cause import RootCause
from fixer.strategies import names
from fixer.strategies.base import NotMine
from tests.strategies.conftest import MYPY, PYTEST, RUFF, MakeCase


def test_of(what: str, expression: str) -> str:
    return f"import unittest\n{what}\n\nclass T(unittest.TestCase):\n    def test(self):\n        assert {expression}\n"


test_of.__test__ = False  # type: ignore[attr-defined]
CART = "class Cart:\n    def __init__(self):\n        self.items = []\n\n    def total(self):\n        return {0}\n"

# title -> (files, what the first patch that mends it leaves behind)
CASES: Mapping[str, tuple[dict[str, str], dict[str, str]]] = {
    "a misspelt local variable": (
        {"a.py": "def f(values):\n    total = sum(values)\n    print(total)\n    return totl\n",
         "test_a.py": test_of("from a import f", "f([1])")},
        {"a.py": "def f(values):\n    total = sum(values)\n    print(total)\n    return total\n"},
    ),
    "a misspelt builtin, everywhere": (
        {"a.py": "def f(x):\n    return lenn(x)\n\n\ndef g(x):\n    return lenn(x) + 1\n",
         "test_a.py": test_of("from a import f, g", "f([1]) and g([])")},
        {"a.py": "def f(x):\n    return len(x)\n\n\ndef g(x):\n    return len(x) + 1\n"},
    ),
    "a parameter renamed in the signature only": (
        {"a.py": "def f(values, delimiter=','):\n    if not sep:\n        return ''\n    return sep.join(values)\n",
         "test_a.py": test_of("from a import f", "f(['x'], sep=';') == 'x'")},
        {"a.py": "def f(values, sep=','):\n    if not sep:\n        return ''\n    return sep.join(values)\n"},
    ),
    "a parameter renamed in the signature, one use missed": (
        {"a.py": "def f(values, delimiter=','):\n    if not delimiter:\n        return ''\n"
                "    return delimeter.join(values)\n",
         "test_a.py": test_of("from a import f", "f(['x'], delimiter=';')")},
        {"a.py": "def f(values, delimiter=','):\n    if not delimiter:\n        return ''\n"
                 "    return delimiter.join(values)\n"},
    ),
    "a constant that was renamed, uses missed in two functions": (
        {"a.py": "DEFAULT_LIMIT = 3\n\n\ndef f():\n    return DEFAULT_MAX\n\n\ndef g():\n    return DEFAULT_MAX + 1\n",
         "test_a.py": test_of("from a import f, g", "f() and g()")},
        {"a.py": "DEFAULT_MAX = 3\n\n\ndef f():\n    return DEFAULT_MAX\n\n\ndef g():\n    return DEFAULT_MAX + 1\n"},
    ),
    "a helper renamed to something else altogether": (
        {"a.py": "def _as_pairs(x):\n    return x\n\n\ndef f():\n    return _zipped([1])\n\n\ndef g():\n"
                "    return _zipped(2)\n",
         "test_a.py": test_of("from a import f, g", "f() and g()")},
        {"a.py": "def _zipped(x):\n    return x\n\n\ndef f():\n    return _zipped([1])\n\n\ndef g():\n"
                "    return _zipped(2)\n"},
    ),
    "a forgotten self": (
        {"a.py": CART.format("size(self.items)") + "\n    def size(self, x):\n        return len(x) + 1\n",
         "test_a.py": test_of("from a import Cart", "Cart().total()")},
        {"a.py": CART.format("self.size(self.items)") + "\n    def size(self, x):\n        return len(x) + 1\n"},
    ),
    "a use inside of an f-string": (
        {"a.py": "def f(name):\n    name = name.strip()\n    return f'Hello {nmae!r}' f' and {nmae}'\n",
         "test_a.py": test_of("from a import f", "f('x')")},
        {"a.py": "def f(name):\n    name = name.strip()\n    return f'Hello {name!r}' f' and {name}'\n"},
    ),
    "a public function renamed, package and tests still say the old name": (
        {"pkg/__init__.py": "from .text import slugify\n\n__all__ = ['slugify']\n",
         "pkg/text.py": "def slugify_text(x):\n    return x and slugify_text(x[1:]) or '-'\n",
         "test_a.py": test_of("from pkg import slugify", "slugify('a') == '-'")},
        {"pkg/text.py": "def slugify(x):\n    return x and slugify(x[1:]) or '-'\n"},
    ),
    "a function renamed, call sites missed in two modules": (
        {"pkg/__init__.py": "", "pkg/text.py": "def clean_text(x):\n    return x\n",
         "pkg/a.py": "from .text import clean_txt\n\n\ndef f():\n    return clean_txt(1)\n",
         "pkg/b.py": "from pkg.text import clean_txt as c\n\nX = c(1)\n",
         "pkg/c.py": "from pkg.text import clean_text\n\nY = clean_text(1)\n",
         "test_a.py": test_of("from pkg.a import f\nimport pkg.b, pkg.c", "f()")},
        {"pkg/a.py": "from .text import clean_text\n\n\ndef f():\n    return clean_text(1)\n",
         "pkg/b.py": "from pkg.text import clean_text as c\n\nX = c(1)\n"},
    ),
    "a renamed function used through its module": (
        {"pkg/__init__.py": "", "pkg/text.py": "def clean_text(x):\n    return x\n",
         "pkg/a.py": "from . import text as t\nfrom pkg.text import clean_text\n\n\ndef f():\n"
                     "    return t.clean_txt(1) + clean_text(1)\n",
         "test_a.py": test_of("from pkg.a import f", "f()")},
        {"pkg/a.py": "from . import text as t\nfrom pkg.text import clean_text\n\n\ndef f():\n"
                     "    return t.clean_text(1) + clean_text(1)\n"},
    ),
    "an entry of __all__ that is not there": (
        {"pkg/__init__.py": "from .text import *\n",
         "pkg/text.py": "__all__ = ['unslug', 'slugfy']\n\n\ndef slugify(x):\n    return x\n\n\n"
                 "def unslug(x):\n    return slugify(x)\n",
         "test_a.py": test_of("from pkg import slugify", "slugify(1)")},
        {"pkg/text.py": "__all__ = ['unslug', 'slugify']\n\n\ndef slugify(x):\n    return x\n\n\ndef unslug(x):\n"
                        "    return slugify(x)\n"},
    ),
    "a name of the standard library": (
        {"a.py": "import os.path\nfrom collections import defaultdictionary\n\n\ndef f():\n"
                 "    return defaultdictionary(int), os.path.joined('a')\n",
         "test_a.py": test_of("import a", "a")},
        {"a.py": "import os.path\nfrom collections import defaultdict\n\n\ndef f():\n"
                 "    return defaultdict(int), os.path.joined('a')\n"},
    ),
    "a function of a module of the standard library": (
        {"a.py": "import json\n\n\ndef f():\n    return json.dmups(1)\n\n\ndef g():\n    return json.dmups(2)\n",
         "test_a.py": test_of("from a import f", "f()")},
        {"a.py": "import json\n\n\ndef f():\n    return json.dumps(1)\n\n\ndef g():\n    return json.dumps(2)\n"},
    ),
    "a misspelt attribute of self": (
        {"a.py": CART.format("len(self.itmes) + len(self.items) + 1"),
         "test_a.py": test_of("from a import Cart", "Cart().total()")},
        {"a.py": CART.format("len(self.items) + len(self.items) + 1")},
    ),
    "an attribute renamed in __init__ only": (
        {"a.py": "class A:\n    def __init__(self):\n        self._entries = [1]\n\n    def f(self):\n"
                "        return self._items\n"
                 "\n    def g(self):\n        return len(self._items)\n",
         "test_a.py": test_of("from a import A", "A().f() and A().g()")},
        {"a.py": "class A:\n    def __init__(self):\n        self._items = [1]\n\n    def f(self):\n"
                "        return self._items\n"
                 "\n    def g(self):\n        return len(self._items)\n"},
    ),
    "a method of a base class that tests know": (
        {"pkg/__init__.py": "from .b import B\n",
         "pkg/a.py": "class Base:\n    def render_text(self):\n        return 'x'\n\n    def both(self):\n"
                     "        return self.render_text()\n",
         "pkg/b.py": "from .a import Base\n\n\nclass B(Base):\n    def render_text(self):\n"
                     "        return super().render_text()\n",
         "test_a.py": test_of("from pkg import B", "B().render() and B().both()")},
        {"pkg/a.py": "class Base:\n    def render(self):\n        return 'x'\n\n    def both(self):\n"
                "        return self.render()\n",
         "pkg/b.py": "from .a import Base\n\n\nclass B(Base):\n    def render(self):\n"
                 "        return super().render()\n"},
    ),
    "a method called by its old name in another file": (
        {"a.py": "class Cart:\n    def total_price(self):\n        return 1\n\n    def f(self):\n"
                 "        return self.total_price()\n",
         "b.py": "from a import Cart\n\n\ndef f(cart):\n    return cart.price_total() + Cart().price_total()\n",
         "test_a.py": test_of("from a import Cart\nfrom b import f", "f(Cart())")},
        {"b.py": "from a import Cart\n\n\ndef f(cart):\n    return cart.total_price() + Cart().total_price()\n"},
    ),
    "a property spelt in camel case": (
        {"a.py": "class Cart:\n    @property\n    def unit_price(self):\n        return 1\n\n    def f(self):\n"
                 "        return self.unitPrice + self.unit_price\n",
         "test_a.py": test_of("from a import Cart", "Cart().f()")},
        {"a.py": "class Cart:\n    @property\n    def unit_price(self):\n        return 1\n\n    def f(self):\n"
                 "        return self.unit_price + self.unit_price\n"},
    ),
    "an attribute of the class itself": (
        {"a.py": "class A:\n    LIMITS = (1,)\n\n    @classmethod\n    def f(cls):\n"
                "        return cls.LIMIT or A.LIMITS\n",
         "test_a.py": test_of("from a import A", "A.f()")},
        {"a.py": "class A:\n    LIMITS = (1,)\n\n    @classmethod\n    def f(cls):\n"
                "        return cls.LIMITS or A.LIMITS\n"},
    ),
    "a method of a built-in type": (
        {"a.py": "def f(x):\n    return x.stripp().lower()\n", "test_a.py": test_of("from a import f", "f(' A')")},
        {"a.py": "def f(x):\n    return x.strip().lower()\n"},
    ),
    "a keyword that the tests still use": (
        {"a.py": "def f(values, *, separator=','):\n    return separator.join(values)\n\n\ndef g():\n"
                 "    return f([], separator='')\n",
         "test_a.py": test_of("from a import f, g", "f(['x'], sep=',')")},
        {"a.py": "def f(values, *, sep=','):\n    return sep.join(values)\n\n\ndef g():\n    return f([], sep='')\n"},
    ),
    "a keyword that callers in the code still use": (
        {"a.py": "def join(values, *, separator=','):\n    return separator.join(values)\n",
         "b.py": "from a import join\n\n\ndef f():\n    return join(['x'], separater=',')\n\n\ndef g():\n"
                 "    return join(['x'], separater=';')\n",
         "test_a.py": test_of("from a import join\nfrom b import f, g", "f() and g() and join(['a'], separator='')")},
        {"b.py": "from a import join\n\n\ndef f():\n    return join(['x'], separator=',')\n\n\ndef g():\n"
                 "    return join(['x'], separator=';')\n"},
    ),
    "a keyword of a constructor in a base class": (
        {"a.py": "class Base:\n    def __init__(self, max_length=1):\n        self.max_length = max_length\n\n\n"
                 "class Sub(Base):\n    pass\n",
         "b.py": "from a import Sub\n\n\ndef f():\n    return Sub(maxlength=3).max_length\n",
         "test_a.py": test_of("from b import f", "f() == 3")},
        {"b.py": "from a import Sub\n\n\ndef f():\n    return Sub(max_length=3).max_length\n"},
    ),
    "a field of a dataclass": (
        {"a.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass Item:\n    unit_price: int\n\n"
                "    def twice(self):\n"
                 "        return 2 * self.unit_price\n\n\ndef make():\n    return Item(unit_price=1)\n",
         "test_a.py": test_of("from a import Item, make", "Item(price=2).price == 2 and make().twice()")},
        {"a.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass Item:\n    price: int\n\n"
                "    def twice(self):\n"
                 "        return 2 * self.price\n\n\ndef make():\n    return Item(price=1)\n"},
    ),
    "a keyword that **kwargs swallowed": (
        {"a.py": "def f(*, width, **rest):\n    return width\n", "b.py": "from a import f\n\n\ndef g():\n"
                "    return f(widht=2)\n",
         "test_a.py": test_of("from b import g", "g() == 2")},
        {"b.py": "from a import f\n\n\ndef g():\n    return f(width=2)\n"},
    ),
    "a module by a wrong name, at every import": (
        {"pkg/__init__.py": "", "pkg/formatting.py": "def f():\n    return 1\n",
         "pkg/a.py": "from .formating import f\n", "pkg/b.py": "from pkg import formating\n\nX = formating.f()\n",
         "test_a.py": test_of("from pkg.a import f\nimport pkg.b\nfrom pkg.formatting import f", "f()")},
        {"pkg/a.py": "from .formatting import f\n", "pkg/b.py": "from pkg import formatting as formating\n\n"
                "X = formating.f()\n"},
    ),
    "a module of the standard library by a wrong name": (
        {"a.py": "import jsn\n\n\ndef f():\n    return jsn.dumps(1)\n"
                "", "test_a.py": test_of("from a import f", "f()")},
        {"a.py": "import json\n\n\ndef f():\n    return json.dumps(1)\n"},
    ),
    "a misspelt key of a dictionary": (
        {"a.py": "def f():\n    row = {'price': 1, 'name': 'x'}\n    return row['name'], row['pirce']\n",
         "test_a.py": test_of("from a import f", "f()")},
        {"a.py": "def f():\n    row = {'price': 1, 'name': 'x'}\n    return row['name'], row['price']\n"},
    ),
    "a parameter renamed in the signature, the body assigns to the old name": (
        {"a.py": "def f(number_value):\n    number = int(number)\n    return number\n",
         "test_a.py": test_of("from a import f", "f('1') == 1")},
        {"a.py": "def f(number):\n    number = int(number)\n    return number\n"},
    ),
    "an attribute that a base of the standard library has": (
        {"a.py": "import textwrap\n\n\nclass W(textwrap.TextWrapper):\n    def f(self):\n"
                 "        return self.widths + self.width\n",
         "test_a.py": test_of("from a import W", "W().f()")},
        {"a.py": "import textwrap\n\n\nclass W(textwrap.TextWrapper):\n    def f(self):\n"
                 "        return self.width + self.width\n"},
    ),
    "an attribute that only the base of the standard library names": (
        {"a.py": "from textwrap import TextWrapper\n\n\nclass W(TextWrapper):\n    def f(self):\n"
                 "        return self.break_long_word\n",
         "test_a.py": test_of("from a import W", "W().f()")},
        {"a.py": "from textwrap import TextWrapper\n\n\nclass W(TextWrapper):\n    def f(self):\n"
                 "        return self.break_long_words\n"},
    ),
    "a parameter renamed altogether, the docstring has its old name": (
        {"a.py": 'def f(values, delimiter=",", limit=1):\n    """Join.\n\n    :param sep: between values\n    """\n'
                 "    return delimiter.join(values[:limit])\n",
         "test_a.py": test_of("from a import f", "f(['x'], sep=';') == 'x' and f(['x'], limit=1)")},
        {"a.py": 'def f(values, sep=",", limit=1):\n    """Join.\n\n    :param sep: between values\n    """\n'
                 "    return sep.join(values[:limit])\n"},
    ),
    "compatibility blocks, tabs and line ends of Windows": (
        {"a.py": "try:\r\n\ttext_type = unicode\r\nexcept NameError:\r\n\ttext_type = str\r\n\r\n\r\ndef f(x):\r\n"
                 "\treturn text_typ(x) + text_type(x)\r\n",
         "test_a.py": test_of("from a import f", "f(1)")},
        {"a.py": "try:\r\n\ttext_type = unicode\r\nexcept NameError:\r\n\ttext_type = str\r\n\r\n\r\ndef f(x):\r\n"
                 "\treturn text_type(x) + text_type(x)\r\n"},
    ),
    "a decorated function imported on by a package in src": (
        {"src/pkg/__init__.py": "from pkg.inner import *\n", "src/pkg/inner/__init__.py": "from .work import run\n",
         "src/pkg/inner/work.py": "import functools\n\n\n@functools.lru_cache(None)\ndef run_all():\n    return 1\n",
         "test_a.py": test_of("import pkg", "pkg.run()")},
        {"src/pkg/inner/work.py": "import functools\n\n\n@functools.lru_cache(None)\ndef run():\n    return 1\n"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("title", CASES)
def test_every_place_follows(make_case: MakeCase, title: str) -> None:
    files, wanted = CASES[title]
    built = make_case(files)
    patch = built.mended_by(names.propose(built.case))
    assert {name: built.content_with(patch, name).decode() for name in wanted} == wanted
    assert patch.diff.count("diff --git") == len(wanted)


def test_a_file_renamed_under_its_tests_gets_its_name_back(make_case: MakeCase) -> None:
    files = {
        "pkg/__init__.py": "from .text_tools import f\n",
        "pkg/text_tools.py": "def f():\n    return 1\n",
        "test_a.py": test_of("from pkg.text_tool import f", "f()"),
    }
    built = make_case(files)
    patch = built.mended_by(names.propose(built.case))
    assert "rename from pkg/text_tools.py" in patch.diff
    assert built.content_with(patch, "pkg/__init__.py") == b"from .text_tool import f\n"


def test_what_the_culprit_renamed_is_known_however_unlike_it_is(make_case: MakeCase) -> None:
    files = {
        "a.py": "def label_key(x):\n    return x\n",
        "b.py": "from a import zap\n\n\ndef f(x):\n    return zap(x)\n",
        "test_a.py": test_of("from b import f; from a import label_key", "label_key(f(1))"),
    }
    built = make_case(files)
    with pytest.raises(NotMine):
        next(names.propose(built.case))
    hunk = (
        "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n"
        "-def zap(x):\n+def label_key(x):\n     return x\n"
    )
    change = MinimalChange(
        green="0", culprit="1", culprit_subject="", culprit_author="", hunks=(hunk,), hunks_in_culprit=1, reduced=True
    )
    diagnosis = Diagnosis(failure_id="f", explanation="", root_cause=RootCause.UNKNOWN, minimal_change=change)
    patch = built.mended_by(names.propose(replace(built.case, diagnosis=diagnosis)))
    assert b"label_key" in built.content_with(patch, "b.py")


def test_a_slip_that_nothing_knows_is_mended_in_every_call(make_case: MakeCase) -> None:
    files = {
        "a.py": "def f(*, limit):\n    return limit\n\n\ndef g(*, limit):\n    return f(limti=limit)\n\n\n"
        "def h(x):\n    return g(limti=x)\n",
        "test_a.py": test_of("from a import f, g, h", "h(1)"),
    }
    built = make_case(files)
    patch = next(iter(names.propose(built.case)))
    assert b"limti" not in built.content_with(patch, "a.py")


def test_a_slip_on_a_builtin_is_mended_everywhere(make_case: MakeCase) -> None:
    files = {
        "a.py": "def f(x):\n    return x.fnid('a') + g(x)\n\n\ndef g(x):\n    return x.fnid('b')\n",
        "test_a.py": test_of("from a import f", "f('ab')"),
    }
    built = make_case(files)
    patch = next(iter(names.propose(built.case)))
    assert b"fnid" not in built.content_with(patch, "a.py")


UTILS = "def freeze(x):\n    return x\n\n\ndef thaw(x):\n    return x\n"


def test_a_renamed_module_is_known_by_what_it_defines(make_case: MakeCase) -> None:
    files = {
        "pkg/__init__.py": "from .table import f\n",
        "pkg/table.py": "from .utils import freeze, thaw\n\n\ndef f(x):\n    return thaw(freeze(x))\n",
        "pkg/caching.py": UTILS,
        "pkg/other.py": "def freeze(x):\n    return x + 1\n",
        "test_a.py": test_of("from pkg.caching import thaw; from pkg import f", "thaw(f(1))"),
    }
    built = make_case(files)
    patch = built.mended_by(names.propose(built.case))
    wanted = b"from .caching import freeze, thaw\n\n\ndef f(x):\n    return thaw(freeze(x))\n"
    assert built.content_with(patch, "pkg/table.py") == wanted


def test_a_renamed_module_gets_its_name_back_where_tests_want_it(make_case: MakeCase) -> None:
    files = {
        "pkg/__init__.py": "from .caching import freeze\n",
        "pkg/caching.py": UTILS,
        "test_a.py": test_of("from pkg.utils import freeze, thaw", "thaw(freeze(1))"),
    }
    built = make_case(files)
    patch = built.mended_by(names.propose(built.case))
    assert "rename from pkg/caching.py" in patch.diff
    assert "rename to pkg/utils.py" in patch.diff


def test_the_explanation_names_the_real_things(make_case: MakeCase) -> None:
    text = CART.format("1") + "\n    def f(self):\n        return self.totl() + self.total()\n"
    built = make_case({"a.py": text, "test_a.py": test_of("from a import Cart", "Cart().f()")})
    patch = built.mended_by(names.propose(built.case))
    assert "`Cart.totl` does not exist; the class has `Cart.total` (line 5 of a.py)" in patch.explanation
    assert patch.summary == "Use Cart.total for totl"


def test_another_class_with_that_attribute_is_left_alone(make_case: MakeCase) -> None:
    text = (
        "class Other:\n    totl = 1\n\n    def f(self):\n        return self.totl\n\n\n"
        "class Cart:\n    total = 1\n\n    def f(self):\n        return self.totl + self.total\n"
    )
    built = make_case({"a.py": text, "test_a.py": test_of("from a import Cart, Other", "Cart().f() + Other().f()")})
    patch = built.mended_by(names.propose(built.case))
    assert built.content_with(patch, "a.py").decode() == text.replace("self.totl + ", "self.total + ")


def test_a_shadowing_local_is_left_alone(make_case: MakeCase) -> None:
    text = (
        "def clean(x):\n    return x\n\n\ndef g(clean):\n    return clean\n\n\ndef f():\n    return {0}(1) + clean(1)\n"
    )
    built = make_case({"a.py": text.format("clena"), "test_a.py": test_of("from a import f", "f()")})
    patch = built.mended_by(names.propose(built.case))
    assert built.content_with(patch, "a.py").decode() == text.format("clean")


def test_other_encodings_survive(make_case: MakeCase) -> None:
    text = "# -*- coding: latin-1 -*-\ndef f(name):\n    é = name\n    return é + nmae + name\n".encode("latin-1")
    built = make_case({"a.py": text, "test_a.py": test_of("from a import f", "f('x')")})
    patch = built.mended_by(names.propose(built.case))
    patch.model_dump_json()
    assert built.content_with(patch, "a.py") == text.replace(b"nmae", b"name")


def test_ruff_findings_are_read(make_case: MakeCase) -> None:
    built = make_case({"a.py": "def f(value):\n    print(value)\n    return vlaue\n"}, RUFF, tool="ruff")
    patch = built.mended_by(names.propose(built.case))
    assert built.content_with(patch, "a.py") == b"def f(value):\n    print(value)\n    return value\n"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("def f(c: Cart) -> int:\n    return c.totl + c.total\n", "c.total + c.total"),
        ("def f() -> Cart:\n    Cart(size=2)\n    return Cart(szie=1)\n", "Cart(size=1)"),
        ("def f() -> Cart:\n    Cart()\n    return Crat()\n", "return Cart()"),
    ],
)
def test_mypy_findings_are_read(make_case: MakeCase, wrong: str, right: str) -> None:
    head = "class Cart:\n    def __init__(self, size: int = 0) -> None:\n        self.total = size\n\n\n"
    built = make_case({"a.py": head + wrong}, (*MYPY, "a.py"), tool="mypy")
    patch = built.mended_by(names.propose(built.case))
    assert right in built.content_with(patch, "a.py").decode()


def test_pytest_failures_are_read(make_case: MakeCase) -> None:
    files = {"a.py": "def f_old():\n    return 1\n", "test_a.py": "from a import f_new\n\n\ndef test():\n    f_new()\n"}
    built = make_case(files, PYTEST, tool="pytest")
    assert built.content_with(built.mended_by(names.propose(built.case)), "a.py") == b"def f_new():\n    return 1\n"


TRAPS = {
    "nothing is like it": {
        "a.py": "def f(x):\n    return frobnicate(x)\n",
        "test_a.py": test_of("from a import f", "f(1)"),
    },
    "nothing is None": {
        "a.py": "def f(x):\n    return x.strip()\n",
        "test_a.py": test_of("from a import f", "f(None)"),
    },
    "a wrong value": {
        "a.py": "def f(x):\n    return x\n",
        "test_a.py": test_of("from a import f", "self.assertEqual(f(1), 2)"),
    },
    "only the test has the typo": {"a.py": "X = 1\n", "test_a.py": test_of("import a", "a.X == valeu")},
    "a key that no code has": {
        "a.py": "def f(x):\n    return {}[x]\n",
        "test_a.py": test_of("from a import f", "f('zz')"),
    },
    "an argument that the function never had": {
        "a.py": "def f(values, limit=3):\n    return values[:limit]\n",
        "test_a.py": test_of("from a import f", "f([1], verbose=True)"),
    },
    "a library that is not installed": {"test_a.py": test_of("import surely_absent_library", "1")},
}


@pytest.mark.parametrize("title", TRAPS)
def test_nothing_is_offered(make_case: MakeCase, title: str) -> None:
    built = make_case(TRAPS[title])
    with pytest.raises(NotMine) as caught:
        list(names.propose(built.case))
    assert "None" not in str(caught.value).replace("'NoneType'", "").replace("`NoneType`", "")


def test_no_patch_ever_touches_a_test(make_case: MakeCase) -> None:
    files = {
        "a.py": "def total(x):\n    return x\n",
        "tests/__init__.py": "",
        "tests/helper.py": "from a import totl\n",
        "test_a.py": test_of("from tests.helper import totl", "totl(1)"),
    }
    built = make_case(files)
    patches = list(names.propose(built.case))
    assert patches
    assert all("tests/" not in patch.diff and "test_a" not in patch.diff for patch in patches)


def test_names_that_are_not_alike_want_a_review(make_case: MakeCase) -> None:
    text = "def _as_pairs(x):\n    return x\n\n\ndef f():\n    return _zipped([1])\n"
    built = make_case({"a.py": text, "test_a.py": test_of("from a import f", "f()")})
    assert "not alike" in built.mended_by(names.propose(built.case)).needs_review


@pytest.mark.parametrize("new", ["new_activate", "activate_value", "do_activate"])
def test_a_neighbour_that_is_alive_is_not_renamed(make_case: MakeCase, new: str) -> None:
    """`deactivate` is nearer to `activate` than the real new name, but the package knows both."""
    text = "def {0}():\n    return 1\n\n\ndef deactivate():\n    return 2\n"
    files = {
        "pkg/__init__.py": "from .work import activate, deactivate\n",
        "pkg/work.py": text.format(new),
        "test_a.py": test_of("from pkg import activate", "activate()"),
    }
    built = make_case(files)
    first = next(iter(names.propose(built.case)))
    assert built.content_with(first, "pkg/work.py").decode() == text.format("activate")


def test_never_more_than_asked_for(make_case: MakeCase) -> None:
    text = "\n".join(f"def value_{n}(x):\n    return x\n" for n in "abcdefg") + "\n\ndef f():\n    return value_x(1)\n"
    built = make_case({"a.py": text, "test_a.py": test_of("from a import f", "f()")}, max_patches=2)
    assert len(list(names.propose(built.case))) == 2
    assert sys.executable == built.case.python
