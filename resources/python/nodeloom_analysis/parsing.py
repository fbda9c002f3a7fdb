"""From text to an index of what a module binds at its top level.

Only what ports need is kept: bodies of functions are dropped once they were looked at, so that a large
project stays small in memory.
"""

from __future__ import annotations

import ast
from typing import Any, Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_TRIES = tuple(kind for kind in (ast.Try, getattr(ast, "TryStar", None)) if kind)
_TYPE_ALIAS: Any = getattr(ast, "TypeAlias", ())
_MATCH: Any = getattr(ast, "Match", ())
# Assigned expressions that can name or make a type or a function; other values are dropped.
_KEPT_VALUES = (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.Call, ast.Constant)


class SyntaxProblem(Exception):
    """The text is not Python. ``line`` and ``column`` are 1-based or None."""

    def __init__(self, message: str, line: "int | None" = None, column: "int | None" = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class Function:
    """A top-level ``def``; the body of ``node`` is empty."""

    __slots__ = ("node", "is_generator", "doc")

    def __init__(self, node: Any, is_generator: bool, doc: "str | None") -> None:
        self.node = node
        self.is_generator = is_generator
        self.doc = doc


class Class:
    __slots__ = ("node",)

    def __init__(self, node: ast.ClassDef) -> None:
        self.node = node


class ImportedModule:
    """``import a.b as x`` binds x to ``a.b``; ``import a.b`` binds a to ``a``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class ImportedName:
    """``from ..module import name``; ``level`` counts the dots."""

    __slots__ = ("level", "module", "name")

    def __init__(self, level: int, module: str, name: str) -> None:
        self.level = level
        self.module = module
        self.name = name


class Value:
    """An assigned expression, or None where it can be neither a type nor a function."""

    __slots__ = ("expression",)

    def __init__(self, expression: "ast.expr | None") -> None:
        self.expression = expression


class Parsed:
    """The index of one text; knows no path."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines: "list[str] | None" = None
        # What a name is at run time, in the order of the (last) definitions.
        self.bindings: "dict[str, Any]" = {}
        # What only a type checker sees: bound under `if TYPE_CHECKING`.
        self.typing_bindings: "dict[str, Any]" = {}
        # (level, module) of `from module import *`, in order.
        self.stars: "list[tuple[int, str]]" = []
        # (level, module, name or None) of every import that may run, in functions too.
        self.imports: "list[tuple[int, str, str | None]]" = []
        # `__all__`, where it is a plain list of texts.
        self.exported: "frozenset[str] | None" = None

    def source(self, node: Any) -> str:
        """The source text of an expression; on one line."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        if node.lineno != node.end_lineno:
            return ast.unparse(node)
        line = self._lines[node.lineno - 1]
        if line.isascii():
            return line[node.col_offset : node.end_col_offset]
        return line.encode("utf-8")[node.col_offset : node.end_col_offset].decode("utf-8")


def parse(text: str) -> Parsed:
    """Raises SyntaxProblem."""
    if text.startswith("\ufeff"):
        text = text[1:]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    at = text.find("\0")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        column = at - (text.rfind("\n", 0, at) + 1) + 1
        raise SyntaxProblem("The text holds a NUL character; Python cannot read it.", line, column)
    try:
        tree = ast.parse(text)
        parsed = Parsed(text)
        _index(parsed, tree)
    except SyntaxError as error:
        line = error.lineno if error.lineno and error.lineno > 0 else None
        column = error.offset if line and error.offset and error.offset > 0 else (1 if line else None)
        raise SyntaxProblem(_sentence(error.msg), line, column) from None
    except (RecursionError, MemoryError):
        raise SyntaxProblem("The code is nested too deeply to be parsed.") from None
    except ValueError as error:  # lone surrogates, integers with too many digits
        raise SyntaxProblem(_sentence(str(error))) from None
    return parsed


def _sentence(message: "str | None") -> str:
    text = (message or "invalid syntax").strip().split("\n")[0]
    if not text.startswith(("f-string", "t-string")):
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else text + "."


def _index(parsed: Parsed, tree: ast.Module) -> None:
    may_yield = "yield" in parsed.text
    for statement, top, typing_only, fallback in _statements(tree.body):
        if isinstance(statement, ast.Import):
            _index_import(parsed, statement, top, typing_only, fallback)
        elif isinstance(statement, ast.ImportFrom):
            _index_import_from(parsed, statement, top, typing_only, fallback)
        elif isinstance(statement, _FUNCTIONS):
            if top and not _is_overload(parsed, statement):
                doc = _first_paragraph(statement)
                _bind(parsed, statement.name, Function(statement, may_yield and _yields(statement), doc), typing_only, False)
            statement.body = []
        elif not top:
            continue
        elif isinstance(statement, ast.ClassDef):
            _bind(parsed, statement.name, Class(statement), typing_only, fallback)
        elif isinstance(statement, ast.Assign):
            _index_assign(parsed, statement, typing_only, fallback)
        elif isinstance(statement, ast.AnnAssign):
            if isinstance(statement.target, ast.Name) and statement.value is not None:
                _bind(parsed, statement.target.id, _value(statement.value), typing_only, fallback)
        elif isinstance(statement, _TYPE_ALIAS):
            _bind(parsed, statement.name.id, _value(statement.value), typing_only, fallback)
        elif isinstance(statement, ast.Delete):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    parsed.bindings.pop(target.id, None)
        elif isinstance(statement, (ast.For, ast.AsyncFor)):
            for name in _names(statement.target):
                _bind(parsed, name, Value(None), typing_only, fallback)


def _statements(body: "list[ast.stmt]") -> "Iterator[tuple[Any, bool, bool, bool]]":
    """(statement, at top level, seen by type checkers only, in an except clause), in source order.

    Iterative: a chain of ten thousand `elif` is ten thousand levels deep.
    """
    stack: "list[tuple[Any, bool, bool, bool]]" = [(statement, True, False, False) for statement in reversed(body)]
    while stack:
        item = stack.pop()
        statement, top, typing_only, fallback = item
        blocks: "list[tuple[list[ast.stmt], bool, bool, bool]]" = []
        if isinstance(statement, _FUNCTIONS) or isinstance(statement, ast.ClassDef):
            blocks.append((statement.body, False, typing_only, fallback))
        elif isinstance(statement, ast.If):
            checked = _type_checking(statement.test)
            blocks.append((statement.body, top, typing_only or checked is True, fallback))
            blocks.append((statement.orelse, top, typing_only or checked is False, fallback))
        elif isinstance(statement, _TRIES):
            blocks.append((statement.body, top, typing_only, fallback))
            for handler in statement.handlers:
                blocks.append((handler.body, top, typing_only, True))
            blocks.append((statement.orelse, top, typing_only, fallback))
            blocks.append((statement.finalbody, top, typing_only, fallback))
        elif isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
            blocks.append((statement.body, top, typing_only, fallback))
            blocks.append((statement.orelse, top, typing_only, fallback))
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            blocks.append((statement.body, top, typing_only, fallback))
        elif isinstance(statement, _MATCH):
            for case in statement.cases:
                blocks.append((case.body, top, typing_only, fallback))
        for block, *flags in reversed(blocks):
            for child in reversed(block):
                stack.append((child, *flags))
        yield item


def _type_checking(test: ast.expr) -> "bool | None":
    """True for `TYPE_CHECKING`, False for `not TYPE_CHECKING`, None for anything else."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _type_checking(test.operand) if not isinstance(test.operand, ast.UnaryOp) else None
        return None if inner is None else not inner
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else None
    return True if name == "TYPE_CHECKING" else None


def _bind(parsed: Parsed, name: str, what: Any, typing_only: bool, fallback: bool) -> None:
    table = parsed.typing_bindings if typing_only else parsed.bindings
    if fallback and name in table:
        # `except ImportError: X = None` must not hide the X that the try block made.
        return
    table.pop(name, None)
    table[name] = what


def _index_import(parsed: Parsed, statement: ast.Import, top: bool, typing_only: bool, fallback: bool) -> None:
    for alias in statement.names:
        if not typing_only:
            parsed.imports.append((0, alias.name, None))
        if top:
            target = alias.name if alias.asname else alias.name.split(".")[0]
            _bind(parsed, alias.asname or target, ImportedModule(target), typing_only, fallback)


def _index_import_from(parsed: Parsed, statement: ast.ImportFrom, top: bool, typing_only: bool, fallback: bool) -> None:
    level, module = statement.level, statement.module or ""
    for alias in statement.names:
        is_star = alias.name == "*"
        if not typing_only:
            parsed.imports.append((level, module, None if is_star else alias.name))
        if not top:
            continue
        if is_star:
            parsed.stars.append((level, module))
        else:
            _bind(parsed, alias.asname or alias.name, ImportedName(level, module, alias.name), typing_only, fallback)


def _index_assign(parsed: Parsed, statement: ast.Assign, typing_only: bool, fallback: bool) -> None:
    for target in statement.targets:
        if isinstance(target, ast.Name):
            if target.id == "__all__":
                parsed.exported = _plain_texts(statement.value)
            _bind(parsed, target.id, _value(statement.value), typing_only, fallback)
        else:
            for name in _names(target):
                _bind(parsed, name, Value(None), typing_only, fallback)


def _plain_texts(value: ast.expr) -> "frozenset[str] | None":
    if not isinstance(value, (ast.List, ast.Tuple)):
        return None
    texts = [item.value for item in value.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return frozenset(texts) if len(texts) == len(value.elts) else None


def _value(expression: ast.expr) -> Value:
    return Value(expression if isinstance(expression, _KEPT_VALUES) else None)


def _names(target: ast.expr) -> "list[str]":
    names = []
    stack = [target]
    while stack:
        item = stack.pop()
        if isinstance(item, ast.Name):
            names.append(item.id)
        elif isinstance(item, (ast.Tuple, ast.List)):
            stack.extend(item.elts)
        elif isinstance(item, ast.Starred):
            stack.append(item.value)
    return names


def _is_overload(parsed: Parsed, function: Any) -> bool:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Attribute) and decorator.attr == "overload":
            return True
        if isinstance(decorator, ast.Name):
            bound = parsed.bindings.get(decorator.id)
            if decorator.id == "overload" or (isinstance(bound, ImportedName) and bound.name == "overload"):
                return True
    return False


def _yields(function: Any) -> bool:
    """Whether `yield` stands in the function's own body, not in functions and lambdas within it."""
    stack: "list[ast.AST]" = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(node, _FUNCTIONS):
            # Its decorators and defaults are evaluated by the function around it.
            stack.extend(node.decorator_list)
            stack.extend(node.args.defaults)
            stack.extend(default for default in node.args.kw_defaults if default is not None)
        elif isinstance(node, ast.Lambda):
            stack.extend(node.args.defaults)
            stack.extend(default for default in node.args.kw_defaults if default is not None)
        else:
            stack.extend(ast.iter_child_nodes(node))
    return False


def _first_paragraph(function: Any) -> "str | None":
    first = function.body[0] if function.body else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return None
    if not isinstance(first.value.value, str):
        return None
    lines = []
    for line in first.value.value.strip().split("\n"):
        if not line.strip():
            break
        lines.append(line.strip())
    return " ".join(lines) or None
