"""Ways to make a patch, cheapest first: one file each."""
