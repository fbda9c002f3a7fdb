"""From an annotation to the field a person fills in, and whether the input may collect."""

from __future__ import annotations

import ast
import json
from typing import Any

from . import enums
from .literals import json_text
from .names import ClassRef, External, Meaning, Names, ValueRef
from .project import Module

_SIMPLE = {
    "builtins.str": "text",
    "typing.Text": "text",
    "builtins.int": "int",
    "builtins.float": "float",
    "builtins.bool": "bool",
    "pathlib.Path": "path",
    "pathlib.PurePath": "path",
    "pathlib.PosixPath": "path",
    "pathlib.WindowsPath": "path",
    "pathlib.PurePosixPath": "path",
    "pathlib.PureWindowsPath": "path",
    "os.PathLike": "path",
}
_LISTS = frozenset(["builtins.list", "typing.List", "typing.Sequence", "collections.abc.Sequence"])
_ANYTHING = frozenset(["typing.Any", "builtins.object"])
# Wrappers that leave the type as it is: the first argument counts.
_TRANSPARENT = frozenset(
    ["typing.Annotated", "typing.Required", "typing.NotRequired", "typing.ReadOnly", "typing.Final", "typing.ClassVar"]
)
# Steps until an annotation counts as unknown; real ones take a few.
_MAX_STEPS = 400


class Leaf:
    """One member of an annotation's union: a dotted name, an Enum's members, literal values, or unknown."""

    __slots__ = ("name", "members", "literals")

    def __init__(self, name: "str | None" = None, members: "list[str] | None" = None, literals: Any = None) -> None:
        self.name = name
        self.members = members
        self.literals = literals


class Annotation:
    __slots__ = ("field", "nullable", "collects")

    def __init__(self, field: "dict[str, Any]", nullable: bool, collects: str) -> None:
        self.field = field
        self.nullable = nullable
        self.collects = collects


def describe(names: Names, module: Module, expression: "ast.expr | None") -> Annotation:
    if expression is None:
        # Anything may come, several values and None too.
        return Annotation({"kind": "json"}, True, "may")
    leaves, nullable = _union(names, module, expression)
    if any(leaf.name in _ANYTHING for leaf in leaves):
        nullable = True
    collects = "may" if len(leaves) == 1 and leaves[0].name in _LISTS else "never"
    return Annotation(_field(leaves), nullable, collects)


def unquoted(expression: ast.expr) -> "ast.expr | None":
    """The expression inside a string annotation, the expression itself where it is none; None if it is bad."""
    if not isinstance(expression, ast.Constant) or not isinstance(expression.value, str):
        return expression
    try:
        return ast.parse(expression.value.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _union(names: Names, module: Module, expression: ast.expr) -> "tuple[list[Leaf], bool]":
    """The members of an annotation's union without None, and whether None is among them."""
    leaves: "list[Leaf]" = []
    nullable = False
    followed: "set[int]" = set()
    # Inner expressions parsed from strings; kept alive so that their ids stay theirs.
    alive: "list[ast.expr]" = []
    stack: "list[tuple[Module, ast.expr]]" = [(module, expression)]
    steps = 0
    while stack:
        steps += 1
        if steps > _MAX_STEPS:
            return [Leaf()], nullable
        where, item = stack.pop()
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            inner = unquoted(item)
            if inner is None or (isinstance(inner, ast.Constant) and isinstance(inner.value, str)):
                leaves.append(Leaf())
            else:
                alive.append(inner)
                stack.append((where, inner))
            continue
        if isinstance(item, ast.Constant) and item.value is None:
            nullable = True
            continue
        if isinstance(item, ast.BinOp) and isinstance(item.op, ast.BitOr):
            stack.extend([(where, item.right), (where, item.left)])
            continue
        head = item.value if isinstance(item, ast.Subscript) else item
        arguments = _arguments(item) if isinstance(item, ast.Subscript) else []
        meaning = names.resolve(where, head)
        if isinstance(meaning, ValueRef):
            if id(meaning.expression) in followed:
                leaves.append(Leaf())
                continue
            followed.add(id(meaning.expression))
            if not isinstance(meaning.expression, ast.Call):
                stack.append((meaning.module, meaning.expression))
                continue
            base = _new_type(names, meaning)
            if base is not None:
                stack.append((meaning.module, base))
                continue
        name = meaning.name if isinstance(meaning, External) else None
        if name in ("types.NoneType", "builtins.NoneType"):
            nullable = True
        elif name == "typing.Optional" and arguments:
            nullable = True
            stack.append((where, arguments[0]))
        elif name == "typing.Union" and arguments:
            stack.extend((where, argument) for argument in reversed(arguments))
        elif name in _TRANSPARENT and arguments:
            stack.append((where, arguments[0]))
        elif name == "typing.Literal" and arguments:
            literals, has_none = _literals(names, where, arguments)
            nullable = nullable or has_none
            if literals is None or literals:
                leaves.append(Leaf(literals=literals))
        else:
            leaves.append(_leaf(names, meaning))
    return leaves, nullable


def _arguments(subscript: ast.Subscript) -> "list[ast.expr]":
    return list(subscript.slice.elts) if isinstance(subscript.slice, ast.Tuple) else [subscript.slice]


def _new_type(names: Names, value: ValueRef) -> "ast.expr | None":
    """`int` of `NewType("UserId", int)`."""
    call = value.expression
    if not isinstance(call, ast.Call) or len(call.args) != 2:
        return None
    made_by = names.resolve(value.module, call.func)
    return call.args[1] if isinstance(made_by, External) and made_by.name == "typing.NewType" else None


def _leaf(names: Names, meaning: Meaning) -> Leaf:
    if isinstance(meaning, External):
        return Leaf(name=meaning.name)
    if isinstance(meaning, ClassRef):
        return Leaf(members=enums.members(names, meaning))
    if isinstance(meaning, ValueRef):
        return Leaf(members=enums.functional_members(names, meaning))
    return Leaf()


def _literals(
    names: Names, module: Module, arguments: "list[ast.expr]"
) -> "tuple[list[tuple[str, str]] | None, bool]":
    """(label, JSON text) of each value, None where one cannot be said in JSON; and whether None is a value."""
    options: "list[tuple[str, str]]" = []
    has_none = False
    stack = [(module, argument) for argument in reversed(arguments)]
    steps = 0
    while stack:
        steps += 1
        if steps > _MAX_STEPS * 10:
            return None, has_none
        where, item = stack.pop()
        if isinstance(item, ast.Constant) and item.value is None:
            has_none = True
            continue
        if isinstance(item, ast.Subscript):
            # `Literal[Literal["a"], "b"]`
            stack.extend((where, inner) for inner in reversed(_arguments(item)))
            continue
        if isinstance(item, (ast.Name, ast.Attribute)):
            meaning = names.resolve(where, item)
            if isinstance(meaning, ValueRef) and isinstance(meaning.expression, ast.Subscript):
                stack.append((meaning.module, meaning.expression))
                continue
            owner = names.resolve(where, item.value) if isinstance(item, ast.Attribute) else None
            member = item.attr if isinstance(item, ast.Attribute) else ""
            if isinstance(owner, ClassRef) and member in (enums.members(names, owner) or []):
                _add(options, (member, json.dumps(member)))
                continue
            return None, has_none
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            _add(options, (item.value, json.dumps(item.value)))
            continue
        text = json_text(item) if isinstance(item, (ast.Constant, ast.UnaryOp)) else None
        if text is None:
            return None, has_none
        _add(options, (ast.unparse(item), text))
    return options, has_none


def _add(options: "list[tuple[str, str]]", option: "tuple[str, str]") -> None:
    if option not in options:
        options.append(option)


def _field(leaves: "list[Leaf]") -> "dict[str, Any]":
    choices: "list[tuple[str, str]]" = []
    kinds = set()
    for leaf in leaves:
        options = leaf.literals
        if leaf.members:
            options = [(member, json.dumps(member)) for member in leaf.members]
        if options:
            kinds.add("choice")
            for option in options:
                _add(choices, option)
        else:
            kinds.add(_SIMPLE.get(leaf.name or "", "json"))
    if kinds == {"choice"}:
        return {"kind": "choice", "options": [{"label": label, "json": text} for label, text in choices]}
    if kinds == {"path", "text"}:
        # `str | Path` is how people write a path.
        return {"kind": "path"}
    if kinds == {"int", "float"}:
        return {"kind": "float"}
    return {"kind": kinds.pop()} if len(kinds) == 1 else {"kind": "json"}
