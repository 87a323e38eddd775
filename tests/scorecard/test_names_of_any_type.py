"""Partners and people are told apart by their text, whatever the types of the columns that name them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import partnerkpi

#: Three partners, of which the first two are active; a detractor of the first, who was a promoter before.
ANSWERS = [(1, "a", "2026-05-02", 9, "x"), (1, "a", "2026-08-21", 3, "y"), (2, "b", "2026-08-22", 10, "x")]
ACTIVITIES = [(1, "reference", "2026-08-21"), (1, "case study", "2026-08-22"), (2, "reference", "2026-08-23")]
CUSTOMERS = [("k", 1, "yes"), ("l", 2, "no"), ("m", None, "yes")]
PARTNERS = [(1, "Ann", 10.0), (2, "Bo", 30.0), (3, "Cy", 20.0)]


def frames(of: Callable[[Any], Any], of_list: Callable[[Any], Any]) -> dict[str, pd.DataFrame]:
    """Return the four tables; the partner of each row is what `of` makes of its number, and of the list `of_list`."""
    answers = pd.DataFrame(ANSWERS, columns=["partner", "respondent", "date", "nps", "region"])
    activities = pd.DataFrame(ACTIVITIES, columns=["partner", "type", "date"])
    customers = pd.DataFrame(CUSTOMERS, columns=["customer", "partner", "retained"]).assign(period="2026-07-01")
    partners = pd.DataFrame(PARTNERS, columns=["partner", "owner", "annual value"])
    for table, make in ((answers, of), (activities, of), (customers, of), (partners, of_list)):
        table["partner"] = pd.Series([make(one) for one in table["partner"]], dtype=object).infer_objects()
    return {"responses": answers, "activities": activities, "customers": customers, "partners": partners}


def as_float(number: Any) -> Any:
    return float(number) if number == number and number is not None else None


def as_blank_around(number: Any) -> Any:
    return f"\u00a0P{int(number)}\t" if number == number and number is not None else None


def as_name(number: Any) -> str:
    return f"P{int(number)}"


def from_pandas(tables: dict[str, pd.DataFrame], _folder: Path) -> dict[str, Any]:
    return dict(tables)


def from_files(tables: dict[str, pd.DataFrame], folder: Path) -> dict[str, Any]:
    """Write the list of partners as text, and the others as Parquet with exact numbers for partners that are ones."""
    files: dict[str, Any] = {}
    for name, given in tables.items():
        files[name] = folder / f"{name}.{'csv' if name == 'partners' else 'parquet'}"
        if name == "partners":
            given.to_csv(files[name], index=False)
        else:
            kind = "DECIMAL(12, 2)" if pd.api.types.is_numeric_dtype(given["partner"]) else "VARCHAR"
            exact = f"* REPLACE (CAST(partner AS {kind}) AS partner)"
            duckdb.sql(f"COPY (SELECT {exact} FROM given) TO '{files[name]}' (FORMAT parquet)")
    return files


@pytest.mark.parametrize("source", [from_pandas, from_files])
@pytest.mark.parametrize(
    ("of", "of_list", "names"),
    [(as_float, int, ["1", "2", "3"]), (as_blank_around, as_name, ["P1", "P2", "P3"])],
)
def test_the_same_partner(
    of: Callable[[Any], Any], of_list: Callable[[Any], Any], names: list[str], source: Any, tmp_path: Path
) -> None:
    """1.0 of one table is 1 of the next, and blanks of any kind around a name are none of it."""
    tables = source(frames(of, of_list), tmp_path)
    found = partnerkpi.advocacy(tables["activities"], tables["partners"])
    assert (found.whole["active"], found.whole["activities"], found.provenance["set_aside"]) == (2, 3, {})
    kept = partnerkpi.retention(tables["customers"], by=["partner"])
    assert [row["group"].get("partner") for row in kept.rows[1:]] == [*names[:2], None]
    assert kept.whole["partner_customers"] == 2
    card = partnerkpi.build_scorecard(**tables)
    assert [(one.name, one.listed) for one in card.partners] == [(name, True) for name in names]
    assert [(one.partner, one.who, one.owner, one.value_at_stake) for one in card.actions] == [
        (names[0], "a", "Ann", 10.0)
    ]
    assert card.people["2026-Q3"].returning == 1
    assert card.as_of == dt.date(2026, 8, 23)


def test_the_same_person() -> None:
    """Who is 7 in one quarter and 7.0 in the next comes back, and so does whoever has a blank behind the name."""
    day = pd.to_datetime(["2026-05-01", "2026-08-21", "2026-05-01", "2026-08-21"])
    people = [7, 7.0, "b", "b\u00a0"]
    answers = pd.DataFrame({"nps": [9, 3, 9, 8], "date": day, "partner": "A", "respondent": people})
    card = partnerkpi.build_scorecard(responses=answers)
    assert (card.people["2026-Q3"].people, card.people["2026-Q3"].returning) == (2, 2)
    assert [one.who for one in card.actions] == ["7", "b"]
