"""Net and gross revenue retention, revenue at risk, and what activities are worth: added up by hand from the files."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import cards
import openpyxl
import pytest
from books import opened

from partnerkpi.demo import write_demo_data
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner, for_review
from partnerkpi.scorecard.record import canonical, from_record, to_record
from partnerkpi.workbook.build import build
from partnerkpi.workbook.model import names


@cache
def _book(card: str) -> openpyxl.Workbook:
    found: Scorecard = cards.demo_card() if card == "demo" else cards.odd_cards()[card]
    return opened(build(found), values=True)


def _rows(sheet: str, card: str = "demo") -> list[list[Any]]:
    return [[cell.value for cell in row] for row in _book(card)[sheet].iter_rows()]


def row_of(sheet: str, label: str, card: str = "demo") -> list[Any]:
    """Return the last row of a sheet that begins with a label."""
    return [row for row in _rows(sheet, card) if row[0] == label][-1]


def files(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of one of the demo's files."""
    write_demo_data(folder)
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_revenue_is_retained_as_the_file_says(tmp_path: Path) -> None:
    """Of who paid at the start: what they pay at the end, and that without what they pay more, as it was."""
    paid: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in files(tmp_path, "customers"):
        start, end = int(row["revenue_start"]), int(row["revenue_end"])
        for place, amount in enumerate((start, end if start else 0, min(start, end))):
            paid[row["period"]][place] += amount
    for period, (start, end, kept) in paid.items():
        told = row_of(names.RETENTION, f"{period[5:]} {period[:4]}")
        assert told[15:17] == [pytest.approx(100 * end / start), pytest.approx(100 * kept / start)]
    start, end, kept = paid["2026-Q3"]
    page = {row[0]: row[1] for row in _rows(names.SCORECARD)}
    assert page["Net revenue retention"] == round(100 * end / start) == 91
    assert page["Gross revenue retention"] == round(100 * kept / start) == 86
    revenue = row_of(names.RETENTION, "All")
    assert revenue[1:6] == [start, end - kept, pytest.approx(205_181), pytest.approx(1_854_133), end]


def test_revenue_at_risk_is_that_of_the_partners_to_call_first(tmp_path: Path) -> None:
    """What their customers of the start pay at the end of the newest period; of an earlier one it is not told."""
    first = {one.partner for one in cards.demo_card().call_first}
    now = [row for row in files(tmp_path, "customers") if row["period"] == "2026-Q3" and row["partner"] in first]
    start, end = (sum(int(row[f"revenue_{when}"]) for row in now) for when in ("start", "end"))
    label = "At risk: partners to call first"
    assert [row_of(names.RETENTION, label)[place] for place in (1, 5)] == [start, end]
    earlier = opened(build(replace(cards.demo_card(), current="2026-Q2")), values=True)[names.RETENTION]
    told = [[cell.value for cell in row] for row in earlier.iter_rows(max_col=8) if row[0].value == label]
    assert told == [[label, *["–"] * 7]]


def test_what_referrals_are_worth(tmp_path: Path) -> None:
    """98 referrals of the demo are worth 3,789,000; those without a date or of no partner on the list do not count."""
    listed = {row["partner"] for row in files(tmp_path, "partners")}
    referrals = [row for row in files(tmp_path, "activities") if row["type"] == "referral" and row["value"]]
    assert (len(referrals), sum(int(row["value"]) for row in referrals)) == (98, 3_789_000)
    counted = [row for row in referrals if row["date"] and row["partner"] in listed]
    worth = sum(int(row["value"]) for row in counted)
    now = [int(row["value"]) for row in counted if "2026-07" <= row["date"] < "2026-10"]
    told = row_of(names.ADVOCACY, "referral")
    assert (told[2], told[3], told[5], told[6]) == (len(now), sum(now), len(counted), worth)
    title = f"{len(counted)} activities of all periods say what they are worth: {worth:,} in all"
    assert title in {row[0] for row in _rows(names.ADVOCACY)}


def test_what_is_not_known_has_no_place() -> None:
    """Without revenue there is no row, no column and no figure of it; nobody who paid at the start leaves a dash."""
    plain = {str(cell) for row in _rows(names.RETENTION, "usual") + _rows(names.DATA, "usual") for cell in row}
    assert not [text for text in plain if "evenue" in text]
    assert row_of(names.RETENTION, "Q2 2026", "money")[15:17] == ["–", "–"]
    assert row_of(names.RETENTION, "Q1 2026", "money")[15:17] == [
        pytest.approx(100 * 1330 / 1400),
        pytest.approx(100 * 1250 / 1400),
    ]
    assert [row[0] for row in _rows(names.ADVOCACY, "money") if row[0] in ("referral", "=talk", "quote")] == [
        *("referral", "=talk"),
    ]


def test_money_is_in_the_record_and_in_no_pack() -> None:
    """The record gives it back; a partner's own workbook has none of it, a review that of its own customers."""
    card = cards.odd_cards()["money"]
    back = from_record(json.loads(canonical(to_record(card))))
    assert (back.worth.revenue, back.worth.kinds) == (card.worth.revenue, card.worth.kinds)
    assert not for_partner(card, "Acme").worth.revenue
    assert {name for name, _ in for_review(card, "Acme").worth.revenue} == {"Acme"}
    assert "revenue" not in to_record(cards.odd_cards()["usual"])
