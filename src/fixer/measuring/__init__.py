"""How good a model or a prompt is: cases with a known bug go in, what fixer made of each with it comes out."""
