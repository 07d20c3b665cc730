import subprocess
import sys

import pytest

from fixer.strategies import cascade, linters
from fixer.strategies.base import NotMine
from tests.strategies.conftest import PLAIN_RUFF, RUFF, UNITTEST, MakeCase

FORMAT = (sys.executable, "-m", "ruff", "format", "--check", "--no-cache")
UNSORTED = "import sys\nimport os\n\n\ndef name() -> str:\n    return os.sep + sys.platform\n"


def test_cascade_is_ordered_and_complete() -> None:
    names = [name for name, _ in cascade()]
    assert names.index("linters") == 0
    assert [s.ORDER for _, s in cascade()] == sorted(s.ORDER for _, s in cascade())


def test_unused_import_goes_and_nothing_else(make_case: MakeCase) -> None:
    built = make_case({"pkg/a.py": "import os\nimport sys\n\nprint( sys.path )\n"}, RUFF, tool="ruff")
    patch = built.mended_by(linters.propose(built.case))
    assert built.content_with(patch, "pkg/a.py") == b"import sys\n\nprint( sys.path )\n"
    assert "ruff check" in patch.summary
    assert "F401" in patch.explanation
    assert patch.needs_review == ""


def test_unused_import_in_a_test_file_may_go(make_case: MakeCase) -> None:
    built = make_case({"tests/test_a.py": "import os\n\n\ndef test_a():\n    assert True\n"}, RUFF, tool="ruff")
    assert built.mended_by(linters.propose(built.case)).diff.count("\n-") == 2


def test_sorted_imports_by_the_projects_configuration(make_case: MakeCase) -> None:
    config = "[lint]\nselect = ['I']\n"
    built = make_case({"ruff.toml": config, "a.py": UNSORTED}, PLAIN_RUFF, tool="ruff")
    patch = built.mended_by(linters.propose(built.case))
    assert built.content_with(patch, "a.py").startswith(b"import os\nimport sys\n")


def test_options_of_the_failing_command_are_kept(make_case: MakeCase) -> None:
    command = (*PLAIN_RUFF, "--select", "I", "--quiet", "a.py")
    built = make_case({"a.py": "import sys\nimport os\n", "b.py": "import sys\nimport os\n"}, command, tool="ruff")
    patch = built.mended_by(linters.propose(built.case))
    assert "b.py" not in patch.diff
    assert built.content_with(patch, "a.py") == b"import os\nimport sys\n"


def test_findings_in_several_files_are_one_patch(make_case: MakeCase) -> None:
    built = make_case({"a.py": "import os\n", "b.py": "x = f'y'\n", "c.py": "z  = 1\n"}, RUFF, tool="ruff")
    patch = built.mended_by(linters.propose(built.case))
    assert "a/a.py" in patch.diff
    assert "a/b.py" in patch.diff
    assert "a/c.py" not in patch.diff


def test_format_touches_only_the_files_that_failed(make_case: MakeCase) -> None:
    built = make_case({"a.py": "x  =  1\n", "b.py": "y = 1\n"}, FORMAT, tool="ruff")
    patch = built.mended_by(linters.propose(built.case))
    assert built.content_with(patch, "a.py") == b"x = 1\n"
    assert patch.summary == "Format with ruff format in a.py"


def test_line_ends_survive(make_case: MakeCase) -> None:
    built = make_case({"a.py": b"import os\r\nimport sys\r\nprint(sys)\r\n"}, RUFF, tool="ruff")
    patch = built.mended_by(linters.propose(built.case))
    assert built.content_with(patch, "a.py") == b"import sys\r\nprint(sys)\r\n"


def test_bytes_that_are_not_utf8_survive(make_case: MakeCase) -> None:
    files = {"a.py": "import os\n", "old.txt": b"caf\xe9\n"}
    built = make_case(files, RUFF, tool="ruff")
    patch = built.mended_by(linters.propose(built.case))
    patch.model_dump_json()
    assert built.content_with(patch, "old.txt") == b"caf\xe9\n"


def test_comparison_with_none_wants_a_review(make_case: MakeCase) -> None:
    built = make_case({"a.py": "def f(x):\n    return x == None\n"}, RUFF, tool="ruff")
    patch = built.mended_by(linters.propose(built.case))
    assert b"x is None" in built.content_with(patch, "a.py")
    assert "overloads" in patch.needs_review


def test_unused_variable_keeps_the_call(make_case: MakeCase) -> None:
    built = make_case({"a.py": "def f(x):\n    y = x.pop()\n"}, RUFF, tool="ruff")
    patch = built.mended_by(linters.propose(built.case))
    assert built.content_with(patch, "a.py") == b"def f(x):\n    x.pop()\n"


@pytest.mark.parametrize("code", ["def f():\n    return missing\n", "try:\n    pass\nexcept:\n    pass\n"])
def test_no_fix_is_said_and_not_made_up(make_case: MakeCase, code: str) -> None:
    built = make_case({"a.py": code}, RUFF, tool="ruff")
    with pytest.raises(NotMine, match="has no safe fix"):
        list(linters.propose(built.case))


def test_a_fix_of_something_else_is_not_offered(make_case: MakeCase) -> None:
    """The undefined name was taken on: removing the unused import would leave it as it is."""
    built = make_case({"a.py": "import os\nprint(missing)\n"}, RUFF, tool="ruff", failure=1)
    assert built.case.failure.code == "F821"
    assert list(linters.propose(built.case)) == []


def test_a_test_runner_is_not_a_linter(make_case: MakeCase) -> None:
    built = make_case({"test_a.py": "raise ValueError('x')\n"}, UNITTEST)
    with pytest.raises(NotMine, match="not a formatter or linter"):
        list(linters.propose(built.case))


def test_a_tool_that_is_not_installed_is_named(make_case: MakeCase) -> None:
    built = make_case({"a.py": "import os\n"}, RUFF, tool="ruff")
    command = built.case.reproduction.suite.model_copy(update={"argv": (sys.executable, "-m", "isort", ".")})
    reproduction = built.case.reproduction.model_copy(update={"suite": command, "narrowed": command})
    case = type(built.case)(**{**vars(built.case), "reproduction": reproduction})
    with pytest.raises(NotMine, match=r"could not be started: .*isort"):
        list(linters.propose(case))


def test_nothing_is_started_after_stop(make_case: MakeCase) -> None:
    built = make_case({"a.py": "import os\n"}, RUFF, tool="ruff", stop=lambda: True)
    assert list(linters.propose(built.case)) == []


def test_the_real_tool_is_there() -> None:
    assert subprocess.run(RUFF[:3], capture_output=True, check=False).returncode in {0, 2}
