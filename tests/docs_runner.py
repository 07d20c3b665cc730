"""A page of docs/ in; its files written, its commands run and their output compared with what the page shows, out.

- A block below a line with nothing but a name in backquotes and a colon is that file.
- In a block of the kind `console`, each line that begins with `$ ` is typed in a shell; the lines below it are all
  that it prints, where `…` stands for anything: within a line, or as a line of its own for any number of lines.
- Each heading of the second level begins in a fresh folder.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_SECTION = re.compile(r"^## .*$", re.MULTILINE)
_BLOCK = re.compile(r"(?:^`(?P<file>[^`\n]+)`:\n+)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SOURCE = Path(__file__).parents[1] / "src"
SECONDS = 120


@dataclass
class Command:
    """What is typed, and what the page says it prints."""

    typed: str
    expected: list[str] = field(default_factory=list)


def run_page(page: Path, folder: Path) -> int:
    """Run every section of a page below `folder`; return how many commands ran. A difference is an AssertionError."""
    environment = _environment(folder)
    ran = 0
    for number, section in enumerate(_SECTION.split(page.read_text(encoding="utf-8"))):
        place = folder / f"section-{number}"
        place.mkdir()
        for block in _BLOCK.finditer(section):
            if block["file"]:
                path = place / block["file"]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block["text"], encoding="utf-8")
            elif block["kind"] == "console":
                for command in _commands(block["text"]):
                    _compare(command, _type(command.typed, place, environment), page.name)
                    ran += 1
    return ran


def _commands(text: str) -> Iterator[Command]:
    command: Command | None = None
    for line in text.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command
            command = Command(line.removeprefix("$ "))
        elif command is not None:
            command.expected.append(line)
    if command is not None:
        yield command


def _environment(folder: Path) -> dict[str, str]:
    """Return a user's environment: `fixer` and `python` on the PATH, a git identity, no colours."""
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    program = bin_folder / "fixer"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{SOURCE}" exec "{sys.executable}" -m fixer "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = os.pathsep.join((str(bin_folder), str(Path(sys.executable).parent), os.environ["PATH"]))
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Dev"), ("EMAIL", "dev@project.example"))
    }
    kept = {name: value for name, value in os.environ.items() if name in {"HOME", "LANG", "CARGO_HOME", "RUSTUP_HOME"}}
    own = {"PATH": path, "NO_COLOR": "1", "COLUMNS": "160", "FIXER_WORKTREE_DIR": str(folder / "trees")}
    return {**kept, **own, **who, "PYTHONDONTWRITEBYTECODE": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def _type(command: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-c", f"{{ {command}\n}} 2>&1"], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False,
    )  # fmt: skip
    return done.stdout


def _compare(command: Command, printed: str, page: str) -> None:
    lines = [
        r"(?:.*\n)*?" if line.strip() == "…" else ".*".join(map(re.escape, line.rstrip().split("…"))) + r"[ ]*\n"
        for line in command.expected
    ]
    text = printed if not printed or printed.endswith("\n") else f"{printed}\n"
    # What takes long is said to go on; how long it takes is the machine's affair.
    text = re.sub(r"(?m)^ *\(still running, [^)\n]*\)\n", "", text)
    shown = "\n".join(command.expected)
    assert re.fullmatch("".join(lines), text), f"{page}: $ {command.typed}\nthe page:\n{shown}\nprinted:\n{text}"
