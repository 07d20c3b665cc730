"""How the failing command is found, in the log or the CI files, and read as data."""
