"""What a person is told of an exception in node code: its place in the project, no frames of the runtime."""
import os
import sys

_RUNTIME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "")
_LONGEST_MESSAGE = 4000
_LONGEST_TRACEBACK = 20000

#: Packages whose name to install differs from the name to import.
_PACKAGE_OF = {
    "sklearn": "scikit-learn",
    "PIL": "pillow",
    "cv2": "opencv-python",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
    "skimage": "scikit-image",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
}


class NodeFailure(Exception):
    """A failure that is not the node code's own exception: a constant that does not fit, an input that is gone.

    `kind` is the type shown to people, the text a whole sentence.
    """

    def __init__(self, kind, message, hint=None):
        super().__init__(message)
        self.kind = kind
        self.hint = hint


def describe_error(error, imports):
    """The NodeError of an exception, as the protocol carries it. Never raises."""
    if isinstance(error, NodeFailure):
        return _with_hint(_node_error(error.kind, str(error), None, None, ""), error.hint)
    file, line = _place(error, imports)
    result = _node_error(_type_name(error), _message(error), file, line, _traceback(error))
    return _with_hint(result, _hint(error, imports))


def _node_error(kind, message, file, line, traceback):
    return {"type": kind, "message": message, "file": file, "line": line, "traceback": traceback}


def _with_hint(result, hint):
    if hint:
        result["hint"] = hint
    return result


def _type_name(error):
    kind = type(error)
    module = getattr(kind, "__module__", None)
    name = getattr(kind, "__qualname__", "Exception")
    return name if module in ("builtins", None) else "%s.%s" % (module, name)


def _message(error):
    if isinstance(error, SystemExit):
        return "the node called sys.exit(%s)" % ("" if error.code is None else _safe(repr, error.code))
    text = _safe(str, error)
    return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "…"


def _safe(render, value):
    try:
        return str.__str__(render(value))
    except BaseException as error:
        return "<no text: %s() raised %s>" % (render.__name__, type(error).__name__)


def _place(error, imports):
    """Relative file and 1-based line of the innermost frame inside the project."""
    if isinstance(error, SyntaxError):
        file = imports.relative(error.filename) if isinstance(error.filename, str) else None
        if file is not None:
            return file, error.lineno if isinstance(error.lineno, int) else None
    place = (None, None)
    frame = error.__traceback__
    while frame is not None:
        file = imports.relative(frame.tb_frame.f_code.co_filename)
        if file is not None:
            place = (file, frame.tb_lineno)
        frame = frame.tb_next
    return place


def _traceback(error):
    try:
        import traceback

        limit = sys.getrecursionlimit()
        try:
            # After a RecursionError raised close to the limit the formatter needs room of its own.
            sys.setrecursionlimit(limit + 500)
            rendered = traceback.TracebackException(type(error), error, error.__traceback__)
            _strip(rendered, traceback.StackSummary, set())
            text = "".join(rendered.format())
        finally:
            sys.setrecursionlimit(limit)
    except BaseException as problem:
        return "%s\n(no traceback: %s while it was written)\n" % (_type_name(error), type(problem).__name__)
    if len(text) > _LONGEST_TRACEBACK:
        half = _LONGEST_TRACEBACK // 2
        text = text[:half] + "\n  …\n" + text[-half:]
    return text


def _strip(rendered, summary, seen):
    """Removes frames of the runtime and of the import system from a TracebackException and what it was raised from."""
    if rendered is None or id(rendered) in seen:
        return
    seen.add(id(rendered))
    if rendered.stack is not None:
        kept = [frame for frame in rendered.stack if not frame.filename.startswith((_RUNTIME, "<frozen importlib"))]
        rendered.stack = summary.from_list(kept)
    _strip(rendered.__cause__, summary, seen)
    _strip(rendered.__context__, summary, seen)
    for each in getattr(rendered, "exceptions", None) or ():
        _strip(each, summary, seen)


#: Keys looked through for one that is nearly the missing one, over all containers of a frame.
_MOST_KEYS = 10_000


def _near_key(error, imports):
    """The key most like the missing one, among dicts and tables that the failing line could see; or None."""
    frame = None
    trace = error.__traceback__
    while trace is not None:
        if imports.relative(trace.tb_frame.f_code.co_filename) is not None:
            frame = trace.tb_frame
        trace = trace.tb_next
    if frame is None:
        return None
    import difflib

    keys = []
    for value in list(frame.f_locals.values()):
        # A dict, or a table by its columns; anything else is left alone: asking it could run code.
        held = value if type(value) is dict else getattr(value, "columns", None) if _is_table(value) else None
        if held is not None and len(keys) < _MOST_KEYS:
            keys.extend(key for key, _ in zip(held, range(_MOST_KEYS)) if type(key) is str)
    matches = difflib.get_close_matches(error.args[0], keys, 1, 0.7)
    return matches[0] if matches and matches[0] != error.args[0] else None


def _is_table(value):
    kind = type(value)
    return kind.__name__ == "DataFrame" and (kind.__module__ or "").split(".")[0] in ("pandas", "polars")


def _hint(error, imports):
    if isinstance(error, ModuleNotFoundError) and isinstance(error.name, str):
        top = error.name.partition(".")[0]
        if os.path.exists(os.path.join(imports.project_dir, "nodes", top + ".py")):
            return 'Files of the project import each other as "nodes.%s".' % top
        if top == "nodes" or os.path.exists(os.path.join(imports.project_dir, top)):
            return "Check the name; files of the project are imported by their path from the project folder."
        package = _PACKAGE_OF.get(top, top)
        return 'Add the package "%s" to the environment (nodeloom env add %s) and run again.' % (package, package)
    if isinstance(error, KeyError) and len(error.args) == 1 and isinstance(error.args[0], str):
        near = _near_key(error, imports)
        return None if near is None else "Did you mean %r?" % near
    if isinstance(error, RecursionError):
        return "A function calls itself without end; check what ends the recursion."
    if isinstance(error, MemoryError):
        return "The node asked for more memory than there is; work on a part of the data."
    if isinstance(error, EOFError) and "reading a line" in _safe(str, error):
        return "Nodes have no standard input; give the value as an input of the node."
    return None
