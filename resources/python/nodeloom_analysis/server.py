"""The request loop: one frame in, one frame out, in order, until stdin ends.

A frame is a 4-byte big-endian length and that many bytes of UTF-8 JSON. A request is
``{"id", "method", "params"}``, an answer ``{"id", "result"}`` or ``{"id", "error": {"message"}}``.
"""

from __future__ import annotations

import gc
import json
import signal
import struct
import sys
import threading
import warnings
from typing import Any, BinaryIO, Callable

from .analysis import Analyser

# A longer frame is skipped and answered with an error.
MAX_FRAME_BYTES = 64 * 1024 * 1024
# ast.parse recurses in C; some versions trust the stack to be deep enough for what the grammar allows.
STACK_BYTES = 256 * 1024 * 1024


class FrameTooLong(Exception):
    pass


def read_frame(stream: BinaryIO) -> "bytes | None":
    """The next frame's body, or None at the end of the stream (also in the middle of a frame)."""
    header = stream.read(4)
    if len(header) < 4:
        return None
    (length,) = struct.unpack(">I", header)
    if length > MAX_FRAME_BYTES:
        while length > 0:
            skipped = stream.read(min(length, 1 << 20))
            if not skipped:
                return None
            length -= len(skipped)
        raise FrameTooLong
    body = stream.read(length)
    return body if len(body) == length else None


def write_frame(stream: BinaryIO, value: Any) -> None:
    # ASCII only: a lone surrogate in a text stays an escape and cannot break the encoding.
    body = json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def answer(analyser: Analyser, body: bytes) -> "dict[str, Any]":
    request_id = None
    try:
        request = json.loads(body)
        if not isinstance(request, dict):
            raise ValueError("a request is a JSON object")
        request_id = request.get("id")
        method = request.get("method")
        params = request.get("params")
        if not isinstance(params, dict):
            raise ValueError("params is a JSON object")
        if method == "analyse":
            result: Any = analyser.analyse(_text(params, "root"), _text(params, "file"), _text_or_none(params, "text"))
        elif method == "overlay":
            result = analyser.overlay(_text(params, "root"), _text(params, "file"), _text_or_none(params, "text"))
        elif method == "forget":
            result = analyser.forget(_text(params, "root"))
        elif method == "hello":
            result = {"python": platform_version()}
        else:
            raise ValueError(f"unknown method {method!r}")
        return {"id": request_id, "result": result}
    except Exception as error:  # the process outlives whatever a request holds
        return {"id": request_id, "error": {"message": f"{type(error).__name__}: {error}"[:2000]}}


def platform_version() -> str:
    return ".".join(str(part) for part in sys.version_info[:3])


def _text(params: "dict[str, Any]", key: str) -> str:
    value = params.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key} is a text")
    return value


def _text_or_none(params: "dict[str, Any]", key: str) -> "str | None":
    return None if params.get(key) is None else _text(params, key)


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    analyser = Analyser()
    while True:
        try:
            body = read_frame(source)
        except FrameTooLong:
            write_frame(sink, {"id": None, "error": {"message": "the frame is too long"}})
            continue
        if body is None:
            return
        write_frame(sink, answer(analyser, body))


def main() -> int:
    # Ctrl+C in a terminal reaches the whole group; the host decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Parsing warns about odd escapes and the like; nobody reads that here.
    warnings.simplefilter("ignore")
    # Trees are many objects without cycles: look for garbage less often.
    gc.set_threshold(50_000, 20, 20)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    return _with_deep_stack(lambda: serve(source, sink))


def _with_deep_stack(work: "Callable[[], None]") -> int:
    def guarded() -> None:
        try:
            work()
            ends.append(0)
        except BrokenPipeError:
            ends.append(0)

    ends: "list[int]" = []
    try:
        threading.stack_size(STACK_BYTES)
    except ValueError:
        pass
    thread = threading.Thread(target=guarded, daemon=True)
    thread.start()
    thread.join()
    return ends[0] if ends else 1
