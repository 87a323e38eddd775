"""Ratings of tiers and regions on Advocacy and Retention: by the tier's own thresholds where it has any."""

from __future__ import annotations

from pathlib import Path

import cards
import office
import openpyxl
import pytest

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.workbook.build import write_workbook
from partnerkpi.workbook.model import names

TIERS = "tiers with benchmarks of their own"


def rated(path: Path, title: str, figure: str) -> dict[str, tuple[object, object]]:
    """Return figure and rating of each row above the table by period, as LibreOffice calculates them."""
    values = office.recalculate(path)
    rows = sorted({int("".join(filter(str.isdigit, ref))) for sheet, ref in values if sheet == title})
    columns = sorted({ref.rstrip("0123456789") for sheet, ref in values if sheet == title}, key=lambda c: (len(c), c))
    found: dict[str, tuple[object, object]] = {}
    heads: dict[object, str] = {}
    for row in rows:
        line = {values.get((title, f"{column}{row}")): column for column in columns}
        if "Rating" in line and not heads:
            heads = line
        elif values.get((title, f"A{row}")) == "Period":
            break
        elif heads:
            at = [values.get((title, f"{heads[head]}{row}")) for head in (figure, "Rating")]
            found[str(values.get((title, f"A{row}")))] = (at[0], at[1])
    return found


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workbook of partners in tiers that have benchmarks of their own."""
    target = tmp_path_factory.mktemp("tiers") / "tiers.xlsx"
    write_workbook(cards.odd_cards()[TIERS], target)
    return target


def expected(card: Scorecard, kpi: str, tier: str | None, value: object) -> str | None:
    """Return a rating by the benchmark of a tier."""
    assert isinstance(value, (int, float))
    return card.benchmark_of(kpi, tier).rating(value)


def test_a_tier_is_rated_by_its_own_thresholds_on_advocacy(path: Path) -> None:
    """Gold begins to be strong at 20.5 %, Silver at 100; who has none, and all together, follow everybody's."""
    card = cards.odd_cards()[TIERS]
    rows = rated(path, names.ADVOCACY, "Active, %")
    for label, tier in (("Gold", "Gold"), ("Silver*", "Silver*"), ("(not given)", None), ("All partners", None)):
        value, rating = rows[label]
        assert str(rating).split(" ", 1)[1].casefold() == expected(card, "advocacy", tier, value)


def test_a_tiers_influence_share_is_rated_only_against_a_target_of_its_own(path: Path) -> None:
    """It is a part of all retained customers: the target of all partners together says nothing about it."""
    card = cards.odd_cards()[TIERS]
    rows = rated(path, names.RETENTION, "Part of all retained")
    assert rows["Gold"][1] == rows["(not given)"][1] == "–"
    for label, tier in (("Silver*", "Silver*"), ("With a partner", None)):
        value, rating = rows[label]
        assert str(rating).split(" ", 1)[1].casefold() == expected(card, "retention", tier, value)
    assert not rows["Direct"][1]


def test_the_thresholds_of_tiers_can_be_changed_on_benchmarks(path: Path, tmp_path: Path) -> None:
    """The rating on Advocacy follows."""
    workbook = openpyxl.load_workbook(path)
    for band, start in (("watch", 0), ("strong", 0.5)):
        sheet, cells = next(iter(workbook.defined_names[names.of_tiers("advocacy", band)].destinations))
        workbook[sheet][cells.split(":")[0].replace("$", "")] = start
    changed = tmp_path / "changed.xlsx"
    workbook.save(changed)
    assert rated(changed, names.ADVOCACY, "Active, %")["Gold"][1] == "● Strong"


def test_engines_agree_on_tiers(path: Path) -> None:
    """LibreOffice, IronCalc and Gnumeric agree, and the file is sound."""
    assert office.disagreements(path) == []
    assert office.open_xml_sdk(path) == []
    assert office.validate(path) == []
