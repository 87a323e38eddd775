"""Partners in order: rank, quartile, distance from their peers, and the ranks that chance could have given them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from partnerkpi.kpi.intervals import STANDARD_NORMAL, holm, z_value
from partnerkpi.kpi.scores import Change, ScoreTally, change, shrunk_nps, word_of

Standing = Literal["above", "below", "cannot tell"]

# a quarter of fewer partners than this is no partner
_QUARTERS = 4

_UNTESTED = Change(None, None, None, None, None, None, "cannot tell")
_STANDINGS: dict[str, Standing] = {"up": "above", "down": "below", "cannot tell": "cannot tell"}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One partner among all: where it stands, and how sure that is.

    `rank` 1 is the best, and quartile 1 the best quarter. `first_rank` and `last_rank` are the best and the worst rank
    that the answers do not contradict. `against_peers` is the step from the NPS of all other partners' answers to the
    partner's own, `p_together` its p-value with Holm's correction over all partners, and `standing` what that says.
    None is no data: a rank needs one answer, a test two.
    """

    name: str
    tally: ScoreTally
    shrunk: float | None = None
    rank: int | None = None
    quartile: int | None = None
    first_rank: int | None = None
    last_rank: int | None = None
    against_peers: Change = _UNTESTED
    p_together: float | None = None
    standing: Standing = "cannot tell"


def ranking(tallies: Mapping[str, ScoreTally], confidence: float = 0.95) -> list[Ranked]:
    """Put partners in the order of their shrunk NPS, best first; those without answers come last and have no rank.

    Equal ones are ordered by raw NPS, by answers, then by name. Quartiles are those of the order, and there are none
    below four partners. Against its peers a partner is tested as one period is against another: the z of
    `against_peers` is (x' - x' of the others) / sqrt(se^2 + se^2 of the others), Rocks 2016. KpiValueError for a
    confidence outside 0..1. (0, 0, 2), (10, 20, 70), (40, 40, 20) come in this order, and can be first to third, first
    to second, second to third.
    """
    z_value(confidence)  # refuses what is no confidence
    shrunk = dict(zip(tallies, shrunk_nps(list(tallies.values())), strict=True))

    def place(name: str) -> tuple[float, float, int, str, str]:
        tally = tallies[name]
        return -(shrunk[name] or 0), -(tally.nps or 0), -tally.responses, name.casefold(), name

    order = sorted((name for name in tallies if shrunk[name] is not None), key=place)
    silent = sorted((name for name in tallies if shrunk[name] is None), key=place)
    everybody = sum(tallies.values(), ScoreTally())
    against = [change(_without(everybody, tallies[name]), tallies[name], confidence=confidence) for name in order]
    together = holm([one.p for one in against])
    bounds = rank_bounds([tallies[name] for name in order], confidence)
    rows = []
    for position, name in enumerate(order):
        first, last = bounds[position]
        p = together[position]
        rows.append(
            Ranked(
                name,
                tallies[name],
                shrunk[name],
                position + 1,
                1 + _QUARTERS * position // len(order) if len(order) >= _QUARTERS else None,
                # the test knows nothing of shrinkage: the rank that is shown belongs to what cannot be told apart
                min(first, position + 1),
                max(last, position + 1),
                against[position],
                p,
                _STANDINGS[word_of(against[position].adjusted, p, confidence)],
            )
        )
    return rows + [Ranked(name, tallies[name]) for name in silent]


def _without(everybody: ScoreTally, one: ScoreTally) -> ScoreTally:
    return ScoreTally(
        everybody.detractors - one.detractors, everybody.passives - one.passives, everybody.promoters - one.promoters
    )


def rank_bounds(tallies: Sequence[ScoreTally], confidence: float = 0.95) -> list[tuple[int, int]]:
    """Return for each tally the best and the worst rank, 1 is the best, that the answers do not contradict.

    All pairs are compared, each as two periods are, with Holm's correction over the pairs; a tally that is shown to be
    below two others is third at best. So all the true ranks lie within their bounds at once with the given confidence:
    Mogstad, Romano, Shaikh and Wilhelm 2024, Review of Economic Studies 91. A tally with fewer than two answers can
    have any rank. KpiValueError for a confidence outside 0..1. (0, 0, 2), (10, 20, 70), (40, 40, 20) can be first to
    third, first to second, second to third.
    """
    z_value(confidence)  # refuses what is no confidence
    known = []
    for position, tally in enumerate(tallies):
        point = tally.adjusted()
        if point is not None and tally.responses > 1:
            known.append((point.points, point.standard_error**2, position))
    known.sort(reverse=True)
    limit = _limit(known, confidence)
    better, worse = [0] * len(tallies), [0] * len(tallies)
    for upper, (points, variance, position) in enumerate(known):
        below = [
            other
            for lower, own_variance, other in known[upper + 1 :]
            if (lead := points - lower) * lead > limit * (variance + own_variance)
        ]
        worse[position] = len(below)
        for other in below:
            better[other] += 1
    return [(1 + above, len(tallies) - below) for above, below in zip(better, worse, strict=True)]


def _limit(known: Sequence[tuple[float, float, int]], confidence: float) -> float:
    """Return the squared z above which Holm's correction over all pairs shows a difference."""
    pairs = len(known) * (len(known) - 1) // 2

    def squared_z(among: int) -> float:
        return STANDARD_NORMAL.inv_cdf((1 - confidence) / max(1, among) / 2) ** 2

    strictest, mildest = squared_z(pairs), squared_z(1)
    certain = 0
    open_ones: list[float] = []
    for upper, (points, variance, _) in enumerate(known):
        squares = [
            (lead := points - lower) * lead / (variance + own_variance) for lower, own_variance, _ in known[upper + 1 :]
        ]
        possible = [square for square in squares if square > mildest]
        left_open = [square for square in possible if square <= strictest]
        certain += len(possible) - len(left_open)
        open_ones += left_open
    # Holm's steps, many at a time: what is shown with one limit lowers the limit for the rest
    open_ones.sort()
    shown = certain
    while True:
        limit = squared_z(pairs - shown)
        now = certain + len(open_ones) - bisect_right(open_ones, limit)
        if now == shown:
            return limit
        shown = now
