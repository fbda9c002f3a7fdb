"""From text to fields."""

import re
from typing import NamedTuple

LINE = re.compile(r'(?P<address>\S+) \S+ \S+ \[\d+/\w+/\d+:(?P<hour>\d\d)[^\]]*\] "GET (?P<page>\S+) [^"]*" (?P<status>\d+) (?P<size>\d+)')


class Parsed(NamedTuple):
    requests: list[dict]
    unread: int


def main(lines: list[str]) -> Parsed:
    """Return a row per request, and how many lines did not fit the format."""
    requests = []
    for line in lines:
        match = LINE.fullmatch(line)
        if match:
            fields = match.groupdict()
            numbers = {name: int(fields[name]) for name in ("hour", "status", "size")}
            requests.append({**fields, **numbers})
    print(f"{len(requests)} requests read, {len(lines) - len(requests)} lines did not fit")
    return Parsed(requests, len(lines) - len(requests))
