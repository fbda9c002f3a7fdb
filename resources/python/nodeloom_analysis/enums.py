"""Members of Enum classes, class and functional form."""

from __future__ import annotations

import ast
from typing import Any

from .names import ClassRef, External, Names, ValueRef, texts_of

_ENUMS = frozenset("enum." + name for name in ["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"])
_MAX_BASES = 200


def members(names: Names, reference: ClassRef) -> "list[str] | None":
    """Names of an Enum class's members in order; None where the class is no Enum."""
    if not _is_enum(names, reference):
        return None
    found: "list[str]" = []
    for statement in reference.node.body:
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
            continue
        if isinstance(statement.value, ast.Lambda) or _is_nonmember(statement.value):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            parts: "list[Any]" = list(target.elts) if isinstance(target, (ast.Tuple, ast.List)) else [target]
            for part in parts:
                if isinstance(part, ast.Name) and not part.id.startswith("_") and part.id not in found:
                    found.append(part.id)
    return found


def functional_members(names: Names, reference: ValueRef) -> "list[str] | None":
    """Members of `Enum("Mode", "a b")`, also with a list, pairs or a dict; None for anything else."""
    call = reference.expression
    if not isinstance(call, ast.Call) or len(call.args) < 2:
        return None
    made_by = names.resolve(reference.module, call.func)
    if not isinstance(made_by, External) or made_by.name not in _ENUMS:
        return None
    listed = call.args[1]
    if isinstance(listed, ast.Constant) and isinstance(listed.value, str):
        return listed.value.replace(",", " ").split()
    if isinstance(listed, ast.Dict):
        return texts_of(list(listed.keys))
    if isinstance(listed, (ast.List, ast.Tuple)):
        heads = [item.elts[0] if isinstance(item, (ast.Tuple, ast.List)) and item.elts else item for item in listed.elts]
        return texts_of(heads)
    return None


def _is_enum(names: Names, reference: ClassRef) -> bool:
    seen: "set[int]" = set()
    stack = [reference]
    while stack and len(seen) < _MAX_BASES:
        item = stack.pop()
        if id(item.node) in seen:
            continue
        seen.add(id(item.node))
        for base in item.node.bases:
            meaning = names.resolve(item.module, base)
            if isinstance(meaning, External) and meaning.name in _ENUMS:
                return True
            if isinstance(meaning, ClassRef):
                stack.append(meaning)
    return False


def _is_nonmember(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
    return name in ("nonmember", "property")
