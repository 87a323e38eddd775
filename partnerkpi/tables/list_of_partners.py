"""Who of a list is a partner, and when, where only contracts say it or a column of states says that some are none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from partnerkpi.tables import customer_names as customers
from partnerkpi.tables.called import called
from partnerkpi.tables.counts import NONE
from partnerkpi.tables.customer_words import is_gone
from partnerkpi.tables.roles import Tier, ends, is_dates, named
from partnerkpi.vocabulary import NO, lines, plain_name

if TYPE_CHECKING:
    from partnerkpi.tables.columns import Columns

_BY_CONTRACT = "of its contract"
_SIGNED = "signed, signed at, signing date, signature date, date signed, date de signature, unterzeichnet am"
#: The names of a partner's days beyond those of the roles, the surest first; when a row was made says nothing.
_DAYS = {
    "joined_date": tuple(Tier(customers.day_of(names), is_dates) for names in (customers.START[0], _SIGNED)),
    "left_date": tuple(Tier(customers.day_of(names), ends) for names in customers.END),
}

_STATE = re.compile(
    r"^(?:(?:partner|partnership|account|contract|lifecycle) )?(?:status|state|stage|lifecycle|statut|estado|stato)$"
)
#: What says of a company what it is.
KIND = re.compile(
    r"^(?:(?:account|record|company|customer|client|relationship|organi[sz]ation) )?"
    r"(?:type|relationship|kind|typ|art|tipo)$|^kunden(?:typ|art)$"
)
_ACTIVE = re.compile(named(customers.ACTIVE))
#: What it is where it is neither a partner nor a customer.
OTHERS = lines(
    "competitor, vendor, supplier, investor, press, lead, prospect, analyst, internal, test, demo, sandbox, employee",
    "wettbewerber, lieferant, interessent, konkurrent, intern, testkonto, fournisseur, concurrent, interne, proveedor",
    "fornecedor, competidor, concorrente, fornitore, leverancier, interno",
)
_CUSTOMERS = lines("customer, kunde, client, cliente, klant")
_NOT_YET = lines(
    "prospect, prospective, lead, candidate, applicant, applied, pending, in negotiation, rejected, declined, former",
    "interessent, bewerber, ehemalig, ehemaliger partner, in verhandlung, prospekt, ancien, candidat, candidato",
    "former partner, ex-partner",
)


def partners_that_are_none(columns: Columns, partners: Collection[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return what to say of a list with a column that says of some that they are no partners, or no more.

    `partners` are the rows that count.
    """
    for one in columns.profiles:
        name = plain_name(one.name)
        if not (_STATE.match(name) or KIND.match(name) or (_ACTIVE.search(name) and one.is_yes_no)):
            continue
        counted = Counter(str(row[one.name]) for row in partners if row[one.name] is not None)
        words = sorted(word for word in counted if _is_none(word, kind=not _STATE.match(name)))
        if words and len(words) < len(counted):
            listed = ", ".join(f"{word!r} ({counted[word]:,})" for word in words[:5])
            return (
                f"{one.name!r} in the list of partners says {listed}: whoever stands in the list counts as a partner; "
                "take these out of it if they are none",
            )
    return ()


def _is_none(word: str, *, kind: bool) -> bool:
    """Tell whether a state, or a kind of company, says of somebody that it is no partner; no says so of "active"."""
    return word.casefold() in OTHERS | _CUSTOMERS | NO if kind else is_gone(word) or word.casefold() in _NOT_YET


def take_contract_dates(columns: Columns) -> tuple[str, ...]:
    """Take the start and end of contracts for the days on which partners joined and left; return what to say of it.

    Where the list has a column of such a day the contract says nothing, and the settings may say that none does.
    """
    for role, tiers in _DAYS.items():
        choice = columns.choice(role)
        if choice.column is not None or choice.equals or choice.why == NONE:
            continue
        taken = set(columns.taken().values())
        for tier in tiers:
            fitting = [one.name for one in called(columns.profiles).fitting(tier) if one.name not in taken]
            if fitting:
                if len(fitting) == 1 and not columns.profile(fitting[0]).is_blank:
                    columns.take(role, fitting[0], _BY_CONTRACT)
                break
    read = {role: one.column for role in _DAYS if (one := columns.choice(role)).why == _BY_CONTRACT}
    if not read:
        return ()
    what = {"joined_date": "joined", "left_date": "left"}
    days = ", ".join(f"{name!r} as the day on which a partner {what[role]}" for role, name in read.items())
    keys = ", ".join(f'{role} = "{NONE}"' for role in read)
    return (f"read {days}: [columns] {keys} in partnerkpi.toml counts every partner of the list in each period",)
