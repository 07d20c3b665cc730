"""One file a command: options in, one call, print."""
