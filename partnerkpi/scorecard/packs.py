"""A scorecard for one partner: its own figures, of the others anonymous quartiles; and a safe file name for each.

One is for the partner itself and says what it may know, one for those who look after it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from partnerkpi.errors import UsageError
from partnerkpi.kpi.conditional import FEWEST_PAIRS
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import shortest, whole
from partnerkpi.language.sentence import PeriodWords, message
from partnerkpi.results.choosing import Part
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.actions import DETRACTOR, LOST_ADVOCATE, LOST_PROMOTER, due_days
from partnerkpi.scorecard.findings.peers import activities_beside
from partnerkpi.scorecard.parts import Agreed, Source
from partnerkpi.scorecard.worth import Worth
from partnerkpi.vocabulary import same_name

#: Names that Windows keeps for devices, whatever the ending.
_RESERVED = {
    *("con", "prn", "aux", "nul", "conin$", "conout$"),
    *(f"{device}{n}" for device in ("com", "lpt") for n in "123456789¹²³"),
}
_LONGEST = 80  # characters
_MOST_BYTES = 200  # many systems stop at 255, and a number and the ending follow

#: The kind of a source that holds answers; a pack has one if the answers name partners.
RESPONSES = "responses"
#: The note by which a partner's own workbook is known.
ONE_PARTNER = "This workbook holds the figures of one partner."


#: Of each kind of call: what there is to do, and why.
_CALLS = (
    (
        DETRACTOR,
        message("Talk about low answers"),
        (message("{n} people answered below 7"), message("Fewer than {n} people answered below 7")),
    ),
    (
        LOST_PROMOTER,
        message("Ask what changed"),
        (
            message("{n} people who were promoters before answered 7 or 8"),
            message("Fewer than {n} people who were promoters before answered 7 or 8"),
        ),
    ),
)
#: The same as the partner itself is told; where a person answers several times in a period, of its answers.
_LOW_ANSWERS = message("{n} of your answers were 6 or less"), message("Some of your answers were 6 or less")
_PROMISES = (
    (
        DETRACTOR,
        message("We ask you what went wrong"),
        (message("{n} of you gave us 6 or less"), message("Some of you gave us 6 or less")),
    ),
    (
        LOST_PROMOTER,
        message("We ask you what changed"),
        (
            message("{n} of you who gave us 9 or 10 before now gave 7 or 8"),
            message("Some of you who gave us 9 or 10 before now gave 7 or 8"),
        ),
    ),
)


def for_partner(card: Scorecard, partner: str) -> Scorecard:
    """Return a scorecard for the partner itself: its own counts alone, and where it stands among all.

    Names, notes, files, counts of rows and settings of the whole go: they could tell of others. Of a period in which
    fewer than the smallest group answered no answer is in it: a pack goes to the people for whom the respondents work.
    What others are compared with is that of the current period. UsageError for an unknown name.
    """
    partner = _called(card, partner)
    own = _of_one(card, partner)
    least = card.rules.comments.min_group
    answers = {period: card.count(partner, period).scores.responses for period in card.periods}
    few = tuple(period for period, number in answers.items() if 0 < number < least)
    counts = {
        key: replace(one, scores=ScoreTally(), invited=None) if key[1] in few else one
        for key, one in own.counts.items()
    }
    rules = card.rules
    shown = {"comments": {"min_group": rules.comments.min_group}, "brand": rules.brand, "options": rules.options}
    current = card.current
    of_partners = any(tally.scores.responses for (name, _), tally in card.counts.items() if name is not None)
    return replace(
        own,
        sources=tuple(one for one in own.sources if of_partners or one.kind != RESPONSES),
        counts=counts,
        withheld=few,
        pairs={key: one for key, one in own.pairs.items() if not {*key[1:]} & {*few}},
        settings=None if card.settings is None else type(rules).model_validate(shown),
        has_own_customers=card.customers_have_partners,
        worth=Worth(),
        peers=tuple(one for one in own.peers if one.period == current),
        beside={period: word for period, word in own.beside.items() if period == current},
        pack_quotes=() if current in few else tuple(card.own_words.get(partner, ())),
        agreed=tuple(_promised(card, partner, few)),
        so_far={},
    )


def for_review(card: Scorecard, partner: str) -> Scorecard:
    """Return what those who look after a partner talk about with it, for them alone; UsageError for an unknown name."""
    partner = _called(card, partner)
    own = _of_one(card, partner)
    return replace(own, part=card.part, is_review=True, agreed=tuple(_agreed(card, partner)))


def _of_one(card: Scorecard, partner: str) -> Scorecard:
    """Return a scorecard that holds one partner's counts alone, and the quartiles of all."""
    own = tuple(one for one in card.partners if one.name == partner)
    if not own:
        raise UsageError(f"there is no partner {partner!r} in the data{_nearest(card, partner)}")
    settings = card.settings.model_copy(update={"owners": {}, "targets": []}) if card.settings is not None else None
    tier = own[0].tier
    return replace(
        card,
        title=f"{card.title}: {partner}",
        partners=own,
        counts={(partner, period): card.count(partner, period) for period in card.periods},
        pairs={key: one for key, one in card.pairs.items() if key[0] == partner and one.persons >= FEWEST_PAIRS},
        sources=tuple(Source(one.kind, (), {}, 0, 0, {}) for one in card.sources),
        customers_have_partners=False,  # alone, its part of all retained customers would be 100 % of itself
        worth=card.worth.of_one(partner, card.periods),
        segments={},
        segment_clusters={},
        segment_pairs={},
        shown_segments=None,
        people={},
        away=tuple((name, period) for name, period in card.away if name == partner),
        so_far={(name, period): one for (name, period), one in card.so_far.items() if name == partner},
        comments=None,
        own_words={},
        to_call=(),
        more_to_call={},
        carried=None,
        not_made={},
        notes=(ONE_PARTNER,),
        questions=(),
        settings=settings,
        tier_benchmarks={name: bands for name, bands in card.tier_benchmarks.items() if name == tier},
        part=Part(card.part.of_rows, of_rows=card.part.of_rows),  # which partners are chosen tells of others
        is_pack=True,
        peers=card.quartiles,
        beside=activities_beside(card, partner),
    )


def _called(card: Scorecard, name: str) -> str:
    """Return a partner's name as the card has it, whichever spelling somebody gave; an unknown name as it is."""
    names = [one.name for one in card.partners]
    if name in names:
        return name
    key = same_name(name)
    return next((one for one in names if same_name(one) == key), name)


def _agreed(card: Scorecard, partner: str) -> Iterator[Agreed]:
    """Yield the actions of a partner; calls of one kind are one line, so that nobody's answer can be told from it."""
    yield from _calls(card, partner, _CALLS)
    yield from _aimed_at(card, partner, message("Reach the target"))
    for action in card.actions:
        if action.partner == partner and action.kind == LOST_ADVOCATE:
            places = {
                name: text.label if isinstance(text, PeriodWords) else str(text)
                for name, text in action.reason.places.items()
            }
            yield Agreed(action.due, message("Ask for advocacy again"), action.reason.message, action.owner, places)


def _promised(card: Scorecard, partner: str, few: Collection[str]) -> Iterator[Agreed]:
    """Yield what a partner is told of that, and what is done about customers who left; nothing of few answers."""
    least = card.rules.comments.min_group
    owner = next((one.owner for one in card.partners if one.name == partner), None)
    now = card.count(partner, card.current)
    low = now.scores.detractors
    if card.current not in few:
        own = [action.kind for action in card.actions if action.partner == partner]
        changed = own.count(LOST_PROMOTER) + card.more_to_call.get((partner, LOST_PROMOTER), 0)
        for kind, what, (why, some) in _PROMISES:
            people = low if kind == DETRACTOR else changed
            if kind == DETRACTOR and not card.answers_once:
                why, some = _LOW_ANSWERS
            if people:
                enough = people >= least
                yield Agreed(
                    due_days(card)[kind], what, why if enough else some, owner, {"n": str(people)} if enough else {}
                )
    if card.current not in few:
        yield from _aimed_at(card, partner, message("We want you to recommend us more"))
    if card.customers_have_partners and (left := now.customers - now.retained):
        places = {"n": str(left), "customers": str(now.customers)}
        why = message("{n} of your {customers} customers left") if left > 1 else message("One of your customers left")
        if left == now.customers:
            all_left = message("Your one customer left"), message("Both your customers left")
            why = all_left[left - 1] if left < 3 else message("All your {customers} customers left")
        yield Agreed(None, message("We look with you at who left, and why"), why, owner, places)
    for action in card.actions:
        if action.partner == partner and action.kind == LOST_ADVOCATE:
            period = action.reason.places["period"]
            label = period.label if isinstance(period, PeriodWords) else str(period)
            why = message("You last did so in {period}: thank you")
            yield Agreed(
                action.due, message("We ask whether you would speak for us again"), why, owner, {"period": label}
            )


def _aimed_at(card: Scorecard, partner: str, what: str) -> Iterator[Agreed]:
    """Yield the partner's target where it is not reached yet: by when, where it stands."""
    for one in card.targets:
        if one.aim.partner == partner and one.value is not None and one.value < one.aim.target:
            why = message("NPS {value}, target {target}")
            places = {"value": whole(one.value), "target": shortest(one.aim.target)}
            yield Agreed(one.aim.by, what, why, one.owner, places)


def _calls(card: Scorecard, partner: str, kinds: Sequence[tuple[str, str, tuple[str, str]]]) -> Iterator[Agreed]:
    """Yield a line for each kind of call that a partner's people need."""
    least = card.rules.comments.min_group
    due = due_days(card)
    owner = next((one.owner for one in card.partners if one.name == partner), None)
    own = [action for action in card.actions if action.partner == partner]
    for kind, what, (why, few) in kinds:
        calls = sum(action.kind == kind for action in own) + card.more_to_call.get((partner, kind), 0)
        if calls:
            enough = calls >= least
            yield Agreed(due[kind], what, why if enough else few, owner, {"n": str(calls if enough else least)})


def _nearest(card: Scorecard, partner: str) -> str:
    near = get_close_matches(partner, [one.name for one in card.partners], 1, 0.6)
    return f": did you mean {near[0]!r}?" if near else ""


def file_names(partners: Iterable[str]) -> dict[str, str]:
    """Return a file name for each partner that every system accepts and that no two share, whatever their case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for partner in partners:
        plain = unicodedata.normalize("NFC", partner.encode("utf-8", "replace").decode())
        base = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+', " ", plain)
        base = re.sub(r"\s+", " ", base).strip(" .")[:_LONGEST]
        base = base.encode()[:_MOST_BYTES].decode("utf-8", "ignore").strip(" .") or "partner"
        if base.split(".")[0].strip().casefold() in _RESERVED:
            base = f"_{base}"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(name.casefold())
        names[partner] = f"{name}.xlsx"
    return names
