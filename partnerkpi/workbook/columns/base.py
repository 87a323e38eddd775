"""What a column of the Partners sheet is made of.

A formula names other figures of its row by key: `r("answers")`. Rows refer to themselves and to Data only, so the table
may be sorted: a row finds its counts by "Data row", the number of rows above the partner's block of tallies.

What all partners have in common is a `Shrinkage`: they are pulled towards their mean by the steps of
`partnerkpi.kpi.ranking.shrunk_nps`: the variance of a single answer is that of all partners together, the weight of an
estimate is its answers / that variance, and the spread of the estimates beyond chance is the variance between partners
(DerSimonian and Laird). Its figures stand on Data, under names.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.comparisons import COMPARISONS, Compared
from partnerkpi.kpi.intervals import is_shown
from partnerkpi.kpi.ranking import answer_variance
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import DASH, rounded
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts, Line, Partner
from partnerkpi.workbook.model.expression import Expression
from partnerkpi.workbook.model.layout import Layout
from partnerkpi.workbook.model.theme import GENERAL
from partnerkpi.workbook.model.translation import message
from partnerkpi.workbook.model.values import Value

#: Ranks are whole numbers. Equal ones are parted by the raw NPS, equal ones of these by answers, then by place.
RAW_PART, ANSWERS_PART, PLACE_PART = 1e5, 1e12, 1e10


@dataclass(frozen=True)
class Shrinkage:
    """What all partners have in common: the sums and means that each of them is pulled by.

    `answer` is the variance of a single answer; 1 stands for none, where all answers are alike and all weigh the same.
    """

    answer: float
    weight: float
    first_mean: float
    spread: float
    squares: float
    between: float
    mean: float

    @classmethod
    def of(cls, tallies: Sequence[ScoreTally]) -> Shrinkage | None:
        """Return what the tallies have in common; None without any answer."""
        known = [(tally.responses, tally.nps) for tally in tallies]
        answer = answer_variance(tallies) or 1.0
        pairs = [(answers / answer, nps) for answers, nps in known if nps is not None]
        if not pairs:
            return None
        weight = math.fsum(w for w, _ in pairs)
        first = math.fsum(w * nps for w, nps in pairs) / weight
        spread = math.fsum(w * (nps - first) * (nps - first) for w, nps in pairs)
        squares = math.fsum(w * w for w, _ in pairs)
        scale = weight - squares / weight
        between = max(0.0, (spread - (len(pairs) - 1)) / scale) if len(pairs) > 1 and scale > 0 else 0.0
        second = [(1 / (1 / w + between), nps) for w, nps in pairs]
        mean = math.fsum(w * nps for w, nps in second) / math.fsum(w for w, _ in second)
        return cls(answer, weight, first, spread, squares, between, mean)

    @property
    def values(self) -> tuple[float, ...]:
        """Return the figures in the order of their formulas."""
        return (self.answer, self.weight, self.first_mean, self.spread, self.squares, self.between, self.mean)


def shrinkage_formulas(layout: Layout) -> list[tuple[str, str]]:
    """Return what each common figure is called and its formula, without the equals sign."""

    def total(key: str) -> str:
        return f"SUM({layout.partner_column(key)})"

    weights, answers = layout.partner_column("weight"), total("answers")
    count, weight = f"COUNT({weights})", total("weight")
    partners = f"COUNT({layout.partner_column('nps')})"
    lead = f"({total('promoters')}-{total('detractors')})"
    whole = f"({total('promoters')}+{total('detractors')}-{lead}*{lead}/{answers})"
    of_all = f"IF({whole}>0,10000*{whole}/({answers}-1),1)"
    pooled_answer = f"IF({total('within')}>0,10000*{total('within')}/({answers}-{partners}),{of_all})"
    scale = f"({weight}-{total('squared')}/{weight})"
    return [
        (message("variance of a single answer"), f'IF({partners}>0,{pooled_answer},"{DASH}")'),
        (message("weights together"), f'IF({count}>0,{weight},"{DASH}")'),
        (message("mean by the first weights"), f'IF({count}>0,{total("weighted")}/{weight},"{DASH}")'),
        (message("spread around it"), f'IF({count}>0,{total("spread")},"{DASH}")'),
        (message("squares of the weights"), f'IF({count}>0,{total("squared")},"{DASH}")'),
        (
            message("variance between partners"),
            f"IF({count}>1,IF({scale}>0,MAX(0,({total('spread')}-({count}-1))/{scale}),0),0)",
        ),
        (
            message("mean that partners are pulled to"),
            f'IF({count}>0,{total("second_weighted")}/{total("second")},"{DASH}")',
        ),
    ]


def _shrunk(scores: ScoreTally, shrinkage: Shrinkage | None) -> float | None:
    """Return the NPS of a partner pulled towards the mean of all; None without answers."""
    nps = scores.nps
    if nps is None or shrinkage is None:
        return None
    variance = shrinkage.answer / scores.responses
    return shrinkage.mean + shrinkage.between / (shrinkage.between + variance) * (nps - shrinkage.mean)


def _ranking_keys(people: Sequence[tuple[ScoreTally, float | None]], minimum: int) -> list[float | None]:
    """Return the ranking key of each partner, from (scores, shrunk NPS): the highest is best; None with few answers."""
    enough = [shrunk is not None and not scores.few_responses(minimum) for scores, shrunk in people]
    first = [
        rounded(shrunk, 9) if ok and shrunk is not None else None
        for ok, (_, shrunk) in zip(enough, people, strict=True)
    ]
    second = [
        (scores.nps or 0.0) + scores.responses / ANSWERS_PART if ok else None
        for ok, (scores, _) in zip(enough, people, strict=True)
    ]
    ranks, raw = _ranks(first), _ranks(second)
    return [
        None if rank is None or raw_rank is None else -(rank + raw_rank / RAW_PART + place / PLACE_PART)
        for place, (rank, raw_rank) in enumerate(zip(ranks, raw, strict=True), 1)
    ]


def _ranks(values: Sequence[float | None]) -> list[int | None]:
    """Return what RANK gives: 1 and the number of greater ones."""
    ordered = sorted((value for value in values if value is not None), reverse=True)
    firsts: dict[float, int] = {}
    for place, value in enumerate(ordered, 1):
        firsts.setdefault(value, place)
    return [None if value is None else firsts[value] for value in values]


NOT_LISTED = message("not on the list")
#: More groups than this are no overview: the last number holds the rest.
MOST_GROUPS = 40


@dataclass(frozen=True)
class Cells:
    """The cells of one row, for formulas: columns fixed, row free."""

    layout: Layout
    row: int

    def __call__(self, key: str) -> str:
        """Return the cell of a figure in this row."""
        return f"${self.layout.partner_letter(key)}{self.row}"

    def tally(self, head: str, row: str = "row_now") -> str:
        """Return a count of this partner in the chosen period, or the one before."""
        return f"INDEX({self.layout.tally(head)},{self(row)})"


@dataclass(frozen=True)
class Test:
    """Where a partner's p stands among all: its rank from the smallest, that p times the partners still compared."""

    rank: int | None
    step: float | None
    failed: int | None


@dataclass(frozen=True)
class PartnerColumns:
    """What Python knows of one partner in the chosen period: its figures by key are `k("nps")`.

    Tier and region are numbers of groups.
    """

    columns: Mapping[str, PartnerColumn]
    card: Scorecard
    partner: Partner
    place: int
    period: int
    line: Line
    before: Counts
    shrinkage: Shrinkage | None
    shrunk: float | None
    order: float | None
    rank: int | None
    tests: Mapping[Compared, Test]
    tier: int
    region: int

    def __call__(self, key: str) -> Value:
        """Return a figure of this partner."""
        return self.columns[key].value(self)

    @property
    def candidate(self) -> float | None:
        """Return the shrunk NPS as it is ranked: rounded, so that every program finds the same ones equal."""
        return None if self.shrunk is None else rounded(self.shrunk, 9)

    @property
    def counted(self) -> bool:
        """Tell whether the partner's customers are known."""
        return self.line.retention is not None


@dataclass(frozen=True)
class PartnerColumn:
    """A column: its key, head and width, formula without the equals sign, and value. Without a formula it is a fact.

    Head and group are messages, said where they are written.
    """

    key: str
    head: str
    width: float
    formula: Callable[[Cells], str] | None
    value: Callable[[PartnerColumns], Value]
    number: str = GENERAL
    left: bool = False
    indent: int = 0
    group: str = ""


#: What is said of a partner: a formula among the cells of its row, and the value that it gives.
OfPartner: TypeAlias = Expression[Cells, PartnerColumns]


def of_partner(key: str) -> OfPartner:
    """Return a figure of a partner."""
    return Expression(lambda r: r(key), lambda k: k(key))


def partner_columns(card: Scorecard, columns: Sequence[PartnerColumn]) -> list[PartnerColumns]:
    """Return what is known of each partner in the current period, those to call first before all others."""
    by_key = {column.key: column for column in columns}
    view = card.view(card.current)
    period = card.periods.index(card.current) + 1
    lines = [view.partners[partner.name] for partner in card.partners]
    shrinkage = Shrinkage.of([line.scores for line in lines])
    shrunk = [_shrunk(line.scores, shrinkage) for line in lines]
    orders = _ranking_keys([(line.scores, one) for line, one in zip(lines, shrunk, strict=True)], card.min_responses)
    places = {key: place for place, key in enumerate(sorted((k for k in orders if k is not None), reverse=True), 1)}
    tiers, regions = group_numbers(card, "tier"), group_numbers(card, "region")
    tests = _tests(lines, card.confidence)
    known = [
        PartnerColumns(
            by_key,
            card,
            partner,
            place,
            period,
            lines[place - 1],
            card.count(partner.name, view.previous),
            shrinkage,
            shrunk[place - 1],
            orders[place - 1],
            places.get(orders[place - 1] or 0.0),
            tests[place - 1],
            tiers[partner.name],
            regions[partner.name],
        )
        for place, partner in enumerate(card.partners, 1)
    ]
    first = {one.partner: number for number, one in enumerate(card.as_made.call_first)}
    newest = card.periods[-1]

    def by_risk(one: PartnerColumns) -> tuple[float, ...]:
        """Sort those to call first before all others, then by value, else by what the newest period counts of them."""
        counts = card.as_made.count(one.partner.name, newest)
        counted = counts.scores.responses, counts.activities, counts.customers
        place = first.get(one.partner.name, len(first))
        return place, -(one.partner.annual_value or 0.0), *(-number for number in counted), one.place

    return sorted(known, key=by_risk)


def _tests(lines: Sequence[Line], confidence: float) -> list[dict[Compared, Test]]:
    """Return where the comparisons of each partner stand among all of all partners: they are one family."""
    alone = [{one.against: one.alone.p for one in line.comparisons} for line in lines]
    steps = holm_steps([known.get(against) for known in alone for against in COMPARISONS], confidence)
    each = len(COMPARISONS)
    return [dict(zip(COMPARISONS, steps[start : start + each], strict=True)) for start in range(0, len(steps), each)]


def holm_steps(p_values: Sequence[float | None], confidence: float) -> list[Test]:
    """Return Holm's steps: a change is shown while its own step and those of all smaller p are."""
    known = sorted(p for p in p_values if p is not None)
    tests = []
    for p in p_values:
        if p is None:
            tests.append(Test(None, None, None))
            continue
        rank = bisect_left(known, p) + 1
        step = min(1.0, (len(known) - rank + 1) * p)
        tests.append(Test(rank, step, None if is_shown(step, confidence) else rank))
    return tests


def bands(r: Cells, old: str = "") -> tuple[str, str, str]:
    """Return the cells of promoters, detractors and answers; of the period before with "old_"."""
    return r(f"{old}promoters"), r(f"{old}detractors"), r(f"{old}answers")


def estimate(r: Cells) -> tuple[str, str, str]:
    """Return the cells of answers, adjusted NPS and its standard error."""
    return r("answers"), r("adjusted"), r("error")


def groups(card: Scorecard, kind: str) -> list[str | None]:
    """Return the tiers or the regions of the partners, in the order of their numbers; None is one without.

    Empty where no partner has one. `kind` is "tier" or "region".
    """
    found = {getattr(partner, kind) for partner in card.partners}
    if found <= {None}:
        return []
    return sorted(found, key=lambda value: (value is None, (value or "").casefold(), value or ""))


def group_numbers(card: Scorecard, kind: str) -> dict[str, int]:
    """Return the number of each partner's group, from 1; 0 where nobody has one."""
    places = {value: min(MOST_GROUPS, place) for place, value in enumerate(groups(card, kind), 1)}
    return {partner.name: places.get(getattr(partner, kind), 0) for partner in card.partners}
