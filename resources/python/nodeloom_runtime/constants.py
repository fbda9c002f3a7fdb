"""Constants of the flow: JSON text with tags, converted by a parameter's real annotation (design §3)."""
import os
import sys
from json.decoder import JSONDecoder

MISSING = object()
_PLAIN = (str, int, float, bool, type(None))


class Misfit(Exception):
    """A constant that cannot become what the annotation asks for; the text is a whole sentence."""


class _NoFit(Exception):
    """One way to read the constant failed; another may fit."""


class _Loose(str):
    """Text from the environment: may also be read as JSON where text does not fit."""


def read_constant(text, where, annotation=MISSING, namespace=None, project_dir=None):
    """The Python value of a constant.

    `where` is `NODE.PORT`, for messages; `annotation` the parameter's own (possibly a string, looked up in
    `namespace`). Raises Misfit.
    """
    try:
        raw = _parse(text)
        value = _untag(raw)
    except _NoFit as error:
        raise Misfit("%s: %s" % (where, error)) from None
    except (ValueError, RecursionError) as error:
        raise Misfit("%s: the constant is not readable JSON (%s)." % (where, error)) from None
    if annotation is MISSING:
        return _plain(value)
    try:
        return convert(value, annotation, namespace or {}, project_dir or ".")
    except _NoFit as error:
        raise Misfit("%s: the constant %s does not fit %s%s." % (where, _shorten(text), describe(annotation), _because(error))) from None
    except RecursionError:
        raise Misfit("%s: the constant is nested too deeply." % where) from None


def _parse(text):
    limit = getattr(sys, "set_int_max_str_digits", None)
    if limit is None:
        return JSONDecoder().decode(text)
    before = sys.get_int_max_str_digits()
    limit(0)
    try:
        return JSONDecoder().decode(text)
    finally:
        limit(before)


def _untag(value):
    if type(value) is list:
        return [_untag(item) for item in value]
    if type(value) is not dict:
        return value
    tags = [key for key in value if key.startswith("$")]
    if not tags:
        return {key: _untag(item) for key, item in value.items()}
    tag = tags[0]
    if len(value) != 1:
        raise _NoFit('an object with a key that begins with "$" must be written as {"$json": …}.')
    content = value[tag]
    if tag == "$json":
        return content
    if tag == "$float" and isinstance(content, (str, int, float)) and not isinstance(content, bool):
        try:
            return float(content)
        except (ValueError, OverflowError):
            raise _NoFit('{"$float": %s} is not a number.' % _shorten(repr(content))) from None
    if tag in ("$env", "$secret") and isinstance(content, str):
        return _from_environment(tag, content)
    raise _NoFit('the tag "%s" is unknown or its content is not text; known are $env, $secret, $float and $json.' % tag)


def _from_environment(tag, name):
    if tag == "$secret" and "NODELOOM_SECRET_" + name in os.environ:
        return _Loose(os.environ["NODELOOM_SECRET_" + name])
    if name in os.environ:
        return _Loose(os.environ[name])
    if tag == "$secret":
        raise _NoFit('the secret "%s" is not set. Store it in the app, or set the environment variable %s before the start.' % (name, name))
    raise _NoFit('the environment variable "%s" is not set. Set it before the start.' % name)


def _plain(value):
    if type(value) is _Loose:
        return str(value)
    if type(value) is list:
        return [_plain(item) for item in value]
    if type(value) is dict:
        return {key: _plain(item) for key, item in value.items()}
    return value


def convert(value, annotation, namespace, project_dir):
    """`value` (parsed JSON, tags resolved) as `annotation` asks; as it is where the annotation asks nothing."""
    annotation = resolve(annotation, namespace)
    if type(value) is _Loose:
        try:
            return _convert(str(value), annotation, namespace, project_dir)
        except _NoFit:
            try:
                other = _parse(value)
            except (ValueError, RecursionError):
                other = None
            if other is None or type(other) is str:
                raise
            return _convert(other, annotation, namespace, project_dir)
    return _convert(value, annotation, namespace, project_dir)


def resolve(annotation, namespace):
    """The object behind an annotation; MISSING where it cannot be told."""
    if isinstance(annotation, str):
        text = annotation
    elif type(annotation).__name__ == "ForwardRef":
        text = annotation.__forward_arg__
    else:
        return annotation
    try:
        return resolve(_evaluate(text, namespace), namespace)
    except Exception:
        return MISSING


def _evaluate(text, namespace):
    try:
        return eval(text, dict(namespace))
    except TypeError:
        if sys.version_info >= (3, 10) or "|" not in text:
            raise
        # `int | None` as text is fine for a newer interpreter; an older one reads it as a Union.
        import ast
        import typing

        class Unions(ast.NodeTransformer):
            def visit_BinOp(self, node):
                self.generic_visit(node)
                if not isinstance(node.op, ast.BitOr):
                    return node
                both = ast.Tuple(elts=[node.left, node.right], ctx=ast.Load())
                return ast.Subscript(value=ast.Name(id="__union__", ctx=ast.Load()), slice=both, ctx=ast.Load())

        tree = ast.fix_missing_locations(Unions().visit(ast.parse(text, mode="eval")))
        return eval(compile(tree, "<annotation>", "eval"), dict(namespace, __union__=typing.Union))


def _convert(value, annotation, namespace, project_dir):
    if annotation is MISSING or annotation is object:
        return _plain(value)
    if annotation is None or annotation is type(None):
        return _fits(value is None, value)
    simple = _SIMPLE.get(annotation) if isinstance(annotation, type) else None
    if simple is not None:
        return simple(value)
    again = lambda item, kind: convert(item, kind, namespace, project_dir)  # noqa: E731
    origin = getattr(annotation, "__origin__", None)
    arguments = getattr(annotation, "__args__", None) or ()
    if origin is None and isinstance(annotation, type):
        return _convert_class(value, annotation, again, project_dir)
    if _is_union(annotation, origin):
        return _first_that_fits(value, arguments, again)
    if _named(origin, "Literal"):
        return _literal(value, arguments)
    if hasattr(annotation, "__metadata__"):
        return again(value, origin)
    if _named(origin, "Required", "NotRequired", "ReadOnly", "Final"):
        return again(value, arguments[0])
    if hasattr(annotation, "__supertype__"):
        return again(value, annotation.__supertype__)
    if type(annotation).__name__ == "TypeAliasType":
        return again(value, annotation.__value__)
    if isinstance(origin, type):
        return _container(value, origin, arguments, again)
    return _plain(value)


def _fits(yes, value):
    if not yes:
        raise _NoFit
    return value


def _named(thing, *names):
    return getattr(thing, "_name", None) in names or getattr(thing, "__name__", None) in names


def _is_union(annotation, origin):
    return _named(origin, "Union") or type(annotation).__name__ in ("UnionType", "Union")


def _first_that_fits(value, kinds, again):
    for kind in kinds:
        try:
            return again(value, kind)
        except _NoFit:
            continue
    raise _NoFit


def _literal(value, choices):
    for choice in choices:
        plain = _plain(value)
        if type(choice) is type(plain) and choice == plain:
            return choice
        if type(plain) is str and _is_enum(type(choice)) and choice.name == plain:
            return choice
    raise _NoFit("it must be one of %s" % ", ".join(_shorten(repr(choice)) for choice in choices[:12]))


def _is_enum(kind):
    enum = sys.modules.get("enum")
    return enum is not None and issubclass(kind, enum.Enum)


def _int(value):
    return _fits(type(value) is int, value)


def _float(value):
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            raise _NoFit("it is too large") from None
    return _fits(type(value) is float, value)


def _complex(value):
    return complex(_float(value))


def _bytes(value):
    import base64

    try:
        return base64.b64decode(_fits(type(value) is str, value), validate=True)
    except ValueError:
        raise _NoFit("bytes are written as base64") from None


def _iso(kind, value):
    text = _fits(type(value) is str, value)
    if text.endswith(("Z", "z")) and kind.__name__ != "date":
        text = text[:-1] + "+00:00"
    try:
        return kind.fromisoformat(text)
    except ValueError:
        raise _NoFit("it is written as ISO 8601") from None


_SIMPLE = {
    str: lambda value: _fits(type(value) is str, value),
    bool: lambda value: _fits(type(value) is bool, value),
    int: _int,
    float: _float,
    complex: _complex,
    bytes: _bytes,
    bytearray: lambda value: bytearray(_bytes(value)),
}


def _convert_class(value, kind, again, project_dir):
    if kind in (list, tuple, set, frozenset, dict):
        return _container(value, kind, (), again)
    if _is_enum(kind):
        text = _fits(type(value) is str, value)
        if text not in kind.__members__:
            raise _NoFit("it must be one of %s" % ", ".join(list(kind.__members__)[:12]))
        return kind.__members__[text]
    module = kind.__module__.partition(".")[0]
    if module == "pathlib" or _named(kind, "PathLike"):
        from pathlib import Path, PurePath

        text = _fits(type(value) is str, value)
        return (kind if isinstance(kind, type) and issubclass(kind, PurePath) else Path)(project_dir, text)
    if module == "datetime" and kind.__name__ in ("datetime", "date", "time"):
        return _iso(kind, value)
    if issubclass(kind, dict) and hasattr(kind, "__total__"):
        return _typed_dict(value, kind, again)
    if module in ("collections", "_collections_abc"):
        return _container(value, kind, (), again)
    return _plain(value)


def _typed_dict(value, kind, again):
    fields = dict(kind.__annotations__)
    _fits(type(value) is dict, value)
    missing = sorted(set(getattr(kind, "__required_keys__", ())) - set(value))
    if missing:
        raise _NoFit("it lacks %s" % ", ".join(missing))
    return {key: again(item, fields[key]) if key in fields else _plain(item) for key, item in value.items()}


def _container(value, kind, arguments, again):
    if kind is tuple:
        items = _fits(type(value) is list, value)
        if not arguments:
            return tuple(_plain(items))
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(again(item, arguments[0]) for item in items)
        if arguments == ((),):
            arguments = ()
        if len(items) != len(arguments):
            raise _NoFit("it must have %d items" % len(arguments))
        return tuple(again(item, each) for item, each in zip(items, arguments))
    name = kind.__name__
    if kind in (set, frozenset) or name in ("Set", "MutableSet", "AbstractSet"):
        element = arguments[0] if arguments else MISSING
        try:
            items = [again(item, element) for item in _fits(type(value) is list, value)]
            return frozenset(items) if kind is frozenset else set(items)
        except TypeError:
            raise _NoFit("an item cannot be in a set") from None
    if kind is list or name in ("Sequence", "MutableSequence", "Iterable", "Collection", "Reversible", "Container"):
        if type(value) is str and name in ("Sequence", "Iterable", "Collection", "Container") and not arguments:
            return str(value)
        element = arguments[0] if arguments else MISSING
        return [again(item, element) for item in _fits(type(value) is list, value)]
    if kind is dict or name in ("Mapping", "MutableMapping", "OrderedDict", "defaultdict"):
        _fits(type(value) is dict, value)
        if len(arguments) != 2:
            return _plain(value)
        return {_key(key, arguments[0], again): again(item, arguments[1]) for key, item in value.items()}
    if name == "deque":
        return kind(_container(value, list, arguments, again))
    return _plain(value)


def _key(key, kind, again):
    try:
        return again(key, kind)
    except _NoFit:
        # JSON has text keys only: `1` for an int key is written "1".
        return again(_Loose(key), kind)


def element_of(annotation, namespace):
    """The annotation of one item of a parameter that collects."""
    annotation = resolve(annotation, namespace)
    arguments = getattr(annotation, "__args__", None) or ()
    return arguments[0] if arguments and not _is_union(annotation, getattr(annotation, "__origin__", None)) else MISSING


def describe(annotation):
    """An annotation as people write it."""
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, type) and not getattr(annotation, "__args__", None):
        return annotation.__qualname__
    return _shorten(repr(annotation).replace("typing.", ""))


def _because(error):
    return " (%s)" % error if error.args else ""


def _shorten(text):
    return text if len(text) <= 80 else text[:77] + "…"
