"""People who can be invited to a survey, from a table, and the list of those to invite as survey tools import it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.mail.recipients import COLUMNS, language_of, mailbox
from partnerkpi.scorecard.review.plan_basis import LAST_ASKED, key_of
from partnerkpi.tables.dates import read_dates
from partnerkpi.tables.read import read_table
from partnerkpi.tables.sql import ROW
from partnerkpi.tables.values import as_text
from partnerkpi.vocabulary import plain_name, same_name

if TYPE_CHECKING:
    from partnerkpi.tables.workspace import Workspace

#: Further columns of a table of contacts, by what they may be called.
_MORE: Mapping[str, tuple[str, ...]] = {
    "first": ("first name", "firstname", "given name", "vorname", "prenom", "nombre de pila"),
    "last": ("last name", "lastname", "surname", "family name", "nachname", "nom de famille", "apellido", "apellidos"),
    "asked": LAST_ASKED,
    "id": (
        "respondent",
        "respondent id",
        "contact id",
        "contactid",
        "external data reference",
        "externaldatareference",
    ),
}

#: The columns of a list of people to invite, by the survey tool that imports it; `Contact` has the attributes.
LAYOUTS: Mapping[str, Mapping[str, str]] = {
    "plain": {
        **{"email": "address", "first_name": "first", "last_name": "last", "language": "language"},
        **{"partner": "partner", "respondent": "id"},
    },
    "qualtrics": {
        **{"Email": "address", "FirstName": "first", "LastName": "last", "ExternalDataReference": "id"},
        **{"Language": "qualtrics", "Partner": "partner"},
    },
    "limesurvey": {
        **{"firstname": "first", "lastname": "last", "email": "address", "language": "language"},
        **{"attribute_1": "partner", "attribute_2": "id"},
    },
}
#: Columns that a tool needs even where nothing stands in them; of others it refuses empty ones.
_NEEDED = {"limesurvey": {"firstname", "lastname", "email"}}
#: The codes that a tool has for a language where they are not the usual ones.
_QUALTRICS = {"en": "EN", "de": "DE", "fr": "FR", "es": "ES-ES"}


@dataclass(frozen=True, slots=True)
class Contact:
    """One person who can be invited: where to write, whose person it is, and when it was last asked."""

    address: str
    partner: str
    first: str = ""
    last: str = ""
    language: str = "en"
    asked: dt.date | None = None
    id: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Return what the answers may call this person by, the surest first."""
        return tuple(key_of(name) for name in (self.id, self.address) if name)

    @property
    def qualtrics(self) -> str:
        """Return the language as Qualtrics calls it."""
        return _QUALTRICS[self.language]


@dataclass(frozen=True, slots=True)
class Contacts:
    """The people of a table, each once, and the rows that were not used, by reason."""

    people: tuple[Contact, ...]
    rows_read: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)

    def by_partner(self) -> dict[str, list[tuple[tuple[str, ...], dt.date | None]]]:
        """Return what the people of each partner may be called by, and when they were last asked."""
        found: dict[str, list[tuple[tuple[str, ...], dt.date | None]]] = {}
        for one in self.people:
            found.setdefault(one.partner, []).append((one.keys, one.asked))
        return found


def read_contacts(
    workspace: Workspace, source: str, partners: Iterable[str], language: str, day_first: bool | None
) -> Contacts:
    """Return the people of a table who belong to one of the partners; the others are set aside and counted.

    UsageError where two columns fit equally; DataProblem where no column holds addresses, or partners.
    """
    table = read_table(workspace, [source])
    columns = _recognised(table.columns, table.label)
    if "address" not in columns or "partner" not in columns:
        lacking = "addresses; call one 'email'" if "address" not in columns else "partners; call one 'partner'"
        raise DataProblem(
            f"{table.label}: no column holds {lacking}. Columns are: {', '.join(map(repr, table.columns))}"
        )
    asked = "CAST(NULL AS DATE)"
    if "asked" in columns:
        asked = f"CAST({read_dates(table, columns['asked'], day_first).expression} AS DATE)"
    rows = table.numbered.select(f"SELECT *, {asked} AS __asked FROM __rows")
    names = rows.columns
    known = {same_name(name): name for name in partners}
    set_aside: Counter[str] = Counter()
    found: dict[str, Contact] = {}
    read = 0
    for values in rows.all():
        read += 1
        row = dict(zip(names, values, strict=True))
        cells = {role: " ".join((as_text(row[name]) or "").split()) for role, name in columns.items()}
        partner = known.get(same_name(workspace.partner_names.get(cells["partner"], cells["partner"])))
        reason = None if cells["address"] else "blank address"
        if reason is None and partner is None:
            reason = "partner not on the list" if cells["partner"] else "no partner"
        if reason is None and key_of(cells["address"]) in found:
            reason = "listed twice"
        if reason is not None or partner is None:
            set_aside[reason or ""] += 1
            continue
        where = f"{table.label}, row {row[ROW]}"
        try:
            address = mailbox(cells["address"], where).address
        except UsageError:
            set_aside["no address that can be written to"] += 1
            continue
        first = cells.get("first") or ("" if cells.get("last") else cells.get("name", ""))
        language_code = language_of(cells.get("language"), where, language)
        found[key_of(address)] = Contact(
            address, partner, first, cells.get("last", ""), language_code, row["__asked"], cells.get("id", "")
        )
    return Contacts(tuple(found.values()), read, dict(set_aside))


def to_import(people: Sequence[Contact], layout: str) -> list[list[str]]:
    """Return the rows of a file that a survey tool imports, its header first; a column without a value is left out."""
    columns = LAYOUTS[layout]
    needed = _NEEDED.get(layout, set())
    kept = {
        name: attribute
        for name, attribute in columns.items()
        if name in needed or not people or any(getattr(one, attribute) for one in people)
    }
    return [list(kept), *([str(getattr(one, attribute)) for attribute in kept.values()] for one in people)]


def _recognised(names: Sequence[str], label: str) -> dict[str, str]:
    found: dict[str, str] = {}
    words = {role: {plain_name(word) for word in known} for role, known in {**_MORE, **COLUMNS}.items()}
    for role, known in words.items():
        fits = [name for name in names if plain_name(name) in known]
        if len(fits) > 1:
            raise UsageError(f"{label}: {' and '.join(map(repr, fits))} could both be the {role}: rename one of them")
        if fits:
            found[role] = fits[0]
    return found
