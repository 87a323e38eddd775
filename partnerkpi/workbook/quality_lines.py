"""What the answers of the chosen period can carry: who was heard, how precise that is, and what to beware of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openpyxl.worksheet.worksheet import Worksheet

from partnerkpi.scorecard.review.quality import (
    DOMINANT,
    HEARD_VALUE,
    UNHEARD_PARTNERS,
    WIDE,
    Coverage,
    Quality,
    quality,
)
from partnerkpi.workbook import arithmetic
from partnerkpi.workbook.arithmetic import when_number
from partnerkpi.workbook.cells import Live
from partnerkpi.workbook.listing import Entry, Field, Place, write_entry, write_heads
from partnerkpi.workbook.names import MIN_ANSWERS
from partnerkpi.workbook.partner_groups import MOST, groups
from partnerkpi.workbook.phrases import DASH, shown, sure, sure_text, whole, whole_text
from partnerkpi.workbook.sheet_parts import Book, joined
from partnerkpi.workbook.theme import RATINGS, ROW, SECTION, SHARE

_VERDICT = 9  # the column of what to beware of
_LAST = 14
MARK = "▲"
PARTIAL = f"{MARK} the total does not speak for the programme"
UNHEARD = f"{MARK} most of the revenue has not been heard"
IMPRECISE = f"{MARK} a comparison with a target means little"
LOUD = f"{MARK} the total speaks for that partner"
ADD_VALUE = "Add the yearly value to the list of partners."
NO_PEOPLE = "The answers do not say who gave them."


@dataclass(frozen=True)
class Line:
    """One thing to know: what it is about, what was found, and what to beware of."""

    label: str
    found: Live
    beware: Live


def write_quality(book: Book, sheet: Worksheet, top: int) -> int:
    """Write a line for each thing to know, and which part of each tier was heard; return the row below."""
    known = quality(book.card, book.card.current)
    book.writer.put(sheet, (top, 1), joined("What the answers can carry in ", book.period), SECTION)
    row = top
    for line in _lines(book, known):
        row += 1
        for column in range(1, _LAST + 1):
            book.writer.blank(sheet, (row, column), ROW)
        book.writer.put(sheet, (row, 1), line.label, ROW)
        book.writer.put(sheet, (row, 2), line.found, ROW.but(indent=1))
        book.writer.put(sheet, (row, _VERDICT), line.beware, ROW.but(bold=True, colour=RATINGS["watch"].text))
    return _tiers(book, sheet, row + 2, known) if known.tiers else row + 1


def _lines(book: Book, known: Quality) -> list[Line]:
    return [
        _heard(book, known.coverage),
        _revenue(book, known.coverage),
        _precision(book),
        _loudest(book, known),
        _invited(book, known),
        _people(book),
    ]


def _heard(book: Book, coverage: Coverage) -> Line:
    column = _columns(book)
    heard, all_of_them = f'COUNTIFS({column("answers")},">="&{MIN_ANSWERS})', f"COUNTA({column('name')})"
    part = f"(100*{heard}/{all_of_them})"
    said = f'{heard}&" of "&{all_of_them}&IF({all_of_them}=1," partner"," partners")&" gave "&{MIN_ANSWERS}'
    said += f'&" answers or more ("&{whole(part)}&" %)"'
    few = f"AND({all_of_them}>1,100*{heard}<{100 - UNHEARD_PARTNERS}*{all_of_them})"
    text, beware = "No partner is named.", ""
    if coverage.partner_share is not None:
        plural = "partner" if coverage.partners == 1 else "partners"
        text = f"{coverage.heard} of {coverage.partners} {plural} gave {book.card.min_responses} answers or more"
        text += f" ({whole_text(coverage.partner_share)} %)"
        few_were = coverage.partners > 1 and 100 * coverage.heard < (100 - UNHEARD_PARTNERS) * coverage.partners
        beware = PARTIAL if few_were else ""
    return Line(
        "Partners heard",
        Live(f'=IF({all_of_them}>0,{said},"No partner is named.")', text),
        Live(f'=IF({few},"{PARTIAL}","")', beware),
    )


def _revenue(book: Book, coverage: Coverage) -> Line:
    column = _columns(book)
    value = f"SUM({column('annual_value')})"
    heard = f'SUMIFS({column("annual_value")},{column("answers")},">="&{MIN_ANSWERS})'
    share = coverage.value_share
    said = f'{whole(f"(100*{heard}/{value})")}&" % of the partners\' yearly value is theirs"'
    return Line(
        "Revenue heard",
        Live(
            f'=IF({value}>0,{said},"{ADD_VALUE}")',
            ADD_VALUE if share is None else f"{whole_text(share)} % of the partners' yearly value is theirs",
        ),
        Live(
            f'=IF({value}>0,IF(100*{heard}/{value}<{HEARD_VALUE},"{UNHEARD}",""),"")',
            UNHEARD if share is not None and share < HEARD_VALUE else "",
        ),
    )


def _precision(book: Book) -> Line:
    low, high = book.layout.chosen("nps_low"), book.layout.chosen("nps_high")
    interval = book.current.line.nps_interval
    reach = f"(({high}-{low})/2)"
    said = f'"The NPS is known to ±"&{whole(reach)}&" points ("&{sure()}&")"'
    nothing = "Fewer than two answers: no interval."
    text, beware = nothing, IMPRECISE
    if interval is not None:
        text = f"The NPS is known to ±{whole_text(interval.half_width)} points ({sure_text(book.card.confidence)})"
        beware = IMPRECISE if interval.half_width > WIDE else ""
    wide = f'IF({reach}>{WIDE},"{IMPRECISE}","")'
    return Line(
        "Precision",
        Live(f"={when_number(low, said, _quoted(nothing))}", text),
        Live(f"={when_number(low, wide, _quoted(IMPRECISE))}", beware),
    )


def _loudest(book: Book, known: Quality) -> Line:
    column, answers = _columns(book), book.layout.chosen("answers")
    most = f"MAX({column('answers')})"
    who = f"INDEX({column('name')},MATCH({most},{column('answers')},0))"
    said = f'{whole(f"(100*{most}/{answers})")}&" % of the answers are of "&{who}'
    several = f"COUNTA({column('name')})>1"
    loudest = max(known.partners, key=lambda one: one.responses, default=None)
    text, beware = DASH, ""
    if loudest is not None and loudest.responses and loudest.answer_share is not None:
        text = f"{whole_text(loudest.answer_share)} % of the answers are of {loudest.partner}"
        beware = LOUD if len(known.partners) > 1 and loudest.answer_share > DOMINANT else ""
    return Line(
        "Loudest partner",
        Live(f'=IF({most}>0,{said},"{DASH}")', text),
        Live(f'=IF(AND({several},100*{most}>{DOMINANT}*{answers}),"{LOUD}","")', beware),
    )


def _invited(book: Book, known: Quality) -> Line:
    column = _columns(book)
    over = f'(COUNTIFS({column("response")},">100")+COUNTIFS({column("invited")},0,{column("answers")},">0"))'
    says = 'IF({0}=1," partner has"," partners have")&" more answers than invitations"'
    count = sum("more answers than invitations" in one.flags for one in known.partners)
    text = f"{MARK} {count} partner{' has' if count == 1 else 's have'} more answers than invitations" if count else ""
    return Line(
        "Invitations",
        book.chosen("response_context"),
        Live(f'=IF({over}>0,"{MARK} "&{over}&{says.format(over)},"")', text),
    )


def _people(book: Book) -> Line:
    people, returning = book.layout.chosen("people"), book.layout.chosen("returning")
    said = f'{returning}&" of "&{people}&IF({people}=1," person"," people")&" had answered in an earlier period"'
    counted = book.card.people.get(book.card.current)
    text = NO_PEOPLE
    if counted is not None and counted.people:
        who = "person" if counted.people == 1 else "people"
        text = f"{counted.returning} of {counted.people} {who} had answered in an earlier period"
    return Line("Returning people", Live(f'=IF({people}>0,{said},"{NO_PEOPLE}")', text), Live('=""', ""))


def _tiers(book: Book, sheet: Worksheet, top: int, known: Quality) -> int:
    """Write how much of each tier was heard; return the row below."""
    places = {value: number for number, value in enumerate(groups(book.card, "tier"), 1)}
    fields = _tier_fields(book)
    write_heads(book.writer, sheet, top, "Tier", fields)
    tiers = [tier for tier in known.tiers if places[tier.name] < MOST]
    for row, tier in enumerate(tiers, top + 1):
        write_entry(book.writer, sheet, row, fields, Entry(tier.name or DASH, places[tier.name], tier))
    return top + len(tiers) + 1


def _tier_fields(book: Book) -> list[Field[Coverage]]:
    column = _columns(book)
    tier, answers, value = column("tier_number"), column("answers"), column("annual_value")
    enough = f'{answers},">="&{MIN_ANSWERS}'

    def revenue(p: Place) -> str:
        return f"SUMIFS({value},{tier},{p.number})"

    return [
        Field("partners", "Partners", lambda p: f"COUNTIFS({tier},{p.number})", lambda k: k.partners),
        Field("heard", "Heard", lambda p: f"COUNTIFS({tier},{p.number},{enough})", lambda k: k.heard),
        Field("share", "Heard, %", lambda p: arithmetic.share(p("heard"), p("partners")), _partner_share, SHARE),
        Field(
            "revenue",
            "Revenue heard, %",
            lambda p: f'IF({revenue(p)}>0,100*SUMIFS({value},{tier},{p.number},{enough})/{revenue(p)},"{DASH}")',
            lambda k: shown(k.value_share),
            SHARE,
        ),
    ]


def _partner_share(tier: Coverage) -> float | str:
    return shown(tier.partner_share)


def _columns(book: Book) -> Callable[[str], str]:
    """Return how to name a column of Partners."""
    return book.layout.partner_column


def _quoted(text: str) -> str:
    return f'"{text}"'
