"""Which scale a score was asked on, and how its texts are read as numbers.

NPS is defined for one question on one scale, 0 to 10. Answers on another scale are refused with the reason, unless the
user says which scale it is: then they are sorted into the three bands in the proportions of the usual ones. That is a
convention of this program and no standard, and every figure made so says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.tables.numbertext import plain_sql
from partnerkpi.tables.profile import BANDS, LABELLED, ColumnProfile, labelled_number
from partnerkpi.tables.sql import identifier, literal, trimmed

if TYPE_CHECKING:
    from partnerkpi.tables.table import Table


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale: its ends, and from where on an answer counts as a passive and as a promoter."""

    low: float
    high: float
    passive: float
    promoter: float

    @property
    def in_words(self) -> str:
        """Return how the answers count: 5 as promoters, 4 as passives, 1 to 3 as detractors."""
        top = f"{self.promoter:g}" if self.promoter == self.high else f"{self.promoter:g} to {self.high:g}"
        step = 1 if self.high <= HIGHEST_SCORE else 0
        middle = f"{self.passive:g} to " + (f"{self.promoter - step:g}" if step else f"below {self.promoter:g}")
        if step and self.promoter - self.passive == 1:
            middle = f"{self.passive:g}"
        bottom = f"{self.low:g} to " + (f"{self.passive - step:g}" if step else f"below {self.passive:g}")
        return f"{top} as promoters, {middle} as passives, {bottom} as detractors"


#: What `--scale` takes; each may also be written from high to low, where a low number is the better answer.
SCALES: Mapping[str, Scale] = {
    "0-10": Scale(LOWEST_SCORE, HIGHEST_SCORE, PASSIVE_FROM, PROMOTER_FROM),
    "1-10": Scale(1, HIGHEST_SCORE, PASSIVE_FROM, PROMOTER_FROM),
    "1-7": Scale(1, 7, 5, 7),
    "1-5": Scale(1, 5, 4, 5),
    "0-100": Scale(0, 100, 10 * PASSIVE_FROM, 10 * PROMOTER_FROM),
}
STANDARD = "0-10"

#: So many answers within a shorter scale are no accident; fewer are shown with a caution.
_SURE = 20
#: On 0-10 a 0 is given at least as often as a 1: without any 0, so many answers of 1 hint that there was no 0 to give.
_ONES = 10
#: What says that a question was asked from 1 to 10: "(1-10)", "1 to 10", "1 bis 10", "de 1 à 10", "del 1 al 10".
#: So many columns of bands are compared with the score.
_NEAREST = 5
_ONE_TO_TEN = re.compile(r"\b1\s*(?:-|–|—|\.\.+|to|bis|à|a|al|tot|til)\s*10\b", re.IGNORECASE)
_NEGATIVE = re.compile(r"not|un|never|nicht|keine|pas|nunca|nada|niet|inte|very poor|worst|schlecht", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ScoreReading:
    """How a column is read as scores: SQL where its values are not numbers on 0 to 10 as they are, and what to say."""

    column: str
    expression: str | None
    notes: tuple[str, ...] = ()


def check_scale(name: str | None) -> str | None:
    """Return a scale as `SCALES` names it, or turned round; UsageError if it is none."""
    if name is None:
        return None
    ends = re.findall(r"[0-9]+", name)
    plain = "-".join(ends)
    if plain not in SCALES and "-".join(reversed(ends)) not in SCALES:
        raise UsageError(
            f"--scale {name}: no such scale; known are {', '.join(SCALES)}, and the other way round (10-0) where a low "
            "number is the better answer"
        )
    return plain


def read_scores(table: Table, column: str, scale: str | None = None) -> ScoreReading:
    """Return how a column is read as scores.

    Without `scale` the column must be on 0 to 10: DataProblem with the reason if its answers or their labels show
    another scale.
    """
    profile = table.kind_of(column)
    number = _number(column, profile.kind) if profile.kind != "VARCHAR" or profile.labelled or scale else None
    notes = []
    if scale is not None and scale != STANDARD:
        notes.append(_said(column, scale))
        return ScoreReading(column, _mapped(column, profile.kind, scale), tuple(notes))
    if scale is None:
        notes += _refuse_other_scale(table, column)
    if profile.kind != "VARCHAR" or not profile.labelled or number is None:
        return ScoreReading(column, None, tuple(notes))
    return ScoreReading(column, f"coalesce(CAST({number} AS VARCHAR), {identifier(column)})", tuple(notes))


def compare_bands(table: Table, reading: ScoreReading) -> list[str]:
    """Return what to say of columns that name the band of each score: where they contradict the score.

    Of many, which are those of other questions, the nearest to the score are compared, all in one query.
    """
    names = [column.name for column in table.profiles]
    at = names.index(reading.column)
    bands = [
        (abs(n - at), n) for n, one in enumerate(table.profiles) if one.is_band and one.kind == "VARCHAR" and n != at
    ]
    near = sorted(n for _, n in sorted(bands)[:_NEAREST])
    if not near:
        return []
    kind = table.profiles[at].kind
    score = f"TRY_CAST({reading.expression} AS DOUBLE)" if reading.expression else _number(reading.column, kind)
    words = ", ".join(map(literal, BANDS))
    lowest = ", ".join(map(str, BANDS.values()))
    said = [f"[{lowest}][list_position([{words}], lower(trim({identifier(names[n])})))] AS said{n}" for n in near]
    found = (
        f"CASE WHEN s > {HIGHEST_SCORE} THEN NULL WHEN s >= {PROMOTER_FROM} THEN {PROMOTER_FROM} "
        f"WHEN s >= {PASSIVE_FROM} THEN {PASSIVE_FROM} WHEN s >= {LOWEST_SCORE} THEN {LOWEST_SCORE} END"
    )
    counts = ", ".join(f"count(said{n}), count(*) FILTER (WHERE said{n} <> {found})" for n in near)
    (counted,) = table.rows.fetch(
        f"SELECT {counts} FROM (SELECT {score} AS s, {', '.join(said)} FROM __rows) WHERE ({found}) IS NOT NULL"
    )
    return [
        note
        for number, n in enumerate(near)
        if (note := _of_band(names[n], reading.column, *counted[2 * number : 2 * number + 2]))
    ]


def _of_band(band: str, score: str, both: int, wrong: int) -> str:
    """Return what to say of a column that names the bands of scores, of the rows that have both."""
    if wrong:
        return (
            f"{band!r} contradicts the score in {wrong:,} of {both:,} rows: the score counts. Check whether "
            f"{score!r} is the question that it belongs to"
        )
    return f"{band!r} agrees with the score in all {both:,} rows that have both" if both else ""


def _said(column: str, scale: str) -> str:
    ends = scale.split("-")
    known = SCALES.get(scale) or SCALES["-".join(reversed(ends))]
    turned = "" if scale in SCALES else ", turned round first"
    return (
        f"{column!r} is taken as a scale from {ends[0]} to {ends[1]}{turned}: {known.in_words}. "
        "That is no standard NPS; do not compare it with one on 0-10"
    )


def _number(column: str, kind: str) -> str:
    """Return SQL for the number in a column, also where words stand beside it; NULL for other texts."""
    if kind != "VARCHAR":
        return f"TRY_CAST({identifier(column)} AS DOUBLE)"
    text = trimmed(identifier(column))
    labelled = [f"TRY_CAST(nullif(regexp_extract({text}, {literal(shape)}, 1), '') AS DOUBLE)" for shape in LABELLED]
    return f"coalesce({plain_sql(text)}, {', '.join(labelled)})"


def _mapped(column: str, kind: str, scale: str) -> str:
    """Return SQL for a score on 0-10 in the band that an answer on another scale belongs to, else the text itself.

    What lies outside the scale becomes -1, which is out of range on any.
    """
    ends = scale.split("-")
    known = SCALES.get(scale) or SCALES["-".join(reversed(ends))]
    number = _number(column, kind)
    value = f"({known.low:g} + {known.high:g} - __p)" if scale not in SCALES else "__p"
    banded = (
        f"CASE WHEN __p IS NULL THEN NULL WHEN isnan(__p) THEN NULL "
        f"WHEN __p < {known.low:g} OR __p > {known.high:g} THEN '-1' "
        f"WHEN {value} >= {known.promoter:g} THEN '{HIGHEST_SCORE:g}' "
        f"WHEN {value} >= {known.passive:g} THEN '{PASSIVE_FROM + 1:g}' ELSE '{LOWEST_SCORE:g}' END"
    )
    return f"coalesce(list_transform([{number}], lambda __p: {banded})[1], CAST({identifier(column)} AS VARCHAR))"


def _refuse_other_scale(table: Table, column: str) -> list[str]:
    """Raise DataProblem if the answers of a column, or the words beside them, show another scale than 0 to 10.

    Returns what to beware of: many answers of 1 and none of 0 are a hint of a scale from 1 to 10, and no proof.
    """
    profile = table.kind_of(column)
    _refuse_reversed(table, column)
    low, high = profile.low, profile.high
    if low is None or high is None or (low < 1 and high <= HIGHEST_SCORE) or (low >= 1 and 7 < high < HIGHEST_SCORE):
        return []  # a sample that fits 0-10, as nearly all do, needs no look at all rows
    number = _number(column, profile.kind)
    answers, lowest, highest, whole, outside, ones = table.rows.fetch(
        "SELECT count(s), min(s), max(s), count(*) FILTER (WHERE s = trunc(s)), "
        f"count(*) FILTER (WHERE s < {LOWEST_SCORE} OR s > {HIGHEST_SCORE}), count(*) FILTER (WHERE s = 1) "
        f"FROM (SELECT {number} AS s FROM __rows) WHERE s IS NOT NULL AND NOT isnan(s)"
    )[0]
    if not answers:
        return []
    found = None
    if outside * 5 > answers and answers >= 5:
        found = "0-100" if lowest >= 0 and highest <= 100 else ""
    elif whole == answers and lowest >= 1 and answers >= _SURE:
        found = "1-5" if highest <= 5 else "1-7" if highest <= 7 and answers >= 30 else None
        if found is None and highest == HIGHEST_SCORE and _asked_from_one(profile):
            found = "1-10"
    if found is None:
        one_to_ten = whole == answers and lowest == 1 and highest == HIGHEST_SCORE
        return _hint_of_one(column, answers, ones) if one_to_ten else []
    seen = f"its {answers:,} answers run from {lowest:g} to {highest:g}"
    advice = (
        f"if it was, --scale {found} sorts them into bands all the same (no standard NPS), and --scale 0-10 says that "
        "it was asked on 0 to 10"
        if found
        else "name the column with the answers with --score COLUMN"
    )
    what = f"a scale from {found.replace('-', ' to ')}" if found else "something else than answers"
    raise DataProblem(
        f"column {column!r} of {table.label} looks like {what}: {seen}. There is an NPS on 0 to 10 only; {advice}"
    )


def _hint_of_one(column: str, answers: int, ones: int) -> list[str]:
    if ones < _ONES:
        return []
    return [
        f"{column!r} has {ones:,} answers of 1 and none of 0 among {answers:,}: if the question was asked "
        "from 1 to 10, say so with --scale 1-10. The bands are the same, but that is no standard NPS"
    ]


def _asked_from_one(profile: ColumnProfile) -> bool:
    """Tell whether the question, or the words beside its lowest answer, say that it was asked from 1 to 10."""
    labels = [number for text in profile.distinct if (number := labelled_number(text)) is not None]
    named = _ONE_TO_TEN.search(f"{profile.name} {profile.title or ''}")
    return named is not None or (len(labels) > 1 and min(labels) == 1)


def _refuse_reversed(table: Table, column: str) -> None:
    """Raise DataProblem if the words beside the numbers say that a low number is the better answer."""
    labels = {
        number: re.sub(r"[0-9]+", "", text)
        for text in table.kind_of(column).distinct
        if (number := labelled_number(text)) is not None
    }
    if len(labels) < 2:
        return
    low, high = min(labels), max(labels)
    if _NEGATIVE.search(labels[high]) and not _NEGATIVE.search(labels[low]):
        best, worst = (labels[number].strip(" -=:()") for number in (low, high))
        raise DataProblem(
            f"column {column!r} of {table.label} runs the other way round: {low:g} is {best!r}, {high:g} is {worst!r}. "
            f"If so, --scale {high:g}-{low:g} turns it round; --scale 0-10 says that it is an ordinary one"
        )
