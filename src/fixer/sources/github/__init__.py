"""What the source `github_actions` is made of: addresses, the client, waiting, refusals, archives, the kept copy."""
