"""What docs/explain.md shows is what a user gets who types it, in order, in one empty folder."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.conftest import Fixer

PAGE = Path(__file__).parents[2] / "docs" / "explain.md"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_REPLACED = re.compile(r"printf '(?P<text>[^']*)' > (?P<name>[\w.]+)")


def test_the_page_shows_what_happens(fixer: Fixer, tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    folder.mkdir()
    blocks = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert blocks
    for language, block in blocks:
        if named := re.match(r"# file: ([\w./-]+)\n", block):
            (folder / named[1]).write_text(block[named.end() :], encoding="utf-8")
        elif language == "console":
            for command, shown in typed(block):
                assert_shown(fixer, folder, command, shown)


def typed(block: str) -> list[tuple[str, str]]:
    """Return the commands of a block, each with the output that is shown below it."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    assert not parts[0].strip(), "a block begins with a command"
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts[1:])]


def assert_shown(fixer: Fixer, folder: Path, command: str, shown: str) -> None:
    if written := _REPLACED.fullmatch(command):
        (folder / written["name"]).write_text(written["text"].replace("\\n", "\n"), encoding="utf-8")
        return
    if command.startswith("for "):
        as_typed = f'fixer() {{ "{sys.executable}" -m fixer "$@"; }}; {command}'
        subprocess.run(["bash", "-euc", as_typed], cwd=folder, check=True, capture_output=True)
        return
    program, *words = shlex.split(command)
    assert program == "fixer", command
    ran = fixer(*words, cwd=folder)
    assert ran.code == 0, f"{command}: {ran.stderr}"
    lines = [".*" if line == "…" else re.escape(line).replace("…", "[^\n]*") for line in shown.strip("\n").split("\n")]
    wanted = r"\n".join(lines) if shown.strip() else ".*"
    assert re.fullmatch(wanted, ran.stdout.strip("\n"), re.DOTALL), f"$ {command}\n{ran.stdout}"
