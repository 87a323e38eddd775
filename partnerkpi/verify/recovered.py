"""The scorecard as the sheets of a workbook have it: tallies from Data, thresholds from Benchmarks, the chosen period.

Each of them is compared with the record that the workbook carries.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from openpyxl.utils.cell import get_column_letter, range_boundaries

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, KpiValueError
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.comparisons import Compared
from partnerkpi.kpi.conditional import Pairs
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import NOTHING, Counts
from partnerkpi.verify.contents import Contents, Place, as_shown, same
from partnerkpi.verify.finding import Report
from partnerkpi.workbook.columns.workings import tiers_of
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.layout import PAIRS, TALLIES
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.sheets.data import NO_PARTNER

_COUNTS = TALLIES[2:9]
_PAIRS = tuple(head for heads in PAIRS.values() for head in heads)


@dataclass(frozen=True, slots=True)
class TallyRow:
    """A row of the tallies: its number, the cells by head, and what they hold."""

    number: int
    places: Mapping[str, Place]
    values: Mapping[str, Any]


def tally_rows(contents: Contents) -> Iterator[TallyRow]:
    """Yield the tallies, in whatever order somebody sorted them; DataProblem where there is no such table."""
    found = rows_of_table(contents, "Tallies", TALLIES)
    if found is None:
        what = "no scorecard of partnerkpi, or a partner's own that another program saved again"
        raise DataProblem(f"there is no table of tallies: the workbook is {what}")
    yield from found


def rows_of_table(contents: Contents, name: str, heads: Sequence[str]) -> list[TallyRow] | None:
    """Return the numbered rows of a table with these heads, translated; None where there is none."""
    table = contents.tables.get(name)
    shown = {head: translate(head) for head in heads}
    if table is None or set(shown.values()) - set(table.heads):
        return None
    left, top, _, bottom = range_boundaries(table.ref)
    letters = {head: get_column_letter((left or 1) + table.heads.index(one)) for head, one in shown.items()}
    rows = list[TallyRow]()
    for row in range((top or 0) + 1, (bottom or 0) + 1):
        places = {head: (table.sheet, f"{letter}{row}") for head, letter in letters.items()}
        values = {head: contents.shown(*place) for head, place in places.items()}
        if isinstance(values["Row"], (int, float)):
            rows.append(TallyRow(int(values["Row"]), places, values))
    return rows


def as_the_sheets_say(card: Scorecard, contents: Contents, report: Report) -> tuple[Scorecard, set[Place]]:
    """Return the recorded scorecard with the counts, thresholds and period of the sheets, and the places judged.

    What differs is a finding, except the period and the thresholds: to choose them is what the workbook is for.
    """
    if card.is_pack and not card.is_review:  # nothing in it is there to be changed
        return card, set()
    inputs = _Inputs(contents, report)
    counts, pairs = dict(card.counts), dict(card.pairs)
    keys = [(partner, period) for partner in (*card.partners, None) for period in card.periods]
    rows = {row.number: row for row in tally_rows(contents)}
    for number, (partner, period) in enumerate(keys, 1):
        name = partner.name if partner is not None else None
        if number not in rows:
            report.add("tally", "Data", f"row {number} of the tallies is missing ({name or NO_PARTNER}, {period})")
            continue
        row = rows[number]
        inputs.judged |= {row.places[head] for head in (*_COUNTS, *_PAIRS)}
        counts[name, period] = compare_counts(row, card.count(name, period), name, period, report)
        for against, before in earlier_than(card, period):
            recorded = card.pairs_of(name, before, period)
            pairs[name, before, period] = compare_pairs(row, PAIRS[against], recorded, name, period, report)
    weights = tuple(
        inputs.named(names.of_kpi(kpi, "weight"), weight, f"the weight of {kpi}", lowest=0)
        for kpi, weight in zip(names.KPI_NAMES, card.weights, strict=True)
    )
    benchmarks = {kpi: inputs.benchmark(one) for kpi, one in card.benchmarks.items()}
    found = dataclasses.replace(
        card,
        counts=counts,
        pairs=that_fit(pairs, counts),
        benchmarks=benchmarks,
        tier_benchmarks=inputs.of_tiers(card, benchmarks),
        weights=cast("tuple[float, float, float]", weights),
        confidence=inputs.named(names.CONFIDENCE, card.confidence, "the confidence", lowest=0.5, highest=0.9999),
        min_responses=int(inputs.named(names.MIN_ANSWERS, card.min_responses, "the fewest answers", lowest=0)),
        current=_chosen(contents, card, report),
    )
    return found, inputs.judged | set(contents.named(names.PERIOD)[:1])


def compare_counts(row: TallyRow, counts: Counts, name: str | None, period: str, report: Report) -> Counts:
    """Return the counts that a row holds; a number that cannot be one is left as it was recorded."""
    scores = counts.scores
    recorded = (
        *(scores.detractors, scores.passives, scores.promoters),
        *(counts.invited, counts.activities, counts.customers, counts.retained),
    )
    taken: list[int | None] = []
    for head, should in zip(_COUNTS, recorded, strict=True):
        says = row.values[head]
        if same(says, should):
            taken.append(should)
            continue
        title, ref = row.places[head]
        what = f"{head.lower()} of {name or NO_PARTNER} in {period_name(period)} were changed"
        report.add("tally", f"{title}!{ref}", what, says, should)
        whole = isinstance(says, (int, float)) and not isinstance(says, bool) and says >= 0 and says == int(says)
        taken.append(int(says) if whole else None if says is None and head == "Invited" else should)
    detractors, passives, promoters, invited, activities, customers, retained = taken
    scores = ScoreTally(detractors or 0, passives or 0, promoters or 0)
    return Counts(scores, invited, activities or 0, customers or 0, retained or 0)


def earlier_than(card: Scorecard, period: str) -> Iterator[tuple[Compared, str]]:
    """Yield the single periods that a period is compared with."""
    earlier: tuple[tuple[Compared, str | None], ...]
    earlier = ("previous", card.previous_of(period)), ("year", card.year_before(period))
    for against, before in earlier:
        if before is not None:
            yield against, before


def compare_pairs(
    row: TallyRow, heads: Sequence[str], recorded: Pairs, name: str | None, period: str, report: Report
) -> Pairs:
    """Return the persons who answered twice as a row has them; numbers that cannot be some are left as recorded."""
    says = [row.values[head] for head in heads]
    if all(same(one or 0, should) for one, should in zip(says, dataclasses.astuple(recorded), strict=True)):
        return recorded
    for head, one, should in zip(heads, says, dataclasses.astuple(recorded), strict=True):
        if not same(one or 0, should):
            title, ref = row.places[head]
            what = f"{head.lower()} of {name or NO_PARTNER} in {period_name(period)} was changed"
            report.add("tally", f"{title}!{ref}", what, one, should or None)
    whole = [int(one) if isinstance(one, (int, float)) and one == int(one) else None for one in says]
    try:
        return Pairs(*(one for one in whole if one is not None)) if None not in whole else recorded
    except KpiValueError:
        return recorded


def that_fit(
    pairs: Mapping[tuple[str | None, str, str], Pairs], counts: Mapping[tuple[str | None, str], Counts]
) -> dict[tuple[str | None, str, str], Pairs]:
    """Return the persons who answered twice where there are so many answers; what was changed need not fit."""

    def answers(name: str | None, period: str) -> int:
        return counts.get((name, period), NOTHING).scores.responses

    return {
        (name, before, after): one
        for (name, before, after), one in pairs.items()
        if 0 < one.persons <= min(answers(name, before), answers(name, after))
    }


class _Inputs:
    """The yellow cells of a workbook beside the record; one that differs is told. `judged` are their places."""

    def __init__(self, contents: Contents, report: Report) -> None:
        self.contents = contents
        self.report = report
        self.judged: set[Place] = set()

    def at(
        self, place: Place, recorded: float, what: str, lowest: float = -math.inf, highest: float = math.inf
    ) -> float:
        """Return the number that a cell holds, the recorded one where it holds none that may stand there."""
        self.judged.add(place)
        found = self.contents.cell(*place)
        says = as_shown(found.value) if found is not None else None
        plain = found is not None and found.formula is None
        if plain and same(says, recorded):
            return recorded
        if plain and isinstance(says, (int, float)) and not isinstance(says, bool) and lowest <= says <= highest:
            self.report.changed.append(f"{place[0]}!{place[1]}, {what}: it says {says:g}, made with {recorded:g}")
            return float(says)
        self.report.add("benchmark", f"{place[0]}!{place[1]}", f"{what} cannot be this", says, recorded)
        return recorded

    def named(
        self, name: str, recorded: float, what: str, lowest: float = -math.inf, highest: float = math.inf
    ) -> float:
        """Return the number in the first cell of a defined name."""
        places = self.contents.named(name)
        return self.at(places[0], recorded, what, lowest, highest) if places else recorded

    def benchmark(self, recorded: Benchmark) -> Benchmark:
        """Return a KPI's thresholds and target as they stand on Benchmarks."""
        kpi, thresholds = recorded.kpi, recorded.thresholds
        places = self.contents.named(names.thresholds(kpi))[1:]
        for place, (band, start) in zip(places, recorded.thresholds.items(), strict=False):
            thresholds[band] = self.at(place, start, f"the threshold of {band} ({kpi})")
        target = self.named(names.of_kpi(kpi, "target"), recorded.target, f"the target of {kpi}")
        return self._with(recorded, thresholds, target)

    def of_tiers(self, card: Scorecard, benchmarks: Mapping[str, Benchmark]) -> dict[str, dict[str, Benchmark]]:
        """Return the benchmarks of tiers with their thresholds as they stand on Benchmarks.

        A tier whose benchmark of a KPI is that of all has no place of its own: it follows the one of `benchmarks`.
        """
        found = {
            tier: {kpi: benchmarks[kpi] if one == card.benchmarks[kpi] else one for kpi, one in own.items()}
            for tier, own in card.tier_benchmarks.items()
        }
        for kpi in names.KPI_NAMES:
            tiers = tiers_of(card, kpi)
            thresholds = {tier: dict(one.thresholds) for tier, one in tiers.items()}
            for band in card.benchmarks[kpi].thresholds:
                places = self.contents.named(names.of_tiers(kpi, band))
                for place, (tier, own) in zip(places, thresholds.items(), strict=False):
                    own[band] = self.at(place, own[band], f"the threshold of {band} of {tier} ({kpi})")
            for tier, recorded in tiers.items():
                if tier in found:
                    found[tier][kpi] = self._with(recorded, thresholds[tier], recorded.target)
        return found

    def _with(self, recorded: Benchmark, thresholds: Mapping[str, float], target: float) -> Benchmark:
        """Return a benchmark with other thresholds; those that cannot be used are a finding."""
        if thresholds == recorded.thresholds and target == recorded.target:
            return recorded
        try:
            return Benchmark.from_thresholds(
                recorded.kpi,
                thresholds,
                worst=recorded.bands[0].name,
                target=target,
                label=recorded.label,
                unit=recorded.unit,
            )
        except KpiValueError as error:
            self.report.add("benchmark", names.BENCHMARKS, f"the thresholds cannot be used: {error}")
            return recorded


def _chosen(contents: Contents, card: Scorecard, report: Report) -> str:
    """Return the period that stands in the period cell; one that there is not gives the newest, as in the workbook."""
    says = contents.named_value(names.PERIOD)
    for place in contents.named(names.PERIOD)[:1]:
        if (found := contents.cell(*place)) is not None and found.formula is not None:
            report.add("formula", f"{place[0]}!{place[1]}", "a formula was put in", f"={found.formula}")
    periods = {period_name(period): period for period in card.periods}
    chosen = periods.get(str(says), card.periods[-1])
    if chosen != card.current:
        report.changed.append(f"the period cell says {as_shown(says)}; made with {period_name(card.current)}")
    elif str(says) not in periods:
        what = "the period cell names none of the periods"
        report.add("text", names.PERIOD, what, as_shown(says), period_name(chosen))
    return chosen
