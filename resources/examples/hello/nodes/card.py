"""A card with all greetings in a frame."""


def main(lines: list[str], border: str = "*") -> str:
    """Draw `lines` in a frame made of `border`."""
    width = max((len(line) for line in lines), default=0)
    rule = border * (width + 4)
    body = [f"{border} {line.ljust(width)} {border}" for line in lines]
    return "\n".join([rule, *body, rule])
