"""The log of a workflow run: each step with its whole masked output, as a CI log that `fixer logs` reads."""

from pathlib import Path

from fixer.reporters.quoting import command_line
from fixer.schema.command import CommandResult

FILE = "workflow.log"


class RunLog:
    """Appends to the file; what an earlier, killed process wrote stays."""

    def __init__(self, path: Path) -> None:
        """Count what is there."""
        self.path = path
        self._lines = 0
        if path.exists():
            with path.open("rb") as file:
                self._lines = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))

    def append(self, name: str, result: CommandResult, exit_code: int) -> tuple[int, int]:
        """Write one step's command, output and ending; return its first and last line, 1-based."""
        output = result.output.replace("\r\n", "\n").rstrip("\n")
        parts = [f"##[group]Run {command_line(result.argv)}", f"step: {name}", "##[endgroup]"]
        parts += [output] if output else []
        parts += [result.reason] if result.reason else []
        parts += [f"##[error]Process completed with exit code {exit_code}."] if exit_code else []
        text = "\n".join(parts) + "\n"
        with self.path.open("a", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
        first = self._lines + 1
        self._lines += text.count("\n")
        return first, self._lines
