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
    texts = words.texts
    if words.page.to_partner or words.page.period == ALL_TIME:
        return []  # the first sentences say it; without dates nothing changes
    if words.before is None:
        return [texts("mail.what_changed.nothing_before")]
    lines = _partners(words) if words.page.partner is None else []
    tiles = (words.page.tiles[key] for key in RATED)
    told = any(tile.change is not None and tile.word != CANNOT_TELL for tile in tiles)
    if not lines and (told or words.page.lead is not None):
        return []
    return lines or [texts("mail.what_changed.nothing", before=words.before)]


def _partners(words: PageInWords) -> list[str]:
    texts = words.texts
    ups, downs = words.page.moved("up"), words.page.moved("down")
    lines = [
        texts(
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
        shown = {name: texts.number(count) for name, count in counts.items()}
        lines.append(texts("mail.what_changed.compared", **shown))
    return lines


def what_to_do(words: PageInWords) -> list[str]:
    """Return the next steps: whom to call, what reaches a target, which data are missing."""
    if words.page.partner is not None:
        return _own_steps(words)
    texts = words.texts
    first = words.page.calls
    steps = [_call(one, words) for one in first[:NAMED]]
    if len(first) > NAMED:
        steps.append(texts.count("mail.what_to_do.more", len(first) - NAMED, sheet=ACTIONS))
    if not first and any(one.ranked for one in words.page.partners):
        steps.append(texts("mail.what_to_do.nothing", rating=words.lowest_rating()))
    return [*steps, *_advocates(words)]


def _call(one: Call, words: PageInWords) -> str:
    """Say whom to call, how its NPS came down, what it is worth, and who calls by when."""
    texts = words.texts
    course = " → ".join(words.figure("nps", nps) for nps in one.course)
    told = texts.translated(one.stayed) if one.stayed is not None else words.answers(one.answers)
    parts = [f"NPS {course}" if course else told]
    if one.value:
        parts.append(texts("mail.what_to_do.worth", value=words.money(one.value)))
    who = one_line(one.owner) if one.owner else ""
    day = texts.date(one.due, year=False) if one.due is not None else ""
    if who and day:
        parts.append(texts("mail.what_to_do.who_by", owner=who, day=day))
    elif who or day:
        parts.append(who or texts("mail.what_to_do.by", day=day))
    call = texts("mail.what_to_do.call", partner=one_line(one.partner), why=", ".join(parts))
    return f"{call.rstrip('.')}."  # a day may end with a dot: 30. Sept.


def _advocates(words: PageInWords) -> list[str]:
    """Say how many more active advocates reach the target: 28 of 40, 75 % wanted, are 2 short; not to date."""
    tile = words.page.tiles["advocacy"]
    if tile.to_date or tile.value is None or tile.target is None or tile.value >= tile.target:
        return []
    short = math.ceil(rounded(tile.target * tile.rests_on["partners"] / 100, 9)) - int(tile.rests_on["active"])
    target = words.figure("advocacy", tile.target)
    return [words.texts.count("mail.what_to_do.advocates", short, target=target)]


def _own_steps(words: PageInWords) -> list[str]:
    """Return what is to be done of one partner, as its workbook says: what the company does, why, and by when."""
    texts, own = words.texts, words.page.own
    steps = []
    for one in own.agreed if own is not None else ():
        what = texts.translate(one.what)
        if one.due is not None:
            what = texts(
                "mail.what_to_do.own", what=what, by=texts("mail.what_to_do.by", day=texts.date(one.due, year=False))
            )
        steps.append(f"{what.rstrip('.')}. {texts.translated(one.reason)}.")  # a day may end with a dot
    return steps or [texts("mail.what_to_do.nothing_own")]
