"""Changes, comparison, segments and what-if of a scorecard: worked by hand for a programme small enough to do so."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import pytest
from cards import card, demo_card
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.kpi import ScoreTally, change, holm, rate_change
from partnerkpi.periods import earlier
from partnerkpi.results.segments import segments
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.changes import FigureChange
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.scorecard.review.comparison import comparison
from partnerkpi.scorecard.review.whatif import what_ifs

QUARTERS = ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
STEADY, FALLEN, RISEN = ScoreTally(20, 30, 100), ScoreTally(90, 30, 30), ScoreTally(5, 25, 120)


def programme(**more: object) -> Scorecard:
    """Return three partners: one fell since the last quarter, one rose since last year, one is new."""
    counts = {
        ("Acme", "2025-Q3"): Counts(STEADY, None, 2, 50, 40),
        ("Acme", "2026-Q2"): Counts(STEADY, None, 2, 50, 40),
        ("Acme", "2026-Q3"): Counts(FALLEN, None, 14, 50, 20),
        ("Bolt", "2025-Q3"): Counts(FALLEN, None, 0, 20, 10),
        ("Bolt", "2026-Q2"): Counts(RISEN, None, 3, 20, 15),
        ("Bolt", "2026-Q3"): Counts(RISEN, None, 3, 20, 15),
        ("Cog", "2026-Q3"): Counts(ScoreTally(0, 1, 4), None, 0, 0, 0),
        (None, "2026-Q2"): Counts(ScoreTally(1, 1, 1), None, 0, 30, 24),
        (None, "2026-Q3"): Counts(ScoreTally(1, 1, 1), None, 0, 30, 24),
    }
    return card(counts, periods=QUARTERS, **more)  # type: ignore[arg-type]  # fields of a scorecard


def by_key(found: list[FigureChange]) -> dict[tuple[str, str | None, str], FigureChange]:
    """Return the changes by figure, partner and what they are compared with."""
    return {(one.figure, one.partner, one.against): one for one in found}


@pytest.mark.parametrize(
    ("kind", "periods", "against", "expected"),
    [
        ("quarter", QUARTERS, "previous", "2026-Q2"),
        ("quarter", QUARTERS, "year", "2025-Q3"),
        ("month", (*(f"2025-{month:02}" for month in range(1, 13)), "2026-01"), "year", "2025-01"),
        ("year", ("2024", "2025", "2026"), "year", "2025"),
        ("year", ("2024", "2025", "2026"), "previous", "2025"),
        ("quarter", ("FY2026-Q1", "FY2026-Q2"), "previous", "FY2026-Q1"),
        ("quarter", QUARTERS[1:], "year", None),
        ("quarter", QUARTERS[:1], "previous", None),
        ("all", ("all time",), "previous", None),
    ],
)
def test_which_period_is_compared(kind: str, periods: tuple[str, ...], against: str, expected: str | None) -> None:
    """The period before, or the one a year before, however periods are labelled; None where the data end."""
    assert earlier(periods, periods[-1], kind, against) == expected  # type: ignore[arg-type]


def test_changes_of_the_nps() -> None:
    """Total and partners are tested as the definitions say; who has no data in one period stays, with a note."""
    found = by_key(programme().changes)
    total = found["nps", None, "previous"]
    expected = change(STEADY + RISEN + ScoreTally(1, 1, 1), FALLEN + RISEN + ScoreTally(1, 2, 5))
    assert (total.change, total.p, total.low, total.high) == (expected.raw, expected.p, expected.low, expected.high)
    assert total.p_together == pytest.approx(holm([total.p, found["nps", None, "year"].p])[0])
    assert (total.compared_with, total.word, total.note) == ("2026-Q2", "down", "")
    acme, bolt, cog = (found["nps", name, "previous"] for name in ("Acme", "Bolt", "Cog"))
    assert (acme.previous, acme.value, acme.word) == (pytest.approx(160 / 3), -40, "down")
    family = [found["nps", name, against] for name in ("Acme", "Bolt", "Cog") for against in ("previous", "year")]
    known = [(one.p_together, p) for one, p in zip(family, holm([one.p for one in family]), strict=True)]
    assert known == [(pytest.approx(p), p) for _, p in known]
    assert (bolt.change, bolt.word) == (0, "cannot tell")
    assert (cog.value, cog.previous, cog.p, cog.word, cog.note) == (80, None, None, "cannot tell", "no data")
    year = found["nps", "Bolt", "year"]
    assert (year.compared_with, year.word) == ("2025-Q3", "up")
    assert year.sentence == "up 117 on Q3 2025: more than chance"


def test_changes_of_advocacy_and_retention() -> None:
    """All together have shares, a partner its activities; the influence share is that of all."""
    found = by_key(programme().changes)
    active = found["active_share", None, "previous"]
    assert (active.previous, active.value, active.word) == (
        pytest.approx(200 / 3),
        pytest.approx(200 / 3),
        "cannot tell",
    )
    acme = found["activities", "Acme", "previous"]
    assert (acme.previous, acme.value, acme.change, acme.word) == (2, 14, 12, "up")
    # 137 of the 65,536 ways to share out sixteen activities leave one period two at most; two partners were tested
    assert acme.p == pytest.approx(2 * 137 / 65_536)
    assert acme.p_together == pytest.approx(4 * 137 / 65_536)
    assert ("activities", None, "previous") not in found
    assert found["activities", "Cog", "previous"].p is None
    rate = found["retention_rate", None, "previous"]
    expected = rate_change((79, 100), (59, 100))
    assert (rate.change, rate.p, rate.word) == (expected.raw, expected.p, "down")
    assert found["retention_rate", "Acme", "previous"].word == "down"
    assert found["retention_rate", "Cog", "previous"].note == "no data"
    share = found["influence_share", None, "previous"]
    assert (share.previous, share.value) == (pytest.approx(5_500 / 79), pytest.approx(3_500 / 59))
    figures = {"nps", "active_share", "activities", "retention_rate", "influence_share"}
    assert {one.figure for one in found.values()} == figures


def test_a_programme_without_some_tables() -> None:
    """What was not given is not compared: no activities, no customers, customers that name no partner."""
    bare = programme(has_activities=False, has_customers=False)
    assert {one.figure for one in bare.changes} == {"nps"}
    unlisted = programme(has_partner_list=False).changes
    assert "active_share" not in {one.figure for one in unlisted}
    direct = by_key(programme(customers_have_partners=False).changes)
    assert ("retention_rate", None, "previous") in direct
    assert not [key for key in direct if key[0] == "influence_share" or (key[0] == "retention_rate" and key[1])]


def test_a_first_period_has_nothing_before_it() -> None:
    """Where the data begin there is nothing to compare with: the values stay, the rest is None."""
    for one in replace(programme(), current="2025-Q3").changes:
        assert (one.compared_with, one.previous, one.change, one.p_together) == (None, None, None, None)
        assert (one.word, one.note) == ("cannot tell", "no data")
        assert one.sentence == "nothing to compare it with"


def test_a_card_works_out_once_what_follows_from_it() -> None:
    """Whoever asks is given the same value; a card of another period works out its own."""
    card = programme()
    assert card.changes is card.changes
    assert card.view() is card.view(card.current)
    assert card.newest is card
    earlier = replace(card, current="2025-Q3")
    assert {one.period for one in earlier.changes} == {"2025-Q3"}
    assert (earlier.newest.current, earlier.newest.changes) == (card.current, card.changes)


def test_changes_agree_with_the_page() -> None:
    """The change of each partner's NPS and retention rate is the one that the scorecard's page shows, word and all."""
    demo = demo_card()
    view, found = demo.view(), by_key(demo.changes)
    for name, line in view.partners.items():
        one = found["nps", name, "previous"]
        assert (one.change, one.low, one.high, one.p) == (
            line.nps_change.raw,
            line.nps_change.low,
            line.nps_change.high,
            line.nps_change.p,
        )
        assert (one.word, one.p_together) == (line.nps_change.word, line.nps_p_together)
        kept, moved = found["retention_rate", name, "previous"], line.retention_change
        assert (kept.change, kept.p_together, kept.word) == (moved.points, moved.p, moved.word)
    assert found["nps", None, "previous"].word == view.total.nps_change.word
    assert found["retention_rate", None, "year"].value == pytest.approx(view.total.retention.retention_rate)  # type: ignore[union-attr]


def test_retention_of_partners_is_judged_together() -> None:
    """A retention rate that seems to have fallen on its own is "cannot tell" where three partners are compared."""
    rates = {"Acme": (45, 36), "Bolt": (45, 30), "Cog": (40, 40)}
    counts = {
        (name, period): Counts(customers=50, retained=retained)
        for name, both in rates.items()
        for period, retained in zip(QUARTERS[-2:], both, strict=True)
    }
    lines = card(counts, periods=QUARTERS).view().partners
    alone = {name: rate_change((old, 50), (new, 50)) for name, (old, new) in rates.items()}
    together = dict(zip(rates, holm([one.p for one in alone.values()]), strict=True))
    assert [one.word for one in alone.values()] == ["down", "down", "cannot tell"]
    assert {name: line.retention_change.p for name, line in lines.items()} == together
    assert [lines[name].retention_change.word for name in rates] == ["cannot tell", "down", "cannot tell"]
    interval = lines["Acme"].retention_change.interval  # that of the partner alone
    assert interval is not None
    assert (interval.low, interval.high) == (alone["Acme"].low, alone["Acme"].high)


def test_comparison_of_partners() -> None:
    """Partners come best first with their page's rating, and roll up in three ways that are told apart.

    Five answers of NPS 80 do not stand above 150 of 77: one answer varies as those of all partners do.
    """
    partners = (
        Partner("Acme", True, "Gold", "EMEA", "Ann", 900.0),
        Partner("Bolt", True, None, None, None, 100.0),
        Partner("Cog", True, None, None, None, None),
        Partner("Silent", True, None, None, None, 5_000.0),
    )
    page = comparison(programme(partners=partners))
    assert [row.partner.name for row in page.rows] == ["Bolt", "Cog", "Acme", "Silent"]
    assert [row.rating for row in page.rows] == ["exceptional", "exceptional", "investigate", None]
    assert [row.ranked.rank for row in page.rows] == [1, 2, 3, None]
    assert [row.ranked.standing for row in page.rows] == ["above", "cannot tell", "below", "cannot tell"]
    assert page.rows[3].flags == ("no data",)
    rolled = page.roll_ups
    bolt = 100 * 115 / 150
    assert rolled.respondent == pytest.approx(100 * (1 + 30 + 120 + 4 - 1 - 90 - 5) / 308)
    assert rolled.partner == pytest.approx((-40 + bolt + 80) / 3)
    assert rolled.revenue_weighted == pytest.approx((900 * -40 + 100 * bolt) / 1_000)
    assert (rolled.answers, rolled.unnamed_answers, rolled.partners, rolled.weighted_partners) == (308, 3, 3, 2)
    earlier_page = comparison(programme(partners=partners), "2025-Q3")
    assert earlier_page.period == "2025-Q3"
    assert [row.partner.name for row in earlier_page.rows][:2] == ["Acme", "Bolt"]


def test_a_value_below_nothing_is_no_weight() -> None:
    """A credit note in the list of partners neither weighs nor stops the page."""
    partners = (Partner("Acme", annual_value=-5.0), Partner("Bolt", annual_value=10.0))
    rolled = comparison(programme(partners=partners)).roll_ups
    assert rolled.revenue_weighted == pytest.approx(100 * 115 / 150)
    assert rolled.weighted_partners == 1


def test_what_if_of_a_programme() -> None:
    """All together first, then each partner; the moves are those of its own answers."""
    rows = what_ifs(programme())
    assert [row.partner for row in rows] == [None, "Acme", "Bolt", "Cog"]
    acme = rows[1]
    assert (acme.tally, acme.rating) == (FALLEN, "investigate")
    assert acme.what_if.next_rating is not None
    # 150 answers, -40: 105 steps to 30, two for each detractor that turns promoter
    assert asdict(acme.what_if.next_rating.moves) == {
        "detractors_to_passives": None,
        "detractors_to_promoters": 53,
        "passives_to_promoters": None,
    }
    assert what_ifs(programme(), "2025-Q4")[1].what_if.target is None


def test_segments_side_by_side() -> None:
    """Shares, contributions, tests and effects of two regions and of the answers that name none."""
    tallies = {
        ("East", "before"): ScoreTally(0, 0, 30),
        ("West", "before"): ScoreTally(10, 0, 0),
        ("East", "now"): ScoreTally(0, 0, 10),
        ("West", "now"): ScoreTally(10, 5, 15),
        (None, "other"): ScoreTally(1, 0, 0),
    }
    page = segments(tallies, "now", "before")
    assert [row.segment for row in page.rows] == ["East", "West", None]
    assert page.total.tally.nps == 37.5
    assert (page.total.contribution.answer_share, page.total.contribution.contribution) == (100, 0)
    assert page.total.since is not None
    assert page.total.since.judged.change.raw == -12.5
    assert (page.total.since.effects.score, page.total.since.effects.mix) == pytest.approx((175 / 3, -425 / 6))
    east, west, unnamed = page.rows
    assert (east.contribution.answer_share, east.contribution.contribution) == (25, 0.25 * 62.5)
    assert west.shares is not None
    assert west.shares.promoters == 50
    assert west.since is not None
    assert west.since.judged.word == "up"
    assert west.since.judged.together.p == pytest.approx(
        holm([east.since.judged.change.p, west.since.judged.change.p])[1]
    )  # type: ignore[union-attr]
    assert unnamed.tally.responses == 0
    assert (unnamed.contribution.answer_share, unnamed.contribution.contribution, unnamed.interval) == (0, None, None)
    alone = segments(tallies, "now")
    assert [row.since for row in alone.rows] == [None, None, None]
    empty = segments(tallies, "never", "before")
    assert (empty.total.contribution.answer_share, empty.total.since.effects.score) == (None, None)  # type: ignore[union-attr]


counts = st.integers(0, 200)
answers = st.builds(ScoreTally, counts, counts, counts)


@given(st.dictionaries(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["x", "y"])), answers))
def test_segments_add_up(tallies: dict[tuple[str | None, str], ScoreTally]) -> None:
    """Whatever the segments: contributions add up to 0, effects to the change of the total, answers to its answers."""
    page = segments(tallies, "y", "x")
    since = page.total.since
    assert since is not None
    assert sum(row.tally.responses for row in page.rows) == page.total.tally.responses
    assert math.fsum(row.contribution.contribution or 0 for row in page.rows) == pytest.approx(0, abs=1e-9)
    if since.effects.score is not None and since.effects.mix is not None:
        assert since.effects.score + since.effects.mix == pytest.approx(since.judged.change.raw, abs=1e-9)
    else:
        assert since.judged.change.raw is None
