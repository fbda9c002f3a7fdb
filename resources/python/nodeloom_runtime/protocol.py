"""Messages between host and worker: what each must hold. The host's side is src-main/python/protocol.ts;
golden samples that both sides' tests read are in resources/python/samples/protocol.

Each message is one JSON object behind a 4-byte big-endian length.
"""
from json.decoder import JSONDecoder
from json.encoder import JSONEncoder

MAX_FRAME_BYTES = 64 * 1024 * 1024

#: Fields that each message from the host must have, with the types their values may be of.
FROM_HOST = {
    "init": {"projectDir": str, "markToken": str},
    "begin": {"valuesDir": str, "env": dict},
    "call": {
        "callId": str,
        "address": str,
        "operation": dict,
        "outputs": list,
        "dictKeys": list,
        "outputsElse": (str, type(None)),
    },
    "store": {"requestId": int, "handle": str},
    "view": {"requestId": int, "handle": str},
    "drop": {"handles": list},
    "reset": {},
    "opened": {},
    "interrupt": {"callId": str},
    "shutdown": {},
}

#: Fields of each message to the host.
TO_HOST = {
    "ready": {"pid": int, "pythonVersion": str},
    "started": {"callId": str},
    "finished": {"callId": str, "result": dict},
    "stored": {"requestId": int, "stored": dict},
    "viewed": {"requestId": int, "view": dict},
    "refused": {"requestId": int, "message": str},
    "pipes": {"stdout": int, "stderr": int},
    "idle": {"reusable": bool, "why": str},
}

_decode = JSONDecoder().decode
# Only plain values are ever sent, hence no check for cycles; lone surrogates stay escaped.
_encode = JSONEncoder(ensure_ascii=True, check_circular=False, allow_nan=False, separators=(",", ":")).encode


class MalformedFrame(Exception):
    """The host sent something that is not a message of this protocol."""


def encode(message):
    """The frame of one message to the host, as bytes."""
    body = _encode(message).encode("ascii")
    return len(body).to_bytes(4, "big") + body


def decode(body):
    """The message in the body of one frame. Raises MalformedFrame."""
    try:
        message = _decode(str(body, "utf-8"))
        check(message, FROM_HOST)
    except MalformedFrame:
        raise
    except (ValueError, RecursionError, TypeError) as error:
        raise MalformedFrame(str(error)) from None
    return message


def check(message, table):
    """Raises MalformedFrame unless `message` is one of the messages in `table`."""
    fields = table.get(message.get("type")) if type(message) is dict else None
    if fields is None:
        raise MalformedFrame("not a message of this protocol")
    for name, kind in fields.items():
        if not isinstance(message.get(name, MalformedFrame), kind):
            raise MalformedFrame("field %r of %r" % (name, message["type"]))
