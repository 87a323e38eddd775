"""What stands beside numbers of answers, and rows that hold those of others: compared, told, asked, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from counted import said_of_counts, table_from

from partnerkpi.errors import OpenQuestion
from partnerkpi.tables.columns import Columns
from partnerkpi.tally.counts import read_counts
from partnerkpi.tally.rows_that_add_up import ask_of_rows_that_add_up

HEAD = "Partner;Responses;Promoters;Passives;Detractors;Passives %;NPS\n"
#: Ten answers of which three are passives, twenty of which two are, and eight of which six are.
RIGHT = ("A;10;5;3;2;30%;30", "B;20;6;2;12;10%;-30", "C;8;1;6;1;75%;0")


def changed(rows: Sequence[str], **cells: tuple[int, str]) -> str:
    """Return lines with the cell of a partner changed: its place and what stands there."""
    table = [row.split(";") for row in rows]
    for row in table:
        if row[0] in cells:
            place, cell = cells[row[0]]
            row[place] = cell
    return HEAD + "\n".join(map(";".join, table))


def agree(*names: str) -> tuple[str, ...]:
    return tuple(f"{name!r} agrees with the numbers in all 3 rows" for name in names)


def differs(name: str, rows: int, of: int = 3) -> str:
    return f"{name!r} is not what the numbers give in {rows} of {of} rows"


def test_a_sum_shares_and_an_nps_that_agree(tmp_path: Path) -> None:
    """A share of one or of a hundred, rounded to whole points; a row without answers and a blank are not compared."""
    names = ("Responses", "Passives %", "NPS")
    assert said_of_counts(changed(RIGHT), tmp_path) == agree(*names)
    assert said_of_counts(changed(RIGHT, A=(6, "30.5"), B=(5, "9.5%"), C=(1, "8.5")), tmp_path) == agree(*names)
    of_one = ("A;10;5;3;2;0.3;0.3", "B;20;6;2;12;0.1;-0.3", "C;8;1;6;1;0.75;0")
    assert said_of_counts(changed(of_one), tmp_path) == agree(*names)
    assert said_of_counts(changed([*RIGHT, "D;7;0;0;0;12%;9", "E;;1;;;;"]), tmp_path) == agree(*names)


@pytest.mark.parametrize(
    ("cell", "name"),
    [((1, "11"), "Responses"), ((1, "0.1"), "Responses"), ((5, "32%"), "Passives %"), ((6, "31"), "NPS")],
)
def test_a_figure_that_differs_in_one_row(cell: tuple[int, str], name: str, tmp_path: Path) -> None:
    """It is told in how many of how many rows; the numbers count, and what else stands there agrees."""
    others = [one for one in ("Responses", "Passives %", "NPS") if one != name]
    said = said_of_counts(changed(RIGHT, A=cell), tmp_path)
    assert isinstance(said, tuple)
    assert sorted(said) == sorted([*agree(*others), f"{differs(name, 1)}: the numbers count"])


def test_a_sum_beside_no_answers_is_not_compared(tmp_path: Path) -> None:
    """What stands beside a row without answers alone says nothing; the columns after it are compared."""
    rows = ("A;;5;3;2;30%;30", "B;;6;2;12;10%;-30", "C;;1;6;1;75%;0", "D;7;0;0;0;;")
    assert said_of_counts(changed(rows), tmp_path) == agree("Passives %", "NPS")


def test_a_sum_is_no_share_of_one(tmp_path: Path) -> None:
    """0.1 beside ten answers is a tenth of one, not ten."""
    rows = "Partner;Responses;Promoters;Passives;Detractors\nA;0.1;5;3;2\nB;0.2;10;6;4"
    assert said_of_counts(rows, tmp_path) == (
        f"OpenQuestion given.csv: {differs('Responses', 2, 2)}: check which columns belong together; --frequency "
        "across counts 'Promoters', 'Passives', 'Detractors' all the same"
    )


def test_figures_that_differ_in_most_rows(tmp_path: Path) -> None:
    """More than half is a question, unless the user says what counts; half is told."""
    three = changed(RIGHT, A=(6, "99"), B=(6, "98"))
    assert said_of_counts(three, tmp_path) == (
        f"OpenQuestion given.csv: {differs('NPS', 2)}: check which columns belong together; --frequency across counts "
        "'Promoters', 'Passives', 'Detractors' all the same"
    )
    counted = said_of_counts(three, tmp_path, frequency="across")
    assert isinstance(counted, tuple)
    assert counted[-1] == f"{differs('NPS', 2)}: the numbers count"
    half = said_of_counts(changed([*RIGHT, "D;10;6;3;1;30%;50"], A=(6, "99"), B=(6, "98")), tmp_path)
    assert isinstance(half, tuple)
    assert half[-1] == f"{differs('NPS', 2, 4)}: the numbers count"


def test_the_band_of_each_column_of_an_answer(tmp_path: Path) -> None:
    """Of a column for each answer the figure is that of 9 and 10 less 0 to 6; three columns are named."""
    wide = "Agent;" + ";".join(map(str, range(11))) + ";Total;NPS\n"
    first, second = "A;1;0;0;0;0;0;2;3;4;5;6;21;38.1", "B;1;1;1;1;1;1;1;1;1;1;10;20;20"
    agreed = ("'Total' agrees with the numbers in all 2 rows", "'NPS' agrees with the numbers in all 2 rows")
    assert said_of_counts(f"{wide}{first}\n{second}", tmp_path) == agreed
    assert said_of_counts(f"{wide}{first[:-4]}50\n{second}5", tmp_path) == (
        "OpenQuestion given.csv: 'NPS' is not what the numbers give in 2 of 2 rows: check which columns belong "
        "together; --frequency across counts '0', '1', '2' all the same"
    )


def test_a_sum_with_thousands(tmp_path: Path) -> None:
    """1.200 is a whole number of answers in a column of sums, and a share may have both marks."""
    rows = "Partner;Responses;Promoters;Passives;Detractors\nA;1.200;600;300;300\nB;1.300;650;350;300"
    assert said_of_counts(rows, tmp_path) == ("'Responses' agrees with the numbers in all 2 rows",)


def test_shares_beside_frequencies(tmp_path: Path) -> None:
    """Compared where they add up to all, in hundredths or parts of one, of the rows that count; else left alone."""
    rows = "Score;Responses;Percent\n0;4;{}\n8;16;{}\n10;20;{}\n11;0;\n3;?;5%"
    for shares in (("10%", "40%", "50%"), ("0.1", "0.4", "0.5"), ("10.5", "40", "49.5"), ("9.6", "39.6", "49.5")):
        assert said_of_counts(rows.format(*shares), tmp_path) == ("'Percent' agrees with the numbers",)
    one = ("'Percent' is not what the numbers give in 1 row: the numbers count",)
    assert said_of_counts(rows.format("12%", "40%", "50%"), tmp_path) == one  # 102 in all
    assert said_of_counts(rows.format("8%", "40%", "50%"), tmp_path) == one
    two = ("'Percent' is not what the numbers give in 2 rows: the numbers count",)
    assert said_of_counts(rows.format("12%", "38%", "50%"), tmp_path) == two
    for shares in (("13%", "40%", "50%"), ("7%", "40%", "50%"), ("", "", "")):
        assert said_of_counts(rows.format(*shares), tmp_path) == ()
    several = "Score;Responses;Running %;Percent\n0;4;5%;10%\n8;16;60%;40%\n10;20;100%;50%"
    assert said_of_counts(several, tmp_path) == ("'Percent' agrees with the numbers",)
    assert said_of_counts("Score;Responses;Percent\n0;0;20%\n8;0;30%\n10;0;50%", tmp_path, frequency="Responses") == ()


def test_words_where_numbers_should_stand(tmp_path: Path) -> None:
    """It is told how many rows have one in which column, and how many answers are lost; not of rows that hold none."""
    rows = "Partner;Promoters;Passives;Detractors\nA;1234;n/a;1\nB;5;1;1\nC;6;?;\nD;n/a;-;\nE;2;2;x\n"
    where = "where a number of answers should stand, in"
    ending = "other answers there do not count either. Where nobody gave that answer, write 0 or leave the cell blank"
    assert said_of_counts(rows, tmp_path) == (
        f"'Passives' says '?' {where} 2 rows: the 1,241 {ending}",
        f"'Detractors' says 'x' {where} 1 row: the 4 {ending}",
    )
    assert said_of_counts(
        rows.replace("?", "0").replace("x", "0").replace("A;1234", "A;0").replace("-", "1"), tmp_path
    ) == (
        f"'Promoters' says 'n/a' {where} 1 row: the 1 {ending}",
        f"'Passives' says 'n/a' {where} 1 row: the 1 {ending}",
    )


# ---- rows that hold those of others


BANDS = "Partner;Promoters;Passives;Detractors\n"


def added_up(text: str, folder: Path, *, where: str | None = None) -> str | None:
    """Return what is asked of rows that may add others up, of those that somebody asks for."""
    table = replace(table_from(text, folder), chosen=where)
    columns = Columns(table.profiles, table.label, {})
    read = read_counts(table, columns)
    assert read is not None
    try:
        ask_of_rows_that_add_up(table, columns, read)
    except OpenQuestion as asked:
        return str(asked)
    return None


@pytest.mark.parametrize(
    "name",
    [
        *("Benchmark", "Industry benchmark", "Our targets", "NPS goal", "Zielwert", "Peers", "Peer group of 2025"),
        *("Market average", "Branchenschnitt", "Global norm", "Company target 2026", "Objectif"),
    ],
)
def test_a_row_that_others_are_compared_with(name: str, tmp_path: Path) -> None:
    """It is no partner: asked about, with the condition that leaves it out."""
    assert added_up(f"{BANDS}Alder;9;2;4\nBirk;6;5;7\n{name};5;3;3", tmp_path) == (
        f"given.csv: {name!r} in 'Partner' is what others are compared with: --where \"Partner!={name}\" leaves it "
        "out, --frequency across counts it with them"
    )


def test_a_comparison_among_rows_that_somebody_asks_for(tmp_path: Path) -> None:
    """It is asked about where it is one of them, unless the user says that it counts."""
    rows = f"{BANDS}Alder;9;2;4\nBirk;6;5;7\nBenchmark;5;3;3"
    assert added_up(rows, tmp_path, where="Partner <> 'Alder'") == added_up(rows, tmp_path)
    assert added_up(rows, tmp_path, where="Partner <> 'Benchmark'") is None
    assert said_of_counts(rows, tmp_path, frequency="across") == ()


@pytest.mark.parametrize("name", ["Benchmark Ltd & Co", "Target", "Norma", "Average Joe"])
def test_partners_that_are_called_a_little_like_that(name: str, tmp_path: Path) -> None:
    """Where all rows are called so nothing is compared with them; other names are of partners."""
    rows = f"{BANDS}Alder;9;2;4\nBirk;6;5;7\n{name};5;3;3"
    is_known = name in ("Target", "Benchmark Ltd & Co")
    assert (added_up(rows, tmp_path) is not None) == is_known
    assert added_up(f"{BANDS}Benchmark;9;2;4\nTarget;6;5;7", tmp_path) is None


def months(rows: Sequence[tuple[str, int, int, int]], folder: Path, head: str = "Month") -> str | None:
    lines = "\n".join(";".join(map(str, row)) for row in rows)
    return added_up(f"{head};Promoters;Passives;Detractors\n{lines}", folder)


RUNNING = (
    "given.csv: 'Promoters', 'Passives', 'Detractors' never fall from one 'Month' to the next, as running totals do: "
    "if they are, give the numbers of each period; --frequency across counts them as such"
)
#: Ten rises: of three numbers three times, and of one once more.
RISING = [
    ("2026-01", 3, 1, 2),
    ("2026-02", 8, 3, 4),
    ("2026-03", 12, 7, 5),
    ("2026-04", 21, 10, 7),
    ("2026-05", 28, 10, 7),
]


def test_running_totals(tmp_path: Path) -> None:
    """Ten rises and no fall in each series, in whatever order the rows stand; nine may be chance."""
    assert months(RISING, tmp_path) == months(RISING[::-1], tmp_path) == RUNNING
    nine = [*RISING[:4], ("2026-05", 21, 10, 7)]
    assert months(nine, tmp_path) is None
    fallen = [*RISING, ("2026-06", 40, 9, 9)]
    assert months(fallen, tmp_path) is None
    twice = [*RISING, ("2026-05", 29, 11, 8)]
    assert months(twice, tmp_path) is None
    undated = [*RISING, ("", 29, 11, 8)]
    assert months(undated, tmp_path) is None


def test_running_totals_of_each_partner(tmp_path: Path) -> None:
    """The periods of each partner are a series, and what one has more than another is no rise."""
    rows = [f"{month};{name};{p};{a};{d}" for month, p, a, d in RISING[:3] for name in ("Alder", "Birk")]
    head = "Month;Partner;Promoters;Passives;Detractors\n"
    assert added_up(head + "\n".join(rows), tmp_path) == RUNNING  # twice six
    assert added_up(head + "\n".join(rows[:-1]), tmp_path) is None  # nine
    swapped = [row.replace("2026-03;Birk;12", "2026-03;Birk;7") for row in rows]
    assert added_up(head + "\n".join(swapped), tmp_path) is None


def sums(rows: str, folder: Path) -> str | None:
    return added_up(BANDS + "\n".join(";".join(row.split()) for row in rows.split(", ")), folder)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "Al 9 2 4, Bi 6 5 7, EMEA 15 7 11, Co 3 3 1, Do 8 2 5, AMER 11 5 6",
            "'EMEA' in 'Partner' is the sum of 'Al' to 'Bi'",
        ),
        (
            "EMEA 15 7 11, Al 9 2 4, Bi 6 5 7, AMER 11 5 6, Co 3 3 1, Do 8 2 5",
            "'EMEA' in 'Partner' is the sum of 'Al' to 'Bi'",
        ),
        ("EMEA 15 7 11, Al 9 2 4, No 0 0 0, Bi 6 5 7, Co 90 3 1", "'EMEA' in 'Partner' is the sum of 'Al' to 'Bi'"),
        ("Al 9 2 4, Bi 6 5 4, EMEA 15 7 8, Co 90 3 1", "'EMEA' in 'Partner' is the sum of 'Al' to 'Bi'"),
        ("Al 9 2 4, Bi 6 5 3, EMEA 15 7 7, Co 90 3 1", None),  # 29 answers of one sum are an accident
        ("Al 2 1 1, Bi 2 2 2, E 4 3 3, Co 9 1 1, Do 2 9 2, A 11 10 3", "'E' in 'Partner' is the sum of 'Al' to 'Bi'"),
        ("Al 2 1 1, Bi 2 2 1, E 4 3 2, Co 1 1 1, Do 2 1 2, A 3 2 3", None),  # of nine answers
        ("Al 9 2 4, EMEA 9 2 4, Bi 6 5 7, Co 70 7 7", None),  # a sum has two parts
        ("Al 9 2 4, Bi 6 5 7, EMEA 15 8 10, Co 3 3 1", None),
        (
            "Z 50 1 1, Al 9 2 4, Bi 6 5 7, E 15 7 11, Y 50 2 2, X 60 3 3, W 70 4 4",
            "'E' in 'Partner' is the sum of 'Al' to 'Bi'",
        ),
        (
            "Al 4 2 4, Bi 4 2 2, E 8 4 6, Z 50 1 1, Co 4 2 2, Do 2 3 4, F 6 5 6, Y 60 2 2, X 70 3 3",
            "'E' in 'Partner' is the sum of 'Al' to 'Bi'",
        ),  # four of seven others
        (
            "A 4 2 4, B 4 2 2, E 8 4 6, Z 50 1 1, C 4 2 2, D 2 3 4, F 6 5 6, Y 60 2 2, X 70 3 3, W 80 4 4, V 90 5 5",
            None,
        ),
    ],
)
def test_sums_of_other_rows(rows: str, said: str | None, tmp_path: Path) -> None:
    """Below or above their parts: one of thirty answers, or several that add up half of all others."""
    ending = ": take out the rows that add others up, or count them too with --frequency across"
    assert sums(rows, tmp_path) == (None if said is None else f"given.csv: {said}{ending}")


def test_names_of_rows_that_add_up(tmp_path: Path) -> None:
    """A row is named by all that names it, without blanks around it."""
    head = "Region;Partner;Promoters;Passives;Detractors\n"
    rows = "North; Al;9;2;4\nNorth;Bi ;6;5;7\n;North all;15;7;11\nSouth;Co;90;3;1"
    assert added_up(head + rows, tmp_path) == (
        "given.csv: 'North all' in 'Region' is the sum of 'North Al' to 'North Bi': take out the rows that add others "
        "up, or count them too with --frequency across"
    )


def test_long_tables_are_no_reports_with_sums(tmp_path: Path) -> None:
    """One sum of thirty answers is no accident in 60 rows, and one in 61; several are looked for in 400."""
    alone = ["Al;9;2;4", "Bi;6;5;7", "EMEA;15;7;11"]
    for rows, asked in ((57, True), (58, False)):
        others = [f"P{n};{1000 + 7 * n * n};0;{n}" for n in range(rows)]
        assert (added_up(BANDS + "\n".join(alone + others), tmp_path) is not None) == asked
    groups = [line for n in range(1, 134) for line in (f"a{n};{n};5;9", f"b{n};{2 * n};6;8", f"s{n};{3 * n};11;17")]
    for more, asked in ((["z;1;0;0"], True), (["z;1;0;0", "y;2;0;0"], False)):
        assert (added_up(BANDS + "\n".join(groups + more), tmp_path) is not None) == asked
