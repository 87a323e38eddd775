"""Every function gives the worked figures of the definitions, on the scale that its help states."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import shared_file

from partnerkpi import kpi
from partnerkpi.udfs import (
    PARTNER_ADVOCACY,
    PARTNER_ADVOCATES,
    PARTNER_HEALTH,
    PARTNER_NPS,
    PARTNER_NPS_BY,
    PARTNER_NPS_GROUP,
    PARTNER_NPS_HIGH,
    PARTNER_NPS_LOW,
    PARTNER_NPS_MARGIN,
    PARTNER_NPS_SHIFT,
    PARTNER_NPS_SUMMARY,
    PARTNER_NPS_TREND,
    PARTNER_RATING,
    PARTNER_RESPONSE_RATE,
    PARTNER_RETENTION,
    PARTNER_RETENTION_INDEX,
    PARTNER_RETENTION_INFLUENCE,
    PARTNER_RETENTION_LIFT,
    PARTNER_RETENTION_RATE,
)

NA = "#N/A"


def answers(detractors: int, passives: int, promoters: int) -> tuple[tuple[float], ...]:
    """Return a column of scores, as COM hands it over."""
    return tuple((score,) for score in [3.0] * detractors + [7.0] * passives + [9.0] * promoters)


def column(*cells: object) -> tuple[tuple[object], ...]:
    """Return a column of cells, as COM hands it over."""
    return tuple((cell,) for cell in cells)


def customers(
    with_partner: int, kept_with: int, without: int, kept_without: int
) -> tuple[tuple[tuple[object], ...], tuple[tuple[object], ...]]:
    """Return the columns `retained` and `partner` of so many customers."""
    retained = [n < kept_with for n in range(with_partner)] + [n < kept_without for n in range(without)]
    return column(*retained), column(*["Acme"] * with_partner, *[None] * without)


# ---- Strategic Partner NPS


@pytest.mark.parametrize(
    ("counts", "population", "nps", "low", "high"),
    [
        ((1, 3, 6), None, 50, -0.2033, 77.1264),
        ((2, 5, 23), None, 70, 42.1099, 85.1628),
        ((0, 0, 5), None, 100, 17.4915, 100),
        ((2, 5, 23), 40.0, 70, 57.5269, 78.9731),
    ],
)
def test_nps_and_its_interval(
    counts: tuple[int, int, int], population: float | None, nps: float, low: float, high: float
) -> None:
    """NPS, low and high are points; the margin is half of what lies between the bounds."""
    scores = answers(*counts)
    assert PARTNER_NPS(scores) == nps
    assert PARTNER_NPS_LOW(scores, None, population) == pytest.approx(low, abs=1e-4)
    assert PARTNER_NPS_HIGH(scores, None, population) == pytest.approx(high, abs=1e-4)
    if population is None:
        assert PARTNER_NPS_MARGIN(scores) == pytest.approx((high - low) / 2, abs=1e-4)


def test_confidence_widens_the_interval() -> None:
    """More confidence is a wider interval; 95 % is what is left out."""
    scores = answers(2, 5, 23)
    assert PARTNER_NPS_MARGIN(scores, 0.95) == PARTNER_NPS_MARGIN(scores)
    assert PARTNER_NPS_LOW(scores, 0.99) < PARTNER_NPS_LOW(scores) < PARTNER_NPS_LOW(scores, 0.8)  # type: ignore[operator]


def test_one_answer_has_no_interval() -> None:
    """Below two answers there is a score but nothing to say how sure it is."""
    assert PARTNER_NPS([10.0]) == 100
    assert [PARTNER_NPS_MARGIN([10.0]), PARTNER_NPS_LOW([10.0]), PARTNER_NPS_HIGH([10.0])] == [NA, NA, NA]


def test_summary_is_a_labelled_table() -> None:
    """Counts with their shares as fractions, then the figures in points and the rating."""
    table: Any = PARTNER_NPS_SUMMARY(answers(2, 5, 23))
    assert [row[0] for row in table] == [
        *("Responses", "Promoters", "Passives", "Detractors", "NPS", "Low", "High", "Rating")
    ]
    assert table[:4] == [
        ["Responses", 30, 1],
        ["Promoters", 23, 23 / 30],
        ["Passives", 5, 5 / 30],
        ["Detractors", 2, 2 / 30],
    ]
    assert [row[1] for row in table[4:7]] == [70, pytest.approx(42.1099, abs=1e-4), pytest.approx(85.1628, abs=1e-4)]
    assert table[7] == ["Rating", "exceptional", ""]


def test_change_is_called_what_can_be_shown() -> None:
    """The change in points, its p and the word: up or down only where chance is no explanation."""
    rises = [(10, 15, 25), (5, 15, 30)], [(8, 8, 4), (1, 5, 14)], [(1, 5, 14), (8, 8, 4)]
    found: list[Any] = [PARTNER_NPS_SHIFT(answers(*old), answers(*new)) for old, new in rises]
    assert [[round(row[0][0], 6), round(row[0][1], 5), row[0][2]] for row in found] == [
        [20, 0.22292, "cannot tell"],
        [85, 0.00103, "up"],
        [-85, 0.00103, "down"],
    ]


def test_a_change_from_one_answer_cannot_be_told() -> None:
    """With one answer on a side there is a difference and no p."""
    assert PARTNER_NPS_SHIFT([9.0], [0.0, 0.0]) == [[-200.0, NA, "cannot tell"]]


def test_groups_of_answers_stand_where_the_answers_stand() -> None:
    """One word for each cell, in the shape of the range; each cell has its own error."""
    assert PARTNER_NPS_GROUP(9.0) == "Promoter"
    assert PARTNER_NPS_GROUP(((8.5,), (6.9,), (0.0,))) == [["Passive"], ["Detractor"], ["Detractor"]]
    assert PARTNER_NPS_GROUP(((9.0, 7.0), (0.0, None))) == [["Promoter", "Passive"], ["Detractor", NA]]
    assert PARTNER_NPS_GROUP((10.0, "n/a", 11.0, "8", "#REF!", -2146826246)) == [
        ["Promoter", NA, "#NUM!", "#VALUE!", "#REF!", NA]
    ]


def test_partners_are_ordered_by_their_shrunk_nps() -> None:
    """Few answers are trusted less; the raw NPS stays visible, and few responses are named."""
    tallies = {"Few": (0, 0, 2), "Many": (10, 20, 70), "Poor": (40, 40, 20)}  # definitions: fewer than five stand below
    partners = column(*(name for name, counts in tallies.items() for _ in range(sum(counts))))
    scores = tuple(cell for counts in tallies.values() for cell in answers(*counts))
    rows: Any = PARTNER_NPS_BY(partners, scores)
    assert [row[0] for row in rows] == ["Many", "Poor", "Few"]
    assert [row[1] for row in rows] == [100, 100, 2]
    assert [row[2] for row in rows] == [60, -20, 100]
    assert [round(row[5], 4) for row in rows] == [59.6463, -19.0909, 72.2270]
    assert [row[6] for row in rows] == ["strong", "investigate", "few responses"]
    rows = PARTNER_NPS_BY(partners, scores, 2)
    assert [row[0] for row in rows] == ["Few", "Many", "Poor"]
    assert [row[6] for row in rows] == ["exceptional", "strong", "investigate"]


def test_a_partner_without_answers_is_no_zero() -> None:
    """Partners who did not answer stand last, with no data; answers of nobody in particular have a row too."""
    rows: Any = PARTNER_NPS_BY(column("Bolt", "Acme", None, "Acme", None), column("n/a", 9.0, 0.0, 9.0, None))
    assert [row[:3] for row in rows] == [["Acme", 2, 100], ["(blank)", 1, -100], ["Bolt", 0, NA]]
    assert rows[2] == ["Bolt", 0, NA, NA, NA, NA, NA]


def test_a_partner_called_blank_keeps_its_answers() -> None:
    """The row of answers without a partner takes a partner of that name in."""
    rows: Any = PARTNER_NPS_BY(column("(blank)", None, None), column(9.0, 9.0, 0.0))
    assert [row[:2] for row in rows] == [["(blank)", 3]]


@pytest.mark.parametrize(
    "headings", [("Channel manager", "Score"), ("Partner", "How likely are you to ...?"), ("Region", "")]
)
def test_a_heading_is_no_partner(headings: tuple[str, str]) -> None:
    """A whole column brings its heading along: known words in the first row are passed over."""
    rows: Any = PARTNER_NPS_BY(column(headings[0], "Acme", None), column(headings[1], 9.0, None))
    assert [row[0] for row in rows] == ["Acme"]


def test_a_partner_called_like_a_heading_is_a_partner() -> None:
    """A first row with a score is a row, whatever it is called."""
    rows: Any = PARTNER_NPS_BY(column("Partner", "Acme"), column(10.0, 9.0))
    assert {row[0] for row in rows} == {"Partner", "Acme"}


JANUARY, FEBRUARY, MAY, NEXT_YEAR = 46023.0, 46054.5, 46143.0, 46388.0  # 1 Jan, 1 Feb 12:00, 1 May 2026, 1 Jan 2027


@pytest.mark.parametrize(
    ("period", "rows"),
    [
        (None, [["2026-Q1", 2, 0], ["2026-Q2", 1, 100], ["2026-Q3", 0, NA], ["2026-Q4", 0, NA], ["2027-Q1", 1, -100]]),
        ("Year", [["2026", 3, 100 / 3], ["2027", 1, -100]]),
        (
            "week",
            [
                *(["2026-W01", 1, 100], ["2026-W02", 0, NA], ["2026-W03", 0, NA], ["2026-W04", 0, NA]),
                ["2026-W05", 1, -100],
            ],
        ),
        (
            "month",
            [["2026-01", 1, 100], ["2026-02", 1, -100], ["2026-03", 0, NA], ["2026-04", 0, NA], ["2026-05", 1, 100]],
        ),
    ],
)
def test_trend_has_a_row_for_each_period(period: str | None, rows: list[list[object]]) -> None:
    """Periods stand in order under the names that the command line uses; one without answers says so."""
    trend: Any = PARTNER_NPS_TREND(column(MAY, JANUARY, FEBRUARY, NEXT_YEAR), column(9.0, 10.0, 0.0, 0.0), period)
    assert [row[:3] for row in trend][: len(rows)] == rows
    assert all(len(row) == 5 for row in trend)


@pytest.mark.parametrize(
    ("serial", "month"),
    [
        (1.0, "1900-01"),
        (59.0, "1900-02"),
        (61.0, "1900-03"),
        (45351.0, "2024-02"),
        (45351.99, "2024-02"),
        (2958465.9, "9999-12"),
    ],
)
def test_dates_are_the_numbers_that_excel_keeps(serial: float, month: str) -> None:
    """Value2 gives dates as days since 1900, with the 29 February 1900 that never was; the hour does not matter."""
    assert PARTNER_NPS_TREND([serial], [9.0], "month")[0][0] == month  # type: ignore[index]


def test_answers_without_a_day_are_not_lost() -> None:
    """They belong to no period and are counted in a last row."""
    trend: Any = PARTNER_NPS_TREND(column("Date", JANUARY, None, ""), column("Score", 9.0, 0.0, 9.0), "year")
    assert [row[:3] for row in trend] == [["2026", 1, 100], ["(no date)", 2, 0]]


@pytest.mark.parametrize(
    ("answered", "invited", "rate"),
    [
        (30.0, 120.0, 0.25),
        (column(10.0, 20.0, None), column(50.0, 60.0, 10.0), 0.25),
        (column("Answered", True, False, True, None), column("Invited", True, True, True, True), 0.5),
        (column("yes", "no"), column(1.0, 1.0), 0.5),
        (130.0, 120.0, 130 / 120),
    ],
)
def test_response_rate(answered: object, invited: object, rate: float) -> None:
    """A fraction, from numbers, counts by partner or a flag for each person. It can exceed 1."""
    assert PARTNER_RESPONSE_RATE(answered, invited) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("answered", "invited", "error"),
    [
        (column(9.0, 10.0, 7.0), column(True, True, True), "#VALUE!"),
        (column(9.0, 10.0, 7.0), column(1.0, 1.0, 1.0), "#VALUE!"),
        (column(9.0, 10.0), 40.0, "#VALUE!"),
        (column("Ann", "Bob"), column(3.0, 4.0), "#VALUE!"),
        (2.5, 10.0, "#NUM!"),
        (-1.0, 10.0, "#NUM!"),
        (3.0, 0.0, NA),
        (None, 10.0, NA),
        (column(None, None), column(3.0, 4.0), NA),
        (column(3.0, 4.0), column(None, None), NA),
    ],
)
def test_scores_are_no_counts_of_people(answered: object, invited: object, error: str) -> None:
    """Scores beside flags would add up to nonsense: refused. Nobody invited, or nothing filled in, is no data."""
    assert PARTNER_RESPONSE_RATE(answered, invited) == error


# ---- Partner Advocacy


def test_advocacy_from_numbers_and_from_lists() -> None:
    """45 activities of 40 partners are 1.125 each; 12 active ones are 30 %."""
    names = [f"Partner {n}" for n in range(40)]
    activities = [names[n % 12] for n in range(45)]
    for given_activities in (45.0, column("Partner", *activities)):
        for partners in (40.0, column("Partner name", *names, names[0])):
            assert PARTNER_ADVOCACY(given_activities, partners) == 1.125
    for partners in (40.0, column(*names)):
        for active in (12.0, column("Partner", *activities, None)):
            assert PARTNER_ADVOCATES(partners, active) == 0.3


def test_one_partner_did_it() -> None:
    """30 activities of 10 partners look superb until the share of active ones is read: 10 %."""
    assert PARTNER_ADVOCACY(30.0, 10.0) == 3
    assert PARTNER_ADVOCATES(10.0, 1.0) == 0.1


def test_activities_of_unknown_partners_do_not_count() -> None:
    """With a partner list only partners on it count; when none is on it, the wrong column was given: no data."""
    listed = column("Acme", "Bolt")
    assert PARTNER_ADVOCACY(column("Acme", "Stranger", "Acme"), listed) == 1
    assert PARTNER_ADVOCATES(listed, column("Acme", "Stranger", "Acme")) == 0.5
    assert PARTNER_ADVOCACY(column("reference", "case study"), listed) == NA
    assert PARTNER_ADVOCATES(listed, column("reference", "case study")) == NA


def test_no_activity_is_a_0_only_when_it_says_so() -> None:
    """The number 0 is 0; a blank range is no data. No partners are no data either."""
    assert PARTNER_ADVOCACY(0.0, 40.0) == PARTNER_ADVOCATES(40.0, 0.0) == 0
    for blank in (None, column(None, None), column("Partner", None)):
        assert PARTNER_ADVOCACY(blank, 40.0) == PARTNER_ADVOCACY(45.0, blank) == NA
        assert PARTNER_ADVOCATES(40.0, blank) == PARTNER_ADVOCATES(blank, 12.0) == NA
    assert PARTNER_ADVOCACY(0.0, 0.0) == PARTNER_ADVOCATES(0.0, 0.0) == NA


def test_counts_by_partner_are_not_taken_for_names() -> None:
    """A range of numbers may hold counts to be added up: it is refused, unless the other range holds such ids too."""
    counts = column(3.0, 0.0, 5.0)
    assert PARTNER_ADVOCACY(counts, 40.0) == PARTNER_ADVOCACY(45.0, counts) == "#VALUE!"
    assert PARTNER_ADVOCATES(40.0, counts) == PARTNER_ADVOCATES(counts, 2.0) == "#VALUE!"
    assert PARTNER_ADVOCACY(column(1001.0, 1001.0), column(1001.0, 1002.0)) == 1
    assert PARTNER_ADVOCATES(column(1001.0, 1002.0), column(1001.0, 1001.0)) == 0.5
    assert PARTNER_ADVOCACY(column("1001", "1001"), 2.0) == 1  # ids kept as text


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        (45.0, 40.5, "#NUM!"),
        (-1.0, 40.0, "#NUM!"),
        (5.0, 0.0, "#NUM!"),
        ("45", 40.0, "#VALUE!"),
        (True, 40.0, "#VALUE!"),
        (45.0, "#REF!", "#REF!"),
    ],
)
def test_impossible_counts_of_activities(first: object, second: object, error: str) -> None:
    """Half a partner or activities of nobody are #NUM!; text and TRUE are #VALUE!."""
    assert PARTNER_ADVOCACY(first, second) == error


def test_more_active_partners_than_partners() -> None:
    """It cannot be: #NUM!."""
    assert PARTNER_ADVOCATES(10.0, 11.0) == "#NUM!"


# ---- Partner Influence on Customer Retention


def test_retention_rate() -> None:
    """A fraction: from a period's counts, or from a flag for each customer; blanks are not counted."""
    assert PARTNER_RETENTION(200.0, 210.0, 40.0) == 0.85
    assert PARTNER_RETENTION_RATE(column("Retained?", *[True] * 17, *["no"] * 3, None)) == 0.85
    assert PARTNER_RETENTION_RATE([1, 0, 1, 1]) == 0.75


@pytest.mark.parametrize(
    ("counts", "result"),
    [
        ((0.0, 0.0, 0.0), NA),
        ((None, 210.0, 40.0), NA),
        ((200.0, 210.0, None), NA),
        ((200.0, 250.0, 40.0), "#NUM!"),
        ((200.0, 30.0, 40.0), "#NUM!"),
        ((-200.0, 210.0, 40.0), "#NUM!"),
        (("200", 210.0, 40.0), "#VALUE!"),
        ((column(200.0, 1.0), 210.0, 40.0), "#VALUE!"),
    ],
)
def test_counts_of_a_period_must_fit_together(counts: tuple[object, ...], result: object) -> None:
    """Nobody at the start is no data; more customers kept than there were, or fewer than none, is #NUM!."""
    assert PARTNER_RETENTION(*counts) == result


@pytest.mark.parametrize(
    ("counts", "influence", "index", "lift"),
    [((80, 72, 120, 88), 45, 112.5, 16.6667), ((400, 340, 100, 60), 85, 106.25, 25)],
)
def test_influence_index_and_lift(
    counts: tuple[int, int, int, int], influence: float, index: float, lift: float
) -> None:
    """Share of the retained customers, index with 100 as parity, difference in percentage points."""
    ranges = customers(*counts)
    assert PARTNER_RETENTION_INFLUENCE(*ranges) == influence
    assert PARTNER_RETENTION_INDEX(*ranges) == index
    assert PARTNER_RETENTION_LIFT(*ranges) == pytest.approx(lift, abs=1e-4)


def test_influence_from_the_standard_formula() -> None:
    """Attributable rate over overall rate times 100, from two rates as fractions; a part cannot exceed the whole."""
    assert PARTNER_RETENTION_INFLUENCE(0.36, 0.8) == pytest.approx(45)
    assert PARTNER_RETENTION_INDEX(((0.9,),), ((0.8,),)) == pytest.approx(112.5)
    assert PARTNER_RETENTION_INFLUENCE(0.9, 0.8) == "#NUM!"
    assert PARTNER_RETENTION_INFLUENCE(36.0, 80.0) == PARTNER_RETENTION_INDEX(90.0, 0.8) == "#NUM!"
    assert PARTNER_RETENTION_INFLUENCE(0.0, 0.0) == PARTNER_RETENTION_INDEX(0.0, 0.0) == NA


@pytest.mark.parametrize("direct", [None, "", "Direct", "direct ", "none", "N/A", "-", "no", False, 0.0])
def test_direct_customers_have_no_partner(direct: object) -> None:
    """Blank, direct and what else says no partner is none; TRUE and a name are one."""
    retained = column(True, True, True, True)
    assert PARTNER_RETENTION_INFLUENCE(retained, column("Acme", True, direct, direct)) == 50


def test_retention_without_data() -> None:
    """Nobody kept, or no customer with a partner: no data where a division would need them."""
    lost = customers(2, 0, 2, 0)
    assert PARTNER_RETENTION_INFLUENCE(*lost) == PARTNER_RETENTION_INDEX(*lost) == NA
    assert PARTNER_RETENTION_LIFT(*lost) == 0
    direct = customers(0, 0, 3, 2)
    assert PARTNER_RETENTION_INFLUENCE(*direct) == 0
    assert PARTNER_RETENTION_INDEX(*direct) == PARTNER_RETENTION_LIFT(*direct) == NA
    assert PARTNER_RETENTION_RATE(column(None, None)) == NA


def test_a_customer_nobody_knows_of_is_not_counted() -> None:
    """Where nothing says whether a customer stayed, it counts neither as kept nor as lost."""
    assert (
        PARTNER_RETENTION_INFLUENCE(column("Retained", True, None, True), column("Partner", "Acme", "Acme", None)) == 50
    )


# ---- health and rating


def test_health() -> None:
    """Three figures on their cells' scales give 0..100; one without data is left out, not 0."""
    assert PARTNER_HEALTH(45.0, 0.6, 70.0) == pytest.approx(88)
    for missing in (None, "", "#N/A", -2146826246):
        assert PARTNER_HEALTH(62.0, missing, 55.0) == pytest.approx(88.5714, abs=1e-4)
    assert PARTNER_HEALTH(NA, NA, NA) == NA
    assert PARTNER_HEALTH(45.0, 0.6, 70.0, (1.0, 0.0, 0.0)) == 90
    assert PARTNER_HEALTH(45.0, 0.6, 70.0, ((4.0,), (3.0,), (3.0,))) == pytest.approx(88)
    assert PARTNER_HEALTH(45.0, 0.6, 70.0, "") == pytest.approx(88)


@pytest.mark.parametrize(
    ("weights", "error"),
    [
        ((0.5, 0.5), "#VALUE!"),
        ((0.4, 0.3, 0.2, 0.1), "#VALUE!"),
        ((0.4, None, 0.3), "#VALUE!"),
        ((0.4, "much", 0.3), "#VALUE!"),
        ((0.4, "0.3", 0.3), "#VALUE!"),
        (1.0, "#VALUE!"),
        ("equal", "#VALUE!"),
        ((0.0, 0.0, 0.0), "#NUM!"),
        ((0.4, -0.3, 0.3), "#NUM!"),
        ((0.4, "#REF!", 0.3), "#REF!"),
    ],
)
def test_weights_must_be_three_numbers(weights: object, error: str) -> None:
    """Too few, too many or no numbers are #VALUE!; below 0, or nothing but 0, is #NUM!."""
    assert PARTNER_HEALTH(45.0, 0.6, 70.0, weights) == error


def test_figures_off_their_scale() -> None:
    """60 in the place of 60 % is a mix-up, as is an NPS of 150; other errors than #N/A stay errors."""
    assert (
        PARTNER_HEALTH(45.0, 60.0, 70.0)
        == PARTNER_HEALTH(150.0, 0.6, 70.0)
        == PARTNER_HEALTH(45.0, 0.6, -1.0)
        == "#NUM!"
    )
    assert PARTNER_HEALTH(45.0, "#REF!", 70.0) == "#REF!"
    assert PARTNER_HEALTH("45", 0.6, 70.0) == "#VALUE!"


@pytest.mark.parametrize(
    ("name", "value", "rating"),
    [
        *(("nps", 70.0, "exceptional"), ("NPS ", 69.9, "strong"), ("nps", 50, "strong"), ("nps", 30.0, "watch")),
        *(("nps", -100.0, "investigate"), ("Advocacy", 0.75, "strong"), ("advocacy", 0.5, "watch")),
        *(("advocacy", 0.499, "investigate"), ("retention", 75.0, "strong"), ("retention", 59.9, "investigate")),
        *(("nps", None, NA), ("nps", NA, NA), ("advocacy", 75.0, "#NUM!"), ("nps", 101.0, "#NUM!")),
        *(("churn", 5.0, "#VALUE!"), ("churn", None, "#VALUE!"), (None, 5.0, "#VALUE!"), (5.0, 5.0, "#VALUE!")),
        *((("nps", "advocacy"), 5.0, "#VALUE!"), ("nps", "50", "#VALUE!"), ("nps", True, "#VALUE!")),
    ],
)
def test_rating(name: object, value: object, rating: str) -> None:
    """The band of a figure on its own scale; an unknown KPI is #VALUE!, a figure off its scale #NUM!."""
    assert PARTNER_RATING(name, value) == rating


# ---- one number everywhere


@given(st.lists(st.integers(0, 10) | st.floats(0, 10), min_size=2))
def test_a_cell_gives_what_the_arithmetic_gives(scores: list[float]) -> None:
    """The functions add nothing to the definitions: for any answers they give the figures of the KPI package."""
    tally = kpi.ScoreTally.from_scores(scores)
    interval = tally.interval()
    assert interval is not None
    assert PARTNER_NPS(scores) == tally.nps
    assert (PARTNER_NPS_LOW(scores), PARTNER_NPS_HIGH(scores)) == (interval.low, interval.high)
    assert PARTNER_NPS_MARGIN(scores) == interval.half_width


@given(st.integers(2, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_share_in_a_cell_has_the_rating_of_its_percentage(counts: tuple[int, int]) -> None:
    """Whether a share is kept as 57 % or as 0.57, it is in the same band."""
    active, partners = counts
    share = kpi.AdvocacyTally(partners, active, active).active_share
    assert PARTNER_RATING("advocacy", PARTNER_ADVOCATES(float(partners), float(active))) == kpi.DEFAULT_BENCHMARKS[
        "advocacy"
    ].rating(share)
    assert PARTNER_ADVOCATES(1.0, float(active > 0)) == "#N/A"  # one partner is active or it is not


def test_a_real_survey_in_cells_has_the_reference_score() -> None:
    """1,000 answers of a real export, put into cells, have the score, groups and periods that R computed from them."""
    with shared_file("nps/cran_NPS_testdata.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    with shared_file("oracles/cran_NPS_testdata.csv").open(encoding="utf-8") as stream:
        reference = [
            (row["group_by"], row["group"], int(row["n"]), float(row["nps"])) for row in csv.DictReader(stream)
        ]
    scores = tuple((float(row["REC"]),) for row in rows)
    assert PARTNER_NPS(scores) == next(nps for by, _, _, nps in reference if by == "ALL")
    for by in ("BU", "Account"):
        found: Any = PARTNER_NPS_BY(tuple((row[by],) for row in rows), scores)
        expected = {group: (n, nps) for name, group, n, nps in reference if name == by}
        assert {row[0]: (row[1], round(row[2], 6)) for row in found} == expected
