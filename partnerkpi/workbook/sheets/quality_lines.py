"""What the answers of the chosen period can carry: who was heard, how precise that is, and what to beware of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from partnerkpi.scorecard.review.quality import (
    DOMINANT,
    HEARD_VALUE,
    UNHEARD_PARTNERS,
    WIDE,
    Coverage,
    Quality,
    quality,
)
from partnerkpi.workbook.columns.partner_groups import MOST, groups
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.book import SheetModel
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.names import MIN_ANSWERS
from partnerkpi.workbook.model.phrases import DASH, live, shown, sure, sure_text, whole, whole_text
from partnerkpi.workbook.model.theme import RATINGS, ROW, SECTION, SHARE
from partnerkpi.workbook.model.translation import count, count_live, message, translate, translate_formula
from partnerkpi.workbook.sheets.listing import Entry, Field, Place, write_entry, write_heads
from partnerkpi.workbook.sheets.parts import SheetContext, as_place

_VERDICT = 9  # the column of what to beware of
_LAST = 14
#: What to beware of.
PARTIAL = message("▲ the total does not speak for the programme")
UNHEARD = message("▲ most of the revenue has not been heard")
IMPRECISE = message("▲ a comparison with a target means little")
LOUD = message("▲ the total speaks for that partner")
INVITED = (
    message("▲ {n} partner has more answers than invitations"),
    message("▲ {n} partners have more answers than invitations"),
)
#: What was found.
HEARD = (
    message("{heard} of {n} partner gave {least} answers or more ({share} %)"),
    message("{heard} of {n} partners gave {least} answers or more ({share} %)"),
)
REVENUE = message("{share} % of the partners' yearly value is theirs")
REACH = message("The NPS is known to ±{points} points ({confidence})")
LOUDEST = message("{share} % of the answers are of {partner}")
PEOPLE = (
    message("{returning} of {n} person had answered in an earlier period"),
    message("{returning} of {n} people had answered in an earlier period"),
)
#: What is said where nothing can be found.
NOBODY = message("No partner is named.")
ADD_VALUE = message("Add the yearly value to the list of partners.")
NO_INTERVAL = message("Fewer than two answers: no interval.")
NO_PEOPLE = message("The answers do not say who gave them.")


@dataclass(frozen=True)
class Line:
    """One thing to know: what it is about, what was found, and what to beware of."""

    label: str
    found: Live
    beware: Live


def write_quality(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write a line for each thing to know, and which part of each tier was heard; return the row below."""
    known = quality(context.card, context.card.current)
    head = live("What the answers can carry in {period}", period=as_place(context.period))
    context.model.put(sheet, (top, 1), head, SECTION)
    row = top
    for line in _lines(context, known):
        row += 1
        for column in range(1, _LAST + 1):
            context.model.blank(sheet, (row, column), ROW)
        context.model.put(sheet, (row, 1), line.label, ROW)
        context.model.put(sheet, (row, 2), line.found, ROW.but(indent=1))
        context.model.put(sheet, (row, _VERDICT), line.beware, ROW.but(bold=True, colour=RATINGS["watch"].text))
    return _tiers(context, sheet, row + 2, known) if known.tiers else row + 1


def _lines(context: SheetContext, known: Quality) -> list[Line]:
    return [
        _heard(context, known.coverage),
        _revenue(context, known.coverage),
        _precision(context),
        _loudest(context, known),
        _invited(context, known),
        _people(context),
    ]


def _heard(context: SheetContext, coverage: Coverage) -> Line:
    column = _columns(context)
    heard, all_of_them = f'COUNTIFS({column("answers")},">="&{MIN_ANSWERS})', f"COUNTA({column('name')})"
    part = f"(100*{heard}/{all_of_them})"
    said = count_live(all_of_them, *HEARD, heard=heard, least=MIN_ANSWERS, share=whole(part))
    few = f"AND({all_of_them}>1,100*{heard}<{100 - UNHEARD_PARTNERS}*{all_of_them})"
    text, beware = translate(NOBODY), ""
    if coverage.partner_share is not None:
        share = whole_text(coverage.partner_share)
        text = count(coverage.partners, *HEARD, heard=coverage.heard, least=context.card.min_responses, share=share)
        few_were = coverage.partners > 1 and 100 * coverage.heard < (100 - UNHEARD_PARTNERS) * coverage.partners
        beware = translate(PARTIAL) if few_were else ""
    return Line(
        translate("Partners heard"),
        Live(f"=IF({all_of_them}>0,{said},{translate_formula(NOBODY)})", text),
        Live(f'=IF({few},{translate_formula(PARTIAL)},"")', beware),
    )


def _revenue(context: SheetContext, coverage: Coverage) -> Line:
    column = _columns(context)
    value = f"SUM({column('annual_value')})"
    heard = f'SUMIFS({column("annual_value")},{column("answers")},">="&{MIN_ANSWERS})'
    share = coverage.value_share
    said = translate_formula(REVENUE, share=whole(f"(100*{heard}/{value})"))
    return Line(
        translate("Revenue heard"),
        Live(
            f"=IF({value}>0,{said},{translate_formula(ADD_VALUE)})",
            translate(ADD_VALUE) if share is None else translate(REVENUE, share=whole_text(share)),
        ),
        Live(
            f'=IF({value}>0,IF(100*{heard}/{value}<{HEARD_VALUE},{translate_formula(UNHEARD)},""),"")',
            translate(UNHEARD) if share is not None and share < HEARD_VALUE else "",
        ),
    )


def _precision(context: SheetContext) -> Line:
    low, high = context.layout.chosen("nps_low"), context.layout.chosen("nps_high")
    interval = context.current.line.nps_interval
    reach = f"(({high}-{low})/2)"
    said = translate_formula(REACH, points=whole(reach), confidence=sure())
    text, beware = translate(NO_INTERVAL), translate(IMPRECISE)
    if interval is not None:
        text = translate(REACH, points=whole_text(interval.half_width), confidence=sure_text(context.card.confidence))
        beware = translate(IMPRECISE) if interval.half_width > WIDE else ""
    wide = f'IF({reach}>{WIDE},{translate_formula(IMPRECISE)},"")'
    return Line(
        translate("Precision"),
        Live(f"={when_number(low, said, translate_formula(NO_INTERVAL))}", text),
        Live(f"={when_number(low, wide, translate_formula(IMPRECISE))}", beware),
    )


def _loudest(context: SheetContext, known: Quality) -> Line:
    column, answers = _columns(context), context.layout.chosen("answers")
    most = f"MAX({column('answers')})"
    who = f"INDEX({column('name')},MATCH({most},{column('answers')},0))"
    said = translate_formula(LOUDEST, share=whole(f"(100*{most}/{answers})"), partner=who)
    several = f"COUNTA({column('name')})>1"
    loudest = max(known.partners, key=lambda one: one.responses, default=None)
    text, beware = DASH, ""
    if loudest is not None and loudest.responses and loudest.answer_share is not None:
        text = translate(LOUDEST, share=whole_text(loudest.answer_share), partner=loudest.partner)
        beware = translate(LOUD) if len(known.partners) > 1 and loudest.answer_share > DOMINANT else ""
    return Line(
        translate("Loudest partner"),
        Live(f'=IF({most}>0,{said},"{DASH}")', text),
        Live(f'=IF(AND({several},100*{most}>{DOMINANT}*{answers}),{translate_formula(LOUD)},"")', beware),
    )


def _invited(context: SheetContext, known: Quality) -> Line:
    column = _columns(context)
    over = f'(COUNTIFS({column("response")},">100")+COUNTIFS({column("invited")},0,{column("answers")},">0"))'
    some = sum("more answers than invitations" in one.flags for one in known.partners)
    return Line(
        translate("Invitations"),
        context.chosen("response_context"),
        Live(f'=IF({over}>0,{count_live(over, *INVITED)},"")', count(some, *INVITED) if some else ""),
    )


def _people(context: SheetContext) -> Line:
    people, returning = context.layout.chosen("people"), context.layout.chosen("returning")
    said = count_live(people, *PEOPLE, returning=returning)
    counted = context.card.people.get(context.card.current)
    text = translate(NO_PEOPLE)
    if counted is not None and counted.people:
        text = count(counted.people, *PEOPLE, returning=counted.returning)
    found = Live(f"=IF({people}>0,{said},{translate_formula(NO_PEOPLE)})", text)
    return Line(translate("Returning people"), found, Live('=""', ""))


def _tiers(context: SheetContext, sheet: SheetModel, top: int, known: Quality) -> int:
    """Write how much of each tier was heard; return the row below."""
    places = {value: number for number, value in enumerate(groups(context.card, "tier"), 1)}
    fields = _tier_fields(context)
    write_heads(context.model, sheet, top, translate("Tier"), fields)
    tiers = [tier for tier in known.tiers if places[tier.name] < MOST]
    for row, tier in enumerate(tiers, top + 1):
        write_entry(context.model, sheet, row, fields, Entry(tier.name or DASH, places[tier.name], tier))
    return top + len(tiers) + 1


def _tier_fields(context: SheetContext) -> list[Field[Coverage]]:
    column = _columns(context)
    tier, answers, value = column("tier_number"), column("answers"), column("annual_value")
    enough = f'{answers},">="&{MIN_ANSWERS}'

    def revenue(p: Place) -> str:
        return f"SUMIFS({value},{tier},{p.number})"

    return [
        Field("partners", translate("Partners"), lambda p: f"COUNTIFS({tier},{p.number})", lambda k: k.partners),
        Field("heard", translate("Heard"), lambda p: f"COUNTIFS({tier},{p.number},{enough})", lambda k: k.heard),
        Field(
            "share", translate("Heard, %"), lambda p: arithmetic.share(p("heard"), p("partners")), _partner_share, SHARE
        ),
        Field(
            "revenue",
            translate("Revenue heard, %"),
            lambda p: f'IF({revenue(p)}>0,100*SUMIFS({value},{tier},{p.number},{enough})/{revenue(p)},"{DASH}")',
            lambda k: shown(k.value_share),
            SHARE,
        ),
    ]


def _partner_share(tier: Coverage) -> float | str:
    return shown(tier.partner_share)


def _columns(context: SheetContext) -> Callable[[str], str]:
    """Return how to name a column of Partners."""
    return context.layout.partner_column
