"""Bands, ratings and targets."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.errors import KpiValueError
from partnerkpi.kpi import DEFAULT_BENCHMARKS, RATING_ORDER, Band, Benchmark, ScoreTally, worst_rating
from partnerkpi.kpi.benchmark import of_tier

finite = st.floats(allow_nan=False, allow_infinity=False)
ratings = st.sampled_from(RATING_ORDER)


@pytest.mark.parametrize(
    ("kpi", "value", "rating"),
    [
        ("nps", 100, "exceptional"),
        ("nps", 70, "exceptional"),
        ("nps", 69.999, "strong"),
        ("nps", 50, "strong"),
        ("nps", 49.999, "watch"),
        ("nps", 30, "watch"),
        ("nps", 29.999, "investigate"),
        ("nps", -100, "investigate"),
        ("advocacy", 75, "strong"),
        ("advocacy", 74.999, "watch"),
        ("advocacy", 50, "watch"),
        ("advocacy", 49.999, "investigate"),
        ("retention", 75, "strong"),
        ("retention", 74.999, "watch"),
        ("retention", 60, "watch"),
        ("retention", 59.999, "investigate"),
    ],
)
def test_default_bands_are_the_defined_ones(kpi: str, value: float, rating: str) -> None:
    """A band starts at its threshold and ends just below the next."""
    assert DEFAULT_BENCHMARKS[kpi].rating(value) == rating


def test_default_targets_are_the_defined_ones() -> None:
    """NPS 50, active advocates 75 %, influence share 75 %."""
    assert {kpi: benchmark.target for kpi, benchmark in DEFAULT_BENCHMARKS.items()} == {
        "nps": 50,
        "advocacy": 75,
        "retention": 75,
    }
    assert all(benchmark.kpi == kpi and benchmark.label for kpi, benchmark in DEFAULT_BENCHMARKS.items())
    assert [benchmark.unit for benchmark in DEFAULT_BENCHMARKS.values()] == ["points", "%", "%"]


def test_the_defaults_cannot_be_changed() -> None:
    """Nobody changes the thresholds of everybody else."""
    with pytest.raises(TypeError):
        DEFAULT_BENCHMARKS["nps"] = DEFAULT_BENCHMARKS["advocacy"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("tally", "rating"), [((3, 3, 24), "exceptional"), ((2, 6, 12), "strong"), ((2, 3, 5), "watch")]
)
def test_a_score_on_a_threshold_is_in_the_upper_band(tally: tuple[int, int, int], rating: str) -> None:
    """70, 50 and 30 computed from answers are exactly that, and rated so."""
    assert DEFAULT_BENCHMARKS["nps"].rating(ScoreTally(*tally).nps) == rating


def test_no_data_has_no_rating() -> None:
    """None is not the worst rating."""
    assert DEFAULT_BENCHMARKS["nps"].rating(None) is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "50", True])
def test_only_numbers_are_rated(value: float) -> None:
    """What is no finite number is refused, with the name of the KPI."""
    with pytest.raises(KpiValueError, match="Strategic Partner NPS is"):
        DEFAULT_BENCHMARKS["nps"].rating(value)


@given(st.dictionaries(st.text("abcdefgh", min_size=1), finite, min_size=1), finite)
def test_every_value_has_exactly_one_band(thresholds: dict[str, float], value: float) -> None:
    """Bands from any thresholds leave no gap and do not overlap, and rebuild from their thresholds."""
    if len(set(thresholds.values())) < len(thresholds):
        with pytest.raises(KpiValueError, match="allowed: low below high"):
            Benchmark.from_thresholds("nps", thresholds, target=50)
        return
    benchmark = Benchmark.from_thresholds("nps", thresholds, target=50)
    holding = [band.name for band in benchmark.bands if band.low <= value < band.high]
    assert holding == [benchmark.rating(value)]
    assert benchmark.thresholds == thresholds
    assert Benchmark.from_thresholds("nps", benchmark.thresholds, target=50) == benchmark


def test_thresholds_may_come_in_any_order() -> None:
    """A configuration file has no order: the thresholds sort themselves."""
    one = Benchmark.from_thresholds("nps", {"strong": 50, "watch": 30}, target=50)
    assert (one.label, one.unit) == ("", "")
    assert one == Benchmark.from_thresholds("nps", {"watch": 30, "strong": 50}, worst="investigate", target=50)
    assert [band.name for band in one.bands] == ["investigate", "watch", "strong"]
    assert [one.rank(band.name) for band in one.bands] == [0, 1, 2]


def test_own_words_are_allowed() -> None:
    """Ratings can have other names and another number of bands."""
    traffic = Benchmark.from_thresholds(
        "nps", {"amber": 0, "green": 20}, worst="red", target=20, label="NPS", unit="pts"
    )
    assert [traffic.rating(value) for value in (-1, 0, 20)] == ["red", "amber", "green"]
    assert (traffic.label, traffic.unit) == ("NPS", "pts")
    assert Benchmark.from_thresholds("nps", {}, worst="measured", target=0).rating(-1e9) == "measured"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"thresholds": {"watch": 50, "strong": 30}},
            "investigate, strong, watch, worst first; allowed: investigate <",
        ),
        ({"thresholds": {"watch": 30, "strong": 30}}, "band 'watch' runs from 30.0 to 30.0"),
        ({"thresholds": {"watch": math.nan}}, "threshold of 'watch' is nan"),
        ({"thresholds": {"watch": "30"}}, "threshold of 'watch' is '30'"),
        ({"thresholds": {"watch": 30}, "worst": "watch"}, "watch, watch; allowed: each name once"),
        ({"thresholds": {" ": 30}}, "band name is ' '"),
        ({"thresholds": {"watch": 30}, "target": math.inf}, "target of nps is inf"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(arguments: dict[str, Any], message: str) -> None:
    """Swapped, equal, unnamed or infinite thresholds are said with their values."""
    with pytest.raises(KpiValueError, match=message):
        Benchmark.from_thresholds("nps", **{"target": 50, **arguments})


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        ([], "nps has no bands"),
        ([("a", 0, math.inf)], "bands of nps run from 0 to inf"),
        ([("a", -math.inf, 0)], "bands of nps run from -inf to 0"),
        ([("a", -math.inf, 0), ("b", 1, math.inf)], "'a' ends at 0, 'b' starts at 1"),
        ([("a", -math.inf, 2), ("b", 1, math.inf)], "'a' ends at 2, 'b' starts at 1"),
        ([("a", -math.inf, 1), ("a", 1, math.inf)], "a, a; allowed: each name once"),
    ],
)
def test_bands_have_neither_gap_nor_overlap(bands: list[tuple[str, float, float]], message: str) -> None:
    """Bands run from minus infinity to infinity, one after the other."""
    with pytest.raises(KpiValueError, match=message):
        Benchmark("nps", tuple(Band(*band) for band in bands), 50)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (math.nan, 1), ("0", 1)])
def test_a_band_is_not_empty(low: float, high: float) -> None:
    """A band starts below its end."""
    with pytest.raises(KpiValueError, match="allowed: low below high"):
        Band("strong", low, high)


def test_an_unknown_rating_has_no_rank() -> None:
    """Asking for a rating that no band has is said with the ones there are."""
    with pytest.raises(
        KpiValueError, match="rating is 'exceptional'; allowed for advocacy: investigate, watch, strong"
    ):
        DEFAULT_BENCHMARKS["advocacy"].rank("exceptional")


@pytest.mark.parametrize(
    ("given_ratings", "worst"),
    [
        (["strong", None, "watch"], "watch"),
        (["exceptional", "strong"], "strong"),
        (["investigate", "exceptional"], "investigate"),
        (["exceptional"], "exceptional"),
        ([None], None),
        ([], None),
    ],
)
def test_the_worst_rating_follows_the_common_order(given_ratings: list[str | None], worst: str | None) -> None:
    """Investigate is worse than watch, watch than strong, strong than exceptional; no data is passed over."""
    assert worst_rating(given_ratings) == worst


@given(st.lists(ratings, min_size=1))
def test_nothing_is_worse_than_the_worst(given_ratings: list[str]) -> None:
    """The worst is one of them, and none is before it."""
    worst = worst_rating(given_ratings)
    assert worst in given_ratings
    assert all(RATING_ORDER.index(worst) <= RATING_ORDER.index(rating) for rating in given_ratings)


def test_only_shared_ratings_can_be_compared() -> None:
    """A word of somebody's own has no place in the common order."""
    with pytest.raises(KpiValueError, match="rating is 'amber'; allowed: investigate, watch, strong, exceptional"):
        worst_rating(["strong", "amber"])


def test_a_tier_without_benchmarks_of_its_own_has_everybodys() -> None:
    """Gold has its own; Silver, and a partner without a tier, have what everybody has."""
    assert [of_tier(tier, {"Gold": 60}, 50) for tier in ("Gold", "Silver", "", None)] == [60, 50, 50, 50]
