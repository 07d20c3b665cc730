"""A record whose keys are described by the docstrings below them, in the JSON Schema that is made of it."""

from itertools import pairwise
from typing import Any

from pydantic import GetJsonSchemaHandler

from fixer.schema.base import Record


class Described(Record):
    """A record for files that users write: `fixer schema` prints what its source says of each key.

    As pydantic's `use_attribute_docstrings` does, which reads the source at every import: milliseconds for each class
    that each command would pay for.
    """

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema with the descriptions put in; without them where the source is not at hand."""
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema)["properties"]
        for name, text in _docstrings(cls).items():
            key = cls.model_fields[name].alias or name
            properties[key if key in properties else name].setdefault("description", text)
        return schema


def _docstrings(cls: type) -> dict[str, str]:
    """Return name -> docstring of the fields in a class's own body."""
    import ast  # noqa: PLC0415 - only where a schema is printed
    import inspect  # noqa: PLC0415

    try:
        whole = ast.parse(inspect.getsource(cls)).body[0]
    except OSError:
        return {}
    assert isinstance(whole, ast.ClassDef)
    return {
        field.target.id: inspect.cleandoc(said.value.value)
        for field, said in pairwise(whole.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant) and isinstance(said.value.value, str)
    }
