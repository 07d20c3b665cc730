"""A red CI build in, a verified fix out, or the evidence of why there is none."""

__version__ = "0.1.0"
