"""Where a fix goes: one file a place."""
