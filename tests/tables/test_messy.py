"""Tables on messy sheets are found where they stand, and what is no row of them is set aside with the reason."""

import itertools
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command import run_here
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.errors import FileProblem
from partnerkpi.tables.copying import TableWriter
from partnerkpi.tables.locate import Place, locate_all
from partnerkpi.tables.read import read_each
from partnerkpi.tables.workspace import Workspace

ANSWERS = [["partner", "score", "comment"], ["Acme", 9, "good"], ["Bolt", 3, "bad"], ["Cog", 7, None]]


def book(path: Path, rows: list[list[Any]], place: tuple[int, int] = (1, 1)) -> openpyxl.Workbook:
    """Write rows to a new workbook from a cell on, and return it."""
    made = openpyxl.Workbook()
    put(made.active, rows, place)
    made.save(path)
    return made


def put(sheet: Any, rows: list[list[Any]], place: tuple[int, int]) -> None:
    """Write rows to a sheet from a cell on."""
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            sheet.cell(place[0] + down, place[1] + right, value)


def found(path: Path | str) -> list[tuple[list[tuple[Any, ...]], dict[str, int], tuple[str, ...]]]:
    """Return the rows, what is set aside and the notes of each table."""
    with Workspace() as workspace:
        return [(t.rows.all(), dict(t.aside), t.notes) for t in read_each(workspace, str(path))]


PLAIN = [("Acme", "9", "good"), ("Bolt", "3", "bad"), ("Cog", "7", None)]


@pytest.mark.parametrize("place", [(1, 1), (4, 1), (1, 3), (7, 5)])
def test_anywhere_on_the_sheet(tmp_path: Path, place: tuple[int, int]) -> None:
    """Blank rows above and blank columns beside a table change nothing but its place."""
    book(tmp_path / "a.xlsx", ANSWERS, place)
    ((rows, aside, _),) = found(tmp_path / "a.xlsx")
    assert rows == PLAIN
    assert aside == {}


def test_what_stands_around(tmp_path: Path) -> None:
    """A title, a repeated header, blank rows, a total and a remark are no rows, and each is counted."""
    rows = [["Survey Q3"], [], *ANSWERS, ANSWERS[0], ["Dyn", 10, None], [], ["Total", 29], [], ["Exported on a Monday"]]
    book(tmp_path / "a.xlsx", rows)
    ((kept, aside, _),) = found(tmp_path / "a.xlsx")
    assert kept == [*PLAIN, ("Dyn", "10", None)]
    assert aside == {"repeated header": 1, "total below the table": 1, "note below the table": 1}
    path = tmp_path / "a.csv"
    path.write_text("partner,score,comment\nAcme,9,good\npartner,score,comment\nBolt,3,bad\nTotal,12,\n")
    ((kept, aside, _),) = found(path)
    assert kept == PLAIN[:2]
    assert aside == {"repeated header": 1, "total below the table": 1}


def test_a_partner_without_anything_is_no_remark(tmp_path: Path) -> None:
    """A last row that holds a name alone is a row: a remark is a sentence."""
    book(tmp_path / "a.xlsx", [*ANSWERS, ["Zed Ltd", None, None]])
    assert found(tmp_path / "a.xlsx")[0][0][-1] == ("Zed Ltd", None, None)


@pytest.mark.parametrize("name", ["Total Systems Ltd", "Average Joe", "Total"])
def test_a_partner_called_total(tmp_path: Path, name: str) -> None:
    """A last partner whose name begins like a total is a partner; so is one called Total who gave a comment."""
    book(tmp_path / "a.xlsx", [*ANSWERS, [name, 9, "good people"]])
    assert found(tmp_path / "a.xlsx")[0][0][-1] == (name, "9", "good people")


def test_side_by_side(tmp_path: Path) -> None:
    """Two tables beside each other are two, each with its range, which names it."""
    made = book(tmp_path / "a.xlsx", ANSWERS)
    put(made.active, [["partner", "score"], ["Dyn", 1]], (1, 6))
    made.save(tmp_path / "a.xlsx")
    assert [rows for rows, _, _ in found(tmp_path / "a.xlsx")] == [PLAIN, [("Dyn", "1")]]
    assert found(f"{tmp_path / 'a.xlsx'}#Sheet!F1:G2")[0][0] == [("Dyn", "1")]
    stopped = run_here("nps", tmp_path / "a.xlsx")
    assert stopped.code == 2
    assert "Sheet!A1:C4" in stopped.err
    assert "Sheet!F1:G2" in stopped.err


def test_a_blank_column_within(tmp_path: Path) -> None:
    """One table with a blank column in it stays one."""
    book(tmp_path / "a.xlsx", [[row[0], None, None, *row[1:]] for row in ANSWERS])
    assert len(found(tmp_path / "a.xlsx")) == 1


def test_ranges(tmp_path: Path) -> None:
    """A range cuts a table out, with or without its sheet; one without a table, and one too many, are refused."""
    book(tmp_path / "a.xlsx", ANSWERS, (3, 2))
    for inner in ("Sheet!B3:D5", "sheet!$B$3:$D$5", "'Sheet'!D5:B3", "B3:D5"):
        assert found(f"{tmp_path / 'a.xlsx'}#{inner}")[0][0] == PLAIN[:2]
    for inner, words in (("Sheet!K3:M5", "holds no table"), ("Other!B3:D5", "its sheets are: Sheet")):
        with pytest.raises(FileProblem, match=words):
            found(f"{tmp_path / 'a.xlsx'}#{inner}")


def test_what_nobody_sees_is_said(tmp_path: Path) -> None:
    """Hidden rows are counted and said, and so are hidden sheets and cells with errors."""
    made = book(tmp_path / "a.xlsx", ANSWERS)
    made.active.row_dimensions[3].hidden = True
    made.active["B4"] = "#DIV/0!"
    made.active["B4"].data_type = "e"
    made.create_sheet("Secret").sheet_state = "hidden"
    made.save(tmp_path / "a.xlsx")
    rows, _, notes = found(tmp_path / "a.xlsx")[0]
    assert [row[1] for row in rows] == ["9", "3", "#DIV/0!"]
    said = "; ".join(notes)
    assert "1 row is hidden" in said
    assert "Secret" in said
    assert "#DIV/0!" in said


def test_merged_cells(tmp_path: Path) -> None:
    """A cell that is merged downwards counts in each of its rows."""
    made = book(tmp_path / "a.xlsx", [ANSWERS[0], ["Acme", 9, "a"], [None, 3, "b"], ["Bolt", 7, "c"]])
    made.active.merge_cells("A2:A3")
    made.save(tmp_path / "a.xlsx")
    assert [row[0] for row in found(tmp_path / "a.xlsx")[0][0]] == ["Acme", "Acme", "Bolt"]


def test_both_date_systems(tmp_path: Path) -> None:
    """A date is the same day in a workbook of the 1900 system and in one of the 1904 system."""
    import datetime as dt

    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    for epoch in (None, CALENDAR_MAC_1904):
        made = openpyxl.Workbook()
        if epoch is not None:
            made.epoch = epoch
        put(made.active, [["partner", "date"], ["Acme", dt.date(2026, 9, 30)]], (1, 1))
        made.save(tmp_path / "a.xlsx")
        assert found(tmp_path / "a.xlsx")[0][0] == [("Acme", "2026-09-30")]


def test_labels_and_bands(tmp_path: Path) -> None:
    """Numbers with words beside them are scores, and a column of bands is compared with them."""
    path = tmp_path / "a.csv"
    path.write_text(
        "How likely are you to recommend us?,group\n10 - Extremely likely,Promoter\n0 = not at all likely,Detractor\n"
        "7,Passive\n9,Detractor\nperhaps,\n"
    )
    result = run_here("nps", path, "--format", "json")
    assert [result.json["rows"][0][band] for band in ("promoters", "passives", "detractors")] == [2, 1, 1]
    assert result.json["provenance"]["set_aside"] == {"text in a score": 1}
    assert "contradicts the score in 1 of 4 rows" in result.err


def test_turned_round(tmp_path: Path) -> None:
    """A scale whose words run the other way is refused, and turned round when the user says so."""
    path = tmp_path / "a.csv"
    path.write_text("score\n0 - Extremely likely\n10 - Not at all likely\n0 - Extremely likely\n3\n")
    assert "the other way round" in run_here("nps", path).err
    row = run_here("nps", path, "--scale", "10-0", "--format", "json").json["rows"][0]
    assert [row[band] for band in ("promoters", "passives", "detractors")] == [2, 1, 1]


CELLS = st.one_of(
    st.sampled_from(
        ["", "partner", "score", "comment", "Total", "9", "3", "Note: a remark of five words", "Acme", "2026-07-01"]
    ),
    st.text(max_size=12),
)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=12))
def test_no_row_is_lost(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    """Whatever stands below a header, each row that holds anything is either copied or set aside with a reason."""
    folder = tmp_path_factory.mktemp("copy")
    place = Place(("partner", "score", "comment"), 0, 1, 0, 3, header_cells=("partner", "score", "comment"))
    writer = TableWriter(place, folder / "rows.csv", folder / "aside.csv")
    writer.copy((number, list(row)) for number, row in enumerate(rows, 2))
    filled = sum(any(row[:3]) or any(cell.strip() for cell in row[3:]) for row in rows)
    assert writer.rows + sum(writer.aside.values()) == filled


@given(st.lists(st.lists(st.one_of(st.none(), CELLS), max_size=6), max_size=15))
def test_any_sheet_is_looked_at(rows: list[list[str | None]]) -> None:
    """Of any cells, the tables found lie within them, have unique names, and do not overlap."""
    width = max(map(len, rows), default=0)
    places = locate_all(rows)
    for place in places:
        assert 0 <= place.first < place.last <= max(width, place.last)
        assert place.header < place.body <= len(rows)
        assert len({name.casefold() for name in place.names}) == len(place.names) == place.last - place.first
    for one, other in itertools.pairwise(places):
        assert one.last <= other.first
