"""Alerts: each rule raises its hand where it should, says how sure it is, and keeps quiet where nothing is shown."""

from dataclasses import replace
from math import isclose

from review_cards import answers, build
from scipy import stats

from partnerkpi.kpi import DEFAULT_BENCHMARKS
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.comparisons import nps_slope
from partnerkpi.kpi.scores import ScoreTally, change
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.scorecard.review.page import alerts_review
from partnerkpi.settings import Alerts, Settings

OFF = Alerts(
    below_investigate=False,
    fallen=False,
    response_rate_floor=False,
    silent_periods=False,
    advocacy_stopped_periods=False,
    retention_below_overall=False,
)


def only(**rules: object) -> Settings:
    """Return settings in which these rules alone are on."""
    return Settings(alerts=OFF.model_copy(update=rules))


def found(card: Scorecard, rule: str) -> list[tuple[str | None, str]]:
    """Return whom a rule named, and how sure it was."""
    return [(one.partner, one.certainty) for one in card.alerts if one.rule == rule]


def test_below_the_threshold_and_shown_to_be() -> None:
    """The NPS must be shown to be low: definitions.md has p .0054 for (8, 7, 5) below 30; Holm doubles it for two.

    Below the minimum number of answers nothing is tested.
    """
    card = build(
        {"Low": [answers(8, 7, 5)], "Fine": [answers(0, 5, 45)], "Few": [answers(4, 0, 0)]},
        settings=only(below_investigate=True),
    )
    (low,) = card.alerts
    assert low.partner == "Low"
    assert low.p is not None
    assert round(low.p / 2, 4) == 0.0054
    assert (low.value, low.threshold) == (-15.0, 30.0)
    assert low.sentence == "NPS −15 from 20 answers, below 30"


def test_below_the_threshold_of_the_tier() -> None:
    """A tier with its own benchmark is measured by it."""
    strict = Benchmark.from_thresholds("nps", {"watch": 60, "strong": 80}, target=80)
    counts = {"Gold": [answers(15, 30, 55)], "Silver": [answers(15, 30, 55)]}
    partners = {"Gold": Partner("Gold", tier="Gold"), "Silver": Partner("Silver", tier="Silver")}
    tiers = {"Gold": dict(DEFAULT_BENCHMARKS) | {"nps": strict}}
    card = build(counts, partners, settings=only(below_investigate=True), tier_benchmarks=tiers)
    assert found(card, "below_investigate") == [("Gold", "more than chance")]


def test_fallen() -> None:
    """A fall is an alert if it is more than chance among all partners; the total is a question of its own."""
    counts = {
        "Down": [answers(10, 20, 70), answers(50, 30, 20)],
        "Same": [answers(10, 20, 70), answers(10, 20, 70)],
        "Few": [answers(0, 1, 3), answers(2, 1, 1)],
    }
    one, two = build(counts, settings=only(fallen=True)).alerts
    assert (one.partner, two.partner) == (None, "Down")
    assert two.sentence == "NPS down 90 since Q1 2026, to −30"
    assert two.value == -90.0


def test_falling_over_several_periods() -> None:
    """A slow fall shows in no comparison of two quarters, but in all four together: 14 points each, of one in forty."""
    slow = [answers(5 + 7 * number, 20, 75 - 7 * number) for number in range(4)]
    still = [answers(20, 20, 60)] * 4
    card = build({f"P{number}": still for number in range(39)} | {"Slow": slow}, settings=only(fallen=True))
    (alert,) = card.alerts
    assert alert.partner == "Slow"
    assert alert.sentence == "NPS falling over 4 periods, by about 42 in all, to 28"
    alone = nps_slope([one.scores for one in slow])
    assert alone is not None
    assert alert.p == 40 * alone.p


def test_segments_fall_too() -> None:
    """A region that fell is named, judged with all other regions; the group is its dimension and value."""
    before, after = ScoreTally(10, 20, 70), ScoreTally(50, 30, 20)
    periods = ("2026-Q1", "2026-Q2")
    tallies = {("North", periods[0]): before, ("North", periods[1]): after}
    tallies |= {("South", period): before for period in periods}
    counts = {"A": [answers(20, 40, 140), answers(60, 50, 90)]}
    card = replace(build(counts, settings=only(fallen=True)), segments={"region": tallies})
    groups = [row["group"] for row in alerts_review(card).rows]
    assert groups == [{}, {"region": "North"}, {"partner": "A"}]
    north = card.alerts[1]
    alone = change(before, after).p
    assert alone is not None
    assert north.p == 2 * alone


def test_fallen_retention() -> None:
    """A retention rate that fell beyond chance is an alert; p is twice the smaller tail of scipy's exact test."""
    counts = {"A": [Counts(customers=100, retained=90), Counts(customers=100, retained=60)]}
    total, own = build(counts, settings=only(fallen=True)).alerts
    assert own.p is not None
    assert isclose(own.p, 2 * stats.fisher_exact([[60, 40], [90, 10]], "less").pvalue, rel_tol=1e-9)
    assert (total.partner, total.kpi, total.value) == (None, "retention", -30.0)


def test_response_rate() -> None:
    """Under the floor is an alert; whether it is shown to be under it is said. Above it there is none."""
    counts = {
        "None": [Counts(invited=30)],
        "Low": [answers(1, 1, 1, invited=20)],
        "Fine": [answers(1, 1, 3, invited=20)],
        "Unknown": [answers(0, 0, 1)],
    }
    card = build(counts, settings=only(response_rate_floor=20.0))
    assert found(card, "response_rate_floor") == [("Low", "within chance"), ("None", "more than chance")]


def test_silence() -> None:
    """Two periods without an answer are an alert while others answer; a survey that did not take place is none."""
    counts = {"Quiet": [answers(0, 0, 1), Counts(), Counts()], "Never": [Counts()] * 3, "Loud": [answers(0, 0, 9)] * 3}
    card = build(counts, settings=only(silent_periods=2))
    assert {one.partner: one.sentence for one in card.alerts} == {
        "Quiet": "no answer in 2 periods",
        "Never": "no answer in 3 periods, never heard from",
    }
    assert build({"A": [answers(0, 0, 1), Counts(), Counts()]}, settings=only(silent_periods=2)).alerts == ()


def test_advocacy_that_stopped() -> None:
    """A partner that was active and is not for two periods is an alert; one that never was is none."""
    counts = {
        "Was": [Counts(activities=3), Counts(), Counts()],
        "Never": [Counts()] * 3,
        "Is": [Counts(), Counts(), Counts(activities=1)],
    }
    card = build(counts, settings=only(advocacy_stopped_periods=2))
    assert found(card, "advocacy_stopped_periods") == [("Was", "counted")]


def test_customers_that_leave() -> None:
    """A partner's retention is compared with all other customers, one-sided, all together that have enough of them."""
    counts = {
        "Bad": [Counts(customers=50, retained=25)],
        "Good": [Counts(customers=50, retained=46)],
        "Tiny": [Counts(customers=4, retained=0)],
    }
    (one,) = build(counts, settings=only(retention_below_overall=True)).alerts
    assert one.partner == "Bad"
    assert one.p is not None
    assert isclose(one.p, 2 * stats.fisher_exact([[25, 25], [46, 8]], "less").pvalue, rel_tol=1e-9)
    assert (one.value, one.threshold) == (50.0, 100 * 46 / 54)


def test_all_rules_off() -> None:
    """What is switched off is silent, however bad things are."""
    assert build({"A": [answers(0, 0, 50), answers(50, 0, 0)]}, settings=Settings(alerts=OFF)).alerts == ()


def test_order() -> None:
    """What is about everybody comes first, then the gravest rule, then the partner with the most value."""
    counts = {name: [answers(40, 5, 5), Counts()] for name in ("A", "B")} | {"C": [answers(0, 5, 50), answers(9, 5, 5)]}
    partners = {"A": Partner("A", annual_value=1.0), "B": Partner("B", annual_value=2.0)}
    card = build(counts, partners, settings=only(fallen=True, silent_periods=1, below_investigate=True))
    assert [(one.rule, one.partner) for one in card.alerts] == [
        ("below_investigate", None),
        ("below_investigate", "C"),
        ("fallen", "C"),
        ("silent_periods", "B"),
        ("silent_periods", "A"),
    ]


def test_as_rows() -> None:
    """As plain data an alert about everybody has an empty group, and the rules stand beside the rows."""
    review = alerts_review(build({"Low": [answers(80, 10, 10)]}, settings=only(below_investigate=True))).as_dict()
    assert [row["group"] for row in review["rows"]] == [{}, {"partner": "Low"}]
    assert review["rules"]["below_investigate"] is True
