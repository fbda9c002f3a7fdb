"""Richer pictures of a kept value: a table's first rows, a PNG, a JSON tree, long text. They change nothing in it."""
import binascii
import io
import json

from nodeloom_runtime.preview import is_a, is_records, text_of

MAX_ROWS = 1000
MAX_COLUMNS = 200
MAX_CELL = 300
MAX_TABLE_CHARS = 8_000_000
MAX_TEXT = 1_000_000
MAX_IMAGE_BYTES = 24_000_000
_MAX_SIDE = 4096


class CannotShow(Exception):
    """There is no picture of this value; the text is a sentence."""


def view(value):
    """The ValueView of a value, as the protocol carries it. Raises CannotShow or what the value's own code raises."""
    table = _table(value)
    if table is not None:
        return table
    if is_a(value, "matplotlib.figure", "Figure"):
        return _image(_figure_png(value))
    if is_a(value, "PIL.Image", "Image"):
        return _image(_picture_png(value))
    maker = getattr(type(value), "_repr_png_", None)
    if callable(maker):
        png = maker(value)
        if isinstance(png, tuple):
            png = png[0]
        if isinstance(png, str):
            png = binascii.a2b_base64(png)
        if isinstance(png, (bytes, bytearray)):
            return _image(bytes(png))
    if isinstance(value, (dict, list, tuple)):
        return _tree(value)
    text = text_of(value, MAX_TEXT)
    return {"kind": "text", "text": text, "truncated": text.endswith("…") and len(text) > MAX_TEXT}


# --- tables -----------------------------------------------------------------------------------------


def _table(value):
    if is_a(value, "pandas", "DataFrame"):
        part = value.iloc[:MAX_ROWS, :MAX_COLUMNS]
        columns = [_column(name, part.iloc[:, at].dtype) for at, name in enumerate(part.columns)]
        data = [part.iloc[:, at].tolist() for at in range(part.shape[1])]
        return _make(columns, part.index.tolist(), data, value.shape)
    if is_a(value, "pandas", "Series") or is_a(value, "pandas", "Index"):
        part = value[:MAX_ROWS] if is_a(value, "pandas", "Index") else value.iloc[:MAX_ROWS]
        index = range(len(part)) if is_a(value, "pandas", "Index") else part.index.tolist()
        name = "value" if getattr(value, "name", None) is None else value.name
        return _make([_column(name, value.dtype)], index, [part.tolist()], (len(value), 1))
    if is_a(value, "polars", "DataFrame"):
        part = value[:MAX_ROWS, :MAX_COLUMNS]
        columns = [_column(name, kind) for name, kind in zip(part.columns, part.dtypes)]
        return _make(columns, range(part.height), [each.to_list() for each in part.get_columns()], value.shape)
    if is_a(value, "polars", "Series"):
        return _make([_column(value.name or "value", value.dtype)], range(min(len(value), MAX_ROWS)), [value[:MAX_ROWS].to_list()], (len(value), 1))
    if is_a(value, "numpy", "ndarray") and value.ndim in (1, 2):
        part = value[:MAX_ROWS] if value.ndim == 1 else value[:MAX_ROWS, :MAX_COLUMNS]
        data = [part.tolist()] if value.ndim == 1 else [part[:, at].tolist() for at in range(part.shape[1])]
        columns = [_column("value" if value.ndim == 1 else at, value.dtype) for at in range(len(data))]
        return _make(columns, range(part.shape[0]), data, value.shape if value.ndim == 2 else (value.shape[0], 1))
    if is_records(value):
        return _records(value)
    return None


def _records(rows):
    part = [row for row in rows[:MAX_ROWS] if type(row) is dict]
    names = list(dict.fromkeys(key for row in part for key in row))
    shown = names[:MAX_COLUMNS]
    data = [[row.get(name) for row in part] for name in shown]
    columns = [_column(name, _common_type(cells)) for name, cells in zip(shown, data)]
    return _make(columns, range(len(part)), data, (len(rows), len(names)))


def _common_type(cells):
    kinds = {type(cell).__name__ for cell in cells if cell is not None}
    return kinds.pop() if len(kinds) == 1 else "object"


def _column(name, kind):
    return {"name": _cell(name) or "", "type": str(kind)}


def _make(columns, index, data, shape):
    left = MAX_TABLE_CHARS
    rows = []
    index = list(index)
    for at in range(len(index)):
        row = [_cell(column[at]) for column in data]
        left -= sum(len(cell) for cell in row if cell is not None) + 4 * len(row)
        if left < 0:
            break
        rows.append(row)
    return {
        "kind": "table",
        "columns": columns,
        "index": [_cell(label) or "" for label in index[:len(rows)]],
        "rows": rows,
        "totalRows": int(shape[0]),
        "totalColumns": int(shape[1]),
    }


def _cell(value):
    """A cell as text for people; None where the value is missing."""
    kind = type(value)
    if kind is str:
        return value if len(value) <= MAX_CELL else value[:MAX_CELL] + "…"
    if kind is float:
        return None if value != value else repr(value)
    if kind is int or kind is bool:
        return str(value)
    if value is None or is_a(value, "pandas._libs.missing", "NAType") or is_a(value, "pandas._libs.tslibs.nattype", "NaTType"):
        return None
    if is_a(value, "datetime", "date") or is_a(value, "datetime", "time") or is_a(value, "datetime", "timedelta") or is_a(value, "decimal", "Decimal"):
        return str(value)
    return text_of(value, MAX_CELL)


# --- images -----------------------------------------------------------------------------------------


def _figure_png(figure):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    before = figure.canvas
    buffer = io.BytesIO()
    try:
        # A canvas of our own: no display is needed, whatever backend the node chose.
        FigureCanvasAgg(figure).print_figure(buffer, format="png", dpi=figure.dpi)
    finally:
        figure.set_canvas(before)
    return buffer.getvalue()


def _picture_png(picture):
    if max(picture.size) > _MAX_SIDE:
        picture = picture.copy()
        picture.thumbnail((_MAX_SIDE, _MAX_SIDE))
    if picture.mode in ("I", "F"):
        # PNG has no such pixels: the range that is there is spread over the greys.
        low, high = picture.getextrema()
        scale = 255 / (high - low) if high > low else 1
        picture = picture.convert("F").point(lambda pixel: pixel * scale - low * scale).convert("L")
    if picture.mode not in ("1", "L", "LA", "I;16", "P", "RGB", "RGBA"):
        picture = picture.convert("RGBA" if "a" in picture.mode or "A" in picture.mode else "RGB")
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue()


def _image(png):
    if len(png) > MAX_IMAGE_BYTES:
        raise CannotShow("The image is too large to show (%d MB)." % (len(png) // 1_000_000))
    if png[:8] != b"\x89PNG\r\n\x1a\n":
        raise CannotShow("The value gave no PNG image.")
    width, height = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    return {"kind": "image", "mime": "image/png", "base64": str(binascii.b2a_base64(png, newline=False), "ascii"), "width": width, "height": height}


# --- trees ------------------------------------------------------------------------------------------


def _tree(value):
    """JSON for a tree view. What JSON has not is shown as text; what is too much is left out, and said."""
    budget = [MAX_TEXT]
    plain = _plain(value, budget, 0, ())
    text = json.JSONEncoder(ensure_ascii=True, check_circular=False).encode(plain)
    return {"kind": "json", "json": text, "truncated": budget[0] <= 0}


def _plain(value, budget, depth, path):
    kind = type(value)
    budget[0] -= 4
    if value is None or kind in (bool, int):
        return value if kind is not int or abs(value) <= 2 ** 53 else text_of(value, 400)
    if kind is float:
        budget[0] -= 12
        return value if value - value == 0 else repr(value)
    if kind is str:
        limit = max(0, min(len(value), budget[0], 20000))
        budget[0] -= limit
        return value if limit == len(value) else value[:limit] + "…"
    if isinstance(value, (dict, list, tuple)):
        if id(value) in path or depth >= 40:
            return "…"
        path = path + (id(value),)
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            value = dict(zip(value._fields, value))
        if isinstance(value, dict):
            return _plain_dict(value, budget, depth, path)
        items = []
        for item in value:
            if budget[0] <= 0:
                items.append("…")
                break
            items.append(_plain(item, budget, depth + 1, path))
        return items
    text = text_of(value, 400)
    budget[0] -= len(text)
    return text


def _plain_dict(value, budget, depth, path):
    result = {}
    for key, item in value.items():
        if budget[0] <= 0:
            result["…"] = "…"
            break
        name = key if type(key) is str else text_of(key, 200)
        budget[0] -= len(name)
        result[name[:1000]] = _plain(item, budget, depth + 1, path)
    return result
