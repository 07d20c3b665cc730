"""From a failure to a command that shows it here: one file a test runner or checker."""
