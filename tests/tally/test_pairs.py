"""Persons who answered in two periods: counted by the engine, compared with pandas, SciPy's moments and by hand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest

import partnerkpi
from partnerkpi.kpi.conditional import NO_PAIRS, Pairs
from partnerkpi.kpi.scores import ScoreTally, change
from partnerkpi.scorecard.packs import for_partner
from partnerkpi.scorecard.record import from_record, to_record

DAYS = {"2025-Q2": "2025-05-05", "2025-Q3": "2025-08-05", "2026-Q1": "2026-02-05", "2026-Q2": "2026-06-28"}


def rows_of(seed: int, persons: int = 60, partners: Sequence[str] = ("Acme", "Bolt")) -> list[dict[str, object]]:
    """Return answers of persons who mostly stay what they were, in some of four quarters, some twice in one."""
    draw = random.Random(seed)
    rows: list[dict[str, object]] = []
    for number in range(persons):
        usual = draw.choice((3, 8, 10))
        for day in DAYS.values():
            for turn in range(draw.choice((0, 1, 1, 1, 2))):
                score = usual if draw.random() < 0.7 else draw.choice((2, 7, 9))
                who = draw.choice((f"Person {number}", f" person {number} "))
                where = {"partner": draw.choice(partners), "region": draw.choice(("North", "South", "South"))}
                when = pd.Timestamp(day) + pd.Timedelta(minutes=10 * turn)
                rows.append({**where, "respondent": who, "date": when, "score": score})
    return rows


def by_hand(rows: Sequence[dict[str, object]], columns: Sequence[str], back: int) -> dict[tuple[object, ...], Pairs]:
    """Return the sums of those who answered, with the latest answer of a quarter, by pandas."""
    frame = pd.DataFrame(rows)
    frame["who"] = frame["respondent"].str.strip().str.lower()
    frame["quarter"] = frame["date"].dt.to_period("Q")
    key = ["who", "partner", "quarter"]
    frame = frame.sort_values("date", kind="stable").drop_duplicates(key, keep="last")
    frame["x"] = (frame["score"] >= 9).astype(int) - (frame["score"] < 7).astype(int)
    shifted = frame.assign(quarter=frame["quarter"] + back)
    both = shifted.merge(frame, on=list(dict.fromkeys([*key, *columns])), suffixes=("_1", "_2"))
    both["sum"], both["product"] = both["x_1"] + both["x_2"], both["x_1"] * both["x_2"]
    found = both.groupby([*columns, "quarter"]).agg(n=("x_1", "size"), s=("sum", "sum"), p=("product", "sum"))
    return {
        (*key[:-1], f"{key[-1].year}-Q{key[-1].quarter}") if isinstance(key, tuple) else (
            f"{key.year}-Q{key.quarter}",
        ): Pairs(*map(int, sums))
        for key, sums in zip(found.index, found.to_numpy().tolist(), strict=True)
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_persons_are_those_of_pandas(seed: int) -> None:
    """The sums of each partner and pair of quarters are those that pandas joins, and those of partners add up."""
    rows = rows_of(seed)
    card = partnerkpi.build_scorecard(rows)
    expected = {
        (partner, before, after): one
        for back in (1, 4)
        for (partner, after), one in by_hand(rows, ["partner"], back).items()
        for before in [str(pd.Period(after.replace("-", ""), "Q") - back).replace("Q", "-Q")]
    }
    assert dict(card.pairs) == expected
    assert card.total_pairs("2025-Q2", "2026-Q2") == by_hand(rows, [], 4)["2026-Q2",]
    assert card.total_pairs(None, "2026-Q2") == NO_PAIRS


@pytest.mark.parametrize(("compare", "back"), [("previous", 1), ("year", 4)])
def test_the_command_judges_with_them(compare: str, back: int) -> None:
    """A row of `nps` has the number of persons, of whose answers both are of its group, and the p that they make."""
    rows = rows_of(7, persons=120)
    found = partnerkpi.nps(rows, by=["region"], period="quarter", compare=compare)
    regions, whole = by_hand(rows, ["region"], back), by_hand(rows, [], back)
    tallies = {
        (row["group"].get("region"), row["period"]): ScoreTally(
            *(row[band] for band in ("detractors", "passives", "promoters"))
        )
        for row in found.rows
    }
    compared = [row for row in found.rows if row["compared_with"]]
    assert compared
    for row in compared:
        region = row["group"].get("region")
        pairs = (regions if region else whole).get((region, row["period"]) if region else (row["period"],), NO_PAIRS)
        assert row["paired_persons"] == pairs.persons
        sides = tallies[region, row["compared_with"]], tallies[region, row["period"]]
        assert row["p"] == change(*sides, pairs=pairs).p
    assert any(row["paired_persons"] >= 10 and row["p"] != change(
        tallies[None, row["compared_with"]], tallies[None, row["period"]]).p for row in compared if not row["group"]
    )  # fmt: skip
    assert any("(paired)" in note for note in found.notes)


def test_card_and_command_say_the_same() -> None:
    """The p of the page is that of `nps --compare`; alone, each of them would be that of independent answers."""
    rows = rows_of(11, persons=150)
    card = partnerkpi.build_scorecard(rows)
    (line,) = (row for row in partnerkpi.nps(rows, compare="previous").rows if row["period"] == card.current)
    total = card.view().total
    assert total.nps_change.p == line["p"]
    assert total.comparisons[0].pairs.persons == line["paired_persons"] > 10
    paired, alone = total.nps_change, replace(card, pairs={}).view().total.nps_change
    assert alone.raw == paired.raw
    assert (paired.p or 1) < (alone.p or 0)
    assert (paired.low or -200) > (alone.low or 200)


def test_who_is_not_paired() -> None:
    """Two answers of a person in one of the periods, or all answers counted, or nobody named: there is no pair."""
    half_years = [{**row, "respondent": str(row["respondent"]).strip()} for row in rows_of(5)]
    years = partnerkpi.nps(half_years, period="year", compare="previous").rows[-1]["paired_persons"]
    frame = pd.DataFrame(half_years)
    frame["who"], frame["year"] = frame["respondent"].str.lower(), frame["date"].dt.year
    frame["quarter"] = frame["date"].dt.to_period("Q")
    waves = frame.drop_duplicates(["who", "partner", "quarter"]).groupby(["who", "partner", "year"]).size().unstack()
    assert years == int(((waves[2025] == 1) & (waves[2026] == 1)).sum()) > 0
    assert {row["paired_persons"] for row in partnerkpi.nps(half_years, compare="year", duplicates="all").rows} <= {
        None, 0
    }  # fmt: skip
    nameless = [{key: value for key, value in row.items() if key != "respondent"} for row in half_years]
    assert partnerkpi.build_scorecard(nameless).pairs == {}


def test_a_record_has_them_and_a_pack_its_own() -> None:
    """A scorecard read back has the same persons; the pack of a partner has those of no other, and none of few."""
    card = partnerkpi.build_scorecard(rows_of(3, persons=200))
    back = from_record(to_record(card))
    assert back.pairs == card.pairs
    assert back.view() == card.view()
    assert [one.pairs for one in back.visible_segments] == [one.pairs for one in card.visible_segments]
    own = for_partner(card, "Acme")
    assert {name for name, *_ in own.pairs} == {"Acme"}
    assert all(one.persons >= 10 for one in own.pairs.values())
    few = for_partner(partnerkpi.build_scorecard(rows_of(3, persons=20)), "Acme")
    assert few.pairs == {}


def test_a_segment_is_judged_with_its_own() -> None:
    """What is kept of a segment are the persons whose both answers are in it, from 10 on."""
    rows = rows_of(9, persons=200)
    card = partnerkpi.build_scorecard(rows)
    expected = by_hand(rows, ["region"], 1)
    for segment in card.visible_segments:
        all_of_it = expected[segment.value, "2026-Q2"]
        assert segment.pairs.get(("2026-Q1", "2026-Q2")) == (all_of_it if all_of_it.persons >= 10 else None)
    assert [len(segment.pairs) > 0 for segment in card.visible_segments] == [True, False]


@pytest.mark.parametrize("duplicates", ["latest", "first"])
@pytest.mark.parametrize("period", ["week", "month", "quarter", "year"])
def test_what_is_compared_is_counted_the_same(period: str, duplicates: str) -> None:
    """Compared or not, each group has the same answers and as many are set aside: of nobody, blank, at one time."""
    rows = rows_of(5, persons=40)
    draw = random.Random(6)
    for row in rows[::3]:
        change_of: dict[str, object] = draw.choice(
            ({"respondent": None}, {"score": None}, {"region": None}, {"partner": " "})
        )
        row |= change_of
    for row in rows[::4]:
        row["date"] = pd.Timestamp(row["date"]) + pd.Timedelta(days=30)
    asked = {"by": ["region"], "period": period, "duplicates": duplicates}
    plain, compared = partnerkpi.nps(rows, **asked), partnerkpi.nps(rows, compare="previous", **asked)

    def counts(result: partnerkpi.KpiResult) -> list[object]:
        shown = ("group", "period", "responses", "promoters", "passives", "detractors")
        return [[row[name] for name in shown] for row in result.rows]

    assert counts(plain) == counts(compared)
    assert plain.provenance == compared.provenance
    assert "duplicate respondent" in plain.provenance["set_aside"]
