"""When the scorecard raises its hand: each alert with the number behind it, how sure it is, and the name of its rule.

Rules and thresholds are those of `[alerts]` in partnerkpi.toml. Whatever is tested for many partners is tested for all
of them together (Holm), so that chance alone seldom raises an alert that is called more than chance. A partner that is
rated worst is always one, and whether chance explains it is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.exact import less_often_p
from partnerkpi.kpi.intervals import holm, is_shown, wilson
from partnerkpi.kpi.movement import rate_change
from partnerkpi.kpi.scores import ScoreTally, benchmark_test, response_rate
from partnerkpi.language.figures import NOT_SHOWN, SHOWN, shortest, whole
from partnerkpi.language.sentence import PeriodWords, Sentence
from partnerkpi.scorecard.data import CardData
from partnerkpi.scorecard.findings.actions import stopped_advocates
from partnerkpi.scorecard.findings.falls import falls_of
from partnerkpi.scorecard.findings.quality import silent_periods
from partnerkpi.scorecard.findings.targets import BEHIND, targets_of
from partnerkpi.scorecard.parts import Partner
from partnerkpi.settings import Alerts

BELOW, FALLEN, RESPONSE = "below_investigate", "fallen", "response_rate_floor"
SILENT, STOPPED, LEAVING = "silent_periods", "advocacy_stopped_periods", "retention_below_overall"
OFF_TARGET = "target_not_on_track"
COUNTED = "counted"  # what is not tested

#: What puts a partner among those to call first.
RISKS = (BELOW, FALLEN, LEAVING)
#: Alerts about everything come first, the gravest rule before others.
_ORDER = (BELOW, FALLEN, LEAVING, STOPPED, RESPONSE, SILENT, OFF_TARGET)


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at. `p` is None for what is counted, not tested.

    `partner` is None where it is about all, or about a `segment`, a value of a `dimension` of the answers.
    """

    rule: str
    partner: str | None
    kpi: str
    value: float | None
    threshold: float | None
    sentence: Sentence
    certainty: str
    p: float | None = None
    owner: str | None = None
    dimension: str | None = None
    segment: str | None = None


def alerts_of(card: CardData) -> tuple[Alert, ...]:
    """Return the alerts of the current period: those about all first, then those of partners to call first.

    Partners at risk come by their yearly value, unknown ones by their answers; then what is only to be looked at. Of a
    period that is not over nothing is said of what adds up in it: fewer activities and answers are no alert yet.
    An NPS of -35 from 31 answers, with an investigate threshold of 30, is an alert `below_investigate` with p < .001.
    """
    rules, period = card.rules.alerts, card.current
    found = [
        *_below(card, period, rules),
        *_fallen(card, period, rules),
        *_leaving(card, period, rules),
        *_off_target(card, rules),
    ]
    if not card.is_to_date(period):
        found += [*_response(card, period, rules), *_silent(card, period, rules), *_stopped(card, period, rules)]
    value = {partner.name: partner.annual_value or 0.0 for partner in card.partners}
    at_risk = {one.partner for one in found if one.rule in RISKS}

    def place(one: Alert) -> tuple[bool | int | float | str, ...]:
        if one.partner is None:
            about = f"{one.dimension} {one.segment}" if one.segment is not None else ""
            return (0, one.segment is not None, _ORDER.index(one.rule), about, one.kpi)
        answers = card.count(one.partner, period).scores.responses
        own = (-value.get(one.partner, 0.0), -answers, one.partner)
        return (1, one.partner not in at_risk, *own, _ORDER.index(one.rule), one.kpi)

    return tuple(sorted(found, key=place))


def _below(card: CardData, period: str, rules: Alerts) -> Iterator[Alert]:
    """Raise alerts for an NPS that lies where the worst rating is, from the minimum of answers on.

    Whether that is more than chance is said; for partners it is judged of all of them together.
    """
    if not rules.below_investigate:
        return
    enough = (one for one in card.partners if not card.count(one.name, period).scores.few_responses(card.min_responses))
    partners = list(enough)
    floors = [_floor(card.benchmark_of("nps", partner.tier)) for partner in partners]
    tallies = [card.count(partner.name, period).scores for partner in partners]
    adjusted = holm([benchmark_test(tally, floor, "below") for tally, floor in zip(tallies, floors, strict=True)])
    total = card.total_scores(period)
    floor = _floor(card.benchmarks["nps"])
    few = total.few_responses(card.min_responses)
    everybody = (None, total, floor, None if few else benchmark_test(total, floor, "below"))
    for partner, tally, limit, p in [everybody, *zip(partners, tallies, floors, adjusted, strict=True)]:
        nps = tally.nps
        if nps is None or nps >= limit or p is None:
            continue
        certainty = SHOWN if is_shown(p, card.confidence) else NOT_SHOWN
        sentence = Sentence(
            "NPS {nps} from {answers}, below {limit}", nps=whole(nps), answers=_answers(tally), limit=shortest(limit)
        )
        yield _alert(BELOW, partner, "nps", nps, limit, sentence, certainty, p)


def _fallen(card: CardData, period: str, rules: Alerts) -> Iterator[Alert]:
    """Raise alerts for an NPS that is shown to have fallen, and for other KPIs shown to be lower than before."""
    before = card.previous_of(period)
    if not rules.fallen or before is None:
        return
    since = PeriodWords(before)
    partners = {partner.name: partner for partner in card.partners}
    for one in falls_of(card, period):
        raised = _alert(FALLEN, partners.get(one.partner or ""), "nps", one.points, 0.0, one.sentence, SHOWN, one.p)
        of = one.segment
        yield raised if of is None else replace(raised, dimension=of.dimension, segment=of.value)
    total = card.total_line(period)
    fell = total.advocacy_change.word == "down" and not card.is_to_date(period)
    if fell and total.advocacy_change.points is not None:
        fall = whole(-total.advocacy_change.points)
        sentence = Sentence("active advocates down {points} points since {period}", points=fall, period=since)
        yield _alert(
            FALLEN, None, "advocacy", total.advocacy_change.points, 0.0, sentence, SHOWN, total.advocacy_change.p
        )
    yield from _fewer_customers(card, period, before, since)


def _fewer_customers(card: CardData, period: str, before: str, since: PeriodWords) -> Iterator[Alert]:
    """Raise alerts for retention rates that are shown to have fallen: of all, and of the partners together judged."""
    if not card.has_customers:
        return

    people: list[Partner | None] = [None, *(card.partners if card.customers_have_partners else ())]
    kept = [_kept(card, partner, before) for partner in people], [_kept(card, partner, period) for partner in people]
    changes = [rate_change(old, new, confidence=card.confidence) for old, new in zip(*kept, strict=True)]
    p_values = [changes[0].p, *holm([change.p for change in changes[1:]])]
    for partner, change, p in zip(people, changes, p_values, strict=True):
        if change.raw is None or change.with_p(p, card.confidence).word != "down":
            continue
        sentence = Sentence(
            "retention rate down {points} points since {period}", points=whole(-change.raw), period=since
        )
        yield _alert(FALLEN, partner, "retention", change.raw, 0.0, sentence, SHOWN, p)


def _response(card: CardData, period: str, rules: Alerts) -> Iterator[Alert]:
    """Raise alerts for response rates under the floor; whether the rate is shown to be lower is said."""
    floor = rules.response_rate_floor
    if floor is False:
        return
    for partner in card.partners:
        now = card.count(partner.name, period)
        answers, invited = now.scores.responses, now.invited
        rate = response_rate(answers, invited) if invited else None
        if rate is None or invited is None or rate >= floor:
            continue
        interval = wilson(answers, invited, card.confidence)
        certain = interval is not None and interval.high < floor
        sentence = Sentence(
            "{answers} of {invited} invited people answered ({rate} %), under {floor} %",
            answers=answers,
            invited=invited,
            rate=whole(rate),
            floor=shortest(floor),
        )
        yield _alert(RESPONSE, partner, "nps", rate, float(floor), sentence, SHOWN if certain else NOT_SHOWN, None)


def _silent(card: CardData, period: str, rules: Alerts) -> Iterator[Alert]:
    """Raise alerts for partners that have not answered for some periods in a row, while others have."""
    limit = rules.silent_periods
    if limit is False or card.period_kind == "all":
        return
    labels = card.window(period, limit)
    if len(labels) < limit or not all(card.total_scores(label).responses for label in labels):
        return
    for partner in card.partners:
        silent = silent_periods(card, partner.name, period)
        if silent < limit:
            continue
        never = silent == len(card.window(period, len(card.periods)))
        sentence = (
            Sentence("no answer in {number} periods, never heard from", number=silent)
            if never
            else Sentence("no answer in {number} periods", number=silent)
        )
        yield _alert(SILENT, partner, "nps", float(silent), float(limit), sentence, COUNTED, None)


def _stopped(card: CardData, period: str, rules: Alerts) -> Iterator[Alert]:
    """Raise alerts for partners that gave advocacy and do so no more."""
    limit = rules.advocacy_stopped_periods
    if limit is False:
        return
    partners = {partner.name: partner for partner in card.partners}
    for name, sentence in stopped_advocates(card, period, limit):
        yield _alert(STOPPED, partners[name], "advocacy", 0.0, float(limit), sentence, COUNTED, None)


def _leaving(card: CardData, period: str, rules: Alerts) -> Iterator[Alert]:
    """Raise alerts for partners whose customers are shown to leave more often than all other customers."""
    if not rules.retention_below_overall or not (card.has_customers and card.customers_have_partners):
        return
    everyone = _kept(card, None, period)
    own = [_kept(card, partner, period) for partner in card.partners]
    fewest = card.rules.retention.min_customers
    one_sided = [
        less_often_p((kept, all_), (everyone[0] - kept, everyone[1] - all_)) if all_ >= fewest else None
        for kept, all_ in own
    ]
    for partner, (kept, all_), p in zip(card.partners, own, holm(one_sided), strict=True):
        if p is None or not is_shown(p, card.confidence):
            continue
        rate, others = 100 * kept / all_, 100 * (everyone[0] - kept) / (everyone[1] - all_)
        sentence = Sentence(
            "{kept} of {customers} customers stayed ({rate} %), of all others {others} %",
            kept=kept,
            customers=all_,
            rate=whole(rate),
            others=whole(others),
        )
        yield _alert(LEAVING, partner, "retention", rate, others, sentence, SHOWN, p)


def _off_target(card: CardData, rules: Alerts) -> Iterator[Alert]:
    """Raise alerts for targets that were missed, or are out of reach of the outlook; they are not tested together."""
    if not rules.target_not_on_track:
        return
    partners = {partner.name: partner for partner in card.partners}
    for one in targets_of(card):
        if one.status in BEHIND and one.value is not None:
            aim, of = one.aim, partners.get(one.aim.partner or "")
            raised = _alert(OFF_TARGET, of, aim.kpi, one.value, aim.target, one.sentence, COUNTED, None)
            yield raised if aim.tier is None else replace(raised, dimension="tier", segment=aim.tier)


def _kept(card: CardData, partner: Partner | None, period: str) -> tuple[int, int]:
    """Return retained and all customers of a partner, or of everybody."""
    if partner is not None:
        counts = card.count(partner.name, period)
        return counts.retained, counts.customers
    total = card.total_retention(period)
    return (total.retained, total.customers) if total is not None else (0, 0)


def _alert(
    rule: str,
    partner: Partner | None,
    kpi: str,
    value: float,
    threshold: float,
    sentence: Sentence,
    certainty: str,
    p: float | None,
) -> Alert:
    name, owner = (partner.name, partner.owner) if partner is not None else (None, None)
    return Alert(rule, name, kpi, value, threshold, sentence, certainty, p, owner)


def _floor(benchmark: Benchmark) -> float:
    """Return where the worst rating ends."""
    return benchmark.bands[0].high


def _answers(tally: ScoreTally) -> Sentence:
    return Sentence.of(tally.responses, "{n} answer", "{n} answers")
