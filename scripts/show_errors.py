"""Make the errors of the pattern library again, with the real tools: `show_errors.py [NAME…] [--write]`.

`show_errors/ECOSYSTEM.sh` holds a block for each entry whose example is a run: `#: ENTRY` and the commands. Each block
runs in a fresh folder; its output has to be told as that entry. `--write` puts the lines that show the error, and the
tool's version, into the library. A block whose tool is not installed is left out and named.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from fixer.ci_log.clean import clean
from fixer.diagnosis.patterns import SHIPPED, Library, entries_of, shipped
from fixer.schema.pattern import PatternFile

BLOCKS = Path(__file__).parent / "show_errors"
HOSTS = re.compile(
    r"\b(?:[\w-]+\.)*(?:registry|pypi|npmjs|yarnpkg|crates|python[h]osted|maven|proxy\.golang|sum\.golang)(?:\.[\w-]+)*"
    r"\.(?:org|io|com)\b(?:/maven2)?"
)
"""Registries are named `registry.example` in the library."""
VERSIONS = {
    "go": ["go", "version"], "java": ["java", "--version"], "javac": ["javac", "--version"], "mvn": ["mvn", "-v"],
    "ssh": ["ssh", "-V"],
}  # fmt: skip
LONGEST = 9
"""Lines of an example."""


def blocks(file: Path) -> Iterator[tuple[str, str, str]]:
    """Yield each block: the entry, the program whose version is named, the commands."""
    for part in re.split(r"^#: ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        name, _, tool = head.partition(" with ")
        yield name.strip(), tool.strip(), body.strip()


def run(commands: str, tool: str) -> str | None:
    """Return what the commands print, without this machine's names; None where the tool is not installed."""
    if tool and shutil.which(tool) is None:
        return None
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "shop")
        folder.mkdir()
        env = os.environ | {
            "LC_ALL": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "CI": "true",
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_TERMINAL_PROMPT": "0",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com", "CARGO_TERM_COLOR": "never",
        }  # fmt: skip
        env.pop("PYTHONPATH", None)
        done = subprocess.run(
            ["bash", "-c", commands], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=180, check=False,
        )  # fmt: skip
        text = "\n".join(map(clean, done.stdout.decode("utf-8", "replace").splitlines()))
        for path in (str(folder.resolve()), str(folder)):
            text = text.replace(path, "/home/ci/shop")
        text = text.replace(str(Path(place).resolve()), "/home/ci")
        for folder in map(Path, os.environ["PATH"].split(":")):
            if not folder.is_relative_to("/usr") and len(folder.parts) > 2:
                text = text.replace(str(folder.parent), f"/home/ci/{folder.parent.name}")
        text = text.replace(str(Path.home()), "/home/ci")
    return HOSTS.sub("registry.example", text)


def version(tool: str) -> str:
    argv = VERSIONS.get(tool, [tool, "--version"])
    if shutil.which(argv[0]) is None:
        return tool
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    found = re.search(r"\d+(?:\.\d+)+", done.stdout.decode("utf-8", "replace"))
    return f"{tool} {found[0]}" if found else tool


def example(text: str, entry: str, library: Library) -> str:
    """Return the lines around the error; all of them where they are few."""
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    if len(lines) > LONGEST:
        pattern = next(one.pattern for one in library.entries if one.pattern.id == entry)
        found = re.search(pattern.pattern, text := "\n".join(lines), re.MULTILINE)
        assert found is not None
        first, last = text[: found.start()].count("\n"), text[: found.end()].count("\n")
        before = max(1, min(4, LONGEST - (last - first) - 2))
        lines = lines[max(0, first - before) : last + 2]
    return "\n".join(lines)


def write(entry: str, text: str, source: str) -> None:
    file = SHIPPED / f"{entry.partition('.')[0]}.toml"
    whole = file.read_text(encoding="utf-8")
    start = whole.index(f'id = "{entry}"\n')
    end = whole.find("\n[[pattern]]", start)
    end = len(whole) if end < 0 else end
    block = re.sub(r"^(?:example = '''.*?'''|source = .*?)\n", "", whole[start:end], flags=re.DOTALL | re.MULTILINE)
    assert "'''" not in text, entry
    block = f"{block.rstrip()}\nexample = '''\n{text}\n'''\nsource = \"{source}\"\n"
    file.write_text(whole[:start] + block + whole[end:], encoding="utf-8")


def library() -> Library:
    """Return the library, also where examples are still missing."""
    try:
        return shipped()
    except ValueError:
        entries = []
        for path in sorted(SHIPPED.glob("*.toml")):
            values = tomllib.loads(path.read_text(encoding="utf-8"))
            for one in values["pattern"]:
                one.setdefault("example", "-")
                one.setdefault("source", "-")
            entries += entries_of(PatternFile.model_validate(values))
        return Library(tuple(entries))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="entries, or the start of their ids; none: all")
    parser.add_argument("--write", action="store_true", help="put what was seen into the library")
    parser.add_argument("--show", action="store_true", help="print what the commands printed")
    given = parser.parse_args()
    known, wrong, left_out, seen = library(), 0, 0, 0
    for file in sorted(BLOCKS.glob("*.sh")):
        for name, tool, commands in blocks(file):
            if given.names and not any(name.startswith(start) for start in given.names):
                continue
            text = run(commands, tool)
            if text is None:
                left_out += 1
                print(f"{name}: left out, {tool} is not installed")
                continue
            seen += 1
            best = [match.id for match in known.match(text, 3)]
            if best[:1] != [name]:
                wrong += 1
                print(f"{name}: told as {best}; it printed:\n{text[-1500:]}")
            elif given.show:
                print(f"== {name}\n{text}")
            if best[:1] == [name] and given.write:
                last = commands.splitlines()[-1].replace("\\", "\\\\").replace('"', "'")
                write(name, example(text, name, known), f"run: {version(tool) if tool else 'bash'}: {last}")
    print(f"{seen} blocks ran, {wrong} not told as their entry, {left_out} left out")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
