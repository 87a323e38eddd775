"""From a scorecard to its workbook: five sheets whose figures are formulas that carry their values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl.worksheet.views import Selection

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook import names
from partnerkpi.workbook.about_sheet import write_about
from partnerkpi.workbook.benchmarks_sheet import write_benchmarks
from partnerkpi.workbook.cells import Writer, clean_text
from partnerkpi.workbook.columns import all_columns, know
from partnerkpi.workbook.data_sheet import write_data
from partnerkpi.workbook.figures import Figure, Month, all_figures
from partnerkpi.workbook.layout import Layout
from partnerkpi.workbook.partners_sheet import write_partners
from partnerkpi.workbook.peers_sheet import write_peers
from partnerkpi.workbook.phrases import period_name
from partnerkpi.workbook.provenance import sign
from partnerkpi.workbook.responses_sheet import Answer, write_responses
from partnerkpi.workbook.review_sheet import write_review
from partnerkpi.workbook.scorecard_sheet import write_scorecard


def write_workbook(card: Scorecard, target: Path, *, responses: Iterable[Answer] | None = None) -> str:
    """Write the workbook of a scorecard to `target`, whole or not at all; the same scorecard gives the same bytes.

    `responses` are the answers for a sheet of their own. Returns its fingerprint, by which `verify` knows it again.
    Raises FileProblem where the file cannot be written.
    """
    writer = build(card, responses=responses)
    writer.save(target)
    return writer.provenance.stated if writer.provenance is not None else ""


def build(card: Scorecard, *, responses: Iterable[Answer] | None = None) -> Writer:
    """Return the workbook of a scorecard, ready to be saved; it opens with the current period on the first sheet."""
    writer = Writer()
    figures, columns = all_figures(), all_columns(card)
    layout = Layout.of(card, [figure.key for figure in figures], [column.key for column in columns])
    months, known = _months(card), know(card)
    sheets = {
        name: writer.sheet(name)
        for name in (
            *(names.SCORECARD, names.PARTNERS, *_pack_sheets(card)),
            *(names.BENCHMARKS, names.DATA, *((names.RESPONSES,) if responses is not None else ()), names.ABOUT),
        )
    }
    write_data(writer, sheets[names.DATA], card, layout, figures, months, known)
    write_partners(writer, sheets[names.PARTNERS], card, layout, columns, known)
    write_benchmarks(writer, sheets[names.BENCHMARKS], card)
    write_about(writer, sheets[names.ABOUT], card)
    write_scorecard(writer, sheets[names.SCORECARD], card, layout, figures, months, known)
    if responses is not None:
        write_responses(writer, sheets[names.RESPONSES], card.title, responses)
    if card.is_pack:
        _write_pack(writer, card, layout, figures, months[card.periods.index(card.current)])
    properties = writer.workbook.properties
    properties.title = " ".join(clean_text(card.title).split())
    properties.subject = f"Partner KPIs, {period_name(card.current)}"
    writer.workbook.active = 0
    for sheet in sheets.values():
        sheet.sheet_view.tabSelected = sheet.title == names.SCORECARD
    sheets[names.SCORECARD].sheet_view.selection = [Selection(activeCell="A1", sqref="A1")]
    sign(writer, card)
    return writer


def _pack_sheets(card: Scorecard) -> list[str]:
    """Return the sheets that only the workbook of one partner has."""
    return [name for name, wanted in ((names.PEERS, card.is_pack), (names.REVIEW, card.is_review)) if wanted]


def _write_pack(writer: Writer, card: Scorecard, layout: Layout, figures: Sequence[Figure], month: Month) -> None:
    """Write what only the workbook of one partner has."""
    by_key = {figure.key: figure for figure in figures}
    write_peers(writer, writer.workbook[names.PEERS], card, layout, by_key, month)
    if card.is_review:
        says = (by_key["nps_says"].value(month), by_key["targets_say"].value(month))
        write_review(writer, writer.workbook[names.REVIEW], card, layout, says)


def _months(card: Scorecard) -> list[Month]:
    """Return what is known of each period, oldest first."""
    lines = [card.total_line(period) for period in card.periods]
    return [
        Month(card, number, line, lines[number - 2] if number > 1 else None) for number, line in enumerate(lines, 1)
    ]
