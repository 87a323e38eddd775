"""How far to trust the NPS: who was heard, how sure it is, and what to beware of, a line for each."""

from __future__ import annotations

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.conditional import FEWEST_PAIRS
from partnerkpi.language.figures import DASH
from partnerkpi.scorecard.findings.quality import (
    DOMINANT,
    HEARD_VALUE,
    UNHEARD_PARTNERS,
    WIDE,
    Coverage,
    Quality,
)
from partnerkpi.workbook.columns.base import MOST_GROUPS, groups
from partnerkpi.workbook.figures.base import FINE
from partnerkpi.workbook.figures.certainty import FULL
from partnerkpi.workbook.figures.words import ADD_INVITED
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.expression import (
    Given,
    and_,
    count,
    given,
    in_brackets,
    live,
    tell,
    when,
    when_number,
)
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.names import ANSWERS_ONCE, MIN_ANSWERS
from partnerkpi.workbook.model.phrases import counted, decimal, part, shown, whole
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import MUTED, RATINGS, ROW, ROW_NUMBER, SECTION, SHARE
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.sheets.listing import (
    Entry,
    Field,
    Place,
    write_entry,
    write_heads,
)
from partnerkpi.workbook.sheets.parts import (
    SheetContext,
    goes_on,
)
from partnerkpi.workbook.sheets.roll_ups import (
    Three,
    change_if_others,
    in_words,
    one_vote_a_partner,
    one_vote_a_unit_of_revenue,
)

_VERDICT = 9  # the column of what to beware of
_COLUMNS = 14


def any_invited(context: SheetContext) -> bool:
    """Tell whether it is known of any period how many people were invited."""
    return any(context.card.total_invited(period) is not None for period in context.card.periods)


@dataclass(frozen=True)
class Line:
    """One thing to know: what it is about, what was found, and what to beware of.

    `steps` stand right of what is printed, and what was found is said of their cells.
    """

    label: str
    found: Live
    beware: Live
    steps: Three | None = None


def write_certainties(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write a line for each thing to know, and which part of each tier was heard; return the row below."""
    known = context.card.quality
    head = live(tell("How far to trust this, {period}", period=context.period))
    context.model.put(sheet, (top, 1), head, SECTION)
    row = top
    for line in _lines(context, known):
        row += 1
        for column in range(1, _COLUMNS + 1):
            context.model.blank(sheet, (row, column), ROW)
        context.model.put(sheet, (row, 1), line.label, ROW)
        context.model.put(sheet, (row, 2), _found(context, sheet, row, line), ROW.but(indent=1))
        context.model.put(sheet, (row, _VERDICT), line.beware, ROW.but(bold=True, colour=RATINGS["watch"].text))
    return _tiers(context, sheet, row + 2, known) if known.tiers and len(context.partners) > 1 else row + 1


def _found(context: SheetContext, sheet: SheetModel, row: int, line: Line) -> Live:
    """Return what was found, and write the steps to it."""
    if line.steps is None:
        return line.found
    cells = []
    for column, step in enumerate(line.steps, _COLUMNS + 2):
        context.model.put(sheet, (row, column), live(step), ROW_NUMBER.but(number=FINE, colour=MUTED))
        cells.append(given(f"${get_column_letter(column)}{row}", step.value(None)))
    return live(in_words(*cells))


def _lines(context: SheetContext, known: Quality) -> list[Line]:
    """Return what can be known of these data; what takes partners, invitations or persons only where there are some."""
    card = context.card
    several = len(context.partners) > 1
    persons = any(context.course("people")) and goes_on(context)
    return [
        *([_heard(context, known.coverage)] if several or not context.partners else []),
        *([_revenue(context, known.coverage)] if several else []),
        _precision(context),
        *([_others(context)] if several else []),
        *(_roll_ups(context) if several and not card.is_pack else []),
        *([_silent(context)] if any_invited(context) else []),
        *([_loudest(context, known)] if several else []),
        *([_invited(context, known)] if any_invited(context) or goes_on(context) else []),
        *([_people(context)] if persons or (not card.is_pack and goes_on(context)) else []),
        *([_same_people(context)] if persons else []),
    ]


def _heard(context: SheetContext, coverage: Coverage) -> Line:
    column = context.layout.partner_column
    heard = given(f'COUNTIFS({column("answers")},">="&{MIN_ANSWERS})', coverage.heard)
    partners = given(f"COUNTA({column('name')})", coverage.partners)
    words = count(
        partners,
        "{heard} of {n} partner gave {least} answers or more ({share} %)",
        "{heard} of {n} partners gave {least} answers or more ({share} %)",
        heard=counted(heard),
        least=counted(context.fewest_answers),
        share=whole(in_brackets(100 * heard / partners)),
    )
    few = and_(partners > 1, 100 * heard < (100 - UNHEARD_PARTNERS) * partners)
    beware = when(few, tell("▲ the total does not speak for the programme"))
    return Line(
        translate("Partners heard"),
        live(when(partners > 0, words, tell("No partner is named."))),
        live(beware),
    )


def _revenue(context: SheetContext, coverage: Coverage) -> Line:
    column = context.layout.partner_column
    value = given(f"SUM({column('annual_value')})", coverage.value or 0)
    heard = given(f'SUMIFS({column("annual_value")},{column("answers")},">="&{MIN_ANSWERS})', coverage.heard_value or 0)
    share = 100 * heard / value
    words = tell("{share} % of the partners' yearly value is theirs", share=part(in_brackets(share)))
    beware = when(share < HEARD_VALUE, tell("▲ most of the revenue has not been heard"))
    return Line(
        translate("Revenue heard"),
        live(when(value > 0, words, tell("Add the yearly value to the list of partners."))),
        live(when(value > 0, beware)),
    )


def _precision(context: SheetContext) -> Line:
    low, high = context.figure("nps_low"), context.figure("nps_high")
    reach = in_brackets(in_brackets(high - low) / 2)
    full = context.figure("reading").equals(FULL)
    ends = {"low": whole(low), "high": whole(high)}
    known = (
        tell("Of these partners the NPS is between {low} and {high}", **ends)
        if len(context.partners) > 1
        else tell("The NPS is between {low} and {high}", **ends)
    )
    words = when(full, tell("Everybody answered: a full count, without an interval"), known)
    imprecise: Given = tell("▲ a comparison with a target means little")
    return Line(
        translate("Precision"),
        live(when_number(low, words, tell("Fewer than two answers: no interval."))),
        live(when_number(low, when(reach > WIDE, imprecise), imprecise)),
    )


def _others(context: SheetContext) -> Line:
    low, high, effect = (
        context.figure("clustered_low"),
        context.figure("clustered_high"),
        context.figure("design_effect"),
    )
    words = tell(
        "Between {low} and {high}, clustered by {partners} partners (design effect {effect})",
        low=whole(low),
        high=whole(high),
        partners=counted(context.figure("clusters")),
        effect=decimal(effect),
    )
    none: Given = tell("Fewer than two partners, or no difference between them: cannot tell.")
    return Line(translate("If they stand for others"), live(when_number(low, words, none)), live(""))


def _roll_ups(context: SheetContext) -> list[Line]:
    change = Line(translate("Change"), live(change_if_others(context)), live(""))
    one_vote = Line(translate("One vote a partner"), live(""), live(""), one_vote_a_partner(context))
    by_value = Line(translate("By yearly value"), live(""), live(""), one_vote_a_unit_of_revenue(context))
    valued = any(one.annual_value for one in context.card.partners)
    return [*([change] if goes_on(context) else []), one_vote, *([by_value] if valued else [])]


def _silent(context: SheetContext) -> Line:
    share = context.figure("silent_share")
    words = tell("{share} % of those invited did not answer", share=whole(share))
    bounds = tell(
        "▲ NPS {passive} if all were passive, {detractors} if all detractors",
        passive=whole(context.figure("if_passive")),
        detractors=whole(context.figure("if_detractors")),
    )
    once = given(ANSWERS_ONCE, int(context.card.answers_once))
    several: Given = tell("Not known: people can answer several times in a period.")
    answers, invited = context.figure("answers"), context.figure("invited")
    more: Given = tell("Not known: more answers than invitations.")
    everybody = when(answers > invited, more, when(answers > 0, tell("Everybody who was invited answered."), DASH))
    known = when(invited > 0, when(once.equals(1), everybody, several), tell(ADD_INVITED))
    found = live(when_number(share, words, known))
    return Line(translate("Who did not answer"), found, live(when_number(share, bounds)))


def _loudest(context: SheetContext, known: Quality) -> Line:
    column, answers = context.layout.partner_column, context.figure("answers")
    places = {one.partner.name: place for place, one in enumerate(context.partners)}
    # of several with as many answers the one that stands first on the sheet Partners, as the formula finds it
    loudest = max(known.partners, key=lambda one: (one.responses, -places[one.partner]), default=None)
    partners = given(f"COUNTA({column('name')})", len(known.partners))
    most = given(f"MAX({column('answers')})", loudest.responses if loudest is not None else 0)
    who = given(
        f"INDEX({column('name')},MATCH({most.formula(None)},{column('answers')},0))",
        loudest.partner if loudest is not None else "",
    )
    share = part(in_brackets(100 * most / answers))
    words = tell("{share} % of the answers are from {partner}", share=share, partner=who)
    loud = and_(partners > 1, 100 * most > DOMINANT * answers)
    return Line(
        translate("Loudest partner"),
        live(when(most > 0, words, DASH)),
        live(when(loud, tell("▲ the total speaks for that partner"))),
    )


def _invited(context: SheetContext, known: Quality) -> Line:
    column = context.layout.partner_column
    over = given(
        f'(COUNTIFS({column("response")},">100")+COUNTIFS({column("invited")},0,{column("answers")},">0"))',
        sum("more answers than invitations" in one.flags for one in known.partners),
    )
    words = count(
        over,
        "▲ {n} partner has more answers than invitations",
        "▲ {n} partners have more answers than invitations",
    )
    return Line(translate("Invitations"), context.chosen("response_context"), live(when(over > 0, words)))


def _people(context: SheetContext) -> Line:
    people = context.figure("people")
    words = count(
        people,
        "{returning} of {n} person had answered in an earlier period",
        "{returning} of {n} people had answered in an earlier period",
        returning=counted(context.chosen("returning")),
    )
    found = live(when(people > 0, words, tell("The answers do not say who gave them.")))
    return Line(translate("Returning people"), found, live(""))


def _same_people(context: SheetContext) -> Line:
    """Return how many people answered in the period before too, with whom its change is judged."""
    persons = context.figure("nps_persons")
    enough = tell("{n} answered in the period before too: the change is judged with them", n=counted(persons))
    few = tell("{n} answered in the period before too: too few to judge the change with", n=counted(persons))
    nobody = when(context.figure("people") > 0, tell("Nobody answered in the period before too."), DASH)
    words = when(persons > 0, when(persons < FEWEST_PAIRS, few, enough), nobody)
    return Line(translate("The same people"), live(words), live(""))


def _tiers(context: SheetContext, sheet: SheetModel, top: int, known: Quality) -> int:
    """Write how much of each tier was heard; return the row below."""
    places = {value: number for number, value in enumerate(groups(context.card, "tier"), 1)}
    fields = _tier_fields(context)
    write_heads(context.model, sheet, top, translate("Tier"), fields)
    tiers = [tier for tier in known.tiers if places[tier.name] < MOST_GROUPS]
    for row, tier in enumerate(tiers, top + 1):
        write_entry(context.model, sheet, row, fields, Entry(tier.name or DASH, places[tier.name], tier))
    return top + len(tiers) + 1


def _tier_fields(context: SheetContext) -> list[Field[Coverage]]:
    column = context.layout.partner_column
    tier, answers, value = column("tier_number"), column("answers"), column("annual_value")
    enough = f'{answers},">="&{MIN_ANSWERS}'

    def revenue(p: Place) -> str:
        return f"SUMIFS({value},{tier},{p.number})"

    return [
        Field("partners", translate("Partners"), lambda p: f"COUNTIFS({tier},{p.number})", lambda k: k.partners),
        Field("heard", translate("Heard"), lambda p: f"COUNTIFS({tier},{p.number},{enough})", lambda k: k.heard),
        Field(
            "share",
            translate("Heard, %"),
            lambda p: arithmetic.share(p("heard"), p("partners")),
            lambda k: shown(k.partner_share),
            SHARE,
        ),
        Field(
            "revenue",
            translate("Revenue heard, %"),
            lambda p: f'IF({revenue(p)}>0,100*SUMIFS({value},{tier},{p.number},{enough})/{revenue(p)},"{DASH}")',
            lambda k: shown(k.value_share),
            SHARE,
        ),
    ]
