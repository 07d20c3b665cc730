"""C and C++ compilers and linkers: gcc, clang, clang-tidy, MSVC, ld."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_ENDINGS = r"c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|ipp|inc|m|mm|cu|cuh|S|s|f90|F90|l|y"
_FILE = rf"(?P<file>(?:[A-Za-z]:)?[^\s:(][^:(]{{0,300}}\.(?:{_ENDINGS}))"
_PLACE = rf"(?:In file included from )?{_FILE}:(?P<line>\d+)(?::(?P<column>\d+))?"
_MSVC = rf"(?:\s*\d+>)?{_FILE}\((?P<line>\d+)(?:,(?P<column>\d+))?\)\s?:"
_WIN_FILE = r"(?P<file>(?:[A-Za-z]:)?[^\s:(][^:(]{0,300}\.\w+)"


class Gcc(LineParser):
    """See the module."""

    tool: ClassVar[str] = "gcc"
    needles: ClassVar[tuple[str, ...]] = (
        *("error: ", "error C", "error LNK", "rror LNK", "undefined reference to", "cannot find -l", "ld returned "),
        *("Undefined symbols for architecture", "-warnings-as-errors]", "symbol(s) not found"),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(rf"{_PLACE}: fatal error: (?P<message>[^\s:]+: No such file or directory)"),
            FailureKind.COMPILE,
            RootCause.MISSING_DEPENDENCY,
        ),
        Rule(
            re.compile(
                rf"{_PLACE}: (?:error|warning): (?P<message>.+) \[(?P<code>[\w.-]+)(?:,[\w.-]+)*,-warnings-as-errors\]$"
            ),
            FailureKind.LINT,
            RootCause.LINT,
        ),
        Rule(
            re.compile(rf"{_PLACE}: error: (?P<message>.+) \[(?P<code>-Wclang-format-\w+)\]$"),
            FailureKind.FORMAT,
            RootCause.LINT,
        ),
        Rule(
            re.compile(rf"{_PLACE}: (?:fatal )?error: (?P<message>.+?)(?: \[(?P<code>-W[^\]]+)\])?$"),
            FailureKind.COMPILE,
            RootCause.COMPILE_ERROR,
        ),
        Rule(
            re.compile(rf"{_MSVC} (?:fatal )?error (?P<code>C\d{{4}}): (?P<message>.+)"),
            FailureKind.COMPILE,
            RootCause.COMPILE_ERROR,
        ),
        Rule(
            re.compile(r"(?:\s*\d+>)?.{0,300}? ?: (?:fatal )?error (?P<code>LNK\d{4}): (?P<message>.+)"),
            FailureKind.COMPILE,
            RootCause.COMPILE_ERROR,
        ),
        Rule(
            re.compile(r".{0,400}?: (?P<message>undefined reference to .+)"),
            FailureKind.COMPILE,
            RootCause.COMPILE_ERROR,
        ),
        Rule(
            re.compile(r".{0,200}?ld(?:\.\w+)?(?:: error)?: (?P<message>cannot find -l[\w.+-]+)"),
            FailureKind.COMPILE,
            RootCause.MISSING_DEPENDENCY,
        ),
        Rule(re.compile(r"Undefined symbols for architecture .+"), FailureKind.COMPILE, RootCause.COMPILE_ERROR),
    )


PARSER: type[Parser] = Gcc
