"""A project folder as Python's import system sees it: the folder is ``sys.path[0]``.

Modules are cached by path, size and time, parsed texts by content. While one file is analysed, a `Trace`
notes every answer that was given, so that the result can be reused as long as the answers stay the same.
"""

from __future__ import annotations

import os
import stat
import time
from collections import OrderedDict


from . import source
from .parsing import Parsed, SyntaxProblem, parse

# Modules that a worker has loaded before the project folder is on its path: never shadowed by a project file.
_STANDARD = frozenset(
    ["abc", "builtins", "collections", "datetime", "enum", "functools", "os", "pathlib", "types", "typing", "typing_extensions"]
)
# A file that changed this shortly before it was read may change again without a new time.
_RACY_NS = 2_000_000_000
# Seconds for which a folder's real path is believed; a batch of files then resolves it once.
_FOLDERS_S = 0.2
_MAX_CACHED_CHARS = 8 * 1024 * 1024
_MAX_CACHED_TEXTS = 2_000


class Module:
    """A parsed text at its place in a project."""

    __slots__ = ("path", "package", "parsed")

    def __init__(self, path: str, parsed: Parsed) -> None:
        self.path = path
        parts = path[:-3].split("/") if path.endswith(".py") else path.split("/")
        self.package = tuple(parts[:-1])
        self.parsed = parsed

    def absolute(self, level: int, name: str) -> "str | None":
        """The absolute name of an import in this module, None where it leads out of the project."""
        if level == 0:
            return name
        if level > len(self.package):
            return None
        base = ".".join(self.package[: len(self.package) - level + 1])
        return f"{base}.{name}" if name else base


class ParseCache:
    """Parsed texts by content, the least recently used dropped first."""

    def __init__(self) -> None:
        self._entries: "OrderedDict[str, Parsed | SyntaxProblem]" = OrderedDict()
        self._chars = 0

    def get(self, text: str) -> Parsed:
        """Raises SyntaxProblem."""
        entry = self._entries.get(text)
        if entry is None:
            try:
                entry = parse(text)
            except SyntaxProblem as problem:
                entry = problem
            self._entries[text] = entry
            self._chars += len(text)
            while len(self._entries) > 1 and (self._chars > _MAX_CACHED_CHARS or len(self._entries) > _MAX_CACHED_TEXTS):
                dropped, _ = self._entries.popitem(last=False)
                self._chars -= len(dropped)
        else:
            self._entries.move_to_end(text)
        if isinstance(entry, SyntaxProblem):
            raise entry
        return entry


class _File:
    """What was read of a file on disk."""

    __slots__ = ("stamp", "read_ns", "text", "problem")

    def __init__(self, stamp: "tuple[int, int, int]", read_ns: int, text: "str | None", problem: "str | None") -> None:
        self.stamp = stamp
        self.read_ns = read_ns
        self.text = text
        self.problem = problem


class OutsideProject(Exception):
    pass


class Project:
    def __init__(self, root: str, cache: ParseCache) -> None:
        self.root = os.path.realpath(root)
        self._cache = cache
        self._overlays: "dict[str, str]" = {}
        self._files: "dict[str, _File]" = {}
        # The last text of each file that parsed; stands in while someone types.
        self._last_good: "dict[str, Parsed]" = {}
        self._folders: "dict[str, str]" = {}
        self._folders_since = 0.0

    def normalise(self, file: str) -> str:
        """A path relative to the root with `/`. Raises OutsideProject for one that leaves it."""
        if not file or "\0" in file or os.path.isabs(file):
            raise OutsideProject
        path = os.path.normpath(file).replace(os.sep, "/")
        if path == "." or path == ".." or path.startswith("../") or os.path.isabs(path):
            raise OutsideProject
        return path

    def real_path(self, path: str) -> str:
        """Where a normalised path leads, links resolved. Raises OutsideProject."""
        folder, _, name = path.rpartition("/")
        real = os.path.join(self._real_folder(folder), name)
        if os.path.islink(real):
            real = os.path.realpath(real)
        prefix = self.root if self.root.endswith(os.sep) else self.root + os.sep
        if not real.startswith(prefix):
            raise OutsideProject
        return real

    def _real_folder(self, folder: str) -> str:
        now = time.monotonic()
        if now - self._folders_since > _FOLDERS_S:
            self._folders = {}
            self._folders_since = now
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.realpath(os.path.join(self.root, folder))
        return real

    def set_overlay(self, path: str, text: "str | None") -> None:
        if text is None:
            self._overlays.pop(path, None)
        else:
            self._overlays[path] = text

    def text(self, path: str) -> "str | None":
        """The text of a file: unsaved text first, then the disk; None where there is none.

        Raises source.Unreadable and OutsideProject.
        """
        overlay = self._overlays.get(path)
        if overlay is not None:
            return overlay
        real = self.real_path(path)
        try:
            status = os.stat(real)
        except (FileNotFoundError, NotADirectoryError):
            self._files.pop(path, None)
            return None
        except OSError as error:
            raise source.Unreadable(f"{path} cannot be read: {error.strerror or error}.") from None
        if not stat.S_ISREG(status.st_mode):
            raise source.Unreadable(f"{path} is not a file.")
        stamp = (status.st_size, status.st_mtime_ns, status.st_ino)
        known = self._files.get(path)
        if known is None or known.stamp != stamp or known.read_ns - status.st_mtime_ns < _RACY_NS:
            known = self._read(path, real, stamp)
            self._files[path] = known
        if known.text is None:
            raise source.Unreadable(known.problem or f"{path} cannot be read.")
        return known.text

    def _read(self, path: str, real: str, stamp: "tuple[int, int, int]") -> _File:
        read_ns = time.time_ns()
        if stamp[0] > source.MAX_BYTES:
            problem = f"{path} is longer than {source.MAX_BYTES // (1024 * 1024)} MB and is not analysed."
            return _File(stamp, read_ns, None, problem)
        try:
            with open(real, "rb") as stream:
                data = stream.read(source.MAX_BYTES + 1)
            return _File(stamp, read_ns, source.decode(data, path), None)
        except OSError as error:
            return _File(stamp, read_ns, None, f"{path} cannot be read: {error.strerror or error}.")
        except source.Unreadable as error:
            return _File(stamp, read_ns, None, str(error))

    def parse(self, path: str, text: str) -> Parsed:
        """Raises SyntaxProblem."""
        parsed = self._cache.get(text)
        self._last_good[path] = parsed
        return parsed

    def module(self, path: str) -> "Parsed | None":
        """The index of a file that another one refers to; of its last good text while it has an error."""
        try:
            text = self.text(path)
        except (source.Unreadable, OutsideProject):
            return None
        if text is None:
            return None
        try:
            return self.parse(path, text)
        except SyntaxProblem:
            return self._last_good.get(path)

    def has_top_level(self, name: str) -> bool:
        """Whether `import name` would look inside the project."""
        if name in _STANDARD:
            return False
        if os.path.isdir(os.path.join(self.root, name)) or os.path.isfile(os.path.join(self.root, name + ".py")):
            return True
        return any(path == name + ".py" or path.startswith(name + "/") for path in self._overlays)


class Trace:
    """The project during one analysis: each question is answered once, and every answer is kept."""

    def __init__(self, project: Project, own: Module) -> None:
        self._project = project
        self._own = own
        self._modules: "dict[str, Module | None]" = {}
        self._top_levels: "dict[str, bool]" = {}
        self._names: "dict[str, Module | None]" = {}

    def still_true(self) -> bool:
        return all(_parsed(known) is self._project.module(path) for path, known in self._modules.items()) and all(
            known == self._project.has_top_level(name) for name, known in self._top_levels.items()
        )

    def files(self) -> "list[str]":
        """The project files whose text took part, the own one included."""
        return sorted({self._own.path, *(path for path, module in self._modules.items() if module is not None)})

    def find(self, name: str) -> "Module | None":
        """The project module with an absolute dotted name, or None: not there, or not of the project."""
        if name not in self._names:
            self._names[name] = self._find(name)
        return self._names[name]

    def _find(self, name: str) -> "Module | None":
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        top = parts[0]
        if top not in self._top_levels:
            self._top_levels[top] = self._project.has_top_level(top)
        if not self._top_levels[top]:
            return None
        base = "/".join(parts)
        return self._load(base + "/__init__.py") or self._load(base + ".py")

    def _load(self, path: str) -> "Module | None":
        if path == self._own.path:
            return self._own
        if path not in self._modules:
            parsed = self._project.module(path)
            self._modules[path] = None if parsed is None else Module(path, parsed)
        return self._modules[path]


def _parsed(module: "Module | None") -> "Parsed | None":
    return None if module is None else module.parsed
