"""Numbers of answers: what a row stands for, what is refused or asked, word for word, and from where on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from counted import said_of_counts, table_from

from partnerkpi.errors import DataProblem, OpenQuestion, UsageError
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.table import Table
from partnerkpi.tally.counts import CountedRows, read_counts, refuse_overlap
from partnerkpi.tally.facts import NO_NUMBER, OF_OTHERS, REASON_OF

BANDS = "Partner;Promoters;Passives;Detractors\n"


def columns_of(table: Table, **options: str | None) -> Columns:
    return Columns(table.profiles, table.label, options)


def reading(text: str, folder: Path, *, scale: str | None = None, **options: str | None) -> CountedRows | None:
    """Return how a table is read as numbers of answers."""
    table = replace(table_from(text, folder), scale=scale)
    return read_counts(table, columns_of(table, **options))


def stands_for(text: str, folder: Path, **options: str | None) -> list[tuple[object, ...]]:
    """Return what rows stand for: their first cell, an answer, how many, whether it is the first, or why none."""
    table = table_from(text, folder)
    read = read_counts(table, columns_of(table, **options))
    assert read is not None
    answer = f"CAST({read.score} AS VARCHAR)"
    first = f'"{table.columns[0]}"'
    rows = read.rows(table.rows).fetch(f"SELECT {first}, {answer}, __weight, __first, __lost FROM __rows")
    return [(*row[:-1], REASON_OF.get(row[-1])) for row in rows]


# ---- what a row stands for


def test_a_row_of_bands_is_three_answers(tmp_path: Path) -> None:
    """No entry among numbers is nobody, a word is unknown: its row stays one row, which does not count."""
    rows = "Alder;4;3;2\nBirk;5;;–\nCorv;n/a;1;1\nDahl;1.5;1;0\nElm;-1;9;9\nFir;2000000000000000;1;1\nGum;;;\n"
    found = stands_for(BANDS + rows + "Holm;1000000000000000;-;—\nIlex;4;2;1", tmp_path)
    by_partner = {name: sorted((row[1:] for row in found if row[0] == name), reverse=True) for name, *_ in found}
    assert by_partner == {
        "Alder": [("9", 4, 1, None), ("7", 3, 0, None), ("0", 2, 0, None)],
        "Birk": [("9", 5, 1, None), ("7", 0, 0, None), ("0", 0, 0, None)],
        "Holm": [("9", 10**15, 1, None), ("7", 0, 0, None), ("0", 0, 0, None)],
        "Ilex": [("9", 4, 1, None), ("7", 2, 0, None), ("0", 1, 0, None)],
    } | {name: [("9", None, 1, NO_NUMBER)] for name in ("Corv", "Dahl", "Elm", "Fir", "Gum")}


def test_numbers_of_answers_are_whole(tmp_path: Path) -> None:
    """1.200 promoters are twelve hundred, though nothing else in their column says so."""
    found = stands_for(BANDS + "Alder;1.200;30;1,500", tmp_path)
    assert sorted(row[1:3] for row in found) == [("0", 1500), ("7", 30), ("9", 1200)]


def test_a_row_of_frequencies_is_one_answer(tmp_path: Path) -> None:
    """Here no entry is no number, and so is a dash; the answer may be a word for its band."""
    scores = "Score;Responses\n0;4\n3;0\n6;\n7;-\n8;1,200\n9;-3\n10;12\n"
    assert sorted(stands_for(scores, tmp_path), key=lambda row: int(str(row[0]))) == [
        ("0", "0", 4, 1, None),
        ("3", "3", 0, 1, None),
        ("6", "6", None, 1, NO_NUMBER),
        ("7", "7", None, 1, NO_NUMBER),
        ("8", "8", 1200, 1, None),
        ("9", "9", None, 1, NO_NUMBER),
        ("10", "10", 12, 1, None),
    ]
    words = "Category;Responses\nPromoters;5\nPassives;2\nDetractors;3\nunknown;1\n"
    assert sorted(row[:3] for row in stands_for(words, tmp_path, score="Category", frequency="Responses")) == [
        *(("Detractors", "0", 3), ("Passives", "7", 2), ("Promoters", "9", 5), ("unknown", "unknown", 1))
    ]


def test_rows_that_count_and_all_of_them(tmp_path: Path) -> None:
    """Beside each other the numbers of a row are asked for once, with the rows that do not count or without."""
    table = table_from(BANDS + "Alder;4;3;2\nCorv;n/a;1;1", tmp_path)
    read = read_counts(table, columns_of(table))
    assert read is not None
    shown = "SELECT Partner, __n0, __n1, __n2 FROM __rows ORDER BY 1"
    assert read.wide(table.rows).fetch(shown) == [("Alder", 4, 3, 2)]
    assert read.with_reasons(table.rows).fetch(shown) == [("Alder", 4, 3, 2), ("Corv", None, 1, 1)]
    once = read.once(read.rows(table.rows))
    assert once.fetch("SELECT Partner, __answer FROM __rows ORDER BY 1") == [("Alder", 9), ("Corv", 9)]


# ---- frequencies, or answers with a number beside them


FREQUENCY = (
    "OpenQuestion given.csv: 'Responses' may say how many gave the answer in 'Score', or something else of one answer: "
    "--frequency 'Responses' counts so many, --frequency none takes each row for one answer"
)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("A;9;3\nA;7;2\nB;9;4\nB;7;9", ()),
        ("A;9;3\nA;7;2\nB;9;4\nC;7;9", FREQUENCY),  # less than two a partner
        ("A;9;3\nA;9;2\nA;7;4\nB;9;4\nB;7;9", FREQUENCY),  # one twice
        ("A;9;3\nA;7;3\nB;9;3\nB;7;3", FREQUENCY),  # alike in each group
        ("A;9;3\nA;7;3\nA;10;3", ()),  # alike, and few
        ("A;9;3\nA;7;3\nB;9;3\nB;7;4", ()),
        ("A;9;1\nA;7;1\nB;9;1\nB;7;1", None),
        ("A;9;1\nA;7;2\nB;9;3\nB;7;4", None),  # they number the rows
    ],
)
def test_numbers_beside_answers(rows: str, said: str | tuple[str, ...] | None, tmp_path: Path) -> None:
    """They are frequencies where each answer stands once in its group, two or more of them, with other numbers."""
    assert said_of_counts("Partner;Score;Responses\n" + rows, tmp_path) == said


def test_answers_with_weights_are_asked_about_whatever_stands_beside_them(tmp_path: Path) -> None:
    weights = "Partner;Score;Responses;weight\nA;9;1;0.8\nA;7;1;1.3\nB;3;1;1.1"
    message = (
        "OpenQuestion given.csv: 'weight' holds weights of the answers, which differ, and an NPS with weights is not "
        "made here: --frequency none counts each answer once, without its weight"
    )
    assert said_of_counts(weights, tmp_path) == message
    assert said_of_counts(weights.replace(";Responses", "").replace(";1;", ";"), tmp_path) == message


def test_one_number_of_each_group_beside_how_many_they_are(tmp_path: Path) -> None:
    """What stands once a partner beside numbers of answers is a figure; with one number for all it is an answer."""
    figures = "Partner;NPS;Responses\nA;7;40\nB;8;25\nC;6;31"
    message = (
        "DataProblem given.csv: each 'Partner' has one 'NPS', with 'Responses' beside it: ready-made figures, and no "
        "answers from 0 to 10, so that no NPS can be made of them. Give the answers, one a row, or how many "
        "promoters, passives and detractors there are"
    )
    assert said_of_counts(figures, tmp_path) == message
    assert said_of_counts("Partner;NPS;Surveys sent\nA;7;40\nB;8;25\nC;6;31", tmp_path) == message.replace(
        "Responses", "Surveys sent"
    )


# ---- options that make no sense


def test_nobody_is_named_in_numbers_of_answers(tmp_path: Path) -> None:
    rows = BANDS + "Alder;61;25;15\nBirk;51;30;20"
    for role in ("respondent", "comment"):
        assert said_of_counts(rows, tmp_path, frequency="across", **{role: "Partner"}) == (
            f"UsageError --{role}: given.csv holds numbers of answers, which name nobody and say nothing more: leave "
            "it out, or take each row for one answer with --frequency none"
        )


def test_scales_of_answers_that_their_columns_tell(tmp_path: Path) -> None:
    """Bands are of 0 to 10; columns for each answer may be of 1 to 10; frequencies may be of any."""
    bands = BANDS + "Alder;6;2;1\nBirk;5;3;2"
    words = "'Promoters', 'Passives' and 'Detractors' say how many there are of each"
    for scale in ("1-10", "1-5"):
        assert said_of_counts(bands, tmp_path, scale=scale) == (
            f"UsageError --scale {scale}: given.csv tells answers apart by itself: {words}"
        )
    assert said_of_counts(bands, tmp_path, scale="0-10") == ()
    wide = ";".join(map(str, range(11))) + "\n1;2;3;4;5;6;7;8;9;10;11\n2;2;3;4;5;6;7;8;9;10;11"
    assert said_of_counts(wide, tmp_path, scale="0-10") == said_of_counts(wide, tmp_path, scale="1-10") == ()
    refused = (
        "UsageError --scale 1-5: given.csv tells answers apart by itself: '0' to '10' say how many gave each answer"
    )
    assert said_of_counts(wide, tmp_path, scale="1-5") == refused
    assert said_of_counts("Score;Responses\n1;4\n2;9\n3;20\n4;50\n5;70", tmp_path, scale="1-5") == (
        "'Score' is taken as a scale from 1 to 5: 5 as promoters, 4 as passives, 1 to 3 as detractors. That is no "
        "standard NPS; do not compare it with one on 0-10",
    )


# ---- shares


SHARES = (
    "DataProblem given.csv: 'Promoters', 'Passives', 'Detractors' hold shares, or parts of an answer, and no numbers "
    "of answers: they cannot be counted. Give the numbers, or the answers"
)
HUNDRED = (
    "OpenQuestion given.csv: 'Promoters', 'Passives', 'Detractors' add up to 100 in each row, as percentages do: "
    "--frequency across counts them as numbers of answers. Percentages cannot be counted"
)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("A;60;25;15", HUNDRED),
        ("A;60;25;16", ()),
        ("A;60;25;16\nB;50;30;19\nC;33;33;34", HUNDRED),  # 101, 99 and 100
        ("A;60;25;17\nB;50;30;20", ()),
        ("A;60;25;15\nB;0;0;0\nC;50;30;20", HUNDRED),  # a row of nobody says nothing
        ("A;0;0;0\nB;0;0;0", ()),
    ],
)
def test_shares_of_bands(rows: str, said: str | tuple[str, ...], tmp_path: Path) -> None:
    """More than one of ten parts of an answer, or 99 to 101 in each row; the one row of a table has exactly 100."""
    assert said_of_counts(BANDS + rows, tmp_path) == said


def test_parts_of_an_answer_are_shares(tmp_path: Path) -> None:
    """Three of thirty numbers are accidents, of rows that do not count; four show what all are."""
    rows = ["A;0.5;2;3", "B;4;5.5;6", "C;1;1;1.5", *(f"P{n};{n};2;-" for n in range(6))]
    said = said_of_counts("\n".join([BANDS.strip(), *rows, "Z;9;2;1"]), tmp_path)
    assert [note.split(" where ")[0] for note in said or ()] == []
    assert said_of_counts("\n".join([BANDS.strip(), *rows, "Z;9.5;2;1"]), tmp_path) == SHARES


def test_what_shows_that_numbers_are_no_percentages(tmp_path: Path) -> None:
    """Their name, the sum beside them, or the user; a sum that is another one shows the contrary."""
    rows = "Partner;{};Passives;Detractors\nA;60;25;15\nB;50;30;20"
    assert said_of_counts(rows.format("Promoter count"), tmp_path) == HUNDRED.replace("'Promoters'", "'Promoter count'")
    named = "Partner;# Promoters;# Passives;# Detractors\nA;60;25;15\nB;50;30;20"
    assert said_of_counts(named, tmp_path) == ()
    assert said_of_counts(rows.format("Promoters"), tmp_path, frequency="across") == ()
    summed = "Partner;Promoters;Passives;Detractors;Responses\nA;60;25;15;{}\nB;50;30;20;{}"
    assert said_of_counts(summed.format(100, 100), tmp_path) == ("'Responses' agrees with the numbers in all 2 rows",)
    assert said_of_counts(summed.format(20, 30), tmp_path) == HUNDRED
    assert said_of_counts(summed.format(100, 30), tmp_path) == HUNDRED
    assert said_of_counts(summed.format(100, ""), tmp_path) == HUNDRED


def test_no_more_than_three_columns_are_named(tmp_path: Path) -> None:
    """Of four and more the first three; of three all."""
    wide = "Agent;" + ";".join(map(str, range(11))) + "\nA;0.5;2.5;3;4;5;6;7;8;9;10;11.5\nB;1;1;1;1;1;1;1;1;1;1;1"
    message = SHARES.replace("'Promoters', 'Passives', 'Detractors'", "'0', '1', '2' ...")
    assert said_of_counts(wide, tmp_path) == message
    assert said_of_counts(wide.replace("0.5;2.5", "1;2"), tmp_path) == ()


# ---- another scale


@pytest.mark.parametrize(
    ("rows", "run"),
    [
        ("1;4\n2;9\n3;20\n4;50\n5;70", "153 answers run from 1 to 5"),
        ("1;4\n2;9\n3;7", "20 answers run from 1 to 3"),
        ("1;4\n2;8\n3;7", None),  # 19 may be all low
        ("1;400\n7;550\n8;51", None),  # more than one of twenty beyond 7
        ("1;400\n7;550\n9;50", "1,000 answers run from 1 to 9"),
        ("0;51\n1;400\n7;550", None),
        ("0;50\n1;400\n7;550", "1,000 answers run from 0 to 7"),
        ("3;400\n9;400\n11;201", "1,001 answers run from 3 to 11"),
        ("3;400\n9;400\n11;200", None),
        ("-1;201\n3;400\n9;400", "1,001 answers run from -1 to 9"),
        ("-1;200\n3;400\n9;400", None),
        ("1;0\n5;0\n11;0", None),
        ("2.5;20\n2;10\n1;0", "30 answers run from 2 to 2.5"),
    ],
)
def test_answers_of_another_scale(rows: str, run: str | None, tmp_path: Path) -> None:
    """None below 1 or above 7 but one in twenty, of twenty answers on; or more than a fifth outside 0 to 10."""
    found = said_of_counts("Score;Responses\n" + rows, tmp_path, frequency="Responses")
    expected = (
        f"DataProblem column 'Score' of given.csv looks like another scale: its {run}. There is an NPS on 0 to 10 "
        "only; --scale names another (0-10, 1-10, 1-7, 1-5, 0-100, 1-11), and --scale 0-10 says that it was asked on 0 "
        "to 10"
    )
    assert found == (() if run is None else expected)


def test_a_scale_that_is_named_is_taken_for_it(tmp_path: Path) -> None:
    rows = "Score;Responses\n1;4\n2;9\n3;20\n4;50\n5;70"
    read, plain = (reading(rows, tmp_path, frequency="Responses", scale=scale) for scale in ("1-5", "0-10"))
    assert read is not None
    assert plain is not None
    assert (read.kind, plain.kind, plain.notes, plain.score) == ("VARCHAR", "VARCHAR", (), '"Score"')


def test_a_column_for_each_answer_but_0(tmp_path: Path) -> None:
    """It may have been asked from 1 to 10; with a 0, and of bands, nothing is said."""
    note = "no column is for the answer 0: if the question was asked from 1 to 10, that is no standard NPS"
    wide = ";".join(map(str, range(1, 11))) + "\n1;2;3;4;5;6;7;8;9;10\n2;2;3;4;5;6;7;8;9;10"
    assert said_of_counts(wide, tmp_path, frequency="across") == (note,)
    without_low = ";".join(map(str, range(2, 11))) + "\n2;3;4;5;6;7;8;9;11\n3;3;4;5;6;7;8;9;12"
    assert said_of_counts(without_low, tmp_path, frequency="across") == ()


# ---- rows that are the sum of all others


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("All;60;22;14\nN;40;10;5\nS;20;12;9", "'All' in 'Partner' adds up all others: 1 row is set aside"),
        ("Total;60;22;14\nN;40;10;5\nS;20;12;9", "'Total' in 'Partner' adds up all others: 1 row is set aside"),
        ("All;60;22;14\nN;60;22;14", "'All' in 'Partner' adds up all others: 1 row is set aside"),
        (";60;22;14\nN;40;10;5\nS;20;12;9", "what has no name in 'Partner' adds up all others: 1 row is set aside"),
        (";15;10;5\nN;8;6;3\nS;7;4;2", "what has no name in 'Partner' adds up all others: 1 row is set aside"),
        (
            "All;30;11;7\nAll;30;11;7\nN;40;10;5\nS;20;12;9",
            "'All' in 'Partner' adds up all others: 2 rows are set aside",
        ),
    ],
)
def test_a_row_that_adds_up_all_others_is_set_aside(rows: str, said: str, tmp_path: Path) -> None:
    """It is called so, or has no name and as many as thirty answers; its number is not that of all rows."""
    assert said_of_counts(BANDS + rows, tmp_path) == (said,)
    aside = [row for row in stands_for(BANDS + rows, tmp_path) if row[-1] == OF_OTHERS]
    assert [row[2:4] for row in aside] == [(None, 1)] * (2 if "2 rows" in said else 1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "All;70;22;14\nN;40;10;5\nS;20;12;9",
            "'All' in 'Partner' looks like a sum, and is not that of the others (106 of 202",
        ),
        (
            "All;60;21;15\nN;40;10;5\nS;20;12;9",
            "'All' in 'Partner' looks like a sum, and is not that of the others (96 of 192",
        ),
        ("EMEA;15;10;5\nN;8;6;3\nS;7;4;2", "'EMEA' in 'Partner' is the sum of all others (30 of 60"),
        (";15;9;5\nN;8;5;3\nS;7;4;2", "what has no name in 'Partner' is the sum of all others (29 of 58"),
    ],
)
def test_what_may_be_a_sum_is_asked_about(rows: str, said: str, tmp_path: Path) -> None:
    """Called so without being one, or a sum without being called so, or of few answers."""
    ending = " answers): take its rows out, or count them too with --frequency across"
    assert said_of_counts(BANDS + rows, tmp_path) == f"OpenQuestion given.csv: {said}{ending}"
    assert said_of_counts(BANDS + rows, tmp_path, frequency="across") == ()


@pytest.mark.parametrize(
    "rows",
    [
        "EMEA;15;9;5\nN;8;5;3\nS;7;4;2",  # 29 answers are the sum of others by accident
        "N;60;22;14\nS;60;22;14",  # of two parts each is the sum of the other
        ";61;22;14\nN;40;10;5\nS;20;12;9",  # nobody's, and no sum
        "All;0;0;0\nN;40;10;5\nS;20;12;9",
        "All;40;10;5",
    ],
)
def test_what_is_no_sum(rows: str, tmp_path: Path) -> None:
    """Few answers, two parts that are alike, rows without a name that are no sum, and one part alone."""
    assert said_of_counts(BANDS + rows, tmp_path) == ()


def test_sums_of_frequencies(tmp_path: Path) -> None:
    """The option names their column; the rows of a sum are as many as its answers."""
    rows = "Region;Score;Responses\n" + "".join(
        f"{name};{score};{number}\n"
        for name, numbers in {"ALL": (50, 30, 20), "N": (30, 20, 15), "S": (20, 10, 5)}.items()
        for score, number in zip((10, 8, 3), numbers, strict=True)
    )
    assert said_of_counts(rows, tmp_path) == ("'ALL' in 'Region' adds up all others: 3 rows are set aside",)
    assert said_of_counts(rows.replace("ALL", "EMEA"), tmp_path) == (
        "OpenQuestion given.csv: 'EMEA' in 'Region' is the sum of all others (100 of 200 answers): take its rows out, "
        "or count them too with --frequency 'Responses'"
    )


def test_cuts_in_several_ways(tmp_path: Path) -> None:
    """Each cut holds all answers: asked about where all have as many; columns of other names are left alone."""
    rows = "{};Value;Promoters;Passives;Detractors\nregion;N;4;2;1\nregion;S;5;{};1\ntier;Gold;3;1;1\ntier;Silver;6;2;1"
    said = (
        "OpenQuestion given.csv: each part of '{}' has the same 14 answers, as if cut in several ways: keep one of "
        "them, or count all with --frequency across"
    )
    for name in ("Dimension", "Cut by", "group by"):
        assert said_of_counts(rows.format(name, 1), tmp_path) == said.format(name)
    assert (
        said_of_counts(rows.format("Dimension", 2), tmp_path) == said_of_counts(rows.format("Set", 1), tmp_path) == ()
    )
    assert said_of_counts(rows.format("Dimension", 1), tmp_path, frequency="across") == ()
    one = "Dimension;Value;Promoters;Passives;Detractors\nregion;N;4;2;1\nregion;S;5;1;1"
    assert said_of_counts(one, tmp_path) == ()


# ---- several files


def two_files(text: str, rows: int, folder: Path) -> Table:
    """Return a table of two files, the first of which has so many rows."""
    table = table_from(text, folder)
    (part,) = table.parts
    later = replace(part, label="later.csv", sql=f"{part.sql} OFFSET {rows}")
    return replace(table, parts=(replace(part, sql=f"{part.sql} LIMIT {rows}"), later))


def overlap(table: Table, **options: str | None) -> str | None:
    columns = columns_of(table, **options)
    assert columns.counts is not None
    try:
        refuse_overlap(table, columns, columns.counts)
    except OpenQuestion as asked:
        return str(asked)
    return None


def test_other_numbers_of_the_same_rows_in_two_files(tmp_path: Path) -> None:
    """For the same partner and period in both files; rows without a period, and of one file, say nothing."""
    head = "Partner;Quarter;Responses;Promoters;Passives;Detractors\n"
    rows = "A;2026-Q1;9;4;3;2\nB;2026-Q1;9;4;3;2\nC;;9;4;3;2\n"
    again = "A;2026-Q1;11;6;3;2\nB;2026-Q1;8;3;3;2\nC;;8;3;3;2\nA;2026-Q2;8;3;3;2\n"
    assert overlap(two_files(head + rows + again, 3, tmp_path)) == (
        "given.csv and 1 more: 2 rows of counts stand in several files with other numbers, for the same 'Partner', "
        "'Quarter': leave out the older file, or add them up with --frequency across"
    )
    assert overlap(two_files(head + rows + again, 3, tmp_path), frequency="across") is None
    assert overlap(two_files(head + rows + again, 7, tmp_path)) is None
    assert overlap(two_files(head + rows + again.replace("2026-Q1", "2026-Q2"), 4, tmp_path)) is not None
    assert overlap(two_files(head.replace("Quarter", "Group") + rows + again, 3, tmp_path)) is None
    assert overlap(table_from(head + rows + again, tmp_path)) is None


def test_other_frequencies_in_two_files(tmp_path: Path) -> None:
    """The answer tells the rows of one period apart as well; the option names the column of numbers."""
    head, rows = "Month;Score;Responses\n", "2026-07;9;4\n2026-07;8;3\n2026-07;3;2\n"
    assert overlap(two_files(head + rows + "2026-07;9;5\n2026-07;7;3\n2026-07;0;2\n", 3, tmp_path)) == (
        "given.csv and 1 more: 1 row of counts stands in several files with other numbers, for the same 'Month', "
        "'Score': leave out the older file, or add them up with --frequency 'Responses'"
    )
    assert overlap(two_files(head + rows + "2026-08;9;5\n2026-08;8;3\n2026-08;3;2\n", 3, tmp_path)) is None


def test_what_is_refused_and_asked_of_columns(tmp_path: Path) -> None:
    """Two of three bands, and a column of numbers that may be of answers."""
    with pytest.raises(DataProblem, match=r"^given\.csv has 'Promoters' and 'Detractors', but no column for the third"):
        reading("Partner;Promoters;Detractors\nA;6;2\nB;5;1", tmp_path)
    with pytest.raises(OpenQuestion, match=r"^given\.csv: 'Score' holds answers, and 'Promoters', 'Passives', "):
        reading("Partner;Score;Promoters;Passives;Detractors\nA;9;40;10;5\nB;7;20;12;9\nC;3;8;1;1", tmp_path)
    with pytest.raises(UsageError):
        reading(BANDS + "A;6;2;1\nB;5;1;1", tmp_path, respondent="Partner", frequency="across")
    assert reading("Partner;Score\nA;9\nB;7\nC;3", tmp_path) is None


@pytest.mark.parametrize("whens", [("2026-01-01", "2026-02-01", "2026-03-01"), ("3", "1", "2")])
def test_a_day_that_has_as_many_answers_as_all_others_is_no_sum(whens: tuple[str, ...], tmp_path: Path) -> None:
    """Days and numbers name no parts of anything; the scores of bands are whole numbers for the engine."""
    numbers = ("15;10;5", "8;6;3", "7;4;2")
    rows = "\n".join(f"{when};{told}" for when, told in zip(whens, numbers, strict=True))
    read = reading("When;Promoters;Passives;Detractors\n" + rows, tmp_path)
    assert read is not None
    assert (read.notes, read.kind) == ((), "INTEGER")
