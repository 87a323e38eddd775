"""Whose NPS is shown to have moved: of all, of segments and of partners, in one of three comparisons or over time.

The comparisons of one figure are a family of their own for all together; those of all segments are one, and those of
all partners. A slope over all periods is another question, asked of all segments together and of all partners.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.comparisons import AsCompared, Comparison, Slope, families, nps_slope, strongest
from partnerkpi.kpi.conditional import NO_PAIRS
from partnerkpi.kpi.intervals import holm
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import PERIODS, whole
from partnerkpi.language.sentence import PeriodWords, Sentence
from partnerkpi.scorecard.comparing import Earlier, earlier_of
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.findings.segments import shown_segments
from partnerkpi.scorecard.parts import Segment


@dataclass(frozen=True, slots=True)
class Fall:
    """One NPS that fell: of a partner, of a segment, or of all, by how much, and the p in its family."""

    points: float
    p: float | None
    sentence: Sentence
    partner: str | None = None
    segment: Segment | None = None


@dataclass(frozen=True, slots=True)
class _Followed:
    """One NPS over all periods up to the current one, and its comparisons as their family judges them."""

    tallies: Sequence[ScoreTally]
    family: Sequence[Comparison]
    partner: str | None = None
    segment: Segment | None = None


def falls_of(card: CardData, period: str) -> Iterator[Fall]:
    """Yield the NPS that fell by more than chance, that of all first, then those of segments, then of partners."""
    view, labels = card.view(period), card.window(period, len(card.periods))
    whole_one = _Followed([card.total_scores(label) for label in labels], view.total.comparisons)
    partners = [
        _Followed([card.count(name, label).scores for label in labels], line.comparisons, partner=name)
        for name, line in view.partners.items()
    ]
    for group in ([whole_one], _segments(card, period, labels), partners):
        yield from _together(card, group, earlier_of(card, period))


def risen(card: CardData, period: str) -> list[str]:
    """Return the partners whose NPS rose by more than chance in one of the three comparisons, judged together."""
    lines = card.view(period).partners.items()
    leads = ((name, strongest(line.comparisons)) for name, line in lines)
    return [name for name, lead in leads if lead is not None and lead.together.word == "up"]


def segment_families(card: CardData, period: str) -> list[tuple[Segment, tuple[Comparison, ...]]]:
    """Return the segments that are shown with their comparisons, those of all of them one family.

    Answers that name no value are a segment as well; what is too small and counted together is none. A window with a
    period in which a segment is not shown is not compared.
    """
    earlier = earlier_of(card, period)
    shown = [one for one in shown_segments(card) if not one.others]
    judged = families([_compared(one, earlier, period, card.confidence) for one in shown], card.confidence)
    return list(zip(shown, judged, strict=True))


def _segments(card: CardData, period: str, labels: Sequence[str]) -> list[_Followed]:
    """Return the segments that have a value: whose it would be, an alert about others could not say."""
    return [
        _Followed([one.tallies[label] or ScoreTally() for label in labels], family, segment=one)
        for one, family in segment_families(card, period)
        if one.value is not None
    ]


def _compared(one: Segment, earlier: Earlier, period: str, confidence: float) -> list[AsCompared]:
    hidden = any(one.tallies[label] is None for label in (*earlier.window, *earlier.window_before))
    made = earlier.compared(
        period,
        lambda label: one.tallies[label] or ScoreTally(),
        lambda before, after: one.pairs.get((before, after), NO_PAIRS),
        confidence,
    )
    return [each for each in made if each.against != "rolling" or not hidden]


def _together(card: CardData, followed: Sequence[_Followed], earlier: Earlier) -> Iterator[Fall]:
    slopes = [nps_slope(one.tallies, confidence=card.confidence) for one in followed]
    adjusted = holm([slope.p if slope is not None else None for slope in slopes])
    for one, slope, p in zip(followed, slopes, adjusted, strict=True):
        lead = strongest(one.family)
        if lead is not None and lead.together.word == "down" and lead.alone.raw is not None:
            told = _since(lead, lead.alone.raw, earlier, card.period_kind)
            yield Fall(lead.alone.raw, lead.together.p, told, one.partner, one.segment)
        elif slope is not None and slope.with_p(p, card.confidence).word == "down" and one.tallies[-1].responses:
            known = [place for place, tally in enumerate(one.tallies) if tally.responses]
            first, last = (one.tallies[place].nps or 0.0 for place in (known[0], known[-1]))
            if last >= first:
                continue  # larger periods in between pull the line down: nobody would say that it fell
            points = slope.points * (known[-1] - known[0])
            yield Fall(points, p, _over_all(slope, points, one.tallies[-1]), one.partner, one.segment)


def _since(one: Comparison, points: float, earlier: Earlier, kind: str) -> Sentence:
    nps = whole(one.after.nps or 0.0)
    if one.against == "rolling":
        number = len(earlier.window)
        return Sentence(
            "NPS over {periods} down {points} on the {number} before, to {nps}",
            periods=Sentence(PERIODS[kind], n=number),
            points=whole(-points),
            number=number,
            nps=nps,
        )
    before = earlier.previous if one.against == "previous" else earlier.year
    return Sentence(
        "NPS down {points} since {period}, to {nps}", points=whole(-points), period=PeriodWords(before or ""), nps=nps
    )


def _over_all(slope: Slope, points: float, now: ScoreTally) -> Sentence:
    return Sentence(
        "NPS falling over {number} periods, by about {points} in all, to {nps}",
        points=whole(-points),
        number=slope.periods,
        nps=whole(now.nps or 0.0),
    )
