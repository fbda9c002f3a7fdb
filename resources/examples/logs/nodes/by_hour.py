"""How busy was each hour, and how often did it fail?"""

from collections import Counter


def main(requests: list[dict]) -> list[dict]:
    """Return 24 rows with the requests, errors and bytes of each hour."""
    count, errors, size = Counter(), Counter(), Counter()
    for request in requests:
        hour = request["hour"]
        count[hour] += 1
        errors[hour] += request["status"] >= 500
        size[hour] += request["size"]
    return [
        {"hour": hour, "requests": count[hour], "errors": errors[hour], "kilobytes": round(size[hour] / 1024, 1)}
        for hour in range(24)
    ]
