"""Imports of project files: always compiled from source, never from .pyc.

An edit of equal length within the same second leaves a .pyc that looks valid, so project modules have no
.pyc at all. Packages keep the interpreter's own machinery.
"""
import importlib
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location

_NODES = "nodes"


class ProjectLoader(SourceFileLoader):
    """Loads a project file from its source."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class _EmptyPackageLoader:
    """`nodes` without `__init__.py` is a package of the project, even where a package of that name is installed."""

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        pass


class _ProjectFinder(FileFinder):
    def find_spec(self, fullname, target=None):
        spec = super().find_spec(fullname, target)
        if fullname == _NODES and spec is not None and spec.loader is None:
            locations = list(spec.submodule_search_locations)
            spec = ModuleSpec(fullname, _EmptyPackageLoader(), is_package=True)
            spec.submodule_search_locations = locations
        return spec


class ProjectImports:
    """Owns how files below one project folder are found, loaded and forgotten."""

    def __init__(self, project_dir):
        self.project_dir = project_dir
        self._roots = tuple({os.path.join(p, "") for p in (project_dir, os.path.realpath(project_dir))})
        self._packages = tuple({os.path.join(p, "") for p in (sys.prefix, os.path.realpath(sys.prefix), os.path.join(project_dir, ".venv"))})

    def install(self):
        """Makes the project folder `sys.path[0]`."""
        sys.path_hooks.insert(0, self._hook)
        sys.path[0] = self.project_dir
        sys.path_importer_cache.pop(self.project_dir, None)

    def owns(self, path):
        """Whether `path` is a file or folder of the project (and not of its environment)."""
        path = os.path.join(path, "")
        return path.startswith(self._roots) and not path.startswith(self._packages) and "/site-packages/" not in path

    def relative(self, path):
        """The path inside the project with `/` between parts, or None when it is not inside."""
        if not isinstance(path, str) or not self.owns(path):
            return None
        for root in self._roots:
            if path.startswith(root):
                return path[len(root):].replace(os.sep, "/")
        return None

    def _hook(self, path):
        if not os.path.isdir(path) or not self.owns(os.path.abspath(path)):
            raise ImportError("not a project folder", path=path)
        return _ProjectFinder(path, (ExtensionFileLoader, EXTENSION_SUFFIXES), (ProjectLoader, [".py"]))

    def load(self, file):
        """The module of a project file (`nodes/a.py` is `nodes.a`), imported when it is not yet."""
        path = os.path.join(self.project_dir, *file.split("/"))
        name = file[:-3].replace("/", ".")
        module = sys.modules.get(name)
        if module is None and "." not in file[:-3]:
            try:
                module = importlib.import_module(name)
            except ModuleNotFoundError as error:
                if error.name is None or not (name == error.name or name.startswith(error.name + ".")):
                    raise
        if getattr(module, "__file__", None) == path:
            return module
        return self._load_apart(file, path)

    def _load_apart(self, file, path):
        # Its name belongs to another module (a `json.py` in the project), or is none (`v1.2.py`).
        name = "nodeloom_project." + file[:-3].replace("/", "_").replace(".", "_")
        if name in sys.modules:
            return sys.modules[name]
        spec = spec_from_file_location(name, path, loader=ProjectLoader(name, path))
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
        return module

    def forget(self):
        """Drops the project's modules, so that the next import reads the files again."""
        for name, module in list(sys.modules.items()):
            spec = getattr(module, "__spec__", None)
            loader = getattr(spec, "loader", None)
            if isinstance(loader, (ProjectLoader, _EmptyPackageLoader)) or self._is_namespace(spec):
                del sys.modules[name]
        importlib.invalidate_caches()
        if "linecache" in sys.modules:
            sys.modules["linecache"].checkcache()

    def _is_namespace(self, spec):
        locations = getattr(spec, "submodule_search_locations", None)
        if locations is None or getattr(spec, "origin", None) is not None:
            return False
        try:
            return any(self.owns(place) for place in locations)
        except Exception:
            return False
