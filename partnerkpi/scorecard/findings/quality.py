"""How much the answers can carry: who was asked, who answered, what revenue that is, and what is too little."""

from __future__ import annotations

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.intervals import Interval, wilson
from partnerkpi.kpi.scores import response_rate
from partnerkpi.language.figures import whole
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.parts import Partner
from partnerkpi.tally.used_answers import People

#: An interval wider than this to either side spans more than a whole band of the default benchmarks.
WIDE = 20
#: One partner with more than this share of the answers speaks for all.
DOMINANT = 50
#: Less than this share of the revenue has been heard.
HEARD_VALUE = 50
#: More than this share of the partners has not answered enough.
UNHEARD_PARTNERS = 50


@dataclass(frozen=True, slots=True)
class PartnerQuality:
    """What may be leaned on of one partner's answers; shares are 0..100, None is no data."""

    partner: str
    tier: str | None
    responses: int
    invited: int | None
    response_rate: float | None
    rate_interval: Interval | None
    answer_share: float | None
    value_share: float | None
    silent_periods: int
    ever_answered: bool
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which part of some partners gave enough answers: how many, and how much of the revenue they are."""

    name: str | None
    partners: int
    heard: int
    value: float | None
    heard_value: float | None

    @property
    def partner_share(self) -> float | None:
        """Return the partners with enough answers in percent of all; None without partners."""
        return 100 * self.heard / self.partners if self.partners else None

    @property
    def value_share(self) -> float | None:
        """Return the revenue of partners with enough answers in percent of all; None without revenue."""
        return 100 * (self.heard_value or 0.0) / self.value if self.value else None


@dataclass(frozen=True, slots=True)
class Quality:
    """The response quality of a period: each partner, the coverage of all and of each tier, and what to beware of."""

    period: str
    partners: tuple[PartnerQuality, ...]
    coverage: Coverage
    tiers: tuple[Coverage, ...]
    people: People | None
    never_heard: tuple[str, ...]
    warnings: tuple[str, ...]


def quality_of(card: CardData) -> Quality:
    """Return how much the answers of the current period can carry.

    A partner is heard with at least the minimum number of answers. 3 of 4 partners heard with 30 of 40 revenue is a
    coverage of 75 % of the partners and 75 % of the revenue.
    """
    period = card.current
    total = card.total_scores(period).responses
    value = sum(partner.annual_value or 0.0 for partner in card.partners) or None
    partners = tuple(_partner(card, one, period, total, value) for one in card.partners)
    tiers = sorted({one.tier for one in card.partners if one.tier is not None})
    never = tuple(one.partner for one in partners if not one.ever_answered) if total else ()
    coverage = _coverage(card, period, None)
    return Quality(
        period,
        partners,
        coverage,
        tuple(_coverage(card, period, tier) for tier in tiers),
        card.people.get(period),
        never,
        tuple(_warnings(card, period, partners, coverage)),
    )


def silent_periods(card: CardData, partner: str, period: str) -> int:
    """Return for how many periods in a row, up to this one, a partner has not answered."""
    labels = card.window(period, len(card.periods))
    count = 0
    for label in reversed(labels):
        if card.count(partner, label).scores.responses:
            break
        count += 1
    return count


def _partner(card: CardData, partner: Partner, period: str, total: int, value: float | None) -> PartnerQuality:
    now = card.count(partner.name, period)
    answers, invited = now.scores.responses, now.invited
    silent = silent_periods(card, partner.name, period)
    flags = []
    if not answers:
        flags.append("no data")
    elif now.scores.few_responses(card.min_responses):
        flags.append("few responses")
    if invited is not None and answers > invited:
        flags.append("more answers than invitations")
    return PartnerQuality(
        partner=partner.name,
        tier=partner.tier,
        responses=answers,
        invited=invited,
        response_rate=response_rate(answers, invited) if invited else None,
        rate_interval=wilson(answers, invited, card.confidence) if invited and answers <= invited else None,
        answer_share=100 * answers / total if total else None,
        value_share=100 * partner.annual_value / value if value and partner.annual_value is not None else None,
        silent_periods=silent,
        ever_answered=any(card.count(partner.name, label).scores.responses for label in card.periods),
        flags=tuple(flags),
    )


def _coverage(card: CardData, period: str, tier: str | None) -> Coverage:
    there = (one for one in card.partners if not card.is_away(one, period))
    own = [one for one in there if tier is None or one.tier == tier]
    heard = [one for one in own if card.count(one.name, period).scores.responses >= card.min_responses]
    known = any(one.annual_value is not None for one in own)
    return Coverage(
        tier,
        len(own),
        len(heard),
        sum(one.annual_value or 0.0 for one in own) if known else None,
        sum(one.annual_value or 0.0 for one in heard) if known else None,
    )


def _warnings(card: CardData, period: str, partners: tuple[PartnerQuality, ...], coverage: Coverage) -> list[str]:
    """Return a sentence for each claim that the answers cannot carry."""
    scores = card.total_scores(period)
    if scores.responses == 0:
        return ["there are no answers in this period: nothing can be said of the NPS"]
    warnings = []
    interval = scores.interval(card.confidence)
    if interval is None or interval.half_width > WIDE:
        reach = f"only known to ±{whole(interval.half_width)} points" if interval is not None else "not known"
        warnings.append(f"{scores.responses} answers: the NPS is {reach}; a comparison with a target means little")
    if len(partners) > 1:
        loudest = max(partners, key=lambda one: one.responses)
        share = loudest.answer_share or 0.0
        if share > DOMINANT:
            warnings.append(
                f"{whole(share)} % of the answers are from {loudest.partner}: the total speaks for that partner"
            )
    if len(partners) > 1 and (coverage.partner_share or 0.0) < 100 - UNHEARD_PARTNERS:
        warnings.append(
            f"{coverage.heard} of {coverage.partners} partners gave {card.min_responses} answers or more: "
            "the total does not speak for the programme"
        )
    if coverage.value_share is not None and coverage.value_share < HEARD_VALUE:
        warnings.append(f"the partners that were heard stand for {whole(coverage.value_share)} % of the revenue only")
    over = [one.partner for one in partners if one.invited is not None and one.responses > one.invited]
    if over:
        shown = ", ".join(over[:3]) + (f" and {len(over) - 3} more" if len(over) > 3 else "")
        warnings.append(f"more answers than invitations: {shown}; the number of invitations needs a look")
    return warnings
