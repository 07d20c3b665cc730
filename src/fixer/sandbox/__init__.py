"""Runs commands: in their own process group, limited, without credentials, shut in where the machine can."""
