"""Answers of the analysis process: the FileAnalysis of a file (src-shared/contract/analysis.ts)."""

from __future__ import annotations

import ast
from typing import Any

from . import source
from .names import FunctionRef, Meaning, Names, ValueRef
from .parsing import Function, ImportedName, SyntaxProblem, Value
from .project import Module, OutsideProject, ParseCache, Project, Trace
from .signatures import signature

_MAX_ALIASES = 40


class _Result:
    __slots__ = ("module", "trace", "analysis")

    def __init__(self, module: Module, trace: Trace, analysis: "dict[str, Any]") -> None:
        self.module = module
        self.trace = trace
        self.analysis = analysis


class Analyser:
    """Everything that lives from one request to the next, by project folder."""

    def __init__(self) -> None:
        self._cache = ParseCache()
        self._projects: "dict[str, Project]" = {}
        self._results: "dict[tuple[str, str], _Result]" = {}

    def analyse(self, root: str, file: str, text: "str | None") -> "dict[str, Any]":
        """The FileAnalysis of a file; of `text` where it is given, else of its unsaved text or the disk."""
        project = self._project(root)
        try:
            path = project.normalise(file)
            project.real_path(path)
        except OutsideProject:
            return _failure("unreadable", f"{file} leads out of the project folder.", {}, [])
        key = (root, path)
        try:
            if text is None:
                text = project.text(path)
            if text is None:
                return _failure("missing", f"{path} does not exist.", self._last_known(key), [])
            if len(text) > source.MAX_BYTES:
                message = f"{path} is longer than {source.MAX_BYTES // (1024 * 1024)} MB and is not analysed."
                return _failure("unreadable", message, self._last_known(key), [path])
            return self._analyse_text(project, key, text)
        except source.Unreadable as problem:
            return _failure("unreadable", str(problem), self._last_known(key), [path])
        except SyntaxProblem as problem:
            failed = _failure("syntax_error", problem.message, self._last_known(key), [path])
            failed["line"], failed["column"] = problem.line, problem.column
            return failed
        except (RecursionError, MemoryError):
            return _failure("syntax_error", "The code is nested too deeply to be analysed.", self._last_known(key), [path])

    def overlay(self, root: str, file: str, text: "str | None") -> None:
        """Unsaved text of a file, for files that refer to it; None takes it back."""
        project = self._project(root)
        try:
            project.set_overlay(project.normalise(file), text)
        except OutsideProject:
            pass

    def forget(self, root: str) -> None:
        self._projects.pop(root, None)
        for key in [key for key in self._results if key[0] == root]:
            del self._results[key]

    def _project(self, root: str) -> Project:
        project = self._projects.get(root)
        if project is None:
            project = self._projects[root] = Project(root, self._cache)
        return project

    def _last_known(self, key: "tuple[str, str]") -> "dict[str, Any]":
        known = self._results.get(key)
        return {} if known is None else known.analysis["functions"]

    def _analyse_text(self, project: Project, key: "tuple[str, str]", text: str) -> "dict[str, Any]":
        path = key[1]
        parsed = project.parse(path, text)
        known = self._results.get(key)
        if known is not None and known.module.parsed is parsed and known.trace.still_true():
            return known.analysis
        module = Module(path, parsed)
        trace = Trace(project, module)
        names = Names(trace)
        functions = _functions(names, module)
        imports = _imports(names, module)
        analysis = {
            "status": "ok",
            "message": None,
            "line": None,
            "column": None,
            "functions": functions,
            "stale": False,
            "imports": imports,
            "dependsOn": trace.files(),
        }
        self._results[key] = _Result(module, trace, analysis)
        return analysis


def _failure(
    status: str, message: str, functions: "dict[str, Any]", depends_on: "list[str]"
) -> "dict[str, Any]":
    return {
        "status": status,
        "message": message,
        "line": None,
        "column": None,
        "functions": functions,
        "stale": True,
        "imports": [],
        "dependsOn": depends_on,
    }


def _functions(names: Names, module: Module) -> "dict[str, Any]":
    found = {}
    for name, bound in module.parsed.bindings.items():
        if isinstance(bound, (Function, ImportedName, Value)):
            meaning = _followed(names, names.lookup(module, name, typing=False))
            if isinstance(meaning, FunctionRef):
                found[name] = signature(names, name, meaning)
    return found


def _followed(names: Names, meaning: Meaning) -> Meaning:
    """Follows `main = other`; calls (`functools.partial(…)`) lead to nothing that can be read here."""
    for _ in range(_MAX_ALIASES):
        if not isinstance(meaning, ValueRef) or not isinstance(meaning.expression, (ast.Name, ast.Attribute)):
            return meaning
        meaning = names.resolve(meaning.module, meaning.expression)
    return None


def _imports(names: Names, module: Module) -> "list[str]":
    found = set()
    for level, base, name in module.parsed.imports:
        absolute = module.absolute(level, base)
        if not absolute:
            continue
        # `from nodes import b` and `from . import b` import the module nodes.b.
        if name is not None and names.is_project_module(f"{absolute}.{name}"):
            found.add(f"{absolute}.{name}")
        else:
            found.add(absolute)
    return sorted(found)
