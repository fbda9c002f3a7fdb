"""The wine data set that comes inside scikit-learn: 178 wines, 13 measurements, 3 kinds."""

import pandas as pd
from sklearn.datasets import load_wine


def main() -> pd.DataFrame:
    """Return one row per wine; the last column, `kind`, is what the models have to tell."""
    data = load_wine(as_frame=True)
    return data.frame.rename(columns={"target": "kind"})
