"""From the bytes of a file to its text, as Python itself would decode it."""

from __future__ import annotations

import codecs
import re

# Longer files are not analysed: parsing them would block every other file for seconds.
MAX_BYTES = 4 * 1024 * 1024

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#|\r|\n|$)")


class Unreadable(Exception):
    """The file is not text that Python could compile; the message is a sentence for people."""


def declared_encoding(data: bytes) -> "str | None":
    """The encoding named by a comment in the first two lines (PEP 263), or None."""
    lines = data[:4096].splitlines()[:2]
    for index, line in enumerate(lines):
        found = _COOKIE.match(line)
        if found:
            return found.group(1).decode("ascii", "replace")
        if index == 0 and not _BLANK.match(line):
            return None
    return None


def decode(data: bytes, name: str) -> str:
    """The text of a file. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"{name} is longer than {MAX_BYTES // (1024 * 1024)} MB and is not analysed.")
    has_mark = data.startswith(codecs.BOM_UTF8)
    if has_mark:
        data = data[len(codecs.BOM_UTF8) :]
    encoding = declared_encoding(data)
    if encoding is None or has_mark:
        encoding = "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            f"{name} is not {encoding} text (line {line}). Save it as UTF-8, or name its encoding in the first line."
        ) from None
    except Exception:  # a codec may raise anything on bad input; an unknown one is a LookupError
        raise Unreadable(f"{name} names the encoding {encoding!r}, which Python cannot read. Save it as UTF-8.") from None
    if not isinstance(text, str):
        raise Unreadable(f"{name} names the encoding {encoding!r}, which is not a text encoding. Save it as UTF-8.")
    return text
