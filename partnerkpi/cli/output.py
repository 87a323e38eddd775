"""Figures to standard output as a table, JSON or CSV; everything else to standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from partnerkpi.cli.options import Common, Ordering, OutputFormat
from partnerkpi.cli.table import Column, print_table
from partnerkpi.cli.terminal import echo, echo_json, in_one_line, table_output
from partnerkpi.cli.written import kind_of, markdown, write_figures
from partnerkpi.csvtext import ShieldedWriter
from partnerkpi.dataclass import dataclass
from partnerkpi.language import figures
from partnerkpi.language.figures import DASH
from partnerkpi.results.arranged import in_order
from partnerkpi.results.result import NO_DATA, KpiResult, SetAside
from partnerkpi.results.views import flat
from partnerkpi.tables.quality import write_set_aside

if TYPE_CHECKING:
    from partnerkpi.scorecard.card import Scorecard
    from partnerkpi.scorecard.review.result import Review


@dataclass(frozen=True, slots=True)
class More:
    """What is printed with a result: further keys of the JSON, further tables, and the rows that CSV holds instead."""

    keys: Mapping[str, Any]
    tables: Sequence[tuple[str, Sequence[Mapping[str, Any]], Sequence[Column]]]
    csv: Sequence[Mapping[str, Any]]


def show(result: KpiResult, columns: Sequence[Column], common: Common, *, more: More | None = None) -> None:
    """Print a result, write the rows that were not used if asked, and say what was taken and what was not used."""
    write_unused(result.set_aside, common)
    tables: list[_Titled] = [("", result.rows, columns), *(more.tables if more is not None else ())]

    def content() -> Mapping[str, Any]:
        return result.as_dict() | dict(more.keys if more is not None else {})

    _show(common, tables, more.csv if more is not None else result.rows, content)
    for line in summary(result):
        print_note(line, quiet=common.quiet)


def show_review(
    review: Review,
    columns: Sequence[Column],
    common: Common,
    *,
    rows: Sequence[SetAside],
    order: Ordering | None = None,
    nothing: str = "",
    below: Sequence[str] = (),
    questions: Sequence[str] = (),
) -> None:
    """Print an analysis, write the rows that were not used if asked, and say what went into it.

    `order` is that in which rows are asked for, `questions` stayed open of tables that were not counted.
    `nothing` is what a table says where there is no row, `below` what stands below its rows.
    """
    write_unused(rows, common)
    if order is not None:
        shown, notes = in_order(review.rows, order.sort, order.top)
        review = replace(review, rows=shown, notes=(*notes, *review.notes))
    asked = replace(review, questions=tuple(questions))
    _show(common, [("", review.rows, columns)], review.rows, asked.as_dict, nothing=nothing, below=below)
    for line in account(review):
        print_note(line, quiet=common.quiet)


_Titled = tuple[str, Sequence[Mapping[str, Any]], Sequence[Column]]


def _show(
    common: Common,
    tables: Sequence[_Titled],
    rows: Sequence[Mapping[str, Any]],
    content: Callable[[], Mapping[str, Any]],
    *,
    nothing: str = "",
    below: Sequence[str] = (),
) -> None:
    """Print tables, or rows as CSV, or the content as JSON; into a file where one is named."""

    def text() -> str:
        pieces = [f"{title}\n\n{markdown(some, shown) if some else nothing}".strip() for title, some, shown in tables]
        return "\n\n".join([*pieces, *(["\n".join(f"- {line.strip()}" for line in below)] if below and rows else [])])

    if common.into is not None:
        write_figures(common.into, kind_of(common.into, common.output), rows, content, text)
        print_note(f"The figures are in {common.into}", quiet=common.quiet)
    elif common.output is OutputFormat.json:
        echo_json(content())
    elif common.output is OutputFormat.csv:
        print_csv(rows)
    elif common.output is OutputFormat.markdown:
        echo(text(), fold=False)
    else:
        for title, some, shown in tables:
            if title:
                echo(f"\n{title}")
            if some:
                print_table(some, shown, quiet=common.quiet, wide=common.wide, wanted=common.wanted)
            elif nothing:
                echo(nothing)
        if below and rows:
            echo("\n" + "\n".join(below))


def write_unused(asides: Iterable[SetAside], common: Common, what: str = "were not") -> None:
    """Write the rows that were not used if a file is named for them; their tables must still be open."""
    if common.set_aside is not None:
        count = write_set_aside(common.set_aside, [(one.table, one.rows, one.table.columns) for one in asides])
        print_note(f"{count:,} rows that {what} used are in {common.set_aside}", quiet=common.quiet)


def summary(result: KpiResult) -> list[str]:
    """Return what a reader should know about a result: columns, rows, and the notes."""
    source = result.provenance
    taken = ", ".join(f"{role}: {name!r}" for role, name in source["columns"].items())
    aside = source["set_aside"]
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in aside.items())
    rows = f"{source['rows_used']:,} of {source['rows_read']:,} rows used"
    lines = [f"Columns  {taken}", f"Rows     {rows}" + (f"; set aside: {reasons}" if reasons else "")]
    if "partners" in source:
        listed = source["partners"]
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in listed["set_aside"].items())
        lines.append(
            f"Partners {listed['rows_used']:,} of {listed['rows_read']:,} rows used"
            + (f"; set aside: {reasons}" if reasons else "")
        )
    return lines + [f"Note     {note}" for note in result.notes]


def account(card: Scorecard | Review) -> list[str]:
    """Return what went into a scorecard or a review of it: rows and columns of each kind of table, and the notes."""
    lines = []
    for source in card.sources:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in source.set_aside.items())
        columns = ", ".join(f"{role}: {name!r}" for role, name in source.columns.items())
        lines.append(
            f"{source.kind.capitalize():<11} {source.rows_used:,} of {source.rows_read:,} rows used"
            + (f"; set aside: {reasons}" if reasons else "")
        )
        lines.append(f"{'':<11} {columns}")
    return lines + [f"Note        {note}" for note in card.notes]


def print_note(line: str, *, quiet: bool = False) -> None:
    """Print a line to standard error."""
    if not quiet:
        echo(in_one_line(line), error=True)


def print_csv(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows as CSV: each group's column under its own name, numbers unrounded, no data as an empty cell.

    What is a table of its own in each row (the comparisons of a figure) is in the JSON alone.
    """
    names, cells = flat(rows)
    if names:
        writer = csv_printer()
        writer.row(names)
        writer.rows(cells)


def csv_printer() -> ShieldedWriter:
    """Return what prints rows as CSV."""
    return ShieldedWriter(table_output(), "\n")


def number(value: float | None, most: int = 1, *, sign: bool = False) -> str:
    """Return a figure with one decimal, as its interval has: 10.0, 53.4, −0.5; a dash for no data.

    A column so has equal decimals, and no figure more of them than its interval supports. `most` allows more where a
    figure is none of a sample: what one answer does to an NPS.
    """
    if value is None:
        return DASH
    whole, _, decimals = figures.number(value, most, sign=sign).partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}"


def between(low: float | None, high: float | None, *, sign: bool = False) -> str:
    """Return an interval: −20.3 to 77.1, and a dash where there is none."""
    return DASH if low is None or high is None else figures.between(low, high, sign=sign)


def interval_of(confidence: float) -> str:
    """Return the heading of the intervals: 95% interval."""
    return f"{figures.shortest(100 * confidence, 1)}% interval"


def changed(change: float, word: str, p: float | None) -> str:
    """Return a change in a column: "up +11.0 (p 0.003)", "within chance −0.7 (p 0.85)"; a count has no decimals.

    What no test was made of is not within chance: "cannot tell −2".
    """
    text = figures.signed(change) if isinstance(change, int) else number(change, 1, sign=True)
    return f"{word} {text}" if p is None else f"{figures.change_in_words(word)} {text} (p {probability(p)})"


def moved(row: Mapping[str, Any], prefix: str = "") -> str:
    """Return what changed, "no data", and nothing where there is nothing to compare with."""
    if row["compared_with"] is None:
        return ""
    change = row[f"{prefix}change"]
    return NO_DATA if change is None else changed(change, row[f"{prefix}word"], row[f"{prefix}p_together"])


def change_columns(prefix: str = "", what: str = "Change") -> list[Column]:
    """Return the columns of a comparison."""

    def bounds(row: Mapping[str, Any]) -> str:
        low, high = row[f"{prefix}change_low"], row[f"{prefix}change_high"]
        return between(low, high, sign=True) if row["compared_with"] is not None else ""

    return [(what, lambda row: moved(row, prefix)), (f"{what} interval", bounds)]


def probability(p: float) -> str:
    """Return a p-value: two decimals, three where it is small, and never 0: 0.42, 0.003, <0.001."""
    if p < 0.001:
        return "<0.001"
    return f"{p:.2f}" if p >= 0.1 else f"{p:.3f}"


def whole(value: int) -> str:
    """Return a count: 13,612."""
    return f"{value:,}"
