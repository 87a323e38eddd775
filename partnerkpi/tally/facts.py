"""What each row of answers counts as: used, in which band and period, or why not. One query says it for every row.

One order decides: a blank score, a text in a score, a score out of 0..10, a day that does not count, a repeated answer
of the same respondent, used. Null and NaN are taken out first, because engines rank NaN above 9.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from partnerkpi import vocabulary
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.periods import EVERY_DAY, PERIODS, UNITS, Days, Period, months_ahead
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.numbertext import PLAIN, plain_sql
from partnerkpi.tables.sql import PLACE, identifier, listed, literal, once, period_number, person_of, told_by, trimmed
from partnerkpi.tables.table import Table

Duplicates = Literal["latest", "first", "all"]

DUPLICATES: tuple[Duplicates, ...] = ("latest", "first", "all")

BLANK = "blank score"
TEXT = "text in a score"
ERROR = "error cell"
RANGE = "out of range"
UNDATED = "no date"
FAR = "date far from all others"
OUTSIDE = "date outside the window"
REPEATED = "duplicate respondent"
NO_NUMBER = "no number of answers"
OF_OTHERS = "sum of other rows"
OTHER = "answer to another question"
REASONS = (BLANK, TEXT, ERROR, RANGE, UNDATED, FAR, OUTSIDE, REPEATED, NO_NUMBER, OF_OTHERS, OTHER)

# Whole numbers, so that an engine does not turn whole scores into floats to compare them.
LOWEST, PASSIVE, PROMOTER, HIGHEST = map(int, (LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM, HIGHEST_SCORE))

#: What a row counts as, by the number under which the engine groups it: a band, or the reason why it does not count.
DETRACTORS, PASSIVES, PROMOTERS = 0, 1, 2
REASON_OF = dict(enumerate(REASONS, PROMOTERS + 1))
_NUMBER = {reason: number for number, reason in REASON_OF.items()}

#: The columns that this query adds; two underscores keep them out of a survey's way.
SCORE, DAY, MONTH, STRETCH, WAVE, COUNTS_AS, REASON, PERSON, WITH = (
    f"__{name}" for name in ("score", "day", "month", "stretch", "wave", "counts_as", "reason", "person", "with")
)

#: The score as it is written, and without outer blanks; the respondent without them.
_WRITTEN, _BARE, _WHO = "__written", "__bare", "__who"

#: What a row says that stands for several answers: which, how many, whether it is the first of its row in the file, and
#: the number of the reason why it does not count.
ANSWER, WEIGHT, FIRST, LOST = "__answer", "__weight", "__first", "__lost"

#: Rows count as fewer different things than this power of two.
_BANDS = 16

#: Two to this power is more than the places of all rows of a run.
_PLACES = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to be counted: numbered rows, SQL and type of the score, and what else tells them apart.

    Columns come with their types; `day` is SQL for the time of an answer, in UTC. Of several answers of one person to
    one partner in one survey wave the latest counts (or the first, or all); answers of nobody known always do. The wave
    is the same whatever period is shown, and the whole table where there are no dates. Only answers that could count
    compete: a later blank does not displace an earlier score, nor does one outside the window, in which no answer
    without a date counts. A day that is not `near` is mistyped. `other` is SQL that tells the
    answers to another question.
    """

    rows: Rows
    score: str
    kind: str
    partner: tuple[str, str] | None = None
    respondent: tuple[str, str] | None = None
    day: str | None = None
    period: Period = "all"
    duplicates: Duplicates = "latest"
    weighed: bool = False
    wave: Period = "quarter"
    window: Days = EVERY_DAY
    near: Days = EVERY_DAY
    other: str | None = None

    def __post_init__(self) -> None:
        if self.period not in PERIODS:
            raise UsageError(f"period {self.period!r} is not one of {', '.join(PERIODS)}")
        if self.wave not in PERIODS:
            raise UsageError(f"wave {self.wave!r} is not one of {', '.join(PERIODS)}")
        if self.duplicates not in DUPLICATES:
            raise UsageError(f"duplicates {self.duplicates!r} is not one of {', '.join(DUPLICATES)}")
        if self.period != "all" and self.day is None:
            raise UsageError(f"a {self.period} needs a date column: name it with --date COLUMN")

    @classmethod
    def of(
        cls,
        table: Table,
        score: str,
        *,
        expression: str | None = None,
        partner: str | None = None,
        respondent: str | None = None,
        **options: Any,
    ) -> Self:
        """Return the answers of a table by the names of its columns; `expression` is a text in the score's place."""
        who, person = ((name, table.kind_of(name).kind) if name is not None else None for name in (partner, respondent))
        rows = table.rows if respondent is None else table.numbered
        kind = "VARCHAR" if expression is not None else table.kind_of(score).kind
        return cls(rows, expression or identifier(score), kind, who, person, **options)

    @property
    def compete(self) -> bool:
        """Tell whether one answer of a person may take the place of another."""
        return self.respondent is not None and self.duplicates != "all"

    @property
    def several(self) -> bool:
        """Tell whether a person may have an answer for each of several waves in one period."""
        wave, shown = UNITS.get(self._wave), UNITS.get(self.period)
        # A week may lie in two waves.
        return wave is not None and (shown is None or shown > wave or self.period == "week")

    def read(self) -> Rows:
        """Return the rows with score, time, period and what each counts as by itself, repeated answers among them."""
        score, counts_as = _score(_WRITTEN, self.kind)
        if self.weighed:
            counts_as = f"coalesce({LOST}, {counts_as})"
        if self.other is not None:
            counts_as = f"CASE WHEN {self.other} THEN {_NUMBER[OTHER]} ELSE {counts_as} END"
            score = f"CASE WHEN NOT ({self.other}) THEN {score} END"
        day = self.day or "CAST(NULL AS TIMESTAMP)"
        known = self.period != "all" or self._wave != "all"
        cases = self._outside()

        def number(period: Period) -> str:
            found = period_number(DAY, period) if known else "NULL"
            # A day that does not count opens no period.
            return f"CASE WHEN (CASE {' '.join(cases)} END) IS NULL THEN {found} END" if known and cases else found

        month = number(self.period)
        person = wave = ""
        if self.respondent is not None and self.compete:
            person = f", {person_of(_WHO, self.respondent[1])} AS {PERSON}"
            of_wave = number(self._wave) if self.period == "week" else MONTH
            wave = f", CAST({_number_of(self._wave, of_wave)} AS INTEGER) AS {WAVE}" if self.within == WAVE else ""
        known_once = once(f"SELECT *, {score} AS {SCORE}, {day} AS {DAY}{person} FROM {self._as_written}")
        return self.rows.select(
            f"SELECT *, CAST({self._in_time(counts_as)} AS TINYINT) AS {COUNTS_AS}, "
            f"CAST({_number_of(self.period)} AS INTEGER) AS {STRETCH}{wave} FROM "
            f"(SELECT *, CAST({month} AS INTEGER) AS {MONTH} FROM {known_once})"
        )

    @property
    def _as_written(self) -> str:
        """Return SQL for the rows with score, respondent and partner as they are written, and bare."""
        persons = ""
        if self.respondent is not None and self.compete:
            partner = told_by(*self.partner) if self.partner is not None else "CAST(NULL AS VARCHAR)"
            persons = f", {told_by(*self.respondent)} AS {_WHO}, {partner} AS {WITH}"
        written = once(f"SELECT *, {self.score} AS {_WRITTEN}{persons} FROM __rows")
        return written if self.kind != "VARCHAR" else once(f"SELECT *, {trimmed(_WRITTEN)} AS {_BARE} FROM {written}")

    @property
    def _wave(self) -> Period:
        """Return the period in which one answer of a person counts; all time where nothing is known of time."""
        return self.wave if self.compete and self.day is not None else "all"

    @property
    def within(self) -> str:
        """Return the column of the wave: that of the period where both are the same."""
        alike = (str(self._wave), months_ahead(self._wave)) == (str(self.period), months_ahead(self.period))
        return STRETCH if alike else WAVE

    def _in_time(self, counts_as: str) -> str:
        """Return SQL for what a row counts as, given that without regard to its day."""
        cases = self._outside()
        if not cases:
            return counts_as
        usable = f"{SCORE} BETWEEN {LOWEST} AND {HIGHEST}"
        return f"coalesce(CASE WHEN {usable} THEN CASE {' '.join(cases)} END END, {counts_as})"

    def _outside(self) -> list[str]:
        """Return the cases of an answer whose day does not count, each with the number of its reason."""
        if self.day is None:
            return []
        day = f"CAST({DAY} AS DATE)"
        cases = [f"WHEN {DAY} IS NULL THEN {_NUMBER[UNDATED]}"] if self.window != EVERY_DAY else []
        for (first, last), reason in ((self.near, FAR), (self.window, OUTSIDE)):
            for bound, sign in ((first, "<"), (last, ">")):
                if bound is not None:
                    cases.append(f"WHEN {day} {sign} {_day(bound)} THEN {_NUMBER[reason]}")
        return cases

    def marked(self) -> Rows:
        """Return the rows with what each counts as in the end."""
        read = self.read()
        if not self.compete:
            return read
        if self.rows.backend.has_order:
            return read.select(self._among_those_who_answered_twice(read))
        counts_as = f"CASE WHEN {COMPETES} AND {self._rank} > 1 THEN {_NUMBER[REPEATED]} ELSE {COUNTS_AS} END"
        return read.select(f"SELECT * REPLACE (CAST({counts_as} AS TINYINT) AS {COUNTS_AS}) FROM __rows")

    def _among_those_who_answered_twice(self, read: Rows) -> str:
        """Return SQL that marks repeated answers: few have answered twice, and only they are held in memory.

        They are looked for by a number made of their names, which takes less memory than names do; two persons of one
        number are told apart by their names after it.
        """
        place = f"CAST({self._chosen} & {(1 << _PLACES) - 1} AS BIGINT)" if self.day is not None else self._chosen
        keys = {PERSON: "__one", WITH: "__one_with", self.within: "__one_in"}
        grouped = ", ".join(f"{key} AS {name}" for key, name in keys.items())
        same = " AND ".join(f"{key} IS NOT DISTINCT FROM {name}" for key, name in keys.items())
        counts_as = f"CASE WHEN {COMPETES} AND {PLACE} <> __kept THEN {_NUMBER[REPEATED]} ELSE {COUNTS_AS} END"
        number = f"CASE WHEN {COMPETES} THEN hash({', '.join(keys)}) END"
        return f"""
            SELECT * EXCLUDE (__kept, {", ".join(keys.values())})
                     REPLACE (CAST({counts_as} AS TINYINT) AS {COUNTS_AS})
            FROM __rows LEFT JOIN (
                SELECT {grouped}, {place} AS __kept FROM ({read.sql}) AS read
                WHERE {number} IN (
                    SELECT number FROM (SELECT {number} AS number FROM ({read.sql}) AS each_one) AS numbers
                    GROUP BY number HAVING count(*) > 1)
                GROUP BY {", ".join(keys)} HAVING count(*) > 1) AS twice
            ON {same}"""

    @property
    def _rank(self) -> str:
        """Return SQL for the place of an answer among those that it competes with, where rows have no order.

        Of two answers at one time the lower score counts.
        """
        # Those that do not compete are spread over time: nobody's answers would all be one person's.
        person = f"CASE WHEN {COMPETES} THEN {PERSON} END, CASE WHEN NOT {COMPETES} THEN {DAY} END"
        time = f"{DAY} DESC NULLS LAST" if self.duplicates == "latest" else f"{DAY} NULLS FIRST"
        return f"row_number() OVER (PARTITION BY {person}, {WITH}, {self.within} ORDER BY {time}, {SCORE})"

    def of_persons(self, columns: Mapping[str, str], counted: Rows | None = None) -> Rows:
        """Return the answers that count of those who are known: person, partner, stretch, score, and columns by name.

        The SQL of each column comes with its name. Without a rule for several answers of a person nobody is known.
        Where nothing but partners matters, the answers that were `counted` by person need not be found again; of their
        scores the band is known: 0, 7 or 9.
        """
        names = f"{PERSON} AS person, {WITH} AS partner, {STRETCH} AS stretch"
        if counted is not None and not columns:
            return counted.select(f"SELECT {names}, {band_as_score()} AS score FROM __rows WHERE alone < 0")
        others = "".join(f", {sql} AS {name}" for name, sql in columns.items())
        return self.marked().select(
            f"SELECT {names}, CAST({SCORE} AS DOUBLE) AS score{others} FROM __rows WHERE {COMPETES}"
        )

    def labelled(self) -> Rows:
        """Return all rows, each with the reason why it does not count as `__reason`, null where it does."""
        cases = " ".join(f"WHEN {number} THEN {literal(reason)}" for number, reason in REASON_OF.items())
        labelled = self.marked().select(f"SELECT *, CASE {COUNTS_AS} {cases} END AS {REASON} FROM __rows")
        return labelled.where(f"{REASON} IS NULL OR {FIRST} = 1") if self.weighed else labelled

    def counted(self, by: Sequence[str], persons: Rows | None = None) -> list[tuple[Any, ...]]:
        """Return how many rows of each group and period count as what, and how many answers they are.

        `(*group, period, counts as, rows, repeated, answers)`: a period is its number; `repeated` are rows of the group
        that do not count because another of the person does. Each row is an answer, but for those that are weighed.
        `persons` are the rows of `by_person`, where they are kept.
        """
        if self.counts_by_person(by):
            keys = f"{WITH + ', ' if by else ''}{STRETCH}, {COUNTS_AS}"
            answers = "sum(CASE WHEN alone < 0 THEN 1 ELSE n END)"
            repeated = "sum(CASE WHEN alone < 0 THEN n - 1 ELSE 0 END)"
            rows = persons if persons is not None else self.by_person()
            return rows.fetch(f"SELECT {keys}, {answers}, {repeated}, {answers} FROM __rows GROUP BY {keys}")
        keys = ", ".join([*map(identifier, by), STRETCH, COUNTS_AS])
        rows_and_answers = (
            (f"sum({FIRST})", f"sum(coalesce({WEIGHT}, 0))") if self.weighed else ("count(*)", "count(*)")
        )
        number, answers = rows_and_answers
        return self.marked().fetch(f"SELECT {keys}, {number}, 0, {answers} FROM __rows GROUP BY {keys}")

    def counts_by_person(self, by: Sequence[str]) -> bool:
        """Tell whether all that is asked of an answer is known of its person: then no row is found again."""
        return self.compete and set(by) <= {self.partner[0] if self.partner is not None else None}

    def by_person(self) -> Rows:
        """Return what each person's answers to a partner in a wave count as, and how many rows they are, `n`.

        `alone` is what rows count as that compete with no other, below 0 for those that do.
        """
        alone = f"CASE WHEN {COMPETES} THEN -1 ELSE {COUNTS_AS} END"
        person = f"CASE WHEN {COMPETES} THEN {PERSON} END"
        best = f"arg_{self.most}({COUNTS_AS}, {self.key})" if self.rows.backend.has_order else self._best_band
        inner = [person, WITH, alone, *dict.fromkeys((self.within, *self._told_by_the_wave))]
        stretch = STRETCH
        if self.within != STRETCH and not self._told_by_the_wave:
            # A period that a wave does not tell is that of the answer which counts.
            inner.append(f"CASE WHEN {COMPETES} THEN NULL ELSE {STRETCH} END")
            stretch = f"nullif(arg_{self.most}(coalesce({STRETCH}, -1), {self.key}), -1) AS {STRETCH}"
        return self.read().select(
            f"SELECT {person} AS {PERSON}, {WITH}, {stretch}, {alone} AS alone, {best} AS {COUNTS_AS}, count(*) AS n "
            f"FROM __rows GROUP BY {', '.join(inner)}"
        )

    @property
    def _told_by_the_wave(self) -> tuple[str, ...]:
        """Return the column of the period if each wave lies within one."""
        if self.period == "all":
            return (STRETCH,)
        if self._wave == "all" or self.period == "week":  # which may lie in two waves
            return ()
        wave, ahead = UNITS[self._wave], months_ahead(self.period) - months_ahead(self._wave)
        return (STRETCH,) if UNITS[self.period] % wave == 0 == ahead % wave else ()

    @property
    def _best_band(self) -> str:
        """Return SQL for the band of the answer that counts, where rows have no order: it is part of the key."""
        band = f"({self._chosen} & {_BANDS - 1})"
        return f"{_BANDS - 1} - {band}" if self.duplicates == "latest" else band

    @property
    def most(self) -> str:
        """Return whether the most or the least of the keys is the answer that counts: `max` or `min`."""
        return "max" if self.duplicates == "latest" else "min"

    @property
    def _chosen(self) -> str:
        return f"{self.most}({self.key})"

    @property
    def key(self) -> str:
        """Return SQL for a number that grows with time and, of two answers at one time, with their place.

        Where rows have no order the number tells what an answer counts as, and of two at one time the lower is chosen,
        as by `_rank`. Engines keep the largest number of each group in a table, where they would sort rows of values.
        """
        if not self.rows.backend.has_order:
            far = 1 << 58  # microseconds: beyond the years -7,000 and 11,000 one time is as good as another
            time = f"greatest(least(coalesce(epoch_us({DAY}), {-far}), {far}), {-far})"
            band = f"{_BANDS - 1} - {COUNTS_AS}" if self.duplicates == "latest" else COUNTS_AS
            return f"({time} * {_BANDS} + {band})"
        if self.day is None:
            return PLACE
        # One wide number is compared in half the time that a pair takes. Who has no time is before all others.
        return f"(coalesce(epoch_us({DAY}), {-1 << 62})::HUGEINT * {1 << _PLACES} + {PLACE})"


def band_as_score() -> str:
    """Return SQL for a score of the band that an answer counts as."""
    return f"CASE {COUNTS_AS} WHEN {DETRACTORS} THEN 0 WHEN {PASSIVES} THEN {PASSIVE} ELSE {PROMOTER} END"


def _number_of(period: Period, month: str = MONTH) -> str:
    """Return SQL for the number under which a period is counted; null for all time."""
    units = UNITS.get(period)
    return f"CAST({month} + {months_ahead(period)} AS INTEGER) // {units}" if units is not None else "NULL"


def _day(day: dt.date) -> str:
    return f"DATE {literal(day.isoformat())}"


COMPETES = f"({COUNTS_AS} <= {PROMOTERS} AND {PERSON} IS NOT NULL)"


def _score(column: str, kind: str) -> tuple[str, str]:
    """Return SQL for a score (SQL and its type), null where there is none, and for what its row counts as."""
    if kind == "VARCHAR":
        score = f"CASE WHEN regexp_matches({_BARE}, '^{PLAIN}$') THEN {plain_sql(_BARE)} END"
        blank = f"{column} IS NULL OR lower({_BARE}) IN {listed(vocabulary.BLANK)}"
        error = f"WHEN lower({_BARE}) IN {listed(vocabulary.ERRORS_SHOWN)} THEN {_NUMBER[ERROR]}"
        return score, _in_bands(f"CASE {error} WHEN {blank} THEN {_NUMBER[BLANK]} ELSE {_NUMBER[TEXT]} END")
    if kind in ("FLOAT", "DOUBLE"):
        return f"CASE WHEN NOT isnan({column}) THEN {column} END", _in_bands(f"{_NUMBER[BLANK]}")
    if kind.startswith("DECIMAL") or kind in _WHOLE:
        return column, _in_bands(f"{_NUMBER[BLANK]}")
    # A column of dates or TRUE/FALSE holds no score at all: every value in it is a text.
    return "CAST(NULL AS DOUBLE)", f"CASE WHEN {column} IS NULL THEN {_NUMBER[BLANK]} ELSE {_NUMBER[TEXT]} END"


def _in_bands(without: str) -> str:
    """Return SQL for what a score counts as; `without` is for a row that has none."""
    return (
        f"CASE WHEN {SCORE} < {PASSIVE} THEN CASE WHEN {SCORE} >= {LOWEST} THEN {DETRACTORS} ELSE {_NUMBER[RANGE]} END "
        f"WHEN {SCORE} < {PROMOTER} THEN {PASSIVES} WHEN {SCORE} <= {HIGHEST} THEN {PROMOTERS} "
        f"WHEN {SCORE} IS NOT NULL THEN {_NUMBER[RANGE]} ELSE {without} END"
    )


_WHOLE = {f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")}
