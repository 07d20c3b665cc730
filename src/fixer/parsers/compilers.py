"""Compilers and checkers that print `file:line:column: error: message` or the like: Swift, Solidity, Dart, Zig, GHC."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_FILE = r"(?P<file>(?:[A-Za-z]:)?[\w./\\@+-]{1,300}\.\w{1,8})"
_COMPILE = (FailureKind.COMPILE, RootCause.COMPILE_ERROR)


class Compilers(LineParser):
    """See the module."""

    tool: ClassVar[str] = "compilers"
    rank: ClassVar[int] = 30
    needles: ClassVar[tuple[str, ...]] = (
        *(
            ": error: ",
            ": Error: ",
            "error • ",
            "error - ",
            "Error (",
            "ERROR|",
            ": fatal error: ",
            ": error(",
            "SyntaxError: ",
        ),
        *("Compiler run failed", "ParserError", "DeclarationError", "TypeError: ", "Compilation failed", ": error ["),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        # dart analyze: `error - lib/a.dart:3:5 - message - code` and `error • message • lib/a.dart:3:5 • code`
        Rule(
            re.compile(rf"\s*error - {_FILE}:(?P<line>\d+):(?P<column>\d+) - (?P<message>.+) - (?P<code>\w+)$"),
            FailureKind.LINT,
            RootCause.LINT,
        ),
        Rule(
            re.compile(rf"\s*error • (?P<message>.+) • {_FILE}:(?P<line>\d+):(?P<column>\d+) • (?P<code>\w+)$"),
            FailureKind.LINT,
            RootCause.LINT,
        ),
        # solc: `Error (7576): Undeclared identifier.`
        Rule(re.compile(r"(?:\w*Error|Error) \((?P<code>\d{4})\): (?P<message>.+)"), *_COMPILE),
        Rule(
            re.compile(rf"{_FILE}:(?P<line>\d+):(?P<column>\d+): (?P<message>(?:Parser|Declaration|Type)Error: .+)"),
            *_COMPILE,
        ),
        Rule(re.compile(r"(?:Error: )?(?P<message>Compiler run failed:?.*)"), *_COMPILE),
        # Swift, Zig, GHC, Vala, Nim, D, OCaml, protoc …
        Rule(
            re.compile(
                rf"{_FILE}[:(](?P<line>\d+)[:,](?P<column>\d+)(?:-\d+)?\)?: (?:fatal )?[Ee]rror(?: ?[:([]"
                rf"(?P<message>.+))"
            ),
            *_COMPILE,
        ),
        Rule(re.compile(rf"{_FILE}:(?P<line>\d+): (?:fatal )?[Ee]rror: (?P<message>.+)"), *_COMPILE),
        # parsers of interpreted languages
        Rule(
            re.compile(
                r"(?:\S+: )?(?P<message>SyntaxError: (?:Unexpected (?:token"
                r"|end|identifier)).*)"
            ),
            *_COMPILE,
        ),
    )


PARSER: type[Parser] = Compilers
