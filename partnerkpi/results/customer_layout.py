"""Which columns of a table say what about customers: who they are, whether they stayed, when, and whose they are."""

from __future__ import annotations

from partnerkpi.errors import DataProblem, OpenQuestion, UsageError
from partnerkpi.results.result import Question
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import DateColumn, read_dates
from partnerkpi.tables.numbers import NumberColumn, read_numbers
from partnerkpi.tables.table import Table
from partnerkpi.tally.customers import Layout, has_end, says_kept

_CHOSEN = ("as you named it", "from partnerkpi.toml")


def layout_of(table: Table, columns: Columns, question: Question, attributed: str | None = None) -> Layout:
    """Return which columns say what about a customer; UsageError where none says whether it was retained."""
    flag, kept = _flag(columns)
    start = end = None
    notes = list[str]()
    if flag is not None and question.period != "all":
        by_dates = _leavers_alone_are_dated(table, columns, says_kept(flag, means_kept=kept))
        if by_dates:
            flag, notes = None, [by_dates]
    if flag is None:
        end_column = columns.known("end_date")
        if end_column is None:
            raise OpenQuestion(
                f"{table.label} has no column that says whether a customer was retained. "
                f"Its columns: {columns.listed()}. "
                "Name one with --retained COLUMN (yes = stayed) or --churned COLUMN (yes = left)"
            )
        end = read_dates(table, end_column, question.day_first)
        start_column = columns.known("start_date")
        start = read_dates(table, start_column, question.day_first) if start_column is not None else None
        if question.period != "all" and start is None:
            raise OpenQuestion(
                f"{table.label}: retention by {question.period} needs the start date of each customer: "
                "name it with --start-date COLUMN"
            )
    return Layout(
        customer=columns.known("customer"),
        flag=flag,
        flag_means_kept=kept,
        start=start,
        end=end,
        period=_period(table, columns, question) if flag is not None else None,
        partner=_partner(columns, attributed),
        attributed=_attributed(columns, attributed),
        revenue=_revenue(table, columns),
        notes=tuple(notes),
    )


def _flag(columns: Columns) -> tuple[str | None, bool]:
    """Return the yes/no column and whether yes means retained; an option for one of the two wins over the other."""
    for role, kept in (("retained", True), ("churned", False)):
        if columns.choice(role).why in _CHOSEN:
            return columns.choice(role).column, kept
    retained, churned = columns.known("retained"), columns.known("churned")
    return (retained, True) if retained is not None else (churned, False)


def _leavers_alone_are_dated(table: Table, columns: Columns, kept: str) -> str | None:
    """Say so where start and end dates tell more of periods than yes or no: the end stands with those who left alone.

    By such a date nobody would be retained in any period. None where the user chose the columns, or where those who
    stayed have a date as well, as with contracts that run out.
    """
    if any(columns.choice(role).why in _CHOSEN for role in ("retained", "churned", "date", "period")):
        return None
    end, start = columns.known("end_date"), columns.known("start_date")
    if end is None or start is None or period_column(columns) not in (None, end):
        return None
    sql = f"""SELECT count(*) FILTER (WHERE dated AND kept), count(*) FILTER (WHERE dated),
              count(*) FILTER (WHERE NOT dated AND NOT kept), count(*) FILTER (WHERE NOT dated)
              FROM (SELECT {kept} AS kept, {has_end(end)} AS dated FROM __rows)"""
    dated_and_kept, dated, left_undated, undated = table.rows.fetch(sql)[0]
    if dated_and_kept or not dated or not undated:
        return None
    said = f"{end!r} stands only with customers who left: by period they are counted from {start!r} to {end!r}"
    return said + (f"; {left_undated:,} that left without a date count as still there" if left_undated else "")


def _partner(columns: Columns, attributed: str | None) -> str | None:
    if attributed is not None and columns.choice("partner").why == "as you named it":
        raise UsageError("--partner and --attributed both say which customers are a partner's: use one of them")
    return None if attributed is not None else columns.known("partner")


def _attributed(columns: Columns, text: str | None) -> tuple[str, tuple[str, ...]] | None:
    if text is None:
        return None
    name, mark, values = text.partition("=")
    wanted = tuple(value.strip() for value in values.split(",") if value.strip())
    if not mark or not wanted:
        raise UsageError(
            f"--attributed {text!r} is not of the form COLUMN=VALUE[,VALUE], such as referral_source=partner"
        )
    column = columns.find(name.strip(), "--attributed")
    known = columns.profile(column).distinct
    unknown = [value for value in wanted if value.casefold() not in {one.casefold() for one in known}]
    if unknown and len(known) < 200:
        raise UsageError(
            f"--attributed: column {column!r} never holds {unknown[0]!r}; it holds {', '.join(sorted(known)[:12])}"
        )
    return column, wanted


def _period(table: Table, columns: Columns, question: Question) -> DateColumn | None:
    """Return what dates a customer's row: asked for with --period, and known without asking where a column says so."""
    if question.period == "all":
        column = _named_period(columns)
        if column is None:
            return None
        try:
            return read_dates(table, column, question.day_first)
        except (UsageError, DataProblem):  # not needed to count, only to tell a customer's occasions apart
            return None
    column = period_column(columns)
    if column is None:
        raise UsageError(
            f"{table.label} has no column that is recognised as the period or renewal date. "
            f"Its columns: {columns.listed()}. "
            "Name one with --date COLUMN, or count without periods: --period all"
        )
    found = read_dates(table, column, question.day_first)
    found.check_period(question.period)
    return found


def period_column(columns: Columns) -> str | None:
    """Return the column that tells in which period a customer could leave, None if there is none."""
    column = _named_period(columns)
    if column is None:
        # The day on which a customer came is no day on which it could leave: that would count cohorts as periods.
        column = columns.known("date") if columns.get("date") != columns.get("start_date") else None
    return column


def has_periods(columns: Columns) -> bool:
    """Tell whether customers can be counted by period: by a date of their own, or by their start and end."""
    lasted = columns.known("start_date") is not None and columns.known("end_date") is not None
    return lasted or period_column(columns) is not None


def _named_period(columns: Columns) -> str | None:
    option = columns.choice("date")
    return option.column if option.why == "as you named it" else columns.known("period")


def _revenue(table: Table, columns: Columns) -> tuple[NumberColumn, NumberColumn] | None:
    start, end = columns.get("revenue_start"), columns.get("revenue_end")
    if start is None or end is None:
        return None
    first, second = read_numbers(table, (start, end))
    return first, second


def roles_of(layout: Layout) -> dict[str, str]:
    """Return the columns taken, by role."""
    taken = {
        "customer": layout.customer,
        "retained" if layout.flag_means_kept else "churned": layout.flag,
        "partner": layout.partner,
        "attributed": f"{layout.attributed[0]}={','.join(layout.attributed[1])}" if layout.attributed else None,
        "period": layout.period.column if layout.period else None,
        "start_date": layout.start.column if layout.start else None,
        "end_date": layout.end.column if layout.end else None,
        "revenue_start": layout.revenue[0].column if layout.revenue else None,
        "revenue_end": layout.revenue[1].column if layout.revenue else None,
    }
    return {role: name for role, name in taken.items() if name is not None}
