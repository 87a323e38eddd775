"""NPS: what the answers were made of, period by period and segment by segment, and what they can carry."""

from __future__ import annotations

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.conditional import FEWEST_PAIRS
from partnerkpi.language.figures import DASH, NOT_SHOWN
from partnerkpi.scorecard.findings.quality import (
    DOMINANT,
    HEARD_VALUE,
    UNHEARD_PARTNERS,
    WIDE,
    Coverage,
    Quality,
)
from partnerkpi.workbook.columns.base import MOST_GROUPS, groups
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.figures.base import FINE
from partnerkpi.workbook.figures.certainty import FULL
from partnerkpi.workbook.figures.charts import BANDS, shares_of
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
from partnerkpi.workbook.model.phrases import counted, decimal, shown, whole
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import CHANGE, COUNT, MUTED, RATINGS, ROW, ROW_NUMBER, SCORE, SECTION, SHARE
from partnerkpi.workbook.model.translation import message, translate, translate_formula
from partnerkpi.workbook.page import repeat_heads, set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.charts import answers_bar
from partnerkpi.workbook.sheets.listing import (
    Entry,
    Field,
    Place,
    by_period,
    grey_where,
    letters_of,
    write_entry,
    write_heads,
    write_periods,
)
from partnerkpi.workbook.sheets.parts import (
    FEW_NOTE,
    FIRST,
    PERIOD_NOTE,
    SheetContext,
    goes_on,
    notes,
    write_missing,
    write_top,
)
from partnerkpi.workbook.sheets.roll_ups import (
    Three,
    change_if_others,
    in_words,
    one_vote_a_partner,
    one_vote_a_unit_of_revenue,
)
from partnerkpi.workbook.sheets.segments import BAND_HEADS, share_fields, write_segment_table

_BAR_ROWS = 4
_BAR_END = 118 * 9525  # EMU within the last column, which is wider than the others
_LAST = "N"
_MANY_ROWS = 26  # of segments: more do not fit below the bar
HOW_TO = (
    message(
        "Add a file with the answers: one row for each, with a score from 0 to 10 and, where known, partner, date and "
        "respondent."
    ),
    message("Columns such as region, product or segment in that file become the segments of this sheet."),
)


def write_nps(context: SheetContext, sheet: SheetModel) -> None:
    """Write the sheet for the chosen period."""
    model = context.model
    known = any(period.line.scores.responses for period in context.periods)
    note = notes((PERIOD_NOTE, goes_on(context)), (FEW_NOTE, True)) if known else ""
    certainty = 15.0 if goes_on(context) and not _any_invited(context) else 10.0  # there without response rates
    widths = {"A": 27, **dict.fromkeys("BCDEFGHIJKL", 10.0), "M": certainty, "N": 17}
    write_top(model, sheet, "NPS", context.chosen("nps_headline"), widths, note)
    set_widths(sheet, {"O": 3})
    if not known:
        head = translate("There are no answers. How to supply them:")
        write_missing(context, sheet, head, HOW_TO, _LAST)
        return
    model.put(sheet, (FIRST, 1), context.chosen("above_mix"), SECTION)
    set_heights(sheet, dict.fromkeys(range(FIRST + 1, FIRST + _BAR_ROWS), 17))
    segments, top = context.card.visible_segments, FIRST + _BAR_ROWS + 1
    if len(segments) + len({one.dimension for one in segments}) > _MANY_ROWS:  # last, for the heads that are repeated
        top = _write_below(context, sheet, top)[1] + 1
        last, total = write_segment_table(context, sheet, top, segments)
        below = last + 1
    else:
        last, total = write_segment_table(context, sheet, top, segments)
        top = last + 2
        last, below = _write_below(context, sheet, top)
    if segments:
        sheet.row_breaks.append(top - 1)
    bar = answers_bar(sheet, (total, 1), (total, 7))
    sheet.place_chart(bar, (0, 14, FIRST, FIRST + _BAR_ROWS - 1), _bar_in_words(context), end=_BAR_END)
    set_page(sheet, context.card.title, [f"A1:{_LAST}{below - 1}"])
    repeat_heads(sheet, top + 1, last, context.card.rules.brand.paper)


def _write_below(context: SheetContext, sheet: SheetModel, top: int) -> tuple[int, int]:
    """Write all answers by period, where there are several, and how far to trust them.

    Return the last row of the periods, and the row below all.
    """
    row = _write_periods(context, sheet, top) if goes_on(context) else top - 1
    return row - 1, _write_quality(context, sheet, row + 1)


def _write_periods(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write all answers by period, with the changes; return the row below."""
    context.model.put(sheet, (top, 1), translate("All answers, by period"), SECTION)
    fields = _fields(context)
    row = write_periods(context.model, sheet, top + 1, context.layout, fields, context.periods)
    letters = letters_of(fields)
    grey_where(
        sheet,
        f"{letters['nps_change']}{top + 2}:{letters['nps_word']}{row - 1}",
        f"${letters['nps_word']}{top + 2}={translate_formula(NOT_SHOWN)}",
    )
    return row


def _any_invited(context: SheetContext) -> bool:
    return any(context.card.total_invited(period) is not None for period in context.card.periods)


def _fields(context: SheetContext) -> list[Field[PeriodFigures]]:
    def figure(key: str, head: str, number: str = COUNT, *, left: bool = False) -> Field[PeriodFigures]:
        return by_period(context.layout, key, head, number, left=left)

    return [
        figure("answers", translate("Answers")),
        *([figure("response", translate("Response rate"), SHARE)] if _any_invited(context) else []),
        *(figure(band, translate(BAND_HEADS[band])) for band in BANDS),
        *share_fields(lambda k: k.line.scores),
        figure("nps", "NPS", SCORE),
        figure("nps_low", translate("Low"), SCORE),
        figure("nps_high", translate("High"), SCORE),
        figure("nps_change", translate("Change"), CHANGE),
        figure("nps_word", translate("Certainty"), left=True),
    ]


def _bar_in_words(context: SheetContext) -> str:
    """Return what the bar shows, for those who do not see it."""
    scores = context.current.line.scores
    if not scores.responses:
        return translate("One bar of all answers in {period}: no answers.", period=context.period.value)
    return translate(
        "One bar of all answers in {period}: "
        "{promoters} % promoters, {passives} % passives, {detractors} % detractors.",
        period=context.period.value,
        **{band: str(share) for band, share in zip(BANDS, shares_of(scores), strict=True)},
    )


_VERDICT = 9  # the column of what to beware of
_COLUMNS = 14


@dataclass(frozen=True)
class Line:
    """One thing to know: what it is about, what was found, and what to beware of.

    `steps` stand right of what is printed, and what was found is said of their cells.
    """

    label: str
    found: Live
    beware: Live
    steps: Three | None = None


def _write_quality(context: SheetContext, sheet: SheetModel, top: int) -> int:
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
        *([_silent(context)] if _any_invited(context) else []),
        *([_loudest(context, known)] if several else []),
        *([_invited(context, known)] if _any_invited(context) or goes_on(context) else []),
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
    words = tell("{share} % of the partners' yearly value is theirs", share=whole(in_brackets(share)))
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
    share = whole(in_brackets(100 * most / answers))
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
