"""The fields of a NamedTuple or TypedDict that a function returns."""

from __future__ import annotations

import ast
import keyword
from typing import Any

from .fields import unquoted
from .names import ClassRef, External, Meaning, Names, ValueRef, texts_of
from .project import Module

_MAX_DEPTH = 40
_WRAPPERS = frozenset(["typing.Required", "typing.NotRequired", "typing.ReadOnly"])


class Field:
    __slots__ = ("name", "type", "required")

    def __init__(self, name: str, type: "str | None", required: bool = True) -> None:
        self.name = name
        self.type = type
        self.required = required


class Shape:
    """`kind` is `named_tuple` or `typed_dict`."""

    __slots__ = ("kind", "fields")

    def __init__(self, kind: str, fields: "list[Field]") -> None:
        self.kind = kind
        self.fields = fields


def returned_shape(names: Names, module: Module, expression: "ast.expr | None") -> "Shape | None":
    """The fields that a return annotation gives as ports; None where the value is one port."""
    for _ in range(_MAX_DEPTH):
        if expression is None:
            return None
        expression = unquoted(expression)
        if expression is None:
            return None
        if isinstance(expression, ast.Subscript):
            head = names.resolve(module, expression.value)
            if isinstance(head, External) and head.name == "typing.Annotated":
                expression = expression.slice.elts[0] if isinstance(expression.slice, ast.Tuple) else expression.slice
                continue
            # `Pair[int]` of a generic NamedTuple
            return _shape_of(names, head, {}) if isinstance(head, ClassRef) else None
        meaning = names.resolve(module, expression)
        if isinstance(meaning, ValueRef) and not isinstance(meaning.expression, ast.Call):
            module, expression = meaning.module, meaning.expression
            continue
        return _shape_of(names, meaning, {})
    return None


def _shape_of(names: Names, meaning: Meaning, known: "dict[int, Shape | None]") -> "Shape | None":
    """`known` holds what each definition gave; one that is still being looked at counts as nothing."""
    if len(known) > _MAX_DEPTH:
        return None
    if isinstance(meaning, ValueRef):
        if isinstance(meaning.expression, ast.Call):
            return _functional(names, meaning.module, meaning.expression)
        key = id(meaning.expression)
        if key not in known:
            known[key] = None
            known[key] = _shape_of(names, names.resolve(meaning.module, meaning.expression), known)
        return known[key]
    if not isinstance(meaning, ClassRef):
        return None
    key = id(meaning.node)
    if key not in known:
        known[key] = None
        known[key] = _class_shape(names, meaning, known)
    return known[key]


def _class_shape(names: Names, meaning: ClassRef, known: "dict[int, Shape | None]") -> "Shape | None":
    own_kind = None
    inherited: "list[Shape]" = []
    for base in meaning.node.bases:
        if isinstance(base, ast.Call):
            shape = _functional(names, meaning.module, base)
            if shape is not None:
                inherited.append(shape)
            continue
        resolved = names.resolve(meaning.module, base.value if isinstance(base, ast.Subscript) else base)
        if isinstance(resolved, External):
            if resolved.name == "typing.NamedTuple":
                own_kind = "named_tuple"
            elif resolved.name == "typing.TypedDict":
                own_kind = "typed_dict"
        else:
            shape = _shape_of(names, resolved, known)
            if shape is not None:
                inherited.append(shape)
    if own_kind == "named_tuple":
        return Shape("named_tuple", _class_fields(names, meaning, False))
    for shape in inherited:
        if shape.kind == "named_tuple":
            # Annotations of a class that inherits from a NamedTuple class add no fields.
            return shape
    if own_kind is None and not inherited:
        return None
    merged = {field.name: field for shape in inherited for field in shape.fields}
    merged.update((field.name, field) for field in _class_fields(names, meaning, True))
    return Shape("typed_dict", list(merged.values()))


def _class_fields(names: Names, reference: ClassRef, is_dict: bool) -> "list[Field]":
    total = _total(reference.node.keywords)
    fields: "dict[str, Field]" = {}
    for statement in reference.node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name = statement.target.id
            if is_dict:
                fields[name] = _key(names, reference.module, name, statement.annotation, total)
            else:
                fields[name] = Field(name, type_text(reference.module, statement.annotation))
    return list(fields.values())


def _key(names: Names, module: Module, name: str, annotation: ast.expr, total: bool) -> Field:
    """A TypedDict's key; `Required[…]`, `NotRequired[…]` and `ReadOnly[…]` are taken off its type."""
    required = total
    inner = unquoted(annotation) or annotation
    from_string = inner is not annotation
    for _ in range(_MAX_DEPTH):
        if not isinstance(inner, ast.Subscript):
            break
        head = names.resolve(module, inner.value)
        if not isinstance(head, External) or head.name not in _WRAPPERS:
            break
        if head.name != "typing.ReadOnly":
            required = head.name == "typing.Required"
        inner = inner.slice
    return Field(name, ast.unparse(inner) if from_string else type_text(module, inner), required)


def type_text(module: Module, annotation: ast.expr) -> str:
    """An annotation as written; a string annotation without its quotes."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.strip()
    return module.parsed.source(annotation)


def _total(keywords: "list[ast.keyword]") -> bool:
    for item in keywords:
        if item.arg == "total" and isinstance(item.value, ast.Constant):
            return item.value.value is not False
    return True


def _functional(names: Names, module: Module, call: ast.Call) -> "Shape | None":
    made_by = names.resolve(module, call.func)
    if not isinstance(made_by, External) or len(call.args) < 2:
        return None
    listed = call.args[1]
    if made_by.name == "typing.NamedTuple":
        fields = _pairs(module, listed)
        return None if fields is None else Shape("named_tuple", fields)
    if made_by.name == "collections.namedtuple":
        plain = _plain_names(listed, _renames(call))
        return None if plain is None else Shape("named_tuple", [Field(name, None) for name in plain])
    if made_by.name == "typing.TypedDict" and isinstance(listed, ast.Dict):
        keys = texts_of(list(listed.keys))
        if keys is None:
            return None
        total = _total(call.keywords)
        return Shape("typed_dict", [_key(names, module, key, value, total) for key, value in zip(keys, listed.values)])
    return None


def _pairs(module: Module, listed: ast.expr) -> "list[Field] | None":
    if not isinstance(listed, (ast.List, ast.Tuple)):
        return None
    fields = []
    for item in listed.elts:
        if not isinstance(item, (ast.Tuple, ast.List)) or len(item.elts) != 2:
            return None
        name = item.elts[0]
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            return None
        fields.append(Field(name.value, type_text(module, item.elts[1])))
    return fields


def _plain_names(listed: ast.expr, renames: bool) -> "list[str] | None":
    if isinstance(listed, ast.Constant) and isinstance(listed.value, str):
        found: Any = listed.value.replace(",", " ").split()
    elif isinstance(listed, (ast.List, ast.Tuple)):
        found = texts_of(listed.elts)
    else:
        found = None
    if found is None or not renames:
        return found
    renamed: "list[str]" = []
    for index, name in enumerate(found):
        bad = not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_") or name in renamed
        renamed.append(f"_{index}" if bad else name)
    return renamed


def _renames(call: ast.Call) -> bool:
    return any(
        item.arg == "rename" and isinstance(item.value, ast.Constant) and bool(item.value.value) for item in call.keywords
    )
