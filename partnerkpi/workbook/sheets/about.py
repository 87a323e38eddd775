"""About: where the figures come from, what was set aside and why, and what each of them means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from partnerkpi.results.remarks import SAME_ROW
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import NO_DATE, Source
from partnerkpi.tables.part import Origin
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.expression import given, live, tell, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.phrases import counted
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
    SECTION,
    TEXT_BLOCK,
    TITLE,
)
from partnerkpi.workbook.model.translation import current_language, message, translate
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.notes import example_in_words, note_in_words
from partnerkpi.workbook.page import keep_together, lines_in_column, set_heights, set_page, set_widths
from partnerkpi.workbook.sheets.parts import any_invited

MEANINGS = (
    (
        message("Strategic Partner NPS"),
        message(
            "Promoters (9-10) minus detractors (0-6) in percent of all answers, −100 to 100. A blank is no answer."
        ),
    ),
    (
        message("Interval of the NPS"),
        message(
            "Adjusted Wald of these partners; if they stand for others, clustered by partner. Everybody answered: none."
        ),
    ),
    (
        message("Change"),
        message(
            '"Up" or "down" only where it is more than chance; else "within chance", which does not mean "stable".'
        ),
    ),
    (
        message("Active advocates"),
        message(
            "Partners with at least one activity, in percent of the partners on the list: a count, without an interval."
        ),
    ),
    (
        message("Retention rate"),
        message("Retained customers in percent of the customers at the start of the period; Wilson interval."),
    ),
    (
        message("Influence share"),
        message(
            "Partners' retained customers in percent of all retained customers; its interval takes as given who came "
            "with a partner. It is no proof of cause."
        ),
    ),
    (
        message("Base share, index"),
        message(
            "The partners' part of all customers; and their customers' retention in percent of the overall one, 100 is "
            "parity. Influence share = base share × index / 100."
        ),
    ),
    (
        message("Response rate"),
        message("Answers in percent of the invited, where the number of invited people is known."),
    ),
    (
        message("Share of targets reached"),
        message(
            "The three KPIs, each as a share of its own target (at most 100 %), weighted; one without data takes no "
            "part. It is no rating: the worst single rating stands beside it on Data."
        ),
    ),
    (message("No data"), message("A dash, never 0.")),
)
NO_ROWS = message("What was read is not listed in this workbook.")
ALL_ROWS = message("All {read} rows read were used.")
ROWS = message("Of {read} rows read, {used} were used and {aside} set aside, each with its reason.")
REMARKS = (
    message("missing key"),
    message("amount that cannot be read"),
    message("the same as another row in all columns"),
    message("name nearly equal to another one"),
    message("as many as a worksheet can hold, so that others may have been cut off when it was saved"),
    message("weight that is not used, since each answer counts once"),
)
MARK = message("NPS is a mark of Bain & Company, NICE Systems and Fred Reichheld.")
_KINDS = {
    "responses": message("Responses"),
    "activities": message("Activities"),
    "customers": message("Customers"),
    "partners": message("Partners"),
}
_OPTIONS = {"period": message("Period"), "duplicates": message("Duplicates"), "confidence": message("Confidence")}
_WITH_HEADING = 2  # so many rows stand on the page of a heading
_WIDTHS = {"A": 24, "B": 46, "C": 13, "D": 13, "E": 13, "F": 18}
_TEXT = sum(_WIDTHS.values()) - _WIDTHS["A"]  # how wide the columns are together in which texts stand


def write_about(model: WorkbookModel, sheet: SheetModel, card: Scorecard) -> None:
    """Write provenance, options, notes and meanings, one below the other."""
    model.put(sheet, "A1", translate("About"), TITLE)
    row = _read(model, sheet, card)
    row = _texts(model, sheet, row + 1, translate("Options"), _options(card))
    if quality := list(_quality(card)):
        row = _texts(model, sheet, row + 1, translate("Data quality"), quality)
    if card.notes:
        row = _texts(model, sheet, row + 1, translate("Notes"), [("", note_in_words(note)) for note in card.notes])
    meanings, left_out = row + 1, _without_data(card)
    row = _texts(
        model,
        sheet,
        meanings,
        translate("What the figures mean"),
        [(translate(term), translate(text)) for term, text in MEANINGS if term not in left_out],
    )
    model.put(sheet, (row + 1, 1), translate(MARK), NOTE)
    set_widths(sheet, _WIDTHS)
    set_heights(sheet, {1: 30, 2: 20})
    set_page(sheet, card.title, [f"A1:F{row + 1}"], landscape=False)
    parts = [place[0] for place, (_, _, look) in sheet.held() if sheet.cache.looks[look][0] == SECTION]
    blocks = [(part - 1, part + _WITH_HEADING) for part in parts]  # with the free row above
    keep_together(sheet, [*blocks, (meanings - 1, row - 1)], card.rules.brand.paper)
    if not sheet.row_breaks:  # the last part is divided, but not below its heading
        keep_together(sheet, blocks, card.rules.brand.paper)


def _read(model: WorkbookModel, sheet: SheetModel, card: Scorecard) -> int:
    """Write what was read, or that it is not listed, as in a review of one partner; return the row below."""
    headline = HEADLINE.but(wrap=False)
    if not any(source.rows_read or source.columns or source.names for source in card.sources):
        model.put(sheet, "A2", translate(NO_ROWS), headline)
        return 3
    first = 6
    sums = first + len(card.sources)
    row, ranges = _set_aside(model, sheet, card, sums + 2)
    _rows(model, sheet, card, first - 2, ranges)
    names.define(model, names.ROWS_READ, sheet.title, f"C{sums}")
    names.define(model, names.ROWS_SET_ASIDE, sheet.title, f"E{sums}")
    model.put(sheet, "A2", _sentence(card, sums), headline)
    row = _columns(model, sheet, card, row + 1)
    return _files(model, sheet, card, row + 1)


def _without_data(card: Scorecard) -> set[str]:
    """Return the figures that the workbook has not, of which nobody asks what they mean."""
    influence = card.has_customers and card.customers_have_partners
    known = {
        "Strategic Partner NPS": card.has_answers,
        "Interval of the NPS": card.has_answers,
        "Active advocates": card.has_activities,
        "Retention rate": card.has_customers,
        "Influence share": influence,
        "Base share, index": influence,
        "Response rate": any_invited(card),
    }
    return {term for term, there in known.items() if not there}


def _heads(
    model: WorkbookModel, sheet: SheetModel, row: int, section: str, heads: Sequence[str], first: int = 7
) -> int:
    """Write a section's name and its heads over columns A to F, numbers from the `first` on; return the row below."""
    model.put(sheet, (row, 1), section, SECTION)
    for column, head in enumerate([*heads, *[""] * (len(_WIDTHS) - len(heads))], 1):
        model.put(sheet, (row + 1, column), head, HEAD_NUMBER if head and column >= first else HEAD)
    return row + 2


def _line(model: WorkbookModel, sheet: SheetModel, row: int, texts: Sequence[str]) -> None:
    """Write texts from column A, with the line of a table below all columns."""
    for column in range(1, len(_WIDTHS) + 1):
        if column <= len(texts) and texts[column - 1]:
            model.put(sheet, (row, column), texts[column - 1], ROW)
        else:
            model.blank(sheet, (row, column), ROW)


def _set_aside(model: WorkbookModel, sheet: SheetModel, card: Scorecard, row: int) -> tuple[int, list[str | None]]:
    """Write why rows were not used, if some were not; return the row below, and each source's range of counts."""
    if not any(source.set_aside for source in card.sources):
        return row - 1, [None] * len(card.sources)
    row = _heads(
        model, sheet, row, translate("Set aside"), (translate("Source"), translate("Reason"), translate("Rows")), 3
    )
    ranges: list[str | None] = []
    for source in card.sources:
        first = row
        for reason, count in source.set_aside.items():
            _line(model, sheet, row, (_kind(source), translate(reason)))
            model.put(sheet, (row, 3), count, ROW_NUMBER.but(number=COUNT))
            row += 1
        ranges.append(f"C{first}:C{row - 1}" if row > first else None)
    return row, ranges


def _rows(model: WorkbookModel, sheet: SheetModel, card: Scorecard, row: int, ranges: Sequence[str | None]) -> None:
    """Write how many rows were read, used and set aside: they must add up."""
    heads = (
        translate("Source"),
        "",
        translate("Rows read"),
        translate("Rows used"),
        translate("Set aside"),
        translate("Adds up"),
    )
    row = first = _heads(model, sheet, row, translate("Rows"), heads, 3)
    count = ROW_NUMBER.but(number=COUNT)
    sums = [0, 0, 0]
    for source, cells in zip(card.sources, ranges, strict=True):
        aside = sum(source.set_aside.values())
        _line(model, sheet, row, (_kind(source),))
        model.put(sheet, (row, 3), source.rows_read, count)
        model.put(sheet, (row, 4), source.rows_used, count)
        model.put(sheet, (row, 5), Live(f"=SUM({cells})", aside) if cells else 0, count)
        _adds_up(model, sheet, row, source.rows_read == source.rows_used + aside)
        sums = [total + value for total, value in zip(sums, (source.rows_read, source.rows_used, aside), strict=True)]
        row += 1
    _line(model, sheet, row, (translate("All"),))
    for column, value in zip("CDE", sums, strict=True):
        content = Live(f"=SUM({column}{first}:{column}{row - 1})", value) if card.sources else 0
        model.put(sheet, f"{column}{row}", content, count.but(bold=True))
    _adds_up(model, sheet, row, sums[0] == sums[1] + sums[2])


def _adds_up(model: WorkbookModel, sheet: SheetModel, row: int, holds: bool) -> None:
    test = given(f"C{row}=D{row}+E{row}", holds)
    model.put(sheet, (row, 6), live(when(test, tell("yes"), tell("no"))), ROW_NUMBER)


def _sentence(card: Scorecard, row: int) -> Live:
    """Say how many rows were read, used and set aside."""
    read, used = (sum(getattr(source, rows) for source in card.sources) for rows in ("rows_read", "rows_used"))
    aside = sum(sum(source.set_aside.values()) for source in card.sources)
    rows = given(f"C{row}", read)
    places = {"read": rows, "used": given(f"D{row}", used), "aside": given(f"E{row}", aside)}
    some = tell(ROWS, **{name: counted(number) for name, number in places.items()})
    words = when(places["aside"].equals(0), tell(ALL_ROWS, read=counted(rows)), some)
    return live(when(rows.equals(0), tell(NO_ROWS), words))


def _kind(source: Source) -> str:
    """Return what a kind of table is called."""
    return translate(_KINDS[source.kind]) if source.kind in _KINDS else source.kind.capitalize()


def _columns(model: WorkbookModel, sheet: SheetModel, card: Scorecard, row: int) -> int:
    """Write which column was taken for what; return the row below."""
    row = _heads(
        model, sheet, row, translate("Columns"), (translate("Source"), translate("Column"), translate("Taken as"))
    )
    for source in card.sources:
        for role, column in source.columns.items():
            _line(model, sheet, row, (_kind(source), column, _role(role)))
            row += 1
    return row


def _role(role: str) -> str:
    """Return what a column was taken for, in words; the name of a dimension came with the data."""
    kind, _, name = role.replace("_", " ").partition(" ")
    return (
        translate("dimension {name}", name=name) if kind == "dimension" and name else translate(role.replace("_", " "))
    )


def _files(model: WorkbookModel, sheet: SheetModel, card: Scorecard, row: int) -> int:
    """Write the files, or what stands in their place, and what identifies their content; return the row below."""
    row = _heads(model, sheet, row, translate("Files"), (translate("Source"), translate("File"), "SHA-256"))
    for source in card.sources:
        origins = {origin.name: origin for origin in source.origins}
        for name in source.names:  # the folders of somebody's machine are nobody's business
            if (origin := origins.get(name)) is not None:
                shown, digest = _origin(origin), origin.query or ""
            else:
                shown, digest = name, source.digests.get(name) or source.digests.get(name.rpartition("#")[0], "")
            _line(model, sheet, row, (_kind(source), shown))
            model.put(sheet, (row, 3), digest, ROW.but(size=NOTE.size))
            row += 1
    return row


def _origin(origin: Origin) -> str:
    """Return what is told of a source that is no file: what it is, what holds it, and its size or its query."""
    name = f"{origin.name} ({origin.engine})"
    if origin.query is not None:
        return translate("{name}; the SHA-256 is that of its query", name=name)
    rows, columns = (current_language().number(size) for size in (origin.rows or 0, origin.columns))
    return translate("{name}; rows × columns: {rows} × {columns}", name=name, rows=rows, columns=columns)


def _options(card: Scorecard) -> list[tuple[str, str]]:
    """Return what was chosen when the workbook was made."""
    as_of = current_language().date(card.as_of) if card.as_of is not None else ""
    if not as_of and card.period_kind == "all":
        as_of = translate("no dates in the data")
    own = [(_option(option), translate(str(value))) for option, value in card.options.items()]
    part = [(translate("Part of the data"), one) for one in card.part.words]
    return [
        *part,
        *own,
        *([(translate("Data until"), as_of)] if as_of else []),  # of customers by period no day is known
        (translate("Made with"), f"partnerkpi {card.version}".strip()),
    ]


def _quality(card: Scorecard) -> Iterator[tuple[str, str]]:
    """Yield what somebody should look into of rows that count; those that are set aside have their own list."""
    for source in card.sources:
        for remark in source.quality:
            undated = remark.column == source.columns.get("date") and remark.rows == source.set_aside.get(NO_DATE)
            again = remark.what == SAME_ROW and remark.rows in source.set_aside.values()
            if not (remark.set_aside or undated or again):
                column = current_language()("format.quoted", text=remark.column)
                what = translate(remark.what) + (f" ({column})" if remark.column else "")
                rows = current_language().number(remark.rows)
                kind_and_rows = translate("{what}, rows: {rows}", what=what, rows=rows)
                examples = ", ".join(map(example_in_words, remark.examples))
                yield _kind(source), ": ".join([kind_and_rows, *([examples] if examples else [])])


def _option(option: str) -> str:
    return translate(_OPTIONS[option]) if option in _OPTIONS else option.replace("_", " ").capitalize()


def _texts(model: WorkbookModel, sheet: SheetModel, row: int, section: str, pairs: Iterable[tuple[str, str]]) -> int:
    """Write a section of terms and texts; return the row below."""
    model.put(sheet, (row, 1), section, SECTION)
    for term, written in pairs:
        row += 1
        text = clean_text(written)
        model.put(sheet, (row, 1), term, TEXT_BLOCK.but(bold=True, line=LINE))
        model.put(sheet, (row, 2), text, TEXT_BLOCK.but(line=LINE))
        sheet.merge_cells(f"B{row}:F{row}")
        sheet.heights[row] = min(400, 15.5 * lines_in_column(text, _TEXT))
    return row + 1
