"""The types that travel: one module an arrow of the pipeline. They import nothing else of fixer."""
