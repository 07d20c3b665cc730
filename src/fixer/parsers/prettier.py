"""prettier and biome: files whose format differs, and files that do not parse."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_FILE = re.compile(r"\[warn\] (\S.*\.\w{1,10})$")
_ISSUES = re.compile(
    r"\[(?:warn|error)\] (Code style issues .*|Forgot to run Prettier\?.*)|Error occurred when checking code style"
)
_BROKEN = re.compile(r"\[error\] (\S+?): (SyntaxError: .+?)(?: \((\d+):(\d+)\))?$")
_BIOME = re.compile(r"(\S+?)(?::(\d+):(\d+))? (format|organizeImports|assist/\S+|lint/\S+|parse)(?: +FIXABLE)? +━+$")
_STATED = re.compile(r"\s+[\u00d7✖] (.+)")


class Prettier:
    """See the module."""

    tool: ClassVar[str] = "prettier"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("[warn] ", "[error] ", "Error occurred when checking", " ━━━")

    def __init__(self) -> None:
        """Start before the first line."""
        self._files: list[tuple[str, LogLine]] = []
        self._biome: tuple[LogLine, re.Match[str]] | None = None

    @property
    def active(self) -> bool:
        """Whether biome's message is awaited."""
        return self._biome is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        if self._biome:
            opened, header = self._biome
            stated = _STATED.match(text)
            if stated or line.number > opened.number + 4:
                self._biome = None
            return [_by_biome(header, stated[1], line)] if stated else ()
        file, issues, broken, biome = (p.match(text) for p in (_FILE, _ISSUES, _BROKEN, _BIOME))
        if biome:
            self._biome = (line, biome)
        elif broken:
            at = (int(broken[3]), int(broken[4])) if broken[3] else (None, None)
            cause = RootCause.COMPILE_ERROR
            return [
                new_failure(self.tool, FailureKind.COMPILE, broken[2], line, file=broken[1], at=at, root_cause=cause)
            ]
        elif file and len(self._files) < 500:
            self._files.append((file[1], line))
        elif issues:
            return self._unformatted(line, issues[1] or "")
        return ()

    def _unformatted(self, line: LogLine, message: str) -> Iterable[Failure]:
        files, self._files = self._files, []
        cause = RootCause.LINT
        if not files:
            return [new_failure(self.tool, FailureKind.FORMAT, message, line, code="format", root_cause=cause)]
        return [
            new_failure(
                self.tool,
                FailureKind.FORMAT,
                f"{file} is not formatted",
                where,
                file=file,
                code="format",
                root_cause=cause,
            )
            for file, where in files
        ]

    def finish(self) -> Iterable[Failure]:
        """Nothing is open that is a failure."""
        return ()


def _by_biome(header: re.Match[str], message: str, line: LogLine) -> Failure:
    lint = header[4].startswith("lint/")
    parse = header[4] == "parse"
    return new_failure(
        "prettier",
        FailureKind.COMPILE if parse else FailureKind.LINT if lint else FailureKind.FORMAT,
        message,
        line,
        file=header[1],
        at=(int(header[2]) if header[2] else None, int(header[3]) if header[3] else None),
        code=header[4],
        root_cause=RootCause.COMPILE_ERROR if parse else RootCause.LINT,
    )


PARSER: type[Parser] = Prettier
