"""The KPIs from Python, of files, frames and databases: the same answers as the commands of the same names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from partnerkpi import config as configuration
from partnerkpi.config import Config
from partnerkpi.kpi.comparisons import COMPARISONS
from partnerkpi.results.advocacy import PartnerList, read_partners
from partnerkpi.results.advocacy import advocacy as _advocacy
from partnerkpi.results.kinds import (
    ACTIVITIES,
    CUSTOMERS,
    PARTNERS,
    RESPONSES,
    open_table,
    open_with_list,
    sort_out,
    workspace_for,
)
from partnerkpi.results.nps import nps as _nps
from partnerkpi.results.result import KpiResult, Question, TieredBenchmark
from partnerkpi.results.retention import retention as _retention
from partnerkpi.scorecard.build import build_scorecard as _build_scorecard
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.tables.frames import Sources, sources_of
from partnerkpi.workbook.build import write_workbook


def nps(
    sources: Sources,
    *,
    score: str | None = None,
    question: str | None = None,
    frequency: str | None = None,
    partner: str | None = None,
    date: str | None = None,
    respondent: str | None = None,
    by: Sequence[str] = (),
    period: str = "all",
    compare: str | None = None,
    duplicates: str | None = None,
    first: dt.date | None = None,
    as_of: dt.date | None = None,
    population: int | None = None,
    day_first: bool | None = None,
    tool: str | None = None,
    scale: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    config: str | PathLike[str] | None = None,
) -> KpiResult:
    """Compute the Strategic Partner NPS of one or several sources.

    A source is a path, a frame of pandas, Polars (a LazyFrame too) or Spark, a PyArrow table or reader, a relation of
    DuckDB, a pair of a connection (DuckDB, PostgreSQL) and the name of a table in it, or records: a list of dicts or of
    instances of a dataclass. Several are counted below each other. Nothing of the caller's is changed or kept.

    Columns that are not named are recognised; `tool` names the survey tool if it is not, `scale` the scale of the
    scores if it is not 0-10 (no standard NPS), `encoding` that of text files which are not UTF-8, `decimal` ("point" or
    "comma") what stands before decimals where a column does not tell. Numbers of answers count as what they are;
    `frequency` names their column, "across" says that each answer or band has one, "none" that each row is one answer.
    Returns rows as plain data, the whole first, in points (-100..100) with the bounds of the interval;
    `result.provenance` counts the rows. `compare` is "previous" or "year": which earlier period each one is compared
    with, by quarter unless `period` says otherwise; or "rolling": the last four together with the four before, or as
    many as the settings say. `first` and `as_of` are the first and the last day that count.
    PartnerKpiError says what was wrong and what to do.
    Records with the scores 9, 9, 7, 3 have `result.whole["nps"]` 25.0.
    """
    settings = _load(config, day_first=day_first, duplicates=duplicates)
    told = {"population": population, "window": (first, as_of), "comparisons": COMPARISONS}
    asked = _question(settings, by, period, compare, **told)
    options = {"score": score, "frequency": frequency, "partner": partner, "date": date, "respondent": respondent}
    with workspace_for(settings, tool, scale, encoding, decimal) as workspace:
        workspace.question = question
        table, columns = open_table(workspace, settings, sources_of(sources), options, RESPONSES)
        return _closed(_nps(table, columns, asked, TieredBenchmark.of(settings, "nps")))


def advocacy(
    activities: Sources,
    partners: Sources | int,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    as_of: dt.date | None = None,
    partner: str | None = None,
    date: str | None = None,
    by: Sequence[str] = (),
    period: str = "all",
    compare: str | None = None,
    day_first: bool | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    config: str | PathLike[str] | None = None,
) -> KpiResult:
    """Compute Partner Advocacy of the activities and the list of partners (sources as in `nps`), or of their number.

    `first` and `last` (or `as_of`) are the first and last day that count; `compare` is "previous" or "year".
    Shares are 0..100. 45 activities of 12 out of 40 partners give `result.whole["active_share"]` 30.0.
    """
    settings = _load(config, day_first=day_first)
    question = _question(settings, by, period, compare)
    with workspace_for(settings, encoding=encoding, decimal=decimal) as workspace:
        given, options = sources_of(activities, "activities"), {"partner": partner, "date": date}
        members: PartnerList | int
        if isinstance(partners, int):
            table, columns = open_table(workspace, settings, given, options, ACTIVITIES)
            members = partners
        else:
            lists = sources_of(partners, "partners")
            (table, columns), listed = open_with_list(workspace, settings, given, lists, options)
            members = read_partners(*listed)
        benchmark = TieredBenchmark.of(settings, "advocacy")
        return _closed(_advocacy(table, columns, members, question, (first, last or as_of), benchmark))


def retention(
    customers: Sources,
    *,
    retained: str | None = None,
    churned: str | None = None,
    partner: str | None = None,
    attributed: str | None = None,
    date: str | None = None,
    customer: str | None = None,
    start_date: str | None = None,
    end_date: str | None = None,
    as_of: dt.date | None = None,
    retained_words: Sequence[str] | None = None,
    lost_words: Sequence[str] | None = None,
    grace: int | None = None,
    by: Sequence[str] = (),
    period: str = "all",
    compare: str | None = None,
    day_first: bool | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    config: str | PathLike[str] | None = None,
) -> KpiResult:
    """Compute the retention of customers (sources as in `nps`) and the partners' part in it.

    `attributed` is COLUMN=VALUE[,VALUE]; `compare` is "previous" or "year". Until `as_of` rows count, by default the
    last day in the data. `retained_words` and `lost_words` are words of a status that do not say by themselves who is
    still there; contracts of a customer that follow within `grace` days (1) are one. Shares are 0..100, the lift is in
    points. 200 customers, 160 retained, 80 of partners of which 72 stayed give `result.whole["influence_share"]` 45.0.
    """
    settings = _load(
        config, day_first=day_first, retained_words=retained_words, lost_words=lost_words, grace_days=grace
    )
    question = _question(settings, by, period, compare)
    options = {"retained": retained, "churned": churned, "partner": partner, "date": date, "customer": customer}
    options |= {"start_date": start_date, "end_date": end_date}
    with workspace_for(settings, encoding=encoding, decimal=decimal) as workspace:
        table, columns = open_table(workspace, settings, sources_of(customers), options, CUSTOMERS)
        benchmark = TieredBenchmark.of(settings, "retention")
        return _closed(_retention(table, columns, question, attributed=attributed, as_of=as_of, benchmark=benchmark))


def build_scorecard(
    sources: Sources = (),
    target: str | PathLike[str] | None = None,
    *,
    responses: Sources | None = None,
    activities: Sources | None = None,
    customers: Sources | None = None,
    partners: Sources | None = None,
    score: str | None = None,
    question: str | None = None,
    frequency: str | None = None,
    partner: str | None = None,
    date: str | None = None,
    attributed: str | None = None,
    period: str | None = None,
    as_of: dt.date | None = None,
    first: dt.date | None = None,
    to_date: bool = False,
    day_first: bool | None = None,
    title: str = "Partner scorecard",
    tool: str | None = None,
    scale: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    config: str | PathLike[str] | None = None,
) -> Scorecard:
    """Build the scorecard of answers, activities, customers and partners; write the workbook if a target is named.

    Sources (as in `nps`) are told by their columns, in any order, or given for what they hold: `responses=frame`.
    `score`, `partner` and `date` name columns of those that have them, `attributed` is COLUMN=VALUE[,VALUE],
    `question`, `tool`, `scale`, `encoding` and `decimal` as in `nps`. Without a period: by quarters, or together where
    answers have no dates. No row before `first` or after `as_of` counts; the page is about the newest period of which
    half has passed, with `to_date` about one that has just begun. Returns the scorecard as data: of answers 9, 9, 7, 3
    `card.view().total.scores.nps` is 25.0.
    """
    kinds = {RESPONSES: responses, ACTIVITIES: activities, CUSTOMERS: customers, PARTNERS: partners}
    of_kinds = {kind: sources_of(given, kind) for kind, given in kinds.items() if given is not None}
    named = {"score": score, "frequency": frequency, "partner": partner, "date": date}
    others = [] if isinstance(sources, tuple) and not sources else sources_of(sources)
    settings = _load(config, period=period, day_first=day_first)
    with workspace_for(settings, tool, scale, encoding, decimal) as workspace:
        workspace.question = question
        tables = sort_out(workspace, others, named, settings.columns, of_kinds)
        card = _build_scorecard(
            tables, settings, as_of=as_of, since=first, to_date=to_date, attributed=attributed, title=title
        )
        if target is not None:
            write_workbook(card, Path(target))
    return card


def _load(config: str | PathLike[str] | None, **options: Any) -> Config:
    return configuration.load(Path(config) if config is not None else None).override(**options)


def _question(config: Config, by: Sequence[str], period: str, compare: str | None, **more: Any) -> Question:
    """Return what is asked; periods that are compared are quarters, or those of the settings, unless named."""
    return Question.of(config, by=by, period=period if period != "all" else None, compare=compare, **more)


def _closed(result: KpiResult) -> KpiResult:
    """Return the result without the rows set aside: they can be read only while the files are open."""
    return replace(result, set_aside=())
