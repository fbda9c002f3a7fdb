"""From a node's inputs to the arguments of its function, and from what it returns to its ports."""
import sys
from _collections_abc import Mapping
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType

from nodeloom_runtime.constants import MISSING, element_of, resolve
from nodeloom_runtime.errors import NodeFailure

_VAR_POSITIONAL = 0x04
_VAR_KEYWORD = 0x08


class Parameters:
    """What a callable takes, as its source says (through decorators that keep `__wrapped__`)."""

    def __init__(self, function):
        inner = function
        for _ in range(100):
            wrapped = getattr(inner, "__wrapped__", None)
            if wrapped is None:
                break
            inner = wrapped
        if type(inner) is FunctionType:
            self._from_code(inner)
        else:
            self._from_signature(function)
        self.namespace = getattr(inner, "__globals__", None) or vars(sys.modules.get(getattr(inner, "__module__", None), sys))
        self._inner = inner
        self._annotations = None

    def _from_code(self, function):
        code = function.__code__
        names = code.co_varnames
        count, only = code.co_argcount, code.co_kwonlyargcount
        defaults = function.__defaults__ or ()
        self.positional = names[:count]
        self.positional_only = code.co_posonlyargcount
        self.defaults = dict(zip(self.positional[count - len(defaults):], defaults))
        self.keyword = names[count:count + only]
        self.varargs = names[count + only] if code.co_flags & _VAR_POSITIONAL else None
        self.takes_any_keyword = bool(code.co_flags & _VAR_KEYWORD)

    def _from_signature(self, function):
        import inspect

        every = inspect.signature(function).parameters.values()
        kinds = inspect.Parameter
        places = [each for each in every if each.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)]
        self.positional = tuple(each.name for each in places)
        self.positional_only = sum(each.kind is kinds.POSITIONAL_ONLY for each in places)
        self.defaults = {each.name: each.default for each in places if each.default is not kinds.empty}
        self.keyword = tuple(each.name for each in every if each.kind is kinds.KEYWORD_ONLY)
        self.varargs = next((each.name for each in every if each.kind is kinds.VAR_POSITIONAL), None)
        self.takes_any_keyword = any(each.kind is kinds.VAR_KEYWORD for each in every)

    def has(self, name):
        return name in self.positional or name in self.keyword or name == self.varargs or self.takes_any_keyword

    def annotation(self, name):
        """The annotation as it stands (possibly text), MISSING without one."""
        if self._annotations is None:
            self._annotations = _annotations_of(self._inner)
        return self._annotations.get(name, MISSING)

    def element_annotation(self, name):
        """The annotation of one value of a collecting parameter."""
        whole = self.annotation(name)
        if name == self.varargs or whole is MISSING:
            return whole
        return element_of(whole, self.namespace)

    def arguments(self, values):
        """Positional and keyword arguments for values by parameter name."""
        spread = list(values.pop(self.varargs, ())) if self.varargs is not None else []
        last = -1
        for at, name in enumerate(self.positional):
            if name in values and (at < self.positional_only or spread):
                last = at
        if spread:
            last = len(self.positional) - 1
        placed = []
        for name in self.positional[:last + 1]:
            if name in values:
                placed.append(values.pop(name))
            elif name in self.defaults:
                placed.append(self.defaults[name])
            else:
                raise NodeFailure("MissingInput", 'The input "%s" has no value and no default.' % name)
        return placed + spread, values


def _annotations_of(function):
    try:
        return dict(getattr(function, "__annotations__", None) or {})
    except Exception:
        try:
            import annotationlib

            return dict(annotationlib.get_annotations(function, format=annotationlib.Format.FORWARDREF))
        except Exception:
            return {}


def finish(value):
    """The value behind a coroutine or a generator, drained in this process."""
    kind = type(value)
    if kind is CoroutineType:
        import asyncio

        value = asyncio.run(value)
        kind = type(value)
    if kind is GeneratorType:
        return list(value)
    if kind is AsyncGeneratorType:
        import asyncio

        return asyncio.run(_drain(value))
    return value


async def _drain(generator):
    return [item async for item in generator]


def take_outputs(value, call, function):
    """What each of the call's ports carries, as pairs (port, value). A port that is not taken is left out."""
    keys = call["dictKeys"]
    for output in call["outputs"]:
        port = output["port"]
        if port in keys:
            if isinstance(value, Mapping) and port in value:
                yield output, value[port]
            elif call["outputsElse"] == "whole":
                yield output, value
        elif port == "result" and not _declares_result(value, function):
            yield output, value
        elif isinstance(value, tuple) and port in getattr(value, "_fields", ()):
            yield output, getattr(value, port)
        elif isinstance(value, Mapping):
            if port in value:
                yield output, value[port]
        else:
            raise NodeFailure(
                "TypeError",
                '%s: the function returned %s, which has no field "%s" as its annotation promises.' % (call["address"], type(value).__name__, port),
                "Return what the annotation says, or change the annotation.",
            )


def _declares_result(value, function):
    """Whether a field named `result` is what the port `result` means: only when the return annotation has one."""
    if isinstance(value, tuple):
        if "result" not in getattr(value, "_fields", ()):
            return False
    elif not (isinstance(value, Mapping) and "result" in value):
        return False
    if function is None:
        return False
    parameters = Parameters(function)
    promised = resolve(parameters.annotation("return"), parameters.namespace)
    if not isinstance(promised, type):
        return False
    return "result" in getattr(promised, "_fields", ()) or (hasattr(promised, "__total__") and "result" in getattr(promised, "__annotations__", ()))
