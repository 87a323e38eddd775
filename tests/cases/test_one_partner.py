"""A programme that is one partner: no share of active partners and no influence share, which 1 of 1 makes 100 or 0."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cards
import openpyxl
import pytest

import partnerkpi
from partnerkpi.kpi import AdvocacyTally
from partnerkpi.kpi.movement import active_change
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.scorecard.plain import as_dict
from partnerkpi.verify import verify
from partnerkpi.workbook.build import write_workbook
from partnerkpi.workbook.model import names

QUARTERS = ("2026-Q1", "2026-Q2")


def tables(direct: bool) -> dict[str, list[dict[str, object]]]:
    """Return a programme of Acme alone, whose customers are all there are or, `direct`, half of them."""
    days = ("2026-03-30", "2026-06-29")
    customers = range(20)
    return {
        "responses": [
            {"partner": "Acme", "respondent": f"r{n}", "date": day, "score": (9, 8, 3, 10)[n % 4]}
            for n in range(12)
            for day in days
        ],
        "activities": [{"partner": "Acme", "type": "reference", "date": days[1]}],
        "customers": [
            {
                **{"customer": f"c{n}", "period": quarter, "retained": "yes" if n % 5 else "no"},
                "partner": "Acme" if n < 10 or not direct else None,
            }
            for n in customers
            for quarter in QUARTERS
        ],
        "partners": [{"partner": "Acme", "tier": "Gold", "region": "North"}],
    }


@pytest.mark.parametrize("direct", [False, True])
def test_no_share_of_one_partner_anywhere(direct: bool, tmp_path: Path) -> None:
    """JSON and workbook show neither; its part of all retained customers stands where there are other customers."""
    path = tmp_path / "card.xlsx"
    card = partnerkpi.build_scorecard(target=path, **tables(direct))
    page = as_dict(card)
    keys = ("active_share", "advocacy_change", "influence_share", "influence_index", "base_share", "retention_change")
    assert [page["total"][key] for key in keys] == [None] * len(keys)
    (acme,) = page["partners"]
    assert acme["part_of_retained"] == (50 if direct else None)
    assert acme["active"] == 1
    assert verify(path).findings == []
    book = openpyxl.load_workbook(path, data_only=True)
    shares = [
        cell for row in book[names.SCORECARD].iter_rows(values_only=True) for cell in row if cell in (100, "100 %")
    ]
    assert shares == []
    heads = {cell.value for row in book[names.RETENTION].iter_rows() for cell in row}
    assert book[names.RETENTION]["A2"].value.endswith(
        "One partner has no influence share: its part of all retained is on Partners."
    )
    assert not heads & {"Influence share", "Part of all retained", "Base\nshare", "Rating"}  # no columns of dashes
    advocacy = {cell.value for row in book[names.ADVOCACY].iter_rows() for cell in row}
    assert not advocacy & {"Active, %", "Change", "Certainty", "Rating"}


@pytest.mark.parametrize("direct", [False, True])
def test_the_command_has_none_either(direct: bool) -> None:
    """`retention` of one partner has no influence share, with or without groups; a note says what there is."""
    found = partnerkpi.retention(tables(direct)["customers"], period="quarter", compare="previous")
    within = ("influence_share", "influence_low", "influence_index", "base_share", "rating", "influence_change")
    assert {row[key] for row in found.rows for key in within} == {None}
    assert any("the only partner that is named" in note for note in found.notes)
    (acme,) = [row for row in partnerkpi.retention(tables(direct)["customers"], by=["partner"]).rows if (
        row["group"].get("partner") == "Acme")]  # fmt: skip
    assert acme["part_of_retained"] == (50 if direct else None)


def test_one_of_one_is_no_share() -> None:
    """One partner is active or it is not: no share, no interval, and no change from 0 to 100."""
    for active in (0, 1):
        one = AdvocacyTally(1, active, active)
        assert (one.active_share, one.interval(), one.per_partner) == (None, None, active)
    assert active_change(AdvocacyTally(1, 0, 0), AdvocacyTally(1, 1, 1), None).raw is None
    assert AdvocacyTally(2, 1, 1).active_share == 50


def test_a_region_of_one_partner_has_no_interval_of_its_part(tmp_path: Path) -> None:
    """On the sheet Retention the part of a region of one partner stands alone, that of two has its interval."""
    counts: dict[tuple[str | None, str], Counts] = {}
    for name in ("A", "B", "C"):
        counts |= {(name, cards.QUARTERS[-1]): Counts(customers=20, retained=16)}
    partners = tuple(Partner(name, region=region) for name, region in (("A", "North"), ("B", "South"), ("C", "South")))
    card = cards.card(counts, partners=partners, has_customers=True, customers_have_partners=True)
    write_workbook(card, tmp_path / "card.xlsx")
    rows = {row[0]: row for row in sheet_rows(tmp_path / "card.xlsx", names.RETENTION)}
    heads = rows["Customers"]
    part = heads.index("Part of all retained")
    assert [rows["North"][part], *rows["North"][part + 1 : part + 3]] == [pytest.approx(100 / 3), "–", "–"]
    assert all(isinstance(cell, float) for cell in rows["South"][part : part + 3])
    assert verify(tmp_path / "card.xlsx").findings == []


def sheet_rows(path: Path, title: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path, data_only=True)[title].iter_rows(values_only=True))
