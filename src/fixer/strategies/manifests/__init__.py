"""Where projects declare what they depend on: read, and added to without touching anything else."""
