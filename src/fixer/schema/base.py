"""The root of every type in `schema`: frozen, strict about unknown keys, JSON in and out."""

import hashlib

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION = 1
"""Version of the JSON that fixer prints and stores; it rises when a key changes its meaning or goes away."""


class Record(BaseModel):
    """A frozen value that can be stored as JSON and read back unchanged."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


def content_id(*parts: str) -> str:
    """Return an id made of content: the same parts give the same id, in any process, at any time."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]
