"""What must not change a figure: each change takes a trial and a source of chance, and returns it otherwise said."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from metamorphic.tables import Grid, Row, Trial

Change = Callable[[Trial, random.Random], "Trial | None"]
_NO_BREAK, _ZERO_WIDTH = "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}"


def rows_in_another_order(trial: Trial, draw: random.Random) -> Trial | None:
    """Shuffle the rows of every table."""
    return _each(trial, lambda grid: replace(grid, rows=tuple(draw.sample(grid.rows, len(grid.rows)))))


def columns_in_another_order(trial: Trial, draw: random.Random) -> Trial | None:
    """Shuffle the columns of every table."""

    def shuffled(grid: Grid) -> Grid:
        order = draw.sample(range(len(grid.header)), len(grid.header))
        header, *rows = (tuple(row[place] for place in order) for row in (grid.header, *grid.rows))
        return replace(grid, header=header, rows=tuple(rows))

    return _each(trial, shuffled)


def headings_in_another_case(trial: Trial, draw: random.Random) -> Trial | None:
    """Write the names of all columns in capitals, in small letters, or with other blanks around and within."""
    style = draw.choice((str.upper, str.lower, str.title, lambda text: f" {text}{_NO_BREAK}"))
    for grid in list(trial.grids.values()):
        if len({style(name) for name in grid.header}) == len(grid.header):
            for name in grid.header:
                trial = trial.renamed(grid.stem, name, style(name))
    return trial


def blanks_around_texts(trial: Trial, draw: random.Random) -> Trial | None:
    """Put blanks that nobody sees around the texts of some columns, the scores among them."""

    def padded(grid: Grid) -> Grid:
        for column in (*grid.names, *([grid.score] if grid.score else [])):
            blank = draw.choice((" ", _NO_BREAK, _ZERO_WIDTH, "  "))
            padding = [draw.choice(("", blank)) for _ in grid.rows]
            texts = zip(grid.values(column), padding, strict=True)
            grid = grid.with_values(column, [text + blank if text else text for text, blank in texts])
        return grid

    return _each(trial, padded)


def names_in_another_case(trial: Trial, draw: random.Random) -> Trial | None:
    """Write one in ten of the partners' names in capitals; only where the figure by partner is compared."""
    if not any("partner" in grid.names for grid in trial.grids.values()):
        return None

    def changed(grid: Grid) -> Grid:
        if "partner" not in grid.names or len(set(grid.values("partner"))) == len(grid.rows):
            return grid
        texts = [text.upper() if draw.random() < 0.1 else text for text in grid.values("partner")]
        return grid.with_values("partner", texts)

    return _each(trial, changed)


def dates_in_another_style(trial: Trial, draw: random.Random) -> Trial | None:
    """Write each column of days in another style, one that a day after the twelfth makes plain."""

    def written(grid: Grid) -> Grid:
        for column in grid.dates:
            texts = grid.values(column)
            if any(text[8:10] > "12" for text in texts):
                style = draw.choice(("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%b-%Y", "%Y-%m-%dT09:30:00"))
                grid = grid.with_values(column, [_day(text, style) for text in texts])
        return grid

    return _each(trial, written) if any(grid.dates for grid in trial.grids.values()) else None


def scores_with_decimals(trial: Trial, draw: random.Random) -> Trial | None:
    """Write the scores as 9.0 or 9,0."""
    sign = draw.choice(".,")

    def written(grid: Grid) -> Grid:
        if grid.score is None:
            return grid
        texts = [f"{text}{sign}0" if text.isdigit() else text for text in grid.values(grid.score)]
        return grid.with_values(grid.score, texts)

    return _each(trial, written) if any(grid.score for grid in trial.grids.values()) else None


def money_in_another_style(trial: Trial, draw: random.Random) -> Trial | None:
    """Write amounts with thousands and decimals as other countries do, or with a currency."""
    style = draw.choice(("{:,.2f}", "german", "swiss", "€ {:,.2f}", "{:,.2f} USD", "{:.2f}"))

    def one(text: str) -> str:
        if not text:
            return text
        plain = f"{float(text):,.2f}"
        if style == "german":
            return plain.translate(str.maketrans(",.", ".,"))
        return plain.replace(",", "'") if style == "swiss" else style.format(float(text))

    def written(grid: Grid) -> Grid:
        for column in grid.money:
            grid = grid.with_values(column, [one(text) for text in grid.values(column)])
        return grid

    return _each(trial, written) if any(grid.money for grid in trial.grids.values()) else None


def more_columns(trial: Trial, draw: random.Random) -> Trial | None:
    """Add columns that an export has as well: an id, another rating, the day when the row was changed, nothing."""

    def wider(grid: Grid) -> Grid:
        count = len(grid.rows)
        more = {
            "row_uuid": [f"{draw.getrandbits(64):016x}" for _ in range(count)],
            "ease_of_use": [str(draw.randrange(11)) for _ in range(count)],
            "satisfaction": [str(draw.randrange(1, 6)) for _ in range(count)],
            "updated_at": [str(dt.date(2027, 1, 1) + dt.timedelta(draw.randrange(90))) for _ in range(count)],
            "remark_2": [""] * count,
            "batch": ["7"] * count,
        }
        for name in draw.sample(sorted(more), draw.randrange(1, 4)):
            if name not in grid.header and (grid.score or name != "satisfaction"):
                grid = grid.with_column(name, more[name], draw.randrange(len(grid.header) + 1))
        return grid

    return _each(trial, wider)


def blank_rows_and_a_title(trial: Trial, draw: random.Random) -> Trial | None:
    """Put a title above every table and rows without anything between its rows."""

    def spaced(grid: Grid) -> Grid:
        nothing: Row = ("",) * len(grid.header)
        rows = list(grid.rows)
        for _ in range(3):
            rows.insert(draw.randrange(len(rows) + 1), nothing)
        return replace(grid, rows=tuple(rows), above=((f"Export of {grid.stem}, 30 September 2026",), ()))

    return _each(trial, spaced)


def a_total_below(trial: Trial, draw: random.Random) -> Trial | None:
    """Put a row of totals below the tables, as reports have it: its name in the first column that holds names."""
    word = draw.choice(("Total", "Grand Total", "Gesamtergebnis", "Total général", "Totale"))

    def summed(grid: Grid) -> Grid:
        row = [""] * len(grid.header)
        row[grid.place(grid.names[0]) if grid.names else 0] = word
        for column in (*grid.money, *([grid.score] if grid.score else [])):
            numbers = [float(text) for text in grid.values(column) if text.replace(".", "", 1).isdigit()]
            row[grid.place(column)] = f"{sum(numbers):.0f}"
        return replace(grid, rows=(*grid.rows, tuple(row)), has_totals=True)

    return _each(trial, summed)


def subtotals_between(trial: Trial, draw: random.Random) -> Trial | None:
    """Sort by the first column of names and put a subtotal below each group, as reports and pivot tables have it."""
    word = draw.choice(("Subtotal", "{} Total", "Teilsumme", "Sous-total", "{} - Subtotal"))

    def grouped(grid: Grid) -> Grid:
        if grid.score is None or "partner" not in grid.names:
            return grid
        place, score = grid.place("partner"), grid.place(grid.score)
        rows: list[Row] = []
        for name in dict.fromkeys(grid.values("partner")):
            group = [row for row in grid.rows if row[place] == name]
            total = [""] * len(grid.header)
            total[place] = word.format(name)
            total[score] = str(sum(int(row[score]) for row in group if row[score].isdigit()))
            rows += [*group, tuple(total)]
        return replace(grid, rows=tuple(rows), has_totals=True)

    if not any(grid.score and "partner" in grid.names for grid in trial.grids.values()):
        return None
    return _each(trial, grouped)


#: The changes, by the name that a finding shows.
CHANGES: Sequence[Change] = (
    rows_in_another_order,
    columns_in_another_order,
    headings_in_another_case,
    blanks_around_texts,
    names_in_another_case,
    dates_in_another_style,
    scores_with_decimals,
    money_in_another_style,
    more_columns,
    blank_rows_and_a_title,
    a_total_below,
    subtotals_between,
)


def _each(trial: Trial, change: Callable[[Grid], Grid]) -> Trial:
    """Return the trial with each of its tables changed."""
    for grid in list(trial.grids.values()):
        trial = trial.with_grid(change(grid))
    return trial


def _day(text: str, style: str) -> str:
    try:
        return dt.date.fromisoformat(text).strftime(style)
    except ValueError:
        return text
