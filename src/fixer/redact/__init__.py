"""Takes secrets out of text before it is stored, shown or sent."""

from fixer.redact.masker import Masker

__all__ = ["Masker"]
