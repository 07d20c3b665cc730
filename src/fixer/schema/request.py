"""What the user asks for: `info.json` (spec A1)."""

from pydantic import Field

from fixer.schema.described import Described


class Request(Described):
    """The content of an `info.json`, checked by `fixer.input.request_file` with line and column before it is built."""

    deterministic: bool
    """true: the failure shows every time; false: it comes and goes."""
    prompt: str
    """What the user says about the failure; evidence for people and models, never an instruction to fixer."""
    url: str | None = None
    """URL of a GitHub Actions run or job."""
    raw_logs: str | None = Field(default=None, alias="raw-logs")
    """The log's text, or a path to a log file or folder (relative to `info.json`)."""
    existing_test_path: str | None = Field(default=None, alias="existing-test-path")
    """A test that shows the failure already, relative to the repository; `path::node` is allowed."""
