"""Guide: the twelve attributes of each KPI, below the figure that they explain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from itertools import accumulate, pairwise

from partnerkpi.guide import Attribute, KpiGuide, guides
from partnerkpi.language.figures import DASH
from partnerkpi.workbook.model.expression import Given, in_brackets, joined, live, tell, when_number
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import PERCENT, whole, with_unit
from partnerkpi.workbook.model.sheet import Paper, SheetModel
from partnerkpi.workbook.model.theme import ACCENT, BODY_SIZE, HEAD, LINE, NOTE, NOTE_SIZE, TEXT_BLOCK
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.page import keep_together, lines_in_column, set_heights, set_page
from partnerkpi.workbook.sheets.parts import FIRST, SheetContext, write_top

#: Of the texts: as wide in English, and in languages that say it longer, that each KPI takes two sheets of undivided
#: attributes. Letter is lower than A4.
_WIDTHS: Mapping[Paper, tuple[float, float]] = {"a4": (105, 110), "letter": (110, 116)}
_LINE = 11.9  # points
#: A hyphen before a number, or between two parts of a formula; not that of an option or of 0-10.
_HYPHEN = re.compile(r"(?<![\w`/\]–-])-(?=\d)|(?<=[\w)\]] )-(?= [\w(])")


_PERCENT = re.compile(r"(?<=\d)%")


def as_printed(text: str) -> str:
    """Return a text with a minus where it has a hyphen for one, and per cent as all sheets write it.

    The guide has -53, 100 x (23 - 2) and 75%, which old terminals show.
    """
    return _PERCENT.sub("\u00a0%", _HYPHEN.sub("−", text))


def write_guide(context: SheetContext, sheet: SheetModel) -> None:
    """Write a section for each KPI, each beginning on a page of its own; every line of a list is a row.

    Those that have data come first, and are printed.
    """
    paper, card = context.card.rules.brand.paper, context.card
    width = _WIDTHS[paper][context.model.language != "en"]
    write_top(context.model, sheet, translate("Guide"), _sentence(context), {"A": 19, "B": width})
    known = {"nps": card.has_answers, "advocacy": card.has_activities, "retention": card.has_customers}
    printed = [guide for guide in guides(context.model.language) if known[guide.kpi] or not any(known.values())]
    rest = [guide for guide in guides(context.model.language) if guide not in printed]
    row, last, blocks = FIRST - 1, 0, list[tuple[int, int]]()
    for guide in (*printed, *rest):
        if row > FIRST and guide in printed:
            sheet.row_breaks.append(row - 1)
        key = guide.kpi, context.model.language, paper, row
        blocks += _blocks(row, guide)
        row = context.model.cached_block(sheet, key, partial(_section, context, sheet, row, guide)) + 1
        last = row - 2 if guide in printed else last
    set_page(sheet, card.title, [f"A1:B{last}"], landscape=False)
    keep_together(sheet, [block for block in blocks if block[1] <= last], paper)


def _blocks(row: int, guide: KpiGuide) -> list[tuple[int, int]]:
    """Return the first and the last row of each attribute of a KPI whose section begins in a row."""
    lines = [len(attribute.lines) for attribute in guide.attributes]
    ends = list(accumulate(lines, initial=row + 1))
    return [(before + 1, end) for before, end in pairwise(ends)]


def _sentence(context: SheetContext) -> Live:
    """Say where each KPI stands that has data, and what the sheet is for."""
    found = [
        (tell("NPS {figure}", figure=_figure(context, "nps")), "nps"),
        (tell("active advocates {figure}", figure=_figure(context, "advocacy", PERCENT)), "advocacy"),
        (tell("influence share {figure}", figure=_figure(context, "influence", PERCENT)), "influence"),
    ]
    known = [words for words, key in found if any(value is not None for value in context.course(key))]
    what: Given = tell("What each KPI means, how to measure it, what to ask and what to do next.")
    if not known:
        return live(what)
    pieces = [piece for words in known for piece in (words, ", ")][:-1]
    figures = joined(*pieces)
    if context.card.period_kind == "all":
        return live(tell("Over all time: {figures}. {what}", figures=figures, what=what))
    return live(tell("{period}: {figures}. {what}", period=context.period, figures=figures, what=what))


def _figure(context: SheetContext, key: str, unit: str = "") -> Given:
    """Return a figure of the chosen period as it stands in the sentence."""
    figure = context.chosen(key)
    return when_number(figure, with_unit(whole(in_brackets(figure)), unit), DASH)


def _section(context: SheetContext, sheet: SheetModel, row: int, guide: KpiGuide) -> int:
    """Write one KPI from row `row`; return the row below."""
    context.model.put(sheet, (row, 1), guide.title, HEAD.but(wrap=False))
    context.model.blank(sheet, (row, 2), HEAD)
    context.model.put(sheet, (row + 1, 1), guide.question, NOTE)
    set_heights(sheet, {row: 20, row + 1: 18})
    row += 1
    for attribute in guide.attributes:
        row = _attribute(context, sheet, row + 1, attribute)
    return row + 1


def _attribute(context: SheetContext, sheet: SheetModel, row: int, attribute: Attribute) -> int:
    """Write one attribute, a row for each of its lines; return its last row."""
    listed = not isinstance(attribute.text, str)
    small = TEXT_BLOCK.but(size=NOTE_SIZE)
    end = row + len(attribute.lines) - 1
    for place, line in enumerate(attribute.lines, row):
        rule = LINE if place == end else None
        if place == row:
            context.model.put(
                sheet, (place, 1), translate(attribute.title), small.but(bold=True, colour=ACCENT, line=rule)
            )
        else:
            context.model.blank(sheet, (place, 1), small.but(line=rule))
        text = as_printed(f"•  {line}" if listed else line)
        context.model.put(sheet, (place, 2), text, small.but(line=rule))
        lines = lines_in_column(text, sheet.widths["B"] * BODY_SIZE / NOTE_SIZE)
        if place == row:
            lines = max(lines, lines_in_column(translate(attribute.title), sheet.widths["A"] * BODY_SIZE / NOTE_SIZE))
        sheet.heights[place] = 2 + _LINE * lines
    return end
