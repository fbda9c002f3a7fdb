"""Many small decision trees that vote."""

from typing import Literal

import pandas as pd
from sklearn.ensemble import RandomForestClassifier


def main(
    train: pd.DataFrame,
    trees: int = 200,
    criterion: Literal["gini", "entropy"] = "gini",
    seed: int = 7,
) -> RandomForestClassifier:
    """Fit a forest of `trees` trees."""
    model = RandomForestClassifier(n_estimators=trees, criterion=criterion, random_state=seed)
    return model.fit(train.drop(columns="kind"), train["kind"])
