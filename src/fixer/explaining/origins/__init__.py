"""One file an origin: what the user names comes in, an execution record goes out, the same type whatever it was."""

CAUSE = "rootCause"
"""Key of the record's context that holds what the log's own reading found."""
