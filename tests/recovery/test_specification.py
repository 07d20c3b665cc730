from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.recovery import describe
from fixer.recovery.specification import text_of, write
from fixer.redact import Masker
from fixer.schema.command import CommandResult, Ending, Rung
from fixer.schema.recovery import ErrorContext
from fixer.schema.root_cause import RootCause
from tests.repositories import commit, git, make_repository
from tests.repositories import write as lay

TOKEN = "s3cr3t-t0ken-of-a-user"


def failed(stdout: str = "", stderr: str = "", argv: tuple[str, ...] = ("make", "check")) -> CommandResult:
    return CommandResult(
        argv=argv, cwd=".", ending=Ending.EXITED, exit_code=2, stdout=stdout, stderr=stderr, seconds=1.5,
        rung=Rung.PROCESS_GROUP,
    )  # fmt: skip


def context(root: Path, result: CommandResult, env: dict[str, str] | None = None) -> ErrorContext:
    masker = Masker({"API_TOKEN": TOKEN})
    return describe("lint", "analysis", result, root / "sub", env or {}, repository=root, mask=masker.mask)


def test_everything_that_is_known_stands_in_the_file_out_of_gits_sight(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "project", {"a.py": "1\n"})
    commit(root, {"b.py": "2\n"}, "Add b")
    lay(root, {"c.py": "3\n"})
    trace = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n'
    trace += "ModuleNotFoundError: No module named 'x'\n"
    said = context(root, failed("some output", trace), {"RUSTFLAGS": "-g", "API_TOKEN": TOKEN})

    path = write(said, root)

    text = path.read_text(encoding="utf-8")
    assert said.root_cause is RootCause.MISSING_DEPENDENCY
    for part in ("make check", "exit code 2", "1.50 s", "some output", trace.strip(), "RUSTFLAGS=-g", "Add b", "c.py"):
        assert part in text, part
    assert str(root / "sub") in text
    assert "API_TOKEN" not in text
    assert path.parent == root / ".fixer" / "errors"
    assert git(root, "status", "--porcelain") == "?? c.py"
    assert write(said, root) == path


def test_secrets_are_masked_wherever_they_were_printed(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "project", {"a.py": "1\n"})
    said = context(root, failed(TOKEN, f"x{TOKEN}", ("curl", TOKEN)), {"URL": f"https://u:{TOKEN}@host"})

    assert TOKEN not in text_of(said)


@given(st.text(alphabet="`~#- \n\x1b]0;[]<>!*_|x", max_size=60))
@settings(max_examples=60, deadline=None)
def test_hostile_output_stays_inside_of_its_fence(text: str) -> None:
    said = ErrorContext(
        subject="lint", phase="analysis", result=failed(text, text), at="2026-01-01T00:00:00+00:00", folder="/x",
        changed_files=(text,), recent_commits=(text,),
    )  # fmt: skip

    lines = text_of(said).splitlines()

    fence = ""
    headings = []
    for line in lines:
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.removesuffix("text")
        elif line.startswith("#"):
            headings.append(line)
    assert not fence
    assert headings == [
        "# lint failed", "## What went wrong", "## Standard output", "## Standard error", "## Environment",
        "## Recent commits", "## Changed files", "## Done when",
    ]  # fmt: skip
    assert "\x1b" not in text_of(said)
