"""JSON texts of plain Python literals."""

from __future__ import annotations

import ast
import json
import math
from typing import Any

_MAX_DEPTH = 50


class NotPlain(Exception):
    """The expression is no literal that JSON can say exactly."""


def json_text(expression: ast.expr) -> "str | None":
    """The JSON text of a literal (numbers, also negative, texts, None, lists and dicts of them), else None.

    A dict with a key that begins with `$` is wrapped as `{"$json": …}`, since such keys are tags.
    """
    try:
        return json.dumps(_plain(expression, 0), allow_nan=False)
    except (NotPlain, ValueError):
        return None


def _plain(expression: ast.expr, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise NotPlain
    if isinstance(expression, ast.Constant):
        value = expression.value
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
    elif isinstance(expression, ast.UnaryOp) and isinstance(expression.op, (ast.USub, ast.UAdd)):
        value = _plain(expression.operand, depth + 1)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return -value if isinstance(expression.op, ast.USub) else value
    elif isinstance(expression, ast.List):
        return [_plain(item, depth + 1) for item in expression.elts]
    elif isinstance(expression, ast.Dict):
        result = {}
        for key, value in zip(expression.keys, expression.values):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise NotPlain
            result[key.value] = _plain(value, depth + 1)
        return {"$json": result} if any(key.startswith("$") for key in result) else result
    raise NotPlain
