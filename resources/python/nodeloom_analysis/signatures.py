"""From a function's definition to its ports."""

from __future__ import annotations

import ast
from typing import Any

from .fields import describe
from .literals import json_text
from .names import FunctionRef, Names
from .outputs import returned_shape, type_text
from .project import Module


def signature(names: Names, name: str, reference: FunctionRef) -> "dict[str, Any]":
    """The FunctionSignature of the contract, under the name by which the file binds it."""
    module, function = reference.module, reference.function
    node = function.node
    takes_input_data = _takes_input_data(node.args)
    parameters = _parameters(names, module, node.args)
    shape = None if function.is_generator else returned_shape(names, module, node.returns)
    returns = None if node.returns is None else type_text(module, node.returns)
    outputs = [] if shape is None else [_output(field.name, field.type, field.required) for field in shape.fields]
    if all(output["name"] != "result" for output in outputs):
        outputs.append(_output("result", returns, True))
    return {
        "name": name,
        "line": node.lineno,
        "isAsync": isinstance(node, ast.AsyncFunctionDef),
        "isGenerator": function.is_generator,
        "doc": function.doc,
        "parameters": parameters[1:] if takes_input_data else parameters,
        "takesInputData": takes_input_data,
        "hasKwargs": node.args.kwarg is not None,
        "outputs": outputs,
        "outputShape": shape.kind if shape is not None and shape.fields else "whole",
        "returns": returns,
    }


def _output(name: str, type: "str | None", required: bool) -> "dict[str, Any]":
    return {"name": name, "type": type, "required": required}


def _takes_input_data(arguments: ast.arguments) -> bool:
    positional = [*arguments.posonlyargs, *arguments.args]
    if not positional:
        return False
    first = positional[0]
    return first.arg == "input_data" and first.annotation is None and len(arguments.defaults) < len(positional)


def _parameters(names: Names, module: Module, arguments: ast.arguments) -> "list[dict[str, Any]]":
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: "list[ast.expr | None]" = [None] * (len(positional) - len(arguments.defaults))
    defaults.extend(arguments.defaults)
    found = []
    for index, (argument, default) in enumerate(zip(positional, defaults)):
        kind = "positional_only" if index < len(arguments.posonlyargs) else "positional_or_keyword"
        found.append(_parameter(names, module, argument, kind, default))
    if arguments.vararg is not None:
        found.append(_collecting(module, arguments.vararg))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        found.append(_parameter(names, module, argument, "keyword_only", default))
    return found


def _parameter(
    names: Names, module: Module, argument: ast.arg, kind: str, default: "ast.expr | None"
) -> "dict[str, Any]":
    annotation = describe(names, module, argument.annotation)
    return {
        "name": argument.arg,
        "kind": kind,
        "annotation": None if argument.annotation is None else type_text(module, argument.annotation),
        "optional": default is not None,
        "default": None if default is None else module.parsed.source(default),
        "defaultJson": None if default is None else json_text(default),
        "field": annotation.field,
        "nullable": annotation.nullable,
        "collects": annotation.collects,
        "line": argument.lineno,
    }


def _collecting(module: Module, argument: ast.arg) -> "dict[str, Any]":
    """`*args`: one port; its constant is a list, so its field is JSON whatever the element type."""
    return {
        "name": argument.arg,
        "kind": "var_positional",
        "annotation": None if argument.annotation is None else type_text(module, argument.annotation),
        "optional": True,
        "default": None,
        "defaultJson": None,
        "field": {"kind": "json"},
        "nullable": False,
        "collects": "always",
        "line": argument.lineno,
    }
