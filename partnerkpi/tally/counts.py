"""From rows of numbers of answers to rows of answers, each with how many it stands for, in whichever engine holds them.

The three layouts become one relation: an answer, its number, and the columns of the row that it came from. A row of a
table that has several numbers in it becomes several, of which the first stands for the row wherever rows are counted.
"""

from __future__ import annotations

from dataclasses import replace

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, OpenQuestion, UsageError
from partnerkpi.kpi.scores import HIGHEST_SCORE, PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.lazily import pattern
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.columns import NAMED, OPTIONS, Columns
from partnerkpi.tables.counts import ACROSS, NONE, CountsColumns, band_of, is_row_number, keys_of, says_number
from partnerkpi.tables.numbers import NumberColumn, read_numbers
from partnerkpi.tables.scales import SCALES, STANDARD, read_scores
from partnerkpi.tables.sql import SOURCE, identifier, listed, literal
from partnerkpi.tables.table import Table
from partnerkpi.tally.beside_counts import check_shares, checks_of_rows, unknown_numbers
from partnerkpi.tally.facts import ANSWER, FIRST, LOST, NO_NUMBER, OF_OTHERS, REASON_OF, WEIGHT
from partnerkpi.tally.not_answers import ask_of_weights, refuse_figures, refuse_shares_alone
from partnerkpi.vocabulary import ALL_OF_THEM, TOTALS, plain_name

_NUMBER_OF = {reason: number for number, reason in REASON_OF.items()}
#: What stands for no answer at all in a table of numbers; other words mean that nobody knows.
_ZERO = ("-", "–", "—")
#: More than any number of answers; up to it each number is exact.
_MOST = 1e15
#: A part that is the sum of all other parts in all three bands is no accident from so many answers on.
_NO_ACCIDENT = 30
#: What a column is called that says by what the numbers of a row are cut: each cut holds all answers.
_CUT = pattern(r"\b(?:group by|grouping|dimension|breakdown|break down|cut|split|by|attribute|variable)\b")
#: A column with more different texts than this has no part that is the sum of the others.
_MOST_PARTS = 200
#: From so many answers on, none beyond this one is no accident, but for one in so many that went astray.
_SURE, _SHORT, _STRAY = 20, 7, 20
#: From so many rows on, numbers that are alike in each group are not of single answers.
_SOME = 4


@dataclass(frozen=True, slots=True)
class CountedRows:
    """How the rows of a table are read as answers with their numbers: SQL for both, and what there is to say."""

    columns: CountsColumns
    score: str
    kind: str
    numbers: tuple[str, ...]
    lost: str
    notes: tuple[str, ...] = ()

    def rows(self, rows: Rows) -> Rows:
        """Return answers with their numbers in `__weight`, null where `__lost` says why the row does not count."""
        if self.columns.layout == "frequencies":
            (number,) = self.numbers
            return rows.select(
                f"SELECT *, CASE WHEN {LOST} IS NULL THEN CAST(__n AS BIGINT) END AS {WEIGHT}, 1 AS {FIRST} "
                f"FROM (SELECT *, {self.lost} AS {LOST} FROM (SELECT *, {number} AS __n FROM __rows))"
            )
        names = [f"__n{place}" for place in range(len(self.numbers))]
        each = " ".join(f"WHEN {place} THEN {name}" for place, name in enumerate(names))
        answers = " UNION ALL ".join(
            f"SELECT {place} AS __place_of, {answer} AS {ANSWER}, {int(place == 0)} AS {FIRST}"
            for place, (_, answer) in enumerate(self.columns.numbers)
        )
        # A row that does not count stays one row.
        return rows.select(
            f"SELECT *, CASE WHEN {LOST} IS NULL THEN CAST(CASE __place_of {each} END AS BIGINT) END AS {WEIGHT} "
            f"FROM ({self._read}) AS counted CROSS JOIN ({answers}) AS answers WHERE {LOST} IS NULL OR {FIRST} = 1"
        )

    def once(self, rows: Rows) -> Rows:
        """Return one of the answers of each row of the file."""
        return rows.where(f"{FIRST} = 1")

    @property
    def _read(self) -> str:
        """Return SQL for rows with all their numbers, and why one does not count."""
        numbers = ", ".join(f"{number} AS __n{place}" for place, number in enumerate(self.numbers))
        return f"SELECT *, {self.lost} AS {LOST} FROM (SELECT *, {numbers} FROM __rows)"

    def with_reasons(self, rows: Rows) -> Rows:
        """Return all rows with their numbers as `__n0`, `__n1` ..., and in `__lost` why one does not count."""
        return rows.select(self._read)

    def wide(self, rows: Rows) -> Rows:
        """Return the rows that count, as they are, with their numbers as `__n0`, `__n1` ..."""
        return rows.select(f"SELECT * FROM ({self._read}) WHERE {LOST} IS NULL")


def read_counts(table: Table, columns: Columns) -> CountedRows | None:
    """Return how a table of numbers of answers is read, None where it holds answers.

    UsageError where it is not shown which of the two it is; DataProblem where it holds shares, or another scale.
    """
    found = columns.counts
    if found is None:
        refuse_shares_alone(table, columns)
        refuse_figures(table, columns)
        ask_of_weights(table, columns)
        return None
    if found.refusal:
        raise DataProblem(f"{table.label} has {found.refusal}")
    if found.question:
        raise OpenQuestion(f"{table.label}: {found.question}")
    if found.layout == "frequencies" and not found.wanted and not _is_shown(table, columns, found):
        refuse_figures(table, columns)
        ask_of_weights(table, columns)
        return None
    _refuse_options(table, columns, found)
    numbers = read_numbers(table, [name for name, _ in found.numbers], whole=True)
    values = [_value(table, one, found) for one in numbers]
    _refuse_shares(table, found, values)
    score, kind, notes = _score(table, found)
    read = CountedRows(found, score, kind, tuple(values), _lost(table, found))
    _refuse_other_scale(table, read)
    read, sums = _without_sums(table, columns, read)
    if found.layout == "frequencies":
        checks = check_shares(table, found, read.rows(table.rows))
    else:
        checks = checks_of_rows(table, found, read.wide(table.rows))
        checks += unknown_numbers(table, found, read.with_reasons(table.rows))
    return replace(read, notes=(*(note for one in numbers for note in one.notes), *notes, *sums, *checks))


def refuse_overlap(table: Table, columns: Columns, found: CountsColumns) -> None:
    """Raise OpenQuestion where two files have other numbers for the same group and period: both would be added up."""
    date = columns.get("date")
    if len(table.parts) < 2 or date is None or found.wanted:
        return
    names = [one.name for one in keys_of(columns.profiles, found) if one.name != found.total]
    names += [found.score] if found.score is not None else []
    key = ", ".join(table.told_by(name) for name in names)
    ((twice,),) = table.numbered.fetch(
        f"SELECT count(*) FROM (SELECT count(*) AS n FROM __rows WHERE {table.told_by(date)} IS NOT NULL "
        f"GROUP BY {key} HAVING count(DISTINCT {SOURCE}) > 1) AS twice"
    )
    if twice:
        option = repr(found.numbers[0][0]) if found.layout == "frequencies" else ACROSS
        which = "1 row of counts stands" if twice == 1 else f"{twice:,} rows of counts stand"
        raise OpenQuestion(
            f"{table.label}: {which} in several files with other numbers, for the same "
            f"{', '.join(map(repr, names))}: leave out the older file, or add them up with --frequency {option}"
        )


# ---- what is shown, and what is not


def _is_shown(table: Table, columns: Columns, found: CountsColumns) -> bool:
    """Tell whether frequencies are shown: each answer at most once in its group, most of them several; or ask."""
    ((number, _),) = found.numbers
    profile = table.kind_of(number)
    if is_row_number(profile) or profile.distinct == {"1"}:
        return False
    keys = [table.told_by(one.name) for one in keys_of(columns.profiles, found)]
    score = table.told_by(found.score or "")
    groups, rows, twice, alike = table.numbered.fetch(
        "SELECT count(*), sum(rows), max(CASE WHEN rows > scores THEN 1 ELSE 0 END), "
        "min(CASE WHEN numbers = 1 THEN 1 ELSE 0 END) FROM ("
        f"SELECT count(*) AS rows, count(DISTINCT {score}) AS scores, count(DISTINCT {identifier(number)}) AS numbers "
        f"FROM __rows WHERE {score} IS NOT NULL GROUP BY {', '.join([SOURCE, *keys])}) AS grouped"
    )[0]
    if rows and not twice and rows >= 2 * groups and not (alike and rows >= _SOME):
        return True
    if groups == rows:
        refuse_figures(table, columns, found)
    raise OpenQuestion(
        f"{table.label}: {number!r} may say how many gave the answer in {found.score!r}, or something else of one "
        f"answer: --frequency {number!r} counts so many, --frequency {NONE} takes each row for one answer"
    )


def _refuse_options(table: Table, columns: Columns, found: CountsColumns) -> None:
    for role in ("respondent", "comment"):
        if columns.choice(role).why == NAMED:
            raise UsageError(
                f"{OPTIONS[role]}: {table.label} holds numbers of answers, which name nobody and say nothing more: "
                f"leave it out, or take each row for one answer with --frequency {NONE}"
            )
    allowed = (None, STANDARD) if found.layout == "bands" else (None, STANDARD, "1-10")
    if found.layout != "frequencies" and table.scale not in allowed:
        raise UsageError(f"--scale {table.scale}: {table.label} tells answers apart by itself: {found.in_words}")


def _refuse_shares(table: Table, found: CountsColumns, values: list[str]) -> None:
    """Raise where the numbers are shares: not whole, or each row adds up to 100."""
    filled = [f"count({value})" for value in values]
    parts = [f"count(*) FILTER ({value} <> trunc({value}))" for value in values]
    ((cells, broken),) = table.every_row.fetch(f"SELECT {' + '.join(filled)}, {' + '.join(parts)} FROM __rows")
    names = ", ".join(repr(name) for name, _ in found.numbers[:3]) + (" ..." if len(found.numbers) > 3 else "")
    if broken * 10 > cells:
        raise DataProblem(
            f"{table.label}: {names} hold shares, or parts of an answer, and no numbers of answers: they cannot be "
            "counted. Give the numbers, or the answers"
        )
    if found.wanted or found.layout == "frequencies" or all(map(says_number, (name for name, _ in found.numbers))):
        return
    total = "CAST(NULL AS DOUBLE)"
    if found.total is not None:
        (read,) = read_numbers(table, (found.total,), whole=True)
        total = read.expression
    rows, hundred, near = table.every_row.fetch(
        "SELECT count(*) FILTER (s > 0), count(*) FILTER (s = 100), count(*) FILTER (s BETWEEN 99 AND 101) "
        f"FROM (SELECT {' + '.join(values)} AS s, {total} AS t FROM __rows) WHERE t IS NULL OR t <> s"
    )[0]
    if rows and (hundred if rows == 1 else near) == rows:
        raise OpenQuestion(
            f"{table.label}: {names} add up to 100 in each row, as percentages do: --frequency {ACROSS} counts them as "
            "numbers of answers. Percentages cannot be counted"
        )


def _refuse_other_scale(table: Table, read: CountedRows) -> None:
    """Raise DataProblem where the answers of frequencies run over another scale than 0 to 10."""
    if read.columns.layout != "frequencies" or table.scale is not None or read.score.startswith("CASE"):
        return
    number = f"TRY_CAST({read.score} AS DOUBLE)"
    low, high, answers, outside, beyond = read.rows(table.rows).fetch(
        f"SELECT min(s), max(s), sum(n), sum(CASE WHEN s < 0 OR s > {HIGHEST_SCORE} THEN n ELSE 0 END), "
        f"sum(CASE WHEN s < 1 OR s > {_SHORT} THEN n ELSE 0 END) "
        f"FROM (SELECT {number} AS s, {WEIGHT} AS n FROM __rows) WHERE s IS NOT NULL AND n > 0"
    )[0]
    if not answers or not (outside * 5 > answers or (beyond * _STRAY <= answers and answers >= _SURE)):
        return
    raise DataProblem(
        f"column {read.columns.score!r} of {table.label} looks like another scale: its {int(answers):,} answers run "
        f"from {low:g} to {high:g}. There is an NPS on 0 to 10 only; --scale names another ({', '.join(SCALES)}), and "
        f"--scale {STANDARD} says that it was asked on 0 to 10"
    )


# ---- what a row says


def _value(table: Table, read: NumberColumn, found: CountsColumns) -> str:
    """Return SQL for a number; where one answer of several has none in a row, nobody gave it."""
    if found.layout == "frequencies":
        return f"({read.expression})"
    text = table.told_by(read.column)
    return f"(CASE WHEN {text} IS NULL OR {text} IN {listed(_ZERO)} THEN 0 ELSE {read.expression} END)"


def _lost(table: Table, found: CountsColumns) -> str:
    """Return SQL for why a row does not count, given its numbers as `__n`, null where it does."""
    several = found.layout != "frequencies"
    names = [f"__n{place}" for place in range(len(found.numbers))] if several else ["__n"]
    bad = [f"{name} IS NULL OR {name} < 0 OR {name} > {_MOST:.0f} OR {name} <> trunc({name})" for name in names]
    blank = " AND ".join(f"{table.told_by(name)} IS NULL" for name, _ in found.numbers) if several else "FALSE"
    return f"CASE WHEN {' OR '.join(bad)} OR ({blank}) THEN {_NUMBER_OF[NO_NUMBER]} END"


def _score(table: Table, found: CountsColumns) -> tuple[str, str, tuple[str, ...]]:
    """Return SQL and type of the answer of a row, and what to say of it."""
    if found.layout != "frequencies":
        missing = found.layout == "across" and found.numbers[0][1] == 1
        note = "no column is for the answer 0: if the question was asked from 1 to 10, that is no standard NPS"
        return ANSWER, "INTEGER", (note,) if missing else ()
    column = found.score or ""
    profile = table.kind_of(column)
    if not profile.is_text or profile.numbers:
        reading = read_scores(table, column, table.scale)
        kind = profile.kind if reading.expression is None else "VARCHAR"
        return reading.expression or identifier(column), kind, reading.notes
    text = table.told_by(column)
    words = table.rows.fetch(f"SELECT DISTINCT {text} FROM __rows WHERE {text} IS NOT NULL LIMIT 200")
    known = sorted((word, band) for (word,) in words if (band := band_of(word)) is not None)
    cases = " ".join(f"WHEN {text} = {literal(word)} THEN '{band}'" for word, band in known)
    return f"CASE {cases} ELSE {text} END", "VARCHAR", ()


# ---- rows that add up others


def _without_sums(table: Table, columns: Columns, read: CountedRows) -> tuple[CountedRows, tuple[str, ...]]:
    """Return how rows are read without those that add up all others of a column, and what to say of them."""
    lost, notes = read.lost, []
    option = repr(read.columns.numbers[0][0]) if read.columns.layout == "frequencies" else ACROSS
    for one in keys_of(columns.profiles, read.columns):
        if not one.is_text or one.is_date or one.is_mostly_numbers or not 1 < len(one.distinct) < _MOST_PARTS:
            continue
        text = table.told_by(one.name)
        parts = {
            value: (rows, *bands)
            for value, rows, *bands in read.rows(table.rows).fetch(
                f"SELECT {text}, sum({FIRST}), {_bands_of(read)} FROM __rows WHERE {LOST} IS NULL GROUP BY {text}"
            )
        }
        everything = [sum(part[place] for part in parts.values()) for place in (1, 2, 3)]
        if not read.columns.wanted and len(parts) > 1 and _CUT.search(plain_name(one.name)):
            _refuse_cuts(table, one.name, [part[1:] for part in parts.values()], option)
        for value, (rows, *bands) in parts.items():
            is_sum = [2 * band for band in bands] == everything
            if len(parts) < 2 or not sum(bands) or (value is None and not is_sum):
                continue
            named = value is not None and (plain_name(value) in ALL_OF_THEM or plain_name(value) in TOTALS)
            told = repr(value) if value is not None else "what has no name"  # as our own tables have their sum
            nameless = value is None and len(parts) > 2 and sum(bands) >= _NO_ACCIDENT
            if is_sum and (named or nameless):
                this = f"{text} IS NULL" if value is None else f"{text} = {literal(value)}"
                lost = f"CASE WHEN {this} THEN {_NUMBER_OF[OF_OTHERS]} ELSE {lost} END"
                notes.append(
                    f"{told} in {one.name!r} adds up all others: 1 row is set aside"
                    if rows == 1
                    else f"{told} in {one.name!r} adds up all others: {int(rows):,} rows are set aside"
                )
            elif not read.columns.wanted and (
                named or value is None or (is_sum and len(parts) > 2 and sum(bands) >= _NO_ACCIDENT)
            ):
                what = "is the sum of all others" if is_sum else "looks like a sum, and is not that of the others"
                raise OpenQuestion(
                    f"{table.label}: {told} in {one.name!r} {what} ({int(sum(bands)):,} of "
                    f"{int(sum(everything)):,} answers): take its rows out, or count them too with --frequency {option}"
                )
    return replace(read, lost=lost), tuple(notes)


def _refuse_cuts(table: Table, column: str, parts: list[tuple[int, ...]], option: str) -> None:
    if len(set(parts)) == 1:
        raise OpenQuestion(
            f"{table.label}: each part of {column!r} has the same {int(sum(parts[0])):,} answers, as if cut in "
            f"several ways: keep one of them, or count all with --frequency {option}"
        )


def _bands_of(read: CountedRows) -> str:
    """Return SQL for the numbers of detractors, passives and promoters among answers with their numbers."""
    score = f"TRY_CAST({read.score} AS DOUBLE)"
    bounds = (f"< {PASSIVE_FROM}", f">= {PASSIVE_FROM} AND {score} < {PROMOTER_FROM}", f">= {PROMOTER_FROM}")
    return ", ".join(f"sum(CASE WHEN {score} {bound} THEN {WEIGHT} ELSE 0 END)" for bound in bounds)
