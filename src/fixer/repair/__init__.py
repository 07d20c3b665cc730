"""`fixer run info.json`: the ordered stages of one run, from its input to its report."""

from fixer.repair.run import Finished, Options, resume, start

__all__ = ["Finished", "Options", "resume", "start"]
