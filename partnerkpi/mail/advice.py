"""What changed and what to do: the two lists of a message, from the figures alone."""

from __future__ import annotations

import math

from partnerkpi.language.figures import CANNOT_TELL, rounded
from partnerkpi.mail.content import PageContent, PartnerFigures
from partnerkpi.mail.phrases import NAMES, Phrases, one_line
from partnerkpi.workbook.model.names import PARTNERS

NAMED = 3  # partners that a list names before it points to the workbook
_RATED = ("nps", "advocacy", "influence")


def what_changed(page: PageContent, words: Phrases) -> list[str]:
    """Return what moved by more than noise, KPIs first; if nothing did, that."""
    say = words.say
    if words.before is None:
        return [say("mail.what_changed.nothing_before")]
    said = []
    for key in _RATED:
        tile = page.tiles[key]
        if tile.change is not None and tile.word != CANNOT_TELL:
            moved = words.moved(tile.change, tile.word)
            said.append(say("mail.what_changed.kpi", kpi=say.translate(NAMES[key]), moved=moved))
    if page.partner is None:
        said += _partners(page, words)
    return said or [say("mail.what_changed.nothing", before=words.before)]


def _partners(page: PageContent, words: Phrases) -> list[str]:
    say = words.say
    ups, downs = page.moved("up"), page.moved("down")
    said = [
        say(
            "mail.what_changed.partner",
            partner=one_line(one.name),
            value=words.figure("nps", one.nps),
            moved=words.moved(one.change, one.word),
            answers=words.answers(one.answers),
        )
        for one in [*ups[:NAMED], *downs[:NAMED]]
    ]
    compared = sum(one.compared for one in page.partners)
    if ups or downs:
        counts = {"compared": compared, "ups": len(ups), "downs": len(downs)}
        shown = {name: say.number(count) for name, count in counts.items()}
        said.append(say("mail.what_changed.compared", **shown))
    return said


def what_to_do(page: PageContent, words: Phrases) -> list[str]:
    """Return the next steps: whom to call, what reaches a target, which data are missing."""
    if page.partner is not None:
        return _own_steps(page, words)
    say = words.say
    low = page.to_call
    steps = [_call(one, words) for one in low[:NAMED]]
    if len(low) > NAMED:
        rest = {"rating": words.lowest_rating(), "sheet": PARTNERS}
        steps.append(say.count("mail.what_to_do.more", len(low) - NAMED, **rest))
    if not low and any(one.ranked for one in page.partners):
        steps.append(say("mail.what_to_do.nothing", rating=words.lowest_rating()))
    return [*steps, *_advocates(page, words), *_missing(page, words)]


def _call(one: PartnerFigures, words: Phrases) -> str:
    said = {
        "partner": one_line(one.name),
        "value": words.figure("nps", one.nps),
        "answers": words.answers(one.answers),
        "rating": words.rating(one.rating),
    }
    if one.change is not None and one.word != CANNOT_TELL:
        return words.say("mail.what_to_do.call_moved", moved=words.moved(one.change, one.word), **said)
    return words.say("mail.what_to_do.call", **said)


def _advocates(page: PageContent, words: Phrases) -> list[str]:
    """Say how many more active advocates reach the target: 28 of 40, 75 % wanted, are 2 short."""
    tile = page.tiles["advocacy"]
    if tile.value is None or tile.target is None or tile.value >= tile.target:
        return []
    short = math.ceil(rounded(tile.target * tile.rests_on["partners"] / 100, 9)) - int(tile.rests_on["active"])
    target = words.figure("advocacy", tile.target)
    return [words.say.count("mail.what_to_do.advocates", short, target=target)]


def _missing(page: PageContent, words: Phrases) -> list[str]:
    needs = {"nps": "supply_answers", "advocacy": "supply_activities", "influence": "supply_customers"}
    return [words.say(f"mail.what_to_do.{step}") for key, step in needs.items() if page.tiles[key].value is None]


def _own_steps(page: PageContent, words: Phrases) -> list[str]:
    """Return what the people of one partner may do."""
    say, nps = words.say, page.tiles["nps"]
    steps = []
    if nps.rating == page.lowest and page.answers >= page.min_answers:
        steps.append(say("mail.what_to_do.talk", rating=words.rating(nps.rating)))
    if page.tiles["activities"].value == 0:
        steps.append(say("mail.what_to_do.tell"))
    return steps or [say("mail.what_to_do.nothing_own")]
