"""Dates as people write them are read the same, and what cannot be told is asked."""

import datetime as dt
from pathlib import Path

import pytest

from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.read import read_table
from partnerkpi.tables.workspace import Workspace


def dates(folder: Path, *texts: str, day_first: bool | None = None) -> tuple[DateColumn, list[dt.datetime | None]]:
    """Return how a column of texts is read, and the instants that come out, in the order of the file."""
    path = folder / "dates.csv"
    path.write_text("when,score\n" + "".join(f'"{text}",9\n' for text in texts), encoding="utf-8")
    with Workspace() as workspace:
        table = read_table(workspace, [str(path)])
        found = read_dates(table, "when", day_first)
        return found, [
            value for (value,) in table.numbered.fetch(f"SELECT {found.expression} FROM __rows ORDER BY __row")
        ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-09-30", dt.datetime(2026, 9, 30)),
        ("2026/09/30", dt.datetime(2026, 9, 30)),
        ("2026-09-30 13:05", dt.datetime(2026, 9, 30, 13, 5)),
        ("2026-09-30T13:05:09", dt.datetime(2026, 9, 30, 13, 5, 9)),
        ("2026-03-31T23:30:00-05:00", dt.datetime(2026, 4, 1, 4, 30)),
        ("2026-03-31T23:30:00Z", dt.datetime(2026, 3, 31, 23, 30)),
        ("2017/11/24 12:39:58 PM GMT+4", dt.datetime(2017, 11, 24, 8, 39, 58)),
        ("30/9/2026", dt.datetime(2026, 9, 30)),
        ("9/30/26", dt.datetime(2026, 9, 30)),
        ("30.09.2026 08:15", dt.datetime(2026, 9, 30, 8, 15)),
        ("12/31/2026 12:00 AM", dt.datetime(2026, 12, 31)),
        ("12/31/2026 11:59 pm", dt.datetime(2026, 12, 31, 23, 59)),
        ("30 Sep 2026", dt.datetime(2026, 9, 30)),
        ("Sep 30, 2026", dt.datetime(2026, 9, 30)),
        ("30. September 2026", dt.datetime(2026, 9, 30)),
        ("3 août 2026", dt.datetime(2026, 8, 3)),
        ("1 juin 2026", dt.datetime(2026, 6, 1)),
        ("1 juillet 2026", dt.datetime(2026, 7, 1)),
        ("5 März 2026", dt.datetime(2026, 3, 5)),
        (
            "2026-W40",
            dt.datetime(2026, 10, 1),
        ),  # RFC 3339 and ISO 8601: the Thursday of the week that holds 28 September
        ("2026-W40-3", dt.datetime(2026, 9, 30)),
        ("2026W403", dt.datetime(2026, 9, 30)),
        ("KW 40/2026", dt.datetime(2026, 10, 1)),
        ("2020-W53", dt.datetime(2020, 12, 31)),
        ("46295", dt.datetime(2026, 9, 30)),
        ("46295.75", dt.datetime(2026, 9, 30, 18)),
        ("1790769600", dt.datetime(2026, 9, 30, 12)),
        ("1790769600000", dt.datetime(2026, 9, 30, 12)),
    ],
)
def test_forms(tmp_path: Path, text: str, expected: dt.datetime) -> None:
    """Each common way to write a day, with or without a time and a zone, gives that instant in UTC."""
    assert dates(tmp_path, text)[1] == [expected]


def test_the_whole_column_decides(tmp_path: Path) -> None:
    """One 13 in first place makes all of a column day-first; in second place, month-first."""
    found, values = dates(tmp_path, "3/4/2026", "13/4/2026")
    assert values == [dt.datetime(2026, 4, 3), dt.datetime(2026, 4, 13)]
    assert found.how.startswith("day first")
    found, values = dates(tmp_path, "3/4/2026", "3/13/2026")
    assert values == [dt.datetime(2026, 3, 4), dt.datetime(2026, 3, 13)]
    assert found.how.startswith("month first")


def test_what_cannot_be_told_is_asked(tmp_path: Path) -> None:
    """Without such a row, or with rows of both kinds, the user must say; what he says is obeyed."""
    with pytest.raises(UsageError, match="--day-first or --month-first"):
        dates(tmp_path, "3/4/2026", "5/6/2026")
    with pytest.raises(UsageError, match="--day-first or --month-first"):
        dates(tmp_path, "13/4/2026", "4/13/2026")
    assert dates(tmp_path, "3/4/2026", day_first=True)[1] == [dt.datetime(2026, 4, 3)]
    assert dates(tmp_path, "3/4/2026", day_first=False)[1] == [dt.datetime(2026, 3, 4)]
    assert dates(tmp_path, "4/4/2026")[1] == [dt.datetime(2026, 4, 4)]


def test_weeks_that_there_are_not(tmp_path: Path) -> None:
    """2026 has 53 ISO weeks and 2025 has 52: week 53 of 2025, and week 0, are no dates."""
    _, values = dates(tmp_path, "2026-W53", "2025-W53", "2025-W00", "2025-W52")
    assert values == [dt.datetime(2026, 12, 31), None, None, dt.datetime(2025, 12, 25)]
    for year in (2024, 2025, 2026):
        assert dates(tmp_path, f"{year}-W09-7")[1] == [dt.datetime.fromisocalendar(year, 9, 7)]


def test_what_is_no_date(tmp_path: Path) -> None:
    """A day that does not exist, a word or a blank is no date; a column without any is refused."""
    _, values = dates(tmp_path, "2026-02-28", "2026-02-31", "soon", "", "NA", "today", "epoch", "infinity")
    assert values == [dt.datetime(2026, 2, 28), None, None, None, None, None, None, None]
    with pytest.raises(DataProblem, match="no dates"):
        dates(tmp_path, "soon", "later")


@pytest.mark.parametrize(
    ("text", "first", "granularity"),
    [
        ("2026-Q3", dt.datetime(2026, 7, 1), "quarter"),
        ("Q3 2026", dt.datetime(2026, 7, 1), "quarter"),
        ("2026-07", dt.datetime(2026, 7, 1), "month"),
        ("2026", dt.datetime(2026, 1, 1), "year"),
    ],
)
def test_periods(tmp_path: Path, text: str, first: dt.datetime, granularity: str) -> None:
    """A column may name periods; it can be counted by them and coarser ones, not by finer ones."""
    found, values = dates(tmp_path, text)
    assert values == [first]
    assert found.granularity == granularity
    found.check_period("year")
    if granularity != "month":
        with pytest.raises(UsageError, match=granularity):
            found.check_period("month")
