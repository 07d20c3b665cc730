"""The gate: a patch and its reproduction come in, a verdict with the runs that prove it goes out."""

from fixer.verification.gate import Bench, verify
from fixer.verification.passes import required_passes

__all__ = ["Bench", "required_passes", "verify"]
