"""What a result looks like in Python: as a frame, as a dict, as a small table in a notebook, in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from partnerkpi.language import figures

if TYPE_CHECKING:
    from partnerkpi.tables.framed import PandasFrame, PolarsFrame

Row = Mapping[str, Any]

#: Rows and columns of the table in a notebook.
_MOST_ROWS, _MOST_COLUMNS = 30, 14
#: Figures whose sign is always shown.
_SIGNED = ("nps", "change", "contribution", "difference", "lift_points", "shrunk_nps", "effect")


def flat(rows: Iterable[Row]) -> tuple[list[str], list[list[Any]]]:
    """Return rows as one table: each group's column under its own name, lists in one cell, no data as None.

    What is a table of its own in each row (the comparisons of a figure) is in the JSON alone.
    """
    rows = list(rows)
    if not rows:
        return [], []
    groups = list(dict.fromkeys(name for row in rows for name in row["group"]))
    keys = [key for key in rows[0] if key != "group" and not any(_is_table(row[key]) for row in rows)]
    cells = [
        [
            *(row["group"].get(name) for name in groups),
            *("; ".join(row[key]) if isinstance(row[key], list) else row[key] for key in keys),
        ]
        for row in rows
    ]
    return apart([*groups, *keys]), cells


def apart(names: Sequence[str]) -> list[str]:
    """Return names of which no two are the same, also without case: a column may be called as a figure is."""
    found: list[str] = []
    for name in names:
        own, number = name, 2
        while own.casefold() in {one.casefold() for one in found}:
            own, number = f"{name} {number}", number + 1
        found.append(own)
    return found


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, Mapping) for one in value)


class Views:
    """What every result of rows has: `to_pandas`, `to_polars`, `to_dict`, and its table in a notebook."""

    __slots__ = ()

    rows: tuple[Row, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the object that `--format json` prints."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Return the object that `--format json` prints, as `as_dict` does."""
        return self.as_dict()

    def to_pandas(self) -> PandasFrame:
        """Return the rows as a DataFrame of pandas, unrounded: as `--format csv` prints them."""
        from partnerkpi.tables.framed import to_pandas

        return to_pandas(*flat(self.rows))

    def to_polars(self) -> PolarsFrame:
        """Return the rows as a DataFrame of Polars, unrounded; UsageError where it is not installed."""
        from partnerkpi.tables.framed import to_polars

        return to_polars(*flat(self.rows))

    def _repr_html_(self) -> str:
        """Return the first rows as a table for a notebook: one decimal, and no column in which nothing stands."""
        from html import escape

        names, cells = flat(self.rows[:_MOST_ROWS])
        shown = [place for place in range(len(names)) if any(row[place] not in (None, "") for row in cells)]
        shown = shown[:_MOST_COLUMNS]
        head = "".join(f"<th>{escape(names[place].replace('_', ' '))}</th>" for place in shown)
        lines = ["".join(_cell(names[place], row[place]) for place in shown) for row in cells]
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        left = len(self.rows) - len(cells)
        more = [f"{left:,} more rows"] if left else []
        more += [f"{len(names) - len(shown):,} more columns: to_pandas() has them"] if len(shown) < len(names) else []
        return table + (f"<p>{', '.join(more)}</p>" if more else "")


def _cell(name: str, value: Any) -> str:
    from html import escape

    if isinstance(value, bool) or value is None or isinstance(value, str):
        return f"<td>{escape('' if value is None else str(value))}</td>"
    return f'<td style="text-align:right">{figure(name, value)}</td>'


def figure(name: str, value: float) -> str:
    """Return a figure as tables show it: a count as 1,234, all else with one decimal, a change with its sign."""
    if isinstance(value, int):
        return f"{value:,}"
    probability = name in ("p", "p_together") or name.endswith(("_p", "_p_together"))
    return f"{value:.3f}" if probability else figures.number(value, 1, sign=name.endswith(_SIGNED))
