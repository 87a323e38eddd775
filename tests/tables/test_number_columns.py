"""How columns of numbers are read beside each other: what is said of them, word for word, and from where on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from counted import new_engine, table_of

from partnerkpi.errors import DataProblem, OpenQuestion, UsageError
from partnerkpi.tables.numbers import NumberColumn, read_numbers
from partnerkpi.tables.numbertext import (
    Mark,
    _any_of,
    _grammar,
    check_decimal,
    is_plain,
    number_in,
    other,
    styled_sql,
    written,
)
from partnerkpi.tables.table import Table


def given(columns: Mapping[str, Sequence[str | None]], folder: Path, *, detail: str = "", **changes: Any) -> Table:
    """Return columns of cells as the table of a text file."""
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    table = table_of(rows, folder)
    return replace(table, parts=(replace(table.parts[0], kind="text", detail=detail),), **changes)


def read(table: Table, **options: bool) -> tuple[list[NumberColumn], list[list[float | None]]]:
    """Return how all columns of a table are read, and what the engine makes of the cells of each."""
    found = read_numbers(table, iter(table.columns), **options)
    cells = table.rows.fetch(f"SELECT {', '.join(one.expression for one in found)} FROM __rows")
    return list(found), [list(column) for column in zip(*cells, strict=True)]


# ---- the unit that a heading says


def test_amounts_have_the_zeros_and_the_currency_of_their_heading(tmp_path: Path) -> None:
    """1.200,5 below TEUR are 1,200,500 euros for the engine and in Python, typed or text; a count has no unit."""
    columns = {
        "ARR in TEUR": ["1.200,5", "3,25", None],
        "Value (m$)": ["1.5", "2", "0"],
        "Fee (USD)": ["€ 1,200.50", "7", "8"],
        "plain": ["1", "2", "3"],
    }
    (arr, value, fee, plain), cells = read(given(columns, tmp_path), money=True)
    assert cells == [[1_200_500, 3250, None], [1_500_000, 2_000_000, 0], [1200.5, 7, 8], [1, 2, 3]]
    assert (arr.zeros, arr.decimal, arr.currencies) == (3, ",", ("EUR",))
    assert arr.notes == (
        "'ARR in TEUR' is read as numbers with a decimal comma, seen from '1.200,5'",
        "'ARR in TEUR' is in thousands, as its heading says: 1 counts as 1,000",
    )
    assert [arr.value(cell) for cell in ("1.200,5", "x", 2, 1.5, Decimal("0.25"))] == [1_200_500, None, 2000, 1500, 250]
    assert [arr.value(cell) for cell in (True, None, float("inf"), float("nan"), Decimal("NaN"))] == [None] * 5
    assert (value.zeros, value.currencies) == (6, ("USD",))
    assert value.notes == ("'Value (m$)' is in millions, as its heading says: 1 counts as 1,000,000",)
    assert (fee.zeros, fee.currencies) == (0, ("EUR", "USD"))
    assert (plain.zeros, plain.currencies, plain.notes) == (0, (), ())
    (count, *_), _ = read(given(columns, tmp_path))
    assert (count.zeros, count.currencies, count.value("3,25")) == (0, (), 3.25)


def test_a_size_in_the_heading_and_in_the_cells(tmp_path: Path) -> None:
    """12k below thousands may be either: refused, with the first such cell; a sign of a currency says no size."""
    both = given({"ARR (k€)": ["12k", "3", "1.1m"]}, tmp_path)
    with pytest.raises(DataProblem) as refused:
        read(both, money=True)
    assert str(refused.value) == (
        "given.csv: 'ARR (k€)' is in thousands by its heading, and '1.1m' says a size itself: whether both count is "
        "not told. Rename the column without the unit if the cells alone do"
    )
    assert read(both)[1] == [[12_000, 3, 1_100_000]]


# ---- columns beside each other


def test_a_column_tells_for_those_beside_it(tmp_path: Path) -> None:
    """Where one column alone tells, or several alike, 1.200 beside it is read as it shows, and so is 1,200."""
    for told, mark, numbers in (("0,5", ",", [1200, 1.2]), ("1,200.50", ".", [1.2, 1200])):
        columns = {"told": [told, "3"], "points": ["1.200", "1.200"], "commas": ["1,200", "1,200"]}
        found, cells = read(given(columns, tmp_path))
        assert [one.decimal for one in found] == [mark] * 3
        assert [column[0] for column in cells[1:]] == numbers
        assert found[1].notes == (f"'points': '1.200' is read as {numbers[0]}, as you or the columns beside it say",)
    torn = {"one": ["0,5"], "other": ["$0.5"], "points": ["1.200"]}
    with pytest.raises(OpenQuestion) as asked:
        read(given(torn, tmp_path))
    assert str(asked.value) == (
        "given.csv: the column does not tell whether '1.200' in 'points' is 1200 or 1.2: say --decimal comma (it is "
        "1200) or --decimal point (it is 1.2), or [numbers] decimal in partnerkpi.toml"
    )
    (one, another, points), cells = read(given(torn, tmp_path), may_ask=False)
    assert (one.decimal, another.decimal, points.decimal, cells[2]) == (",", ".", ".", [1.2])
    assert points.notes == ("'points': whether '1.200' is 1.2 or 1200 cannot be told from the column: read as 1.2",)


def test_a_column_of_both_marks_tells_nothing(tmp_path: Path) -> None:
    """It is read as each of its values is written; one that may be either is asked about, whatever stands beside it."""
    columns = {"both": ["1,5", "2.25"], "points": ["1.200", "1.200"]}
    with pytest.raises(OpenQuestion, match=r"'1\.200' in 'points' is 1200 or 1\.2"):
        read(given(columns, tmp_path))
    note = "'both' has decimals behind points and behind commas ('2.25' and '1,5'): each is read as it is written"
    (both, _), cells = read(given(columns, tmp_path), may_ask=False)
    assert (both.notes, cells[0]) == ((note,), [1.5, 2.25])
    doubtful = {"both": ["1,5", "2.25", "1,200"], "told": ["0,5", "1,5", "2"]}
    with pytest.raises(OpenQuestion, match=r"'1,200' in 'both' is 1\.2 or 1200"):
        read(given(doubtful, tmp_path))
    (both, _), cells = read(given(doubtful, tmp_path), may_ask=False)
    assert (both.decimal, cells[0]) == (".", [1.5, 2.25, 1200])
    assert both.notes == (
        "'both': whether '1,200' is 1200 or 1.2 cannot be told from the column: read as 1200",
        "'both' has decimals behind points and behind commas ('2.25' and '1,5'): each is read as it is written",
    )
    (both, _), cells = read(given(doubtful, tmp_path, decimal=","))
    assert (both.decimal, cells[0]) == (",", [1.5, 2.25, 1.2])
    assert both.notes[0] == "'both': '1,200' is read as 1.2, as you or the columns beside it say"


@pytest.mark.parametrize(
    ("cells", "number", "note"),
    [
        (["1.200"], 1200, "'n': '1.200' is read as 1200, as you or the columns beside it say"),
        (["1,200"], 1.2, "'n': '1,200' is read as 1.2, as you or the columns beside it say"),
        (["0.5", "1.200"], 1.2, None),
        (["$0.5", "$1.200"], 1.2, "'n' is read as numbers with a decimal point, seen from '$0.5'"),
    ],
)
def test_what_somebody_says_counts_where_the_column_does_not_tell(
    tmp_path: Path, cells: list[str], number: float, note: str | None
) -> None:
    """With a comma said 1.200 is twelve hundred, but not in a column that shows that points stand before decimals."""
    (found,), ((*_, last),) = read(given({"n": cells}, tmp_path, decimal=","))
    assert (last, found.notes) == (number, (note,) if note else ())


@pytest.mark.parametrize(
    ("cells", "detail", "asked"),
    [
        (["1,200", "999"], "separated by commas", False),
        (["1,200", "1000"], "separated by commas", True),
        (["1,200", "$1,000,000"], "separated by semicolons", False),
        (["1,200", "999"], "windows-1252, separated by semicolons", True),
        (["1,200", "$12'000"], "", True),
        (["1,200", "1234.5"], "separated by semicolons", False),
        (["1.2", "1.200"], "separated by semicolons", False),
    ],
)
def test_what_speaks_against_thousands(tmp_path: Path, cells: list[str], detail: str, asked: bool) -> None:
    """A number from a thousand on without a mark, or a file with semicolons, makes 1,200 a question."""
    table = given({"n": cells}, tmp_path, detail=detail)
    if not asked:
        assert read(table)[1][0][0] == pytest.approx(float(cells[0].replace(",", "")))
        return
    with pytest.raises(OpenQuestion, match=r"whether '1,200' in 'n' is 1\.2 or 1200"):
        read(table)


def test_counts_are_told_by_their_thousands(tmp_path: Path) -> None:
    """1.200 contacts are twelve hundred and 1,200 as well; what ends on 000 may be a thousand or one, as the rest."""
    (points, commas), cells = read(given({"a": ["1.200", "2.500"], "b": ["$1,250", "$30"]}, tmp_path), whole=True)
    assert cells == [[1200, 2500], [1250, 30]]
    assert points.notes == ("'a' is read as numbers with points between thousands, seen from '1.200'",)
    assert commas.notes == ("'b' is read as numbers with commas between thousands, seen from '$1,250'",)


# ---- words for sizes, currencies and other signs


def test_mm_beside_m(tmp_path: Path) -> None:
    """Where MM is a million M may be a thousand; alone each is a million."""
    with pytest.raises(DataProblem) as refused:
        read(given({"n": ["1.2MM", "900M", "3k"]}, tmp_path))
    assert str(refused.value) == (
        "given.csv: 'n' has both '1.2MM' and '900M': an M beside an MM may be a thousand or a million. Write these "
        "amounts out"
    )
    assert read(given({"n": ["1.2MM", "900k"]}, tmp_path))[1] == [[1_200_000, 900_000]]
    assert read(given({"n": ["1.2M", "900k"]}, tmp_path))[1] == [[1_200_000, 900_000]]


@pytest.mark.parametrize(
    ("bare", "told"),
    [("999", True), ("0,5", True), ("-5", True), ("1", True), ("0", False), ("1000", False), ("1e999", False)],
)
def test_an_amount_below_a_thousand_beside_words_for_sizes(tmp_path: Path, bare: str, told: bool) -> None:
    """Whether 900 beside 1.1k is a thousand times as much is not known: it is named. 0 and 1000 are what they are."""
    (found,), _ = read(given({"n": ["1k", "2m", "3bn", "4t€", bare]}, tmp_path))
    beside = f"; {bare!r}, without such a word, is taken as it stands" if told else ""
    words = "'1k' as 1,000, '2m' as 2,000,000, '3bn' as 3,000,000,000"
    assert found.notes[-1] == f"'n' is read with the zeros that its words say: {words}{beside}"


def test_a_column_in_one_currency_and_in_several(tmp_path: Path) -> None:
    """Several are told in the order of their codes, with how many cells have each; one is not worth a word."""
    dollars = ["$1,000.50"] * 1200
    columns = {"one": dollars, "several": [*["3 €"] * 2, *dollars[2:]]}
    (one, several), _ = read(given(columns, tmp_path))
    assert (one.currencies, several.currencies) == (("USD",), ("EUR", "USD"))
    shown = "is read as numbers with a decimal point, seen from '$1,000.50'"
    assert one.notes == (f"'one' {shown}",)
    assert several.notes == (
        f"'several' {shown}",
        "'several' is in several currencies: EUR (2), USD (1,198). The numbers are taken as they stand",
    )


def test_what_the_engine_reads_by_itself_and_what_not(tmp_path: Path) -> None:
    """An infinity and thousands behind points need a look, each in its own column; 1.125 beside 0.5 needs none."""
    columns = {
        "plain": ["0.5", "1.125", ""],
        "infinite": ["0.5", "inf", "-Infinity"],
        "dotted": ["1.200", "1.200.000", "12"],
        "whole": ["1", "2", None],
    }
    found, cells = read(given(columns, tmp_path))
    assert cells == [[0.5, 1.125, None], [0.5, None, None], [1200, 1_200_000, 12], [1, 2, None]]
    plain = [one.expression == f'TRY_CAST("{one.column}" AS DOUBLE)' for one in found]
    assert plain == [True, False, False, True]
    assert [one.decimal for one in found] == [".", ".", ",", "."]


def test_no_number_is_longer_than_39_signs(tmp_path: Path) -> None:
    """A text of 40 signs shows no style; one of 39 does."""
    for length, decimal in ((39, ","), (40, ".")):
        (found,), _ = read(given({"n": ["3", "1" * (length - 2) + ",5"]}, tmp_path))
        assert found.decimal == decimal


# ---- one text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("-€ 1.200,50", (True, "1.200,50", "EUR", "")),
        ("€ -5", (True, "5", "EUR", "")),
        ("5-", (True, "5", None, "")),
        ("(7)", (True, "7", None, "")),
        ("+1 200", (False, "1200", None, "")),
        ("1'200.5 USD", (False, "1200.5", "USD", "")),
        ("TEUR 900", (False, "900", "EUR", "t")),
        ("3,4 MIO. €", (False, "3,4", "EUR", "mio.")),
        ("1E3", (False, "1E3", None, "")),
        ("5%", (False, "5", None, "")),
    ],
)
def test_a_text_taken_apart(text: str, parts: tuple[bool, str, str | None, str]) -> None:
    """Its sign, its digits without what stands between thousands, its currency by code, and the word for its size."""
    found = written(text)
    assert found is not None
    assert (found.negative, found.digits, found.currency, found.times) == parts


@pytest.mark.parametrize(
    "text",
    [
        *("--5", "-5-", "+-5", "-(5)-", "(5", "5)", "5 t", "t 5", "k€ 5k", "5k%", "1e3k", "1E3M", "(-5-)"),
        *("€ 5%k", "$ $5", "5 k k"),
    ],
)
def test_what_contradicts_itself_is_no_number(text: str) -> None:
    """Two signs, half a bracket, a size twice, or of a share; the engine says the same."""
    assert number_in(text) is None
    engine = new_engine()
    engine.connection.execute("CREATE TABLE one AS SELECT ? AS t", [text])
    assert engine.connection.execute(f"SELECT {styled_sql('t', '.')} FROM one").fetchone() == (None,)


def test_marks_and_their_names() -> None:
    """A point and a comma, each the other's other; whoever says another name is told both."""
    assert (other("."), other(",")) == (",", ".")
    assert [check_decimal(name) for name in (None, "point", "comma")] == [None, ".", ","]
    with pytest.raises(UsageError) as refused:
        check_decimal("dot")
    assert str(refused.value) == "decimal 'dot' is not one of point, comma"
    assert [is_plain(text) for text in ("1.5", "-2e3", "1,5", "$5", "")] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("decimal", "yes", "no"),
    [
        (".", ["1,200", "12,34,567.5", "1,200.", "0.5", ".5", "5.", "1e5"], ["1.200,5", "1x200", "1,20", "0,200"]),
        (",", ["1.200", "12.34.567,5", "1.200,", "0,5", ",5", "5,", "1e5"], ["1,200.5", "1x200", "1.20.", "0.200"]),
    ],
)
def test_the_digits_of_a_mark(decimal: Mark, yes: list[str], no: list[str]) -> None:
    """Two or three digits stand between thousands, three before decimals; any other sign is none between them."""
    grammar = re.compile(_grammar(decimal))
    assert [text for text in yes if not grammar.match(text)] == []
    assert [text for text in no if grammar.match(text)] == []


def test_of_words_that_begin_alike_the_longest_counts() -> None:
    """`mio.` is not `m` and something more, and its point is a point."""
    found = re.compile(_any_of(["m", "mio.", "mio"]))
    assert [found.match(text)[0] for text in ("mio.", "mio", "miox", "m")] == ["mio.", "mio", "mio", "m"]  # type: ignore[index]  # each matches
    assert found.pattern == r"(mio\.|mio|m)"
