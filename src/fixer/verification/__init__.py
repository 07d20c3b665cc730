"""The gate: what a patch must pass before anything is claimed of it."""
