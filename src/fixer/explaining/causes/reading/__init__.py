"""What all causes read a failure with: words in many languages, names, services, and the fixes that they offer."""
