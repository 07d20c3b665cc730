"""What compilers suggest, read from their own words: one file a form, each giving suggestions."""
