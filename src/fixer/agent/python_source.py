"""Python source that anybody may have written goes in, its syntax tree or why there is none comes out."""

import ast
import warnings


def parse(text: str) -> ast.Module | str:
    """Return the tree, or where and why the text does not parse; what Python warns of is not printed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"{type(error).__name__}: {error}"
