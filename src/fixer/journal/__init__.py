"""The single source of truth: runs, steps, events and leases."""
