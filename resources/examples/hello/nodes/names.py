"""The people to greet."""


def main(count: int = 3) -> list[str]:
    """Return the first `count` names."""
    people = ["Ada", "Grace", "Katherine", "Margaret", "Radia"]
    return people[:count]
