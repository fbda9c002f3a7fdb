"""One part to learn from, one to be judged by."""

from typing import NamedTuple

import pandas as pd
from sklearn.model_selection import train_test_split


class Split(NamedTuple):
    train: pd.DataFrame
    test: pd.DataFrame


def main(table: pd.DataFrame, share: float = 0.4, seed: int = 7) -> Split:
    """Put `share` of the rows aside for the test; every kind keeps its proportion."""
    train, test = train_test_split(table, test_size=share, random_state=seed, stratify=table["kind"])
    return Split(train.reset_index(drop=True), test.reset_index(drop=True))
