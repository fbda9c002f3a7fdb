"""A web server's day, made up but plausible: quiet nights, busy noons, one bad hour."""

import random
from datetime import datetime, timedelta

PAGES = ["/", "/prices", "/docs", "/docs/install", "/login", "/search?q=wire"]


def main(lines: int = 4000, seed: int = 11) -> list[str]:
    """Return `lines` lines in the common log format, in order of time."""
    chance = random.Random(seed)
    midnight = datetime(2026, 3, 14)
    moments = sorted(chance.triangular(0, 24 * 3600, 13 * 3600) for _ in range(lines))
    return [line_at(midnight + timedelta(seconds=moment), chance) for moment in moments]


def line_at(when: datetime, chance: random.Random) -> str:
    bad_hour = when.hour == 15
    status = chance.choices([200, 304, 404, 500], [80, 12, 6, 40 if bad_hour else 1])[0]
    size = 0 if status == 304 else chance.randint(300, 9000)
    address = f"10.0.{chance.randint(0, 3)}.{chance.randint(1, 254)}"
    stamp = when.strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{address} - - [{stamp}] "GET {chance.choice(PAGES)} HTTP/1.1" {status} {size}'
