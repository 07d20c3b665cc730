"""Text that shows something else than it does: invisible characters, odd encodings, code made of strings."""

import ast
import re
from collections.abc import Iterator

from fixer.verification.change import Change
from fixer.verification.places import is_python
from fixer.verification.python_source import Suspect, calls, new_constructs, python_files
from fixer.verification.tampering.base import Finding

RULE = "hidden-code"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u00ad\ufeff\U000e0000-\U000e007f]")
"""Bidirectional overrides, zero-width characters and tags (the Trojan Source attack, CVE-2021-42574)."""
_CODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_PLAIN = {"utf-8", "utf8", "ascii", "latin-1", "latin1", "iso-8859-1", "iso-8859-15", "cp1252", "us-ascii"}
_DYNAMIC = {"exec", "eval", "compile", "builtins.exec", "builtins.eval", "builtins.compile", "marshal.loads",
            "pickle.loads", "runpy.run_path", "runpy.run_module", "types.FunctionType", "types.CodeType",
            "code.interact", "importlib.util.spec_from_file_location", "types.ModuleType"}  # fmt: skip
_LOADERS = {"__import__", "importlib.import_module", "builtins.__import__"}
_COMMANDS = {"os.system", "os.popen", "subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_call",
             "subprocess.check_output", "subprocess.getoutput", "pty.spawn", "os.fork"}  # fmt: skip
_TOOLS = re.compile(r"\b(pytest|unittest|conftest|tests?/)")


def findings(change: Change) -> Iterator[Finding]:
    """Yield invisible characters and code made while it runs."""
    for file in change.files:
        for number, line in file.added:
            if (seen := _INVISIBLE.search(line)) and not (seen.group() == "\ufeff" and number == 1):
                code = f"U+{ord(seen.group()):04X}"
                yield Finding(RULE, file.path, number, f"an invisible character ({code}) makes the text lie")
            coding = _CODING.match(line) if number <= 2 and is_python(file.path) else None
            if coding and coding.group(1).lower().replace("_", "-") not in _PLAIN:
                yield Finding(RULE, file.path, number, f"the encoding {coding.group(1)} can hide code")
        if is_python(file.path) and file.after:
            yield from _strange_letters(file.path, file.added)
    for tests in (False, True):
        for path, place, why in new_constructs(python_files(change, tests=tests), _suspects):
            yield Finding(RULE, path, place, why)


def _strange_letters(path: str, added: tuple[tuple[int, str], ...]) -> Iterator[Finding]:
    """Yield names that mix ASCII and other letters: they look like another name (outside of strings and comments)."""
    for number, line in added:
        code = re.sub(r"(\"[^\"]*\"|'[^']*'|#.*)", "", line)
        for word in re.findall(r"[^\W\d]\w*", code):
            letters = [letter for letter in word if letter.isalpha()]
            if any(letter.isascii() for letter in letters) and any(
                "\u0370" <= letter <= "\u052f" for letter in letters
            ):
                yield Finding(RULE, path, number, f"the name {word!r} mixes alphabets to look like another")


def _suspects(tree: ast.Module) -> Iterator[Suspect]:
    for call, name in calls(tree):
        if name in _DYNAMIC:
            key = "" if name.endswith(("exec", "eval")) else name  # an old call may be given other arguments
            yield Suspect(call, f"a new call of {name} runs code that the patch does not show", key=key)
        elif name in _LOADERS and not _plain_name(call):
            yield Suspect(call, f"a new call of {name} loads a module that the patch does not show")
        elif name in {"getattr", "builtins.getattr"} and _reaches_under(call):
            yield Suspect(call, f"`{ast.unparse(call)}` reaches a hidden name")
        elif name in _COMMANDS and any(_TOOLS.search(word) for word in _words(call)):
            yield Suspect(call, f"a new call of {name} starts a tool that decides about the result")


def _words(call: ast.Call) -> list[str]:
    return [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _plain_name(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    named = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return named and not re.match(r"(_?pytest|unittest|builtins|sys|os|tests?|conftest)\b", _words(call)[0])


def _reaches_under(call: ast.Call) -> bool:
    if len(call.args) < 2:
        return False
    name = call.args[1]
    if isinstance(name, ast.Constant):
        return isinstance(name.value, str) and name.value in {"_exit", "exit", "modules", "environ", "_getframe"}
    return isinstance(name, ast.BinOp | ast.Call) and "_" in "".join(_words(call)) and bool(_words(call)[1:])
