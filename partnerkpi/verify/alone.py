"""A scorecard put together from the sheets of a workbook without its record: enough to recompute figures, no proof."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import cast

from openpyxl.utils.cell import get_column_letter, range_boundaries

from partnerkpi.errors import DataProblem
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.kpi.conditional import NO_PAIRS
from partnerkpi.language import LANGUAGES
from partnerkpi.periods import Period, first_day, fiscal
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import ALL_TIME, NOTHING, Partner, SoFar
from partnerkpi.settings import Options, Settings
from partnerkpi.verify.contents import Contents, ErrorValue, Found
from partnerkpi.verify.finding import Report
from partnerkpi.verify.recovered import compare_counts, compare_pairs, earlier_than, rows_of_table, tally_rows, that_fit
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.layout import PAIRS, SO_FAR_HEADS, TALLIES
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.ratings import rating_named
from partnerkpi.workbook.model.translation import current_language, in_language, translate
from partnerkpi.workbook.model.values import Value


def language_of_sheets(contents: Contents) -> str:
    """Return the language in which the heads of the tallies are written; English for what is none."""
    table = contents.tables.get("Tallies")
    for code in LANGUAGES:
        with in_language(code):
            if table is not None and not {translate(head) for head in TALLIES} - set(table.heads):
                return code
    return "en"


def from_the_sheets_alone(contents: Contents) -> Scorecard:
    """Return a scorecard that gives the figures of a workbook without a record; DataProblem for what is none."""
    rows = sorted(tally_rows(contents), key=lambda row: row.number)
    periods = [_label(contents.cell(*place)) for place in contents.named(names.PERIODS)]
    if not rows or not periods or len(rows) % len(periods):
        raise DataProblem("the tallies and the list of periods do not fit together")
    names_listed = {str(row.values["Partner"]) for row in rows if row.values["On list"] == 1}
    partners, counts, away, values = [], {}, set(), _yearly_values(contents)
    for row in rows:
        name = None if row.values["Partner's"] != 1 else str(row.values["Partner"])
        period = periods[int(row.values["Period number"]) - 1]
        if name is not None and period == periods[0]:
            value = values.get(row.number - 1)
            partners.append(Partner(name, name in names_listed, annual_value=value))
        if name in names_listed and row.values["On list"] != 1:
            away.add((name, period))
        counts[name, period] = compare_counts(row, NOTHING, name, period, Report(""))

    def has(name: str) -> bool:
        return contents.named_value(name) == 1

    kind, once = _kind(periods[0]), contents.named_value(names.ANSWERS_ONCE)
    so_far = _so_far(contents, periods)
    # whether a person answers once in a period is on Data, how long a wave is stands nowhere
    options = {"language": current_language().code, "wave": "none" if once == 1 else "quarter"}
    card = Scorecard(
        title="",
        period_kind=kind,
        periods=tuple(periods),
        current=periods[-1],
        as_of=first_day(periods[-1], kind) if so_far else dt.date(2000, 1, 1),
        partners=tuple(partners),
        counts=counts,
        benchmarks={kpi: _read_benchmark(contents, kpi) for kpi in names.KPI_NAMES},
        weights=(0.4, 0.3, 0.3),
        confidence=0.95,
        min_responses=5,
        has_partner_list=has(names.HAS_PARTNER_LIST),
        has_activities=has(names.HAS_ACTIVITIES),
        away=tuple(sorted(away)),
        has_customers=has(names.HAS_CUSTOMERS),
        customers_have_partners=has(names.HAS_CUSTOMER_PARTNERS),
        sources=(),
        options={"duplicates": "all"} if once == 0 else {},
        settings=Settings(options=Options.model_validate(options)),
        so_far=so_far,
    )
    pairs = {
        (name, before, period): compare_pairs(row, PAIRS[against], NO_PAIRS, name, period, Report(""))
        for row, (name, period) in zip(rows, counts, strict=True)
        for against, before in earlier_than(card, period)
    }
    return dataclasses.replace(card, pairs=that_fit(pairs, counts))


def _so_far(contents: Contents, periods: list[str]) -> dict[tuple[str | None, str], SoFar]:
    """Return what the newest period is compared with where it is not over, as the table of it says."""
    found = dict[tuple[str | None, str], SoFar]()
    for row in rows_of_table(contents, "SoFarTallies", SO_FAR_HEADS) or ():
        answers, invited, activities, listed, number = (_whole(row.values[head]) for head in SO_FAR_HEADS[2:7])
        if len(periods) > 1 and number == len(periods) - 1:
            # the first row is of answers that belong to no partner
            name = str(row.values["Partner"]) if row.number > 1 else None
            found[name, periods[-2]] = SoFar(answers or 0, invited, activities or 0, listed == 1)
    return found


def _whole(value: Value) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None


def _yearly_values(contents: Contents) -> dict[int, float]:
    """Return the yearly value of each partner by the number of rows above it in the tallies: it orders the sheet."""
    table = contents.tables.get("PartnerFigures")
    heads = translate("Data row"), translate("Value a year")
    if table is None or set(heads) - set(table.heads):
        return {}
    left, top, _, bottom = range_boundaries(table.ref)
    row_letter, value_letter = (get_column_letter((left or 1) + table.heads.index(head)) for head in heads)
    found = dict[int, float]()
    for row in range((top or 0) + 1, (bottom or 0) + 1):
        number = contents.shown(table.sheet, f"{row_letter}{row}")
        value = contents.shown(table.sheet, f"{value_letter}{row}")
        if isinstance(number, (int, float)) and isinstance(value, (int, float)):
            found[int(number)] = float(value)
    return found


def _read_benchmark(contents: Contents, kpi: str) -> Benchmark:
    """Return a benchmark with the bands that a sheet names; their thresholds are read later."""
    labels = [contents.shown(*place) for place in contents.named(names.labels(kpi)) if contents.cell(*place)]
    named = {rating_named(band).label: band for band in ("investigate", "watch", "strong", "exceptional")}
    bands = [named.get(str(label), str(label)) for label in labels]
    starts = [found.value for place in contents.named(names.thresholds(kpi)) if (found := contents.cell(*place))]
    if len(bands) != len(starts) or not all(isinstance(start, (int, float)) for start in starts):
        raise DataProblem(f"the thresholds of {kpi} cannot be read")
    thresholds = dict(zip(bands[1:], cast("list[float]", starts[1:]), strict=True))
    target = contents.named_value(names.of_kpi(kpi, "target"))
    usual = DEFAULT_BENCHMARKS[kpi]
    aim = float(target) if isinstance(target, (int, float)) else usual.target
    return Benchmark.from_thresholds(kpi, thresholds, worst=bands[0], target=aim, label=usual.label, unit=usual.unit)


def _label(found: Found | None) -> str:
    """Return the period that a name stands for, the other way round than `period_name`: 2026-Q3 for Q3 2026."""
    shown = found.value if found is not None else None
    if shown is None or isinstance(shown, ErrorValue):
        raise DataProblem("the list of periods has a gap")
    return label_of_period(str(shown)) or str(shown)


def label_of_period(shown: str) -> str | None:
    """Return the label of a period that stands in words, 2026-Q3 for Q3 2026; None where it is none."""
    years = [f"{fiscal}{year}" for year in re.findall("[0-9]{4}", shown) for fiscal in ("", "FY")]
    parts = ["", *(f"-Q{number}" for number in range(1, 5)), *(f"-{month:02d}" for month in range(1, 13))]
    parts += [f"-W{week:02d}" for week in range(1, 54)]
    labels = [ALL_TIME, *(f"{year}{part}" for year in years for part in parts)]
    return next((label for label in labels if period_name(label) == shown), None)


_OF_LETTER: dict[str, Period] = {"Q": "quarter", "W": "week"}


def _kind(label: str) -> Period:
    if label == ALL_TIME:
        return "all"
    rest = label.partition("-")[2]
    kind: Period = "year" if not rest else _OF_LETTER.get(rest[0], "month")
    # in which month a financial year begins its name does not say, and no figure hangs on it
    return fiscal(kind, 4) if label.startswith("FY") else kind
