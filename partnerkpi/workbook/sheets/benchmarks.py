"""Benchmarks: the numbers that everything is measured against. Change one, and every rating and colour follows."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Protection
from openpyxl.utils.cell import get_column_letter

from partnerkpi.kpi.benchmark import RATING_ORDER, Benchmark
from partnerkpi.kpi.health import DEFAULT_ANCHORS
from partnerkpi.kpi.intervals import z_value
from partnerkpi.language.figures import shortest
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.columns.workings import START_HEADS, tiers_of
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.ratings import rating_named
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    CELL_INPUT,
    CHIPS,
    GENERAL,
    HEAD,
    HEAD_NUMBER,
    HEADLINE,
    LINE,
    MUTED,
    RATIO,
    ROW,
    ROW_NUMBER,
    SECTION,
    TITLE,
)
from partnerkpi.workbook.model.translation import current_language, message, translate
from partnerkpi.workbook.page import set_heights, set_page, set_widths

WIDTHS = {"A": 36, "B": 18, "C": 14, "D": 14, "E": 16, "F": 34}
BELOW_ALL = -1e9  # where the lowest rating begins: below every figure that there is
_NUMBERS = (*START_HEADS.values(), "From", "Target", "Value", "Weight", "Counts 0 at", "Counts 100 at")
_KPIS = {
    "nps": message("Strategic Partner NPS"),
    "advocacy": message("Active advocates"),
    "retention": message("Partner influence on retention"),
}
_OF_TIERS = {
    "nps": message("Tiers with an NPS benchmark of their own"),
    "advocacy": message("Tiers with a benchmark of active advocates of their own"),
    "retention": message("Tiers with a benchmark of their influence share of their own"),
}
_UNITS = {
    "nps": message("points, −100 to 100"),
    "advocacy": message("% of the partners on the list"),
    "retention": message("% of all retained customers"),
}
#: Ratings inside a sentence; others than these were named by somebody outside.
_RATINGS = {
    "investigate": message("investigate"),
    "watch": message("watch"),
    "strong": message("strong"),
    "exceptional": message("exceptional"),
}


def write_benchmarks(model: WorkbookModel, sheet: SheetModel, card: Scorecard) -> None:
    """Write the thresholds, targets, weights and the rules of certainty, and name each of them."""
    model.put(sheet, "A1", translate("Benchmarks"), TITLE)
    sentence = translate("Change a number in a yellow cell: every rating and colour of this workbook follows.")
    model.put(sheet, "A2", sentence, HEADLINE.but(wrap=False))
    heads = message("KPI"), message("Rating"), message("From"), message("Target"), message("Unit")
    row = write_head(model, sheet, 4, translate("Ratings and targets"), heads)
    for kpi in names.KPI_NAMES:
        row = write_bands(model, sheet, row, card.benchmarks[kpi])
    for kpi in names.KPI_NAMES:
        row = _tiers(model, sheet, row + 1, card, kpi)
    heads = message("KPI"), "", message("Weight"), message("Counts 0 at"), message("Counts 100 at")
    row = write_head(model, sheet, row + 1, translate("Share of targets reached"), heads)
    row = _health(model, sheet, row, card)
    heads = message("Rule"), "", message("Value"), "", message("Note")
    row = write_head(model, sheet, row + 1, translate("How sure"), heads)
    row = _certainty(model, sheet, row, card)
    last = write_shared_ratings(model, sheet, row + 1)
    set_widths(sheet, WIDTHS)
    set_heights(sheet, {1: 30, 2: 20})
    set_page(sheet, card.title, [f"A1:F{last}"], landscape=False, one_page=True)


def write_shared_ratings(model: WorkbookModel, sheet: SheetModel, row: int) -> int:
    """Write the ratings that all KPIs share as the last section of the sheet; return its last row."""
    heads = message("From worst to best"), message("Rating"), "", "", ""
    row = write_head(model, sheet, row, translate("Ratings that the KPIs share"), heads)
    last = row + len(RATING_ORDER) - 1
    for position, name in enumerate(RATING_ORDER):
        model.put(sheet, (row + position, 1), position + 1, ROW)
        model.put(sheet, (row + position, 2), rating_named(name).label, CHIPS[name].but(line=LINE))
    names.define(model, names.RATING_LABELS, sheet.title, f"B{row}:B{last}")
    return last


def write_head(model: WorkbookModel, sheet: SheetModel, row: int, section: str, heads: Sequence[str]) -> int:
    """Write a section's name and its column heads; return the row below."""
    model.put(sheet, (row, 1), section, SECTION)
    for column, head in enumerate((*heads, ""), 1):
        look = HEAD_NUMBER if head in _NUMBERS else HEAD.but(indent=1 if column > 2 else 0)
        model.put(sheet, (row + 1, column), translate(head), look)
    return row + 2


def _line(model: WorkbookModel, sheet: SheetModel, row: int, label: str, note: str = "") -> None:
    """Give a row the line of a table, its name and its note."""
    for column in range(1, 7):
        model.blank(sheet, (row, column), ROW)
    if label:
        model.put(sheet, (row, 1), label, ROW)
    if note:
        model.put(sheet, (row, 5), note, ROW.but(colour=MUTED, indent=1))


def write_bands(
    model: WorkbookModel, sheet: SheetModel, row: int, benchmark: Benchmark, *, fraction: bool = False
) -> int:
    """Write a KPI's ratings from the lowest up, so that they can be looked up, and its target; return the row below.

    With `fraction` they are parts of one, shown as per cent.
    """
    kpi, first = benchmark.kpi, row
    low, high = (-100, 100) if kpi == "nps" else (0, 1 if fraction else 100)
    number = "0%" if fraction else GENERAL
    for position, band in enumerate(benchmark.bands):
        row = first + position
        top = position == 0
        _line(model, sheet, row, _label(benchmark) if top else "", translate(_UNITS[kpi]) if top else "")
        model.put(sheet, (row, 2), rating_named(band.name).label, CHIPS.get(band.name, CHIPS["no data"]).but(line=LINE))
        if top:
            model.put(sheet, (row, 3), BELOW_ALL, ROW_NUMBER.but(number=f'0;"{translate("any lower")}"', colour=MUTED))
            continue
        names.define(model, names.of_kpi(kpi, band.name), sheet.title, f"C{row}")
        above = f"C{row - 1}" if position > 1 else str(low)
        below = f"C{row + 1}" if band is not benchmark.bands[-1] else str(high)
        rating = _rating(band.name)
        prompt = translate(
            "The figure from which this KPI counts as {rating}. The column must keep rising.", rating=rating
        )
        title = translate("From: {rating}", rating=rating)
        _input(model, sheet, (row, 3), band.low, (above, below), title, prompt, number=number)
    names.define(model, names.thresholds(kpi), sheet.title, f"C{first}:C{row}")
    names.define(model, names.labels(kpi), sheet.title, f"B{first}:B{row}")
    names.define(model, names.of_kpi(kpi, "target"), sheet.title, f"D{first}")
    limits, title = (str(low), str(high)), translate("Target")
    _input(model, sheet, (first, 4), benchmark.target, limits, title, translate("The figure to reach."), number=number)
    return row + 1


def _tiers(model: WorkbookModel, sheet: SheetModel, row: int, card: Scorecard, kpi: str) -> int:
    """Write from where a KPI's ratings begin for tiers that have their own benchmarks; return the row below."""
    tiers = tiers_of(card, kpi)
    if not tiers:
        return row - 1
    starts, low = [band.name for band in card.benchmarks[kpi].bands[1:]], "-100" if kpi == "nps" else "0"
    heads = (message("Tier"), *(START_HEADS.get(band, band) for band in starts), *[""] * (3 - len(starts)))
    first = write_head(model, sheet, row, translate(_OF_TIERS[kpi]), (*heads, message("Unit")))
    for place, (tier, benchmark) in enumerate(tiers.items(), first):
        _line(model, sheet, place, tier, translate(_UNITS[kpi]))
        for column, band in enumerate(starts, 2):
            above = low if column == 2 else f"{'ABCD'[column - 2]}{place}"
            below = "100" if band == starts[-1] else f"{'ABCDE'[column]}{place}"
            rating, start = _rating(band), benchmark.thresholds[band]
            prompt = translate(
                "The figure from which this tier counts as {rating}. The row must keep rising.", rating=rating
            )
            if kpi == "nps":
                prompt = translate(
                    "The NPS from which a partner of this tier counts as {rating}. The row must keep rising.",
                    rating=rating,
                )
            title = translate("From: {rating}", rating=rating)
            _input(model, sheet, (place, column), start, (above, below), title, prompt)
    last = first + len(tiers) - 1
    for letter, band in zip("BCD", starts, strict=False):
        names.define(model, names.of_tiers(kpi, band), sheet.title, f"{letter}{first}:{letter}{last}")
    return last + 1


def _label(benchmark: Benchmark) -> str:
    """Return what a KPI is called; a name that is none of ours is as it was given."""
    own = _KPIS[benchmark.kpi]
    return translate(own) if benchmark.label in ("", own) else benchmark.label


def _rating(name: str) -> str:
    """Return a rating as it stands in a sentence."""
    return translate(_RATINGS[name]) if name in _RATINGS else name


def _health(model: WorkbookModel, sheet: SheetModel, row: int, card: Scorecard) -> int:
    """Write weights and anchors of the composite; return the row below."""
    anchor = translate(
        "The figure that counts so much in the share of targets reached; between the two it rises evenly."
    )
    for kpi, weight, (zero, hundred) in zip(names.KPI_NAMES, card.weights, DEFAULT_ANCHORS, strict=True):
        write_weight(model, sheet, row, card.benchmarks[kpi], weight)
        for column, (name, value, title, prompt, limits) in enumerate(
            (
                ("anchor_low", zero, translate("Counts 0 at"), anchor, ("-100", f"E{row}")),
                ("anchor_high", hundred, translate("Counts 100 at"), anchor, (f"D{row}", "100")),
            ),
            4,
        ):
            names.define(model, names.of_kpi(kpi, name), sheet.title, f"{'ABCDE'[column - 1]}{row}")
            _input(model, sheet, (row, column), value, limits, title, prompt)
        row += 1
    return row


def write_weight(model: WorkbookModel, sheet: SheetModel, row: int, benchmark: Benchmark, weight: float) -> None:
    """Write how much a KPI weighs in the share of targets reached."""
    _line(model, sheet, row, _label(benchmark))
    names.define(model, names.of_kpi(benchmark.kpi, "weight"), sheet.title, f"C{row}")
    prompt = translate("The part of this KPI in the share of targets reached; one without data takes no part.")
    _input(model, sheet, (row, 3), weight, ("0", "1000000"), translate("Weight"), prompt)


def _certainty(model: WorkbookModel, sheet: SheetModel, row: int, card: Scorecard) -> int:
    """Write confidence, its normal quantile and the minimum of answers; return the row below."""
    write_confidence(model, sheet, row, card.confidence)
    row += 1
    _line(model, sheet, row, translate("Standard errors to either side"), translate("follows from the confidence"))
    z = Live(f"=-NORMSINV((1-{names.CONFIDENCE})/2)", z_value(card.confidence))
    model.put(sheet, (row, 3), z, ROW_NUMBER.but(number=RATIO))
    names.define(model, names.Z_VALUE, sheet.title, f"C{row}")
    row += 1
    label, note = translate("Fewest answers for a ranking"), translate("partners with fewer are grey and not ranked")
    write_fewest(model, sheet, row, card.min_responses, label, note)
    return row + 1


def write_confidence(model: WorkbookModel, sheet: SheetModel, row: int, confidence: float) -> None:
    """Write how sure an interval is."""
    note = translate("0.95: an interval misses 5 times in 100")
    _line(model, sheet, row, translate("Confidence of intervals and changes"), note)
    names.define(model, names.CONFIDENCE, sheet.title, f"C{row}")
    title, prompt = translate("Confidence"), translate("Between 0.5 and 0.9999; 0.95 is usual.")
    _input(model, sheet, (row, 3), confidence, ("0.5", "0.9999"), title, prompt, number="0.00##")


def write_fewest(model: WorkbookModel, sheet: SheetModel, row: int, fewest: int, label: str, note: str) -> None:
    """Write the least number of answers, what it is for and what becomes of partners with fewer."""
    _line(model, sheet, row, label, note)
    names.define(model, names.MIN_ANSWERS, sheet.title, f"C{row}")
    title, prompt = translate("Fewest answers"), translate("A whole number.")
    _input(model, sheet, (row, 3), fewest, ("0", "1000000"), title, prompt, whole=True)


def _input(
    model: WorkbookModel,
    sheet: SheetModel,
    place: tuple[int, int],
    value: float,
    limits: tuple[str, str],
    title: str,
    prompt: str,
    *,
    number: str = GENERAL,
    whole: bool = False,
) -> None:
    """Write a number that the reader may change: it stays open when somebody protects the sheet."""
    model.put(sheet, place, value, CELL_INPUT.but(number=number, line=LINE))
    sheet.restyle(*place, protection=Protection(locked=False))
    sheet.check_entry(
        f"{get_column_letter(place[1])}{place[0]}",
        type="whole" if whole else "decimal",
        operator="between",
        formula1=limits[0],
        formula2=limits[1],
        promptTitle=title[:32],
        prompt=prompt,
        errorTitle=title[:32],
        error=translate(
            "Please enter a number between {low} and {high}.",
            low=_in_words(limits[0]),
            high=_in_words(limits[1]),
        ),
        showInputMessage=True,
        showErrorMessage=True,
    )


def _in_words(limit: str) -> str:
    """Return a limit as people write it: −100, 0,9999; that of another cell by its address."""
    return limit if limit[:1].isalpha() else current_language().written(shortest(float(limit)))
