"""Who gets mail: people named by options, or listed in a table with address, name, partner or tier, and language."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.language import LANGUAGES
from partnerkpi.mail.address import Mailbox, mailbox
from partnerkpi.tables.read import read_table

if TYPE_CHECKING:
    from partnerkpi.tables.workspace import Workspace

#: The columns of a table of recipients, by what they may be called.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "address": (
        *("address", "email", "e-mail", "mail", "email address", "e-mail address", "mail address", "recipient", "to"),
        *("adresse", "e-mail-adresse", "mailadresse", "courriel", "adresse e-mail", "correo", "correo electrónico"),
    ),
    "name": ("name", "contact", "full name", "person", "ansprechpartner", "nom", "nombre", "contacto"),
    "partner": ("partner", "partner name", "account", "account name", "partenaire", "socio"),
    "tier": ("tier", "level", "partner tier", "partner level", "stufe", "niveau", "nivel"),
    "language": ("language", "lang", "sprache", "langue", "idioma"),
}
_LANGUAGE_NAMES = {
    **{code: code for code in LANGUAGES},
    **{"english": "en", "englisch": "en", "anglais": "en", "inglés": "en"},
    **{"german": "de", "deutsch": "de", "allemand": "de", "alemán": "de"},
    **{"french": "fr", "französisch": "fr", "français": "fr", "francés": "fr"},
    **{"spanish": "es", "spanisch": "es", "espagnol": "es", "español": "es"},
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person: where to write, in which language, and the partner (or tier) that the person belongs to."""

    mailbox: Mailbox
    language: str
    partner: str | None = None
    tier: str | None = None
    place: str = "--to"


@dataclass(frozen=True, slots=True)
class People:
    """The recipients of a run, and the rows of their table that were not used, by reason."""

    recipients: tuple[Recipient, ...]
    rows_read: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)


def from_options(addresses: Iterable[str], partner: str | None, language: str) -> list[Recipient]:
    """Return the people named by --to, each once; UsageError for what is no address."""
    found = [Recipient(mailbox(text, "--to"), language, partner) for text in addresses]
    return list({one.mailbox.key: one for one in reversed(found)}.values())[::-1]


def from_table(workspace: Workspace, source: str, language: str) -> People:
    """Return the people of a table; a row's own language wins over `language`.

    A row without an address, or one that repeats another, is set aside and counted. UsageError for an address or a
    language that is none, with its row; DataProblem where no column holds addresses.
    """
    table = read_table(workspace, [source])
    columns = _recognised(table.columns, table.label)
    relation = table.numbered()
    positions = {name: relation.columns.index(column) for name, column in columns.items()}
    set_aside: Counter[str] = Counter()
    found: dict[tuple[str, ...], Recipient] = {}
    rows = relation.fetchall()
    for row in rows:
        cells = {name: " ".join(str(row[place] or "").split()) for name, place in positions.items()}
        raw = str(row[positions["address"]] or "").strip()
        where = f"{table.label}, row {row[-1]}"
        if not raw:
            set_aside["blank address"] += 1
            continue
        one = _recipient(raw, cells, where, language)
        key = (one.mailbox.key, same(one.partner), same(one.tier))
        if key in found:
            set_aside["listed twice"] += 1
        found.setdefault(key, one)
    return People(tuple(found.values()), len(rows), dict(set_aside))


def same(name: str | None) -> str:
    """Return what spellings of one partner share: no difference of case, spaces or composed letters."""
    return " ".join(unicodedata.normalize("NFKC", name or "").split()).casefold()


def _recipient(raw: str, cells: Mapping[str, str], where: str, language: str) -> Recipient:
    partner = cells.get("partner") or None
    # A table has partners or tiers. Where it has both, a gap in the partner column must not open a whole tier.
    tier = cells.get("tier") or None if "partner" not in cells else None
    return Recipient(
        mailbox(raw, where, cells.get("name")), _language(cells.get("language"), where, language), partner, tier, where
    )


def _language(text: str | None, where: str, default: str) -> str:
    if not text:
        return default
    code = _LANGUAGE_NAMES.get(text.casefold()) or _LANGUAGE_NAMES.get(text.casefold().replace("_", "-").split("-")[0])
    if code is None:
        raise UsageError(
            f"{where}: there is no language {text!r}: write one of {', '.join(LANGUAGES)}, or leave it blank"
        )
    return code


def _recognised(names: Sequence[str], label: str) -> dict[str, str]:
    """Return the column of each role. DataProblem without addresses; UsageError where two columns fit equally."""
    found: dict[str, str] = {}
    for role, words in COLUMNS.items():
        fits = [name for name in names if " ".join(name.casefold().replace("_", " ").split()) in words]
        if len(fits) > 1:
            both = " and ".join(map(repr, fits))
            raise UsageError(f"{label}: {both} could both be the {role}: rename one of them")
        if fits:
            found[role] = fits[0]
    if "address" not in found:
        raise DataProblem(
            f"{label}: no column holds addresses; call one 'address'. Columns are: {', '.join(map(repr, names))}"
        )
    return found
