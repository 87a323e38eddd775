"""Counts, the last sheet of a partner's own workbook: what was counted of it, and how. The other sheets refer to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.utils.cell import get_column_letter

from partnerkpi.dataclass import dataclass
from partnerkpi.language.figures import rounded, shortest
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    COUNT,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    LINE,
    NOTE,
    ROW,
    ROW_NUMBER,
    SCORE,
    SECTION,
    TEXT_BLOCK,
    TITLE,
)
from partnerkpi.workbook.model.translation import current_language, message, translate
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.page import lines_in_column, set_heights, set_page, set_widths, widen_for_heads
from partnerkpi.workbook.sheets.pack_words import (
    own_counts,
    shown_quartiles,
    with_activities,
    with_answers,
    with_customers,
)

HEAD_ROW, FIRST_ROW = 5, 6
#: The columns of each part, by key, with their heads.
ANSWERS = {
    "promoters": message("Promoters"),
    "passives": message("Passives"),
    "detractors": message("Detractors"),
    "answers": message("Answers"),
    "nps": message("NPS"),
}
CUSTOMERS = {"customers": message("Customers"), "retained": message("Stayed"), "rate": message("Stayed, %")}
ACTIVITIES = {"activities": message("Spoke for us")}
_WIDTH = 99  # characters of the whole page


@dataclass(frozen=True)
class Counted:
    """Where on Counts something stands, and what: by column and by period."""

    sheet: str
    columns: Sequence[str]
    rows: Mapping[str, int]
    values: Mapping[tuple[str, str], Value]

    def has(self, key: str, period: str) -> bool:
        """Tell whether there is a figure, or a word in its place."""
        return (key, period) in self.values

    def at(self, key: str, period: str) -> Live | None:
        """Return a figure as a formula that refers to it; None where there is none."""
        if not self.has(key, period):
            return None
        return Live(f"='{self.sheet}'!{self.cell(key, period)}", self.values[key, period])

    def column(self, key: str) -> int:
        """Return the number of a column."""
        return 2 + list(self.columns).index(key)

    def cell(self, key: str, period: str) -> str:
        """Return the address of a figure on its sheet."""
        return f"{get_column_letter(self.column(key))}{self.rows[period]}"


def counted_of(card: Scorecard, sheet: str) -> Counted:
    """Return what is counted of the partner, and where it will stand: from the first period with data on."""
    columns: dict[str, str] = {}
    for parts, given in (
        (ANSWERS, with_answers(card)),
        (CUSTOMERS, with_customers(card)),
        (ACTIVITIES, with_activities(card)),
    ):
        columns |= parts if given else {}
    values: dict[tuple[str, str], Value] = {}
    for period in card.periods:
        for key, value in _figures(card, period).items():
            if key in columns:
                values[key, period] = value
    begun = [period for period in card.periods if any((key, period) in values for key in columns)]
    periods = card.periods[card.periods.index(begun[0]) :] if begun else ()
    rows = {period: FIRST_ROW + place for place, period in enumerate(periods)}
    return Counted(sheet, tuple(columns), rows, values)


def _figures(card: Scorecard, period: str) -> dict[str, Value]:
    """Return the figures of a period; what is not known is not there."""
    counts = own_counts(card, period)
    scores, found = counts.scores, dict[str, Value]()
    if period in card.withheld:
        found["answers"] = translate("fewer than {n}", n=card.rules.comments.min_group)
    elif scores.responses and scores.nps is not None:
        found |= {"promoters": scores.promoters, "passives": scores.passives, "detractors": scores.detractors}
        found |= {"answers": scores.responses, "nps": rounded(scores.nps)}
    if counts.customers:
        found |= {"customers": counts.customers, "retained": counts.retained}
        if counts.customers > 1:  # of one it would be 0 or 100
            found["rate"] = rounded(100 * counts.retained / counts.customers)
    if counts.activities:
        found["activities"] = counts.activities
    elif with_activities(card) and not card.is_away(card.partners[0], period):
        found["activities"] = 0
    return found


def write_counts(model: WorkbookModel, sheet: SheetModel, card: Scorecard, counted: Counted) -> None:
    """Write the counts of each period, and what they mean."""
    model.put(sheet, "A1", translate("How it is counted"), TITLE)
    sentence = translate("Everything in this workbook follows from these counts. They are yours alone.")
    model.put(sheet, "A2", sentence, HEADLINE.but(wrap=False))
    model.put(sheet, (HEAD_ROW - 1, 1), translate("Your counts, period by period"), SECTION)
    heads = {**ANSWERS, **CUSTOMERS, **ACTIVITIES}
    model.put(sheet, (HEAD_ROW, 1), translate("Period"), HEAD)
    for key in counted.columns:
        model.put(sheet, (HEAD_ROW, counted.column(key)), translate(heads[key]), HEAD_NUMBER)
    for period, row in counted.rows.items():
        model.put(sheet, (row, 1), period_name(period), ROW)
        for key in counted.columns:
            place = row, counted.column(key)
            look = ROW_NUMBER.but(number=SCORE if key in ("nps", "rate") else COUNT)
            if counted.has(key, period):
                model.put(sheet, place, _content(counted, key, period), look)
            else:
                model.blank(sheet, place, look)
    last = FIRST_ROW + len(counted.rows)
    wide = round(max(10.0, min(15.0, (_WIDTH - 19) / max(1, len(counted.columns)))), 2)
    letters = [get_column_letter(counted.column(key)) for key in counted.columns]
    end = max(6, 1 + len(letters))
    fill = [get_column_letter(column) for column in range(2 + len(letters), end + 1)]
    set_widths(sheet, {"A": 19, **dict.fromkeys([*letters, *fill], wide)})
    widen_for_heads(sheet, HEAD_ROW)
    row = _meanings(model, sheet, card, last + 1, get_column_letter(end), int(19 + wide * (end - 1)))
    set_heights(sheet, {1: 30, 2: 20, HEAD_ROW: 32})
    set_page(sheet, card.title, [f"A1:{get_column_letter(end)}{row}"], landscape=False, one_page=row < 60)


def _content(counted: Counted, key: str, period: str) -> Live | Value:
    """Return a count as it is, and what follows from counts as its formula."""
    value = counted.values[key, period]
    if isinstance(value, str):
        return value

    def cell(other: str) -> str:
        return counted.cell(other, period)

    if key == "answers":
        return Live(f"=SUM({cell('promoters')}:{cell('detractors')})", value)
    if key == "nps":
        share = f"100*({cell('promoters')}-{cell('detractors')})/{cell('answers')}"
        return Live(f"=ROUND(ROUND({share},9),0)", value)
    if key == "rate":
        return Live(f"=ROUND(ROUND(100*{cell('retained')}/{cell('customers')},9),0)", value)
    return value


def _meanings(model: WorkbookModel, sheet: SheetModel, card: Scorecard, row: int, last: str, wide: int) -> int:
    """Write what the figures mean, those that are shown; return the last row."""
    model.put(sheet, (row, 1), translate("What the figures mean"), SECTION)
    for term, text in _terms(card):
        row += 1
        model.put(sheet, (row, 1), term, TEXT_BLOCK.but(bold=True, line=LINE))
        model.put(sheet, (row, 2), text, TEXT_BLOCK.but(line=LINE))
        sheet.merge_cells(f"B{row}:{last}{row}")
        lines = max(lines_in_column(text, wide - 19), lines_in_column(term, 19))
        set_heights(sheet, {row: 3 + 15 * lines})
    made = translate("Made with partnerkpi {version}.", version=card.version).strip()
    model.put(sheet, (row + 2, 1), made, NOTE)
    return row + 2


def _terms(card: Scorecard) -> list[tuple[str, str]]:
    """Return each figure that is shown, and what it means."""
    found = list[tuple[str, str]]()
    few = card.rules.comments.min_group
    if with_answers(card):
        risk = shortest(100 - 100 * card.confidence, 1)
        found += [
            (
                translate("NPS"),
                translate("The share of you who gave 9 or 10 minus the share who gave 0 to 6: from −100 to 100."),
            ),
            (
                translate("Change"),
                translate(
                    "More than chance explains: chance alone gives such a difference in fewer than {risk} % of cases.",
                    risk=current_language().written(risk),
                ),
            ),
            (
                translate("Few answers"),
                translate(
                    "Of fewer than {n} answers in a period nothing is shown, so that no single one can be recognised.",
                    n=few,
                ),
            ),
        ]
    if card.pack_quotes:
        found.append(
            (
                translate("Own words"),
                translate("Comments of your people, a few of them; whatever may name somebody is left out."),
            )
        )
    if with_customers(card):
        found.append(
            (
                translate("Customers"),
                translate("Those that count as yours at the start of the period, and how many stayed to its end."),
            )
        )
    if with_activities(card):
        found.append(
            (
                translate("Spoke for us"),
                translate("References, testimonials, recommendations and the like that we know of."),
            )
        )
    if shown_quartiles(card) or card.current in card.beside:
        found.append(
            (
                translate("Others"),
                translate(
                    "All partners with enough data, you among them. Nobody is named, and figures are rounded so that "
                    "no other partner's can be worked out."
                ),
            )
        )
    return found
