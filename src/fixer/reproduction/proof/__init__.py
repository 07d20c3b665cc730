"""What a run showed, how often it shows it, and how that is written down."""
