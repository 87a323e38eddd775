"""The data of `partnerkpi demo`: an invented partner programme, the same bytes on every machine.

Four files as a user would bring them, with the traps that real ones have: blank scores, people who answer twice,
activities without a date or of a partner that is not on the list, a partner nobody heard from.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from partnerkpi.demo.answers import ANSWERS_HEADER, answer_rows
from partnerkpi.demo.customers import ACTIVITIES_HEADER, CUSTOMERS_HEADER, activity_rows, customer_rows, renewals
from partnerkpi.demo.programme import PARTNERS
from partnerkpi.files import atomic_write, make_folder

# One seed for each table, so that a change to one leaves the others as they are. The numbers were chosen among many
# for a history in which chance does not hide the stories that programme.py tells.
ANSWERS_SEED, COMMENTS_SEED, CUSTOMERS_SEED, ACTIVITIES_SEED = 3810, 46, 649, 625

PARTNERS_HEADER = ("partner", "tier", "region", "owner", "invited_contacts", "annual_value", "joined_date")


@dataclass(frozen=True)
class DemoFiles:
    """Where the four files of the example data are."""

    responses: Path
    activities: Path
    customers: Path
    partners: Path


def write_demo_data(folder: Path) -> DemoFiles:
    """Write responses.csv, activities.csv, customers.csv and partners.csv into the folder, which is made if need be.

    About 6,000 answers, 700 activities and 2,100 renewals of 1,200 customers over the quarters 2024-Q4 to 2026-Q3, and
    40 partners. Files of the same names are replaced. Raises FileProblem where the folder cannot be written to.
    """
    make_folder(folder)
    renewed = renewals(CUSTOMERS_SEED)
    partners = (
        (p.name, p.tier, p.region, p.owner, p.invited, p.annual_value, p.joined)
        for p in sorted(PARTNERS, key=lambda partner: partner.joined)
    )
    return DemoFiles(
        responses=_write(folder / "responses.csv", ANSWERS_HEADER, answer_rows(ANSWERS_SEED, COMMENTS_SEED)),
        activities=_write(folder / "activities.csv", ACTIVITIES_HEADER, activity_rows(ACTIVITIES_SEED, renewed)),
        customers=_write(folder / "customers.csv", CUSTOMERS_HEADER, customer_rows(renewed)),
        partners=_write(folder / "partners.csv", PARTNERS_HEADER, partners),
    )


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    """Write one CSV file: UTF-8, lines end with a line feed on every platform."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    atomic_write(path, text.getvalue().encode(), option="DIR")
    return path
