"""How sure an NPS is: how many people it could have been asked of, and which of its two intervals a sentence uses.

Of these partners, where those that answered are most of the list; otherwise clustered, as if they stood for others. A
full count has no interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.clustered import Clustered
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.parts import Counts

#: How an interval is to be read: of these partners, clustered by partner, or none beside a full count.
Reading = Literal["these partners", "other partners", "full count"]

#: Partners worth this share of the list, in per cent, are the list.
MOST = 80


def population_of(counts: Iterable[Counts]) -> int | None:
    """Return how many people could have answered; None unless that is known of all whose answers count.

    `counts` are those of one period by partner, silent ones too, in a survey in which nobody answers twice. Where there
    are more answers than invitations it is not known. 30 answers of 40 and none of 10 have a population of 50.
    """
    known = [one for one in counts if one.scores.responses or one.invited is not None]
    if any(one.invited is None or one.scores.responses > one.invited for one in known):
        return None
    return sum(one.invited or 0 for one in known) or None


def heard(listed: Sequence[Counts]) -> float | None:
    """Return which part of the partners on the list answered, in per cent; None without any.

    By the people invited where that is known of all of them, else by their number: of 3 partners with 50, 40 and 10
    invited, of which the last is silent, 90.
    """
    invited = [one.invited for one in listed]
    weights = [one or 0 for one in invited] if None not in invited and any(invited) else [1] * len(listed)
    if not listed:
        return None
    answered = sum(weight for weight, one in zip(weights, listed, strict=True) if one.scores.responses)
    return 100 * answered / sum(weights)


@dataclass(frozen=True, slots=True)
class Silent:
    """Those who were invited and did not answer: their number, their share of all invited, and what they can change.

    `if_passive` is the NPS if all of them were passive, `if_detractors` if all were detractors.
    """

    people: int
    share: float
    if_passive: float
    if_detractors: float


def silent(scores: ScoreTally, invited: int, answered: int) -> Silent | None:
    """Return what those who did not answer can change; None where everybody did, or nobody.

    `answered` are the answers of partners whose number of invited people is known. (2, 5, 23) of 75: 60 % were silent;
    28 if all were passive, -32 if all were detractors.
    """
    people = invited - answered
    if people <= 0 or not scores.responses:
        return None
    lead, everybody = scores.promoters - scores.detractors, scores.responses + people
    return Silent(people, 100 * people / invited, 100 * lead / everybody, 100 * (lead - people) / everybody)


def reading_of(
    responses: int, population: int | None, heard_share: float | None, clustered: Clustered | None
) -> Reading | None:
    """Return how the interval in a sentence is to be read; None where nothing can be said of partners.

    `heard_share` is None where no list of partners was given.
    """
    if responses and population == responses:
        return "full count"
    if clustered is None:
        return None
    return "these partners" if heard_share is not None and heard_share >= MOST else "other partners"


def rating_of(benchmark: Benchmark, scores: ScoreTally, fewest: int) -> str | None:
    """Return the rating of an NPS; fewer answers than the minimum have none."""
    return None if scores.few_responses(fewest) else benchmark.rating(scores.nps)


def flags_of(scores: ScoreTally, fewest: int) -> tuple[str, ...]:
    """Return what is to be said of answers: none at all, or fewer than the minimum."""
    if scores.responses == 0:
        return ("no data",)
    return ("few responses",) if scores.few_responses(fewest) else ()
