"""What people came for."""

from collections import Counter


def main(requests: list[dict], top: int = 5) -> list[dict]:
    """Return the `top` most wanted pages with their share of all requests."""
    pages = Counter(request["page"].split("?")[0] for request in requests)
    total = sum(pages.values())
    return [
        {"page": page, "requests": count, "share": round(count / total, 3)} for page, count in pages.most_common(top)
    ]
