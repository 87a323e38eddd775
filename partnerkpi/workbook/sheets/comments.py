"""Comments: what the respondents' words are about, what that does to the NPS, and some of the words themselves."""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.comments.review import CommentReview
from partnerkpi.comments.words import WordLine
from partnerkpi.scorecard.findings.themes import Theme
from partnerkpi.scorecard.parts import ALL_TIME
from partnerkpi.workbook.model.expression import Given, count, given, joined, live, tell, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import decimal, nearest, period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    COUNT,
    DETRACTOR,
    HEAD,
    HEAD_NUMBER,
    LINE,
    MUTED,
    NOTE,
    PROMOTER,
    ROW,
    ROW_NUMBER,
    SECTION,
    TEXT_BLOCK,
)
from partnerkpi.workbook.model.translation import current_language, message, translate
from partnerkpi.workbook.page import keep_together, lines_in_column, set_heights, set_page, set_widths, widen_for_heads
from partnerkpi.workbook.sheets.parts import FIRST, SheetContext, write_missing, write_top
from partnerkpi.workbook.sheets.themes import themes_of, write_theme_rows

_LAST = "M"
_QUOTE = "DEFGHIJKLM"  # the columns in which a quote stands
_COLOURS = {"promoter": PROMOTER, "detractor": DETRACTOR, "passive": MUTED}
_ORDER = ("detractor", "promoter", "passive")
_BANDS = {"promoter": message("● promoter"), "detractor": message("■ detractor"), "passive": message("– passive")}
_NOTE = message(
    "The period is the one chosen on Scorecard; the themes are in the order of what hurts most in the newest. "
    "Fewer than {mentions} mentions are not split. Changes are judged together."
)
_NOTE_OF_ONE = message("The themes are in the order of what hurts most. Fewer than {mentions} mentions are not split.")
HOW_TO = (
    message(
        "Add a column with what the respondents wrote to the file with the answers, called comment or as the survey "
        "tool calls it."
    ),
    message(
        "Themes, their words and the smallest group that is shown stand in partnerkpi.toml under [themes] and "
        "[comments]."
    ),
)


def write_comments(context: SheetContext, sheet: SheetModel) -> None:
    """Write the sheet for the chosen period; the words are of all time and the quotes of the newest period."""
    note_of_one = 17 if len(context.card.periods) == 1 else 10.6  # its column then is the last
    widths = {"A": 34, **dict.fromkeys("BCDEFGHIJ", 10.6), "K": note_of_one, "L": 13, "M": 17}
    review, themes = context.card.comments, context.card.themes
    if review is None or not themes:
        missing = (
            translate("There are no comments to show.") if review is not None else translate("No comments were given.")
        )
        write_top(context.model, sheet, translate("Comments"), missing, widths)
        write_missing(context, sheet, translate("How to supply them:"), HOW_TO, _LAST)
        return
    top = FIRST
    set_widths(sheet, widths)
    rows = write_theme_rows(context, sheet, top)
    fewest = str(context.card.rules.comments.min_group)
    note = translate(_NOTE if len(context.card.periods) > 1 else _NOTE_OF_ONE, mentions=fewest)
    write_top(context.model, sheet, translate("Comments"), _sentence(context, rows), widths, note)
    words = rows[1] + 2
    quotes = _words(context, sheet, words, review) + 1
    row, blocks = _quotes(context, sheet, quotes, review, themes)
    set_page(sheet, context.card.title, [f"A1:{_LAST}{row - 1}"])
    keep_together(sheet, [(words, quotes - 2), *blocks], context.card.rules.brand.paper)


def _sentence(context: SheetContext, rows: tuple[int, int]) -> Live:
    """Say how many answers have a comment, and which theme takes most from the NPS."""
    commented: Given = count(
        context.chosen("comments"),
        "{n} {of_answers} has a comment in {period}.",
        "{n} {of_answers} have a comment in {period}.",
        of_answers=count(context.chosen("commentable"), "of {n} answer", "of {n} answers"),
        period=context.period,
    )
    found = [(one.line.points, one.line.theme) for one in themes_of(context)]
    shown = [(points, translate(name)) for points, name in found if points is not None]
    least, name = min(shown, key=lambda one: one[0], default=(0.0, ""))
    cells = f"$J${rows[0]}:$J${rows[1]}"  # what each theme adds to the NPS
    some = given(f"COUNT({cells})", len(shown))
    lowest = given(f"MIN({cells})", least)
    who = given(f"INDEX(A{rows[0]}:A{rows[1]},MATCH(MIN({cells}),{cells},0))", name)
    taken = tell("The theme {theme} takes most from the NPS: {points} points.", theme=who, points=decimal(lowest))
    nothing: Given = tell("No theme takes anything from the NPS.")
    rule = when(some.equals(0), "", when(nearest(lowest, 1) < 0, joined(" ", taken), joined(" ", nothing)))
    return live(joined(commented, rule))


def _words(context: SheetContext, sheet: SheetModel, top: int, review: CommentReview) -> int:
    """Write the words of detractors and of promoters side by side; return the row below."""
    compared = current_language().number(review.words.compared)
    if not review.words.detractors and not review.words.promoters:
        none = translate("No word of {words} compared is shown to set detractors and promoters apart.", words=compared)
        context.model.put(sheet, (top, 1), none, NOTE)
        return top + 1
    section = translate(
        "Words that are shown to set them apart, of {words} compared, all periods together", words=compared
    )
    context.model.put(sheet, (top, 1), section, SECTION)
    sides = (
        (1, translate("Detractors write more often"), review.words.detractors),
        (6, translate("Promoters write more often"), review.words.promoters),
    )
    last = top + 1
    for left, head, words in sides:
        last = max(last, _word_list(context, sheet, (top + 1, left), head, words))
    widen_for_heads(sheet, top + 1)
    return last + 1


def _word_list(
    context: SheetContext, sheet: SheetModel, start: tuple[int, int], head: str, words: Sequence[WordLine]
) -> int:
    """Write one list of words with the number of comments that hold them; return its last row."""
    top, left = start
    wide = 1 if left == 1 else 3  # the first column of the sheet is as wide as three others
    for column in range(left, left + wide):
        context.model.blank(sheet, (top, column), HEAD)
    context.model.put(sheet, (top, left), head, HEAD.but(wrap=False))
    set_heights(sheet, {top: 20})
    for column, name in enumerate((translate("Detractors"), translate("Promoters")), left + wide):
        context.model.put(sheet, (top, column), name, HEAD_NUMBER)
    if not words:
        context.model.put(sheet, (top + 1, left), translate("no word is shown to set them apart"), NOTE)
        return top + 1
    for row, word in enumerate(words, top + 1):
        for column in range(left, left + wide):
            context.model.blank(sheet, (row, column), ROW)
        context.model.put(sheet, (row, left), word.word, ROW)
        for column, comments in enumerate((word.detractors, word.promoters), left + wide):
            context.model.put(sheet, (row, column), comments, ROW_NUMBER.but(number=COUNT))
    return top + len(words)


def _quotes(
    context: SheetContext, sheet: SheetModel, top: int, review: CommentReview, themes: Sequence[Theme]
) -> tuple[int, list[tuple[int, int]]]:
    """Write some of the respondents' sentences for each theme, names left out.

    Return the row below, and the first and the last row of each theme; the heading belongs to the first of them.
    """
    when = period_name(review.quoted if review.quoted is not None else ALL_TIME)
    context.model.put(sheet, (top, 1), translate("In their own words, {period}, names left out", period=when), SECTION)
    wide = sum(sheet.widths[letter] for letter in _QUOTE)
    row, blocks = top + 1, list[tuple[int, int]]()
    for theme in themes:
        quotes = sorted(review.quotes.get(theme.name, ()), key=lambda quote: _ORDER.index(quote.band))
        if quotes:
            blocks.append((row if blocks else top, row + len(quotes) - 1))
        for place, quote in enumerate(quotes):
            rule = LINE if place == len(quotes) - 1 else None
            text = TEXT_BLOCK.but(line=rule)
            if place == 0:
                context.model.put(sheet, (row, 1), translate(theme.name), text.but(bold=True))
            else:
                context.model.blank(sheet, (row, 1), text)
            band = text.but(colour=_COLOURS[quote.band], bold=True, wrap=False)
            context.model.put(sheet, (row, 2), translate(_BANDS[quote.band]), band)
            context.model.blank(sheet, (row, 3), band)
            for column in range(4, 14):
                context.model.blank(sheet, (row, column), text)
            context.model.put(sheet, (row, 4), quote.text, text)
            sheet.merge_cells(f"D{row}:{_LAST}{row}")
            set_heights(sheet, {row: 2 + 14.5 * lines_in_column(quote.text, wide)})
            row += 1
    if row == top + 1:
        context.model.put(sheet, (row, 1), translate("No theme has enough comments to quote from."), NOTE)
        row += 1
    return row, blocks
