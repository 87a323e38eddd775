"""What is changed: small files of every kind that can be read, and the shared collection where there is one."""

from __future__ import annotations

import tempfile
from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared" / "data"
_LARGEST = 200_000

_TEXTS = {
    "plain.csv": 'partner,date,score,comment\nAcme,2026-07-01,9,good\nBolt,2026-07-02,3,"two\nlines"\nCog,,10,\n',
    "german.csv": "sep=;\nPartner;Datum;Note\nMüller;30.09.2026;9,5\nSöhne;1.10.2026;7\n",
    "title.csv": "Survey of Q3\n\npartner,score\nAcme,9\npartner,score\nBolt,8\nTotal,17\n",
    "qualtrics.csv": "StartDate,Finished,RecordedDate,Q1,Q1_NPS_GROUP\nStart,Fin,Rec,Recommend us?,Group\n"
    '"{""ImportId"":""s""}","{""ImportId"":""f""}","{""ImportId"":""r""}","{""ImportId"":""QID1""}","{""ImportId"":""QID1_G""}"\n'
    "2026-07-01,1,2026-07-01,9,Promoter\n2026-07-01,0,2026-07-01,3,Detractor\n",
    "labels.csv": "How likely are you to recommend us?,Why?\n10 - Extremely likely,all good here\n"
    "0 = not at all,bad one\n",
}


def seeds() -> list[tuple[str, bytes]]:
    """Return names and contents of files to change."""
    files = [(name, text.encode("utf-8" if "german" not in name else "cp1252")) for name, text in _TEXTS.items()]
    with tempfile.TemporaryDirectory() as folder:
        files += [(path.name, path.read_bytes()) for path in _made(Path(folder))]
    shared = sorted(SHARED.glob("*/*.*"))
    files += [
        (path.name, path.read_bytes())
        for path in shared
        if path.parent.name != "oracles" and 0 < path.stat().st_size < _LARGEST
    ]
    return files


def _made(folder: Path) -> list[Path]:
    import duckdb
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["A title"], ["partner", "score", "when"], ["Acme", 9, "2026-07-01"], ["Bolt", 3, None]):
        book.active.append(row)
    book.save(folder / "made.xlsx")
    table = "SELECT 'P' || range AS partner, range % 11 AS score, DATE '2026-01-01' + range::INT AS day FROM range(50)"
    duckdb.execute(f"COPY ({table}) TO '{folder / 'made.parquet'}'")
    with duckdb.connect(str(folder / "made.duckdb")) as database:
        database.execute(f"CREATE TABLE answers AS {table}")
    return [folder / "made.xlsx", folder / "made.parquet", folder / "made.duckdb"]
