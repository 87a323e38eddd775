"""The three comparisons of an NPS in a scorecard: which periods are compared, and which comparison is spoken of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.comparisons import (
    AsCompared,
    Compared,
    Comparison,
    families,
    leading,
    strongest,
    too_few_to_tell,
)
from partnerkpi.kpi.conditional import NO_PAIRS, Pairs
from partnerkpi.kpi.movement import judged_together, rate_change
from partnerkpi.kpi.scores import ScoreTally, chance_of, change
from partnerkpi.language.figures import moved_nps, over_periods
from partnerkpi.language.sentence import PeriodWords, Sentence
from partnerkpi.scorecard.counted import Counted
from partnerkpi.scorecard.parts import Counts, Line, Moved


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a period is compared with: the one before, the same a year before, and its window with as many before it.

    None, or no periods, where the data do not reach back so far.
    """

    previous: str | None
    year: str | None
    window: tuple[str, ...] = ()
    window_before: tuple[str, ...] = ()

    def sides(
        self, period: str, scores: Callable[[str], ScoreTally], paired: Callable[[str, str], Pairs]
    ) -> Iterator[tuple[Compared, ScoreTally, ScoreTally, Pairs]]:
        """Yield what is compared of one NPS: both sides, and the persons on either.

        `paired` gives the persons who answered in an earlier period and in this one. Over several periods a person has
        answered several times, so that there are no pairs.
        """
        earlier: tuple[tuple[Compared, str | None], ...] = ("previous", self.previous), ("year", self.year)
        for against, before in earlier:
            if before is not None:
                yield against, scores(before), scores(period), paired(before, period)
        if self.window_before:
            first, last = (
                ScoreTally.pooled(scores(label) for label in labels) for labels in (self.window_before, self.window)
            )
            yield "rolling", first, last, NO_PAIRS

    def compared(
        self,
        period: str,
        scores: Callable[[str], ScoreTally],
        paired: Callable[[str, str], Pairs],
        confidence: float,
    ) -> Iterator[AsCompared]:
        """Yield the comparisons of one NPS, each judged by itself; `sides` tells them."""
        for against, before, after, pairs in self.sides(period, scores, paired):
            alone = change(before, after, confidence=confidence, pairs=pairs)
            yield AsCompared(against, before, after, alone, pairs)


def earlier_of(card: Counted, period: str) -> Earlier:
    """Return what a period is compared with; a window of one period is that period itself, so it has none."""
    length, end = card.rules.options.rolling, card.periods.index(period) + 1
    window, reaches = tuple(card.periods[max(0, end - length) : end]), length > 1 and end >= 2 * length
    before = tuple(card.periods[end - 2 * length : end - length]) if reaches else ()
    return Earlier(card.previous_of(period), card.year_before(period), window, before)


def comparisons(card: Counted, period: str, names: Sequence[str | None] = (None,)) -> list[tuple[Comparison, ...]]:
    """Return the three comparisons of an NPS, of all answers or of the partners named, all of them one family."""
    earlier = earlier_of(card, period)

    def compared(who: str | None) -> list[AsCompared]:
        if who is None:
            return list(earlier.compared(period, card.total_scores, card.total_pairs, card.confidence))
        own = partial(card.pairs_of, who)
        return list(earlier.compared(period, lambda label: card.count(who, label).scores, own, card.confidence))

    return families([compared(who) for who in names], card.confidence)


def chances(card: Counted, period: str, names: Iterable[str]) -> list[dict[Compared, float | None]]:
    """Return the p of each comparison of some partners' NPS by itself, without all else that a comparison tells."""
    earlier = earlier_of(card, period)

    def of_partner(name: str) -> dict[Compared, float | None]:
        sides = earlier.sides(period, lambda label: card.count(name, label).scores, partial(card.pairs_of, name))
        return {against: chance_of(before, after, pairs) for against, before, after, pairs in sides}

    return [of_partner(name) for name in names]


def in_family(line: Line, family: Sequence[Comparison]) -> Line:
    """Return a line whose change since the period before has the word that it has in its family."""
    for one in family:
        if one.against == "previous":
            moved = replace(line.nps_change, word=one.together.word)
            return replace(line, nps_change=moved, nps_p_together=one.together.p, comparisons=tuple(family))
    return replace(line, comparisons=tuple(family))


def leading_comparison(line: Line) -> Comparison | None:
    """Return the comparison of the period itself to speak of: the stronger that holds, else the first that there is."""
    return leading([one for one in line.comparisons if one.against != "rolling"])


def rolled(line: Line) -> Comparison | None:
    """Return the comparison over several periods where it is the strongest that holds: then it leads."""
    lead = strongest(line.comparisons)
    return lead if lead is not None and lead.against == "rolling" else None


def moved_words(line: Line, earlier: Earlier, confidence: float) -> Sentence:
    """Return how the NPS of a period moved in words: "up 11 on Q2 2026: more than chance"."""
    one = leading_comparison(line)
    if one is None:
        return moved_nps(None, "cannot tell", None, None, few=True)
    label = earlier.previous if one.against == "previous" else earlier.year
    return moved_nps(
        one.alone.raw,
        one.together.word,
        PeriodWords(label) if label is not None else None,
        one.before.nps,
        few=too_few_to_tell(one.before, one.after, one.pairs, confidence=confidence),
    )


def lead_words(line: Line, earlier: Earlier, kind: str) -> Sentence | None:
    """Return what leads where it is the NPS of several periods together; None where the period itself leads."""
    one = rolled(line)
    if one is None or one.alone.raw is None or one.after.nps is None:
        return None
    return over_periods(one.after.nps, one.alone.raw, one.together.word, len(earlier.window), kind)


def rates_moved(counts: Mapping[str, tuple[Counts, Counts]], confidence: float) -> dict[str, Moved]:
    """Return how the retention rate of each partner moved from its first counts to its second, judged together."""
    sides = (((old.retained, old.customers), (new.retained, new.customers)) for old, new in counts.values())
    together = judged_together([rate_change(old, new, confidence=confidence) for old, new in sides], confidence)
    return {name: Moved.of(one, confidence) for name, one in zip(counts, together, strict=True)}
