"""Drop what cannot be learnt from."""

import pandas as pd


def main(table: pd.DataFrame, max_alcohol: float = 14.5) -> pd.DataFrame:
    """Leave out duplicates, rows with gaps and wines above `max_alcohol` per cent."""
    kept = table.drop_duplicates().dropna()
    kept = kept[kept["alcohol"] <= max_alcohol].reset_index(drop=True)
    print(f"kept {len(kept)} of {len(table)} rows")
    return kept
