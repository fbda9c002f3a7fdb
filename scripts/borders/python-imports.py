"""Checks what the Python packages of the product import.

Usage: python python-imports.py FOLDER, the folder that holds the packages. Prints one JSON list of breaches.
"""

import ast
import json
import sys
from pathlib import Path

# Modules of newer Pythons than the one that runs this.
STANDARD = set(sys.stdlib_module_names) | {"annotationlib", "compression"}

# Packages whose values get special treatment. The product may import them inside a function that such a value reaches:
# by then the user's environment has them. At the top of a module they would be a dependency.
OF_VALUES = {"numpy", "pandas", "pyarrow", "matplotlib", "PIL"}


def imported(tree: ast.AST):
    """Yields (top-level module, line, whether it stands in a function) of every absolute import."""
    waiting = [(tree, False)]
    while waiting:
        node, inside = waiting.pop()
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0], node.lineno, inside
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0], node.lineno, inside
        inside = inside or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        waiting.extend((child, inside) for child in ast.iter_child_nodes(node))


def check(folder: Path):
    packages = {path.name for path in folder.iterdir() if path.is_dir() and path.name.startswith("nodeloom")}
    for package in sorted(packages):
        for path in sorted((folder / package).rglob("*.py")):
            place = path.relative_to(folder).as_posix()
            for module, line, inside in imported(ast.parse(path.read_text(encoding="utf-8"), str(path))):
                if package == "nodeloom" and module == "nodeloom_runtime":
                    yield "python-nodeloom-without-runtime", f"{place}:{line}", module
                elif inside and module in OF_VALUES:
                    continue
                elif module not in STANDARD and module not in packages:
                    yield "python-standard-library-only", f"{place}:{line}", module


print(json.dumps([{"rule": rule, "place": place, "module": module} for rule, place, module in check(Path(sys.argv[1]))]))
