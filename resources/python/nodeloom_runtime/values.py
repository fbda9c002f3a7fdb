"""Values as files and bytes: .npy for arrays, pickle 5 with out-of-band buffers for the rest.

A pickle5 file: the magic, the count of buffers (u64), the length of the pickle (u64), offset and length of
each buffer (u64 each), the pickle, then the buffers at multiples of 64. It is mapped copy-on-write, so the
buffers of a loaded value can be written to without touching the file.
"""
import mmap
import os
import pickle
import struct
import sys

_MAGIC = b"NLPK5\x00\x01\x00"
_ALIGN = 64
PICKLED_LIMIT = 65536


class CannotStore(Exception):
    """The value cannot leave this process; the text names its type."""


class _TooBig(Exception):
    pass


class _Bounded:
    """A file that refuses to grow past the limit, so that pickling a big value stops early."""

    def __init__(self, limit):
        self.parts = []
        self._left = limit

    def write(self, data):
        self._left -= memoryview(data).nbytes
        if self._left < 0:
            raise _TooBig
        self.parts.append(bytes(data))


def type_name(value):
    """A type as people write it: `int`, `pandas.DataFrame`, `nodes.shop.Order`."""
    kind = type(value)
    try:
        module, name = kind.__module__, kind.__qualname__
        if module == "builtins" or type(module) is not str:
            return str(name)
        top = module.partition(".")[0]
        if getattr(sys.modules.get(top), name, None) is kind:
            module = top
        return "%s.%s" % (module, name)
    except Exception:
        return "object"


def pickle_small(value):
    """The value's pickle where it has at most 64 KB, else None. Cheap for big values."""
    if _surely_big(value):
        return None
    sink = _Bounded(PICKLED_LIMIT)
    try:
        pickle.Pickler(sink, 5).dump(value)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return None
    return b"".join(sink.parts)


def _surely_big(value):
    if type(value) in (str, bytes, bytearray, list, tuple, dict, set, frozenset):
        return len(value) > PICKLED_LIMIT
    try:
        for module, kinds in (("numpy", ("ndarray",)), ("pandas", ("DataFrame", "Series")), ("polars", ("DataFrame", "Series"))):
            loaded = sys.modules.get(module)
            for kind in kinds:
                known = getattr(loaded, kind, None)
                if known is not None and isinstance(value, known):
                    if kind == "ndarray":
                        return value.nbytes > PICKLED_LIMIT
                    size = 1
                    for side in value.shape:
                        size *= side
                    return size > PICKLED_LIMIT
    except Exception:
        pass
    return False


def _is_plain_array(value):
    numpy = sys.modules.get("numpy")
    return (
        numpy is not None
        and type(value) is getattr(numpy, "ndarray", None)
        and not value.dtype.hasobject
        and value.dtype.metadata is None
        and value.ndim > 0
        and value.nbytes > 0
    )


def store(value, folder, name):
    """Writes a value to a new file in `folder`; gives its description. Raises CannotStore, OSError."""
    if _is_plain_array(value):
        path = os.path.join(folder, name + ".npy")
        with open(path, "wb") as file:
            sys.modules["numpy"].lib.format.write_array(file, value, allow_pickle=False)
        return {"format": "npy", "path": path, "bytes": os.path.getsize(path)}
    buffers = []
    try:
        body = pickle.dumps(value, 5, buffer_callback=lambda buffer: _take(buffers, buffer))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        reason = str(error) if isinstance(error, Exception) else ""
        raise CannotStore(
            "A value of type %s cannot leave the worker that made it: it cannot be pickled%s." % (type_name(value), reason and " (%s)" % reason[:300])
        ) from None
    path = os.path.join(folder, name + ".pickle5")
    _write(path, body, buffers)
    return {"format": "pickle5", "path": path, "bytes": os.path.getsize(path)}


def _take(buffers, buffer):
    """Out of band where the bytes lie in one piece; false keeps a buffer out of band, true puts it in the pickle."""
    try:
        buffers.append(buffer.raw())
        return False
    except BufferError:
        return True


def _write(path, body, buffers):
    head = len(_MAGIC) + 16 + 16 * len(buffers)
    at = head + len(body)
    table = []
    for buffer in buffers:
        at = -(-at // _ALIGN) * _ALIGN
        table.append((at, buffer.nbytes))
        at += buffer.nbytes
    with open(path, "wb") as file:
        file.write(_MAGIC + struct.pack("<QQ", len(buffers), len(body)))
        for entry in table:
            file.write(struct.pack("<QQ", *entry))
        file.write(body)
        for (start, _), buffer in zip(table, buffers):
            file.write(b"\0" * (start - file.tell()))
            file.write(buffer)


def load(stored):
    """The value of a file that `store` wrote, as a private copy of this process."""
    path = stored["path"]
    if stored["format"] == "npy":
        import numpy

        return numpy.load(path, mmap_mode="c", allow_pickle=False).view(numpy.ndarray)
    with open(path, "rb") as file:
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    if bytes(whole[:len(_MAGIC)]) != _MAGIC:
        raise ValueError("not a stored value: %s" % path)
    count, length = struct.unpack_from("<QQ", whole, len(_MAGIC))
    at = len(_MAGIC) + 16
    buffers = []
    for index in range(count):
        start, size = struct.unpack_from("<QQ", whole, at + 16 * index)
        buffers.append(whole[start:start + size])
    body = at + 16 * count
    return pickle.loads(whole[body:body + length], buffers=buffers)
