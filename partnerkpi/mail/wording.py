"""The words of a message in one language: its subject, three sentences, and the table of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partnerkpi.language import Language, language
from partnerkpi.language.figures import DASH, NOTHING_BEFORE, certainty, direction
from partnerkpi.language.sentence import message
from partnerkpi.mail.advice import what_changed, what_to_do
from partnerkpi.mail.content import PageContent, Tile
from partnerkpi.mail.phrases import NAMES, Phrases, one_line, rating_colours

LONGEST_SUBJECT = 150
_TARGET, _RESPONSE = message("target {target}"), message("{answered} of {invited} invited answered")
_NO_ANSWERS, _UNDATED = message("no answers"), message("No dates in the data")


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI of the table, ready to be read; what is empty is left out."""

    name: str
    figure: str
    interval: str
    moved: str
    rests_on: str
    rating: str
    rating_name: str
    colour: str
    ground: str
    target: str


@dataclass(frozen=True, slots=True)
class Message:
    """Everything that the templates show, in the language of one recipient."""

    lang: str
    title: str
    period: str
    data_to: str
    subject: str
    sentences: Sequence[str]
    rows: Sequence[Row]
    changed: Sequence[str]
    to_do: Sequence[str]
    notes: Sequence[str]
    say: Language


def message_of(page: PageContent, code: str, file_name: str) -> Message:
    """Return the words for a page in a language; `file_name` is that of the attached workbook."""
    say = language(code)
    words = Phrases(page, say)
    title = title_of(page, say)
    return Message(
        lang=code,
        title=title,
        period=words.period,
        data_to=say("mail.data_to", day=say.date(page.as_of)) if page.as_of else say.translate(_UNDATED),
        subject=_subject(page, words, title),
        sentences=_sentences(page, words),
        rows=_rows(page, words),
        changed=what_changed(page, words),
        to_do=what_to_do(page, words),
        notes=_notes(page, words, file_name),
        say=say,
    )


def title_of(page: PageContent, say: Language) -> str:
    """Return the title of a page, in the language where it is the usual one, with the partner that it is about."""
    usual = language("en")("mail.title")
    title = say("mail.title") if page.title == usual else one_line(page.title) or usual
    return f"{title} {one_line(page.partner)}" if page.partner is not None else title


def _subject(page: PageContent, words: Phrases, title: str) -> str:
    """Return period and headline; the words for a change are the short ones."""
    say, nps = words.say, page.tiles["nps"]
    if nps.value is None:
        headline = say.translate(_NO_ANSWERS)
    else:
        figure, rating = words.figure("nps", nps.value), words.rating(nps.rating, glyph=False)
        headline = say("mail.subject_nps", value=figure, rating=rating)
        if nps.change is not None and words.before is not None:
            moved = ", ".join(map(say.translated, (direction(nps.change, nps.word), certainty(nps.word))))
            headline = say("mail.subject_moved", value=figure, rating=rating, moved=moved)
    subject = one_line(say("mail.subject", title=title, period=words.period, headline=headline).replace("\u00a0", " "))
    return subject if len(subject) <= LONGEST_SUBJECT else f"{subject[: LONGEST_SUBJECT - 1]}…"


def _sentences(page: PageContent, words: Phrases) -> list[str]:
    """Return the three sentences: figure, interval, rating, and how it moved."""
    if page.partner is not None:
        return [_nps(page, words), _own_activities(page, words), _retention(page, words)]
    return [_nps(page, words), _advocacy(page, words), _influence(page, words)]


def _nps(page: PageContent, words: Phrases) -> str:
    tile = page.tiles["nps"]
    if tile.value is None:
        return words.say("mail.says.nps_none", period=words.period)
    said = words.say(
        "mail.says.nps",
        period=words.period,
        answers=words.answers(page.answers),
        **_said("nps", tile, words),
    )
    if page.answers < page.min_answers:
        said = f"{said.removesuffix('.')} ({words.say('word.few')})."
    return said


def _advocacy(page: PageContent, words: Phrases) -> str:
    tile = page.tiles["advocacy"]
    if tile.value is None:
        return words.say("mail.says.advocacy_none")
    counts = {key: words.say.number(tile.rests_on[key]) for key in ("active", "partners")}
    return words.say("mail.says.advocacy", **counts, **_said("advocacy", tile, words))


def _influence(page: PageContent, words: Phrases) -> str:
    tile, retention = page.tiles["influence"], page.tiles["retention"]
    if tile.value is None or retention.value is None:
        return _retention(page, words)
    kept = words.figure("retention", retention.value)
    return words.say("mail.says.influence", retention=kept, **_said("influence", tile, words))


def _said(key: str, tile: Tile, words: Phrases) -> dict[str, str]:
    return {
        "value": words.figure(key, tile.value),
        "interval": words.interval(key, tile, sure=True) or DASH,
        "rating": words.rating(tile.rating),
        "moved": words.moved(tile.change, tile.word),
    }


def _retention(page: PageContent, words: Phrases) -> str:
    tile = page.tiles["retention"]
    if tile.value is None:
        return words.say("mail.says.retention_none")
    return words.say(
        "mail.says.retention",
        value=words.figure("retention", tile.value),
        interval=words.interval("retention", tile, sure=True) or DASH,
        was=words.was("retention", tile.before),
    )


def _own_activities(page: PageContent, words: Phrases) -> str:
    tile, say = page.tiles["activities"], words.say
    if tile.value is None:
        return say("mail.says.advocacy_none")
    if tile.before is None or words.before is None:
        was = say.translate(NOTHING_BEFORE)
    else:
        was = say("mail.says.was_activities", n=say.number(tile.before), before=words.before)
    return say.count("mail.says.activities", int(tile.value), period=words.period, was=was)


def _rows(page: PageContent, words: Phrases) -> list[Row]:
    own = page.partner is not None
    keys = ("nps", "activities", "retention", "response") if own else ("nps", "advocacy", "influence", "response")
    return [_row(key, page, words) for key in (keys if own else (*keys, "health"))]


def _row(key: str, page: PageContent, words: Phrases) -> Row:
    tile, say = page.tiles[key], words.say
    rated = key in ("nps", "advocacy", "influence", "health")
    colour, ground = rating_colours(tile.rating)
    if tile.value is None:
        moved = ""
    elif rated and key != "health":
        moved = words.moved(tile.change, tile.word)
    else:
        moved = words.was(key, tile.before)
    target = say.translate(_TARGET, target=words.figure(key, tile.target)) if tile.target is not None else ""
    return Row(
        name=say.translate(NAMES[key]),
        figure=words.figure(key, tile.value),
        interval=words.interval(key, tile, sure=False),
        moved=moved,
        rests_on=_rests_on(key, page, words),
        rating=words.rating(tile.rating) if rated or tile.value is None else "",
        rating_name=(tile.rating or "no data").replace(" ", "-") if rated or tile.value is None else "",
        colour=colour,
        ground=ground,
        target=say("mail.worst") if key == "health" and tile.value is not None else target,
    )


def _rests_on(key: str, page: PageContent, words: Phrases) -> str:
    """Return the counts behind a figure."""
    say, tile = words.say, page.tiles[key]
    if tile.value is None:
        return ""
    known = {name: say.number(value) for name, value in tile.rests_on.items()}
    if key == "nps":
        return words.answers(page.answers)
    if key == "advocacy":
        counts = {"active": known["active"], "partners": known["partners"]}
        return say.count("mail.rests_on.advocacy", int(tile.rests_on["activities"]), **counts)
    if key == "influence" and "base" in known:
        retention = words.figure("retention", page.tiles["retention"].value)
        base = words.figure("retention", tile.rests_on["base"])
        return say("mail.rests_on.influence", base=base, index=known.get("index", DASH), retention=retention)
    if key == "response" and "answered" in known:
        return say.translate(_RESPONSE, **known)
    return say("mail.rests_on.health") if key == "health" else ""


def _notes(page: PageContent, words: Phrases, file_name: str) -> list[str]:
    """Return what stands below: the attachment, rows set aside, and what certainty means."""
    say = words.say
    notes = [say("mail.attached", file=file_name)]
    if page.partner is not None:
        notes.append(say("mail.own_figures", partner=one_line(page.partner)))
    if page.rows_read:
        counts = {"aside": say.number(page.rows_set_aside), "read": say.number(page.rows_read)}
        notes.append(say("mail.set_aside", **counts))
    return [*notes, say("mail.certainty_note", sure=words.sure)]
