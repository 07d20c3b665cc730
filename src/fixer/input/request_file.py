"""Takes the path of an `info.json` and returns the request in it, or every problem with its line and column."""

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from fixer.errors import ConfigError
from fixer.input.json_shape import article, checked
from fixer.input.json_text import JsonSyntaxError, read
from fixer.input.nodes import Member, Node
from fixer.input.problems import nearest, position_of
from fixer.schema.request import Request

MAX_BYTES = 1024 * 1024
"""An `info.json` is written by hand; a log that is larger belongs into a file of its own."""
KEYS = tuple(field.alias or name for name, field in Request.model_fields.items())
REQUIRED = ("deterministic", "prompt")
HINT = "`fixer schema info` prints what may stand there; `fixer init` writes a first one"
_ACTIONS_URL = re.compile(
    r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?/[\w.-]+/[\w.-]+/"
    r"(?:actions/runs/\d+(?:/attempts/\d+)?(?:/jobs?/\d+)?|runs/\d+)/?(?:\?[^\s#]*)?(?:#\S*)?",
    re.ASCII,
)
_YAML_START = re.compile(r"(?m)^(?:---|- |[A-Za-z_$][\w -]*:(?:\s|$))")
_YAML_IN_BRACES = re.compile(r"\{\s*commands\s*:")
_PATH_LIKE = re.compile(r"[\w.@+-]+|\S*[/\\]\S*|~\S*|[^:]*[\w)]\.(?:log|txt|out|zip|gz|json|xml)")


class Kind(StrEnum):
    """What a file given to `fixer run` is."""

    REQUEST = "request"
    WORKFLOW = "workflow"


def kind_of(path: Path) -> Kind:
    """Tell `info.json` from workflow YAML by content (spec A2); what is neither counts as a request and fails there.

    Raises:
        ConfigError: the file cannot be read.
    """
    kind = _kind(data := _load(path))
    # An empty file says nothing of itself but its name.
    return Kind.WORKFLOW if not data.strip() and path.suffix in {".yml", ".yaml"} else kind


def _kind(data: bytes) -> Kind:
    text = data.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("{"):
        try:
            members = read(text).members or ()
        except JsonSyntaxError:
            return Kind.WORKFLOW if _YAML_IN_BRACES.match(text) else Kind.REQUEST
        keys = {member.key for member in members}
        return Kind.WORKFLOW if "commands" in keys and not keys & set(KEYS) else Kind.REQUEST
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("#", "//")))
    starts_as_json = lines.lstrip()[:1] in {"{", "[", '"', ""}
    return Kind.WORKFLOW if not starts_as_json and _YAML_START.search(lines) else Kind.REQUEST


def read_request(path: Path, repository: Path | None = None) -> Request:
    """Read and check an `info.json`; nothing is run and nothing is written.

    Args:
        path: the file.
        repository: top folder for `existing-test-path`; None: the one that holds `path`, else the current folder's.

    Raises:
        InputError: with every problem in the file.
        ConfigError: the file cannot be read, or is a workflow.
    """
    data = _load(path)
    if _kind(data) is Kind.WORKFLOW:
        raise ConfigError(
            f"{path} is a workflow, and an info.json is wanted here",
            f"`fixer run {shlex.quote(str(path))}` runs a workflow",
        )
    top = repository or _repository_of(path.absolute().parent) or _repository_of(Path.cwd())
    return parse_request(data, str(path), path.absolute().parent, top)


def parse_request(data: bytes, file: str, folder: Path, repository: Path | None) -> Request:
    """Check the bytes of an `info.json`.

    Args:
        data: the file's content.
        file: its name in messages.
        folder: what a relative `raw-logs` path is relative to.
        repository: what `existing-test-path` is relative to; None: only its form is checked.

    Raises:
        InputError: with every problem.
    """
    node = checked(data, file, HINT, lambda text, node: _Check(text, folder, repository).everything(node))
    return Request.model_validate({member.key: member.value.value for member in node.members or ()})


def resolve_log_path(value: str, folder: Path) -> Path | None:
    """Return the path that a `raw-logs` value means, or None where the value is the log's own text.

    A value of one line is a path when it exists (relative to `folder`, the place of `info.json`, or to the current
    folder), or when it can hardly be anything else: one word, or one that ends like a log file.
    """
    text = value.strip()
    if not text or len(text) > 1024 or re.search(r"[\n\r\0]", text):
        return None
    try:
        named = Path(text).expanduser()
    except RuntimeError:  # `~name` of nobody
        named = Path(text)
    found = next((place for place in (folder / named, Path.cwd() / named) if _exists(place)), None)
    return found or (folder / named if _PATH_LIKE.fullmatch(text) else None)


def _load(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ConfigError(f"{path} is a folder, and a file is wanted", f"name the file in it: {path / 'info.json'}")
        if re.match(r"https?:/", str(path)):
            url = str(path).replace(":/", "://", 1)
            raise ConfigError(
                f"{url} is an address, and a file is wanted",
                f'write it into an info.json: {{"deterministic": true, "prompt": "…", "url": "{url}"}}',
            )
        if not path.exists():
            first = "`fixer init` writes a first info.json, `fixer init --workflow` a first workflow"
            raise ConfigError(f"{path} does not exist", f"name a file that does; {first}")
        if not path.is_file():
            raise ConfigError(f"{path} is not a regular file", "copy it into a file and name that")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(
            f"{str(path)[:200]} could not be read: {why}", "check its name and its rights: ls -l"
        ) from error
    if len(data) > MAX_BYTES:
        raise ConfigError(
            f"{path}:1:1: the file is larger than {MAX_BYTES // 1024} KiB",
            "keep the log in a file of its own and write its path under raw-logs",
        )
    return data


def _repository_of(folder: Path) -> Path | None:
    return next((top for top in (folder, *folder.parents) if _exists(top / ".git")), None)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError, RuntimeError):
        # A name that the file system cannot hold is a name of nothing.
        return False


_Found = tuple[int, str, str]
"""Offset, what is wrong, what to write instead."""


@dataclass(frozen=True)
class _Check:
    text: str
    folder: Path
    repository: Path | None

    def everything(self, node: Node) -> Iterator[_Found]:
        if node.members is None:
            yield node.offset, f"an info.json is an object, this is {article(node)}", '{"deterministic": true, …}'
            return
        seen: dict[str, Member] = {}
        for member in node.members:
            if member.key not in KEYS:
                yield self.unknown(member, {other.key for other in node.members})
            elif member.key in seen:
                line = position_of(self.text, seen[member.key].offset).line
                yield member.offset, f"'{member.key}' stands here for a second time; the first is in line {line}", "one"
            else:
                seen[member.key] = member
                yield from self.value(member)
        yield from self.together(node, seen)

    def unknown(self, member: Member, present: set[str]) -> _Found:
        near = nearest(member.key, [key for key in KEYS if key not in present] or KEYS)
        instead = f'"{near}"' if near else f"one of {', '.join(KEYS)}; or remove it"
        return member.offset, f"'{member.key[:60]}' is not a key of info.json", instead

    def together(self, node: Node, seen: dict[str, Member]) -> Iterator[_Found]:
        for key in REQUIRED:
            if key not in seen:
                example = "true or false" if key == "deterministic" else '"what went wrong, in your words"'
                yield node.offset, f"the key '{key}' is missing", f'"{key}": {example}'
        if "url" in seen and "raw-logs" in seen:
            second = max(seen["url"], seen["raw-logs"], key=lambda member: member.offset)
            yield second.offset, "'url' and 'raw-logs' stand together; the log comes from one of them", "keep one"
        if not {"url", "raw-logs", "existing-test-path"} & set(seen):
            message = (
                "nothing says where the failure can be seen: 'url', 'raw-logs' and 'existing-test-path' are missing"
            )
            yield node.offset, message, '"raw-logs": "path/to/build.log"'

    def value(self, member: Member) -> Iterator[_Found]:
        node = member.value
        if member.key == "deterministic":
            if not isinstance(node.value, bool):
                yield self.not_boolean(node)
            return
        if not isinstance(node.value, str):
            raw = self.text[node.offset : node.end]
            instead = f'"{raw}"' if node.kind in {"number", "boolean"} else "a string in double quotes"
            instead = "a string, or leave the key out" if node.kind == "null" else instead
            yield node.offset, f"'{member.key}' takes a string, this is {article(node)}", instead
        elif not node.value.strip():
            yield node.offset, f"'{member.key}' is empty", _WHEN_EMPTY[member.key]
        elif "\0" in node.value:
            yield node.offset, f"'{member.key}' holds a NUL character", "the text without it"
        elif member.key == "url":
            yield from _check_url(node.offset, node.value)
        elif member.key == "raw-logs":
            yield from self.raw_logs(node.offset, node.value)
        elif member.key == "existing-test-path":
            yield from self.test_path(node.offset, node.value)

    def not_boolean(self, node: Node) -> _Found:
        raw = self.text[node.offset : node.end]
        message = f"'deterministic' is true or false, this is {article(node)}"
        if isinstance(node.value, str) and node.value.strip().lower() in {"true", "false"}:
            right = node.value.strip().lower()
            return node.offset, f"'deterministic' is true or false; {raw} is a string", f"{right}, without the quotes"
        if node.kind == "number" and node.value in {0.0, 1.0}:
            return node.offset, message, "true" if node.value else "false"
        return node.offset, message, "true if the failure shows every time, false if it comes and goes"

    def raw_logs(self, offset: int, value: str) -> Iterator[_Found]:
        path = resolve_log_path(value, self.folder)
        if path is not None and not _exists(path):
            yield (
                offset,
                f"'raw-logs' names {value[:200]}, which does not exist in {self.folder}",
                "a path relative to info.json that exists, or the log's text with its line breaks as \\n",
            )
        elif path is not None and not (path.is_file() or path.is_dir()):
            yield (
                offset,
                f"'raw-logs' names {value[:200]}, which is neither a file nor a folder",
                "copy it into a file and name that",
            )
        elif path is not None and not os.access(path, os.R_OK):
            yield offset, f"'raw-logs' names {value[:200]}, which cannot be read", f"chmod u+r {value[:200]}"

    def test_path(self, offset: int, value: str) -> Iterator[_Found]:
        name = value.partition("::")[0]
        path = PurePosixPath(name)
        instead = "a path relative to the repository: tests/test_cart.py or tests/test_cart.py::test_total"
        if not name.strip():
            yield offset, "'existing-test-path' names no file before '::'", instead
        elif path.is_absolute() or re.match(r"[A-Za-z]:[\\/]|~", name):
            yield offset, "'existing-test-path' is absolute", instead
        elif ".." in path.parts:
            yield offset, "'existing-test-path' leads out of its folder with '..'", instead
        elif self.repository is not None:
            yield from self.test_file(offset, name, self.repository)

    def test_file(self, offset: int, name: str, repository: Path) -> Iterator[_Found]:
        target = repository / name
        if not _exists(target):
            near = _nearest_file(target)
            instead = f"{near.relative_to(repository)}" if near else "the path of a test that exists"
            yield offset, f"'existing-test-path' names {name[:200]}, which does not exist in {repository}", instead
        elif not target.resolve().is_relative_to(repository.resolve()):
            yield offset, "'existing-test-path' leads out of the repository through a link", "a file inside of it"


_WHEN_EMPTY = {
    "prompt": '"what went wrong, in your words"',
    "url": "a URL of a GitHub Actions run, or leave the key out",
    "raw-logs": "the log's text or a path to it, or leave the key out",
    "existing-test-path": "a path relative to the repository, or leave the key out",
}


def _nearest_file(target: Path) -> Path | None:
    try:
        names = [entry.name for entry in target.parent.iterdir()]
    except (OSError, ValueError):
        return None
    near = nearest(target.name, names)
    return target.parent / near if near else None


def _check_url(offset: int, value: str) -> Iterator[_Found]:
    if _ACTIONS_URL.fullmatch(value):
        return
    message = f"'url' is not the address of a GitHub Actions run or job: {value[:200]}"
    if value.startswith("http://"):
        yield offset, message, "the same address with https://"
    elif _ACTIONS_URL.fullmatch(f"https://{value}"):
        yield offset, message, f'"https://{value}"'
    else:
        yield offset, message, "https://github.com/OWNER/REPOSITORY/actions/runs/NUMBER, as the browser shows it"
