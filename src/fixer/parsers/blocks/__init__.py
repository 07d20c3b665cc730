"""What parsers read as a whole: the parts of one failure that stand together in a log."""
