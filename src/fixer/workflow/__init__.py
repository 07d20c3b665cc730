"""`fixer run workflow.yml`: the steps of one workflow, from its file to its report."""

from fixer.workflow.ready import refuse_unready
from fixer.workflow.route import remarks
from fixer.workflow.run import Finished, resume, start
from fixer.workflow.services import services_for

__all__ = ["Finished", "refuse_unready", "remarks", "resume", "services_for", "start"]
