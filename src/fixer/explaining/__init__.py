"""Failed executions explained: a record comes in, why it failed and what would mend it goes out."""
