"""Static reading of a Python project: its files go in; modules, names, uses and edits of them come out."""
