"""What the sheets behind the Scorecard share: what they are made of, how they begin, what one without data says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.utils.cell import range_boundaries

from partnerkpi.dataclass import dataclass
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.columns import PartnerColumns
from partnerkpi.workbook.figures import PeriodFigures
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.expression import Given, given, joined
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import Layout
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.ratings import label
from partnerkpi.workbook.model.sheet import BLANK, SheetModel
from partnerkpi.workbook.model.theme import ACCENT, BODY_SIZE, HEADLINE, NOTE, SECTION, TEXT_BLOCK, TITLE
from partnerkpi.workbook.model.translation import message, translate, translate_formula
from partnerkpi.workbook.page import lines_in_column, set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.listing import Field

#: What a note says of the charts below it, of the grey rows, and of the period.
_FILLED = 0.98  # how much of a line a sentence takes at most, by the estimate
BAND_NOTE, TARGET_NOTE = message("Light bar: interval."), message("Dashed: target.")
FEW_NOTE = message("Grey: fewer answers than Benchmarks asks for.")
PERIOD_NOTE = message("The period is the one chosen on Scorecard.")
TITLE_ROW, SENTENCE_ROW, NOTE_ROW, FIRST = 1, 2, 3, 5
ONE_PAGE = 50  # rows that are still readable on one printed page


@dataclass(frozen=True)
class SheetContext:
    """A workbook in the making, and everything that its sheets are written from."""

    model: WorkbookModel
    card: Scorecard
    layout: Layout
    periods: Sequence[PeriodFigures]
    partners: Sequence[PartnerColumns]

    @property
    def current(self) -> PeriodFigures:
        """Return what is known of the chosen period."""
        return self.periods[self.card.periods.index(self.card.current)]

    @property
    def data(self) -> SheetModel:
        """Return the sheet that holds the figures by period."""
        sheet: SheetModel = self.model[names.DATA]
        return sheet

    @property
    def period(self) -> Live:
        """Return the name of the chosen period."""
        return Live(f"={names.CHOSEN_PERIOD}", period_name(self.card.current))

    def chosen(self, key: str) -> Live:
        """Return a figure of the chosen period."""
        return Live(f"={self.layout.chosen(key)}", self.current(key))

    def figure(self, key: str) -> Given:
        """Return a figure of the chosen period, to be put into words."""
        return given(self.layout.chosen(key), self.current(key))

    def course(self, key: str) -> list[float | None]:
        """Return a figure of every period; None without data."""
        values = (period(key) for period in self.periods)
        return [float(value) if isinstance(value, (int, float)) else None for value in values]

    @property
    def fewest_answers(self) -> Given:
        """Return how many answers a partner has at least that is ranked."""
        return given(names.MIN_ANSWERS, self.card.min_responses)

    @property
    def ranked(self) -> Given:
        """Return how many partners have answers enough to be ranked."""
        order = self.layout.partner_column("order")
        return given(f"COUNT({order})", sum(one.order is not None for one in self.partners))

    @property
    def lowest_rating(self) -> Given:
        """Return the label of the lowest rating of the NPS."""
        return given(f"INDEX({names.labels('nps')},1)", label(self.card.benchmarks["nps"].bands[0].name))

    @property
    def lowest_rated(self) -> Given:
        """Return how many partners with enough answers have it."""
        ratings, answers = self.layout.partner_column("rating"), self.layout.partner_column("answers")
        lowest = self.card.benchmarks["nps"].bands[0].name
        return given(
            f'COUNTIFS({ratings},{self.lowest_rating.formula(None)},{answers},">="&{names.MIN_ANSWERS})',
            sum(one.order is not None and one.line.nps_rating == lowest for one in self.partners),
        )

    def rating_as_made(self, kpi: str, partner: str | None = None, period: str | None = None) -> str:
        """Return the label of a rating on the day the workbook was made: the colours that its cell has itself.

        Rules on top follow another period and other benchmarks, of which a cell's own look knows nothing.
        """
        made = self.card.as_made
        if partner is not None:
            return label(made.view(made.periods[-1]).partners[partner].nps_rating)
        line = made.total_line(period or made.periods[-1])
        rated = {"nps": line.nps_rating, "advocacy": line.advocacy_rating, "retention": line.retention_rating}
        return label(rated[kpi])

    def ratings_as_made(self, kpi: str) -> list[str]:
        """Return the labels of a KPI's ratings in every period on the day the workbook was made."""
        return [self.rating_as_made(kpi, period=period) for period in self.card.as_made.periods]

    def shown_to_move(self, word: str) -> Given:
        """Return how many partners' NPS went `word`, up or down, by more than chance."""
        changes = [one.line.nps_change for one in self.partners if one.line.nps_change.raw is not None]
        return given(
            f"COUNTIF({self.layout.partner_column('certainty')},{translate_formula(word)})",
            sum(change.word == word for change in changes),
        )

    def headline(self) -> Given:
        """Return what the page says of the NPS and of the targets."""
        return joined(self.chosen("nps_headline"), " ", self.chosen("targets_headline"))


def any_invited(card: Scorecard) -> bool:
    """Tell whether it is known of any period how many people were invited to answer."""
    return card.has_answers and any(card.total_invited(period) is not None for period in card.periods)


def goes_on(context: SheetContext) -> bool:
    """Tell whether there is more than one period: one has no course, no change, and no table of periods."""
    return len(context.card.periods) > 1


def names_partners(card: Scorecard) -> bool:
    """Tell whether any partner is named: a value by which customers are told to have one is none."""
    told = len(card.partners) == 1 and "attributed" in card.options and not card.has_partner_list
    return bool(card.partners) and not (told and not card.has_answers and not card.has_activities)


def notes(*sentences: tuple[str, bool]) -> str:
    """Return those sentences of a note that hold."""
    return " ".join(translate(sentence) for sentence, holds in sentences if holds)


def chosen_field(context: SheetContext, key: str, number: str, head: str = "") -> Field[SheetContext]:
    """Return a column that shows a figure of the chosen period, as it stands on Data."""
    formula, value = context.layout.chosen(key), context.current(key)
    return Field(key, head, lambda _: formula, lambda _: value, number)


def write_top(
    model: WorkbookModel,
    sheet: SheetModel,
    title: str,
    sentence: Live | str,
    widths: Mapping[str, float],
    note: Live | str = "",
) -> None:
    """Write the sheet's title, what it says in a sentence, and a note; set the widths of the columns that are printed.

    The sentence stands over all of them, on two lines where it is long.
    """
    set_widths(sheet, {letter: max(width, sheet.widths.get(letter, 0.0)) for letter, width in widths.items()})
    model.put(sheet, (TITLE_ROW, 1), title, TITLE)
    model.put(sheet, (SENTENCE_ROW, 1), sentence, HEADLINE)
    sheet.merge_cells(f"A{SENTENCE_ROW}:{list(widths)[-1]}{SENTENCE_ROW}")
    text = str(sentence.value) if isinstance(sentence, Live) else sentence
    lines = lines_in_column(text, _FILLED * sum(widths.values()), bold=True)
    if note:
        model.put(sheet, (NOTE_ROW, 1), note, NOTE)
        told = str(note.value) if isinstance(note, Live) else note
        if (high := lines_in_column(told, sum(widths.values()) * NOTE.size / BODY_SIZE)) > 1:
            model.put(sheet, (NOTE_ROW, 1), note, NOTE.but(wrap=True, vertical="top"))
            sheet.merge_cells(f"A{NOTE_ROW}:{list(widths)[-1]}{NOTE_ROW}")
            sheet.heights[NOTE_ROW] = 4.0 + 12 * high
    set_heights(sheet, {TITLE_ROW: 30, SENTENCE_ROW: 4 + 16 * min(3, lines)})


def link_back(model: WorkbookModel, sheet: SheetModel) -> None:
    """Let the end of a sheet's first row lead back to the Scorecard; it lies at the right edge of what is printed."""
    if sheet.page is None or not sheet.page.areas:
        return
    _, _, right, _ = range_boundaries(sheet.page.areas[0])
    place = (TITLE_ROW, int(right or 1))
    if place in sheet.covered or sheet.content(place)[1] is not BLANK:
        return
    model.put(sheet, place, f"‹ {names.SCORECARD}", NOTE.but(colour=ACCENT, align="right"))
    sheet.link(*place, f"{names.SCORECARD}!A1", translate("To the sheet {name}", name=names.SCORECARD))


def write_missing(
    context: SheetContext, sheet: SheetModel, head: str, how_to: Sequence[str], last: str, top: int = FIRST
) -> None:
    """Say from row `top` what is missing and how to supply it, and print that alone.

    `how_to` are messages, `last` is the column up to which it is printed.
    """
    context.model.put(sheet, (top, 1), head, SECTION)
    for row, line in enumerate(how_to, top + 1):
        context.model.put(sheet, (row, 1), translate(line), TEXT_BLOCK.but(wrap=False))
    set_page(sheet, context.card.title, [f"A1:{last}{top + len(how_to) + 1}"])
