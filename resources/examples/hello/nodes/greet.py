"""One greeting per name."""

from typing import Literal


def main(names: list[str], greeting: Literal["Hello", "Good morning", "Welcome"] = "Hello") -> list[str]:
    """Greet every name."""
    for name in names:
        print(f"greeting {name}")
    return [f"{greeting}, {name}!" for name in names]
