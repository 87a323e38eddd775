"""Partners in order: rank, quartile, distance from their peers, and the ranks that chance could have given them.

What is said of one partner never contradicts itself: its rank lies within the ranks that are possible, whoever is above
or below its peers is not last or first, and stands in the half of the order where that is.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Literal

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.checks import whole_number
from partnerkpi.kpi.intervals import STANDARD_NORMAL, holm, shrink, z_value
from partnerkpi.kpi.scores import Change, ScoreTally, change

Standing = Literal["above", "below", "cannot tell"]

# a quarter of fewer partners than this is no partner
_QUARTERS = 4
# so many digits decide the order: beyond them two programs find the same figures different
_DIGITS = 9

_UNTESTED = Change(None, None, None, None, None, None, "cannot tell")
_STANDINGS: dict[str, Standing] = {"up": "above", "down": "below", "cannot tell": "cannot tell"}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One partner among all: where it stands, and how sure that is.

    `rank` 1 is the best, and quartile 1 the best quarter. `first_rank` and `last_rank` are the best and the worst rank
    that the answers do not contradict. `against_peers` is the step from the NPS of its peers' answers to the partner's
    own, `p_together` its p-value with Holm's correction over all partners, and `standing` what that says. None is no
    data, or too few answers: then nothing but the scores is known.
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


def ranking(tallies: Mapping[str, ScoreTally], confidence: float = 0.95, *, min_responses: int = 5) -> list[Ranked]:
    """Put partners in the order of their shrunk NPS, best first; those with too few answers come last, without rank.

    Equal ones are ordered by raw NPS, by answers, then by name. Quartiles are those of the order, and there are none
    below four partners. The peers of a partner are the others with `min_responses` answers or more; it is tested
    against their answers together as one period is against another. Possible ranks are those of `rank_bounds`, which
    follow what is said of the peers: whoever is above them is not last, whoever is the first for sure is above them.
    A standing that the order does not bear out, as where most of the peers' answers are those of one, is "cannot tell"
    without a `p_together`. KpiValueError for a confidence outside 0..1 or a minimum that is no number of answers.
    (0, 0, 9), (10, 20, 70), (40, 40, 20) come in this order and can be first to second, first to second, third.
    """
    z_value(confidence)  # refuses what is no confidence
    order, others = in_order(tallies, min_responses)
    shrunk = dict(zip(tallies, shrunk_nps(list(tallies.values())), strict=True))
    together = ScoreTally.pooled(tallies[name] for name in order)
    against = [change(_without(together, tallies[name]), tallies[name], confidence=confidence) for name in order]
    p_values = holm([one.p for one in against])
    bounds = rank_bounds([tallies[name] for name in order], confidence)
    rows = []
    for position, name in enumerate(order):
        quartile = 1 + _QUARTERS * position // len(order) if len(order) >= _QUARTERS else None
        standing = _STANDINGS[against[position].with_p(p_values[position], confidence).word]
        borne_out = _agrees(standing, position + 1, quartile, len(order))
        standing = standing if borne_out else "cannot tell"
        first, last = _within(bounds[position], position + 1, standing, len(order))
        rows.append(
            Ranked(
                name,
                tallies[name],
                shrunk[name],
                position + 1,
                quartile,
                first,
                last,
                against[position],
                p_values[position] if borne_out else None,
                standing,
            )
        )
    return rows + [Ranked(name, tallies[name], shrunk[name]) for name in others]


def in_order(tallies: Mapping[str, ScoreTally], min_responses: int = 5) -> tuple[list[str], list[str]]:
    """Return the partners with enough answers, best first, and those below the line, the ones without answers last.

    By shrunk NPS, then by raw NPS, by answers and by name, as `ranking` says. KpiValueError for a minimum that is no
    number of answers; one answer is the least.
    """
    fewest = max(1, whole_number(min_responses, "minimum number of responses"))
    shrunk = dict(zip(tallies, shrunk_nps(list(tallies.values())), strict=True))

    def place(name: str) -> tuple[bool, float, float, int, str, str]:
        tally, points = tallies[name], shrunk[name]
        first = -round(points or 0.0, _DIGITS), -(tally.nps or 0.0), -tally.responses
        return points is None, *first, name.casefold(), name

    names = sorted(tallies, key=place)
    enough = {name for name in names if tallies[name].responses >= fewest}
    return [name for name in names if name in enough], [name for name in names if name not in enough]


def _agrees(standing: Standing, rank: int, quartile: int | None, partners: int) -> bool:
    """Tell whether a standing lies in the half of the order where it belongs; of three, the middle one may be both."""
    if standing == "above":
        return rank < partners if quartile is None else 2 * quartile <= _QUARTERS
    if standing == "below":
        return rank > 1 if quartile is None else 2 * quartile > _QUARTERS
    return True


def _within(bounds: tuple[int, int], rank: int, standing: Standing, partners: int) -> tuple[int, int]:
    """Return possible ranks that hold the shown one, which knows of shrinkage, and agree with the standing.

    Whoever is above its peers is better than one of them; who alone can be first is above them all.
    """
    first, last = bounds
    if standing == "above":
        last = min(last, partners - 1)
    elif partners > 1:
        last = max(last, 2)
    if standing == "below":
        first = max(first, 2)
    elif partners > 1:
        first = min(first, partners - 1)
    return min(first, rank), max(last, rank)


def _without(everybody: ScoreTally, one: ScoreTally) -> ScoreTally:
    return ScoreTally(
        everybody.detractors - one.detractors, everybody.passives - one.passives, everybody.promoters - one.promoters
    )


def answer_variance(tallies: Sequence[ScoreTally]) -> float | None:
    """Return the variance of a single answer around its partner's NPS, pooled over partners, in points^2.

    sum(P + D - (P - D)^2 / n) / (answers - partners with answers), times 100^2. Where no partner has two different
    answers it is that of all answers around the NPS of all; None where those are all alike, or there are none.
    (0, 0, 9), (10, 20, 70), (40, 40, 20): 4854.3689.
    """
    known = [tally for tally in tallies if tally.responses]
    if not known:
        return None
    within = math.fsum(_squares(tally) for tally in known)
    everything = ScoreTally.pooled(known)
    if within > 0:
        return 10_000 * within / (everything.responses - len(known))
    whole = _squares(everything)
    return 10_000 * whole / (everything.responses - 1) if whole > 0 else None


def _squares(tally: ScoreTally) -> float:
    """Return the sum of the squared distances of the answers, -1, 0 or 1, from their mean."""
    lead = tally.promoters - tally.detractors
    return tally.promoters + tally.detractors - lead * lead / tally.responses


def shrunk_nps(tallies: Sequence[ScoreTally]) -> list[float | None]:
    """Return each partner's NPS pulled towards all partners' mean, to rank few answers beside many; None stays None.

    In NPS points, same order. The raw NPS stays what is shown. `shrink` with the variance of a single answer, which is
    that of all partners (`answer_variance`), divided by the partner's answers: its own would make three answers that
    agree look certain. (0, 0, 9), (10, 20, 70), (40, 40, 20) with NPS 100, 60, -20 become 92.0354, 59.7672,
    -19.0504.
    """
    variance = answer_variance(tallies)
    points = [tally.nps for tally in tallies]
    if variance is None:
        return points
    return shrink(points, [variance / tally.responses if tally.responses else None for tally in tallies])


def rank_bounds(tallies: Sequence[ScoreTally], confidence: float = 0.95) -> list[tuple[int, int]]:
    """Return for each tally the best and the worst rank, 1 is the best, that the answers do not contradict.

    All pairs are compared, with Holm's correction over the pairs; a tally that is shown to be below two others is third
    at best. So all the true ranks lie within their bounds at once with the given confidence: Mogstad, Romano, Shaikh
    and Wilhelm 2024, Review of Economic Studies 91. The test of a pair is the conditional one of `change` in its normal
    form, with a continuity correction that holds its level also where few answers stand against many: given the pooled
    counts, z = (|P1 - D1 - mean| - 1/2) / standard deviation, both of the multivariate hypergeometric distribution. A
    tally with fewer than two answers can have any rank. KpiValueError for a confidence outside 0..1. (0, 0, 9),
    (10, 20, 70), (40, 40, 20) can be first to second, first to second, third.
    """
    z_value(confidence)  # refuses what is no confidence
    known = sorted(
        (
            (tally.promoters - tally.detractors, tally.responses, tally.promoters + tally.detractors, position)
            for position, tally in enumerate(tallies)
            if tally.responses > 1
        ),
        key=lambda one: one[0] / one[1],
        reverse=True,
    )
    limit = _limit(known, confidence)
    better, worse = [0] * len(tallies), [0] * len(tallies)
    for upper, one in enumerate(known):
        below = [
            position
            for square, (*_, position) in zip(_squared_z(one, known[upper + 1 :]), known[upper + 1 :], strict=True)
            if square > limit
        ]
        worse[one[3]] = len(below)
        for position in below:
            better[position] += 1
    return [(1 + above, len(tallies) - below) for above, below in zip(better, worse, strict=True)]


#: What a test of pairs needs of a tally: promoters less detractors, answers, promoters and detractors, its position.
_Place = tuple[int, int, int, int]


def _squared_z(one: _Place, others: Sequence[_Place]) -> list[float]:
    """Return the squared z of a tally against each that has no higher NPS; 0 where the difference is a chance's step.

    With l, n, o of the three counts and N, L, O of both together it is
    (l1 n2 - l2 n1 - N / 2)^2 (N - 1) / (n1 n2 (O N - L^2)).
    """
    lead, answers, outer, _ = one
    squares = []
    for other_lead, other_answers, other_outer, _ in others:
        both = answers + other_answers
        step = lead * other_answers - other_lead * answers - both / 2
        if step <= 0:
            squares.append(0.0)
            continue
        spread = (outer + other_outer) * both - (lead + other_lead) ** 2
        squares.append(step * step * (both - 1) / (answers * other_answers * spread))
    return squares


def _limit(known: Sequence[_Place], confidence: float) -> float:
    """Return the squared z above which Holm's correction over all pairs shows a difference."""
    pairs = len(known) * (len(known) - 1) // 2

    def squared_z(among: int) -> float:
        return STANDARD_NORMAL.inv_cdf((1 - confidence) / max(1, among) / 2) ** 2

    strictest, mildest = squared_z(pairs), squared_z(1)
    certain = 0
    open_ones: list[float] = []
    for upper, one in enumerate(known):
        possible = [square for square in _squared_z(one, known[upper + 1 :]) if square > mildest]
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
