"""Every model before the same test wines."""

from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, f1_score


class Comparison(NamedTuple):
    figure: Figure
    metrics: pd.DataFrame


def name_of(model: Any) -> str:
    """The class that does the deciding: the last step of a pipeline, else the model's own."""
    last = model.steps[-1][1] if hasattr(model, "steps") else model
    return type(last).__name__


def main(models: list[Any], test: pd.DataFrame) -> Comparison:
    """Return one confusion matrix per model, and a table with accuracy and F1."""
    truth = test["kind"]
    figure, axes = plt.subplots(1, len(models), figsize=(4.2 * len(models), 3.8), squeeze=False, layout="constrained")
    rows = []
    for axis, model in zip(axes[0], models):
        guess = model.predict(test.drop(columns="kind"))
        accuracy = accuracy_score(truth, guess)
        ConfusionMatrixDisplay.from_predictions(truth, guess, ax=axis, colorbar=False, cmap="Blues")
        axis.set_title(f"{name_of(model)}: {accuracy:.3f}")
        rows.append({"model": name_of(model), "accuracy": accuracy, "f1": f1_score(truth, guess, average="macro")})
    plt.close(figure)
    return Comparison(figure, pd.DataFrame(rows))
