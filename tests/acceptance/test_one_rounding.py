"""Terminal, workbook and mail say the same figure and the same change, in every language and for every scorecard."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import books
import cards
import openpyxl
import pytest
from command import run_here
from sampled import one_in

from partnerkpi.kpi.comparisons import too_few_to_tell
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language import LANGUAGES, figures, language
from partnerkpi.mail.content import from_scorecard
from partnerkpi.mail.message import Message, message_of
from partnerkpi.mail.workbook import read_book
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.comparing import earlier_of, lead_words, leading_comparison, rolled
from partnerkpi.scorecard.packs import for_review
from partnerkpi.scorecard.parts import Counts, Line, Partner
from partnerkpi.scorecard.words import headline
from partnerkpi.settings import Settings
from partnerkpi.workbook.build import build
from partnerkpi.workbook.model import names

#: The kinds of periods, each with its own words before it: "im September 2026", "au T3 2026".
KINDS = ("usual", "all_time", "year", "fiscal_year", "quarter", "month", "week")
#: What a text can say of a change; those that hold a number come last.
WAYS = (
    *(figures.ABOUT, figures.AS_BEFORE_FEW, figures.AS_BEFORE, figures.AS_BEFORE_SO_FAR),
    *(figures.AS_MANY, figures.AS_MANY_SO_FAR, figures.ONE_MORE, figures.ONE_FEWER, figures.MORE, figures.FEWER),
    *(figures.UP_A_LITTLE, figures.DOWN_A_LITTLE, figures.UNCHANGED, figures.NOTHING_BEFORE),
    *(figures.UP_A_POINT, figures.DOWN_A_POINT, figures.UP_BY_POINTS, figures.DOWN_BY_POINTS),
    *(figures.UP_BY, figures.DOWN_BY),
)
#: Where the page of a review has the figure of the NPS, and its change in words.
OF_REVIEW = ("A6", "A9")
#: What the first page calls each KPI, in the order of the sentences.
ROWS = {
    "nps": "Strategic Partner NPS",
    "advocacy": "Active advocates",
    "influence": "Retained customers with a partner",
}
Way = tuple[str, int | None]


def halves(*quarters: str) -> Scorecard:
    """Return a scorecard whose changes lie at halves of a point, the NPS's a hair below as floats have it.

    NPS -70.83 and -58.33, so 12.499999999999993; advocates 5 and 4 of 8; influence shares of 62.5 and 75 %.
    """
    scores, active, own = (ScoreTally(17, 7, 0), ScoreTally(7, 5, 0)), (5, 4), (5, 6)
    partners = tuple(Partner(f"Partner {place}") for place in range(8))
    counts: dict[tuple[str | None, str], Counts] = {}
    for number, quarter in enumerate(quarters):
        for place, one in enumerate(partners):
            counts[one.name, quarter] = Counts(ScoreTally(), None, int(place < active[number]))
        kept = own[number]
        counts[partners[0].name, quarter] = Counts(scores[number], None, 1, kept, kept)
        counts[None, quarter] = Counts(ScoreTally(), None, 0, 8 - kept, 8 - kept)
    return cards.card(counts, partners=partners, periods=tuple(sorted(quarters)))


@cache
def every_card() -> dict[str, Scorecard]:
    """Return the scorecards of the tests, two at the halves, and packs of a few partners."""
    demo, odd = cards.demo_card(), cards.odd_cards()
    own = {
        "halves, up": halves("2026-Q2", "2026-Q3"),
        "halves, down": halves("2026-Q3", "2026-Q2"),
        **{f"pack of {one.name}": for_review(demo, one.name) for one in demo.partners[:3]},
        **{f"pack of Acme in {card}": for_review(odd[card], "Acme") for card in ("usual", "months")},
    }
    return {"demo": demo, **odd, **own}


NAMES = ["demo", *cards.odd_cards(), "halves, up", "halves, down", "packs"]


def of_name(name: str) -> list[Scorecard]:
    """Return the scorecard of a name; all packs of the name packs."""
    found = every_card()
    return [card for key, card in found.items() if key.startswith("pack of")] if name == "packs" else [found[name]]


def exact(line: Line) -> dict[str, Fraction | None]:
    """Return the three figures as exact fractions, from the counts alone."""
    scores, advocacy, retention = line.scores, line.advocacy, line.retention
    share = None
    several = line.influence_share is not None  # one partner has none
    if several and retention is not None and retention.partner_retained is not None and retention.retained:
        share = Fraction(100 * retention.partner_retained, retention.retained)
    return {
        "nps": Fraction(100 * (scores.promoters - scores.detractors), scores.responses) if scores.responses else None,
        "advocacy": Fraction(100 * advocacy.active, advocacy.partners) if advocacy and advocacy.partners > 1 else None,
        "influence": share,
    }


def nearest(value: Fraction) -> int:
    """Return the nearest whole number, halves away from zero."""
    size = int(abs(value) + Fraction(1, 2))
    return -size if value < 0 else size


def share_way(change: int, word: str, *, to_date: bool = False) -> Way:
    """Return which way a share went by so many whole points."""
    if not change:
        same = figures.AS_BEFORE_SO_FAR if to_date else figures.AS_BEFORE
        return {"up": figures.UP_A_LITTLE, "down": figures.DOWN_A_LITTLE}.get(word, same), None
    if abs(change) == 1:
        return figures.UP_A_POINT if change > 0 else figures.DOWN_A_POINT, None
    return figures.UP_BY_POINTS if change > 0 else figures.DOWN_BY_POINTS, abs(change)


def advocates_way(now: int, then: int, change: Fraction, word: str, *, to_date: bool) -> Way:
    """Return how many more advocates there are; their share where that moved the other way."""
    more = now - then
    if word != "cannot tell" and more * change <= 0:
        return share_way(nearest(change), word, to_date=to_date)
    if not more:
        return figures.AS_MANY_SO_FAR if to_date else figures.AS_MANY, None
    if abs(more) == 1:
        return figures.ONE_MORE if more > 0 else figures.ONE_FEWER, None
    return figures.MORE if more > 0 else figures.FEWER, abs(more)


def expected(card: Scorecard) -> dict[str, tuple[int | None, Way]]:
    """Return each KPI's whole number, and which way it went by how much, worked out from the counts."""
    view = card.view()
    now, words = (
        exact(view.total),
        {
            "nps": view.total.nps_change.word,
            "advocacy": view.total.advocacy_change.word,
            "influence": view.total.retention_change.word,
        },
    )
    before = exact(card.total_line(view.previous)) if view.previous is not None else dict.fromkeys(now)
    tally = card.total_line(view.previous).advocacy if view.previous is not None else None
    active_then = tally.active if tally is not None else 0
    to_date = card.is_to_date(view.period)
    if card.is_to_date(view.period) and view.previous is not None:  # what adds up has as many days in both
        then = [one for (name, of), one in card.so_far.items() if of == view.previous and name and one.listed]
        active_then = sum(one.activities > 0 for one in then)
        before["advocacy"] = Fraction(100 * active_then, len(then)) if then else None
    found: dict[str, tuple[int | None, Way]] = {}
    for kpi, value in now.items():
        earlier = before[kpi]
        if value is None:
            found[kpi] = None, (figures.NOTHING_BEFORE, None)
            continue
        way: Way = figures.NOTHING_BEFORE, None
        if earlier is not None:
            change = nearest(value - earlier)
            if kpi == "influence":
                way = share_way(change, words[kpi])
            elif kpi == "advocacy" and view.total.advocacy is not None:
                active = view.total.advocacy.active
                way = advocates_way(active, active_then, value - earlier, words[kpi], to_date=to_date)
            else:
                small = {"up": figures.UP_A_LITTLE, "down": figures.DOWN_A_LITTLE}
                by = figures.UP_BY if change > 0 else figures.DOWN_BY
                way = (by, abs(change)) if change else (small.get(words[kpi], figures.AS_BEFORE_FEW), None)
        found[kpi] = nearest(value), way
    one = leading_comparison(view.total)
    if one is not None and now["nps"] is not None and one.before.responses:
        earlier = exact(replace(view.total, scores=one.before))["nps"]
        assert earlier is not None
        few = too_few_to_tell(one.before, one.after, confidence=card.confidence)
        if one.together.word == "cannot tell" and not few and abs(now["nps"] - earlier) <= 5:
            found["nps"] = nearest(now["nps"]), (figures.ABOUT, nearest(earlier))
    return found


def over_periods(card: Scorecard) -> tuple[int, Way] | None:
    """Return the whole number and the way of several periods together, worked out from the counts, where these lead."""
    total = card.view().total
    one = rolled(total)
    if one is None:
        return None
    before, after = (exact(replace(total, scores=side))["nps"] for side in (one.before, one.after))
    assert before is not None
    assert after is not None
    change = nearest(after - before)
    return nearest(after), (figures.UP_BY if change > 0 else figures.DOWN_BY, abs(change))


def way_in(text: str, code: str = "en") -> Way | None:
    """Return which way a text says that a figure moved; None where it says nothing of it."""
    for english in WAYS:
        said = language(code)
        patterns = {re.escape(said.fitting(said.translate(english), "before", kind)) for kind in KINDS}
        pattern = "|".join(sorted(patterns)).replace(r"\{points\}", "([0-9]+)")
        pattern = pattern.replace(r"\{before\}", "[^:;(]+").replace(r"\{figure\}", "(−?[0-9]+)")
        pattern = pattern.replace(r"\{then\}", "[^()]+").replace(r"\{n\}", "([0-9]+)")
        if found := re.search(pattern.replace("\u00a0", " "), text.replace("\u00a0", " ")):
            figure = next((group for group in found.groups() if group), None)
            return english, int(figure.replace("−", "-")) if figure is not None else None
    return None


def number_in(text: str, before: str = "", after: str = "") -> int | None:
    """Return the whole number between two texts; None where there is none."""
    found = re.search(f"{before}(−?[0-9]+){after}", text)
    return int(found[1].replace("−", "-")) if found else None


def as_shown(cell: object) -> int | None:
    """Return a cell's figure as Excel shows it without decimals: by its first 15 digits, halves away from zero."""
    if not isinstance(cell, float | int):
        return None
    return int(Decimal(f"{cell:.15g}").quantize(Decimal(1), ROUND_HALF_UP))


def in_terminal(card: Scorecard) -> dict[str, tuple[int | None, Way | None]]:
    """Return the figures and changes that the command prints."""
    nps, advocacy, retention = headline(card)
    lead = lead_words(card.view().total, earlier_of(card, card.current), card.period_kind)
    if lead is not None:  # said first, of several periods
        assert nps.startswith(f"Strategic Partner NPS: {lead}. ")
        nps = nps.replace(f"{lead}. ", "")
    return {
        "nps": (number_in(nps, ": "), way_in(nps)),
        "advocacy": (number_in(advocacy, "partners, ", " %"), way_in(advocacy)),
        "influence": (number_in(retention, "influence ", " %"), way_in(retention)),
    }


def in_mail(message: Message, code: str) -> dict[str, tuple[int | None, Way | None]]:
    """Return the figures and changes of a message's table."""
    found = {}
    for row in message.rows:
        if kpi := CALLED[code].get(row.name):
            found[kpi] = number_in(row.figure), way_in(row.moved, code)
    return found


_CALLED = {
    "nps": "Strategic Partner NPS",
    "advocacy": "Active advocates",
    "influence": "Retained customers with a partner",
}
#: The KPIs of a row of the mail, by its name in a language.
CALLED = {code: {language(code).translate(name): kpi for kpi, name in _CALLED.items()} for code in LANGUAGES}


@pytest.mark.parametrize("name", one_in(4, NAMES))
@pytest.mark.parametrize("code", ["en", *one_in(3, [code for code in LANGUAGES if code != "en"])])
def test_three_places_say_the_same(code: str, name: str) -> None:
    """Figure and change of each KPI are those worked out from the counts: in terminal, workbook and mail alike.

    Advocates of a period that is not over are compared with those of as many days before, and have no rating.
    """
    for card in of_name(name):
        right = expected(card)
        terminal = in_terminal(card)
        settings = card.settings or Settings()
        options = settings.options.model_copy(update={"language": code})
        model = build(replace(card, settings=settings.model_copy(update={"options": options})))
        values = books.shown(model, names.SCORECARD)
        page = from_scorecard(replace(card, title="Scorecard"))
        message = message_of(page, code, "scorecard.xlsx")
        mail = in_mail(message, code)
        sentences = iter(message.sentences)
        for kpi, (figure, way) in right.items():
            if card.is_pack and kpi != "nps":
                continue  # one partner has no share
            told = (figure, way if figure is not None else None)
            if card.previous_of(card.current) is None:
                told = (figure, None)  # nothing is said of what was before in the first period
            in_mails = None if way[0] == figures.NOTHING_BEFORE else way  # said once, of all of them
            if card.is_pack:
                shown, moved = (values.get((names.SCORECARD, cell)) for cell in OF_REVIEW)
                assert as_shown(shown) == figure, (card.title, kpi)
                assert figure is None or way_in(str(moved), code) == way, (card.title, kpi)
            else:
                in_the_page(card, values, code, kpi, figure)
            assert figure is None or terminal[kpi] == told, (card.title, kpi)
            assert figure is not None or terminal[kpi][0] is None, (card.title, kpi)
            nothing = not right_ones(right) and all(row.name in CALLED[code] for row in message.rows)
            assert (kpi in mail) == (figure is not None or (kpi == "nps" and nothing)), (card.title, kpi)
            if kpi in mail and figure is not None:
                assert mail[kpi] == (figure, in_mails), (card.title, kpi)
                # Within chance the table alone says it, but for the NPS.
                is_said = kpi == "nps" or page.tiles[kpi].word in (figures.UP, figures.DOWN)
                if not is_said and right["nps"][0] is not None:
                    continue
                said = next(sentences)
                if kpi == "nps" and page.lead is not None:  # of several periods; how this one moved is in the table
                    assert language(code).translated(page.lead) in said
                else:
                    assert way_in(said, code) == (in_mails if is_said else None), (card.title, kpi)
        figure, way = right["nps"]
        if figure is None or card.is_pack:
            continue
        first, over = str(values[names.SCORECARD, "A3"]), over_periods(card)
        if over is None:
            assert number_in(first, "^NPS ") == number_in(message.subject, "NPS ") == figure
            if way[0] != figures.NOTHING_BEFORE:
                assert way_in(first, code) == way_in(message.subject.split(";", 1)[1], code) == way
        else:
            assert [number_in(first, "NPS "), number_in(message.subject, "NPS ")] == [over[0], figure]
            assert str(over[1][1]) in re.findall("[0-9]+", first)


def right_ones(right: dict[str, tuple[int | None, Way]]) -> list[str]:
    """Return the KPIs that have a figure."""
    return [kpi for kpi, (figure, _) in right.items() if figure is not None]


def in_the_page(
    card: Scorecard, values: dict[tuple[str, str], object], code: str, kpi: str, figure: int | None
) -> None:
    """Compare a row of the first page: its figure, and how it moved since the period before, as a signed number."""
    say, view = language(code), card.view()
    label = say.translate(ROWS[kpi])
    row = next((row for row in range(7, 13) if values.get((names.SCORECARD, f"A{row}")) == label), None)
    if row is None:  # a KPI without data in any period has none
        assert all(exact(card.total_line(period))[kpi] is None for period in card.periods), (card.title, kpi)
        return
    shown = values[names.SCORECARD, f"B{row}"]
    if figure is None:
        assert shown == "–", (card.title, kpi)
        return
    advocacy = view.total.advocacy
    if kpi == "advocacy":
        assert advocacy is not None
        assert shown == say.translate("{active} of {all}", active=advocacy.active, all=advocacy.partners)
        if card.is_to_date(card.current):
            assert values[names.SCORECARD, f"D{row}"] == say.translate(figures.TO_DATE), (card.title, kpi)
            assert view.total.advocacy_rating is None
    else:
        assert as_shown(shown) == figure, (card.title, kpi)
    if view.previous is None or card.is_to_date(view.period):
        return
    now, before = exact(view.total)[kpi], exact(card.total_line(view.previous))[kpi]
    moved = str(values[names.SCORECARD, f"E{row}"])
    if now is None or before is None:
        assert moved == "", (card.title, kpi)
        return
    change = nearest(now - before)
    size = number_in(moved.replace("↓ ", "−").replace("↑ ", "").replace("<1", "0"))
    assert size == change or (change == 0 and "<1" in moved), (card.title, kpi, moved)


def test_one_command_says_it_once(tmp_path: Path) -> None:
    """An NPS from -70.83 to -58.33 is 12.499999999999993 in floats and "up 13" wherever the command says it."""
    answers, book = tmp_path / "answers.csv", tmp_path / "book.xlsx"
    quarters = {"2026-05-04": (17, 7), "2026-09-28": (7, 5)}
    rows = [
        f"{('Linden & Co', 'Harbour Nine')[number % 2]},{day},{score}"
        for day, (low, middle) in quarters.items()
        for number, score in enumerate([3] * low + [8] * middle)
    ]
    answers.write_text("partner,date,score\n" + "\n".join(rows) + "\n", encoding="utf-8")
    done = run_here("scorecard", answers, "-o", book)
    assert done.code == 0, done.err
    says = next(line for line in done.err.splitlines() if line.startswith("Strategic Partner NPS, Q3 2026: −58 "))
    page = openpyxl.load_workbook(book, data_only=True).worksheets[0]
    assert [way_in(text) for text in (says, str(page["A3"].value))] == [(figures.UP_BY, 13)] * 2
    assert page["E7"].value == "+13"
    for code in LANGUAGES:
        message = message_of(read_book(book).page, code, book.name)
        texts = [message.subject.split(";", 1)[1], message.sentences[0], message.rows[0].moved]
        assert [way_in(text, code) for text in texts] == [(figures.UP_BY, 13)] * 3
