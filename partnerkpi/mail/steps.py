"""What a message says of the partners: what moved by more than chance, and what is to be done next."""

from __future__ import annotations

import math

from partnerkpi.language.figures import CANNOT_TELL, rounded
from partnerkpi.mail.content import Call
from partnerkpi.mail.words import PageInWords, one_line
from partnerkpi.scorecard.parts import ALL_TIME
from partnerkpi.workbook.model.names import ACTIONS

NAMED = 3  # partners that a list names before it points to the workbook
RATED = ("nps", "advocacy", "influence")


def what_changed(words: PageInWords) -> list[str]:
    """Return which partners moved by more than chance; if nothing did, that. Of the KPIs the first sentences say it."""
    say = words.say
    if words.page.to_partner or words.page.period == ALL_TIME:
        return []  # the first sentences say it; without dates nothing changes
    if words.before is None:
        return [say("mail.what_changed.nothing_before")]
    lines = _partners(words) if words.page.partner is None else []
    tiles = (words.page.tiles[key] for key in RATED)
    told = any(tile.change is not None and tile.word != CANNOT_TELL for tile in tiles)
    if not lines and (told or words.page.lead is not None):
        return []
    return lines or [say("mail.what_changed.nothing", before=words.before)]


def _partners(words: PageInWords) -> list[str]:
    say = words.say
    ups, downs = words.page.moved("up"), words.page.moved("down")
    lines = [
        say(
            "mail.what_changed.partner",
            partner=one_line(one.name),
            value=words.figure("nps", one.nps),
            moved=words.moved(one.change, one.word),
            answers=words.answers(one.answers),
        )
        for one in [*ups[:NAMED], *downs[:NAMED]]
    ]
    compared = sum(one.compared for one in words.page.partners)
    if (ups or downs) and compared > 1:
        counts = {"compared": compared, "ups": len(ups), "downs": len(downs)}
        shown = {name: say.number(count) for name, count in counts.items()}
        lines.append(say("mail.what_changed.compared", **shown))
    return lines


def what_to_do(words: PageInWords) -> list[str]:
    """Return the next steps: whom to call, what reaches a target, which data are missing."""
    if words.page.partner is not None:
        return _own_steps(words)
    say = words.say
    first = words.page.calls
    steps = [_call(one, words) for one in first[:NAMED]]
    if len(first) > NAMED:
        steps.append(say.count("mail.what_to_do.more", len(first) - NAMED, sheet=ACTIONS))
    if not first and any(one.ranked for one in words.page.partners):
        steps.append(say("mail.what_to_do.nothing", rating=words.lowest_rating()))
    return [*steps, *_advocates(words)]


def _call(one: Call, words: PageInWords) -> str:
    """Say whom to call, how its NPS came down, what it is worth, and who calls by when."""
    say = words.say
    course = " → ".join(words.figure("nps", nps) for nps in one.course)
    told = say.translated(one.stayed) if one.stayed is not None else words.answers(one.answers)
    parts = [f"NPS {course}" if course else told]
    if one.value:
        parts.append(say("mail.what_to_do.worth", value=words.money(one.value)))
    who = one_line(one.owner) if one.owner else ""
    day = say.date(one.due, year=False) if one.due is not None else ""
    if who and day:
        parts.append(say("mail.what_to_do.who_by", owner=who, day=day))
    elif who or day:
        parts.append(who or say("mail.what_to_do.by", day=day))
    said = say("mail.what_to_do.call", partner=one_line(one.partner), why=", ".join(parts))
    return f"{said.rstrip('.')}."  # a day may end with a dot: 30. Sept.


def _advocates(words: PageInWords) -> list[str]:
    """Say how many more active advocates reach the target: 28 of 40, 75 % wanted, are 2 short; not to date."""
    tile = words.page.tiles["advocacy"]
    if tile.to_date or tile.value is None or tile.target is None or tile.value >= tile.target:
        return []
    short = math.ceil(rounded(tile.target * tile.rests_on["partners"] / 100, 9)) - int(tile.rests_on["active"])
    target = words.figure("advocacy", tile.target)
    return [words.say.count("mail.what_to_do.advocates", short, target=target)]


def _own_steps(words: PageInWords) -> list[str]:
    """Return what is to be done of one partner, as its workbook says: what the company does, why, and by when."""
    say, own = words.say, words.page.own
    steps = []
    for one in own.agreed if own is not None else ():
        what = say.translate(one.what)
        if one.due is not None:
            what = say(
                "mail.what_to_do.own", what=what, by=say("mail.what_to_do.by", day=say.date(one.due, year=False))
            )
        steps.append(f"{what.rstrip('.')}. {say.translated(one.reason)}.")  # a day may end with a dot
    return steps or [say("mail.what_to_do.nothing_own")]
