"""What a model may run follows from the reproduction and the settings."""

from pathlib import Path

import pytest

from fixer.agent.commands import allowed, invocation
from fixer.agent.confined import Confined
from fixer.agent.refusal import Refused
from fixer.schema.command import Invocation
from tests.agent.places import reproduction


def shown(argv: tuple[str, ...], further: tuple[str, ...] = ()) -> set[str]:
    command = Invocation(argv=argv)
    return {
        " ".join(one.shown)
        for one in allowed(reproduction().model_copy(update={"narrowed": command, "suite": command}), further)
    }


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (("/venv/bin/python", "-B", "-m", "pytest", "-q", "tests"), {"python -m pytest", "pytest"}),
        (("python3.12", "-m", "unittest"), {"python -m unittest", "unittest"}),
        (("cargo", "test", "--all"), {"cargo test"}),
        (("npm", "test"), {"npm test"}),
        (("mvn", "-q", "test"), {"mvn"}),
        (("bash", "-c", "make test"), set()),
        (("python", "-c", "import os"), set()),
        (("python", "-c", "x", "-m", "pytest"), set()),
        (("python", "run_tests.py"), set()),
        (("node", "x.js"), set()),
        ((), set()),
    ],
)
def test_the_first_words_of_the_reproduction(argv: tuple[str, ...], expected: set[str]) -> None:
    assert shown(argv) == expected


def test_the_settings_add_their_own() -> None:
    assert shown((), ("make check", "npm run 'type check'", "broken 'quote")) == {"make check", "npm run type check"}


def test_tests_and_files_may_follow(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text("", encoding="utf-8")
    commands = allowed(reproduction(), ("make check",))
    files = Confined(tmp_path)
    for rest in (
        ["tests"],
        ["tests/test_x.py::T::test_x[a=b-\xe9]"],
        ["-k", "a and not b"],
        ["-v", "pkg.mod.T.test_x"],
        ["."],
    ):
        made = invocation(["unittest", *rest], commands, files, 5)
        assert made.argv[-len(rest) :] == tuple(rest)
        assert made.argv[1:4] == ("-B", "-m", "unittest")
    assert invocation(["make", "check"], commands, files, 5).argv == ("make", "check")
    with pytest.raises(Refused, match="names no file"):
        invocation(["make", "check", "install"], commands, files, 5)
    with pytest.raises(Refused, match="may begin with"):
        invocation(["make"], commands, files, 5)
