"""What a run was started with: enough to start it again in another process."""

import shlex

from fixer.schema.base import Record
from fixer.schema.request import Request
from fixer.schema.settings import Settings


class Given(Record):
    """The input of one run, as the journal keeps it."""

    request: Request
    request_path: str
    """Absolute path of the `info.json`."""
    repository: str
    """Absolute path of the repository's top folder."""
    settings: Settings
    head: str
    """The commit that was checked out when the run was started."""
    branch: str
    """The branch that was checked out; empty on a detached HEAD."""
    commit: str = ""
    """`--commit`: the commit that failed; empty: the one that the log names, else `head`."""
    green: str = ""
    """`--green`: a commit on which it still worked; empty: searched for."""
    commit_here: bool = False
    """`--commit-here`: the reproduction is committed on the user's branch."""

    @property
    def again(self) -> str:
        """What to type to run the same input again."""
        return f"fixer run {shlex.quote(self.request_path)}"
