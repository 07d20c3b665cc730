"""Where executions come from: one file an origin."""
