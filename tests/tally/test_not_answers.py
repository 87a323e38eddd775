"""Figures, shares and weights in the place of answers: refused or asked about word for word, and what is an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from counted import table_from

from partnerkpi.errors import PartnerKpiError
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.counts import CountsColumns
from partnerkpi.tables.profile import profile
from partnerkpi.tables.table import Table
from partnerkpi.tally.not_answers import (
    ask_of_figure_below,
    ask_of_weights,
    is_period,
    refuse_figures,
    refuse_shares_alone,
)

SCORES = (4, 5, 7, 9, 10, 5, 10, 8, 0, 5, 0, 6)


def columns_of(table: Table, **options: str | None) -> Columns:
    return Columns(table.profiles, table.label, options)


def said(
    judge: Callable[[Table, Columns], None],
    text: str,
    folder: Path,
    *,
    scale: str | None = None,
    comments: str | None = None,
    **options: str | None,
) -> str | None:
    """Return the error of a table, None where there is none; `comments` are taken for comments."""
    table = replace(table_from(text, folder), scale=scale)
    columns = columns_of(table, **options)
    if comments is not None:
        columns.take("comment", comments, "recognised")
    try:
        judge(table, columns)
    except PartnerKpiError as error:
        return f"{type(error).__name__} {error}"
    return None


def figures(text: str, folder: Path, *, scale: str | None = None, **options: str | None) -> str | None:
    return said(refuse_figures, text, folder, scale=scale, **options)


def lines(head: str, line: Callable[[int, int], str], rows: int = len(SCORES)) -> str:
    """Return a header and lines made of a number and a score."""
    return "\n".join([head, *(line(number, SCORES[number % len(SCORES)]) for number in range(rows))])


def refused(group: str, score: str = "NPS", beside: str = "") -> str:
    what = f", with {beside!r} beside it" if beside else ""
    return (
        f"DataProblem given.csv: each {group!r} has one {score!r}{what}: ready-made figures, and no answers from 0 to "
        "10, so that no NPS can be made of them. Give the answers, one a row, or how many promoters, passives and "
        "detractors there are"
    )


def asked(groups: str, score: str = "NPS") -> str:
    return (
        f"OpenQuestion given.csv: each {groups} has one {score!r}, and no respondent, day or comment says that it is "
        "somebody's answer: --scale 0-10 counts each as an answer from 0 to 10. If they are ready-made NPS figures, no "
        "NPS can be made of them: give the answers"
    )


# ---- figures beside numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Partner;NPS;Responses\nA;7;40\nB;8;25", refused("Partner", beside="Responses")),
        ("Partner;NPS;Responses\nA;7;40\nA;8;25", None),  # several of a partner
        ("Partner;NPS;Responses\nA;7;40", None),  # one row is no table of figures
        ("Partner;NPS;Shoe size\nA;7;40\nB;8;25", None),
        ("Account;NPS;Responses\n1;7;40\n2;8;25", None),  # numbers are no names
        ("Colour;NPS;Responses\nred;7;40\nblue;8;25", None),  # nobody's
        ("Partner;NPS;Responses\nA;7;40\nB;;25\nC;9;20", refused("Partner", beside="Responses")),
        ("Region;NPS;Target\nA;7;40\nB;8;25", refused("Region", beside="Target")),
        ("Account Name;Score;Sample size\nA;7;40\nB;8;25", refused("Account Name", "Score", "Sample size")),
        ("Partner;NPS;Answered\nA;7;1\nB;8;0\nC;9;1", None),  # flags
        ("Partner;NPS;Answered\nA;7;3\nB;8;0\nC;9;1", refused("Partner", beside="Answered")),
        ("Partner;NPS;Answered\nA;7;-1\nB;8;0\nC;9;1", refused("Partner", beside="Answered")),
        ("Partner;NPS;Sent\nA;7;1\nB;8;2\nC;9;3", None),  # it numbers the rows
        ("Partner;NPS;Rank\nA;7;3\nB;8;5\nC;9;9", refused("Partner", beside="Rank")),
        ("Partner;NPS;Responses\nA;7;many\nB;8;few", None),  # no numbers
        ("Partner;NPS;Invited on\nA;7;2026-07-01\nB;8;2026-07-01", None),
        ("Partner;NPS Q1;NPS Q2\nA;7;8\nB;8;6", refused("Partner", "NPS Q1", "NPS Q2")),
        ("Partner;NPS 2025;NPS 2026\nA;7;8\nB;8;6", refused("Partner", "NPS 2025", "NPS 2026")),
        ("Partner;NPS;NPS.\nA;7;8\nB;8;6", None),  # one name twice is not of two times
        ("Partner;Quarter;NPS;Sent\nA;2026-Q1;7;40\nA;2026-Q2;8;25", refused("Partner", beside="Sent")),
        ("Partner;Year;NPS;Sent\nA;2025;7;40\nA;2026;8;25", refused("Partner", beside="Sent")),
        ("Year;NPS;Sent\n2025;7;40\n2026;8;25", refused("Year", beside="Sent")),
        ("Partner;Floor;NPS;Sent\nA;1;7;40\nA;2;8;25", None),  # a number names no group
        ("Partner;Date;NPS;Sent\nA;2026-07-03;7;40\nB;2026-07-04;8;25", None),  # how many were asked that day
        ("Partner;Date;NPS;Responses\nA;2026-07-03;7;40\nB;2026-07-04;8;25", refused("Partner", beside="Responses")),
        ("Month;NPS\n2026-01;7\n2026-02;8\n2026-03;6", refused("Month")),
        ("Month;NPS\n2026-01;7\n2026-02;8", None),
        ("Month;Score\n2026-01;7\n2026-02;8\n2026-03;6", refused("Month", "Score")),
    ],
)
def test_figures_with_something_beside_them(text: str, expected: str | None, tmp_path: Path) -> None:
    """One number of each group, and how many were asked or answered, or with what it is compared, are no answers."""
    score = next(name for name in text.splitlines()[0].split(";") if name.startswith(("NPS", "Score")))
    assert figures(text, tmp_path, score=score) == expected


def test_what_the_user_says_of_figures(tmp_path: Path) -> None:
    """A scale, how often each was given, and comments say that they are answers; so does a name of a person."""
    text = "Partner;NPS;Responses;What\nA;7;40;so la la\nB;8;25;very good"
    assert figures(text, tmp_path) == refused("Partner", beside="Responses")
    assert figures(text, tmp_path, scale="0-10") is None
    assert figures(text, tmp_path, frequency="Responses") is None
    assert figures(text, tmp_path, frequency="none") == refused("Partner", beside="Responses")
    assert said(refuse_figures, text, tmp_path, comments="What") is None
    assert figures(text, tmp_path, respondent="What") is None
    assert figures(text, tmp_path, respondent="Responses") is None
    sent = "Partner;NPS;Responses;Sent\nA;7;40;60\nB;8;25;50"
    assert figures(sent, tmp_path, respondent="Responses") == refused("Partner", beside="Responses")
    assert figures(text.replace("NPS", "x"), tmp_path) is None
    assert figures(text.replace(";7;", ";good;").replace(";8;", ";bad;"), tmp_path, score="NPS") is None


def test_figures_that_a_survey_tool_calls_answers(tmp_path: Path) -> None:
    """What a tool says of its column counts."""
    table = table_from("Partner;NPS;Responses\nA;7;40\nB;8;25", tmp_path)
    for role, error in (("score", False), (None, True)):
        profiles = tuple(replace(one, role=role) if one.name == "NPS" else one for one in table.profiles)
        told = replace(table, profiles=profiles)
        found = None
        try:
            refuse_figures(told, columns_of(told, score="NPS"))
        except PartnerKpiError as problem:
            found = problem
        assert (found is not None) == error


def test_numbers_that_could_be_of_answers_beside_figures(tmp_path: Path) -> None:
    """Where they are known, they are named whatever they are called, and however many rows there are."""
    text = lines("Partner;NPS;Amount", lambda n, score: f"P{n};{score};{n * n + 3}")
    table = table_from(text, tmp_path)
    counts = CountsColumns("frequencies", (("Amount", -1),), "NPS")
    with pytest.raises(PartnerKpiError) as error:
        refuse_figures(table, columns_of(table), counts)
    assert f"DataProblem {error.value}" == refused("Partner", beside="Amount")
    assert figures(text, tmp_path) is None


# ---- one number of each partner and period


def by_quarter(number: int, score: int) -> str:
    return f"P{number // 2};2026Q{1 + number % 2};{score}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (lines("Partner;Quarter;NPS", by_quarter), asked("'Partner' and 'Quarter'")),
        (
            lines("Partner;Quarter;Net Promoter Score", by_quarter),
            asked("'Partner' and 'Quarter'", "Net Promoter Score"),
        ),
        (
            lines("Quarter;Partner;NPS", lambda n, s: f"2026Q{1 + n % 2};P{n // 2};{s}"),
            asked("'Partner' and 'Quarter'"),
        ),
        (lines("Partner;Quarter;NPS", by_quarter, 3), asked("'Partner' and 'Quarter'")),
        (lines("Partner;Quarter;NPS", by_quarter, 2), None),
        (lines("Partner;Quarter;NPS", by_quarter) + "\nP0;2026Q1;7", None),  # two of a partner
        (lines("Partner;Quarter;Score", by_quarter), None),
        (lines("Partner;Quarter;NPS rating", by_quarter), None),
        (lines("Partner;NPS", lambda n, s: f"P{n};{s}"), None),  # each was asked once
        (lines("Partner;NPS;Trend", lambda n, s: f"P{n};{s};{'du'[n % 2]}"), asked("'Partner'")),
        (lines("Partner;NPS;Response rate", lambda n, s: f"P{n};{s};{20 + n}%"), asked("'Partner'")),
        (lines("Partner;NPS;Response rate", lambda n, s: f"P{n};{s};{20 + n}%", 10), asked("'Partner'")),
        (
            lines("Partner;NPS;Response rate", lambda n, s: f"P{n};{s};{20 + n}%", 9),
            refused("Partner", beside="Response rate"),
        ),
        (
            lines("Partner;Score;Response rate", lambda n, s: f"P{n};{s};{20 + n}%"),
            refused("Partner", "Score", "Response rate"),
        ),
        (
            lines("Region;Account;Month;NPS", lambda n, s: f"R{n % 2};A{n % 3};2026-{n + 1:02};{s}"),
            asked("'Region' and 'Account' and 'Month'"),
        ),
    ],
)
def test_one_nps_of_each_partner_and_period(text: str, expected: str | None, tmp_path: Path) -> None:
    """From three rows on it is asked what they are, of whom they are first, and when they are from last."""
    score = next(name for name in text.splitlines()[0].split(";") if name.startswith(("NPS", "Net", "Score")))
    assert figures(text, tmp_path, score=score) == expected


@pytest.mark.parametrize(
    ("head", "cell", "is_asked"),
    [
        ("Annual value", "{}500", True),  # an amount
        ("Share of wallet", "0.{}", True),
        ("Target", "{}", True),
        ("Manager", "Kim", True),  # the same in all rows
        ("Ease", "{}", False),  # another rating
        ("ID", "{}731", False),
        ("Day", "2026-07-0{}", False),
        ("Renewed", "yes{}", False),
        ("Nr", "#", False),  # it numbers the rows
        ("Job title", "Head of {}", False),
        ("Flag", "b", False),
    ],
)
def test_what_shows_that_one_number_is_somebodys_answer(
    head: str, cell: str, *, is_asked: bool, tmp_path: Path
) -> None:
    """An amount, a share or a target can be of a partner; a rating, an id, a day, a flag and words of persons."""

    def line(number: int, score: int) -> str:
        told = str(number + 1) if cell == "#" else str(number % 2) if cell == "b" else cell.format(1 + number * 7 % 9)
        return f"{by_quarter(number, score)};{told}"

    expected = asked("'Partner' and 'Quarter'") if is_asked else None
    assert figures(lines(f"Partner;Quarter;NPS;{head}", line), tmp_path, score="NPS") == expected


def test_the_question_behind_a_code_shows_answers(tmp_path: Path) -> None:
    """A column whose name stands for a question holds answers to it."""
    table = table_from(lines("Partner;Quarter;NPS", by_quarter), tmp_path)
    profiles = tuple(replace(one, title="How likely ...?") if one.name == "NPS" else one for one in table.profiles)
    told = replace(table, profiles=profiles)
    refuse_figures(told, columns_of(told, score="NPS"))


# ---- weights, figures below, shares


WEIGHTS = (
    "OpenQuestion given.csv: 'weight' holds weights of the answers, which differ, and an NPS with weights is not made "
    "here: --frequency none counts each answer once, without its weight"
)


def test_weights_are_asked_about(tmp_path: Path) -> None:
    """Unless the user says how answers count, there are none, or the weights are the score."""
    text = "Partner;NPS;weight\nA;9;0.8\nB;7;1.3\nC;3;1.1"
    assert said(ask_of_weights, text, tmp_path) == WEIGHTS
    assert said(ask_of_weights, text, tmp_path, frequency="none") is None
    assert said(ask_of_weights, text, tmp_path, frequency="weight") is None
    assert said(ask_of_weights, text, tmp_path, score="weight") is None
    assert said(ask_of_weights, text.replace("NPS", "x"), tmp_path) is None
    assert said(ask_of_weights, text.replace("weight", "height"), tmp_path) is None


def below(rows: str, folder: Path, **options: str | None) -> str | None:
    def judge(table: Table, columns: Columns) -> None:
        ask_of_figure_below(table, columns, "Score", 'TRY_CAST("Score" AS DOUBLE)')

    return said(judge, "Partner;Nothing;Tier;Score\n" + rows, folder, **options)


AVERAGE = (
    "OpenQuestion given.csv: one row has nothing but {} in 'Score', an average of others: "
    '--where "Partner!=" leaves it out'
)
NUMBER = (
    "OpenQuestion given.csv: one row has nothing but {0} in 'Score', which is the number of all others: --where "
    '"Partner!=" leaves it out, --frequency none counts it as an answer'
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("A;;g;9\nB;;g;8\nC;;g;3\n;;;6.7", AVERAGE.format("6.7")),
        ("A;;g;9\nB;;g;8\nC;;g;3\n;;;5.5", AVERAGE.format("5.5")),  # of other rows: answers are whole
        ("A;;g;9\nB;;g;8\nC;;g;4.5\n;;;7.2", AVERAGE.format("7.2")),  # 7.1667
        ("A;;g;9\nB;;g;8\nC;;g;4.5\n;;;7.1", None),
        ("A;;g;9\nB;;g;8\nC;;g;4.5\n;;;7.17", AVERAGE.format("7.17")),
        ("A;;g;9\nB;;g;8\nC;;g;4.5\n;;;7.16", None),
        ("A;;g;9\nB;;g;8\nC;;g;3\n;;;3", NUMBER.format(3)),
        ("A;;g;9\nB;;g;8\nC;;g;3\n;;;4", None),
        ("A;;g;9\nB;;g;8\n;;;2", None),  # of two rows nothing is worked out
        ("A;;g;9\nB;;g;8\nC;;g;3\n;;;3\n;;;3", None),
        ("A;;g;9\nB;;g;8\nC;;g;3\n;;;10.5", None),
        ("A;;g;9\nB;;g;8\nC;;g;3\n;;;-0.5", None),
        ("A;;g;9\nB;;g;8\nC;;g;3\n;;g;6.7", None),  # a tier beside it
        ("A;;g;9\nB;;g;8\nC;;g;3\nD;;g;\n;;;0.5", AVERAGE.format("0.5")),
        ("A;;g;9\nB;;g;8\nC;;g;inf\nD;;g;nan\n;;;2", None),
        ("\n".join(f"P{n};;g;9" for n in range(10)) + "\n;;;10", NUMBER.format(10)),
    ],
)
def test_a_number_alone_below_the_answers(rows: str, expected: str | None, tmp_path: Path) -> None:
    """One row with a number and nothing else is asked about where it is the average of the others or their number."""
    assert below(rows, tmp_path) == expected
    assert below(rows, tmp_path, frequency="none") is None


def test_a_table_of_scores_alone_has_nothing_below(tmp_path: Path) -> None:
    """Where a column is filled in all rows, or there is no other one, no row has a number alone."""
    assert below("A;;g;9\nB;;g;8\nC;;g;3\nD;;;6.7", tmp_path) is None

    def judge(table: Table, columns: Columns) -> None:
        ask_of_figure_below(table, columns, "Score", 'TRY_CAST("Score" AS DOUBLE)')

    assert said(judge, "Score;x\n9;\n8;\n3;\n6.7;", tmp_path) is None


SHARES = (
    "DataProblem given.csv: 'Share' holds the share of each answer in 'Score', and no column how many gave it: that "
    "cannot be counted. Give the numbers, or the answers"
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("A;9;0.5\nA;7;0.3\nA;2;0.2\nB;9;0.5\nB;7;0.5", SHARES),
        ("A;9;50%\nA;7;30%\nA;2;22%", SHARES),  # 102
        ("A;9;50%\nA;7;30%\nA;2;18%", SHARES),
        ("A;9;50%\nA;7;30%\nA;2;23%", None),
        ("A;9;0.5\nA;7;0.3\nA;2;0.19", SHARES),
        ("A;9;0.5\nA;7;0.3\nA;2;0.17", None),
        ("A;9;0.5\nA;7;0.5\nB;9;0.5\nB;7;0.6", None),  # of one group alone
        ("A;9;0.5\nA;9;0.5", None),  # an answer twice
        ("A;9;1\nB;9;1", None),  # one in each group
        ("A;9;1\nB;9;0.5\nB;7;0.5", None),
        ("A;9;high\nA;7;low", None),
    ],
)
def test_shares_alone(rows: str, expected: str | None, tmp_path: Path) -> None:
    """Shares that add up to all in each group, of answers of which each stands once in it, are no answers."""
    text = "Partner;Score;Share\n" + rows
    assert said(refuse_shares_alone, text, tmp_path) == expected
    for options in ({"frequency": "none"}, {"respondent": "Partner"}, {"score": "Share"}):
        assert said(refuse_shares_alone, text, tmp_path, **options) is None
    assert said(refuse_shares_alone, text, tmp_path, comments="Partner") is None
    if "%" not in rows:
        assert said(refuse_shares_alone, text.replace("Share", "Weight"), tmp_path) is None


# ---- periods


@pytest.mark.parametrize(
    ("name", "cells", "is_one"),
    [
        ("when", ["2026-Q1", "2026-Q2"], True),
        ("when", ["Jul-26"], True),
        ("when", ["2026-07-01", "2026-08-01T00:00:00"], True),
        ("when", ["2026-07-01", "2026-08-02"], False),
        ("when", ["2026-07-31", "2024-02-29", "2026-12-31", "2026-01-31 00:00"], True),
        ("when", ["2026-07-31", "2026-02-27"], False),
        ("when", ["2026-07-31", "2026-13-31"], False),
        ("when", ["2026-07-31", "2026-00-31"], False),
        ("when", ["2026-07-31x"], False),
        ("when", ["2026-W10", "2026 KW 9", "W9 2026", "week 10/2026"], True),
        ("when", ["2026-W10", "W9"], False),
        ("Year", ["2025", "2026"], True),
        *((name, ["2025", "2026"], True) for name in ("JAHR", "Année", "Ano", "anno", "jaar", "rok")),
        ("when", ["2025", "2026"], False),
        ("Year", ["2025", "26"], False),
        ("Year", [], False),
    ],
)
def test_periods(name: str, cells: list[str], *, is_one: bool) -> None:
    """Months, quarters, weeks and years, by their names or their first or last days."""
    (column,) = profile([name], ["VARCHAR"], [(cell,) for cell in cells])
    assert is_period(column) == is_one
