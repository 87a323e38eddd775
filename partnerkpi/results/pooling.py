"""Whether tables of one kind can be put below each other: what one calls a score the next must not call an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from partnerkpi.errors import DataProblem, OpenQuestion
from partnerkpi.results.shown import ACTIVITIES, CUSTOMERS, PARTNERS, RESPONSES
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.table import Table
from partnerkpi.tally.not_answers import refuse_figures
from partnerkpi.vocabulary import same_name

#: The columns without which rows do not count, or count for nobody and at no time.
_TELLING = {
    RESPONSES: ("score", "partner", "date", "respondent"),
    ACTIVITIES: ("partner", "date"),
    CUSTOMERS: ("retained", "churned", "customer", "partner", "period", "start_date", "end_date"),
    PARTNERS: ("partner",),
}


def unlike(kind: str, tables: Sequence[tuple[Table, Columns]], together: Columns) -> OpenQuestion | None:
    """Return what to ask where a table has another column for a role than the one that is taken for all together.

    Its rows would be blank there: set aside, or counted for nobody, without a word.
    """
    if kind == RESPONSES and (question := _figures(tables)) is not None:
        return question
    for role in _TELLING[kind]:
        choice = together.choice(role)
        taken = [choice.column] if choice.column is not None else list(choice.equals)
        for table, columns in tables:
            own = columns.choice(role).column
            missing = [name for name in taken if not _has(table, name)]
            if own is not None and missing and (choice.column is not None or own in taken):
                what = role.replace("_", " ")
                other = next(one.label for one, _ in tables if _has(one, missing[0]))
                return OpenQuestion(
                    f"{other} has the {what} in column {missing[0]!r}, {table.label} in {own!r}: give "
                    "the column one name in both, or count each by itself"
                )
    if kind == RESPONSES and (question := _summary(tables)) is not None:
        return question
    told = [_told_by(kind, columns) for _, columns in tables]
    for (table, _), own in zip(tables, told, strict=True):
        if own != told[0]:
            return OpenQuestion(
                f"{tables[0][0].label} has {told[0]}, {table.label} has {own}: they cannot be counted together; "
                "name one of them"
            )
    return None


def _figures(tables: Sequence[tuple[Table, Columns]]) -> OpenQuestion | None:
    """Return what to ask where a table has a ready-made figure for each partner, region or period, others answers."""
    made = [table for table, columns in tables if _is_figures(table, columns)]
    counts = [repr(table.parts[0].label) for table, _ in tables if table not in made]
    if not made or not counts:
        return None
    return OpenQuestion(
        f"{made[0].label} has ready-made figures, and no answers: name what counts, {', '.join(counts[:4])}"
        f"{' ...' if len(counts) > 4 else ''}"
    )


def _is_figures(table: Table, columns: Columns) -> bool:
    try:
        refuse_figures(table, columns)
    except DataProblem:
        return True
    except OpenQuestion:  # which is asked when it is counted
        return False
    return False


def _summary(tables: Sequence[tuple[Table, Columns]]) -> OpenQuestion | None:
    """Return what to ask where a table has one number for each partner of another one: its figures, and no answers."""
    for table, columns in tables:
        who = columns.choice("partner").column
        if who is None or _tells_answers(columns):
            continue
        own = _partners(table, who)
        if len(own) < 2 or any(rows > 1 for rows in own.values()):
            continue
        for other, also in tables:
            theirs = also.choice("partner").column if other is not table else None
            known = _partners(other, theirs) if theirs is not None else {}
            within = own.keys() <= known.keys() or (_tells_answers(also) and 2 * len(own.keys() & known) > len(known))
            if within and sum(known.values()) >= 2 * len(own.keys() & known):
                counts = other.parts[0].label
                how = (
                    f"name the one that counts, {counts!r} (of a scorecard: --responses {counts!r})"
                    if table.parts[0].path == other.parts[0].path is not None
                    else f"leave it out, or say with --partners {table.label!r} that it is the list of partners"
                )
                return OpenQuestion(
                    f"{table.label} has one {columns.choice('score').column!r} for each partner of {other.label}, as a "
                    f"summary of it has, and no answers: {how}"
                )
    return None


def _tells_answers(columns: Columns) -> bool:
    """Tell whether a table says when somebody answered, or who, or why."""
    return any(columns.choice(role).column is not None for role in ("date", "respondent", "comment"))


def _partners(table: Table, column: str) -> dict[str, int]:
    """Return the partners of a table with the number of their rows, as names are compared."""
    found: Counter[str] = Counter()
    text = table.told_by(column)
    for name, rows in table.rows.fetch(f"SELECT {text}, count(*) FROM __rows WHERE {text} IS NOT NULL GROUP BY 1"):
        found[same_name(str(name))] += rows
    return dict(found)


def _told_by(kind: str, columns: Columns) -> str:
    """Return what counts in a table, in words."""
    if kind == RESPONSES:
        return "numbers of answers" if columns.counts is not None else "answers"
    if kind == CUSTOMERS:
        if columns.has("retained") or columns.has("churned"):
            return "a column that says who stayed"
        return "the days on which customers began or left" if columns.has("end_date") else "customers"
    return kind


def _has(table: Table, name: str) -> bool:
    return name.casefold() in {column.casefold() for column in table.columns}
