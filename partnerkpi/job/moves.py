"""How figures moved from one scorecard to the next, and whether by more than chance, by the tests of the scorecard.

Where both are of the same period, answers are counted in both: then those that came in between are tested against those
that were there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.movement import ActivityChange, judged, rate_change
from partnerkpi.kpi.scores import Change, ScoreTally, change
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.changes import FigureChange
from partnerkpi.scorecard.parts import Counts

_UNTESTED = Change(None, None, None, None, None, None, "cannot tell")


@dataclass(frozen=True, slots=True)
class Move:
    """One figure in both scorecards; `partner` None is all together.

    `tested` says what was held against what: "periods" are two periods, "answers" those that came in since against
    those that were there, "" nothing, because nothing can be tested. `p_together` has Holm's correction over partners.
    """

    partner: str | None
    figure: str
    before: float | None
    now: float | None
    change: float | None
    p: float | None
    p_together: float | None
    word: str
    tested: str

    @property
    def shown(self) -> bool:
        """Tell whether it moved by more than chance."""
        return self.word in ("up", "down")


def moves_of(first: Scorecard, last: Scorecard, same: Mapping[str, str | None]) -> list[Move]:
    """Return the figures of both scorecards; `same` has the name in the first one of each partner of the last one."""
    before, now = first.current, last.current
    if before == now:
        return _within(first, last, same)
    against = {last.year_before(now): "year", last.previous_of(now): "previous"}.get(before)
    if against is not None:
        return [_as_compared(one) for one in last.changes if one.against == against]
    return _across(first, last, same)


def _as_compared(one: FigureChange) -> Move:
    return Move(
        *(one.partner, one.figure, one.previous, one.value, one.change, one.p, one.p_together),
        word=one.word,
        tested="periods" if one.p is not None else "",
    )


Sides = tuple[Counts, Counts]


def _within(first: Scorecard, last: Scorecard, same: Mapping[str, str | None]) -> list[Move]:
    """Compare two scorecards of one period: what came in since is tested against what was there."""
    period = last.current

    def sides(name: str) -> Sides:
        was = same.get(name)
        return first.count(was, period) if was is not None else Counts(), last.count(name, period)

    whole = _whole(first, period), _whole(last, period)
    return _tested(last, [*same], whole, sides, _came_in, "answers") + _shares(first, last)


def _across(first: Scorecard, last: Scorecard, same: Mapping[str, str | None]) -> list[Move]:
    """Compare two periods that are further apart; of the earlier one the new scorecard's counts, if it has them."""

    def sides(name: str) -> Sides:
        now = last.count(name, last.current)
        if first.current in last.periods:
            return last.count(name, first.current), now
        was = same.get(name)
        return first.count(was, first.current) if was is not None else Counts(), now

    earlier = last if first.current in last.periods else first
    whole = _whole(earlier, first.current), _whole(last, last.current)
    return _tested(last, [*same], whole, sides, lambda both: both, "periods") + _shares(first, last)


def _whole(card: Scorecard, period: str) -> Counts:
    """Return what was counted of all together in a period."""
    customers = card.total_retention(period)
    kept = (customers.customers, customers.retained) if customers is not None else (0, 0)
    return Counts(card.total_scores(period), None, 0, *kept)


def _shares(first: Scorecard, last: Scorecard) -> list[Move]:
    """Return the two shares of all partners, which are not tested between two scorecards."""
    found = []
    for figure, values in (
        ("active_share", [card.total_advocacy(card.current) for card in (first, last)]),
        ("influence_share", [card.total_retention(card.current) for card in (first, last)]),
    ):
        before, now = (getattr(one, figure) if one is not None else None for one in values)
        if figure == "influence_share" and not (last.customers_have_partners and last.several_partners):
            continue
        if before is not None or now is not None:
            moved = now - before if before is not None and now is not None else None
            found.append(Move(None, figure, before, now, moved, None, *_NO_TEST))
    return found


def _came_in(sides: Sides) -> Sides | None:
    """Return what was there and what came in since; None where something is gone or another by now."""
    old, new = sides
    bands = [now - was for was, now in zip(old.scores.bands, new.scores.bands, strict=True)]
    customers, retained = new.customers - old.customers, new.retained - old.retained
    if min(bands) < 0:
        return None
    added = replace(new, scores=ScoreTally(*bands), customers=0, retained=0)
    if 0 <= retained <= customers:
        added = replace(added, customers=customers, retained=retained)
    return old, added


def _tested(
    card: Scorecard,
    partners: Sequence[str],
    everything: Sides,
    sides: Callable[[str], Sides],
    against: Callable[[Sides], Sides | None],
    how: str,
) -> list[Move]:
    every = {name: sides(name) for name in partners}
    level = card.confidence

    def nps(both: Sides) -> Change:
        held = against(both)
        return change(held[0].scores, held[1].scores, confidence=level) if held is not None else _UNTESTED

    def kept(both: Sides) -> Change:
        held = against(both)
        if held is None or not held[1].customers:
            return _UNTESTED
        return rate_change(*((one.retained, one.customers) for one in held), confidence=level)

    found = _of("nps", everything, every, partners, lambda one: one.scores.nps, nps, how, level)
    if card.has_customers:
        whom = partners if card.customers_have_partners else []
        found += _of("retention_rate", everything, every, whom, _rate, kept, how, level)
    if card.has_activities:
        found += [
            Move(name, "activities", both[0].activities, both[1].activities, _step(both), None, *_NO_TEST)
            for name, both in every.items()
        ]
    return [one for one in found if one.before is not None or one.now is not None]


#: Of a move that nothing was tested of: p of all together, the word, and what was tested.
_NO_TEST = (None, "cannot tell", "")


def _step(both: Sides) -> float:
    return float(both[1].activities - both[0].activities)


def _rate(one: Counts) -> float | None:
    return 100 * one.retained / one.customers if one.customers else None


def _of(
    figure: str,
    everything: Sides,
    every: Mapping[str, Sides],
    partners: Sequence[str],
    value: Callable[[Counts], float | None],
    test: Callable[[Sides], Change],
    how: str,
    level: float,
) -> list[Move]:
    whole, others = judged(test(everything), [test(every[name]) for name in partners], level)
    moves = []
    for name, both, one in zip(
        (None, *partners), (everything, *(every[name] for name in partners)), (whole, *others), strict=True
    ):
        before, now = value(both[0]), value(both[1])
        moved = now - before if before is not None and now is not None else None
        tested: Change | ActivityChange = one.change
        word = one.word if moved else "cannot tell"
        moves.append(
            Move(name, figure, before, now, moved, tested.p, one.together.p, word, how if tested.p is not None else "")
        )
    return moves
