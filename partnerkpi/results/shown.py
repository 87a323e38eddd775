"""What a table is shown to be: answers, activities, customers or partners, and by what; else what to ask.

A partner and a date show nothing: invoices, deals, renewals and tickets have both. What shows activities is a word of
advocacy, or the id of an activity beside its type; what shows a list of partners is that each stands in it once, with
what is known of a partner; customers are shown by whether they stayed, or by their start and end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from pathlib import PurePath

from partnerkpi.dataclass import dataclass
from partnerkpi.lazily import pattern
from partnerkpi.tables.activity_words import (
    ADVOCACY,
    BESIDE_ADVOCACY,
    CRM_TASKS,
    OTHER_TYPES,
    speaks_of_something_else,
)
from partnerkpi.tables.analyst import KINDS
from partnerkpi.tables.called import called
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.identity import names_a_list
from partnerkpi.tables.packed import without_packing
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.roles import ROLES, named
from partnerkpi.tables.table import Table
from partnerkpi.vocabulary import plain_name

RESPONSES, ACTIVITIES, CUSTOMERS, PARTNERS = KINDS

#: The column without which a table cannot be of a kind.
NEEDED = {RESPONSES: "score", ACTIVITIES: "partner", CUSTOMERS: "customer", PARTNERS: "partner"}

#: What to ask of contracts.
_WHOSE = (
    "column {!r} names contracts of partners, and no column a customer: whether they are contracts of customers or the "
    "partners' own is not told"
)

#: How many tiers of score names are sure.
_SURE_TIERS = 3

#: Compiled when they are first looked for, since they are long.
_WORD = rf"\b(?:{ADVOCACY})\b"
_BESIDE = rf"\b(?:{ADVOCACY}|{BESIDE_ADVOCACY})\b"
_TASK = pattern(rf"\b(?:{CRM_TASKS})\b")

#: Names of columns that say advocacy. A reference alone may be that of a payment, a referral the source of a customer.
_COLUMN_OF_ADVOCACY = pattern(
    r"\b(?:advocacy|testimonials?|case stud(?:y|ies)|success stor(?:y|ies)|endorsements?|webinars?|speakers?"
    r"|referen(?:ce|z|cia|cja) ?(?:calls?|type|kind|customer|program(?:me)?|activity|art|kunde|given|date|title)"
    r"|referenz(?:art|kunde|typ|datum)|fallstudien?|temoignages?|etudes? de cas|testimonios?|casos? de exito"
    r"|depoimentos?|testimonianz[ae]|referral (?:type|date|partner)|type of (?:advocacy|reference|activity))\b"
)
#: Names of files and sheets that say it.
_TABLE_OF_ADVOCACY = pattern(
    r"\b(?:advocacy|advocates|references|reference (?:calls|program(?:me)?)|referenzen|case stud(?:y|ies)|fallstudien"
    r"|testimonials?|success stor(?:y|ies)|referrals|temoignages|references clients|referencias|testimonios"
    r"|depoimentos)\b"
)
_ACTIVITY_ID = pattern(named("activity id, activityid, activity no, activity number, activity nr, advocacy id"))
#: What speaks of something that was done with a customer, and of how long that took.
_OF_DEEDS = pattern(
    r"\b(?:opportunit(?:y|ies)|deals?|stage|tickets?|cases?|invoices?|orders?|projects?|courses?|trainings?|events?"
    r"|webinars?|campaigns?|certificat(?:e|ion)s?|tasks?|projekte?|schulung(?:en)?|kurse?|auftrag|rechnung)\b"
)
#: What speaks of customers beside a column that is called id.
_OF_CUSTOMERS = pattern(
    r"\b(?:customers?|clients?|kunden?|clientes?|clienti|subscri(?:bers?|ptions?)|contracts?|vertrage?|abos?|members?"
    r"|accounts?|plan|mrr|arr|tenants?|users?)\b"
)
#: What says that a contract is one with a customer. Those with partners have a partner, a start and an end too.
_OF_A_CUSTOMER = pattern(
    r"\b(?:customers?|clients?|kunden?|clientes?|clienti|subscri(?:bers?|ptions?)|abos?|plan|mrr|arr|seats|users?|renew\w*)\b"
)
_CONTRACT = pattern(r"\b(?:contracts?|agreements?|vertrag\w*|contrats?|contratos?|contratt[oi]|contractnummer)\b")
#: What customers are called where they are kept, and much else as well.
_ANYBODY = frozenset({"id", "company", "company name", "account", "account name", "user id", "member id"})
_CUSTOMER = pattern(r"\b(?:customer|client|kunde|kunden|cliente)(?: ?(?:id|name|no|number))?$")
#: Days that are known of a partner; any other is the day on which something happened.
_DAY_OF_A_PARTNER = pattern(
    r"\b(?:sign\w*|joined|join|onboard\w*|since|created|added|updated|modified|changed|agreement|contract|start\w*|end"
    r"|ends|ended|left|expir\w*|valid|renew\w*|certif\w*|founded|established|registered|accredit\w*|last|next|birth\w*"
    r"|unterzeichn\w*|unterschrift|seit|beginn|ende|vertrag\w*|beitritt\w*|geandert|signature|depuis|debut|fin|firma"
    r"|desde|inicio|alta|baja|adesao)\b"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a table is, and by what; without a kind, what there is to ask, if its columns say anything at all.

    `others` are kinds that it could be taken for as well, each with its reason.
    """

    kind: str | None
    why: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    question: str = ""

    def asked(self, label: str, source: object) -> str:
        """Return the question with the options that answer it, as the command line or Python spells them."""
        kinds = [kind for kind in KINDS if kind in self.others] or [ACTIVITIES, CUSTOMERS, PARTNERS]
        named = [f"--{kind} FILE" if isinstance(source, str) else f"{kind}=" for kind in kinds]
        return f"{label}: {self.question}: say {' or '.join(named)}" + ("" if self.others else ", or leave it out")


def shown(table: Table, columns: Columns) -> Shown:
    """Return what a table is shown to be by its columns and by what it is called."""
    found = {kind: why for kind, proof in _PROOFS.items() if (why := proof(table, columns))}
    if CUSTOMERS in found and (contract := _of_whom(table, columns)):
        return Shown(None, others={CUSTOMERS: contract, PARTNERS: contract}, question=_WHOSE.format(contract))
    if len(found) > 1 and RESPONSES in found and not _asks_to_recommend(columns):
        del found[RESPONSES]  # a column called answer or rating says less than whatever else is shown
    title = own_name(table).casefold().strip()
    if title == PARTNERS and not columns.has("partner") and names_a_list(columns):
        return Shown(PARTNERS, f"it is called {own_name(table)!r}")
    if title in KINDS and columns.has(NEEDED[title]):
        why = found.pop(title, "")
        if why or _may_be_called(title, columns, found):
            return Shown(title, why or f"it is called {own_name(table)!r}", found)
    kind = _strongest(found, columns)
    if kind is not None:
        why = found.pop(kind)
        return Shown(kind, why, found)
    return Shown(None, others=found, question=_question(columns, found))


def kind_of(table: Table, columns: Columns) -> str | None:
    """Return what a table holds, None if its columns do not show it."""
    return shown(table, columns).kind


def contradiction(kind: str, table: Table, columns: Columns) -> str | None:
    """Return why a table cannot be what the user says it is, None where nothing speaks against it.

    Only a mistake that nobody would make on purpose is one: a list of partners given as activities, and the reverse.
    """
    if kind not in (ACTIVITIES, PARTNERS):
        return None
    seen = shown(table, columns)
    why = seen.others.get(PARTNERS, seen.why if seen.kind == PARTNERS else "")
    if kind == ACTIVITIES and why and seen.kind in (PARTNERS, None) and _attributes(columns):
        return f"is a list of partners ({why}), not of activities"
    if kind in (ACTIVITIES, PARTNERS) and seen.kind == CUSTOMERS and called_otherwise(kind, table):
        return f"is a list of customers ({seen.why}), not of {kind}"
    if kind in (ACTIVITIES, PARTNERS) and seen.kind == RESPONSES and not _each_once(columns):
        return f"holds answers ({seen.why}), not {'activities' if kind == ACTIVITIES else 'a list of partners'}"
    if kind == PARTNERS and (seen.kind == ACTIVITIES or _is_log(columns)):
        reason = seen.why if seen.kind == ACTIVITIES else "partners stand in it several times, with a type and a date"
        return f"is a list of activities ({reason}), not of partners"
    return None


def called_otherwise(kind: str, table: Table) -> bool:
    """Tell whether a table is called anything but a kind."""
    return own_name(table).casefold().strip() != kind


def own_name(table: Table) -> str:
    """Return what a table is called where it comes from: its sheet, its file or its name in a database."""
    part = table.parts[0]
    if part.path is None:
        return part.label.rpartition(".")[2]
    return PurePath(without_packing(part.label.rpartition("#")[2])).stem


def _of_whom(table: Table, columns: Columns) -> str:
    """Return the column of contracts where nothing says whether they are customers' or the partners' own."""
    choice = columns.choice("customer")
    name = choice.column or next(iter(choice.equals), "")
    told = choice.is_named or any(columns.has(role) for role in ("retained", "churned"))
    if told or not columns.has("partner") or not _CONTRACT.search(plain_name(name)):
        return ""
    others = [own_name(table), *(column.name for column in columns.profiles)]
    of_customers = own_name(table).casefold().strip() == CUSTOMERS or any(
        _OF_A_CUSTOMER.search(plain_name(one)) for one in others
    )
    return "" if of_customers else name


# ---- what shows a kind


def _answers(_: Table, columns: Columns) -> str:
    if columns.counts is not None and not columns.counts.question:
        return "numbers of answers"
    choice = columns.choice("score")
    if choice.column is not None:
        return f"column {choice.column!r}"
    return f"columns {', '.join(map(repr, choice.equals[:3]))}" if choice.equals else ""


def _asks_to_recommend(columns: Columns) -> bool:
    """Tell whether the user, a survey tool, or a sure name says that a column holds the scores."""
    if columns.counts is not None and not columns.counts.question:
        return True
    choice = columns.choice("score")
    told = choice.column is not None and choice.why != "recognised"
    return told or any(called(columns.profiles).fitting(tier) for tier in ROLES["score"][:_SURE_TIERS])


def _activities(table: Table, columns: Columns) -> str:
    """Return what says advocacy: the types, the id of an activity beside its type, a column's name, or the table's."""
    if not columns.has("partner"):
        return ""
    dated = columns.has("date")
    types = [column for column in columns.profiles if is_type(column)]
    for column in types:
        if words := _words_of_advocacy(column):
            return f"column {column.name!r} holds {_listed(words)}"
    tasks = any(_are_tasks(column) for column in types)
    if types and not tasks and (name := _first(columns, _is_activity_id)) is not None:
        return f"column {name!r} beside {types[0].name!r}"
    if dated and not tasks and (name := _first(columns, _says_advocacy)) is not None:
        return f"column {name!r}"
    names = {
        own_name(table),
        *(PurePath(without_packing(part.path.name)).stem for part in table.parts[:1] if part.path is not None),
    }
    if (dated or types) and not tasks:
        title = next((name for name in sorted(names) if _TABLE_OF_ADVOCACY.search(plain_name(name))), None)
        return f"it is called {title!r}" if title is not None else ""
    return ""


def _customers(table: Table, columns: Columns) -> str:
    for role in ("retained", "churned"):
        if columns.has(role):
            choice = columns.choice(role)
            return f"column {(choice.column or choice.equals[0])!r}"
    status = columns.get("status")
    if not columns.has("customer") or not (columns.has("end_date") or status is not None):
        return ""
    who, ends = columns.choice("customer"), columns.choice("end_date" if columns.has("end_date") else "status")
    name = who.column or who.equals[0]
    if plain_name(name) in _ANYBODY and columns.has("partner") and _each_once(columns):
        return ""
    if any(_OF_DEEDS.search(plain_name(c.name)) and not c.is_mostly_numbers for c in columns.profiles):
        return ""  # opportunities, tickets and projects have a customer, a start and an end too
    names = (own_name(table), *(column.name for column in columns.profiles))
    if plain_name(name) == "id" and not any(_OF_CUSTOMERS.search(plain_name(one)) for one in names):
        return ""
    return f"columns {name!r} and {(ends.column or ends.equals[0])!r}"


def _partners(_: Table, columns: Columns) -> str:
    """Return what shows that each row is a partner: each stands there once, with what is known of partners."""
    if not columns.has("partner") or not _each_once(columns):
        return ""
    event = next((c for c in columns.profiles if _is_day(c) and not _DAY_OF_A_PARTNER.search(plain_name(c.name))), None)
    others = [c.name for c in columns.profiles if speaks_of_something_else(c.name)]
    known = [role for role in ("tier", "invited_contacts", "joined_date") if columns.has(role)]
    if event is not None and (others or not (known or columns.has("owner"))):
        return ""
    if not known and any(_CUSTOMER.search(plain_name(column.name)) for column in columns.profiles):
        return ""
    return "each partner stands in it once"


_PROOFS: Mapping[str, Callable[[Table, Columns], str]] = {
    RESPONSES: _answers,
    ACTIVITIES: _activities,
    CUSTOMERS: _customers,
    PARTNERS: _partners,
}


def _strongest(found: Mapping[str, str], columns: Columns) -> str | None:
    """Return the kind that is shown, None where two are shown as well as each other."""
    flagged = columns.has("retained") or columns.has("churned")
    if set(found) <= {PARTNERS}:
        return PARTNERS if found else None
    rest = set(found) - {PARTNERS}
    if rest == {ACTIVITIES, CUSTOMERS}:
        return CUSTOMERS if flagged else ACTIVITIES
    if rest == {RESPONSES, CUSTOMERS} and not flagged:
        return RESPONSES  # surveys have a start and an end too
    return next(iter(rest)) if len(rest) == 1 else None


def _may_be_called(kind: str, columns: Columns, found: Mapping[str, str]) -> bool:
    """Tell whether a table that is called a kind is one, where its columns do not show it themselves."""
    if kind == ACTIVITIES:
        tasks = any(_are_tasks(column) for column in columns.profiles if is_type(column))
        return set(found) <= {PARTNERS} and not tasks and (columns.has("date") or columns.has("activity_type"))
    if kind == PARTNERS:
        return not found or _each_once(columns)
    return not set(found) - {PARTNERS}


def _question(columns: Columns, found: Mapping[str, str]) -> str:
    """Return what to ask of a table that is shown to be several things, or that has a partner and little else."""
    if len(found) > 1:
        return "could be " + " or ".join(f"{kind} ({why})" for kind, why in found.items())
    if not columns.has("partner"):
        return ""
    beside = [column for column in columns.profiles if is_type(column) and not column.is_blank]
    seen = f"the types {_listed(sorted(beside[0].distinct))} are no advocacy, and " if beside else ""
    return (
        f"names partners, but {seen}nothing else says that its rows are advocacy (reference, referral ...), "
        "customers or a list of partners"
    )


# ---- what single columns say

_TYPE = pattern(
    named(
        "type, types, activity, activity type, activitytype, record type, recordtype, kind, advocacy type, category, "
        "art, typ, aktivitat, aktivitatsart, aktivitatstyp, kategorie, type d activite, activite, categorie, tipo, "
        "tipo de actividad, actividad, categoria, tipo de atividade, atividade, tipo attivita, attivita, soort, "
        "activiteit, aktivitet, rodzaj, typ aktywnosci, subtype, sub type, asset type, content type, request type, "
        "what, action, activity name, soort activiteit, 活動種別, 活動内容, 種別, 種類, 活动类型, 类型, 활동 유형, 유형"
    )
)


def is_type(column: ColumnProfile) -> bool:
    """Tell whether a column says of each row what kind of thing it is."""
    name = plain_name(column.name)
    typed = _TYPE.search(name) is not None or re.search(r"\b(?:type|typ|art|tipo)$", name) is not None
    return (typed or _says_advocacy(column)) and not column.is_mostly_numbers and not column.is_date


def _is_activity_id(column: ColumnProfile) -> bool:
    return _ACTIVITY_ID.search(plain_name(column.name)) is not None


def _says_advocacy(column: ColumnProfile) -> bool:
    is_named = _COLUMN_OF_ADVOCACY.search(plain_name(column.name)) is not None
    return is_named and not column.is_mostly_numbers and not column.is_yes_no


_DAY = pattern(r"\b(?:month|quarter|year|period|monat|quartal|mois|mes|trimestre|date|datum|fecha|data)\b")


def _is_day(column: ColumnProfile) -> bool:
    """Tell whether a column holds days, or months and quarters as they are written."""
    return column.is_date or (_DAY.search(plain_name(column.name)) is not None and not column.is_blank)


def _types(column: ColumnProfile) -> Iterator[str]:
    for text in column.distinct:
        plain = plain_name(text)
        if plain and plain not in OTHER_TYPES:
            yield plain


def _words_of_advocacy(column: ColumnProfile) -> list[str]:
    """Return the words of advocacy among the types of a column, where more than half of all types go along with it."""
    if column.is_prose or not go_along_with_advocacy(column):
        return []
    return sorted(text for text in column.distinct if re.search(_WORD, plain_name(text)))


def go_along_with_advocacy(column: ColumnProfile) -> bool:
    """Tell whether more than half of the types of a column are advocacy, or go along with it."""
    types = list(_types(column))
    return sum(bool(re.search(_BESIDE, one)) for one in types) * 2 > len(types)


def _are_tasks(column: ColumnProfile) -> bool:
    types = list(_types(column))
    return sum(bool(_TASK.fullmatch(one)) for one in types) * 2 > len(types)


def _is_log(columns: Columns) -> bool:
    """Tell whether partners stand in a table several times, with a type and a day."""
    return not _each_once(columns) and columns.has("date") and any(is_type(c) for c in columns.profiles)


def _attributes(columns: Columns) -> bool:
    """Tell whether a table says of partners what lists say of them."""
    return any(
        columns.has(role) for role in ("tier", "region", "owner", "invited_contacts", "annual_value", "joined_date")
    )


def _each_once(columns: Columns) -> bool:
    name = columns.get("partner") or next(iter(columns.choice("partner").equals), None)
    if name is None:
        return False
    column = columns.profile(name)
    return len(column.distinct) >= min(200, 0.9 * column.filled)


def _first(columns: Columns, fits: Callable[[ColumnProfile], bool]) -> str | None:
    return next((column.name for column in columns.profiles if fits(column)), None)


def _listed(texts: list[str]) -> str:
    return ", ".join(map(repr, texts[:3])) + (" ..." if len(texts) > 3 else "")
