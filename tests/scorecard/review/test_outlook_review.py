"""The outlook of a scorecard: which periods are used, what is foretold, and what is said where nothing can be."""

import datetime as dt

import pytest
from cards import card

from partnerkpi.errors import UsageError
from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.outlook import advocacy_outlook, nps_outlook
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.scorecard.review.outlook import outlook

PERIODS = tuple(f"{year}-Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4))


def scores(number: int) -> ScoreTally:
    return ScoreTally(2, 3, 5 + number % 3)


def eight_quarters(**changes: object) -> Scorecard:
    """Return Acme with answers in all quarters, Bolt in the last two; activities from the third quarter on."""
    counts: dict[tuple[str | None, str], Counts] = {}
    for number, period in enumerate(PERIODS):
        counts["Acme", period] = Counts(scores(number), activities=int(number >= 2))
        counts["Bolt", period] = Counts(scores(number) if number >= 6 else ScoreTally(), activities=int(number % 2))
    counts["Bolt", PERIODS[1]] = Counts()
    partners = (Partner("Acme"), Partner("Bolt"))
    made: dict[str, object] = {"periods": PERIODS, "partners": partners, "as_of": dt.date(2025, 12, 31), **changes}
    return card(counts, **made)  # type: ignore[arg-type]  # what a scorecard takes


def test_the_rows_are_the_arithmetic_of_the_tallies() -> None:
    """All partners' NPS and share are foretold from the scorecard's own tallies, for the quarter after the current."""
    made = eight_quarters()
    nps, advocacy = outlook(made).rows
    expected = nps_outlook([made.total_scores(period) for period in PERIODS])
    assert nps["period"] == advocacy["period"] == "2026-Q1"
    assert (nps["first_period"], nps["last_period"], nps["periods"]) == ("2024-Q1", "2025-Q4", 8)
    assert nps["value"] == expected.value
    assert expected.interval is not None
    assert (nps["low"], nps["high"]) == (expected.interval.low, expected.interval.high)
    assert nps["expected"] == made.total_scores("2025-Q4").responses
    assert nps["back_test_forecasts"] == 2
    assert nps["last_value"] == made.total_scores("2025-Q4").nps


def test_advocacy_begins_with_the_first_activity() -> None:
    """Quarters before the log of activities begins are no quarters without advocates."""
    row = outlook(eight_quarters(), ["advocacy"]).rows[0]
    shares = [AdvocacyTally(2, 1, 1) if number % 2 == 0 else AdvocacyTally(2, 2, 2) for number in range(2, 8)]
    assert (row["first_period"], row["periods"]) == ("2024-Q3", 6)
    assert row["value"] == advocacy_outlook(shares).value
    assert row["back_test_forecasts"] is None


def test_partners_with_enough_periods() -> None:
    """By partner only those with six quarters with answers are shown; the others are counted in a note."""
    review = outlook(eight_quarters(), by_partner=True)
    assert [row["group"] for row in review.rows] == [{}, {}, {"partner": "Acme"}]
    assert any("cannot tell for 1 of 2 partners" in note for note in review.notes)
    assert any("no share to foretell by partner" in note for note in review.notes)


def test_a_period_that_is_not_over() -> None:
    """Half a quarter's activities are too few: advocacy is foretold for that quarter, the NPS for the next one."""
    nps, advocacy = (review := outlook(eight_quarters(as_of=dt.date(2025, 11, 15)))).rows
    assert (nps["last_period"], nps["period"]) == ("2025-Q4", "2026-Q1")
    assert (advocacy["last_period"], advocacy["period"]) == ("2025-Q3", "2025-Q4")
    assert any("if it is complete, say --as-of 2025-12-31" in note for note in review.notes)


def test_an_earlier_current_period() -> None:
    """The outlook of an earlier page knows nothing of what came later."""
    row = outlook(eight_quarters(current="2025-Q3", as_of=dt.date(2025, 9, 30)), ["nps"]).rows[0]
    assert (row["period"], row["periods"]) == ("2025-Q4", 7)


def test_cannot_tell() -> None:
    """Without enough periods the row says so, and no figure is 0."""
    made = eight_quarters(periods=PERIODS[-3:])
    nps, advocacy = outlook(made).rows
    assert (nps["word"], nps["value"], nps["low"]) == ("cannot tell", None, None)
    assert nps["reason"] == "3 periods have data, and it takes 6"
    assert advocacy["word"] == "cannot tell"
    without = outlook(eight_quarters(has_activities=False), ["advocacy"]).rows[0]
    assert (without["value"], without["last_value"], without["reason"]) == (
        None,
        None,
        "no period has data, and it takes 6",
    )


def test_no_periods_no_outlook() -> None:
    """A scorecard of all time has no past to learn from."""
    made = card({("Acme", "all time"): Counts(scores(1))}, periods=("all time",), period_kind="all", as_of=None)
    with pytest.raises(UsageError, match="choose --period"):
        outlook(made)
