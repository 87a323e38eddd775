"""Self-test: what a user looks at first. Each line asks a function something whose answer is known.

The answers are the worked figures of the definitions, typed in, not computed. The small ranges that the lines ask about
stand on the sheet, each under a name, so that nobody's own data changes what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.excel.book import (
    SELF_TEST,
    Call,
    Cell,
    Given,
    Native,
    array,
    call,
    column,
    not_printed,
    put_call,
    put_or_blank,
)
from partnerkpi.excel.live import ANSWERS
from partnerkpi.excel.set_up import LIVE_NAME, NOT_ASKED
from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.language.figures import DASH
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    BODY,
    CHIPS,
    FIGURE,
    HEAD,
    HEAD_NUMBER,
    LINE,
    MUTED,
    NOTE,
    RATINGS,
    ROW,
    ROW_NUMBER,
    SECTION,
    TITLE,
    Look,
)
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import set_heights, set_widths

Content = Cell | Native
Put = Callable[[WorkbookModel, SheetModel, tuple[int, int], Call, Look], None]


@dataclass(frozen=True)
class Sample:
    """A named range of one column; a formula in it stands for what it gives."""

    name: str
    cells: Sequence[Content]

    @property
    def argument(self) -> Given:
        """Return the range as an argument of a function."""
        return column(self.name, [cell.value if isinstance(cell, Native) else cell for cell in self.cells])


SCORES = Sample("Sample_scores", (9, 10, 9, 10, 9, 10, 8, 7, 8, 3))
PARTNERS = Sample("Sample_partners", ("Acme",) * 5 + ("Borealis",) * 5)
DATES = Sample("Sample_dates", tuple(date(2026, 4 + 3 * (row // 5), 6 + 2 * row) for row in range(10)))
MIXED = Sample("Sample_mixed", (9, None, Native('=""', ""), "n/a", True, 10, 3))
BEFORE = Sample("Sample_before", (2, 6, 0, 5, 3, 6, 4, 1, 7, 8, 7, 8, 8, 7, 7, 8, 9, 10, 9, 10))
AFTER = Sample("Sample_after", (5, 7, 8, 7, 8, 8, 9, 10, 10, 9, 10, 9, 9, 10, 10, 9, 10, 9, 10, 10))
STAYED = Sample("Sample_stayed", (True, True, True, False, True, True, True, False, True, True))
HELPED = Sample("Sample_with", ("Acme", None, "Acme", None, "Borealis", None, None, None, "Acme", "direct"))
BLANK = Sample("Sample_blank", (None, None, None))
TYPED = Sample("Sample_text", ("8", "9", "10"))
BROKEN = Sample("Sample_error", (9, Native("=1/0", "#DIV/0!"), 7))

SAMPLES = (SCORES, PARTNERS, DATES, MIXED, BEFORE, AFTER, STAYED, HELPED, BLANK, TYPED, BROKEN)


@dataclass(frozen=True)
class Case:
    """One line of the self-test; `plain` is a formula of Excel's own that must give the same."""

    rule: str
    call: Call
    expected: Value
    plain: str = ""

    @property
    def is_error(self) -> bool:
        """Tell whether an Excel error is what must come out."""
        return isinstance(self.expected, str) and self.expected.startswith("#")


def _nps(name: str) -> str:
    return f"100*({_promoters(name)}-{_detractors(name)})/COUNT({name})"


def _promoters(name: str) -> str:
    return f'COUNTIF({name},">={PROMOTER_FROM:g}")'


def _detractors(name: str) -> str:
    return f'COUNTIF({name},"<{PASSIVE_FROM:g}")'


def cases() -> Sequence[Case]:
    """Return the cases in the order of the sheet."""
    return (*_scores(), *_tables(), *_partners(), *_errors())


def _scores() -> Sequence[Case]:
    scores, before, after = SCORES.argument, BEFORE.argument, AFTER.argument
    census = call("PARTNER_NPS_LOW", scores, 0.95, 10)
    ends = call("PARTNER_NPS_HIGH", scores, 0.95, 10)
    return (
        Case(
            "6 promoters, 3 passives, 1 detractor of 10", call("PARTNER_NPS", scores), 50, f"={_nps('Sample_scores')}"
        ),
        Case("A row of numbers", call("PARTNER_NPS", array([9, 10, 7, 3])), 25),
        Case("A block of numbers", call("PARTNER_NPS", array([9, 10], [7, 3])), 25),
        Case("A single number", call("PARTNER_NPS", 9), 100),
        Case("Blanks, words and TRUE are no answers", call("PARTNER_NPS", MIXED.argument), 100 / 3),
        Case("A 0 is a detractor", call("PARTNER_NPS", array([0], [10])), 0),
        Case("8.9 is passive, 6.9 a detractor", call("PARTNER_NPS", array([8.9], [6.9], [9])), 0),
        Case("The first of two samples", call("PARTNER_NPS", before), -20, f"={_nps('Sample_before')}"),
        Case("The second of two samples", call("PARTNER_NPS", after), 65, f"={_nps('Sample_after')}"),
        Case("Lower end of the 95 % interval", call("PARTNER_NPS_LOW", scores), -0.2033, f"={_bound('-')}"),
        Case("Upper end of the 95 % interval", call("PARTNER_NPS_HIGH", scores), 77.1264, f"={_bound('+')}"),
        Case(
            "Half the width of the interval",
            call("PARTNER_NPS_MARGIN", scores),
            38.66485,
            f"=({_bound('+')}-{_bound('-')})/2",
        ),
        Case("All 10 of 10 answered: no doubt is left (low)", census, 50),
        Case("All 10 of 10 answered: no doubt is left (high)", ends, 50),
        Case("9 and 10 are promoters", call("PARTNER_NPS_GROUP", 9), "Promoter"),
        Case("7 and 8 are passives", call("PARTNER_NPS_GROUP", 8), "Passive"),
        Case("0 to 6 are detractors", call("PARTNER_NPS_GROUP", 0), "Detractor"),
    )


def _bound(sign: str) -> str:
    """Return an end of the interval of the sample in plain formulas: adjusted Wald, Rocks 2016."""
    n = "(COUNT(Sample_scores)+3)"
    up, down = (f"({count('Sample_scores')}+0.75)" for count in (_promoters, _detractors))
    point = f"(({up}-{down})/{n})"
    return f"100*({point}{sign}NORMSINV(0.975)*SQRT((({up}+{down})/{n}-{point}*{point})/{n}))"


def _tables() -> Sequence[Case]:
    scores = SCORES.argument
    summary = call("PARTNER_NPS_SUMMARY", scores)
    by = call("PARTNER_NPS_BY", PARTNERS.argument, scores)
    few = call("PARTNER_NPS_BY", PARTNERS.argument, scores, 6)
    trend = call("PARTNER_NPS_TREND", DATES.argument, scores, "quarter")
    change = call("PARTNER_NPS_SHIFT", BEFORE.argument, AFTER.argument)
    clustered = call("PARTNER_NPS_CLUSTERED", PARTNERS.argument, scores, 0.5)
    return (
        Case("Summary: the answers", summary.item(1, 2), 10, "=COUNT(Sample_scores)"),
        Case("Summary: the promoters", summary.item(2, 2), 6, f"={_promoters('Sample_scores')}"),
        Case(
            "Summary: the share of detractors",
            summary.item(4, 3),
            0.1,
            f"={_detractors('Sample_scores')}/COUNT(Sample_scores)",
        ),
        Case("Summary: the NPS", summary.item(5, 2), 50, f"={_nps('Sample_scores')}"),
        Case("By partner: the best is on top", by.item(1, 1), "Acme"),
        Case("By partner: the NPS of the second", by.item(2, 3), 0),
        Case("By partner: a row each", by.count(), 2),
        Case("By partner: 5 answers where 6 are wanted", few.item(1, 7), "few responses"),
        Case("Trend: the first quarter", trend.item(1, 1), "2026-Q2"),
        Case("Trend: the NPS of the second quarter", trend.item(2, 3), 0),
        Case("Trend: one year", call("PARTNER_NPS_TREND", DATES.argument, scores, "year").count(), 1),
        Case("Change: the difference", change.item(1, 1), 85, f"={_nps('Sample_after')}-({_nps('Sample_before')})"),
        Case("Change: its p-value", change.item(1, 2), 0.00103),
        Case("Change: the word", change.item(1, 3), "up"),
        Case("NPS 65 of 20 answers, above 50: z is 1", call("PARTNER_NPS_ABOVE", AFTER.argument, 50), 0.158655),
        Case("Two partners, at 50 %: the lower end", clustered.item(1, 1), 0),
        Case("Two partners, at 50 %: the upper end", clustered.item(1, 2), 100),
    )


def _partners() -> Sequence[Case]:
    stayed, helped = STAYED.argument, HELPED.argument
    money = array([100], [200], [50]), array([120], [150], [0])
    kept = 'COUNTIFS(Sample_stayed,TRUE,Sample_with,"Acme")+COUNTIFS(Sample_stayed,TRUE,Sample_with,"Borealis")'
    return (
        Case("30 answers to 120 invitations", call("PARTNER_RESPONSE_RATE", 30, 120), 0.25),
        Case("45 activities, 40 partners", call("PARTNER_ADVOCACY", 45, 40), 1.125),
        Case("12 of 40 partners are active", call("PARTNER_ADVOCATES", 40, 12), 0.3),
        Case("200 customers, 210 at the end, 40 of them new", call("PARTNER_RETENTION", 200, 210, 40), 0.85),
        Case("8 of 10 stayed", call("PARTNER_RETENTION_RATE", stayed), 0.8, "=COUNTIF(Sample_stayed,TRUE)/10"),
        Case(
            "4 of the 8 that stayed have a partner",
            call("PARTNER_RETENTION_INFLUENCE", stayed, helped),
            50,
            f"=100*({kept})/COUNTIF(Sample_stayed,TRUE)",
        ),
        Case("The same from two rates: 36 % of 80 %", call("PARTNER_RETENTION_INFLUENCE", 0.36, 0.8), 45),
        Case("90 % with a partner, 80 % overall", call("PARTNER_RETENTION_INDEX", 0.9, 0.8), 112.5),
        Case("All 4 with a partner stayed, 4 of 6 without", call("PARTNER_RETENTION_LIFT", stayed, helped), 33.3333),
        Case(
            "3 of the 8 that stayed have one partner",
            call("PARTNER_RETENTION_PART", stayed, helped, "Acme"),
            37.5,
            '=100*COUNTIFS(Sample_stayed,TRUE,Sample_with,"Acme")/COUNTIF(Sample_stayed,TRUE)',
        ),
        Case("100, 200, 50 became 120, 150, 0", call("PARTNER_NRR", *money), 0.771429, "=270/350"),
        Case("The same without what was added", call("PARTNER_GRR", *money), 0.714286, "=250/350"),
        Case("Targets reached by NPS 45, 60 %, 70", call("PARTNER_ATTAINMENT", 45, 0.6, 70), 88),
        Case(
            "Targets reached without the second KPI",
            call("PARTNER_ATTAINMENT", 62, Given("NA()", _NOT_AVAILABLE), 55),
            88.5714,
        ),
    )


_NOT_AVAILABLE = -2146826246  # how COM hands #N/A over


def _errors() -> Sequence[Case]:
    return (
        Case("No answers are no data, not 0", call("PARTNER_NPS", BLANK.argument), "#N/A"),
        Case("One answer has no interval", call("PARTNER_NPS_MARGIN", 9), "#N/A"),
        Case("No customers at the start", call("PARTNER_RETENTION", 0, 0, 0), "#N/A"),
        Case("11 is no answer on 0 to 10", call("PARTNER_NPS", array([9], [11])), "#NUM!"),
        Case("A confidence of 2", call("PARTNER_NPS_MARGIN", SCORES.argument, 2), "#NUM!"),
        Case("Fewer people than answers", call("PARTNER_NPS_LOW", SCORES.argument, 0.95, 5), "#NUM!"),
        Case("Numbers stored as text", call("PARTNER_NPS", TYPED.argument), "#VALUE!"),
        Case("Ranges of unequal length", call("PARTNER_NPS_BY", PARTNERS.argument, MIXED.argument), "#VALUE!"),
        Case(
            "A period that does not exist",
            call("PARTNER_NPS_TREND", DATES.argument, SCORES.argument, "day"),
            "#VALUE!",
        ),
        Case("A KPI that does not exist", call("PARTNER_RATING", "loyalty", 50), "#VALUE!"),
        Case("An error in the range is passed on", call("PARTNER_NPS", BROKEN.argument), "#DIV/0!"),
    )


OK, NOT_OK = "● ok", "■ not ok"
_NOT_LIVE = "Python has not answered in this Excel: the figures below are those of the machine that built it."
HEAD_ROW = 6
FIRST_ROW = HEAD_ROW + 1
TOLERANCE = 0.0001
SAMPLE_COLUMN = 9  # of the first sample
_ERROR_TYPES = {"#NULL!": 1, "#DIV/0!": 2, "#VALUE!": 3, "#REF!": 4, "#NAME?": 5, "#NUM!": 6}
_DECIMALS = "0.####"
_SHOWN = ROW_NUMBER.but(number=_DECIMALS)
_SAMPLE = BODY.but(align="left")
_CHIP = CHIPS["no data"].but(line=LINE)


def write_self_test(model: WorkbookModel) -> None:
    """Write the lines, how many of them pass, and the samples that they ask about."""
    sheet = model[SELF_TEST]
    lines = cases()
    last = FIRST_ROW + len(lines) - 1
    model.put(sheet, "A1", "Self-test", TITLE)
    checks = f"$F${FIRST_ROW}:$F${last}"
    live, passed = f'LEFT({LIVE_NAME},{len(ANSWERS)})="{ANSWERS}"', f'COUNTIF({checks},"{OK}")'
    shown = Native(f'=IF(ISTEXT({LIVE_NAME}),IF({live},{passed},"{DASH}"),"{DASH}")', DASH)
    model.put(sheet, "A2", shown, FIGURE.but(fill=None, indent=0, align="left"))
    wanted, asks = f"of {len(lines)} pass.", "Set-up says what to do."
    says = f'IF({passed}={len(lines)},"{wanted}","{wanted} The sheet {asks}")'
    says = f'=IF(ISTEXT({LIVE_NAME}),IF({live},{says},"{_NOT_LIVE} {asks}"),"{_NOT_LIVE} {asks}")'
    model.put(sheet, "B2", Native(says, f"{_NOT_LIVE} {asks}"), BODY.but(bold=True))
    model.put(sheet, "A3", Native(f"={LIVE_NAME}", NOT_ASKED), NOTE)
    write_lines(model, sheet)


def write_lines(model: WorkbookModel, sheet: SheetModel, put: Put = put_call) -> None:
    """Write a line for each case below what the sheet says first, and the samples; `put` writes a call."""
    lines = cases()
    last = FIRST_ROW + len(lines) - 1
    note = "Plain Excel: the same figure in Excel's own functions, where it is short enough to write. Tolerance 0.0001."
    model.put(sheet, "A4", note, NOTE)
    heads = ("No.", "What is proved", "Formula", "Expected", "Actual", "Check", "Plain Excel")
    for place, head in enumerate(heads, 1):
        look = HEAD_NUMBER if place in (4, 5, 7) else HEAD.but(align="center") if place == 6 else HEAD
        model.put(sheet, (HEAD_ROW, place), head, look)
    for row, case in enumerate(lines, FIRST_ROW):
        _line(model, sheet, row, case, put)
    for label, name in ((OK, "strong"), (NOT_OK, "investigate")):
        sheet.colour_where(f"F{FIRST_ROW}:F{last}", f'$F{FIRST_ROW}="{label}"', RATINGS[name].colours)
    _samples(model, sheet)
    widths = {"A": 6.0, "B": 42.0, "C": 62.0, "D": 13.0, "E": 13.0, "F": 11.0, "G": 12.0, "H": 3.0}
    widths |= {get_column_letter(SAMPLE_COLUMN + place): 19.0 for place in range(len(SAMPLES))}
    set_widths(sheet, widths)
    set_heights(sheet, {1: 30, 2: 32, HEAD_ROW: 20})
    not_printed(sheet, "Self-test", SAMPLE_COLUMN - 1)
    sheet.freeze_panes = f"A{FIRST_ROW}"


def _line(model: WorkbookModel, sheet: SheetModel, row: int, case: Case, put: Put) -> None:
    model.put(sheet, (row, 1), row - FIRST_ROW + 1, ROW.but(colour=MUTED))
    model.put(sheet, (row, 2), case.rule, ROW)
    model.put(sheet, (row, 3), case.call.formula, ROW.but(colour=MUTED))
    model.put(sheet, (row, 4), case.expected, _SHOWN)
    put(model, sheet, (row, 5), case.call, _SHOWN)
    model.put(sheet, (row, 6), Native(f'=IF({_test(case, row)},"{OK}","{NOT_OK}")', OK), _CHIP)
    put_or_blank(model, sheet, (row, 7), Native(case.plain, case.call.value) if case.plain else None, _SHOWN)


def _test(case: Case, row: int) -> str:
    """Return the formula that tells whether the actual cell holds what is expected, without an error of its own."""
    expected, actual = f"D{row}", f"E{row}"
    if case.is_error:
        if case.expected == "#N/A":
            return f"ISNA({actual})"
        return f"IF(ISERROR({actual}),ERROR.TYPE({actual})={_ERROR_TYPES[str(case.expected)]},FALSE)"
    if isinstance(case.expected, str):
        return f"IF(ISTEXT({actual}),{actual}={expected},FALSE)"
    return f"IF(ISNUMBER({actual}),ABS({actual}-{expected})<{TOLERANCE},FALSE)"


def _samples(model: WorkbookModel, sheet: SheetModel) -> None:
    """Write the samples beside the lines, each in a column under its name."""
    model.put(sheet, (HEAD_ROW - 2, SAMPLE_COLUMN), "What the lines ask about: please leave as it is", SECTION)
    for place, sample in enumerate(SAMPLES, SAMPLE_COLUMN):
        model.put(sheet, (HEAD_ROW, place), sample.name, HEAD)
        for row, cell in enumerate(sample.cells, FIRST_ROW):
            put_or_blank(model, sheet, (row, place), cell, _SAMPLE)
        letter, last = get_column_letter(place), FIRST_ROW + len(sample.cells) - 1
        names.define(model, sample.name, f"'{sheet.title}'", f"{letter}{FIRST_ROW}:{letter}{last}")
