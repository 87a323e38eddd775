"""Engines that are not ours calculate the scorecard, and agree with every figure that Python put into it."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import books
import cards
import office
import openpyxl
import pytest
from cases import CASES, QUICK, book, calculate_with_neighbours, case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.cell import column_index_from_string, get_column_letter
from sampled import one_in, quick_where

from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.workbook.build import build, write_workbook
from partnerkpi.workbook.figures import all_figures
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.layout import (
    FIRST_ROW,
    HEAD_ROW,
    TALLIES,
)

ERRORS = ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!")


# --- as it is sent --------------------------------------------------------------------------------------------------


QUICK_CASES = quick_where(lambda name: name in QUICK, zip(CASES, strict=True))


@pytest.mark.parametrize("name", QUICK_CASES)
def test_every_formula_carries_the_value_that_three_engines_calculate(name: str) -> None:
    """LibreOffice, IronCalc and Gnumeric, calculating from nothing, agree with every stored value to 1e-9."""
    calculate_with_neighbours(name)
    path = book(name)
    assert len(office.formulas(path)) > 200
    assert office.disagreements(path) == []


@pytest.mark.parametrize("name", QUICK_CASES)
def test_no_figure_is_an_error(name: str) -> None:
    """Without data there is a dash. Only the lines of charts have #N/A, in periods without data: they need a gap."""
    card = case(name)
    figures = all_figures(card)
    lines = {row: figure.key for row, figure in enumerate(figures, FIRST_ROW) if "#N/A" in figure.label}
    wrong = [place for place, value in build(card).values().items() if value is None or value in ERRORS]
    assert all(sheet == names.DATA for sheet, _ in wrong)
    left = page_column(card)  # right of it stand the points of the charts of the first page
    figures_of = [ref for _, ref in wrong if column_index_from_string("".join(filter(str.isalpha, ref))) < left]
    rows = [int("".join(filter(str.isdigit, ref))) for ref in figures_of]
    assert set(rows) <= set(lines)
    silent = [period for period in card.periods if card.total_scores(period).nps is None]
    assert sum(lines[row] == "chart_nps" for row in rows) == len(silent)


@pytest.mark.parametrize("name", one_in(9, CASES))
def test_excel_would_open_it_without_repair(name: str) -> None:
    """Microsoft's Open XML SDK finds nothing."""
    assert office.open_xml_sdk(book(name)) == []


@pytest.mark.parametrize("name", QUICK_CASES)
def test_the_schemas_and_rules_hold(name: str) -> None:
    """The ECMA-376 schemas and the rules that make Excel offer a repair find nothing."""
    assert office.validate(book(name)) == []


def test_the_first_page_is_one_page(tmp_path: Path) -> None:
    """The Scorecard and Benchmarks are one printed page each, whatever the data."""
    office.need_font("Carlito")  # as wide as Calibri; with another the Guide takes more or fewer pages
    pages = office.to_png(book("one partner"), tmp_path, dpi=20)
    # Scorecard, NPS, Advocacy, Retention, Trend, Benchmarks and About are one page each,
    # Partners two, the Guide two for each KPI; Data is not printed, nor are Comments and Actions without any
    assert len(pages) == 7 + 2 + 2 * 3


# --- as the reader changes it ---------------------------------------------------------------------------------------


def with_changes(path: Path, target: Path, changes: dict[str, Any]) -> Path:
    """Write a copy of the workbook in which cells, named by their defined names, are changed."""
    workbook = openpyxl.load_workbook(path)
    for name, value in changes.items():
        sheet, ref = next(iter(workbook.defined_names[name].destinations))
        workbook[sheet][ref.replace("$", "")] = value
    workbook.save(target)
    return target


def saved(workbook: openpyxl.Workbook, folder: Path) -> dict[tuple[str, str], Any]:
    """Return LibreOffice's values of a workbook that openpyxl holds."""
    changed = folder / "changed.xlsx"
    workbook.save(changed)
    return office.recalculate(changed)


def differences(values: dict[tuple[str, str], Any], card: Scorecard) -> list[str]:
    """Compare an engine's values with those that Python gives for a scorecard."""
    found = []
    for place, expected in build(card).values().items():
        if not same(values.get(place), expected):
            found.append(f"{place}: {values.get(place)!r} is not {expected!r}")
    return found


def facts_of_the_page(card: Scorecard) -> tuple[str, ...]:
    """Return how the differences begin that are facts of the day, not formulas: whom to call, and whom to thank."""
    model = build(card)
    column = page_column(card)
    facts = [
        (names.DATA, f"{get_column_letter(place[1])}{place[0]}")
        for place, (formula, _, _) in model.sheets[names.DATA].held()
        if formula is None and place[1] >= column
    ]
    found = books.opened(model)
    said = [place for place in model.values() if f"{names.SENTENCES_HOLD}=" in str(found[place[0]][place[1]].value)]
    return tuple(map(str, [*facts, *said]))


def page_column(card: Scorecard) -> int:
    """Return the first column of what the page lists."""
    head = build(card).sheets[names.DATA]
    return next(place[1] for place, (_, value, _) in head.held() if value == "NPS then and now") - 1


def same(value: Any, expected: Any) -> bool:
    """Tell whether an engine's value is the expected one, to 1e-9; an empty text is nothing, no data is #N/A."""
    if isinstance(expected, (int, float)) and isinstance(value, (int, float)):
        return math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-9)
    return (value or "") == ("#N/A" if expected is None else expected or "")


@pytest.mark.parametrize(
    "name", one_in(7, ["demo", "usual", "segments", "two years", "no answers before", "months", "years"])
)
def test_another_period_can_be_chosen(name: str, tmp_path: Path) -> None:
    """Each figure then is the one that Python computes for that period."""
    card = case(name)
    heads = openpyxl.load_workbook(book(name))[names.DATA][HEAD_ROW]
    others = list(enumerate(card.periods))[-3 if name == "demo" else -2 : -1]
    chosen = [
        with_changes(book(name), tmp_path / f"{period}.xlsx", {names.PERIOD: heads[len(TALLIES) + 2 + number].value})
        for number, period in others
    ]
    for (_, period), values in zip(others, office.recalculate_together(chosen), strict=True):
        found = differences(values, replace(card, current=period))
        assert [line for line in found if not line.startswith(f"('{names.ACTIONS}'")] == []  # a list of its own period


def test_a_period_that_there_is_not_shows_the_newest(tmp_path: Path) -> None:
    """An empty or mistyped period cell leaves no page of errors, and the sentences name the period that is shown."""
    wrong = [with_changes(book("usual"), tmp_path / f"{one}.xlsx", {names.PERIOD: one}) for one in (None, "Q9 1999")]
    for values in office.recalculate_together(wrong):
        assert differences(values, case("usual")) == []


def test_benchmarks_can_be_changed(tmp_path: Path) -> None:
    """Thresholds, targets, weights, confidence and the fewest answers: every figure follows."""
    bands = {"nps": (12.5, 40, 44.25, -10), "advocacy": (20, 65, 60), "retention": (10, 20, 50)}
    benchmarks, changes = {}, {}
    for kpi, (*starts, target) in bands.items():
        ratings = list(DEFAULT_BENCHMARKS[kpi].thresholds)
        thresholds = dict(zip(ratings, starts, strict=True))
        benchmarks[kpi] = Benchmark.from_thresholds(kpi, thresholds, target=target)
        changes |= {names.of_kpi(kpi, rating): start for rating, start in thresholds.items()}
        changes[names.of_kpi(kpi, "target")] = target
    weights = (1.0, 0.0, 2.5)
    changes |= {names.of_kpi(kpi, "weight"): weight for kpi, weight in zip(bands, weights, strict=True)}
    changes |= {names.CONFIDENCE: 0.8, names.MIN_ANSWERS: 20}
    made = cards.demo_card()
    card = replace(made, benchmarks=benchmarks, weights=weights, confidence=0.8, min_responses=20).with_calls_of(made)
    values = office.recalculate(with_changes(book("demo"), tmp_path / "changed.xlsx", changes))
    changed = build(card)
    found = books.opened(changed)
    said = {place for place in changed.values() if f"{names.SENTENCES_HOLD}=" in str(found[place[0]][place[1]].value)}
    assert "Calls are those of Q3 2026: choose it above." in {values.get(place) for place in said}
    holds = next(iter(found.defined_names[names.SENTENCES_HOLD].destinations))
    assert values[holds[0], holds[1].replace("$", "")] == 0
    # whom to call is by the old benchmarks: it goes, and the page says so
    said |= {(holds[0], holds[1].replace("$", ""))}
    assert [line for line in differences(values, card) if not line.startswith(tuple(map(str, said)))] == []


def test_tallies_can_be_changed(tmp_path: Path) -> None:
    """Corrected counts, and a count that becomes unknown, go through to every figure that has a formula."""
    card = case("usual")
    counts = dict(card.counts)
    workbook = openpyxl.load_workbook(book("usual"))
    row = HEAD_ROW + 2 * len(card.periods) + len(card.periods)  # the third partner, newest period
    corrected = Counts(ScoreTally(1, 2, 30), None, 4, 12, 11)
    for column, value in enumerate((1, 2, 30, None, 4, 12, 11), 3):
        workbook[names.DATA].cell(row, column).value = value
    counts[card.partners[2].name, card.current] = corrected
    card = replace(card, counts=counts)
    # p-values and clustered errors are counted, not calculated: no formula gives them
    for (line, column), (formula, value, _) in build(card).sheets[names.DATA].held():
        if formula is None and isinstance(value, float):
            workbook[names.DATA].cell(line, column).value = value
    card = card.with_calls_of(case("usual"))
    said = facts_of_the_page(card)
    found = [line for line in differences(saved(workbook, tmp_path), card) if not line.startswith(said)]
    # the partners of the page were listed by the answers of the day; their figures are compared on Partners
    first = [str(cell.value) for cell in openpyxl.load_workbook(book("usual"))[names.SCORECARD]["A"]]
    start, end = (first.index(next(one for one in first if one.startswith(words))) for words in ("NPS of the", "Red ("))
    rows = "|".join(str(row + 1) for row in range(start + 1, end))
    assert [line for line in found if not re.match(rf"\('Scorecard', '[A-L]({rows})'\)", line)] == []


def test_the_partners_may_be_sorted(tmp_path: Path) -> None:
    """Sorted from Z to A, as Excel sorts a table, each partner keeps its figures and the Scorecard its page."""
    card = case("usual")
    columns = [column.value for column in openpyxl.load_workbook(book("usual"))[names.PARTNERS][HEAD_ROW]]
    workbook = openpyxl.load_workbook(book("usual"))
    sheet = workbook[names.PARTNERS]
    groups = ("Data row", "Tier number", "Region number")
    facts = [1, 2, 3, 4, 5, *(columns.index(head) + 1 for head in groups)]
    last = FIRST_ROW + len(card.partners) - 1
    rows = [[sheet.cell(row, column).value for column in facts] for row in range(FIRST_ROW, last + 1)]
    for row, values in enumerate(reversed(rows), FIRST_ROW):
        for column, value in zip(facts, values, strict=True):
            sheet.cell(row, column).value = value
    values = saved(workbook, tmp_path)
    for (name, ref), expected in build(card).values().items():
        row = int("".join(filter(str.isdigit, ref)))
        if name == names.PARTNERS and FIRST_ROW <= row <= last:
            ref = ref.replace(str(row), str(FIRST_ROW + last - row))
        assert same(values.get((name, ref)), expected), (name, ref)


def test_the_tallies_may_be_sorted(tmp_path: Path) -> None:
    """Rows are found by their number, so an order of the reader's own changes no figure."""
    card = case("usual")
    workbook = openpyxl.load_workbook(book("usual"))
    sheet = workbook[names.DATA]
    last = HEAD_ROW + (len(card.partners) + 1) * len(card.periods)
    columns = range(1, len(TALLIES) + 1)
    rows = [[sheet.cell(row, column).value for column in columns] for row in range(FIRST_ROW, last + 1)]
    for row, values in enumerate(sorted(rows, key=lambda values: (values[4], values[-1]), reverse=True), FIRST_ROW):
        for column, value in enumerate(values, 1):
            sheet.cell(row, column).value = value
    places = [cell.column_letter for cell in workbook[names.PARTNERS][HEAD_ROW] if str(cell.value).startswith("Row ")]
    assert len(places) == 2  # these two say where the counts stand now
    found = differences(saved(workbook, tmp_path), card)
    assert [line for line in found if not line.startswith(tuple(f"('Partners', '{place}" for place in places))] == []


# --- any counts -----------------------------------------------------------------------------------------------------

COUNTS = st.builds(
    lambda scores, invited, activities, customers, lost: Counts(
        ScoreTally(*scores), invited, activities, customers, max(0, customers - lost)
    ),
    st.tuples(*[st.integers(0, 40) | st.sampled_from([0, 0, 1, 100_000])] * 3),
    st.none() | st.integers(0, 300),
    st.integers(0, 3),
    st.integers(0, 60),
    st.integers(0, 60),
)


@st.composite
def any_card(draw: st.DrawFn) -> Scorecard:
    """Draw a scorecard of up to six partners and three periods."""
    partners = tuple(Partner(f"P{place}", draw(st.booleans())) for place in range(draw(st.integers(0, 6))))
    periods = cards.QUARTERS[: draw(st.integers(1, 3))]
    keys = [(name, period) for name in (None, *(one.name for one in partners)) for period in periods]
    counts = {key: draw(COUNTS) for key in keys}
    given = {flag: draw(st.booleans()) for flag in ("has_partner_list", "has_activities", "has_customers")}
    return cards.card(
        counts,
        partners=partners,
        periods=periods,
        current=draw(st.sampled_from(periods)),
        customers_have_partners=draw(st.booleans()),
        confidence=draw(st.sampled_from([0.5, 0.8, 0.95, 0.999])),
        min_responses=draw(st.integers(0, 60)),
        **given,
    )


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(card=any_card())
def test_any_counts_give_the_same_figures_in_another_engine(card: Scorecard, tmp_path: Path) -> None:
    """Whatever was counted, IronCalc calculates what Python did."""
    path = tmp_path / "any.xlsx"
    write_workbook(card, path)
    assert differences(office.ironcalc_values(path), card) == []


@pytest.mark.parametrize(("began", "confidence"), [(1, 0.5), (2, 0.75), (3, 0.875)])
def test_no_word_hangs_on_the_last_digit_of_an_engine(began: int, confidence: float, tmp_path: Path) -> None:
    """Of some partners this many began and none stopped: McNemar's p is 1/2 to that power, and 1 - confidence."""
    names, (before, after) = cards.NAMES[:5], cards.QUARTERS[:2]
    counts = {
        (name, period): Counts(activities=int(place < (began if period == after else 0)))
        for place, name in enumerate(names)
        for period in (before, after)
    }
    card = cards.card(counts, periods=(before, after), confidence=confidence)
    assert card.total_line(after).advocacy_change.p == pytest.approx(1 - confidence, rel=1e-12)
    path = tmp_path / "even.xlsx"
    write_workbook(card, path)
    assert differences(office.ironcalc_values(path), card) == []
