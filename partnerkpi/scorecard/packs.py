"""A scorecard for one partner: its own figures and nothing about the others; and a safe file name for each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from partnerkpi.errors import UsageError
from partnerkpi.scorecard.card import Scorecard, Source

#: Names that Windows keeps for devices, whatever the ending.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{device}{n}" for device in ("com", "lpt") for n in range(1, 10))}
_LONGEST = 80

#: The note by which a partner's own workbook is known.
ONE_PARTNER = "This workbook holds the figures of one partner."


def for_partner(card: Scorecard, partner: str) -> Scorecard:
    """Return a scorecard that holds one partner's counts alone.

    Names, notes, files and counts of rows of the whole go: they could tell of others. UsageError for an unknown name.
    """
    own = tuple(one for one in card.partners if one.name == partner)
    if not own:
        raise UsageError(f"there is no partner {partner!r} in the data")
    return replace(
        card,
        title=f"{card.title}: {partner}",
        partners=own,
        counts={key: counts for key, counts in card.counts.items() if key[0] == partner},
        sources=tuple(Source(one.kind, (), {}, 0, 0, {}) for one in card.sources),
        customers_have_partners=False,  # alone, its part of all retained customers would be 100 % of itself
        notes=(ONE_PARTNER,),
    )


def file_names(partners: Iterable[str]) -> dict[str, str]:
    """Return a file name for each partner that every system accepts and that no two share, whatever their case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for partner in partners:
        plain = unicodedata.normalize("NFC", partner)
        base = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+', " ", plain)
        base = re.sub(r"\s+", " ", base).strip(" .")[:_LONGEST].strip(" .") or "partner"
        if base.split(".")[0].casefold() in _RESERVED:
            base = f"_{base}"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(name.casefold())
        names[partner] = f"{name}.xlsx"
    return names
