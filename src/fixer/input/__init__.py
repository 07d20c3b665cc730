"""What users write: `info.json` and settings, read with line and column; every problem at once."""
