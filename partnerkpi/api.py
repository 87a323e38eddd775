"""The KPIs from Python, of files, frames and databases: the same answers as the commands of the same names."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack

from partnerkpi import config as configuration
from partnerkpi.config import Config
from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.job.carry import carry_on
from partnerkpi.job.differences import Differences, differences, names_of, read_made
from partnerkpi.job.statuses import read_statuses
from partnerkpi.kpi.comparisons import COMPARISONS
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.results.advocacy import PartnerList, read_partners
from partnerkpi.results.advocacy import advocacy as _advocacy
from partnerkpi.results.choosing import chosen, chosen_of_both, several
from partnerkpi.results.customer_layout import from_day
from partnerkpi.results.kinds import KINDS, open_table, open_with_list, sort_out, workspace_for
from partnerkpi.results.nps import nps as _nps
from partnerkpi.results.part import part_of
from partnerkpi.results.result import KpiResult, Question, TieredBenchmark
from partnerkpi.results.retention import retention as _retention
from partnerkpi.results.shown import ACTIVITIES, CUSTOMERS, PARTNERS, RESPONSES
from partnerkpi.scorecard.build import build_with_rows
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.actions import MOST_CALLS
from partnerkpi.scorecard.review.comparison import compare_partners
from partnerkpi.scorecard.review.outlook import KPIS
from partnerkpi.scorecard.review.outlook import outlook as foretell
from partnerkpi.scorecard.review.page import actions_review, alerts_review
from partnerkpi.scorecard.review.result import Review
from partnerkpi.scorecard.review.whatif import whatif_of_counts, whatif_review
from partnerkpi.spelling import says_parameters
from partnerkpi.tables.dates import Day, named_days
from partnerkpi.tables.frames import Sources, sources_of
from partnerkpi.verify import Report, verify
from partnerkpi.workbook.build import write_workbook


class CardOptions(TypedDict, total=False):
    """What the functions take that need a scorecard: its tables, its columns, its time, its settings."""

    responses: Sources | None
    activities: Sources | None
    customers: Sources | None
    partners: Sources | None
    score: str | None
    question: str | None
    frequency: str | None
    partner: str | None
    date: str | None
    attributed: str | None
    period: str | None
    where: str | Sequence[str]
    first: Day
    last: Day
    as_of: Day
    to_date: bool
    day_first: bool | None
    tool: str | None
    scale: str | None
    encoding: str | None
    decimal: str | None
    config: str | PathLike[str] | None
    carry_on: str | PathLike[str] | None


@says_parameters()
def nps(
    sources: Sources,
    *,
    score: str | None = None,
    question: str | None = None,
    frequency: str | None = None,
    partner: str | None = None,
    date: str | None = None,
    respondent: str | None = None,
    by: str | Sequence[str] = (),
    where: str | Sequence[str] = (),
    period: str = "all",
    compare: str | None = None,
    duplicates: str | None = None,
    first: Day = None,
    last: Day = None,
    as_of: Day = None,
    rolling: int | None = None,
    confidence: float | None = None,
    min_responses: int | None = None,
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
    many as the settings or `rolling` say. `first` and `last` (or `as_of`) are the first and the last day that count, as
    dates or texts such as "2026-07-01" or "Q3 2026". Only rows count for which the conditions `where` hold, such as
    "region=EMEA".
    PartnerKpiError says what was wrong and what to do.
    Records with the scores 9, 9, 7, 3 have `result.whole["nps"]` 25.0.
    """
    counted = {"duplicates": duplicates, "confidence": confidence, "min_responses": min_responses}
    settings = _load(config, day_first=day_first, **counted)
    told = {"population": population, "rolling": rolling, "comparisons": COMPARISONS}
    window = named_days(first, last, as_of, day_first)
    asked = _question(settings, by, period, compare, window=window, **told)
    options = {"score": score, "frequency": frequency, "partner": partner, "date": date, "respondent": respondent}
    with workspace_for(settings, tool, scale, encoding, decimal) as workspace:
        workspace.question = question
        table, columns = open_table(workspace, settings, sources_of(sources), options, RESPONSES)
        table = chosen(table, columns, several(where), settings.day_first)
        return _closed(_nps(table, columns, asked, TieredBenchmark.of(settings, "nps")))


@says_parameters()
def advocacy(
    activities: Sources,
    partners: Sources | int,
    *,
    first: Day = None,
    last: Day = None,
    as_of: Day = None,
    confidence: float | None = None,
    partner: str | None = None,
    date: str | None = None,
    by: str | Sequence[str] = (),
    where: str | Sequence[str] = (),
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
    settings = _load(config, day_first=day_first, confidence=confidence)
    question = _question(settings, by, period, compare)
    window, conditions = named_days(first, last, as_of, day_first), several(where)
    with workspace_for(settings, encoding=encoding, decimal=decimal) as workspace:
        given, options = sources_of(activities, "activities"), {"partner": partner, "date": date}
        members: PartnerList | int
        if isinstance(partners, int):
            table, columns = open_table(workspace, settings, given, options, ACTIVITIES)
            members = partners
            table = chosen(table, columns, conditions, settings.day_first)
        else:
            lists = sources_of(partners, "partners")
            (table, columns), listed = open_with_list(workspace, settings, given, lists, options)
            table, some = chosen_of_both((table, columns), listed, conditions, settings.day_first)
            members = read_partners(some, listed[1])
        benchmark = TieredBenchmark.of(settings, "advocacy")
        return _closed(_advocacy(table, columns, members, question, window, benchmark))


@says_parameters()
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
    first: Day = None,
    last: Day = None,
    as_of: Day = None,
    confidence: float | None = None,
    min_responses: int | None = None,
    retained_words: str | Sequence[str] | None = None,
    lost_words: str | Sequence[str] | None = None,
    grace: int | None = None,
    by: str | Sequence[str] = (),
    where: str | Sequence[str] = (),
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
    words = {"retained_words": several(retained_words), "lost_words": several(lost_words)}
    counted = {"grace_days": grace, "confidence": confidence, "min_responses": min_responses}
    settings = _load(config, day_first=day_first, **words, **counted)
    question = _question(settings, by, period, compare)
    options = {"retained": retained, "churned": churned, "partner": partner, "date": date, "customer": customer}
    options |= {"start_date": start_date, "end_date": end_date}
    with workspace_for(settings, encoding=encoding, decimal=decimal) as workspace:
        table, columns = open_table(workspace, settings, sources_of(customers), options, CUSTOMERS)
        since, until = named_days(first, last, as_of, day_first)
        table = from_day(chosen(table, columns, several(where), settings.day_first), columns, question, since)
        benchmark = TieredBenchmark.of(settings, "retention")
        return _closed(_retention(table, columns, question, attributed=attributed, as_of=until, benchmark=benchmark))


@says_parameters(CardOptions.__annotations__)
def build_scorecard(
    sources: Sources = (),
    target: str | PathLike[str] | None = None,
    *,
    title: str = "Partner scorecard",
    **options: Unpack[CardOptions],
) -> Scorecard:
    """Build the scorecard of answers, activities, customers and partners; write the workbook if a target is named.

    Sources (as in `nps`) are told by their columns, in any order, or given for what they hold: `responses=frame`.
    `score`, `partner` and `date` name columns of those that have them, `attributed` is COLUMN=VALUE[,VALUE],
    `question`, `tool`, `scale`, `encoding` and `decimal` as in `nps`. Without a period: by quarters, or together where
    answers have no dates. No row before `first` or after `last` (or `as_of`) counts; the page is about the newest
    period of which half has passed, with `to_date` about one that has just begun. `where` makes it one of a part of
    the data: conditions such as "region=EMEA". `carry_on` is the last workbook: what was typed there beside its calls
    is carried on, with a warning for what that leaves open. Returns the scorecard as data: of answers 9, 9, 7, 3
    `card.view().total.scores.nps` is 25.0.
    """
    return _card(sources, options, title=title, target=target)


@says_parameters(CardOptions.__annotations__)
def compare(sources: Sources = (), **options: Unpack[CardOptions]) -> Review:
    """Set the partners side by side in the current period, best first; takes what `build_scorecard` takes.

    Rows have ranks, the NPS with its interval in points, and how it stands against the others; `facts` the three ways
    to roll up. DataProblem where no answer names a partner. One partner with the answers 9, 9, 7, 3 has `nps` 25.0.
    """
    review = compare_partners(_card(sources, options))
    if not review.facts["partners"]:
        raise DataProblem("no answer of the current period names a partner, so there is nothing to compare")
    return review


@says_parameters(CardOptions.__annotations__)
def alerts(sources: Sources = (), **options: Unpack[CardOptions]) -> Review:
    """Return what needs a look in the current period, a row each, with how sure it is; options as `build_scorecard`.

    Of 20 answers 2 and one 10, the first row has `rule` "below_investigate" and `value` -90.5.
    """
    return alerts_review(_card(sources, options))


@says_parameters(CardOptions.__annotations__)
def actions(sources: Sources = (), **options: Unpack[CardOptions]) -> Review:
    """Return whom to call, why, and by when, all of them, a row each; options as `build_scorecard`.

    Of the answers 9, 9, 7, 3 there is one call, of `kind` "detractor".
    """
    return actions_review(_card(sources, options, calls=None))


@says_parameters(CardOptions.__annotations__)
def outlook(
    sources: Sources = (),
    *,
    kpi: Literal["nps", "advocacy"] | None = None,
    by_partner: bool = False,
    **options: Unpack[CardOptions],
) -> Review:
    """Foretell the next period's NPS and active advocates with their intervals; options as `build_scorecard`.

    In points and per cent. Below six periods with data `word` is "cannot tell".
    """
    usual = _load(options.get("config")).period or "quarter"
    card = _card(sources, {**options, "period": options.get("period") or usual})
    return foretell(card, [kpi] if kpi is not None else KPIS, by_partner=by_partner)


@says_parameters(CardOptions.__annotations__)
def whatif(
    sources: Sources = (), *, counts: tuple[int, int, int] | None = None, **options: Unpack[CardOptions]
) -> Review:
    """Say how many people would have to change their minds for the next rating and for the target.

    Of the files of a scorecard, or of `counts`: detractors, passives and promoters. 8, 7 and 5 have `nps` -15.0.
    """
    if counts is None:
        return whatif_review(_card(sources, options))
    given = [] if isinstance(sources, tuple) and not sources else sources_of(sources)
    if given or any(options.get(kind) is not None for kind in KINDS):
        raise UsageError("whatif takes sources or counts: give one of the two")
    if len(counts) != len(ScoreTally().bands):
        raise UsageError(f"counts={counts} are not three: give detractors, passives and promoters")
    benchmark = _load(options.get("config")).benchmarks["nps"]
    return whatif_of_counts(ScoreTally(*counts), benchmark, ",".join(map(str, counts)))


def verify_scorecard(
    file: str | PathLike[str], *, fingerprint: str | None = None, signers: str | PathLike[str] | None = None
) -> Report:
    """Check a scorecard workbook that somebody received: safe, whole, unchanged, every figure recomputed.

    `fingerprint` is what was said when it was made, `signers` a list as ssh-keygen reads it. FileProblem where it
    cannot be opened. Of a workbook that nobody changed `sound` is True and `findings` is empty.
    """
    return verify(Path(file), fingerprint, Path(signers) if signers is not None else None)


@says_parameters()
def diff(
    old: str | PathLike[str], new: str | PathLike[str], *, config: str | PathLike[str] | None = None
) -> Differences:
    """Say what changed from one scorecard workbook to the next, and whether by more than chance.

    `rows` are the figures of both in points and per cent; ratings, partners, definitions and late answers stand beside.
    DataProblem for a workbook without its record. Of the same workbook twice `nothing` is True.
    """
    return differences(read_made(Path(old)), read_made(Path(new)), names_of(_load(config)))


def _card(
    sources: Sources,
    options: CardOptions,
    *,
    title: str = "Partner scorecard",
    calls: int | None = MOST_CALLS,
    target: str | PathLike[str] | None = None,
) -> Scorecard:
    """Return the scorecard of some sources; its workbook is written while they are open, and never over one of them."""
    unknown = options.keys() - CardOptions.__annotations__.keys()
    if unknown:
        raise TypeError(f"there is no option {', '.join(sorted(unknown))}")
    told: dict[str, Any] = dict(options)
    kinds = {kind: told.get(kind) for kind in (RESPONSES, ACTIVITIES, CUSTOMERS, PARTNERS)}
    of_kinds = {kind: sources_of(given, kind) for kind, given in kinds.items() if given is not None}
    named = {role: told.get(role) for role in ("score", "frequency", "partner", "date")}
    others = [] if isinstance(sources, tuple) and not sources else sources_of(sources)
    settings = _load(told.get("config"), period=told.get("period"), day_first=told.get("day_first"))
    since, until = named_days(told.get("first"), told.get("last"), told.get("as_of"), settings.day_first)
    read = (told.get(name) for name in ("tool", "scale", "encoding", "decimal"))
    last = Path(told["carry_on"]) if told.get("carry_on") is not None else None
    with workspace_for(settings, *read) as workspace:
        workspace.question = told.get("question")
        if last is not None:
            workspace.reads(last)
        tables = sort_out(workspace, others, named, settings.columns, of_kinds)
        card, _, answers = build_with_rows(
            part_of(tables, several(told.get("where") or ()), settings.day_first),
            settings,
            as_of=until,
            since=since,
            to_date=bool(told.get("to_date")),
            attributed=told.get("attributed"),
            title=title,
            calls=calls,
        )
        if last is not None:
            found = read_statuses(last, day_first=settings.day_first)
            for note in found.notes:
                warnings.warn(note, stacklevel=3)
            card = carry_on(card, found, answers, workspace.partner_names)
        if target is not None:
            write_workbook(card, Path(target))
        return card


def _load(config: str | PathLike[str] | None, **options: Any) -> Config:
    return configuration.load(Path(config) if config is not None else None).override(**options)


def _question(config: Config, by: str | Sequence[str], period: str, compare: str | None, **more: Any) -> Question:
    """Return what is asked; periods that are compared are quarters, or those of the settings, unless named."""
    return Question.of(config, by=several(by), period=period if period != "all" else None, compare=compare, **more)


def _closed(result: KpiResult) -> KpiResult:
    """Return the result without the rows set aside: they can be read only while the files are open."""
    return replace(result, set_aside=())
