"""The day in one picture."""

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


def main(hours: list[dict], title: str = "Requests by hour") -> Figure:
    """Draw requests as bars and errors on top of them."""
    figure, axis = plt.subplots(figsize=(8, 3.6), layout="constrained")
    ticks = [row["hour"] for row in hours]
    axis.bar(ticks, [row["requests"] for row in hours], color="#6aa8ff", label="requests")
    axis.bar(ticks, [row["errors"] for row in hours], color="#c5302f", label="errors")
    axis.set(title=title, xlabel="hour", xticks=range(0, 24, 3))
    axis.legend(frameon=False)
    plt.close(figure)
    return figure
