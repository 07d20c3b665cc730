"""From the lines of a log to failures: one file a format."""
