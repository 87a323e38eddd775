"""From a scorecard to its workbook: sheets whose figures are formulas that carry their values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from partnerkpi.files import atomic_write
from partnerkpi.language import language
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.signing import Signer
from partnerkpi.workbook.columns import all_columns, partner_columns
from partnerkpi.workbook.figures import Figure, PeriodFigures, all_figures, shape_of
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.brand import Logo, Palette, read_logo
from partnerkpi.workbook.model.layout import Layout
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import ACCENT, PASSIVE
from partnerkpi.workbook.model.translation import current_language, in_language, language_of, translate
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.page import print_nothing, set_footers, set_paper
from partnerkpi.workbook.provenance import let_sign, sign
from partnerkpi.workbook.sheets.about import write_about
from partnerkpi.workbook.sheets.actions import is_listed, write_actions
from partnerkpi.workbook.sheets.advocacy import write_advocacy
from partnerkpi.workbook.sheets.benchmarks import write_benchmarks
from partnerkpi.workbook.sheets.comments import write_comments
from partnerkpi.workbook.sheets.data import write_data
from partnerkpi.workbook.sheets.guide import write_guide
from partnerkpi.workbook.sheets.nps import write_nps
from partnerkpi.workbook.sheets.pack_counts import counted_of, write_counts
from partnerkpi.workbook.sheets.pack_plan import write_others, write_plan
from partnerkpi.workbook.sheets.pack_together import LOGO_BOX as PACK_LOGO_BOX
from partnerkpi.workbook.sheets.pack_together import write_together
from partnerkpi.workbook.sheets.pack_words import COUNTS, OTHERS, PLAN, TOGETHER, shown_quartiles
from partnerkpi.workbook.sheets.page import write_page
from partnerkpi.workbook.sheets.partners import write_partners
from partnerkpi.workbook.sheets.parts import SheetContext, link_back, names_partners
from partnerkpi.workbook.sheets.peers import write_peers
from partnerkpi.workbook.sheets.responses import Answer, write_responses
from partnerkpi.workbook.sheets.retention import write_retention
from partnerkpi.workbook.sheets.review import write_review
from partnerkpi.workbook.sheets.scorecard import LOGO_BOX, write_scorecard
from partnerkpi.workbook.sheets.trend import write_trend
from partnerkpi.workbook.sheets.zeros import plain_zeros
from partnerkpi.workbook.writer.writer import Writer

#: All sheets, or those that have data: without activities there is then no Advocacy.
Sheets = Literal["all", "with-data"]

#: What is read comes first, what is looked up after it, with another colour of its tab.
_READ = (
    *(names.SCORECARD, names.REVIEW, names.ACTIONS, names.PARTNERS, names.PEERS, names.TREND),
    *(names.NPS, names.ADVOCACY, names.RETENTION, names.COMMENTS),
)
_LOOKED_UP = (names.BENCHMARKS, names.GUIDE, names.DATA, names.RESPONSES, names.ABOUT)
_ORDER = (*_READ, *_LOOKED_UP)


def write_workbook(
    card: Scorecard,
    target: Path,
    *,
    sheets: Sheets = "all",
    responses: Iterable[Answer] | None = None,
    writer: Writer | None = None,
    signer: Signer | None = None,
) -> str:
    """Write the workbook of a scorecard to `target`, whole or not at all; the same scorecard gives the same bytes.

    With sheets="with-data" those sheets are left out of whose KPI there is no data; else they say how to supply it, and
    are not printed.
    `responses` are the answers for a sheet of their own; `signer` signs the workbook, with the time at which it does.
    Returns the fingerprint by which `verify` knows the workbook again. Raises FileProblem where the file cannot be
    written.
    """
    writer = writer or Writer(several=False)
    data, fingerprint = written(card, writer, sheets=sheets, responses=responses, signer=signer)
    atomic_write(target, data)
    return fingerprint


def written(
    card: Scorecard,
    writer: Writer,
    *,
    sheets: Sheets = "all",
    responses: Iterable[Answer] | None = None,
    signer: Signer | None = None,
) -> tuple[bytes, str]:
    """Return the bytes of a workbook and its fingerprint."""
    with in_language(language_of(card), period=card.current):
        model = _lay_out(writer.model(), card, sheets, responses)
    if signer is not None:
        let_sign(model, signer, names.RESPONSES)
    return writer.write(model), model.provenance.stated if model.provenance is not None else ""


def build(
    card: Scorecard, *, sheets: Sheets = "all", responses: Iterable[Answer] | None = None, logo: Logo | None = None
) -> WorkbookModel:
    """Return the workbook of a scorecard as data; it opens with the current period on the first sheet.

    `logo` is that of the brand where its file is not at hand.
    """
    with in_language(language_of(card), period=card.current):
        return _lay_out(WorkbookModel(), card, sheets, responses, logo)


def _lay_out(
    model: WorkbookModel,
    card: Scorecard,
    sheets: Sheets,
    responses: Iterable[Answer] | None,
    logo: Logo | None = None,
) -> WorkbookModel:
    """Write the sheets of a scorecard to a model and return it."""
    if card.is_pack and not card.is_review:
        return _lay_out_pack(model, card, logo)
    recorded = card
    card = _titled(card)
    if card.is_review:
        card = card.titled(translate("Internal: {title}", title=card.title))
    figures = model.cached(("figures", shape_of(card), card.is_pack), partial(all_figures, card))
    columns = all_columns(card)
    keys = [figure.key for figure in figures], [column.key for column in columns]
    own = Layout.of(card, *keys, len(card.visible_segments), len(card.themes))
    layout = model.cached(own, lambda: own)  # which keeps the addresses that were asked for
    periods, partners = _periods(card, {figure.key: figure for figure in figures}), partner_columns(card, columns)
    missing = without_data(card) if sheets == "with-data" else set()
    extra = {names.PEERS: card.is_pack, names.REVIEW: card.is_review, names.RESPONSES: responses is not None}
    missing |= {name for name, wanted in extra.items() if not wanted}
    if card.is_review:
        missing.add(names.ACTIONS)  # they stand on Review, and name nobody there
        if not card.themes:
            missing.add(names.COMMENTS)  # what was written stays with the workbook of all partners
    made = {name: model.sheet(name) for name in _ORDER if name not in missing}
    context = SheetContext(model, card, layout, periods, partners)
    write_data(context, made[names.DATA], figures)
    write_partners(context, made[names.PARTNERS], columns)
    write_benchmarks(model, made[names.BENCHMARKS], card)
    write_about(model, made[names.ABOUT], card)
    if card.is_pack:
        write_scorecard(context, made[names.SCORECARD])
    else:
        write_page(context, made[names.SCORECARD])
    writers: dict[str, Callable[[SheetModel], None]] = {
        names.NPS: lambda sheet: write_nps(context, sheet),
        names.ADVOCACY: lambda sheet: write_advocacy(context, sheet),
        names.RETENTION: lambda sheet: write_retention(context, sheet),
        names.TREND: lambda sheet: write_trend(context, sheet),
        names.COMMENTS: lambda sheet: write_comments(context, sheet),
        names.ACTIONS: lambda sheet: write_actions(replace(context, card=card.as_made), sheet),
        names.GUIDE: lambda sheet: write_guide(context, sheet),
        names.PEERS: lambda sheet: write_peers(context, sheet),
        names.REVIEW: lambda sheet: write_review(context, sheet),
        names.RESPONSES: lambda sheet: write_responses(model, sheet, card.title, responses or ()),
    }
    for name, write in writers.items():
        if name in made:
            write(made[name])
    if card.is_review:
        for sheet in made.values():
            sheet.header_center = translate("Internal: not for the partner")
    finished = _finish(model, card, made, names.SCORECARD, logo)
    for name in _not_printed(card) & made.keys():
        print_nothing(made[name])
    if card.partners and not names_partners(card):
        made[names.PARTNERS].view = replace(made[names.PARTNERS].view, hidden=True)
    sign(model, recorded, finished)
    return model


def _lay_out_pack(model: WorkbookModel, card: Scorecard, logo: Logo | None) -> WorkbookModel:
    """Write the sheets of a partner's own workbook, those for which there is something to say."""
    recorded, card = card, _titled(card)
    together, plan, others, counts = (translate(name) for name in (TOGETHER, PLAN, OTHERS, COUNTS))
    counted = counted_of(card, counts)
    made = {together: model.sheet(together), plan: model.sheet(plan)}
    if shown_quartiles(card) or card.current in card.beside:
        made[others] = model.sheet(others)
    if counted.columns:
        made[counts] = model.sheet(counts)
        write_counts(model, made[counts], card, counted)
    write_together(model, made[together], card, counted)
    write_plan(model, made[plan], card)
    if others in made:
        write_others(model, made[others], card, counted)
    sign(model, recorded, _finish(model, card, made, together, logo))
    return model


def _titled(card: Scorecard) -> Scorecard:
    """Return a scorecard whose title is in the language of its workbook, where it is the usual one."""
    card = _with_colon(card)
    usual = language("en")("mail.title")
    if current_language().code == "en" or not card.title.startswith(usual):
        return card
    return card.titled(current_language()("mail.title") + card.title.removeprefix(usual))


def _with_colon(card: Scorecard) -> Scorecard:
    """Return a pack whose title has the colon of its language before the partner: in French with a space."""
    partner = f": {card.partners[0].name}" if card.is_pack and card.partners else ""
    if not partner or not card.title.endswith(partner):
        return card
    return card.titled(card.title.removesuffix(partner) + current_language()("format.colon") + partner[2:])


def _finish(
    model: WorkbookModel, card: Scorecard, made: Mapping[str, SheetModel], first: str, logo: Logo | None
) -> Logo | None:
    """Give a workbook its title and its brand, of which the logo is returned, and let it open with its first sheet."""
    model.title = " ".join(clean_text(card.title).split())
    model.subject = translate("Partner KPIs, {period}", period=period_name(card.current))
    for sheet in made.values():
        plain_zeros(sheet)
        colour = ACCENT if sheet.title not in _LOOKED_UP else PASSIVE
        sheet.view = replace(sheet.view, selected=sheet.title == first, tab_colour=colour)
        if not card.is_pack and sheet.title != first:
            link_back(model, sheet)
    return _dress(model, card, made, first, logo)


def _dress(
    model: WorkbookModel, card: Scorecard, made: Mapping[str, SheetModel], first: str, logo: Logo | None
) -> Logo | None:
    """Give the workbook the brand of the settings: colours, font, footer, paper and logo, which is returned.

    ConfigError for a bad logo.
    """
    brand = card.rules.brand
    model.palette = Palette.of(brand)
    set_footers(made.values(), brand)
    set_paper(made.values(), brand.paper)
    if brand.logo is not None:
        logo = read_logo(Path(brand.logo))
    if logo is not None:
        words = f"Logo of {brand.name}" if brand.name else "Logo"
        made[first].place_logo(logo, words, LOGO_BOX if first == names.SCORECARD else PACK_LOGO_BOX)
    return logo


def without_data(card: Scorecard) -> set[str]:
    """Return the sheets that could only say what is missing."""
    customers = any(counts.customers for counts in card.counts.values())
    advocacy = card.has_activities and card.has_partner_list and card.listed
    known = {
        names.NPS: card.has_answers,
        names.ADVOCACY: advocacy,
        names.RETENTION: card.has_customers and customers,
        names.TREND: len(card.periods) > 1 and (card.has_answers or advocacy or customers),
        names.COMMENTS: bool(card.themes),
        names.ACTIONS: is_listed(card.newest),
    }
    return {name for name, given in known.items() if not given}


def _not_printed(card: Scorecard) -> set[str]:
    """Return the sheets that say what is missing, and those that hold what others are made of.

    In a review that is the table of its one partner as well, whose figures the first page has.
    """
    partners = {names.PARTNERS} if card.is_review or not names_partners(card) else set()
    return without_data(card) | {names.DATA} | partners


def _periods(card: Scorecard, figures: Mapping[str, Figure]) -> list[PeriodFigures]:
    """Return what is known of each period, oldest first."""
    found: list[PeriodFigures] = []
    for number, period in enumerate(card.periods, 1):
        found.append(PeriodFigures(card, figures, number, card.total_line(period), tuple(found)))
    return found
