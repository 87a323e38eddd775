"""Strategic Partner NPS of a table of answers, by group and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.kpi.conditional import Pairs
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import EVERY_DAY, gapless
from partnerkpi.results.clusters import ByPartner
from partnerkpi.results.compared import PairsOf, comparison_notes, paired_notes, segment_columns, span_notes
from partnerkpi.results.flags import ask_of_rows_without_answers, flagged
from partnerkpi.results.outside import outside_notes
from partnerkpi.results.remarks import remarks_of
from partnerkpi.results.result import (
    FEW_RESPONSES,
    NO_DATA,
    Group,
    KpiResult,
    Question,
    SetAside,
    TieredBenchmark,
    answers,
    bounds,
    in_order,
    provenance,
)
from partnerkpi.results.shown import RESPONSES
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.called import called
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.measures import asked_alone
from partnerkpi.tables.mistyped import near_dates, refuse_other_days, slips
from partnerkpi.tables.quality import Ledger
from partnerkpi.tables.roles import DATE_TIERS, asks_for
from partnerkpi.tables.rows_of_persons import ask_of_one_person, refuse_rows_of_persons, unnamed_persons
from partnerkpi.tables.scales import ask_of_texts, compare_bands, hint_of_scale, read_scores, score_number
from partnerkpi.tables.sql import told_by
from partnerkpi.tables.table import Table
from partnerkpi.tally.counts import read_counts, refuse_overlap
from partnerkpi.tally.facts import RANGE, REPEATED, TEXT, Answers, Duplicates
from partnerkpi.tally.not_answers import ask_of_figure_below
from partnerkpi.tally.pairs import pairs_by
from partnerkpi.tally.rows_that_add_up import ask_of_rows_that_add_up
from partnerkpi.tally.scores import Cell, tally
from partnerkpi.tally.several import Several

DEFAULT = TieredBenchmark(DEFAULT_BENCHMARKS["nps"])


def nps(
    table: Table,
    columns: Columns,
    question: Question,
    benchmark: TieredBenchmark = DEFAULT,
) -> KpiResult:
    """Compute the NPS of a table of answers with its interval, for the whole, each period and each group.

    UsageError where a column that is needed is not known; DataProblem where no answer can be counted. 10 promoters,
    5 passives and 5 detractors give a first row with `nps` 25.0.
    """
    counted = count_answers(table, columns, question)
    return nps_of(counted, question, benchmark)


class CountedAnswers:
    """A table of answers, counted: the tallies, the columns taken, and what was set aside."""

    def __init__(self, table: Table, columns: Columns, question: Question, date: DateColumn | None = None) -> None:
        """Count a table; `date` is how its dates are read, where that is known already."""
        self.table, self.columns = table, columns
        asked, self.measure = asked_alone(table, columns)
        if self.measure is None and question.duplicates == "latest":
            refuse_rows_of_persons(table, columns)
        columns = columns.of_rows(asked.profiles)
        self.counts = read_counts(table, columns)
        if self.counts is not None:
            ask_of_rows_that_add_up(table, columns, self.counts)
            refuse_overlap(table, columns, self.counts.columns)
        self.score = self.counts.columns.score if self.counts is not None else columns.required("score")
        self.reading = None
        if self.counts is None and self.score is not None:
            named = columns.choice("score").is_named
            self.reading = read_scores(asked, self.score, table.scale, named=named)
            number = score_number(self.score, asked.kind_of(self.score).kind)
            ask_of_figure_below(asked, columns, self.score, number)
            ask_of_rows_without_answers(asked, columns, self.score)
        self.asked = asked
        self.by = {name: columns.by(name) for name in question.by}
        self.partner = columns.get("partner")
        self.respondent = _respondent(columns, question) if self.counts is None else None
        self.date = date or _date(table, columns, question, self.partner, self.respondent)
        self.answers = self._answers(question)
        by = list(self.by.values())
        extra = [self.partner] if self.partner is not None and self.partner not in by else []
        self._persons = self._asked_again([*by, *extra], paired=question.against is not None)
        self.by_partner = tally(self.answers, [*by, *extra], self._persons)
        self.tallies = self.by_partner.by_first(len(by)) if extra else self.by_partner
        self.ledger = Ledger(self.tallies.rows_read, self.tallies.set_aside).with_broken(table)
        if self.reading is not None and self.score is not None:
            repeated, rows = self.ledger.set_aside.get(REPEATED, 0), self.ledger.rows_read
            ask_of_one_person(asked, columns, self.respondent, self.partner, repeated=repeated, rows=rows)
            ask_of_texts(self.columns, self.score, self.ledger.set_aside.get(TEXT, 0), self.ledger.rows_used)
        self.notes = [*table.notes, *self._notes(question)]

    def partner_of(self, cell: Cell) -> str | None:
        """Return whose answers a cell of `by_partner` holds; None for those that name nobody."""
        return cell.group[self.by_partner.by.index(self.partner)] if self.partner is not None else None

    def pairs(self, question: Question) -> PairsOf:
        """Return the persons who answered in two periods that are compared: of the whole, and of each group.

        Nothing where one single period is not compared with another, or no answers are those of one person.
        """
        if question.against is None or not self.answers.compete:
            return {}
        named = ["partner" if column == self.partner else f"g{place}" for place, column in enumerate(self.by.values())]
        columns = zip(named, self.by.values(), strict=True)
        several = self._persons if isinstance(self._persons, Several) else None
        if several is not None:
            given = (told_by(f"g{place}", self.table.kind_of(one).kind) for place, one in enumerate(self.by.values()))
            rows = several.of_persons(dict(zip(named, given, strict=True)))
        else:
            texts = {name: self.table.told_by(column) for name, column in columns if name != "partner"}
            rows = self.answers.of_persons(texts, cast("Rows | None", self._persons))
            rows = rows.kept() if self._persons is None else rows
        divisions: list[Sequence[str]] = [(), named] if named else [()]
        whole, *groups = pairs_by(
            rows, question.period, divisions, once=not self.answers.several, narrowed=several is not None
        )
        found: dict[tuple[Group | None, str, str], Pairs] = {(None, *key[1:]): one for key, one in whole.items()}
        for one in groups:
            found.update(one.items())
        return found

    def _asked_again(self, by: Sequence[str], *, paired: bool) -> Rows | Several | None:
        """Return what is known of persons, where it is asked for a second time, by `pairs`."""
        if not paired or not self.answers.compete:
            return None
        if self.answers.counts_by_person(by):
            return self.answers.by_person().kept()
        return Several.of(self.answers, by) if self.table.backend.has_order else None

    def _answers(self, question: Question) -> Answers:
        """Return what is counted: the rows, and which columns say what."""
        given: dict[str, Any] = {
            "day": self.date.expression if self.date is not None else None,
            "period": question.period,
            "duplicates": cast("Duplicates", question.duplicates),
            "window": question.window if self.date is not None else EVERY_DAY,
            "near": self.date.near if self.date is not None else EVERY_DAY,
            "wave": self.date.at_least(question.wave) if self.date is not None else question.wave,
        }
        other = self.measure.condition if self.measure is not None else None
        if self.counts is not None:
            rows = self.counts.rows(self.table.rows)
            return Answers(rows, self.counts.score, self.counts.kind, weighed=True, other=other, **given)
        return Answers.of(
            self.table,
            self.score or "",
            expression=self.reading.expression if self.reading is not None else None,
            partner=self.partner,
            respondent=self.respondent,
            other=other,
            **given,
        )

    @property
    def labelled(self) -> Rows:
        """Return all rows with the reason why one does not count; computed only when they are read."""
        rows = self.table.numbered
        return replace(self.answers, rows=rows if self.counts is None else self.counts.rows(rows)).labelled()

    @property
    def rows_set_aside(self) -> SetAside:
        """Return the rows that were not used."""
        return SetAside.of(self.table, self.labelled)

    @property
    def roles(self) -> dict[str, str]:
        """Return the columns taken, by role."""
        taken: dict[str, str | None] = {"score": self.score, "partner": self.partner, "respondent": self.respondent}
        taken |= self.counts.columns.roles if self.counts is not None else {}
        taken["date"] = self.date.column if self.date is not None else None
        return {role: name for role, name in taken.items() if name is not None}

    def _notes(self, question: Question) -> list[str]:
        notes = [self.measure.note] if self.measure is not None else []
        if self.counts is not None:
            answers, rows = self.tallies.responses, self.tallies.rows_used
            notes += [
                f"{answers:,} answers in {rows:,} rows of counts: {self.counts.columns.in_words}",
                *self.counts.notes,
            ]
        if self.reading is not None:
            notes += [*self.reading.notes, *compare_bands(self.asked, self.reading)]
        if self.score is not None and (what := asks_for(self.table.kind_of(self.score))) is not None:
            notes.append(f"{self.score!r} asks for {what}, not for a recommendation: it counts because you named it")
        notes += flagged(self.table, self.columns)
        if self.date is not None:
            notes += [*self.date.notes, *_other_dates(self.columns, self.date.column)]
        if question.period != "all" and self.tallies.undated:
            notes.append(
                "1 answer has no readable date: it counts for all time and in no period"
                if self.tallies.undated == 1
                else f"{self.tallies.undated:,} answers have no readable date: they count for all time and in no period"
            )
        column = self.date.column if self.date is not None else None
        notes += outside_notes(self.ledger.set_aside, question.window, column, until_named=question.until_named)
        if self.counts is None:
            notes += unnamed_persons(self.asked, self.columns, self.score, self.partner)
        repeated = self.ledger.set_aside.get(REPEATED, 0)
        if repeated * 10 > self.ledger.rows_read:
            wave = self.answers.wave if self.date is not None else "all"
            within = f"in one {wave}" if wave != "all" else "in the whole file"
            notes.append(
                f"of several answers of one person to one partner {within} the {question.duplicates} counts "
                f"({repeated:,} set aside): --duplicates all counts every one"
            )
        if self.table.scale is None and self.counts is None and self.score is not None:
            outside = self.ledger.set_aside.get(RANGE, 0)
            notes += hint_of_scale(self.columns.profile(self.score), outside, self.ledger.rows_used)
        return notes


def count_answers(table: Table, columns: Columns, question: Question) -> CountedAnswers:
    """Count a table of answers; DataProblem where none can be counted, with what was found instead."""
    counted = CountedAnswers(table, columns, question)
    refuse_without_answers(counted, question)
    return counted


def refuse_without_answers(counted: CountedAnswers, question: Question) -> None:
    """Raise DataProblem where no answer can be counted, with what was found instead."""
    table = counted.table
    if counted.counts is not None and not counted.tallies.responses:
        found = ", ".join(f"{count:,} {reason}" for reason, count in counted.ledger.set_aside.items())
        raise DataProblem(
            f"{table.label} holds numbers of answers, and none is above 0: of {counted.ledger.rows_read:,} rows, "
            f"{found or 'none is set aside'}"
        )
    if counted.ledger.rows_used == 0:
        if counted.ledger.rows_read == 0:
            raise DataProblem(f"{table.label} has a header but no rows below it: export it again with the answers")
        from partnerkpi.tables.sheetmarks import UNCALCULATED

        if counted.date is not None:
            refuse_other_days(table, counted.date, question.window)
        found = ", ".join(f"{count:,} {reason}" for reason, count in counted.ledger.set_aside.items())
        if unread := [note for note in table.notes if UNCALCULATED in note]:
            raise DataProblem(f"column {counted.score!r} of {table.label} holds no score. {unread[0]}")
        raise DataProblem(
            f"column {counted.score!r} of {table.label} holds no score from 0 to 10: "
            f"of {counted.ledger.rows_read:,} rows, {found}. " + _instead(table, counted.score)
        )


def _instead(table: Table, score: str | None) -> str:
    if score is not None and table.kind_of(score).is_band:
        return "Give how many there are of each band: a row a band with a column Responses, or a column a band"
    return "Name the column that holds the scores with --score COLUMN"


def nps_of(counted: CountedAnswers, question: Question, benchmark: TieredBenchmark) -> KpiResult:
    """Return the rows of answers that are counted already."""
    cells: defaultdict[tuple[Group | None, str | None], ScoreTally] = defaultdict(ScoreTally)
    for cell in counted.tallies.cells:
        for group in (None, cell.group) if question.by else (None,):
            cells[group, None] += cell.tally
            if cell.period is not None:
                cells[group, cell.period] += cell.tally
    whole = cells[None, None]
    partners = ((counted.partner_of(cell), cell) for cell in counted.by_partner.cells)
    clusters = ByPartner(partners if counted.partner is not None else None, question)
    if question.population is not None and question.population < whole.responses:
        raise UsageError(
            f"--population {question.population} is less than the {whole.responses} answers: "
            "give the number of people who could have answered"
        )

    def row(group: Group | None, period: str | None) -> Mapping[str, Any]:
        # Only the whole is known to be drawn from the population; how many of it belong to a group is not.
        population = question.population if group is None and period is None else None
        return {
            **_row(cells.get((group, period), ScoreTally()), question, benchmark_of(group), population),
            **clusters.columns(group, period),
            **_rolling(cells, group, period, periods, question),
            **more[group, period],
            **clusters.change_columns(group, period, periods),
        }

    benchmark_of = benchmark.by_group_of(counted.table, counted.columns, list(counted.by.values()))
    groups = {cell.group for cell in counted.tallies.cells}
    periods = gapless((p for _, p in cells if p is not None), question.period)
    pairs = counted.pairs(question)
    more = segment_columns(cells, groups if question.by else (), periods, question, pairs)
    notes = [*counted.notes, *comparison_notes(len(groups), question, periods), *paired_notes(pairs, periods, question)]
    notes += clusters.notes()
    notes += span_notes(counted.table, counted.date, periods, question)
    if question.population is not None and (question.by or question.period != "all"):
        notes.append(
            "--population narrows the interval of the whole only: how it divides over groups and periods is not known"
        )
    return KpiResult(
        "nps",
        tuple(in_order(question.by, groups, periods, row)),
        provenance(
            [counted.table],
            counted.roles | counted.by,
            counted.ledger,
            quality=remarks_of(counted.table, counted.columns, RESPONSES, counted.ledger),
        ),
        tuple(notes),
        (counted.rows_set_aside,),
    )


def _row(tally: ScoreTally, question: Question, benchmark: Benchmark, population: int | None) -> Mapping[str, Any]:
    interval = tally.interval(question.confidence, population)
    return {
        **answers(tally),
        **bounds(interval),
        "rating": None if tally.few_responses(question.min_responses) else benchmark.rating(tally.nps),
        "flags": flags(tally, question.min_responses),
    }


def _rolling(
    cells: Mapping[tuple[Group | None, str | None], ScoreTally],
    group: Group | None,
    period: str | None,
    periods: Sequence[str],
    question: Question,
) -> Mapping[str, Any]:
    """Return the NPS of the answers of a window of periods, pooled; None for the row of all time."""
    if question.rolling is None:
        return {}
    end = periods.index(period) + 1 if period is not None else 0
    labels = periods[max(0, end - question.rolling) : end]
    pooled = ScoreTally.pooled(cells.get((group, label), ScoreTally()) for label in labels)
    interval = pooled.interval(question.confidence)
    return {
        "rolling_responses": pooled.responses if period is not None else None,
        "rolling_nps": pooled.nps,
        **bounds(interval, "rolling_"),
    }


def flags(tally: ScoreTally, minimum: int) -> list[str]:
    """Return what to beware of: no data at all, or too few answers to lean on."""
    if tally.responses == 0:
        return [NO_DATA]
    return [FEW_RESPONSES] if tally.few_responses(minimum) else []


def _respondent(columns: Columns, question: Question) -> str | None:
    return columns.known("respondent") if question.duplicates != "all" else None


def _date(
    table: Table, columns: Columns, question: Question, partner: str | None, respondent: str | None
) -> DateColumn | None:
    """Return the dates if they are needed: to tell periods, which of a respondent's answers is the latest, or slips."""
    if question.period != "all":
        return dates_of(table, columns, question)
    if question.window == EVERY_DAY and (respondent is None or not _answered_twice(table, partner, respondent)):
        return slips(table, columns, question.day_first)
    column = columns.known("date")
    return near_dates(table, read_dates(table, column, question.day_first), question.window) if column else None


def dates_of(table: Table, columns: Columns, question: Question) -> DateColumn:
    """Return how a table's dates are read by which it is counted, and which of them are far from all others."""
    found = read_dates(table, columns.required("date"), question.day_first)
    found.check_period(question.period)
    return near_dates(table, found, question.window)


def _other_dates(columns: Columns, date: str) -> list[str]:
    """Say which other columns hold dates, where nobody named the one that is taken."""
    if columns.choice("date").is_named:
        return []
    others = [one.name for one in called(columns.profiles).of_any(DATE_TIERS) if one.name != date]
    if not others:
        return []
    named = ", ".join(map(repr, others[:3])) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
    return [f"answers are dated by {date!r}, not by {named}: --date COLUMN takes another"]


def _answered_twice(table: Table, partner: str | None, respondent: str) -> bool:
    sql = "SELECT 1 FROM __rows WHERE person IS NOT NULL GROUP BY person, partner HAVING count(*) > 1 LIMIT 1"
    return bool(table.persons_of(respondent, partner).fetch(sql))
