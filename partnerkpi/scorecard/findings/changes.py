"""What changed since the period before, and since a year before: for all together and for each partner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.comparisons import Comparison
from partnerkpi.kpi.movement import ActivityChange, Judged, activity_change, influence_change, judged, rate_change
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.kpi.scores import Change, ScoreTally
from partnerkpi.language.figures import moved
from partnerkpi.language.sentence import PeriodWords, Sentence
from partnerkpi.periods import AGAINST, Against, earlier
from partnerkpi.results.result import NO_DATA
from partnerkpi.scorecard.comparing import comparisons
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.to_date import active_change, activities_before, advocacy_before


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure of a partner, or of all together (`partner` None), in a period and in the one it is compared with.

    `change` is the difference of the two values, `low` and `high` bound the true one, `p` is the figure's own and
    `p_together` the one with Holm's correction over all partners that are compared in the same figure; the word follows
    from it. The total is a question of its own, so its two are equal. `note` is "no data" where one of the values is
    missing. `nps` is in points, `activities` are counted, the shares are in percentage points.
    """

    figure: str
    partner: str | None
    against: Against
    period: str
    compared_with: str | None
    previous: float | None
    value: float | None
    change: float | None
    low: float | None
    high: float | None
    p: float | None
    p_together: float | None
    word: str
    note: str

    @property
    def sentence(self) -> Sentence:
        """Return the change as people say it: "down 40 on Q2 2026: more than chance"."""
        before = PeriodWords(self.compared_with) if self.compared_with else None
        return moved(self.change, self.word, before, share=self.figure not in ("nps", "activities"))


#: Change, bounds, p-values and word of a figure that there is nothing to compare with.
_NOTHING = (None, None, None, None, None, "cannot tell")


@dataclass(frozen=True, slots=True)
class _Figure:
    """How one figure is taken from the counts: its value, and its change between two periods."""

    name: str
    has_total: bool
    names: Sequence[str]
    value: Callable[[str | None, str], float | None]
    compare: Callable[[str | None, str, str], Change | ActivityChange]
    previous: Callable[[str | None, str], float | None] | None = None  # where it is not the value of the whole period


def changes_of(card: CardData) -> list[FigureChange]:
    """Return the change of every figure of the current period; the total first, then each partner.

    A partner without answers, activities or customers in one of the periods stays in the list, with a note. The total
    has its active share and its influence share, a partner its number of activities. Both are compared with as many
    days of the earlier period where the current one is to date.
    """
    period = card.current
    found: list[FigureChange] = []
    for kind in AGAINST:
        before = earlier(card.periods, period, card.period_kind, kind)
        for figure in _figures(card):
            found += _of_figure(card, figure, kind, before)
    return found


def _of_figure(card: CardData, figure: _Figure, against: Against, before: str | None) -> Iterator[FigureChange]:
    period = card.current
    everybody = [*((None,) if figure.has_total else ()), *figure.names]
    if before is None:
        for who in everybody:
            value = figure.value(who, period)
            yield FigureChange(figure.name, who, against, period, None, None, value, *_NOTHING, NO_DATA)
        return
    whole, others = judged(
        figure.compare(None, before, period),
        [figure.compare(who, before, period) for who in figure.names],
        card.confidence,
    )
    if figure.name == "nps":  # one of three comparisons: its family is larger
        whole = _of_family(comparisons(card, period)[0], against)
        others = [_of_family(family, against) for family in comparisons(card, period, figure.names)]
    for who, one in zip(everybody, [*((whole,) if figure.has_total else ()), *others], strict=True):
        previous, value = (figure.previous or figure.value)(who, before), figure.value(who, period)
        yield FigureChange(
            figure.name,
            who,
            against,
            period,
            before,
            previous,
            value,
            one.change.raw,
            one.change.low,
            one.change.high,
            one.change.p,
            one.together.p,
            one.word,
            NO_DATA if previous is None or value is None else "",
        )


def _of_family(family: Sequence[Comparison], against: Against) -> Judged:
    (one,) = (one for one in family if one.against == against)
    return Judged(one.alone, one.together)


def _figures(card: CardData) -> Iterator[_Figure]:
    names = [partner.name for partner in card.partners]
    yield _nps(card, names)
    if card.has_activities:
        listed = [partner.name for partner in card.partners if partner.listed]
        if card.has_partner_list:
            yield _active_share(card)
        yield _activities(card, listed)
    if card.has_customers:
        yield _share(card, "retention_rate", names if card.customers_have_partners else (), _retained, rate_change)
        if card.customers_have_partners and card.several_partners:
            yield _influence(card)


def _nps(card: CardData, names: Sequence[str]) -> _Figure:
    def scores(who: str | None, period: str) -> ScoreTally:
        return card.total_scores(period) if who is None else card.count(who, period).scores

    return _Figure(
        "nps",
        True,
        names,
        lambda who, period: scores(who, period).nps,
        lambda who, *periods: card.total_nps_change(*periods) if who is None else card.nps_change(who, *periods),
    )


def _activities(card: CardData, names: Sequence[str]) -> _Figure:
    def count(who: str | None, period: str) -> int:
        of = names if who is None else (who,)
        return sum(card.count(name, period).activities for name in of)

    def by_then(who: str | None, before: str) -> int:
        of = names if who is None else (who,)
        return sum(activities_before(card, name, card.current, before) for name in of)

    return _Figure(
        "activities",
        False,  # the advocacy of all together is a share
        names,
        count,
        lambda who, before, after: activity_change(by_then(who, before), count(who, after), confidence=card.confidence),
        by_then,
    )


def _share(
    card: CardData,
    name: str,
    names: Sequence[str],
    counts: Callable[[CardData, str | None, str], tuple[int, int]],
    compare: Callable[..., Change],
) -> _Figure:
    def value(who: str | None, period: str) -> float | None:
        part, total = counts(card, who, period)
        return 100 * part / total if total else None

    return _Figure(
        name,
        True,
        names,
        value,
        lambda who, before, after: compare(
            counts(card, who, before), counts(card, who, after), confidence=card.confidence
        ),
    )


def _active_share(card: CardData) -> _Figure:
    def share(tally: AdvocacyTally | None) -> float | None:
        return tally.active_share if tally is not None else None

    return _Figure(
        "active_share",
        True,
        (),
        lambda _, period: share(card.total_advocacy(period)),
        lambda _, before, after: active_change(card, before, after),
        lambda _, before: share(advocacy_before(card, card.current, before)),
    )


def _retained(card: CardData, who: str | None, period: str) -> tuple[int, int]:
    if who is not None:
        own = card.count(who, period)
        return own.retained, own.customers
    tally = card.total_retention(period)
    return (tally.retained, tally.customers) if tally is not None else (0, 0)


def _influence(card: CardData) -> _Figure:
    def tally(period: str) -> RetentionTally:
        return card.total_retention(period) or RetentionTally()

    return _Figure(
        "influence_share",
        True,
        (),
        lambda _, period: tally(period).influence_share,
        lambda _, before, after: influence_change(tally(before), tally(after), confidence=card.confidence),
    )
