"""One file an origin: what the user names comes in, an execution record goes out, the same type whatever it was."""
