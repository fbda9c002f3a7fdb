"""What a name or a dotted name in a file means, across the modules of the project."""

from __future__ import annotations

import ast
import builtins
from typing import Any, Union

from .parsing import Class, Function, ImportedModule, ImportedName, Value
from .project import Module, Trace

_BUILTINS = frozenset(dir(builtins))
_MAX_HOPS = 60


class External:
    """Something that is not of the project, by its dotted name: `builtins.int`, `typing.Optional`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        # The backports behave as the originals.
        self.name = "typing." + name[18:] if name.startswith("typing_extensions.") else name


class ClassRef:
    __slots__ = ("module", "node")

    def __init__(self, module: Module, node: ast.ClassDef) -> None:
        self.module = module
        self.node = node


class FunctionRef:
    __slots__ = ("module", "function")

    def __init__(self, module: Module, function: Function) -> None:
        self.module = module
        self.function = function


class ValueRef:
    """A name that an expression was assigned to."""

    __slots__ = ("module", "expression")

    def __init__(self, module: Module, expression: ast.expr) -> None:
        self.module = module
        self.expression = expression


class ModuleRef:
    """A module or package, of the project or not."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


Meaning = Union[External, ClassRef, FunctionRef, ValueRef, ModuleRef, None]


class Names:
    """Resolves names during one analysis. ``None`` means: not known from the text."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def resolve(self, module: Module, expression: ast.expr) -> Meaning:
        """The meaning of `a` or `a.b.c` in an annotation; None for every other expression."""
        attributes: "list[str]" = []
        while isinstance(expression, ast.Attribute):
            attributes.append(expression.attr)
            expression = expression.value
        if not isinstance(expression, ast.Name):
            return None
        meaning = self.lookup(module, expression.id)
        for attribute in reversed(attributes):
            meaning = self._attribute(meaning, attribute)
        return meaning

    def lookup(self, module: Module, name: str, typing: bool = True) -> Meaning:
        """What a module's top level binds a name to, builtins included.

        With `typing` a binding under `if TYPE_CHECKING` comes first; without it, it does not exist.
        """
        found = self._member(module, name, typing, set())
        if found is None and name in _BUILTINS and not _binds(module, name):
            return External("builtins." + name)
        return found

    def _member(self, module: Module, name: str, typing: bool, seen: "set[tuple[str, str]]") -> Meaning:
        key = (module.path, name)
        if key in seen or len(seen) > _MAX_HOPS:
            return None
        seen.add(key)
        parsed = module.parsed
        bound = parsed.typing_bindings.get(name) if typing else None
        if bound is None:
            bound = parsed.bindings.get(name)
        if isinstance(bound, Function):
            return FunctionRef(module, bound)
        if isinstance(bound, Class):
            return ClassRef(module, bound.node)
        if isinstance(bound, Value):
            return None if bound.expression is None else ValueRef(module, bound.expression)
        if isinstance(bound, ImportedModule):
            return ModuleRef(bound.name)
        if isinstance(bound, ImportedName):
            base = module.absolute(bound.level, bound.module)
            return None if base is None else self._imported(base, bound.name, seen)
        return self._from_stars(module, name, typing, seen)

    def _from_stars(self, module: Module, name: str, typing: bool, seen: "set[tuple[str, str]]") -> Meaning:
        for level, star in reversed(module.parsed.stars):
            base = module.absolute(level, star)
            if base is None:
                continue
            source = self._trace.find(base)
            if source is None:
                # Only well-known modules are worth a guess: `from typing import *`.
                if base in ("typing", "typing_extensions", "enum", "pathlib") and name[:1].isupper():
                    return External(f"{base}.{name}")
                continue
            exported = source.parsed.exported
            if name in exported if exported is not None else not name.startswith("_"):
                found = self._member(source, name, typing, seen)
                if found is not None:
                    return found
        return None

    def _imported(self, base: str, name: str, seen: "set[tuple[str, str]]") -> Meaning:
        """`from base import name`: what the module binds, else its submodule."""
        source = self._trace.find(base)
        if source is not None:
            found = self._member(source, name, True, seen)
            if found is not None:
                return found
        dotted = f"{base}.{name}"
        if self._trace.find(dotted) is not None:
            return ModuleRef(dotted)
        # Not of the project, or a folder without __init__.py on the way to a module.
        return External(dotted)

    def _attribute(self, meaning: Meaning, attribute: str) -> Meaning:
        if isinstance(meaning, ModuleRef):
            return self._imported(meaning.name, attribute, set())
        if isinstance(meaning, External):
            if self._trace.find(f"{meaning.name}.{attribute}") is not None:
                return ModuleRef(f"{meaning.name}.{attribute}")
            # A namespace package: its folder is of the project, but holds no __init__.py.
            owner = self._trace.find(meaning.name)
            if owner is not None:
                return self._member(owner, attribute, True, set())
            return External(f"{meaning.name}.{attribute}")
        if isinstance(meaning, ClassRef):
            for statement in meaning.node.body:
                if isinstance(statement, ast.ClassDef) and statement.name == attribute:
                    return ClassRef(meaning.module, statement)
        return None

    def is_project_module(self, name: str) -> bool:
        return self._trace.find(name) is not None


def _binds(module: Module, name: str) -> bool:
    return name in module.parsed.bindings or name in module.parsed.typing_bindings


def texts_of(items: "list[Any]") -> "list[str] | None":
    """The texts of plain string constants, None where one is something else."""
    texts = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return texts if len(texts) == len(items) else None
