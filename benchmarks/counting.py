"""Counting 10 million answers in Parquet by partner and quarter, against the same SQL written by hand for DuckDB."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.measure import compare, side_by_side

ROWS = 10_000_000

_HAND = """
result = sum(row[2] for row in duckdb.sql('''
    SELECT partner, year(date) * 4 + (month(date) - 1) // 3 AS quarter, count(*) AS rows,
           sum((score IS NULL OR isnan(score))::BIGINT) AS blank, sum((score < 0 OR score > 10)::BIGINT) AS outside,
           sum((score >= 0 AND score < 7)::BIGINT) AS detractors, sum((score >= 7 AND score < 9)::BIGINT) AS passives,
           sum((score >= 9 AND score <= 10)::BIGINT) AS promoters
    FROM read_parquet('{path}') GROUP BY ALL''').fetchall())
"""

_OURS = """
counted = tally(
    duckdb.sql("SELECT * FROM read_parquet('{path}')"), score="score", by=["partner"], date="date", period="quarter"
)
result = counted.rows_read
"""

_PANDAS = """
frame = pd.read_parquet('{path}', columns=["partner", "date", "score"])
quarter = frame["date"].dt.year * 4 + (frame["date"].dt.month - 1) // 3
bands = pd.cut(frame["score"], [-0.001, 6.999, 8.999, 10], labels=["d", "p", "q"])
result = int(frame.groupby([frame["partner"], quarter, bands], observed=True).size().sum())
"""


def main() -> None:
    """Print the ratios of time and peak memory."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        duckdb.execute(
            f"""COPY (SELECT CAST(hash(range) % 11 AS DOUBLE) AS score, 'Partner ' || hash(range + 1) % 200 AS partner,
                      TIMESTAMP '2024-01-01' + to_hours(CAST(hash(range + 2) % 17520 AS INTEGER)) AS date,
                      'contact ' || range AS respondent FROM range({ROWS})) TO '{path}'"""
        )
        setups = {
            "hand": "import duckdb",
            "ours": "import duckdb\nfrom partnerkpi.tally.scores import tally",
            "pandas": "import pandas as pd",
        }
        codes = {"hand": _HAND, "ours": _OURS, "pandas": _PANDAS}
        found = side_by_side({name: (setups[name], codes[name].format(path=path)) for name in setups})
    assert found["ours"].result == found["hand"].result == str(ROWS)
    what = f"count {ROWS:,} answers by partner and quarter"
    compare(what, found["ours"], found["hand"], "DuckDB by hand", at_most=1.25, memory_at_most=1.5)
    compare(what, found["ours"], found["pandas"], "pandas", at_most=0.5)


if __name__ == "__main__":
    main()
