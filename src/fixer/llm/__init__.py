"""Asks language models: one file a kind, with retries, budgets and recording once around them all."""
