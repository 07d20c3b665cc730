"""Requirements in `setup.py`: plain lists in `install_requires` and `extras_require`, edited with libcst."""

import ast
from typing import TYPE_CHECKING

from fixer.strategies.manifests.base import Group, Use, insertion, use_of

if TYPE_CHECKING:
    import libcst

_RUNTIME, _EXTRAS = "install_requires", "extras_require"


def read(path: str, text: str) -> list[Group]:
    """List the groups of a `setup.py` that are written as plain lists; the file is not run.

    Raises:
        ValueError: it is not Python.
    """
    groups = []
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise ValueError(f"{path}: {error}") from error
    for name, node in _lists(tree).items():
        entries = tuple(item.value for item in node.elts if isinstance(item, ast.Constant))
        place = f"{node.lineno}:{node.col_offset}"
        groups.append(Group(path, name, use_of(name) if name else Use.RUNTIME, tuple(map(str, entries)), place))
    return groups


def _lists(tree: ast.Module) -> dict[str, ast.List]:
    """Return the lists by group; a name stands for the list that was assigned to it at the top level."""
    assigned = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def resolve(node: ast.expr | None) -> ast.expr | None:
        return assigned.get(node.id) if isinstance(node, ast.Name) else node

    found: dict[str, ast.List] = {}
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] == "setup"):
            continue
        values = {keyword.arg: resolve(keyword.value) for keyword in call.keywords}
        if isinstance(runtime := values.get(_RUNTIME), ast.List):
            found[""] = runtime
        if isinstance(extras := values.get(_EXTRAS), ast.Dict):
            for key, value in zip(extras.keys, extras.values, strict=True):
                listed = resolve(value)
                if isinstance(key, ast.Constant) and isinstance(listed, ast.List):
                    found[str(key.value)] = listed
    return found


def add(text: str, group: Group, requirement: str) -> str:
    """Return the text with `requirement` in the group's list, written like its neighbours."""
    import libcst as cst  # noqa: PLC0415 - 200 ms that only an edit of setup.py pays
    from libcst.metadata import MetadataWrapper, PositionProvider  # noqa: PLC0415

    line, column = (int(part) for part in group.table.split(":"))
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)
    for node, position in positions.items():
        if isinstance(node, cst.List) and (position.start.line, position.start.column) == (line, column):
            changed = wrapper.module.deep_replace(node, _longer(node, requirement))
            return cst.ensure_type(changed, cst.Module).code
    raise ValueError(f"{group.path} has no list at line {line}")


def _longer(node: "libcst.List", requirement: str) -> "libcst.List":
    """Return the list with one more entry; quotes, commas and line breaks are taken from its neighbours."""
    import libcst as cst  # noqa: PLC0415

    items = list(node.elements)
    texts = [item.value for item in items if isinstance(item.value, cst.SimpleString)]
    quote = texts[0].quote if texts and len(texts[0].quote) == 1 else '"'
    entry = cst.Element(cst.SimpleString(f"{quote}{requirement}{quote}"))
    if not items:
        return node.with_changes(elements=[entry])
    names = [str(text.evaluated_value) for text in texts]
    place = insertion(names, requirement) if len(names) == len(items) else len(items)
    break_ = _break_before(node)
    between = cst.Comma(whitespace_after=break_)
    if place < len(items):
        items.insert(place, entry.with_changes(comma=between))
        return node.with_changes(elements=items)
    items.append(entry.with_changes(comma=items[-1].comma))
    closing = node.rbracket.whitespace_before
    if isinstance(closing, cst.ParenthesizedWhitespace) and isinstance(break_, cst.ParenthesizedWhitespace):
        # A comment behind the last entry stays with it.
        between = cst.Comma(whitespace_after=break_.with_changes(first_line=closing.first_line))
        bracket = closing.with_changes(first_line=cst.TrailingWhitespace())
        node = node.with_changes(rbracket=node.rbracket.with_changes(whitespace_before=bracket))
    items[-2] = items[-2].with_changes(comma=between)
    return node.with_changes(elements=items)


def _break_before(node: "libcst.List") -> "libcst.BaseParenthesizableWhitespace":
    """Return the white space before the first entry where it begins a line, else one space."""
    import libcst as cst  # noqa: PLC0415

    first = node.lbracket.whitespace_after
    if isinstance(first, cst.ParenthesizedWhitespace):
        return first.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
    return cst.SimpleWhitespace(" ")
