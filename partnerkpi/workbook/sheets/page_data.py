"""What the first page lists and draws of partners, written to Data: whom to call first, and the NPS by yearly value.

Whom to call first is a fact of the newest period: where another one is chosen, or a benchmark was changed, the page
says so instead of showing it. What is drawn follows the chosen period.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.comparisons import strongest
from partnerkpi.language.figures import DASH, number, rounded, whole
from partnerkpi.language.sentence import Sentence, message
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.actions import LOST_ADVOCATE
from partnerkpi.scorecard.findings.call_first import AtRisk
from partnerkpi.scorecard.findings.falls import risen
from partnerkpi.scorecard.parts import Partner
from partnerkpi.workbook.columns.workings import tiers_of
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import FIRST_ROW, HEAD_ROW, Layout
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import COUNT, GENERAL, HEAD, HEAD_NUMBER, ROW, ROW_NUMBER, SCORE, SECTION, TENTHS
from partnerkpi.workbook.model.translation import current_language, translate, translated
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.sheets.parts import SheetContext

CALLS = 4  # partners to call first that the page names
NAMED = 4  # partners that the chart names
THANKED = 2
#: The chart of NPS by value has so many partners at most, those worth most.
MOST_POINTS = 200
_FEWEST_POINTS = 3
#: Rows of the block on Data, from 0: the calls, the sentences, the target's line, the named points, all points.
CALL_ROW, MORE_ROW, TURNED_ROW, THANKS_ROW, TARGET_ROW = 0, CALLS, CALLS + 1, CALLS + 2, CALLS + 5
NAMED_ROW = TARGET_ROW + 3
POINT_ROW = NAMED_ROW + NAMED + 1
#: Its columns: of the calls, and of the points.
NAME, COURSE, VALUE, DUE, OWNER, PEOPLE = range(6)
_X, _ANSWERS, _NPS, _LOW, _OTHERS, _KEY = range(1, 7)
X, LOW, OTHERS = _X, _LOW, _OTHERS
#: Where there is one period, right of these: each partner's NPS, how far its interval goes, its height in the chart.
DOT_NPS, DOT_ABOVE, DOT_BELOW, DOT_Y = range(8, 12)
MOST_ROWS = 10  # partners that the page lists
MORE_ROWS = 8  # and so many more where the page has room
_HEADS = (
    *(message("Partner"), message("NPS then and now"), message("Value a year"), message("Due"), message("Owner")),
    *(message("People to call"), message("Ranking key")),
)
_ARROW = " → "
#: Who turned against us: with what they are worth or without, after good news or not; of one and of several.
TURNED_WORTH = (
    message("{n} partner worth {value} a year turned against us."),
    message("{n} partners worth {value} a year turned against us."),
)
_BUT_WORTH = (
    message("But {n} partner worth {value} a year turned against us."),
    message("But {n} partners worth {value} a year turned against us."),
)
TURNED = (message("{n} partner turned against us."), message("{n} partners turned against us."))
_BUT_TURNED = (message("But {n} partner turned against us."), message("But {n} partners turned against us."))
#: The same where one of them still has more promoters than detractors.
LESS_WORTH = (
    message("{n} partner worth {value} a year recommends us less than before."),
    message("{n} partners worth {value} a year recommend us less than before."),
)
_BUT_LESS_WORTH = (
    message("But {n} partner worth {value} a year recommends us less than before."),
    message("But {n} partners worth {value} a year recommend us less than before."),
)
LESS = (
    message("{n} partner recommends us less than before."),
    message("{n} partners recommend us less than before."),
)
_BUT_LESS = (
    message("But {n} partner recommends us less than before."),
    message("But {n} partners recommend us less than before."),
)


@dataclass(frozen=True)
class Unit:
    """How yearly values are written: divided by so much, with so many decimals, and the words for one of them."""

    divisor: int
    digits: int
    words: str
    axis: str

    @classmethod
    def of(cls, total: float) -> Unit:
        """Return the unit in which a total is read best."""
        if total >= 1_000_000:
            return cls(1_000_000, 1, message("{amount} million"), "0.0,,")
        if total >= 20_000:
            return cls(1_000, 0, message("{amount} thousand"), "#,##0,")
        return cls(1, 0, message("{amount}"), "#,##0")


def money(value: float) -> Sentence:
    """Return a yearly value in words: "2.8 million", "930 thousand"."""
    unit = Unit.of(value)
    return Sentence(unit.words, amount=number(value / unit.divisor, unit.digits))


def valued(card: Scorecard) -> list[Partner]:
    """Return the partners whose yearly value is known, those worth most first."""
    known = [one for one in card.partners if one.annual_value]
    return sorted(known, key=lambda one: (-(one.annual_value or 0.0), one.name))


def points(card: Scorecard) -> list[Partner]:
    """Return the partners that the chart of NPS by value draws; none where there is too little to draw."""
    answered = [
        one for one in valued(card) if any(card.count(one.name, label).scores.responses for label in card.periods)
    ]
    return answered[:MOST_POINTS] if len(answered) >= _FEWEST_POINTS else []


def course(one: AtRisk) -> str:
    """Return how an NPS came down, "41 → −23"; of whom customers leave how many stayed."""
    return translated(one.stayed) if one.stayed is not None else _ARROW.join(whole(nps) for nps in one.course)


def write_page_data(context: SheetContext, sheet: SheetModel) -> None:
    """Write the block; a partner's own workbook has none."""
    if context.card.is_pack:
        return
    card, layout = context.card, context.layout
    left = layout.page_column
    head = translate(
        "Said on the Scorecard of {period}; it holds (1) or not (0):", period=period_name(card.periods[-1])
    )
    context.model.put(sheet, (HEAD_ROW - 1, left), head, SECTION)
    for column, words in enumerate(_HEADS):
        context.model.put(sheet, (HEAD_ROW, left + column), translate(words), HEAD if column < 2 else HEAD_NUMBER)
    _holds(context, sheet, left + 1)
    _calls(context, sheet)
    if points(card):
        _points(context, sheet)
    if len(card.periods) == 1 and card.has_answers:
        _dots(context, sheet)
    for column, width in enumerate((30.0, 20.0, 13.0, 13.0, 22.0, 13.0, 13.0)):
        sheet.widths.setdefault(get_column_letter(left + column), width)
    sheet.widths.setdefault(get_column_letter(left - 1), 3.0)


def _holds(context: SheetContext, sheet: SheetModel, column: int) -> None:
    """Write whether what is said of the newest period is about what the page shows."""
    card = context.card.as_made
    worst = card.benchmarks["nps"].bands[0].high
    begins = card.benchmarks["nps"].bands[1].name
    own = [
        f"INDEX({names.of_tiers('nps', begins)},{place})={benchmark.bands[0].high!r}"
        for place, benchmark in enumerate(tiers_of(card).values(), 1)
    ]
    tests = (
        *own,
        f"{names.PERIOD_NUMBER}={len(card.periods)}",
        f"INDEX({names.thresholds('nps')},2)={worst!r}",
        f"{names.CONFIDENCE}={card.confidence!r}",
        f"{names.MIN_ANSWERS}={card.min_responses}",
    )
    holds = Live(f"=IF(AND({','.join(tests)}),1,0)", int(context.card.calls_hold))
    cell = f"{get_column_letter(column)}{HEAD_ROW - 1}"
    context.model.put(sheet, cell, holds, ROW_NUMBER.but(number=GENERAL))
    names.define(context.model, names.SENTENCES_HOLD, sheet.title, cell)


def _calls(context: SheetContext, sheet: SheetModel) -> None:
    card = context.card.as_made
    left = context.layout.page_column

    def put(row: int, column: int, value: str | float | None) -> None:
        look = ROW if isinstance(value, str) else ROW_NUMBER.but(number=COUNT)
        context.model.put_if_known(sheet, (FIRST_ROW + row, left + column), value, look)

    for row, one in enumerate(card.call_first[:CALLS], CALL_ROW):
        due = current_language().date(one.due, year=False) if one.due is not None else None
        cells = (one.partner, course(one), one.value, due, one.owner, people_to_call(card, one.partner) or None)
        for column, value in enumerate(cells):
            put(row, column, value)
    more = len(card.call_first) - CALLS
    if more > 0:
        put(MORE_ROW, NAME, translate("and {number} more: see Actions", number=more))
    for row, sentence in ((TURNED_ROW, turned(card)), (THANKS_ROW, thanks(card))):
        if sentence is not None:
            put(row, NAME, translated(sentence))


def people_to_call(card: Scorecard, partner: str) -> int:
    """Return how many people of a partner are to be called, listed or not."""
    named = sum(one.partner == partner and one.kind != LOST_ADVOCATE for one in card.actions)
    return named + sum(count for (of, _), count in card.more_to_call.items() if of == partner)


def turned(card: Scorecard) -> Sentence | None:
    """Say how many partners' NPS fell by more than chance, and what they are worth; None where none did."""
    fallen = [one for one in card.call_first if one.fallen]
    if not fallen:
        return None
    worth = sum(one.value or 0.0 for one in fallen)
    line = card.total_line(card.current)
    good = any(one.together.word == "up" for one in line.comparisons)
    against = all(is_against(one.course) for one in fallen)
    if worth:
        plain, but = (TURNED_WORTH, _BUT_WORTH) if against else (LESS_WORTH, _BUT_LESS_WORTH)
        return Sentence.of(len(fallen), *(but if good else plain), value=money(worth))
    plain, but = (TURNED, _BUT_TURNED) if against else (LESS, _BUT_LESS)
    return Sentence.of(len(fallen), *(but if good else plain))


def is_against(course: Sequence[float]) -> bool:
    """Tell whether the last NPS of a course is below 0: more detractors than promoters."""
    return bool(course) and rounded(course[-1]) < 0


def thanks(card: Scorecard) -> Sentence | None:
    """Name the partners to thank: whose NPS rose by more than chance, else the largest that are rated best."""
    worth = {one.name: one.annual_value or 0.0 for one in card.partners}
    view, called = card.view(card.current), {one.partner for one in card.call_first}
    up = sorted({*risen(card, card.current)} - called, key=lambda name: (-worth[name], name))[:THANKED]
    if up:
        names_of = [f"{_shown(name)} {_rise(card, name)}" for name in up]
    else:
        best = card.benchmarks["nps"].bands[-1].name
        top = [name for name, line in view.partners.items() if line.nps_rating == best and name not in called]
        largest = sorted(top, key=lambda name: (-worth[name], -view.partners[name].scores.responses, name))[:THANKED]
        names_of = [f"{_shown(name)} (NPS {whole(view.partners[name].scores.nps or 0.0)})" for name in largest]
    if not names_of:
        return None
    if len(names_of) == 1:
        return Sentence("Say thank you: {partner}", partner=names_of[0])
    return Sentence("Say thank you: {one} and {other}", one=names_of[0], other=names_of[1])


def _shown(name: str) -> str:
    return " ".join(clean_text(name).split())


def _rise(card: Scorecard, name: str) -> str:
    """Return the NPS before the rise and now, of the comparison that shows it."""
    lead = strongest(card.view(card.current).partners[name].comparisons)
    if lead is None:
        return ""
    return f"{whole(lead.before.nps or 0.0)}{_ARROW}{whole(lead.after.nps or 0.0)}"


def _points(context: SheetContext, sheet: SheetModel) -> None:
    """Write what the chart draws: the line of the target, the points that are named, and all points by value."""
    card, layout = context.card, context.layout
    drawn, places = points(card), {one.name: place for place, one in enumerate(card.partners)}
    tiers = {tier: place for place, tier in enumerate(tiers_of(card), 1)}
    current = card.periods.index(card.current) + 1
    worst = card.benchmarks["nps"].bands[1].name
    last = POINT_ROW + len(drawn) - 1
    left = layout.page_column

    def put(row: int, column: int, content: Live | str | float, look: str = GENERAL) -> None:
        text = isinstance(content, str) or (isinstance(content, Live) and isinstance(content.value, str))
        context.model.put(
            sheet, (FIRST_ROW + row, left + column), content, ROW if text else ROW_NUMBER.but(number=look)
        )

    def cell(row: int, column: int) -> str:
        return layout.on_page(row, column).split("!")[1]

    def column(number: int) -> str:
        return layout.on_page(POINT_ROW, number, last).split("!")[1]

    largest = max(float(one.annual_value or 0.0) for one in drawn)
    for row, x in ((TARGET_ROW, 0.0), (TARGET_ROW + 1, largest)):
        put(row, NAME, translate("Chart, target"))
        put(row, _X, x, COUNT)
        put(row, _LOW, Live(f"={names.of_kpi('nps', 'target')}", card.benchmarks["nps"].target), SCORE)
    keys: list[float | None] = []
    scores: list[float | None] = []
    for row, one in enumerate(drawn, POINT_ROW):
        place = f"{places[one.name] * len(card.periods)}+{names.PERIOD_NUMBER}"
        tally = card.count(one.name, card.periods[current - 1]).scores
        total, lead = scores_of(layout, place)
        answers, nps, own_low = (cell(row, number) for number in (_ANSWERS, _NPS, _LOW))
        enough = tally.nps is not None and not tally.few_responses(card.min_responses)
        score = tally.nps if enough else None
        own = tiers.get(one.tier or "")
        limit = f"INDEX({names.of_tiers('nps', worst)},{own})" if own else names.of_kpi("nps", worst)
        low = score is not None and score < card.benchmark_of("nps", one.tier).bands[0].high
        value = float(one.annual_value or 0.0)  # a record knows no whole numbers
        key = value - row / 1e3 if low else None
        put(row, NAME, one.name)
        put(row, _X, value, COUNT)
        put(row, _ANSWERS, Live(f"={total}", tally.responses), COUNT)
        rated = f'=IF({answers}>=MAX(1,{names.MIN_ANSWERS}),100*{lead}/{answers},"{DASH}")'
        put(row, _NPS, Live(rated, DASH if score is None else score), TENTHS)
        below = f"=IF(ISNUMBER({nps}),IF({nps}<{limit},{nps},NA()),NA())"
        put(row, _LOW, Live(below, score if low else None), SCORE)
        others = f"=IF(ISNUMBER({own_low}),NA(),IF(ISNUMBER({nps}),{nps},NA()))"
        put(row, _OTHERS, Live(others, None if low else score), SCORE)
        by_value = f'=IF(ISNUMBER({own_low}),{cell(row, _X)}-{row}/1000,"{DASH}")'
        put(row, _KEY, Live(by_value, DASH if key is None else key), "0.000")
        keys.append(key)
        scores.append(score)
    ranked = sorted((key for key in keys if key is not None), reverse=True)
    for nth in range(1, NAMED + 1):
        row = NAMED_ROW + nth - 1
        found = keys.index(ranked[nth - 1]) if nth <= len(ranked) else None
        rank = cell(row, _KEY)
        match = f"MATCH(LARGE({column(_KEY)},{nth}),{column(_KEY)},0)"
        put(
            row,
            _KEY,
            Live(f'=IF(COUNT({column(_KEY)})>={nth},{match},"{DASH}")', DASH if found is None else found + 1),
        )
        name = drawn[found].name if found is not None else ""
        put(row, NAME, Live(f'=IF(ISNUMBER({rank}),INDEX({column(NAME)},{rank}),"")', name))
        named = float(drawn[found].annual_value or 0.0) if found is not None else None
        y = scores[found] if found is not None else None
        put(row, _X, Live(f"=IF(ISNUMBER({rank}),INDEX({column(_X)},{rank}),NA())", named), COUNT)
        put(row, _LOW, Live(f"=IF(ISNUMBER({rank}),INDEX({column(_NPS)},{rank}),NA())", y), SCORE)


def listed(card: Scorecard) -> list[Partner]:
    """Return the partners that the page lists: by yearly value, without values by their answers, activities, customers.

    Answers are those of the newest period first, as they stand beside it and on the sheet Partners. In one period they
    stand in the order of their NPS, those that are not rated last.
    """

    def counted(one: Partner) -> tuple[int, ...]:
        counts = [card.count(one.name, label) for label in card.periods]
        answers = [each.scores.responses for each in counts]
        others = sum(each.activities for each in counts), sum(each.customers for each in counts)
        return answers[-1], sum(answers), *others

    known = [one for one in card.partners if any(counted(one))]
    known.sort(key=lambda one: (-(one.annual_value or 0.0), *(-number for number in counted(one)), one.name))
    if not card.has_answers:  # nobody is called first, which leaves room
        return known[: MOST_ROWS + MORE_ROWS]
    if len(card.periods) > 1:
        return known[:MOST_ROWS]
    lines = card.view(card.current).partners
    rated = [one for one in known if not lines[one.name].scores.few_responses(card.min_responses)][
        : MOST_ROWS + MORE_ROWS
    ]
    return sorted(rated, key=lambda one: (-(lines[one.name].scores.nps or 0.0), one.name))


def _dots(context: SheetContext, sheet: SheetModel) -> None:
    """Write what dots and whiskers are drawn from: each figure as it stands on Partners, and a height in the chart."""
    card, layout, left = context.card, context.layout, context.layout.page_column
    by_name = {one.partner.name: one for one in context.partners}
    shown = listed(card)
    heads = ("NPS", message("Up to high"), message("Down to low"), message("Height"))
    for column, head in zip((DOT_NPS, DOT_ABOVE, DOT_BELOW, DOT_Y), heads, strict=True):
        context.model.put(sheet, (HEAD_ROW, left + column), translate(head), HEAD_NUMBER)
    for row, one in enumerate(shown):
        known = by_name[one.name]
        place = f"MATCH({(known.place - 1) * len(card.periods)},{layout.partner_column('data_row')},0)"
        found = {key: f"INDEX({layout.partner_column(key)},{place})" for key in ("nps", "nps_low", "nps_high")}
        nps, interval = known.line.scores.nps, known.line.nps_interval
        own = layout.on_page(row, DOT_NPS).split("!")[1]
        ends = (interval.low, interval.high) if interval is not None and nps is not None else None
        cells = (
            (DOT_NPS, Live(f"={found['nps']}", DASH if nps is None else nps)),
            (
                DOT_ABOVE,
                Live(
                    f"=IF(ISNUMBER({found['nps_high']}),{found['nps_high']}-{own},0)",
                    ends[1] - (nps or 0.0) if ends else 0,
                ),
            ),
            (
                DOT_BELOW,
                Live(
                    f"=IF(ISNUMBER({found['nps_low']}),{own}-{found['nps_low']},0)",
                    (nps or 0.0) - ends[0] if ends else 0,
                ),
            ),
            (DOT_Y, len(shown) - row - 0.5),
        )
        for column, content in cells:
            context.model.put(sheet, (FIRST_ROW + row, left + column), content, ROW_NUMBER.but(number=TENTHS))


def scores_of(layout: Layout, row: str) -> tuple[str, str]:
    """Return the formulas of the answers in a row of the tallies, and of promoters less detractors.

    The row is found by its number, since the table may be sorted; written out they are a quarter as long as SUMIFS.
    """
    found = f"({layout.tally('Row')}={row})"
    detractors, passives, promoters = (layout.tally(band) for band in ("Detractors", "Passives", "Promoters"))
    return (
        f"SUMPRODUCT({found}*({detractors}+{passives}+{promoters}))",
        f"SUMPRODUCT({found}*({promoters}-{detractors}))",
    )
