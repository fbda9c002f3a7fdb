"""A small picture of a value: at most 64 KB, whatever the value's own code does."""
import sys
from json.encoder import encode_basestring, encode_basestring_ascii

from nodeloom_runtime.values import type_name

TEXT_LIMIT = 4000
JSON_LIMIT = 48000
TOTAL_LIMIT = 64000
_LARGEST_INT = 2 ** 53
_MAX_DEPTH = 60
_NUMBERS = (bool, int, float, complex)


class _NotExact(Exception):
    """JSON does not give the value back."""


def preview(value):
    """The Preview of a value, as the protocol carries it. Raises nothing but KeyboardInterrupt and the like."""
    kind = type(value)
    if kind in _FAST:
        return _FAST[kind](value)
    try:
        return _bounded(_preview(value))
    except Exception:
        return {"type": type_name(value), "text": "<%s>" % type_name(value), "family": "object"}


def _preview(value):
    result = {"type": type_name(value), "text": text_of(value), "family": "object"}
    describe = _describer(value)
    if describe is not None:
        try:
            result.update(describe(value))
        except Exception:
            pass
    if "summary" not in result:
        result["summary"] = _first_line(result["text"])
    json = exact_json(value)
    if json is not None:
        result["json"] = json
    return result


def _bounded(result):
    if _weight(result) > TOTAL_LIMIT:
        result.pop("json", None)
    if _weight(result) > TOTAL_LIMIT:
        result["text"] = result["text"][:1000]
    return result


def _weight(result):
    return sum(len(encode_basestring_ascii(part)) for part in result.values() if type(part) is str)


# --- text -------------------------------------------------------------------------------------------


def text_of(value, limit=TEXT_LIMIT):
    """`repr` with limits; text as it is. A `__repr__` that raises or is huge is contained."""
    if type(value) is str:
        return value if len(value) <= limit else value[:limit] + "…"
    parts = []
    _render(value, parts, [limit], 0, ())
    text = "".join(parts)
    return text if len(text) <= limit else text[:limit] + "…"


_BRACKETS = {list: "[]", tuple: "()", set: "{}", frozenset: "{}", dict: "{}"}


def _render(value, parts, left, depth, path):
    kind = type(value)
    if kind not in _BRACKETS:
        _put(_leaf(value, left[0]), parts, left)
        return
    if not value:
        _put(repr(value), parts, left)
        return
    if depth > 20 or id(value) in path:
        _put("…", parts, left)
        return
    path = path + (id(value),)
    opening, closing = _BRACKETS[kind]
    if kind is frozenset:
        opening, closing = "frozenset({", "})"
    _put(opening, parts, left)
    first = True
    for item in value.items() if kind is dict else value:
        if not first:
            _put(", ", parts, left)
        first = False
        if left[0] <= 0:
            parts.append("…")
            break
        if kind is dict:
            _render(item[0], parts, left, depth + 1, path)
            _put(": ", parts, left)
            item = item[1]
        _render(item, parts, left, depth + 1, path)
    if kind is tuple and len(value) == 1:
        closing = ",)"
    parts.append(closing)


def _put(text, parts, left):
    parts.append(text)
    left[0] -= len(text)


def _leaf(value, room):
    try:
        if type(value) in (str, bytes, bytearray) and len(value) > room + 10:
            return repr(value[:room + 10]) + "…"
        text = repr(value)
        text = str.__str__(text)
    except Exception as error:
        return "<%s: its __repr__ raised %s>" % (type_name(value), type(error).__name__)
    return text if len(text) <= room + 10 else text[:room + 10] + "…"


def _first_line(text):
    # A rule of dashes or stars says less than the first line with words or numbers in it.
    lines = [line.strip() for line in text.strip().split("\n", 20)[:20]]
    line = next((line for line in lines if any(char.isalnum() for char in line)), lines[0])
    return line if len(line) <= 80 else line[:79] + "…"


# --- exact JSON -------------------------------------------------------------------------------------


def exact_json(value, limit=JSON_LIMIT):
    """JSON text that gives the value back exactly, or None where there is none or it is long."""
    parts = []
    try:
        _exact(value, parts, [limit], 0)
    except (_NotExact, RecursionError):
        return None
    return "".join(parts)


def _exact(value, parts, left, depth):
    kind = type(value)
    if value is None:
        text = "null"
    elif kind is bool:
        text = "true" if value else "false"
    elif kind is int:
        if not -_LARGEST_INT <= value <= _LARGEST_INT:
            raise _NotExact
        text = repr(value)
    elif kind is float:
        if value != value or value in (float("inf"), float("-inf")):
            raise _NotExact
        text = repr(value)
    elif kind is str:
        if len(value) > left[0]:
            raise _NotExact
        text = _json_string(value)
    elif kind is list or kind is dict:
        _exact_container(value, kind, parts, left, depth)
        return
    else:
        raise _NotExact
    _spend(text, parts, left)


def _exact_container(value, kind, parts, left, depth):
    # A cycle ends here too: it is deeper than any limit.
    if depth >= _MAX_DEPTH or len(value) > left[0]:
        raise _NotExact
    _spend("[" if kind is list else "{", parts, left)
    first = True
    for item in value if kind is list else value.items():
        if not first:
            _spend(",", parts, left)
        first = False
        if kind is dict:
            key, item = item
            if type(key) is not str or len(key) > left[0]:
                raise _NotExact
            _spend(_json_string(key) + ":", parts, left)
        _exact(item, parts, left, depth + 1)
    _spend("]" if kind is list else "}", parts, left)


def _json_string(text):
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise _NotExact from None
    return encode_basestring(text)


def _spend(text, parts, left):
    left[0] -= len(text)
    if left[0] < 0:
        raise _NotExact
    parts.append(text)


# --- what is said of known kinds --------------------------------------------------------------------


def _fast_number(value):
    text = repr(value)
    if len(text) > TEXT_LIMIT:
        text = text[:TEXT_LIMIT] + "…"
    result = {"type": type(value).__name__, "text": text, "family": "number", "summary": _first_line(text)}
    json = exact_json(value)
    if json is not None:
        result["json"] = json
    return result


def _fast_int(value):
    if value.bit_length() > 10000:
        return {"type": "int", "text": "an integer of %s bits" % grouped(value.bit_length()), "family": "number"}
    return _fast_number(value)


def _fast_str(value):
    result = {"type": "str", "text": text_of(value), "family": "text", "summary": _first_line(value[:400]), "bytes": len(value)}
    if len(value) > TEXT_LIMIT:
        result["view"] = "text"
    json = exact_json(value)
    if json is not None:
        result["json"] = json
    return _bounded(result)


def _fast_none(value):
    return {"type": "None", "text": "None", "family": "object", "summary": "None", "json": "null"}


_FAST = {bool: _fast_number, int: _fast_int, float: _fast_number, complex: _fast_number, str: _fast_str, type(None): _fast_none}


def grouped(number):
    return format(number, ",")


def shape_text(shape):
    return " × ".join(grouped(side) for side in shape) or "scalar"


def is_a(value, module, name):
    """Whether `value` is of a class that its package, already imported, exposes under `name` (dots allowed)."""
    found = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return isinstance(found, type) and isinstance(value, found)


def is_records(value):
    """A list of dicts with text keys: shown as a table."""
    return (
        type(value) is list
        and len(value) > 0
        and all(type(row) is dict and all(type(key) is str for key in row) for row in value[:50])
        and any(value[:50])
    )


def _describer(value):
    kind = type(value)
    if kind in (list, tuple, set, frozenset):
        return _describe_items
    if isinstance(value, dict):
        return _describe_dict
    for module, name, describe in _KNOWN:
        if is_a(value, module, name):
            return describe
    if callable(getattr(kind, "_repr_png_", None)):
        return lambda value: {"family": "image", "view": "image", "summary": type_name(value)}
    return _describe_other


def _describe_items(value):
    if is_records(value):
        columns = len({key: None for row in value[:50] for key in row})
        return {"family": "table", "view": "table", "summary": "%s × %s" % (grouped(len(value)), grouped(columns))}
    result = {"family": "array", "summary": "%s · %s" % (type(value).__name__, grouped(len(value)))}
    if value and type(value) in (list, tuple):
        result["view"] = "json"
    return result


def _describe_dict(value):
    numbers = [(key, item) for key, item in list(value.items())[:4] if isinstance(item, _NUMBERS) and type(item) is not bool]
    if 0 < len(value) <= 3 and len(numbers) == len(value) and all(type(key) is str for key in value):
        summary = " · ".join("%s %s" % (key[:40], short_number(item)) for key, item in numbers)
    else:
        summary = "%s · %s" % (type(value).__name__, grouped(len(value)))
    return {"family": "object", "summary": summary, "view": "json"} if value else {"summary": summary}


def short_number(number):
    return format(number, ".3g") if isinstance(number, float) and abs(number) < 1e5 else str(number)


def _describe_frame(value):
    result = {"family": "table", "view": "table", "summary": shape_text(value.shape)}
    size = getattr(value, "estimated_size", None)
    result["bytes"] = int(size() if size is not None else value.memory_usage().sum())
    return result


def _describe_series(value):
    result = {"family": "array", "view": "table", "summary": "%s · %s" % (grouped(len(value)), value.dtype)}
    size = getattr(value, "estimated_size", None)
    result["bytes"] = int(size() if size is not None else value.memory_usage())
    return result


def _describe_array(value):
    result = {"family": "array", "summary": "%s · %s" % (shape_text(value.shape), value.dtype), "bytes": int(value.nbytes)}
    if value.ndim in (1, 2) and value.size:
        result["view"] = "table"
    return result


def _describe_picture(value):
    return {"family": "image", "view": "image", "summary": "%s × %s" % value.size}


def _describe_figure(value):
    width, height = value.get_size_inches() * value.dpi
    return {"family": "image", "view": "image", "summary": "figure · %d × %d" % (width, height)}


_KNOWN = (
    ("pandas", "DataFrame", _describe_frame),
    ("polars", "DataFrame", _describe_frame),
    ("pandas", "Series", _describe_series),
    ("pandas", "Index", _describe_series),
    ("polars", "Series", _describe_series),
    ("numpy", "ndarray", _describe_array),
    ("numpy", "number", lambda value: {"family": "number", "summary": str(value)}),
    ("decimal", "Decimal", lambda value: {"family": "number", "summary": str(value)}),
    ("fractions", "Fraction", lambda value: {"family": "number", "summary": str(value)}),
    ("PIL.Image", "Image", _describe_picture),
    ("matplotlib.figure", "Figure", _describe_figure),
    ("pathlib", "PurePath", lambda value: {"family": "text", "summary": str(value)}),
    ("datetime", "date", lambda value: {"family": "text", "summary": str(value)}),
    ("datetime", "time", lambda value: {"family": "text", "summary": str(value)}),
)


def _describe_other(value):
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {"summary": "%s · %d" % (type(value).__name__, len(value)), "view": "json"}
    if isinstance(value, str):
        return {"family": "text"}
    if type(value) in (bytes, bytearray):
        return {"summary": "%s · %s bytes" % (type(value).__name__, grouped(len(value))), "bytes": len(value)}
    return {}
