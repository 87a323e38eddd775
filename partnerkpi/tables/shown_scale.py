"""What the answers of a column show: a scale from 0 to 10, another one, or that they are no answers at all.

One stray value decides nothing: where nearly all answers lie within a shorter scale, the others are named. What a
question says of its own scale is believed from the first answer on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, OpenQuestion
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE
from partnerkpi.tables.asked import asked_scale, ends_of, is_negative, labels_of
from partnerkpi.tables.questions import asks_to_recommend
from partnerkpi.tables.sql import identifier
from partnerkpi.vocabulary import plain_name

if TYPE_CHECKING:
    from partnerkpi.tables.profile import ColumnProfile
    from partnerkpi.tables.table import Table

#: So many answers within a shorter scale are no accident; fewer are shown with a caution.
_SURE = {"1-5": 20, "0-5": 20, "1-7": 30, "1-10": 20}
#: Of a rating (or a note, a Bewertung ...) fewer are: five stars are as usual as ten points.
_SURE_OF_STARS = 8
#: More are needed where a stray answer lies above: it may be the one that shows how far the scale goes.
_SURE_WITH_HIGHER = 40
#: One in so many answers may lie outside of a scale that all others keep.
_STRAY = 20
#: On 0-10 a 0 is given at least as often as a 1: without any 0, so many answers of 1 hint that there was no 0 to give.
_ONES = 10
#: From so many answers on, none above 5 or 7 is worth a word.
_FEW = 10
#: Below 0 programs write these for no answer; another number there is a figure made of answers.
_CODES = (-1, -2, -8, -9, -88, -98, -99, -999)
_STANDARD = "0-10"
#: The scales that `--scale` takes.
_KNOWN = ("1-10", "1-7", "1-5", "0-100", "1-11")


@dataclass(frozen=True, slots=True)
class _Seen:
    """How many answers a column has, their bounds, and how many of them are of each kind."""

    answers: int
    lowest: float
    highest: float
    whole: int
    outside: int
    negative: int
    unit: int
    zeros: int
    ones: int
    to_five: int
    to_seven: int
    elevens: int
    fraction: float | None

    def nearly_all(self, count: int) -> bool:
        """Tell whether all answers but a few strays are among those that were counted."""
        return count > 0 and (self.answers - count) * _STRAY <= self.answers


def refuse_other_scale(table: Table, column: str, number: str, *, named: bool) -> list[str]:
    """Raise DataProblem where the answers of a column, or their words, show no scale from 0 to 10.

    `number` is SQL for the number in the column. Returns what to beware of: many answers of 1 and none of 0 are a hint
    of a scale from 1 to 10, and no proof. OpenQuestion where most are not whole and nobody `named` the column.
    """
    profile = table.kind_of(column)
    where = f"column {column!r} of {table.label}"
    _refuse_turned(where, profile)
    asked = asked_scale(profile)
    if _is_ordinary(profile, asked):
        return []
    seen = _look(table, column, number)
    if seen is None:
        return []
    _ask_of_numbered(where, seen)
    _refuse_figures(where, column, seen)
    found = asked if asked is not None and _lies_within(seen, asked) else None
    if asked is None:
        found = _shorter(seen, profile)
    if found not in (None, _STANDARD):
        raise DataProblem(_other_scale(where, found or "", seen, _strays(table, column, number, found or "")))
    if seen.whole < seen.answers:
        return _not_whole(table, column, seen, named=named)
    if asked is not None:
        return _hint_of_words(column, seen, asked)
    return _hint_of_few(column, seen) or _hint_of_one(column, seen)


def _is_ordinary(profile: ColumnProfile, asked: str | None) -> bool:
    """Tell whether a sample fits 0-10 as nearly all do, and needs no look at all rows."""
    low, high = profile.low, profile.high
    if low is None or high is None:
        return True
    if asked not in (None, _STANDARD) or profile.whole < profile.numbers or not profile.tallied:
        return False
    if profile.labelled and min(labels_of(profile), default=0) == 1:
        return False
    high_ones = sum(count for value, count in profile.tallied if 7 < value <= HIGHEST_SCORE)
    within = low >= LOWEST_SCORE and high <= HIGHEST_SCORE
    return within and high_ones * 10 > profile.numbers and (low < 1 or high < HIGHEST_SCORE)


def _written(column: str, number: str) -> str:
    """Return SQL for the numbers of a column, `s`, and the rows of each: what is written is looked into once."""
    name = identifier(column)
    return f"SELECT {number} AS s, __n FROM (SELECT {name}, count(*) AS __n FROM __rows GROUP BY {name}) AS written"


def _look(table: Table, column: str, number: str) -> _Seen | None:
    """Return what all rows of a column show, None where it holds no number; an infinite one shows no scale."""
    codes = ", ".join(map(str, _CODES))
    among = [
        "TRUE",
        "s = trunc(s)",
        f"s < {LOWEST_SCORE} OR s > {HIGHEST_SCORE}",
        f"s < {LOWEST_SCORE} AND s NOT IN ({codes})",
        "s BETWEEN -1 AND 1",
        "s = 0",
        "s = 1",
        "s BETWEEN 1 AND 5",
        "s BETWEEN 1 AND 7",
        f"s = {HIGHEST_SCORE + 1}",
    ]
    counts = ", ".join(f"coalesce(sum(CASE WHEN {kind} THEN __n ELSE 0 END), 0)" for kind in among)
    ((lowest, highest, fraction, *found),) = table.rows.fetch(
        f"SELECT min(s), max(s), max(CASE WHEN s <> trunc(s) THEN s END), {counts} "
        f"FROM ({_written(column, number)}) AS numbers WHERE isfinite(s)"
    )
    answers, whole, *others = map(int, found)
    outside, negative, unit, zeros, ones, to_five, to_seven, elevens = others
    if not answers:
        return None
    counted = outside, negative, unit, zeros, ones, to_five, to_seven, elevens
    return _Seen(answers, lowest, highest, whole, *counted, fraction=fraction)


def _ask_of_numbered(where: str, seen: _Seen) -> None:
    """Raise OpenQuestion where the answers are numbered from 1 to 11: none is 0, and more than a stray few are 11."""
    elevens = seen.elevens if seen.elevens == seen.outside and not seen.zeros and seen.lowest >= 1 else 0
    if elevens > 1 and not seen.nearly_all(seen.answers - elevens):
        raise OpenQuestion(
            f"{where} runs from {seen.lowest:g} to {seen.highest:g}, with {elevens:,} answers of 11 and none of 0, as "
            "where a survey tool numbers the answers from 0 to 10: --scale 1-11 takes 1 for 0 and 11 for 10, and "
            "--scale 0-10 says that 11 is a mistake"
        )


def _refuse_figures(where: str, column: str, seen: _Seen) -> None:
    """Raise DataProblem where the numbers are figures made of answers, or mean something else."""
    instead = "An NPS is counted from answers: name the column that holds them with --score COLUMN"
    if seen.fraction is not None and seen.nearly_all(seen.unit):
        raise DataProblem(
            f"{where} holds fractions of one, such as {seen.fraction:g}: shares or ready-made figures, and no answers "
            f"from 0 to 10. {instead}"
        )
    if seen.whole == seen.answers >= 5 and seen.highest <= 1 and seen.lowest >= 0:
        raise DataProblem(
            f"{where} holds 0 and 1 only, as yes and no are written, in {seen.answers:,} rows. {instead}; --scale 0-10 "
            "says that these are answers from 0 to 10"
        )
    many = seen.outside * 5 > seen.answers and (seen.answers >= 5 or seen.outside * 2 >= seen.answers)
    nps = asks_to_recommend(plain_name(column))
    figures = seen.lowest < LOWEST_SCORE or seen.highest > 100 or nps
    if (many and figures and seen.outside > 1) or (seen.negative and (nps or seen.negative > 1)):
        what = (
            "ready-made figures"
            if nps and seen.lowest >= -100 and seen.highest <= 100
            else "something else than answers"
        )
        raise DataProblem(
            f"{where} looks like {what}: its {seen.answers:,} numbers run from {seen.lowest:g} to {seen.highest:g}, "
            f"{seen.outside:,} of them outside 0 to 10. {instead}"
        )
    if many and seen.outside > 1:
        raise DataProblem(_other_scale(where, "0-100", seen, ""))


def _lies_within(seen: _Seen, asked: str) -> bool:
    """Tell whether the answers keep to the scale that their question tells, but for few of them, or one alone."""
    least, most = map(float, asked.split("-"))
    if asked == "0-100":
        return seen.highest > HIGHEST_SCORE
    within = {5: seen.to_five, 7: seen.to_seven}.get(int(most), seen.answers - seen.zeros - seen.outside)
    strays = seen.answers - within - (seen.zeros if least == 0 else 0)
    return seen.nearly_all(seen.answers - strays) or (strays == 1 and seen.answers > 2)


def _shorter(seen: _Seen, profile: ColumnProfile) -> str | None:
    """Return the shorter scale on which nearly all answers lie; None where 0 to 10 is as likely."""
    to_five = seen.to_five + (seen.zeros if seen.zeros * _STRAY > seen.answers else 0)
    if seen.nearly_all(to_five):
        found = "1-5" if to_five == seen.to_five else "0-5"
        return found if seen.answers >= _enough(found, seen, profile) else None
    if seen.whole < seen.answers:
        return None
    if seen.nearly_all(seen.to_seven):
        return "1-7" if seen.answers >= _SURE["1-7"] else None
    labels = labels_of(profile)
    reaches = seen.highest >= HIGHEST_SCORE and seen.nearly_all(seen.answers - seen.zeros - seen.outside)
    if not reaches or len(labels) < 2 or min(labels) != 1:
        return None
    return "1-10" if seen.answers >= _SURE["1-10"] or is_negative(labels[1]) else None


def _enough(scale: str, seen: _Seen, profile: ColumnProfile) -> int:
    """Return how many answers on five points show that there were no more to give."""
    name = plain_name(profile.name)
    is_rating = name != "score" and not asks_to_recommend(name)
    if seen.highest > 5:
        return _SURE_WITH_HIGHER
    return _SURE_OF_STARS if is_rating and scale == "1-5" else _SURE[scale]


def _strays(table: Table, column: str, number: str, scale: str) -> str:
    """Return the answers outside of a scale, in words."""
    least, most = scale.split("-")
    found = table.rows.fetch(
        f"SELECT s, sum(__n) FROM ({_written(column, number)}) AS numbers WHERE (s < {least} OR s > {most}) "
        "AND isfinite(s) GROUP BY s ORDER BY s LIMIT 6"
    )
    if not found:
        return ""
    named = ", ".join(f"{value:g}" + (f" ({int(count):,} times)" if count > 1 else "") for value, count in found[:5])
    return f", but for {named}{' and others' if len(found) > 5 else ''}"


def _other_scale(where: str, found: str, seen: _Seen, strays: str) -> str:
    """Return what to say of answers on another scale, and which options say what they are."""
    least, most = found.split("-")
    lowest, highest = (least, most) if strays else (f"{seen.lowest:g}", f"{seen.highest:g}")
    advice = (
        f"if it was, --scale {found} sorts them into bands all the same (no standard NPS), and --scale 0-10 says that "
        "it was asked on 0 to 10"
        if found in _KNOWN
        else "--scale 0-10 says that it was asked on 0 to 10 all the same"
    )
    return (
        f"{where} looks like a scale from {least} to {most}: its {seen.answers:,} answers run from {lowest} to "
        f"{highest}{strays}. There is an NPS on 0 to 10 only; {advice}"
    )


def _not_whole(table: Table, column: str, seen: _Seen, *, named: bool) -> list[str]:
    """Say that answers are not whole; OpenQuestion where most are and nobody said that they are answers."""
    parted = seen.answers - seen.whole
    if not named and 2 * seen.whole < seen.answers:
        raise OpenQuestion(
            f"{table.label}: {parted:,} of {seen.answers:,} numbers in {column!r} are not whole, such as "
            f"{seen.fraction:g}: averages or an index? --score {column!r} says that they are answers from 0 to 10"
        )
    return [
        f"{parted:,} of {seen.answers:,} answers in {column!r} are not whole, such as {seen.fraction:g}: each counts "
        "in the band that it lies in"
    ]


def _hint_of_one(column: str, seen: _Seen) -> list[str]:
    few = seen.zeros * _STRAY <= seen.ones
    if seen.ones < _ONES or seen.highest != HIGHEST_SCORE or not few or seen.outside:
        return []
    zeros = f"{seen.zeros:,} of 0" if seen.zeros else "none of 0"
    return [
        f"{column!r} has {seen.ones:,} answers of 1 and {zeros} among {seen.answers:,}: if the question was asked "
        "from 1 to 10, say so with --scale 1-10. The bands are the same, but that is no standard NPS"
    ]


def _hint_of_few(column: str, seen: _Seen) -> list[str]:
    """Say where a shorter scale is as likely, and too few answers show it: no figure is left without that word."""
    most = next((top for top, count in ((5, seen.to_five), (7, seen.to_seven)) if seen.nearly_all(count)), None)
    if most is None or seen.answers < _FEW:
        return []
    higher = seen.answers - (seen.to_five if most == 5 else seen.to_seven) - seen.zeros
    return [
        f"{column!r} has {seen.answers:,} answers and {f'{higher:,} of them' if higher else 'none'} above {most}: if "
        f"the question was asked from 1 to {most}, say so with --scale 1-{most}, which is no standard NPS"
    ]


def _hint_of_words(column: str, seen: _Seen, asked: str) -> list[str]:
    """Say where the question tells a scale to which its answers do not keep."""
    if asked == _STANDARD:
        return []
    return [
        f"{column!r} says that it was asked from {asked.replace('-', ' to ')}, but its {seen.answers:,} answers run "
        f"from {seen.lowest:g} to {seen.highest:g}: they count as answers from 0 to 10"
    ]


def _refuse_turned(where: str, profile: ColumnProfile) -> None:
    """Raise DataProblem if words beside the numbers, or in the heading, say that a low number is the better answer."""
    labels = labels_of(profile)
    labels = labels if len(labels) > 1 else ends_of(profile)
    if len(labels) < 2:
        return
    low, high = min(labels), max(labels)
    if is_negative(labels[high]) and not is_negative(labels[low]):
        best, worst = (labels[number].strip(" -=:()") for number in (low, high))
        raise DataProblem(
            f"{where} runs the other way round: {low:g} is {best!r}, {high:g} is {worst!r}. "
            f"If so, --scale {high:g}-{low:g} turns it round; --scale 0-10 says that it is an ordinary one"
        )
