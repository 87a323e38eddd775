"""From the tables that a user names to a scorecard: which table holds what, counted by partner and period."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from partnerkpi._version import __version__
from partnerkpi.config import Config
from partnerkpi.errors import DataProblem
from partnerkpi.kpi.clustered import Clusters
from partnerkpi.kpi.conditional import Pairs
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import (
    Period,
    days_of,
    gapless,
    in_both,
    is_to_date,
    period_of,
    period_words,
    same_day,
    shares_a_day,
)
from partnerkpi.results.advocacy import PartnerList, off_the_list, read_partners
from partnerkpi.results.compared import week_notes
from partnerkpi.results.customer_layout import has_periods
from partnerkpi.results.kinds import ACTIVITIES, CUSTOMERS, PARTNERS, RESPONSES, Tables
from partnerkpi.results.result import Question, SetAside
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.collect import (
    Collected,
    collect_activities,
    collect_answers,
    collect_customers,
    dates_and_days,
    of_partners,
    pairs_of_partners,
    source,
    unused,
)
from partnerkpi.scorecard.findings.actions import DETRACTOR, LOST_PROMOTER, MOST_CALLS
from partnerkpi.scorecard.listed import add_invited, numbers_of
from partnerkpi.scorecard.parts import ALL_TIME, Counts, Partner
from partnerkpi.scorecard.reach import reach_of
from partnerkpi.scorecard.so_far import count_so_far
from partnerkpi.scorecard.targets import with_targets
from partnerkpi.scorecard.worth import Worth, checked
from partnerkpi.tables.mistyped import refuse_other_days
from partnerkpi.tables.values import as_text
from partnerkpi.tally.used_answers import UsedAnswers
from partnerkpi.vocabulary import same_name

if TYPE_CHECKING:
    from partnerkpi.settings import Settings


def build_scorecard(tables: Tables, config: Config, **options: Any) -> Scorecard:
    """Count what the tables hold, by partner and period; takes what `build_with_rows` takes."""
    return build_with_rows(tables, config, **options)[0]


def build_with_rows(
    tables: Tables,
    config: Config,
    *,
    as_of: dt.date | None = None,
    since: dt.date | None = None,
    to_date: bool = False,
    attributed: str | None = None,
    title: str = "Partner scorecard",
    calls: int | None = MOST_CALLS,
) -> tuple[Scorecard, tuple[SetAside, ...], UsedAnswers | None]:
    """Count what the tables hold, by partner and period, up to a day; by default the last one in the data.

    Where the settings name no period they are counted by quarters, or together where there are no dates. The current
    period is the newest of which at least half has passed by that day, or with `to_date` the one that holds it; nothing
    after it counts, and nothing before the day `since`.

    Returns the scorecard, the rows that were not used and the answers that were; they can be read while the workspace
    is open. So many `calls` are listed, all without a number; the others are counted. DataProblem where there is
    nothing to show.
    """
    undated = _undated(tables) if config.period is None else []
    question = Question.of(config, period=config.period or ("all" if undated else "quarter"), window=(since, as_of))
    period = question.period
    collected = Collected()
    dates = {}
    for kind, told in ((RESPONSES, tables.responses), (ACTIVITIES, tables.activities)):
        if told is not None:
            dates[kind], days = dates_and_days(*told, question)
            collected.latest += days
    reach = reach_of(collected.latest, period, as_of, to_date=to_date)
    question = replace(question, window=(since, reach.until), until_named=reach.begun is None)
    listed = read_partners(*tables.partners) if tables.partners is not None else None
    if listed is not None:
        collected.sources.append(
            source(PARTNERS, listed.table, {"partner": listed.column}, listed.ledger, listed.columns)
        )
        collected.set_aside.append(SetAside(listed.table, unused(listed.rows)))
        collected.notes += listed.notes
    if tables.responses is not None:
        collect_answers(collected, *tables.responses, question, dates[RESPONSES], config, _known_names(listed))
    if tables.activities is not None:
        collect_activities(collected, *tables.activities, listed, question, dates[ACTIVITIES], reach)
    with_partners = False
    if tables.customers is not None:
        with_partners = collect_customers(collected, *tables.customers, question, attributed, reach)
    for kind, told in ((RESPONSES, tables.responses), (ACTIVITIES, tables.activities)):
        if told is not None and not collected.anything and (date := dates.get(kind)) is not None:
            refuse_other_days(told[0], date, (since, as_of))
    labels = _periods(collected, question, reach.until)
    owners = {same_name(name): owner for name, owner in config.settings.owners.items()}
    partners = with_targets(_partners(listed, collected, owners), listed, config, collected.notes)
    _refuse_too_many(len(partners), config.settings.limits.partners)
    away = _away(listed, question, labels)
    why = _no_rate(tables, question)
    if why is not None and not collected.invited:
        if listed is not None and listed.columns.get("invited_contacts") is not None:
            collected.notes.append(f"the list of partners says how many people are invited, {why}: no response rate")
    else:
        add_invited(collected, tables.responses, listed, labels, away, question)
    off: Counter[str] = Counter()
    for name, label in away:
        off[name] += collected.activities.get((name, label), 0)
    collected.notes += off_the_list(+off)
    names = [partner.name for partner in partners]
    so_far = count_so_far(collected, tables, listed, question, labels, reach, names, dates.get(ACTIVITIES))
    no_answers = ScoreTally()
    counts = {
        (name, label): Counts(
            collected.scores.get((name, label), no_answers),
            collected.invited.get((name, label)),
            collected.activities.get((name, label), 0),
            *collected.customers.get((name, label), (0, 0)),
        )
        for name in (None, *names)
        for label in labels
    }
    worth, wrong = checked(Worth(collected.revenue, collected.kinds))
    if wrong is not None:
        collected.notes.append(f"revenue cannot be retained at these amounts, and is not shown: {wrong}")
    day = reach.day
    card = Scorecard(
        title=title,
        period_kind=period,
        periods=tuple(labels),
        current=labels[-1],
        as_of=day,
        partners=tuple(partners),
        counts=counts,
        benchmarks=config.benchmarks,
        weights=config.weights,
        confidence=config.confidence,
        min_responses=config.min_responses,
        has_partner_list=listed is not None,
        has_activities=tables.activities is not None,
        has_customers=tables.customers is not None,
        customers_have_partners=with_partners,
        sources=tuple(collected.sources),
        questions=_without_folders(tables, tables.questions),
        notes=_without_folders(
            tables,
            [
                *tables.notes,
                *undated,
                *collected.notes,
                *reach.notes(period),
                *week_notes(question, labels[-1:] if len(labels) > 52 else ()),
                *_to_date(labels, period, day, compared=bool(so_far)),
                *_missing(tables),
            ],
        ),
        options={
            "period": str(period),
            "duplicates": config.duplicates,
            "confidence": config.confidence,
            **({"attributed": attributed} if attributed is not None else {}),
        },
        version=__version__,
        **_of_answers(collected, partners, labels, calls),
        comments=collected.comments,
        settings=_settings(config),
        tier_benchmarks=config.tier_benchmarks,
        away=tuple(sorted(away)),
        so_far=so_far,
        part=tables.part,
        worth=worth,
    )
    return card, tuple(collected.set_aside), collected.used


def _undated(tables: Tables) -> list[str]:
    """Say that periods cannot be told apart, where the first of the tables has no dates; nothing where it has."""
    told = tables.responses or tables.activities or tables.customers
    if told is None:
        return []
    table, columns = told
    dated = has_periods(table, columns) if told is tables.customers else columns.known("date") is not None
    if dated:
        return []
    named = [repr(column.name) for column in columns.profiles if column.is_date and not column.is_blank]
    hint = f" (--date names one, such as {named[0]})" if named else ""
    return [f"{table.label} has no column that is recognised as the date: everything is counted together{hint}"]


def _without_folders(tables: Tables, notes: Sequence[str]) -> tuple[str, ...]:
    """Return each note once, with the files called as their folders call them."""
    parts = [part for table in tables.given() for part in table.parts]
    for part in parts:
        notes = [note.replace(part.label, part.name) for note in notes]
    return tuple(dict.fromkeys(notes))


def _settings(config: Config) -> Settings:
    """Return the settings, with the logo as it is found from here and not from the settings file."""
    brand = config.settings.brand
    if brand.logo is None:
        return config.settings
    found = brand.model_copy(update={"logo": str(config.beside(brand.logo))})
    return config.settings.model_copy(update={"brand": found})


def _periods(collected: Collected, question: Question, as_of: dt.date | None) -> list[str]:
    labels = {label for counts in (collected.scores, collected.activities, collected.customers) for _, label in counts}
    if question.period != "all" and as_of is not None:
        labels.add(period_of(as_of, question.period))
    if not labels or not collected.anything:
        raise DataProblem(
            "none of the files holds anything that can be counted: 'partnerkpi check FILE' shows what was found"
        )
    if question.period == "all":
        return [ALL_TIME]
    if as_of is None:
        # Renewals are known ahead and answers are not: the page ends with the last period that has been asked about.
        asked = {label for counts in (collected.scores, collected.activities) for _, label in counts}
        last = max(asked, default=max(labels))
        labels = {label for label in labels if label <= last}
    return gapless(labels, question.period)


def _known_names(listed: PartnerList | None) -> list[str]:
    """Return the partners and their owners, as the list of partners names them."""
    if listed is None:
        return []
    owner = listed.columns.get("owner")
    owners = {as_text(record[owner]) for record in listed.partners.values()} if owner is not None else set()
    return [*listed.partners, *sorted(name for name in owners if name is not None)]


def _of_answers(
    collected: Collected, partners: Sequence[Partner], labels: Sequence[str], most: int | None
) -> dict[str, Any]:
    """Return what the answers say beyond the counts of partners: segments, people, and whom to call."""
    used = collected.used
    if used is None:
        return {}
    shown = set(labels)
    segments: dict[str, Mapping[tuple[str | None, str], ScoreTally]] = {}
    clusters: dict[str, Mapping[tuple[str | None, str], Clusters]] = {}
    by_partner = {
        dimension: {(value, label or ALL_TIME): tallies for (value, label), tallies in found.items()}
        for dimension, found in used.segments_by_partner().items()
    }
    for dimension, found in (by_partner | of_partners(partners, collected.scores, used.dimensions)).items():
        cells = {cell: Clusters.of(tallies.values()) for cell, tallies in found.items() if cell[1] in shown}
        segments[dimension] = {cell: one.tally for cell, one in cells.items()}
        clusters[dimension] = cells
    by_partner_twice, by_value = used.pairs()
    pairs = {
        (name, before, after): one
        for ((name,), before, after), one in by_partner_twice.items()
        if before in shown and after in shown
    }
    of_segments: dict[str, Mapping[tuple[str | None, str, str], Pairs]]
    of_segments = {
        dimension: {(value, before, after): one for ((value,), before, after), one in found.items()}
        for dimension, found in by_value.items()
    }
    people = {label or ALL_TIME: counted for label, counted in used.people().items()}
    current = labels[-1] if labels[-1] != ALL_TIME else None
    values = {partner.name: partner.annual_value for partner in partners if partner.annual_value is not None}
    calls = used.to_call(current, most, values)
    more = {(name, DETRACTOR if low else LOST_PROMOTER): count for (name, low), count in calls.more.items()}
    return {
        "segments": segments,
        "segment_clusters": clusters,
        "segment_pairs": of_segments | pairs_of_partners(partners, pairs, used.dimensions),
        "pairs": pairs,
        "people": people,
        "own_words": collected.own_words(current) if collected.own_words is not None else {},
        "to_call": calls.listed,
        "more_to_call": more,
    }


def _partners(listed: PartnerList | None, collected: Collected, owners: Mapping[str, str]) -> list[Partner]:
    """Return the partners of all tables; `owners` are told by what the spellings of a name share."""
    names = {
        name for counts in (collected.scores, collected.activities, collected.customers) for name, _ in counts if name
    }
    partners = []
    if listed is not None:
        columns = listed.columns
        taken = {role: columns.get(role) for role in ("tier", "region", "owner")}
        values = numbers_of(listed, "annual_value", collected)
        for name, record in listed.partners.items():
            own = {role: as_text(record[column]) if column else None for role, column in taken.items()}
            owner = own["owner"] or owners.get(same_name(name))
            partners.append(Partner(name, True, own["tier"], own["region"], owner, values.get(name)))
        unknown = sorted(names - listed.names, key=str.casefold)
        if unknown:
            shown = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
            collected.notes.append(f"not on the list of partners, and no part of the advocacy share: {shown}")
        names -= listed.names
    partners += [Partner(name, listed is None, owner=owners.get(same_name(name))) for name in names]
    return sorted(partners, key=lambda partner: (not partner.listed, partner.name.casefold(), partner.name))


def _refuse_too_many(partners: int, most: int) -> None:
    """Raise DataProblem for more partners than a workbook has room for: each has some sixty formulas."""
    if partners > most:
        raise DataProblem(
            f"{partners:,} partners are more than the {most:,} that a scorecard takes: if another column names the "
            "partners, say which with [columns] partner in partnerkpi.toml; else choose some with --where, or raise "
            "limits.partners there"
        )


def _away(listed: PartnerList | None, question: Question, labels: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Return the partners of the list with the periods in which they were not on it, not for a day."""
    spans = listed.spans(question.day_first) if listed is not None else {}
    periods = [None if label == ALL_TIME else label for label in labels]
    days = {
        label: in_both(days_of(one, question.period), question.window)
        for label, one in zip(labels, periods, strict=True)
    }
    return frozenset(
        (name, label) for name, span in spans.items() for label in labels if not shares_a_day(span, days[label])
    )


def _no_rate(tables: Tables, question: Question) -> str | None:
    """Say why answers cannot be set against those that the list invites; None where they can."""
    if tables.part.of_rows:
        return "and only a part of their answers is asked for"
    return "to a survey wave, of which a week is a part" if question.period == "week" else None


def _missing(tables: Tables) -> list[str]:
    """Say what a scorecard could not show for want of a table, and how to supply it."""
    needed: dict[str, tuple[Any, str]] = {
        RESPONSES: (tables.responses, "the NPS: add a file with the answers from 0 to 10"),
        ACTIVITIES: (tables.activities, "advocacy: add a file with the partners' activities (partner, type, date)"),
        CUSTOMERS: (tables.customers, "retention: add a file with the customers (customer, period, retained, partner)"),
        PARTNERS: (tables.partners, "the share of active advocates and the response rate: add the list of partners"),
    }
    return [
        f"no {kind} were given, so there is no data for {what}"
        for kind, (table, what) in needed.items()
        if table is None
    ]


def _to_date(labels: Sequence[str], period: Period, day: dt.date | None, *, compared: bool) -> list[str]:
    """Say where the current period is to date: what adds up in it is compared with as many days of the one before."""
    if day is None or not is_to_date(labels[-1], period, day):
        return []
    until = f"{period_words(labels[-1])} is not over: it is counted until {day:%d %b %Y}"
    if len(labels) == 1 or not compared:
        return [f"{until}; activities and response rates are not rated and raise no alert"]
    before = same_day(labels[-1], period, day, labels[-2])
    return [
        f"{until}. Activities and response rates are compared with {period_words(labels[-2])} until {before:%d %b %Y}, "
        "as many days; they are not rated and raise no alert"
    ]
