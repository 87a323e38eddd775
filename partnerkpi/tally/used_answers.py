"""Who answered, seen beyond the counts of partners: segments, people who answered before, and whom to call.

The engine counts them from the rows that count, which it may keep in a file, not in memory; none comes into Python but
those of people who need a call.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM, ScoreTally
from partnerkpi.periods import UNITS, Period, first_month, months_ahead, period_label
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.sql import PLACE, ROW, SOURCE, identifier, listed
from partnerkpi.tables.values import as_text
from partnerkpi.tally.facts import DAY, MONTH, REASON, SCORE, STRETCH, WEIGHT
from partnerkpi.tally.pairs import PairsBy, pairs_by
from partnerkpi.tally.scores import label_of


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """One answer of one person: the score now, and the one before where the person answered in an earlier period."""

    partner: str | None
    respondent: str | None
    day: dt.date | None
    score: float
    before: float | None = None


@dataclass(frozen=True, slots=True)
class People:
    """How many different people answered in a period, and how many of them had answered in an earlier one."""

    people: int
    returning: int


@dataclass(frozen=True, slots=True)
class ToCall:
    """People who need a call, and how many more there are by partner and whether they are detractors."""

    listed: tuple[PersonAnswer, ...]
    more: Mapping[tuple[str | None, bool], int] = field(default_factory=dict)


class UsedAnswers:
    """The answers that count, as rows of partner, respondent, comment, dimensions, period, day and score."""

    def __init__(
        self,
        labelled: Rows,
        period: Period,
        texts: Mapping[str, str],
        comment: str | None = None,
        *,
        weighed: bool = False,
        several: bool = False,
        competing: bool = False,
    ) -> None:
        """Take the used rows of `labelled`, each with the reason why it does not count.

        `texts` has SQL for partner, respondent and person (else the respondent), and under `dimension ...` for the
        segments, null where blank; `comment` is the column of comments. Rows that are `weighed` stand for several
        answers, of which none is known by itself. Where a person may have `several` answers in a period, one of each
        wave in it, calls go by the latest; where answers of a person compete, there is one of each wave.
        """
        self.period, self.weighed, self._several, self._competing = period, weighed, several, competing
        self._anonymous = weighed or not {"partner", "respondent"} & set(texts)  # whom to call cannot be told
        self._of_partners = "respondent" not in texts  # whom to call is a partner, if it gave one answer
        self.dimensions = {
            role.removeprefix("dimension "): f"d{number}"
            for number, role in enumerate(role for role in texts if role.startswith("dimension "))
        }
        names = {"partner": "partner", "respondent": "respondent", "person": "person"}
        names |= {f"dimension {name}": short for name, short in self.dimensions.items()}
        parts = [f"CAST({SCORE} AS DOUBLE) AS score", f"{STRETCH} AS stretch", f"CAST({DAY} AS DATE) AS day"]
        known = {"person": texts["respondent"]} | dict(texts) if "respondent" in texts else dict(texts)
        parts += [f"{known.get(role, 'CAST(NULL AS VARCHAR)')} AS {short}" for role, short in names.items()]
        if weighed:
            parts.append(f"{WEIGHT} AS answers")
        if comment is not None:
            parts += [f"CAST({identifier(comment)} AS VARCHAR) AS comment", SCORE, SOURCE, ROW, PLACE, MONTH]
        used = labelled.select(f"SELECT {', '.join(parts)} FROM __rows WHERE {REASON} IS NULL")
        self.rows = used.kept()

    def stretch(self, label: str) -> int:
        """Return the number under which the engine counts a period."""
        return (first_month(label, self.period) + months_ahead(self.period)) // UNITS[self.period]

    def segments(self) -> dict[str, dict[tuple[str | None, str | None], ScoreTally]]:
        """Return for each dimension the counts of each of its values in each period; None is an answer without one."""
        return {
            name: {cell: ScoreTally.pooled(tallies.values()) for cell, tallies in cells.items()}
            for name, cells in self.segments_by_partner().items()
        }

    def segments_by_partner(self) -> dict[str, dict[tuple[str | None, str | None], dict[str | None, ScoreTally]]]:
        """Return the counts of `segments` by partner; None are answers that name none."""
        if not self.dimensions:
            return {}
        columns = list(self.dimensions.values())
        sets = ", ".join(f"({column}, stretch, partner)" for column in columns)
        counts = _BANDS_OF_NUMBERS if self.weighed else _BANDS
        # The rows are gone through once for all dimensions.
        found = self.rows.fetch(
            f"SELECT grouping({', '.join(columns)}), coalesce({', '.join(columns)}), stretch, partner, {counts} "
            f"FROM __rows GROUP BY GROUPING SETS ({sets}) ORDER BY 1, 2, 3, 4"
        )
        # `grouping` has one bit a column, the first the highest, and it is set where the column was added up.
        everything = (1 << len(columns)) - 1
        names = {everything ^ (1 << (len(columns) - 1 - number)): name for number, name in enumerate(self.dimensions)}
        tallies: dict[str, dict[tuple[str | None, str | None], dict[str | None, ScoreTally]]]
        tallies = {name: {} for name in self.dimensions}
        for number, value, stretch, partner, *bands in found:
            cell = tallies[names[number]].setdefault((as_text(value), label_of(stretch, self.period)), {})
            one = ScoreTally(*map(int, bands))
            cell[partner] = cell[partner] + one if partner in cell else one
        return tallies

    def waves(self, wave: Period) -> dict[str | None, frozenset[str | None]]:
        """Return by period the survey waves in which its answers were given; answers without a date are of no wave."""
        if wave == "all":
            return {}
        found = self.rows.fetch(
            "SELECT DISTINCT stretch, year(day) * 12 + month(day) - 1 AS month FROM __rows WHERE day IS NOT NULL"
        )
        waves: defaultdict[str | None, set[str | None]] = defaultdict(set)
        for stretch, month in found:
            waves[label_of(stretch, self.period)].add(period_label(int(month), wave))
        return {label: frozenset(told) for label, told in waves.items()}

    def people(self) -> dict[str | None, People]:
        """Return by period how many people answered and how many had answered in an earlier one."""
        # Who answers for the first time does not return: so nobody's answers need be sorted.
        of_person = "FROM __rows WHERE person IS NOT NULL GROUP BY person, partner"
        is_once = self._competing and not self._several
        answered = (
            "__rows WHERE person IS NOT NULL" if is_once else f"(SELECT stretch {of_person}, stretch) AS answered"
        )
        found = self.rows.fetch(
            f"""SELECT stretch, sum(people), sum(new) FROM (
                SELECT stretch, count(*) AS people, 0 AS new FROM {answered} GROUP BY stretch
                UNION ALL
                SELECT stretch, 0, count(*) FROM (SELECT min(stretch) AS stretch {of_person}) AS began GROUP BY stretch
            ) AS counted GROUP BY stretch ORDER BY stretch"""
        )
        return {
            label_of(stretch, self.period): People(int(people), int(people - new) if stretch is not None else 0)
            for stretch, people, new in found
            if people
        }

    def pairs(self) -> tuple[PairsBy, dict[str, PairsBy]]:
        """Return the persons who answered in two periods that are compared: by partner, and by value of a dimension.

        None where all answers of a person count, each as one of its own.
        """
        if self.weighed or not self._competing:
            return {}, {name: {} for name in self.dimensions}
        divisions = [("partner",), *((column,) for column in self.dimensions.values())]
        found = pairs_by(self.rows, self.period, divisions, once=not self._several)
        return found[0], {name: found[place] for place, name in enumerate(self.dimensions, 1)}

    def to_call(self, label: str | None, most: int | None = None, values: Mapping[str, float] | None = None) -> ToCall:
        """Return the detractors of a period, and its passives who were promoters when they answered last before.

        Of several answers on that last day the highest is taken: nobody who was a promoter is overlooked. With `most`,
        so many are listed: those of the partners with the highest value first (who has none is last), then detractors,
        the lowest scores, and names; the others are counted. So are all where nobody is named, unless no partner has
        more than one.
        """
        if self._anonymous:
            return ToCall((), self._low_numbers(label))
        calls = self.rows.select(self._calls(label))
        if self._of_partners and calls.fetch("SELECT partner FROM __rows GROUP BY partner HAVING count(*) > 1 LIMIT 1"):
            return ToCall((), self._low_numbers(label))
        if most is None:
            return ToCall(tuple(_persons(calls, "TRUE", "ORDER BY partner, score, day, respondent")))
        calls = calls.kept()  # they are asked for three times
        known = values or {}
        counted = {
            (partner, bool(low)): count
            for partner, low, count in calls.fetch(
                f"SELECT partner, score < {PASSIVE_FROM} AS low, count(*) FROM __rows GROUP BY 1, 2 ORDER BY 1, 2"
            )
        }
        by_value: defaultdict[float, list[str | None]] = defaultdict(list)
        for partner in dict.fromkeys(partner for partner, _ in counted):
            by_value[-known[partner] if partner in known else math.inf].append(partner)
        order = f"ORDER BY score >= {PASSIVE_FROM}, score, partner, respondent, day"
        # Two queries, however many values there are: of the partners whose calls are all listed, and of the next ones.
        of_all: dict[str | None, float] = {}
        left, following = most, None
        for value in sorted(by_value):
            calls_of = sum(counted.get((partner, low), 0) for partner in by_value[value] for low in (True, False))
            if calls_of > left:
                following = by_value[value]
                break
            of_all |= dict.fromkeys(by_value[value], value)
            left -= calls_of
        first = _persons(calls, _among(list(of_all)), order) if of_all else []
        first.sort(key=lambda one: of_all[one.partner])
        if following is not None:
            first += _persons(calls, _among(following), f"{order} LIMIT {left}")
        for one in first:
            counted[one.partner, one.score < PASSIVE_FROM] -= 1
        return ToCall(tuple(first), {key: count for key, count in counted.items() if count})

    def answers_of(self, respondents: Sequence[str]) -> list[PersonAnswer]:
        """Return the dated answers of some respondents, under each name that was asked for, by day and score."""
        if self.weighed or not respondents:
            return []
        found = self.rows.fetch(
            f"""SELECT asked.partner, asked.respondent, given.day, given.score
            FROM (SELECT DISTINCT partner, respondent, person FROM __rows
                  WHERE respondent IN {listed(set(respondents))}) AS asked
            JOIN __rows AS given
            ON given.person = asked.person AND given.partner IS NOT DISTINCT FROM asked.partner
            WHERE given.day IS NOT NULL ORDER BY given.day, given.score, asked.respondent"""
        )
        return [PersonAnswer(partner, as_text(who), day, score) for partner, who, day, score in found]

    def _low_numbers(self, label: str | None) -> dict[tuple[str | None, bool], int]:
        """Return how many detractors a period has by partner, where nobody is named."""
        now = "" if label is None or self.period == "all" else f"AND stretch = {self.stretch(label)}"
        number = "sum(answers)" if self.weighed else "count(*)"
        found = self.rows.fetch(
            f"SELECT partner, {number} FROM __rows WHERE score < {PASSIVE_FROM} {now} GROUP BY partner ORDER BY partner"
        )
        return {(partner, True): int(answers) for partner, answers in found if answers}

    def _calls(self, label: str | None) -> str:
        """Return SQL for the answers of a period that ask for a call, each with the person's score before it."""
        if label is None or self.period == "all":
            rows = self._latest("TRUE")
            return f"SELECT *, CAST(NULL AS DOUBLE) AS before FROM ({rows}) AS latest WHERE score < {PASSIVE_FROM}"
        now = self.stretch(label)
        # An earlier answer is looked for only of people who answered low now.
        return f"""
            SELECT low.partner, low.respondent, low.day, low.score, earlier.score AS before
            FROM (SELECT * FROM ({self._latest(f"stretch = {now}")}) AS latest WHERE score < {PROMOTER_FROM}) AS low
            LEFT JOIN (
                SELECT partner, person, score FROM (
                    SELECT partner, person, score, row_number() OVER (
                        PARTITION BY partner, person
                        ORDER BY stretch DESC, day DESC NULLS LAST, score DESC) AS place
                    FROM __rows WHERE stretch < {now} AND person IN (
                        SELECT person FROM __rows WHERE stretch = {now} AND score < {PROMOTER_FROM})
                ) AS those WHERE place = 1) AS earlier
            ON earlier.person = low.person AND earlier.partner IS NOT DISTINCT FROM low.partner
            WHERE low.score < {PASSIVE_FROM} OR earlier.score >= {PROMOTER_FROM}"""

    def _latest(self, condition: str) -> str:
        """Return SQL for some answers, of each person the latest one to a partner."""
        if not self._several:
            return f"SELECT * FROM __rows WHERE {condition}"
        # Nobody's answers stand for themselves, and are spread over time: they are not all one person's.
        person = "person, partner, CASE WHEN person IS NULL THEN day END"
        return (
            f"SELECT * EXCLUDE (__turn) FROM (SELECT *, row_number() OVER (PARTITION BY {person} "
            f"ORDER BY day DESC NULLS LAST, score) AS __turn FROM __rows WHERE {condition}) AS turns "
            "WHERE __turn = 1 OR person IS NULL"
        )

    def scores(self) -> Iterator[tuple[str | None, str | None, Any, float]]:
        """Yield partner, name of the period, day and score of each answer, in an order that is always the same.

        The name is None on a page of all time; answers without a date count on no other.
        """
        if self.weighed:
            return
        known = "" if self.period == "all" else "WHERE stretch IS NOT NULL"
        order = "partner NULLS LAST, stretch, day, score"
        for block in self.rows.stream(f"SELECT partner, stretch, day, score FROM __rows {known} ORDER BY {order}"):
            for partner, stretch, day, score in block:
                yield partner, label_of(stretch, self.period), day, score


_BANDS = (
    f"count(*) FILTER (WHERE score < {PASSIVE_FROM}), "
    f"count(*) FILTER (WHERE score >= {PASSIVE_FROM} AND score < {PROMOTER_FROM}), "
    f"count(*) FILTER (WHERE score >= {PROMOTER_FROM})"
)
_BANDS_OF_NUMBERS = (
    f"sum(CASE WHEN score < {PASSIVE_FROM} THEN answers ELSE 0 END), "
    f"sum(CASE WHEN score >= {PASSIVE_FROM} AND score < {PROMOTER_FROM} THEN answers ELSE 0 END), "
    f"sum(CASE WHEN score >= {PROMOTER_FROM} THEN answers ELSE 0 END)"
)


def _persons(calls: Rows, among: str, order: str) -> list[PersonAnswer]:
    found = calls.fetch(f"SELECT partner, respondent, day, score, before FROM __rows WHERE {among} {order}")
    return [PersonAnswer(*row) for row in found]


def _among(partners: list[str | None]) -> str:
    """Return SQL that tells whether an answer is of one of some partners."""
    names = [partner for partner in partners if partner is not None]
    conditions = [f"partner IN {listed(names)}"] if names else []
    return " OR ".join([*conditions, *(["partner IS NULL"] if None in partners else [])])
