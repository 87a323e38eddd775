"""The data of `partnerkpi demo`: an invented partner programme, the same bytes on every machine.

Four files as a user would bring them, with the traps that real ones have: blank scores, people who answer twice,
activities without a date or of a partner that is not on the list, a partner nobody heard from.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from partnerkpi.csvtext import export_writer
from partnerkpi.dataclass import dataclass
from partnerkpi.demo.answers import ANSWERS_HEADER, answer_rows
from partnerkpi.demo.customers import ACTIVITIES_HEADER, CUSTOMERS_HEADER, activity_rows, customer_rows, renewals
from partnerkpi.demo.programme import PARTNERS
from partnerkpi.errors import FileProblem
from partnerkpi.files import atomic_write, make_folder

# One seed for each table, so that a change to one leaves the others as they are. The numbers were chosen among many
# for a history in which chance does not hide the stories that programme.py tells.
ANSWERS_SEED, COMMENTS_SEED, CUSTOMERS_SEED, ACTIVITIES_SEED = 3810, 46, 649, 625

#: The scorecard that the demo builds beside its data.
WORKBOOK = "scorecard.xlsx"

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
    40 partners. Raises FileProblem where the folder cannot be written to and, before anything is written, where a file
    of these names, or a scorecard.xlsx, is there that is not of this data: it is somebody's.
    """
    renewed = renewals(CUSTOMERS_SEED)
    partners = (
        (p.name, p.tier, p.region, p.owner, p.invited, p.annual_value, p.joined)
        for p in sorted(PARTNERS, key=lambda partner: partner.joined)
    )
    files = DemoFiles(*(folder / name for name in ("responses.csv", "activities.csv", "customers.csv", "partners.csv")))
    contents = {
        files.responses: _csv(ANSWERS_HEADER, answer_rows(ANSWERS_SEED, COMMENTS_SEED)),
        files.activities: _csv(ACTIVITIES_HEADER, activity_rows(ACTIVITIES_SEED, renewed)),
        files.customers: _csv(CUSTOMERS_HEADER, customer_rows(renewed)),
        files.partners: _csv(PARTNERS_HEADER, partners),
    }
    _refuse_what_is_not_ours(folder, contents)
    make_folder(folder)
    for path, content in contents.items():
        atomic_write(path, content, option="DIR")
    return files


def _refuse_what_is_not_ours(folder: Path, contents: Mapping[Path, bytes]) -> None:
    """Raise FileProblem if the folder holds files of the demo's names that the demo did not write."""
    there = [path for path in contents if os.path.lexists(path)]
    foreign = [path.name for path in there if not path.is_file() or path.read_bytes() != contents[path]]
    if os.path.lexists(folder / WORKBOOK) and len(there) - len(foreign) < len(contents):
        foreign.append(WORKBOOK)
    if foreign:
        names, one = " and ".join(foreign), len(foreign) == 1
        raise FileProblem(
            f"{folder} holds {names}, which {'is' if one else 'are'} not of the demo: nothing was written. "
            "Name another folder: partnerkpi demo DIR"
        )


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a CSV file: UTF-8, lines end with a line feed on every platform."""
    text = io.StringIO(newline="")
    write = export_writer(text)
    for row in (header, *rows):
        write(row)
    return text.getvalue().encode()
