"""Whether two pieces of test code ask for the same: trees come in, the renames that tell them apart go out.

What linters rewrite without changing the meaning (bare `== None`, old names of unittest's assertions, annotations,
empty displays, unused names …) is brought to one form first.
"""

import ast
from dataclasses import dataclass

_OLD_NAMES = {
    "assertEquals": "assertEqual", "assertNotEquals": "assertNotEqual", "failUnlessEqual": "assertEqual",
    "failIfEqual": "assertNotEqual", "assertAlmostEquals": "assertAlmostEqual", "failUnless": "assertTrue",
    "assertNotAlmostEquals": "assertNotAlmostEqual", "failIf": "assertFalse", "assert_": "assertTrue",
    "failUnlessRaises": "assertRaises", "assertRaisesRegexp": "assertRaisesRegex", "assertItemsEqual":
    "assertCountEqual", "assertRegexpMatches": "assertRegex", "assertNotRegexpMatches": "assertNotRegex",
}  # fmt: skip
"""Names that unittest took away in Python 3.12 and before, and what they are called now."""
_AS_COMPARISON: dict[str, type[ast.cmpop]] = {
    "assertEqual": ast.Eq, "assertNotEqual": ast.NotEq, "assertIs": ast.Is, "assertIsNot": ast.IsNot,
    "assertIn": ast.In, "assertNotIn": ast.NotIn, "assertGreater": ast.Gt, "assertGreaterEqual": ast.GtE,
    "assertLess": ast.Lt, "assertLessEqual": ast.LtE,
}  # fmt: skip
_NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.In: ast.NotIn, ast.Is: ast.IsNot, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.IsNot: ast.Is, ast.NotIn: ast.In,
}  # fmt: skip


@dataclass(frozen=True)
class Rename:
    """One identifier that reads differently: a variable, an attribute, a keyword or a parameter."""

    kind: str
    old: str
    new: str


def normalised(tree: ast.Module) -> ast.Module:
    """Return the tree in the one form; the argument is used up."""
    form: ast.Module = _Normaliser().visit(tree)
    return ast.fix_missing_locations(form)


def same(old: object, new: object, renames: set[Rename]) -> bool:
    """Whether two parts of normalised trees are equal but for identifiers; those are added to `renames`."""
    if type(old) is not type(new):
        return False
    if isinstance(old, ast.AST):
        return all(_same_field(old, name, getattr(old, name, None), getattr(new, name, None), renames)
                   for name in old._fields)  # fmt: skip
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(same(*pair, renames) for pair in zip(old, new, strict=True))
    return old == new


_IDENTIFIERS = {("Name", "id"), ("Attribute", "attr"), ("keyword", "arg"), ("arg", "arg")}


def _same_field(owner: ast.AST, name: str, old: object, new: object, renames: set[Rename]) -> bool:
    if (type(owner).__name__, name) in _IDENTIFIERS and isinstance(old, str) and isinstance(new, str):
        if old != new:
            renames.add(Rename(type(owner).__name__, old, new))
        return True
    return name in {"ctx", "kind", "type_comment"} or same(old, new, renames)


class _Normaliser(ast.NodeTransformer):
    """Brings equal meanings to one form; imports are taken out, they are judged by what they bind."""

    def visit_Import(self, node: ast.Import) -> None:
        """Take it out."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Take it out."""

    def visit_Pass(self, node: ast.Pass) -> None:
        """Take it out; an empty body is filled again."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Take bare constants out (docstrings), and turn unittest's plain assertions into `assert`."""
        self.generic_visit(node)
        if isinstance(node.value, ast.Constant):
            return None
        if isinstance(node.value, ast.Call):
            return _as_assert(node.value) or node
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """Drop the message, which is for people."""
        self.generic_visit(node)
        return ast.Assert(test=node.test, msg=None)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Drop the annotation of a variable that has a value."""
        self.generic_visit(node)
        if node.value is None or not node.simple:
            return node
        return ast.Assign(targets=[node.target], value=node.value)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Drop the annotation."""
        return ast.arg(arg=node.arg, annotation=None)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Drop what has no effect in a function."""
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """Drop what has no effect in a function."""
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        self.generic_visit(node)
        node.decorator_list = [_plain_mark(decorator) for decorator in node.decorator_list]
        _Unused(node).visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Drop `object` as a base."""
        self.generic_visit(node)
        node.bases = [base for base in node.bases if not (isinstance(base, ast.Name) and base.id == "object")]
        node.body = node.body or [ast.Pass()]
        return node

    def visit_With(self, node: ast.With) -> ast.AST:
        """Join a `with` that holds nothing but another one."""
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        if len(node.body) == 1 and isinstance(inner := node.body[0], ast.With):
            return ast.With(items=[*node.items, *inner.items], body=inner.body)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Compare with None, True and False by identity."""
        self.generic_visit(node)
        right = node.comparators[0]
        single = isinstance(right, ast.Constant) and (right.value is None or isinstance(right.value, bool))
        if len(node.ops) == 1 and single:
            stricter = {ast.Eq: ast.Is, ast.NotEq: ast.IsNot}.get(type(node.ops[0]))
            node.ops = [stricter()] if stricter else node.ops
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """Write `not a in b` as `a not in b`."""
        self.generic_visit(node)
        inner = node.operand
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.Compare) and len(inner.ops) == 1:
            negated = _NEGATED.get(type(inner.ops[0]))
            if negated:
                return ast.Compare(left=inner.left, ops=[negated()], comparators=inner.comparators)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Write an f-string without a place to fill as the string that it is."""
        self.generic_visit(node)
        parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
        return ast.Constant(value="".join(map(str, parts))) if len(parts) == len(node.values) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Write empty displays, `super()`, the default mode of `open` and old assertion names in one way."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _OLD_NAMES:
            node.func.attr = _OLD_NAMES[node.func.attr]
        if not isinstance(node.func, ast.Name):
            return node
        name = node.func.id
        if not node.args and not node.keywords:
            empty = {"dict": ast.Dict(keys=[], values=[]), "list": ast.List(elts=[], ctx=ast.Load()),
                     "tuple": ast.Tuple(elts=[], ctx=ast.Load())}  # fmt: skip
            return empty.get(name, node)
        if name == "super":
            node.args = []
        elif name == "set" and isinstance(node.args[0], ast.List | ast.Tuple) and node.args[0].elts:
            return ast.Set(elts=node.args[0].elts)
        elif name == "open" and len(node.args) == 2 and ast.unparse(node.args[1]) in {"'r'", "'rt'"}:
            node.args = node.args[:1]
        return node


class _Unused(ast.NodeTransformer):
    """Takes the names out that a function binds and never reads: `x = f()` is `f()`."""

    def __init__(self, function: ast.AST) -> None:
        """Look at what the function reads."""
        nodes = list(ast.walk(function))
        self.read = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)}
        self.free = {name for node in nodes if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}

    def _is_unused(self, name: str) -> bool:
        return name not in self.read | self.free

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Keep the value alone where the name is not used."""
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Name) and self._is_unused(target.id):
            return _as_expression(node.value)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """Drop an unused `as`."""
        self.generic_visit(node)
        if node.name and self._is_unused(node.name):
            node.name = None
        return node

    def visit_withitem(self, node: ast.withitem) -> ast.AST:
        """Drop an unused `as`."""
        if isinstance(node.optional_vars, ast.Name) and self._is_unused(node.optional_vars.id):
            node.optional_vars = None
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Leave it: what a class binds is read from outside."""
        return node


def _as_expression(value: ast.expr) -> ast.stmt:
    return ast.Expr(value=value)


def _as_assert(call: ast.Call) -> ast.stmt | None:
    """Return the `assert` that says what unittest's method says, or None where there is none."""
    if not isinstance(call.func, ast.Attribute) or dotted_self(call.func) != "self" or call.keywords:
        return None
    name, args = call.func.attr, call.args
    if name in _AS_COMPARISON and len(args) in {2, 3}:
        return ast.Assert(test=ast.Compare(left=args[0], ops=[_AS_COMPARISON[name]()], comparators=[args[1]]), msg=None)
    if name == "assertIsNone" and len(args) in {1, 2}:
        none = ast.Constant(value=None)
        return ast.Assert(test=ast.Compare(left=args[0], ops=[ast.Is()], comparators=[none]), msg=None)
    if name == "assertTrue" and len(args) in {1, 2}:
        return ast.Assert(test=args[0], msg=None)
    return None


def dotted_self(node: ast.Attribute) -> str:
    """Return the name that an attribute is taken from, where it is a plain name."""
    return node.value.id if isinstance(node.value, ast.Name) else ""


def _plain_mark(decorator: ast.expr) -> ast.expr:
    """Write `@pytest.fixture()` as `@pytest.fixture`, and the names of a parametrisation as one string."""
    if not isinstance(decorator, ast.Call):
        return decorator
    if not decorator.args and not decorator.keywords:
        return decorator.func
    if ast.unparse(decorator.func).endswith("parametrize") and decorator.args:
        first = decorator.args[0]
        if isinstance(first, ast.Tuple | ast.List):
            words = [each.value for each in first.elts if isinstance(each, ast.Constant)]
            decorator.args[0] = ast.Constant(value=",".join(map(str, words)))
        elif isinstance(first, ast.Constant) and isinstance(first.value, str):
            decorator.args[0] = ast.Constant(value=",".join(first.value.replace(",", " ").split()))
    return decorator
