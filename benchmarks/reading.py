"""Reading a 100,000 x 8 workbook, against openpyxl's read-only mode and against the same reading without any guard."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.measure import compare, side_by_side

ROWS = 100_000

_OPENPYXL = """
book = openpyxl.load_workbook({path!r}, read_only=True)
result = sum(1 for row in book.worksheets[0].iter_rows(values_only=True)) - 1
"""
_OURS = """
with Workspace() as workspace:
    table = read_table(workspace, [{path!r}])
    result = table.relation().aggregate("count(*)").fetchall()[0][0]
"""
_UNGUARDED = """
with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
    (sheet,) = sheets(Path({path!r}))
    writer = TableWriter(sheet.place, Path(folder) / "1.csv", Path(folder) / "2.csv")
    writer.copy(sheet.numbered())
    sql = read_copy(writer.target, sheet.place.names)
    sample = connection.sql(f"SELECT * FROM ({{sql}}) LIMIT 4000").fetchall()
    profile(list(sheet.place.names), ["VARCHAR"] * 8, [row[1:] for row in sample])
    result = connection.sql(f"SELECT count(*) FROM ({{sql}})").fetchall()[0][0]
"""
#: What the guard and the process of its own may add: seconds, and a share of the time without them.
_SECONDS, _SHARE = 0.15, 0.10


def write(path: Path) -> None:
    """Write the workbook: partner, date, score, respondent, comment, region, product, amount."""
    import datetime as dt
    import random

    import openpyxl

    draw = random.Random(7)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("answers")
    sheet.append(["partner", "date", "score", "respondent", "comment", "region", "product", "amount"])
    start = dt.datetime(2025, 1, 1)
    for number in range(ROWS):
        sheet.append(
            [
                f"Partner {draw.randrange(200)}",
                start + dt.timedelta(hours=draw.randrange(15_000)),
                draw.randrange(11),
                f"contact {number}",
                "quick answers, good people" if number % 3 else None,
                ("EMEA", "APAC", "Americas")[number % 3],
                f"product {number % 12}",
                draw.random() * 1_000,
            ]
        )
    book.save(path)


def main() -> None:
    """Print the ratio of times."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.xlsx"
        write(path)
        found = side_by_side(
            {
                "openpyxl": ("import openpyxl", _OPENPYXL.format(path=str(path))),
                "ours": (
                    "import duckdb\n"
                    "from partnerkpi.tables.read import read_table\n"
                    "from partnerkpi.tables.workspace import Workspace",
                    _OURS.format(path=str(path)),
                ),
                "unguarded": (
                    "import duckdb, python_calamine, tempfile\n"
                    "from pathlib import Path\n"
                    "from partnerkpi.tables.copying import TableWriter\n"
                    "from partnerkpi.tables.sql import read_copy\n"
                    "from partnerkpi.tables.excel import sheets\n"
                    "from partnerkpi.tables.profile import profile",
                    _UNGUARDED.format(path=str(path)),
                ),
            },
            rounds=3,
        )
    added = found["ours"].seconds - found["unguarded"].seconds
    allowed = _SECONDS + _SHARE * found["unguarded"].seconds
    verdict = "ok" if added <= allowed else "NOT MET"
    print(
        f"{'  the guard and a process of its own add':<58} {added:5.2f} s to {found['unguarded'].seconds:.3f} s, "
        f"promised at most {_SECONDS:g} s and {_SHARE:.0%} {verdict}"
    )
    assert found["ours"].result == found["openpyxl"].result == str(ROWS)
    compare(
        f"read a workbook of {ROWS:,} x 8 cells", found["ours"], found["openpyxl"], "openpyxl read-only", at_most=0.25
    )


if __name__ == "__main__":
    main()
