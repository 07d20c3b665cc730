"""Every entry of the library is checked against the log that it was taken from, and against all others' logs."""

import io
import re
import shlex
from collections import Counter

import pytest

from fixer.diagnosis.linear import slow
from fixer.diagnosis.own_patterns import faults
from fixer.diagnosis.patterns import SHIPPED, Entry, Library, command, shipped, shipped_for
from fixer.distiller import distill
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

ENTRIES = shipped().entries
BY_ID = {entry.pattern.id: entry for entry in ENTRIES}
BROAD = {"network", "shell", "git"}
"""What these are about happens to the tools of every ecosystem."""
NAMES = (("pypi", "org"), ("npmjs", "org"), ("crates", "io"), ("docker", "io"), ("ghcr", "io"))
HOSTS = tuple(".".join(host) for host in NAMES)
"""No address of a registry stands in the repository, here neither."""
walk = pytest.mark.parametrize("entry", ENTRIES, ids=[entry.pattern.id for entry in ENTRIES])


def test_the_library_covers_what_it_promises() -> None:
    files = {path.stem for path in SHIPPED.glob("*.toml")}
    assert files >= {"python", "rust", "javascript", "go", "c_cpp", "java", "docker", "git", "network", "ci", "shell"}
    assert len(ENTRIES) >= 120
    ran = [entry for entry in ENTRIES if entry.pattern.source.startswith("run: ")]
    assert len(ran) / len(ENTRIES) > 0.8, "most examples are runs of the real tool"


def test_ids_are_unique_and_say_their_ecosystem() -> None:
    assert [entry for entry, times in Counter(e.pattern.id for e in ENTRIES).items() if times > 1] == []
    assert [e.pattern.id for e in ENTRIES if e.pattern.id.partition(".")[0] != e.ecosystem] == []


@walk
def test_an_entry_is_the_best_match_of_its_own_example(entry: Entry) -> None:
    pattern = entry.pattern
    best = shipped().match(pattern.example, 2)
    assert shipped_for([pattern.example]).match(pattern.example, 2) == best, "what is left unread does not match"
    assert best, "it does not match its own example"
    assert best[0].id == pattern.id, [match.id for match in best]
    texts = [best[0].explanation, best[0].fix, *(way for ways in best[0].steps for way in ways)]
    written = f"{pattern.explanation}{pattern.fix}{pattern.steps}{best[0].captured}"
    for text in texts:
        assert not re.search(r"(?<!\$)\{\w+\}|\[\s*\]", text), text
        assert "None" in written or "None" not in text, text
        assert "  " not in text, text
        assert text == text.strip(), text
    assert best[0].explanation[-1] in ".!?", "an explanation is whole sentences"


@walk
def test_an_entry_holds_what_its_texts_need(entry: Entry) -> None:
    pattern = entry.pattern
    assert list(faults(pattern, {name: dict(table) for name, table in entry.names.items()})) == []
    assert pattern.contains, "without a text to look for, its expression is compiled for every message"
    found = re.search(pattern.pattern, pattern.example, re.MULTILINE)
    assert found is not None
    assert any(needle.casefold() in found[0].casefold() for needle in pattern.contains), "its text is not in the match"
    assert pattern.root_cause not in {RootCause.UNKNOWN, RootCause.MISSING_TEMPLATE, RootCause.MISSING_INTEGRATION}
    assert not any(host in pattern.example for host in HOSTS)
    assert pattern.source.startswith(("run: ", "https://"))


@walk
def test_commands_can_be_typed(entry: Entry) -> None:
    (match,) = shipped().match(entry.pattern.example)
    for way in (way for ways in match.steps for way in ways):
        words = shlex.split(way)
        assert words, way
        assert re.fullmatch(r"[\w./~+-]+", words[0]), way
    wanted = [ways for ways in entry.pattern.steps if not any("[" in way for way in ways)]
    assert len(match.steps) >= len(wanted), "a command was left out"


@walk
def test_every_pattern_takes_linear_time(entry: Entry) -> None:
    assert slow(entry.pattern.pattern) == ""


def test_no_entry_tells_the_failures_of_another_kind() -> None:
    """Each example is read as `fixer logs` would: what is told of its failures is of its ecosystem, or a broad one."""
    wrong = [
        f"{entry.pattern.id}: {failure.tool}: {failure.message!r} is told as {match.id}"
        for entry in ENTRIES
        for failure in distill("log", [(None, io.BytesIO(entry.pattern.example.encode()))]).failures
        for match in shipped().match(failure)
        if match.ecosystem not in {entry.ecosystem} | BROAD
    ]
    assert wrong == []


def test_patterns_match_what_the_parsers_make_of_an_error() -> None:
    """A parser keeps the message and drops its prefix: an entry that only matches the raw line would be of no use."""
    read, told = 0, 0
    for entry in ENTRIES:
        failures = distill("log", [(None, io.BytesIO(entry.pattern.example.encode()))]).failures
        read += bool(failures)
        told += any(match.id == entry.pattern.id for failure in failures for match in shipped().match(failure))
    assert read > 250
    assert told / read >= 0.9


def test_lines_that_are_no_errors_match_nothing() -> None:
    quiet = """\
Collecting requests==2.31.0
  Downloading requests-2.31.0-py3-none-any.whl (62 kB)
Successfully installed requests-2.31.0
   Compiling serde v1.0.219
    Finished `dev` profile [unoptimized + debuginfo] target(s) in 2.31s
test result: ok. 12 passed; 0 failed; 0 ignored
added 214 packages, and audited 215 packages in 6s
found 0 vulnerabilities
[INFO] BUILD SUCCESS
-- Configuring done
-- Build files have been written to: /home/ci/shop/build
Already up to date.
============================== 41 passed in 2.04s ==============================
ok  	example.com/shop	0.004s
"""
    assert shipped().match(quiet, 9) == ()


def test_a_failure_gives_its_file_and_line() -> None:
    failure = Failure(
        id="f", tool="pytest", kind=FailureKind.TEST, message="ModuleNotFoundError: No module named 'yaml'",
        file="shop/app.py", line=3, fingerprint="p",
    )  # fmt: skip
    (match,) = shipped().match(failure)
    assert match.explanation.startswith("The module 'yaml' is imported in shop/app.py but is not installed")
    assert match.steps == (("python -m pip install PyYAML", "poetry add PyYAML", "uv add PyYAML"),)
    assert match.captured == {"module": "yaml", "package": "PyYAML"}
    assert match.told().endswith("`python -m pip install PyYAML` or `poetry add PyYAML` or `uv add PyYAML`")


def test_the_exception_beside_the_message_counts() -> None:
    failure = Failure(
        id="f", tool="pytest", kind=FailureKind.TEST, message="name 'totl' is not defined", exception="NameError",
        fingerprint="p",
    )  # fmt: skip
    assert [match.id for match in shipped().match(failure)] == ["python.name-not-defined"]


def test_tool_and_kind_are_asked_of_a_failure() -> None:
    entry = BY_ID["python.pytest-no-such-path"]
    text = "ERROR: file or directory not found: tests/unit"
    failure = Failure(id="f", tool="make", kind=FailureKind.OTHER, message=text, fingerprint="p")
    own = Library((entry,))
    assert own.match(failure) == ()
    assert own.match(failure.model_copy(update={"tool": "pytest"}))[0].id == entry.pattern.id
    typed = entry.pattern.model_copy(update={"tools": (), "kinds": (FailureKind.TEST,)})
    assert Library((Entry("python", typed, {}),)).match(failure) == ()


def test_names_out_of_a_log_are_quoted_and_never_options() -> None:
    assert command("pip install {name}", {"name": "a; rm -rf ~"}) == "pip install 'a; rm -rf ~'"
    assert command("pip install {name}", {"name": "--index-url=http://x"}) is None
    assert command("pip install[ {name}]", {}) == "pip install"
    assert command("pip install {name}", {}) is None
    assert command("python -c 'import {name}'", {"name": "json"}) == "python -c 'import json'"
    assert command("python -c 'import {name}'", {"name": "a' ; rm -rf ~ '"}) is None


def test_a_message_of_any_length_is_looked_at_in_part() -> None:
    text = "x" * 5_000_000 + "\nModuleNotFoundError: No module named 'yaml'"
    assert shipped().match(text) == ()
    assert shipped().match("") == ()
    assert shipped().match("\n" * 100 + "ModuleNotFoundError: No module named 'yaml'")[0].id.startswith("python.")


def test_the_limit_is_kept() -> None:
    text = "\n".join(entry.pattern.example for entry in ENTRIES[:5])
    assert len(shipped().match(text, 2)) == 2
