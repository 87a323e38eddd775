"""The words of a message in one language: its subject, three sentences, the table of figures, what changed, what to do.

From the figures of a page alone; the templates put them into text and HTML.
"""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.dataclass import dataclass
from partnerkpi.language import Language, figures, language
from partnerkpi.language.figures import DASH, DOWN, UP
from partnerkpi.language.sentence import message
from partnerkpi.mail.content import PageContent, Tile
from partnerkpi.mail.steps import what_changed, what_to_do
from partnerkpi.mail.words import NAMES, OWN_NAMES, PageInWords, one_line, rating_colours
from partnerkpi.workbook.model.translation import in_language
from partnerkpi.workbook.sheets.pack_words import greeting

LONGEST_SUBJECT = 150  # characters
_LONGEST_PART = 60
_TARGET, _RESPONSE = message("target {target}"), message("{answered} of {invited} invited answered")
_NO_ANSWERS, _UNDATED = message("no answers"), message("No dates in the data")
_NOT_SHOWN = message("fewer than {n} answers: not shown")
_FEW, _OWN_STEPS = message("few answers"), message("What we do next")


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
    to_do_head: str
    notes: Sequence[str]
    texts: Language


def message_of(page: PageContent, code: str, file_name: str) -> Message:
    """Return the words for a page in a language; `file_name` is that of the attached workbook."""
    texts = language(code)
    words = PageInWords(page, texts)
    title = title_of(page, texts)
    return Message(
        lang=code,
        title=title,
        period=words.period,
        data_to=_data_to(page, texts),
        subject=_subject(words, title),
        sentences=_sentences(words),
        rows=_rows(words),
        changed=what_changed(words),
        to_do=what_to_do(words),
        to_do_head=texts.translate(_OWN_STEPS) if page.to_partner else texts("mail.to_do"),
        notes=_notes(words, file_name),
        texts=texts,
    )


def _data_to(page: PageContent, texts: Language) -> str:
    """Return until when the data go; of periods without a day nothing is said, for they have dates."""
    if page.as_of is not None:
        return texts("mail.data_to", day=texts.date(page.as_of))
    return texts.translate(_UNDATED) if texts.kind_of(page.period) == "all_time" else ""


def title_of(page: PageContent, texts: Language) -> str:
    """Return the title of a page, in the language where it is the usual one, with whom or which part it is about."""
    usual = language("en")("mail.title")
    title = texts("mail.title") if page.title == usual else one_line(page.title) or usual
    about = f"{title} {one_line(page.partner)}" if page.partner is not None else title
    part = one_line("; ".join(page.part))
    return f"{about} ({part if len(part) <= _LONGEST_PART else f'{part[:_LONGEST_PART]}…'})" if part else about


def _subject(words: PageInWords, title: str) -> str:
    """Return period and headline; the words for a change are the short ones."""
    texts, nps = words.texts, words.page.tiles["nps"]
    if nps.value is None:
        headline = _other_headline(words)
    elif words.page.to_partner:
        headline = f"NPS {words.figure('nps', nps.value)}"
    else:
        figure, rating = words.figure("nps", nps.value), words.rating_of("nps", nps, glyph=False)
        headline = texts("mail.subject_nps", value=figure, rating=rating)
        if words.page.lead is not None:
            headline = texts(_way("mail.subject_rising", "mail.subject_falling", nps), value=figure)
        elif moved := words.nps_moved():
            headline = texts("mail.subject_moved", value=figure, rating=rating, moved=moved)
    turned = words.turned()
    headlines = [f"{headline}{texts('format.next')}{turned}"] if turned is not None else []
    for told in (*headlines, headline):  # what does not fit whole goes
        subject = one_line(
            texts("mail.subject", title=title, period=words.period, headline=told).replace("\u00a0", " ")
        )
        if len(subject) <= LONGEST_SUBJECT:
            return subject
    return f"{subject[: LONGEST_SUBJECT - 1].rsplit(' ', 1)[0]}…"


def _other_headline(words: PageInWords) -> str:
    """Return the subject's finding where there is no NPS: the first KPI that there is."""
    for key in ("advocacy", "retention"):
        tile = words.page.tiles[key]
        if tile.value is not None:
            named = OWN_NAMES if words.page.to_partner else NAMES
            return f"{words.texts.translate(named[key])} {words.figure(key, tile.value)}"
    own = words.page.own
    return words.texts.translate(_FEW if own is not None and words.page.period in own.withheld else _NO_ANSWERS)


def _way(up: str, down: str, tile: Tile) -> str:
    """Return which of two messages a change that is shown asks for."""
    return up if (tile.change or 0.0) > 0 else down


def _sentences(words: PageInWords) -> list[str]:
    """Return what is said before the table: the NPS, and each other KPI that moved by more than chance.

    What did not move stands in the table alone; without an NPS each KPI that there is has a sentence. A partner reads
    what its own workbook says first.
    """
    if words.page.own is not None and words.page.to_partner:
        with in_language(words.texts.code):
            return [greeting(words.page.own)]
    tiles, own = words.page.tiles, words.page.partner is not None
    rest = [("activities", _own_activities), ("retention", _retention)] if own else []
    rest = rest or [("advocacy", _advocacy), ("retention", _influence)]
    known = [_nps(words)] if tiles["nps"].value is not None else []
    moved = {"advocacy": tiles["advocacy"].word, "retention": tiles["influence"].word}
    known += [
        make(words)
        for key, make in rest
        if tiles[key].value is not None and (own or not known or moved.get(key) in (UP, DOWN))
    ]
    return known or [words.texts("mail.says.nps_none", period=words.period)]


def _nps(words: PageInWords) -> str:
    tile = words.page.tiles["nps"]
    if tile.value is None:
        return words.texts("mail.says.nps_none", period=words.period)
    sentence = words.texts(
        "mail.says.nps",
        period=words.period,
        answers=words.answers(words.page.answers),
        **(_tile_words("nps", tile, words) | {"moved": _and(words, words.nps_moved())}),
    )
    if words.page.lead is not None:  # that of several periods: the one of this period stands in the table
        target = words.figure("nps", tile.target)
        value = words.figure("nps", tile.value)
        now = words.texts("mail.says.now", period=words.period, value=value, target=target)
        key = _way("mail.says.lead_up", "mail.says.lead_down", tile)
        sentence = words.texts(key, lead=words.texts.translated(words.page.lead), rest=now)
    if words.page.answers < words.page.min_answers:
        sentence = f"{sentence.removesuffix('.')} ({words.texts('word.few')})."
    return sentence


def _advocacy(words: PageInWords) -> str:
    tile = words.page.tiles["advocacy"]
    active, partners = int(tile.rests_on["active"]), words.texts.number(tile.rests_on["partners"])
    if tile.to_date:
        value, moved = words.figure("advocacy", tile.value), _moved(words, tile)
        return words.texts.count("mail.says.advocacy_to_date", active, partners=partners, value=value, moved=moved)
    return words.texts.count("mail.says.advocacy", active, partners=partners, **_tile_words("advocacy", tile, words))


def _influence(words: PageInWords) -> str:
    tile, retention = words.page.tiles["influence"], words.page.tiles["retention"]
    if tile.value is None or retention.value is None:
        return _retention(words)
    kept = words.figure("retention", retention.value)
    places = _tile_words("influence", tile, words)
    if words.page.tiles["nps"].value is not None:
        places["interval"] = ""  # it stands in the table below
    return words.texts("mail.says.influence", retention=kept, **places)


def _tile_words(key: str, tile: Tile, words: PageInWords) -> dict[str, str]:
    return {
        "value": words.figure(key, tile.value),
        "interval": _in_brackets(words.interval(key, tile, named=True)),
        "rated": words.texts("mail.says.rated", rating=words.rating_of(key, tile)) if tile.rating is not None else "",
        "moved": _moved(words, tile),
    }


def _moved(words: PageInWords, tile: Tile) -> str:
    """Return how a figure moved where chance does not explain it; else the table below alone has it."""
    shown = tile.word in (UP, DOWN)
    return _and(words, words.share_moved(tile)) if shown else ""


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""


def _and(words: PageInWords, text: str) -> str:
    return f"{words.texts('format.next')}{text}" if text else ""


def _retention(words: PageInWords) -> str:
    tile = words.page.tiles["retention"]
    return words.texts(
        "mail.says.retention",
        value=words.figure("retention", tile.value),
        interval=_in_brackets(words.interval("retention", tile, named=True)),
        was=_and(words, words.was("retention", tile)),
    )


def _own_activities(words: PageInWords) -> str:
    tile, texts = words.page.tiles["activities"], words.texts
    was = ""
    if tile.before is not None and words.before is not None:
        then = "mail.says.was_activities_then" if tile.to_date else "mail.says.was_activities"
        was = _and(words, texts(then, n=texts.number(tile.before), before=words.before))
    return texts.count("mail.says.activities", int(tile.value or 0), period=words.period, was=was)


def _rows(words: PageInWords) -> list[Row]:
    own = words.page.partner is not None
    if own:
        keys: tuple[str, ...] = ("nps", "activities", "retention", "response")
    else:
        keys = ("nps", "advocacy", "influence", "retention", "response")
    known = [key for key in keys if _is_told(key, words.page.tiles[key])]
    return [_row(key, words) for key in known or keys[:1]]


def _is_told(key: str, tile: Tile) -> bool:
    """Tell whether a figure has a row: it is known, and no more people answered than were invited."""
    return tile.value is not None and (key != "response" or tile.value <= 100)


def _row(key: str, words: PageInWords) -> Row:
    tile, texts = words.page.tiles[key], words.texts
    to_partner = words.page.to_partner
    rated = key in ("nps", "advocacy", "influence") and not to_partner
    colour, ground = rating_colours(tile.rating)
    if tile.value is None:
        moved = ""
    elif key == "nps" and not to_partner:
        moved = words.nps_moved()
    elif rated:
        moved = words.share_moved(tile)
    else:
        moved = words.was(key, tile)
    target = (
        texts.translate(_TARGET, target=words.figure(key, tile.target))
        if tile.target is not None and not to_partner
        else ""
    )
    rating = words.rating_of(key, tile) if rated or tile.value is None else ""
    if to_partner and words.page.own is not None and words.page.period in words.page.own.withheld and key == "nps":
        rating = texts.translate(_NOT_SHOWN, n=texts.number(words.page.own.rules.comments.min_group))
    if key == "advocacy" and tile.to_date and tile.value is not None:
        rating = texts.translate(figures.TO_DATE)
    return Row(
        name=texts.translate((OWN_NAMES if to_partner else NAMES)[key]),
        figure=words.figure(key, tile.value),
        interval=words.interval(key, tile, named=False),
        moved=moved,
        rests_on=_rests_on(key, words),
        rating=rating,
        rating_name=(tile.rating or "no data").replace(" ", "-") if rated or tile.value is None else "",
        colour=colour,
        ground=ground,
        target=target,
    )


def _rests_on(key: str, words: PageInWords) -> str:
    """Return the counts behind a figure."""
    texts, tile = words.texts, words.page.tiles[key]
    if tile.value is None:
        return ""
    known = {name: texts.number(value) for name, value in tile.rests_on.items()}
    if key == "nps":
        return words.answers(words.page.answers)
    if key == "advocacy":
        counts = {"active": known["active"], "partners": known["partners"]}
        return texts.count("mail.rests_on.advocacy", int(tile.rests_on["activities"]), **counts)
    if key == "influence" and "base" in known:
        base = words.figure("retention", tile.rests_on["base"])
        return texts("mail.rests_on.influence", base=base, index=known.get("index", DASH))
    if key == "response" and "answered" in known:
        return texts.translate(_RESPONSE, **known)
    return ""


def _notes(words: PageInWords, file_name: str) -> list[str]:
    """Return what stands below: the attachment, rows set aside, and what certainty means."""
    texts = words.texts
    notes = [texts("mail.attached", file=file_name)]
    if words.page.part:
        notes.append(texts("mail.part", part=one_line("; ".join(words.page.part))))
    if words.page.partner is not None:
        notes.append(texts("mail.own_figures", partner=one_line(words.page.partner)))
    if words.page.rows_set_aside:
        counts = {"aside": texts.number(words.page.rows_set_aside), "read": texts.number(words.page.rows_read)}
        notes.append(texts("mail.set_aside", **counts))
    if words.page.to_partner:
        return notes
    trust = [f"{texts.translated(words.page.trust)}."] if words.page.trust is not None else []
    certainty = [texts("mail.certainty_note", risk=words.risk)] if words.page.previous is not None else []
    return [*notes, *trust, *certainty]
