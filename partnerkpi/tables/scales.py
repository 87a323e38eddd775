"""Which scale a score was asked on, and how its texts are read as numbers.

NPS is defined for one question on one scale, 0 to 10. Answers on another scale are refused with the reason, unless the
user says which scale it is: then they are sorted into the three bands in the proportions of the usual ones. That is a
convention of this program and no standard, and every figure made so says it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import OpenQuestion, UsageError
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.lazily import pattern
from partnerkpi.tables.numbertext import plain_number, plain_sql
from partnerkpi.tables.profile import BANDS, DIGITS, LABELLED, WIDE_DIGITS, ColumnProfile, labelled_number
from partnerkpi.tables.shown_scale import refuse_other_scale
from partnerkpi.tables.sql import NUMBERS, identifier, literal, once, trimmed

if TYPE_CHECKING:
    from partnerkpi.tables.columns import Columns
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
        step = 1 if self.high < 100 else 0
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
    "1-11": Scale(1, HIGHEST_SCORE + 1, PASSIVE_FROM + 1, PROMOTER_FROM + 1),
}
STANDARD = "0-10"
#: The answers from 0 to 10 as some survey tools number them.
NUMBERED = "1-11"

#: So many texts among answers are slips, whatever they begin with.
_FEW_TEXTS = 2
_BEGINS_AS_AN_ANSWER = pattern(r"\W{0,2}(?:10|[0-9])(?![0-9])")
#: So many columns of bands are compared with the score.
_NEAREST = 5


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


def read_scores(table: Table, column: str, scale: str | None = None, *, named: bool = False) -> ScoreReading:
    """Return how a column is read as scores; `named` is one that the user named.

    Without `scale` the column must be on 0 to 10: DataProblem with the reason if its answers or their labels show
    another scale, or that they are no answers; OpenQuestion where most are not whole and nobody named the column.
    """
    profile = table.kind_of(column)
    number = score_number(column, profile.kind) if profile.kind != "VARCHAR" or profile.labelled or scale else None
    notes = []
    if scale is not None and scale != STANDARD:
        notes.append(_scale_note(column, scale))
        return ScoreReading(column, _mapped(column, profile.kind, scale), tuple(notes))
    if scale is None:
        is_plain = profile.kind == "VARCHAR" and profile.holds_plain_numbers
        seen = plain_sql(trimmed(identifier(column))) if is_plain else score_number(column, profile.kind)
        notes += refuse_other_scale(table, column, seen, named=named)
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
    score = f"TRY_CAST({reading.expression} AS DOUBLE)" if reading.expression else score_number(reading.column, kind)
    words = ", ".join(map(literal, BANDS))
    lowest = ", ".join(map(str, BANDS.values()))
    starts = [f"[{lowest}][list_position([{words}], lower(trim({identifier(names[n])})))] AS start{n}" for n in near]
    found = (
        f"CASE WHEN s > {HIGHEST_SCORE} THEN NULL WHEN s >= {PROMOTER_FROM} THEN {PROMOTER_FROM} "
        f"WHEN s >= {PASSIVE_FROM} THEN {PASSIVE_FROM} WHEN s >= {LOWEST_SCORE} THEN {LOWEST_SCORE} END"
    )
    counts = ", ".join(f"count(start{n}), count(*) FILTER (WHERE start{n} <> {found})" for n in near)
    each = once(f"SELECT {score} AS s, {', '.join(starts)} FROM __rows")
    (counted,) = table.rows.fetch(f"SELECT {counts} FROM {each} WHERE ({found}) IS NOT NULL")
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


def _scale_note(column: str, scale: str) -> str:
    ends = scale.split("-")
    known = SCALES.get(scale) or SCALES["-".join(reversed(ends))]
    turned = "" if scale in SCALES else ", turned round first"
    if scale == NUMBERED:
        return f"{column!r} holds the answers from 0 to 10 numbered from 1 to 11: {known.in_words}"
    return (
        f"{column!r} is taken as a scale from {ends[0]} to {ends[1]}{turned}: {known.in_words}. "
        "That is no standard NPS; do not compare it with one on 0-10"
    )


def score_number(column: str, kind: str) -> str:
    """Return SQL for the number in a column, also where words stand beside it; NULL for other texts."""
    if kind in NUMBERS:
        return f"CAST({identifier(column)} AS DOUBLE)"
    if kind != "VARCHAR":
        return f"TRY_CAST({identifier(column)} AS DOUBLE)"  # an exact number may be larger than any other
    text = trimmed(identifier(column))
    labelled = [f"TRY_CAST(nullif(regexp_extract({text}, {literal(shape)}, 1), '') AS DOUBLE)" for shape in LABELLED]
    wide = plain_sql(f"translate({text}, {literal(WIDE_DIGITS)}, {literal(DIGITS)})")
    return f"coalesce({plain_sql(text)}, {', '.join(labelled)}, {wide})"


def _mapped(column: str, kind: str, scale: str) -> str:
    """Return SQL for a score on 0-10 in the band that an answer on another scale belongs to, else the text itself.

    What lies outside the scale becomes -1, which is out of range on any.
    """
    ends = scale.split("-")
    known = SCALES.get(scale) or SCALES["-".join(reversed(ends))]
    number = score_number(column, kind)
    value = f"({known.low:g} + {known.high:g} - __p)" if scale not in SCALES else "__p"
    banded = (
        f"CASE WHEN __p IS NULL THEN NULL WHEN isnan(__p) THEN NULL "
        f"WHEN __p < {known.low:g} OR __p > {known.high:g} THEN '-1' "
        f"WHEN {value} >= {known.promoter:g} THEN '{HIGHEST_SCORE:g}' "
        f"WHEN {value} >= {known.passive:g} THEN '{PASSIVE_FROM + 1:g}' ELSE '{LOWEST_SCORE:g}' END"
    )
    return f"coalesce(list_transform([{number}], lambda __p: {banded})[1], CAST({identifier(column)} AS VARCHAR))"


def ask_of_texts(columns: Columns, score: str, texts: int, used: int) -> None:
    """Raise OpenQuestion where more cells hold texts than answers: a figure of the few would be of nobody.

    So it does where more than a tenth are texts that begin as an answer does, such as 9*: they may be some.
    """
    found = columns.profile(score).distinct
    odd = sorted(text for text in found if plain_number(text) is None and labelled_number(text) is None)
    marked = [text for text in odd if _BEGINS_AS_AN_ANSWER.match(text)]
    like_answers = len(marked) * 2 > len(odd) and texts > _FEW_TEXTS and texts * 10 > texts + used
    if columns.choice("score").is_named or not used or not (used < texts or like_answers):
        return
    shown = ", ".join(repr(text[:40]) for text in (marked if like_answers else odd))[:120]
    raise OpenQuestion(
        f"column {score!r} of {columns.label} holds texts in {texts:,} rows ({shown}) and answers from 0 to 10 in "
        f"{used:,}{' alone' if used < texts else ''}: --score {score!r} counts those, --score COLUMN names another "
        "column"
    )


def hint_of_scale(column: ColumnProfile, outside: int, used: int) -> list[str]:
    """Return a warning where the answers of a column look as if they were given on another scale than 0 to 10."""
    score, answered = column.name, used + outside
    if outside and outside * 5 > answered:
        return [
            f"{outside:,} of {answered:,} numbers in {score!r} lie outside 0 to 10: "
            "this looks like another scale, for which there is no NPS"
        ]
    if column.low is None or column.high is None or column.whole < column.numbers:
        return []
    highest = (
        5 if column.numbers >= 4 and column.high <= 5 else 7 if column.numbers >= 30 and column.high <= 7 else None
    )
    if highest is None or column.low < 1:
        return []
    return [
        f"{score!r} runs from {column.low:g} to {column.high:g}: this looks like a 1-{highest} scale, not 0-10. "
        "Every answer would count as a detractor or passive; check the question before you use this figure"
    ]
