"""What is known for the next survey: each partner's contacts, its last answers, and who was asked when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import first_day, last_day, shift
from partnerkpi.results.advocacy import PartnerList, read_partners
from partnerkpi.results.kinds import Tables
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import read_dates
from partnerkpi.tables.numbers import read_numbers
from partnerkpi.tables.sql import person_of
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text
from partnerkpi.vocabulary import plain_name

#: What a list of partners calls the day on which a partner's people were last asked.
LAST_ASKED = (
    *("last invited", "last invitation", "last asked", "last surveyed", "last survey", "last invited on", "invited on"),
    *("zuletzt eingeladen", "letzte einladung", "letzte umfrage", "derniere invitation", "derniere enquete"),
    *("ultima invitacion", "ultima encuesta"),
)


@dataclass(frozen=True, slots=True)
class OfPartner:
    """One partner, as far as a survey of its people is concerned.

    `own` are the answers of the last periods, `last` those of the last one alone; `answered` of `invited` people did so
    in the periods of which both are known. `asked` has the day on which each person was last asked, under what two
    spellings of one person share; `last_asked` is that of all of them, from the list.
    """

    name: str
    owner: str | None = None
    value: float = 0.0
    contacts: int | None = None
    own: ScoreTally = field(default_factory=ScoreTally)
    last: ScoreTally = field(default_factory=ScoreTally)
    answered: int = 0
    invited: int = 0
    asked: Mapping[str, dt.date] = field(default_factory=dict)
    last_asked: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """All partners, the answers of everybody, and when the next survey is due if it goes on as before."""

    partners: tuple[OfPartner, ...]
    everybody: ScoreTally
    last: ScoreTally
    period: str | None = None
    due: dt.date | None = None
    notes: tuple[str, ...] = ()


def known_of(tables: Tables, card: Scorecard | None, config: Config) -> PlanBasis:
    """Return what tables and the scorecard made of them tell; without answers the list of partners is all."""
    listed = read_partners(*tables.partners) if tables.partners is not None else None
    days = _last_asked(listed, config)
    if card is not None and card.as_of is not None:
        days = {name: day for name, day in days.items() if day <= card.as_of}
    if card is None:
        contacts, notes = _contacts(listed)
        names = list(listed.partners) if listed is not None else []
        found = [OfPartner(name, contacts=contacts.get(name), last_asked=days.get(name)) for name in names]
        return PlanBasis(tuple(found), ScoreTally(), ScoreTally(), notes=notes)
    asked, first = _asked(*tables.responses, card, config) if tables.responses is not None else ({}, None)
    window = card.window(card.current, card.rules.options.rolling)
    # More will answer in a period that is not over: it says little of how many do.
    over = [period for period in window if not card.is_to_date(period)] or list(window)
    partners = []
    for one in card.partners:
        counts = [card.count(one.name, period) for period in window]
        told = [count for period in over if (count := card.count(one.name, period)).invited]
        now = card.count(one.name, card.current)
        partners.append(
            OfPartner(
                one.name,
                one.owner,
                one.annual_value or 0.0,
                next((count.invited for count in reversed(counts) if count.invited is not None), None),
                ScoreTally.pooled(count.scores for count in counts),
                now.scores,
                sum(count.scores.responses for count in told),
                sum(count.invited or 0 for count in told),
                asked.get(one.name, {}),
                days.get(one.name),
            )
        )
    due = period = None
    if card.period_kind != "all":
        period = shift(card.current, card.period_kind, 1)
        began = first_day(card.current, card.period_kind)
        due = first_day(period, card.period_kind) + (first - began if first is not None else dt.timedelta())
    everybody = card.rolling_scores(card.current, card.rules.options.rolling)
    if card.period_kind == "all":
        everybody = card.total_scores(card.current)
    return PlanBasis(tuple(partners), everybody, card.total_scores(card.current), period, due)


def _contacts(listed: PartnerList | None) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the number of contacts of each partner of the list that has one, and how the numbers were read."""
    column = listed.columns.get("invited_contacts") if listed is not None else None
    if listed is None or column is None:
        return {}, ()
    (read,) = read_numbers(listed.table, (column,), whole=True)
    found = {name: read.value(record[column]) for name, record in listed.partners.items()}
    return {name: int(number) for name, number in found.items() if number is not None and number >= 0}, read.notes


def _last_asked(listed: PartnerList | None, config: Config) -> dict[str, dt.date]:
    """Return the day on which the people of each partner were last asked, where the list says so."""
    column = (
        next((one.name for one in listed.columns.profiles if plain_name(one.name) in LAST_ASKED), None)
        if listed
        else None
    )
    if listed is None or column is None:
        return {}
    day = f"CAST({read_dates(listed.table, column, config.day_first).expression} AS DATE)"
    found = listed.rows.fetch(f"SELECT {listed.table.told_by(listed.column)}, {day} FROM __rows WHERE __reason IS NULL")
    return {name: when for name, when in found if when is not None}


def _asked(
    table: Table, columns: Columns, card: Scorecard, config: Config
) -> tuple[dict[str, dict[str, dt.date]], dt.date | None]:
    """Return by partner when each person was last asked, and the first day of the current period with a row.

    A row without an answer is that of somebody who was asked as well.
    """
    date, partner, respondent = (columns.get(role) for role in ("date", "partner", "respondent"))
    if date is None or card.period_kind == "all":
        return {}, None
    day = f"CAST({read_dates(table, date, config.day_first).expression} AS DATE)"
    first, last = first_day(card.current, card.period_kind), last_day(card.current, card.period_kind)
    inside = f"{day} BETWEEN DATE '{first.isoformat()}' AND DATE '{last.isoformat()}'"
    known = table.rows if card.as_of is None else table.rows.where(f"{day} <= DATE '{card.as_of.isoformat()}'")
    ((began,),) = known.fetch(f"SELECT min({day}) FROM __rows WHERE {inside}")
    if partner is None or respondent is None:
        return {}, began
    who = person_of(f"({table.told_by(respondent)})", table.kind_of(respondent).kind)
    found: dict[str, dict[str, dt.date]] = {}
    for name, person, when in known.fetch(
        f"SELECT {table.told_by(partner)}, {who}, max({day}) FROM __rows GROUP BY ALL"
    ):
        if name is not None and person is not None and when is not None:
            found.setdefault(name, {})[key_of(as_text(person) or "")] = when
    return found, began


def key_of(person: str) -> str:
    """Return what two spellings of one person share: no difference of case or outer blanks."""
    return person.strip().casefold()


def with_contacts(known: PlanBasis, people: Mapping[str, Sequence[tuple[Sequence[str], dt.date | None]]]) -> PlanBasis:
    """Return the same with the people who can be asked: by partner, with what answers may call each by, surest first.

    With the day of each one's last invitation, if it is known. They take the place of the number of contacts; who is no
    contact any more is not counted as asked.
    """
    partners = []
    for one in known.partners:
        asked = {}
        for keys, day in people.get(one.name, ()):
            days = [when for when in (day, *(one.asked.get(key) for key in keys)) if when is not None]
            if days:
                asked[keys[0]] = max(days)
        partners.append(replace(one, contacts=len(people.get(one.name, ())), asked=asked))
    return replace(known, partners=tuple(partners))
