"""The themes of the comments in the chosen period, each with its NPS and its change: rows of the sheet Comments."""

from __future__ import annotations

from collections.abc import Callable

from openpyxl.utils.cell import get_column_letter

from partnerkpi.comments.themes import ThemeLine
from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language.figures import DASH, NOT_SHOWN, change_in_words
from partnerkpi.workbook.columns.base import Test, holm_steps
from partnerkpi.workbook.figures.base import FINE
from partnerkpi.workbook.figures.charts import BANDS
from partnerkpi.workbook.model import arithmetic
from partnerkpi.workbook.model.arithmetic import is_shown, when_number
from partnerkpi.workbook.model.expression import Expression, and_, tell, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import P_OF_CHANGE, Layout
from partnerkpi.workbook.model.names import PERIOD_NUMBER
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    CHANGE,
    COUNT,
    HEAD_NUMBER,
    MUTED,
    PULL,
    ROW_NUMBER,
    SCORE,
    SHARE,
)
from partnerkpi.workbook.model.translation import translate, translate_formula
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.sheets.listing import (
    Entry,
    Field,
    Place,
    grey_where,
    interval_fields,
    letters_of,
    write_entry,
    write_heads,
)
from partnerkpi.workbook.sheets.parts import SheetContext
from partnerkpi.workbook.sheets.segments import BAND_HEADS, TOO_FEW

#: What is printed ends with column M; the workings begin two columns to the right.
_WORKINGS = 15


@dataclass(frozen=True)
class ThemeFigures:
    """What Python knows of a theme in the chosen period, and its change: the p by itself, and its place among all."""

    line: ThemeLine
    before: ScoreTally | None
    p: float | None
    test: Test

    @property
    def scores(self) -> ScoreTally | None:
        """Return who mentions the theme; None where they are too few to show."""
        return self.line.scores


def themes_of(context: SheetContext) -> list[ThemeFigures]:
    """Return what is known of each theme in the chosen period."""
    card = context.card
    lines, previous = card.theme_lines[card.current], card.previous_of(card.current)
    alone = [theme.change_to(card, card.current).p for theme in card.themes]
    tests = holm_steps(alone, card.confidence)
    return [
        ThemeFigures(lines[one.name], one.tallies[previous][1] if previous is not None else None, p, test)
        for one, p, test in zip(card.themes, alone, tests, strict=True)
    ]


def write_theme_rows(context: SheetContext, sheet: SheetModel, top: int) -> tuple[int, int]:
    """Write a row for each theme below the heads in row `top`; return the first and the last row."""
    themes = context.card.themes
    rows = top + 1, top + len(themes)
    fields, workings = _fields(context.layout, rows), _workings(context.layout, rows)
    moves = len(context.card.periods) > 1
    if not moves:
        fields = [field for field in fields if field.key not in ("change", "word")]
    write_heads(context.model, sheet, top, translate("Theme"), fields)
    for column, field in enumerate(workings, _WORKINGS):
        context.model.put(sheet, (top, column), field.head, HEAD_NUMBER)
    cells = letters_of(fields)
    for row, (theme, known) in enumerate(zip(themes, themes_of(context), strict=True), rows[0]):
        number = row - top
        write_entry(context.model, sheet, row, fields, Entry(translate(theme.name), number, known))
        place = Place(cells, row, number)
        for column, field in enumerate(workings, _WORKINGS):
            live = Live(f"={field.formula(place)}", field.value(known))
            context.model.put(sheet, (row, column), live, ROW_NUMBER.but(number=field.number, colour=MUTED))
    few = f"NOT(ISNUMBER(${cells['promoters']}{rows[0]}))"
    grey_where(sheet, f"A{rows[0]}:{cells['note']}{rows[1]}", few)
    if moves:
        unsure = f"${cells['word']}{rows[0]}={translate_formula(NOT_SHOWN)}"
        grey_where(sheet, f"{cells['change']}{rows[0]}:{cells['word']}{rows[1]}", unsure)
    return rows


def _counted(layout: Layout, head: str, period: str = PERIOD_NUMBER) -> Callable[[Place], str]:
    """Return a count of the theme of the row in a period."""
    of_theme, of_period = layout.theme("Theme number"), layout.theme("Period number")
    return lambda p: f"SUMIFS({layout.theme(head)},{of_theme},{p.number},{of_period},{period})"


def _fields(layout: Layout, rows: tuple[int, int]) -> list[Field[ThemeFigures]]:
    """Return the columns to look at."""

    def count(band: str) -> Field[ThemeFigures]:
        def value(k: ThemeFigures) -> int | str:
            return DASH if k.scores is None else int(getattr(k.scores, band))

        formula, some = _counted(layout, band.capitalize()), _counted(layout, "Shown")
        return Field(
            band, translate(BAND_HEADS[band]), lambda p: f'IF({some(p)}=1,{formula(p)},"{DASH}")', value, COUNT
        )

    def of_nps(formula: Callable[[Place], str]) -> Callable[[Place], str]:
        return lambda p: when_number(p("promoters"), formula(p))

    def answers(p: Place) -> str:
        return _working(p, "answers")

    mentions = Expression[Place, ThemeFigures](lambda p: p("mentions"), lambda k: k.line.mentions)
    split = Expression[Place, ThemeFigures](_counted(layout, "Shown"), lambda k: int(k.scores is not None))
    note = when(and_(mentions > 0, split.equals(0)), tell(TOO_FEW))
    return [
        Field("mentions", translate("Mentions"), _counted(layout, "Mentions"), lambda k: k.line.mentions, COUNT),
        Field(
            "share",
            translate("Share of\ncomments"),
            lambda p: arithmetic.share(p("mentions"), f"({layout.chosen('comments')})"),
            lambda k: shown(k.line.share),
            SHARE,
        ),
        *(count(band) for band in BANDS),
        Field(
            "nps",
            "NPS",
            of_nps(lambda p: arithmetic.nps(p("promoters"), p("detractors"), answers(p))),
            lambda k: shown(k.scores.nps if k.scores is not None else None),
            SCORE,
        ),
        *interval_fields(
            lambda p: arithmetic.ends_where(
                p("promoters"), arithmetic.nps_ends(answers(p), _working(p, "adjusted"), _working(p, "error"))
            ),
            lambda k: k.line.interval,
            SCORE,
        ),
        Field(
            "pull",
            translate("Adds\nto NPS"),
            of_nps(lambda p: f"{answers(p)}*({p('nps')}-{layout.chosen('nps')})/{layout.chosen('commentable')}"),
            lambda k: shown(k.line.points),
            PULL,
        ),
        Field(
            "change",
            translate("Change"),
            lambda p: arithmetic.difference(p("nps"), _working(p, "old_nps")),
            lambda k: shown(k.line.change.raw),
            CHANGE,
        ),
        Field(
            "word",
            translate("Certainty"),
            lambda p: arithmetic.word_of_change_together(p("change"), _working(p, "rank"), _among("failed", rows)),
            lambda k: DASH if k.line.change.raw is None else translate(change_in_words(k.line.change.word)),
            left=True,
        ),
        Field("note", translate("Note"), note.formula, note.value, left=True),
    ]


_KEYS = (
    *("answers", "adjusted", "error", "old_shown", "old_promoters", "old_detractors", "old_answers", "old_nps"),
    *("p", "rank", "step", "failed"),
)


def _working(p: Place, key: str) -> str:
    """Return the cell of a working of this row."""
    return f"${get_column_letter(_WORKINGS + _KEYS.index(key))}{p.row}"


def _among(key: str, rows: tuple[int, int]) -> str:
    """Return the column of a working, over all themes."""
    letter = get_column_letter(_WORKINGS + _KEYS.index(key))
    return f"${letter}${rows[0]}:${letter}${rows[1]}"


def _workings(layout: Layout, rows: tuple[int, int]) -> list[Field[ThemeFigures]]:
    """Return the steps that the columns to look at rest on, in the order of their keys."""
    before = f"({PERIOD_NUMBER}-1)"

    def was(band: str) -> Callable[[Place], str]:
        return lambda p: f'IF({_working(p, "old_shown")}=1,{_counted(layout, band, before)(p)},"{DASH}")'

    def known(cell: str, formula: Callable[[Place], str]) -> Callable[[Place], str]:
        return lambda p: when_number(_working(p, cell), formula(p))

    def bands(p: Place, old: str) -> tuple[str, str, str]:
        if old:
            return _working(p, "old_promoters"), _working(p, "old_detractors"), _working(p, "old_answers")
        return p("promoters"), p("detractors"), _working(p, "answers")

    def before_of(band: str) -> Callable[[ThemeFigures], Value]:
        return lambda k: shown(getattr(k.before, band) if k.before is not None else None)

    def points(tally: ScoreTally | None) -> float | str:
        return shown(found.points if tally is not None and (found := tally.adjusted()) else None)

    def error(tally: ScoreTally | None) -> float | str:
        return shown(found.standard_error if tally is not None and (found := tally.adjusted()) else None)

    def p_value(p: Place) -> str:
        # a sum of nothing would be 0: it is taken where there is one
        tested = f'COUNTIFS({of_theme(p)},{layout.theme(P_OF_CHANGE)},">=0")'
        return f'IF({tested}=1,{_counted(layout, P_OF_CHANGE)(p)},"{DASH}")'

    def of_theme(p: Place) -> str:
        numbers = layout.theme("Theme number"), layout.theme("Period number")
        return f"{numbers[0]},{p.number},{numbers[1]},{PERIOD_NUMBER}"

    formulas: list[tuple[str, Callable[[Place], str], Callable[[ThemeFigures], Value], str]] = [
        (
            translate("Shown mentions"),
            lambda p: when_number(p("promoters"), f"{p('promoters')}+{p('passives')}+{p('detractors')}"),
            lambda k: DASH if k.scores is None else k.scores.responses,
            COUNT,
        ),
        (
            translate("Adjusted NPS"),
            known("answers", lambda p: arithmetic.adjusted_nps(*bands(p, ""))),
            lambda k: points(k.scores),
            FINE,
        ),
        (
            translate("Standard error"),
            known("answers", lambda p: arithmetic.standard_error(*bands(p, ""), _working(p, "adjusted"))),
            lambda k: error(k.scores),
            FINE,
        ),
        (translate("Shown before"), _counted(layout, "Shown", before), lambda k: int(k.before is not None), COUNT),
        (translate("Promoters before"), was("Promoters"), before_of("promoters"), COUNT),
        (translate("Detractors before"), was("Detractors"), before_of("detractors"), COUNT),
        (translate("Mentions before"), was("Mentions"), before_of("responses"), COUNT),
        (
            translate("NPS before"),
            known("old_answers", lambda p: arithmetic.nps(*bands(p, "old"))),
            before_of("nps"),
            SCORE,
        ),
        (translate(P_OF_CHANGE), p_value, lambda k: shown(k.p), FINE),
        (
            translate("Rank of p"),
            known("p", lambda p: f"RANK({_working(p, 'p')},{_among('p', rows)},1)"),
            lambda k: shown(k.test.rank),
            COUNT,
        ),
        (
            translate("p times those still compared"),
            known("p", lambda p: f"MIN(1,(COUNT({_among('p', rows)})-{_working(p, 'rank')}+1)*{_working(p, 'p')})"),
            lambda k: shown(k.test.step),
            FINE,
        ),
        (
            translate("Rank, where not shown"),
            known("step", lambda p: f'IF({is_shown(_working(p, "step"))},"{DASH}",{_working(p, "rank")})'),
            lambda k: shown(k.test.failed),
            COUNT,
        ),
    ]
    return [Field(key, *one) for key, one in zip(_KEYS, formulas, strict=True)]
