"""A table is the same table in any encoding, with any separator and line end, and in any kind of file."""

import csv
import io
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.errors import FileProblem
from partnerkpi.tables.read import find, read_table
from partnerkpi.tables.workspace import Workspace

HEADER = ["Partner", "score", "comment"]
ROWS = [
    ["Müller & Söhne", "9", 'said "yes", twice'],
    ["O'Brien; Ltd", "3", "two\nlines"],
    ["Café", "", "  "],
    ["Tab\tCo", "10", "x|y"],
]
PLAIN = [
    ["Müller & Söhne", "9", 'said "yes", twice'],
    ["O'Brien; Ltd", "3", "two\nlines"],
    ["Café", None, None],
    ["Tab\tCo", "10", "x|y"],
]


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8", separator: str = ",", end: str = "\n") -> Path:
    """Write a CSV file in a dialect."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def read(path: Path) -> list[list[str | None]]:
    """Return the cells of a file as the workspace understands them; blanks are None."""
    with Workspace() as workspace:
        rows = read_table(workspace, [str(path)]).rows.all()
    return [[cell if cell is None or str(cell).strip() else None for cell in row] for row in rows]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
def test_every_dialect(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    """Encoding, separator and line end are told from the file; line breaks and quotation marks in cells survive."""
    path = write(tmp_path / "answers.csv", [HEADER, *ROWS], encoding, separator, end)
    assert read(path) == PLAIN


def test_separator_line(tmp_path: Path) -> None:
    """A first line `sep=;`, which Excel writes and reads, names the separator and is no header."""
    path = tmp_path / "answers.csv"
    path.write_text("sep=;\nPartner;score\nA, B and C;9\n")
    assert read(path) == [["A, B and C", "9"]]


def test_accent_far_down(tmp_path: Path) -> None:
    """One Latin-1 letter after a megabyte of plain text is read as that letter."""
    path = tmp_path / "answers.csv"
    path.write_bytes(b"partner,score\n" + b"Acme,9\n" * 200_000 + "Café,3\n".encode("latin-1"))
    with Workspace() as workspace:
        table = read_table(workspace, [str(path)])
        last = table.rows.where("score = '3'").all()
    assert last == [("Café", "3")]


def test_uneven_rows(tmp_path: Path) -> None:
    """A short row is filled up, one with more filled cells than columns is set aside, blank lines are no rows."""
    path = tmp_path / "answers.csv"
    path.write_text("partner,score\nAcme\n\nBolt,9\n,,\nCog,8,extra\nDyn,7,,\n")
    with Workspace() as workspace:
        table = read_table(workspace, [str(path)])
        assert table.rows.all() in (
            [("Acme", ""), ("Bolt", "9"), ("Dyn", "7")],
            [("Acme", None), ("Bolt", "9"), ("Dyn", "7")],
        )
        assert [(line.line, line.cells) for _, line in table.rows_aside()] == [(6, ("Cog", "8", "extra"))]


def test_open_quotation_mark(tmp_path: Path) -> None:
    """A quotation mark that is never closed swallows no rows in silence: the file is refused with the reason."""
    path = tmp_path / "answers.csv"
    path.write_text('partner,score\nAcme,9\n"Bolt,8\n' + "Cog,7\n" * 1000)
    with pytest.raises(FileProblem, match="never closed"):
        read(path)
    path.write_text('partner,score\n5" screens,9\n"Bolt" Ltd,8\nCog,7\n')
    assert [row[1] for row in read(path)] == ["9", "8", "7"]


def test_every_kind_of_file(tmp_path: Path) -> None:
    """CSV, .xlsx, .ods, Parquet and DuckDB files of the same data hold the same table."""
    frame = pd.DataFrame(ROWS, columns=HEADER)
    frame["score"] = pd.to_numeric(frame["score"])
    frame["comment"] = frame["comment"].replace("  ", None)
    write(tmp_path / "a.csv", [HEADER, *ROWS])
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    frame.to_excel(tmp_path / "a.ods", index=False, engine="odf")
    frame.to_parquet(tmp_path / "a.parquet")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        database.execute(f"CREATE TABLE answers AS SELECT * FROM read_parquet('{tmp_path / 'a.parquet'}')")
    for name in ("a.csv", "a.xlsx", "a.ods", "a.parquet", "a.duckdb"):
        cells = read(tmp_path / name)
        plain = [
            [str(int(c)) if isinstance(c, float) and c == c else None if c != c else c for c in row] for row in cells
        ]
        assert plain == PLAIN, name


def test_sheets_and_tables_by_name(tmp_path: Path) -> None:
    """`FILE.xlsx#Sheet` and `FILE.duckdb#table` name one of several; a wrong name is answered with the right ones."""
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        pd.DataFrame({"note": ["read me"]}).to_excel(book, sheet_name="Notes", index=False)
        pd.DataFrame({"partner": ["A"], "score": [9]}).to_excel(book, sheet_name="Q3 # answers", index=False)
    assert read(Path(f"{tmp_path / 'a.xlsx'}#q3 # answers")) == [["A", "9"]]
    with pytest.raises(FileProblem, match="Notes, Q3 # answers"):
        read(Path(f"{tmp_path / 'a.xlsx'}#Q4"))


def test_several_files(tmp_path: Path) -> None:
    """Files of one pattern are one table; a column that only some have is blank in the others, and that is said."""
    tmp_path.joinpath("1.csv").write_text("partner,score\nA,9\n")
    tmp_path.joinpath("2.csv").write_text("Score,partner,region\n3,B,EMEA\n")
    with Workspace() as workspace:
        table = read_table(workspace, [str(tmp_path / "*.csv")])
        assert [row[:2] for row in table.rows.all()] == [("A", "9"), ("B", "3")]
        assert any("region" in note for note in table.notes)
    with pytest.raises(FileProblem, match="no file"):
        find(str(tmp_path / "*.tsv"))


def test_odd_file_names(tmp_path: Path) -> None:
    """A name with brackets, stars, quotes or a hash is a name and not a pattern or a sheet."""
    for name in ("a[1].csv", "it's.csv", "50% #2.csv", "ünïcode (1).csv", "q*.csv"):
        path = tmp_path / name
        path.write_text("partner,score\nA,9\n")
        assert read(path) == [["A", "9"]], name


@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=6,
    ).filter(lambda rows: any(cell.strip() for row in rows for cell in row)),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_whatever_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], separator: str
) -> None:
    """Any table of texts comes back cell by cell; rows without any value are no rows, a note below them is counted."""
    header = ["first name", "second name", "third name"]
    path = write(tmp_path_factory.mktemp("any") / "any.csv", [header, *rows], separator=separator)
    with Workspace() as workspace:
        table = read_table(workspace, [f"{path}"])
        if list(table.columns) != header:  # a row of data may look more like a header than ours: then it must be said
            return
        found = [tuple(cell or "" for cell in row) for row in table.rows.all()]
        below = sum(table.aside.values())
    given = [tuple(row) for row in rows if any(cell.strip() for cell in row)]
    assert found == given[: len(given) - below]
