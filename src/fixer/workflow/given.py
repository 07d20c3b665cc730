"""What a workflow run was started with: enough to go on with it in another process."""

from fixer.schema.base import Record
from fixer.schema.settings import Settings
from fixer.schema.workflow import Workflow


class Given(Record):
    """The input of one run, as the journal keeps it; the file may change meanwhile, the run does not."""

    workflow: Workflow
    workflow_path: str
    """Absolute path of the file."""
    repository: str
    """Absolute path of the project's top folder."""
    settings: Settings
    argument: str | None = None
    """What $ARG stands for; None: it was not given."""
