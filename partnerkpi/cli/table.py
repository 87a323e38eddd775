"""Figures as a table for reading: whole in a pipe, fitted to the window where a person looks at it.

Figures are never cut. In a window a table that is too wide has its headings folded, sentences and names wrapped, and
then loses the columns that a reader needs least, in one order for all commands; which ones is said on standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from partnerkpi.cli.terminal import echo, in_one_line, window
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

#: A column of the printed table: its heading and the text of one row.
Column = tuple[str, Callable[[Mapping[str, Any]], str]]

#: What a reader needs least, first: headings of columns, or the words with which they begin.
_LEAST_NEEDED = (
    *("Design effect", "Answers to tell", "Mix effect", "Score effect", "Contribution", "Of answers", "GRR", "NRR"),
    *("Base share", "Index", "All others'", "Share interval", "Lift interval", "Other rate", "Partner rate"),
    *("Passives", "Promoters", "Detractors", "Per active", "Per partner", "Shrunk", "Lead", "Quartile", "Error so far"),
    *(
        "Response %",
        "Enough",
        "To tell",
        "Target",
        "Next: passives",
        "Next: detractors to passives",
        "Rolling interval",
        "Clustered",
    ),
    *("Influence change", "Change interval", "Lift", "Expected", "Rule", "Owner", "From periods", "Retained"),
    *("Part of all retained", "Compared with", "In", "Status", "Activities", "NPS points", "% of comments", "Note"),
    *("Rating", "Responses"),
)
_WRAPPED, _NARROWEST = 20, 16  # texts longer than the first may be wrapped, to no fewer characters than the second
_GAP, _NARROW_GAP = 3, 2  # characters between two columns
_NO_BREAK = "\ue000"  # a blank at which no line is broken: rich breaks at U+00A0 as well


@dataclass(frozen=True, slots=True)
class _Shown:
    """A column with the text of each row."""

    heading: str
    cells: tuple[str, ...]
    named: bool = False  # it says whose figures a row has, and stays

    @property
    def is_text(self) -> bool:
        """Tell whether there are words in it, and not figures alone."""
        return self.named or any(cell[:1].isalpha() for cell in self.cells)

    def width(self, *, folded: bool = False) -> int:
        """Return how many characters the column needs; with `folded` headings and texts over several lines."""
        from rich.cells import cell_len

        longest = max(map(cell_len, self.cells), default=0)
        if folded and self.is_text and longest > _WRAPPED:
            longest = _NARROWEST
        words = self.heading.split(" ") if folded else [self.heading]
        return max(longest, *map(cell_len, words))


def print_table(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    *,
    quiet: bool = False,
    wide: bool = False,
    wanted: Sequence[str] | None = None,
) -> None:
    """Print rows as a table; the first row is the whole. A column in which nothing stands says nothing.

    `wide` lays it out whole, whatever the window; `wanted` names the columns to print. UsageError for one that is none.
    """
    shown, room = _columns(rows, columns), _room() if not wide else None
    shown = shown if wanted is None else _wanted(shown, wanted)
    lost: list[str] = []
    fitted = room is not None and _needed([one.width() for one in shown], _GAP) > room
    if room is not None and fitted:
        shown, lost = _fitted(shown, room)
    echo("\n".join(_in_window(shown, room) if room is not None and fitted else _whole(shown)), fold=False)
    if lost and not quiet:
        told = f"Not shown {', '.join(lost)}: the window is too narrow; --wide, a pipe or --format csv has all"
        echo(told, error=True)


def _wanted(shown: Sequence[_Shown], wanted: Sequence[str]) -> list[_Shown]:
    """Return the columns that are named, in that order, behind those that say whose figures a row has."""
    heads = {_plain(one.heading): one for one in shown if not one.named}
    chosen = []
    for name in wanted:
        if _plain(name) not in heads:
            known = ", ".join(one.heading for one in heads.values())
            raise UsageError(f"--columns: the table has no column {name!r}; it has {known}")
        chosen.append(heads[_plain(name)])
    return [one for one in shown if one.named] + chosen


def _plain(heading: str) -> str:
    return heading.casefold().replace("%", "").replace("_", " ").strip()


def texts_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> list[tuple[str, bool, tuple[str, ...]]]:
    """Return each column that says something: its heading, whether it holds words, and the text of each row."""
    return [(one.heading, one.is_text, one.cells) for one in _columns(rows, columns)]


def _whole(shown: Sequence[_Shown]) -> Iterator[str]:
    """Yield the lines of a table that has all the room it needs: in no time, however many rows it has."""
    from rich.cells import cell_len

    widths, texts = [one.width() for one in shown], [one.is_text for one in shown]
    lines = zip(*((one.heading, *one.cells) for one in shown), strict=True)
    for number, cells in enumerate(lines):
        padded = []
        for cell, width, is_text in zip(cells, widths, texts, strict=True):
            blanks = " " * (width - (len(cell) if cell.isascii() else cell_len(cell)))
            padded.append(cell + blanks if is_text else blanks + cell)
        yield (" " * _GAP).join(padded).rstrip()
        if number == 0:
            yield "─" * _needed(widths, _GAP)


def _in_window(shown: Sequence[_Shown], room: int) -> list[str]:
    """Return the lines of a table that is fitted to a window."""
    from rich.cells import cell_len
    from rich.console import Console

    table = _table(shown)
    # No terminal of its own: rich would colour the heads, and take every terminal called dumb for 80 columns wide.
    console = Console(width=10_000, height=100, highlight=False, color_system=None, force_terminal=False)
    width = console.measure(table).maximum
    width = max(min(width, room), _needed([one.width(folded=True) for one in shown], _NARROW_GAP))
    with console.capture() as printed:
        console.print(table, width=width)
    lines = [line.rstrip().replace(_NO_BREAK, " ") for line in printed.get().rstrip("\n").split("\n")]
    # rich rules the table off with a blank for the edges that are not drawn
    widest = max(cell_len(line) for line in lines if set(line) != {"─"})
    return ["─" * widest if set(line) == {"─"} else line for line in lines]


def _room() -> int | None:
    """Return the width of the window that is looked at; None for a pipe or a file."""
    return window()


def _columns(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> list[_Shown]:
    groups = list(dict.fromkeys(name for row in rows for name in row["group"]))
    found = []
    for place, name in enumerate(groups):
        whole = "All" if place == 0 else ""
        # an alert is about a partner, a segment or all: each has no name for the others
        cells = (
            (in_one_line(row["group"][name] or "(blank)") if name in row["group"] else "") if row["group"] else whole
            for row in rows
        )
        found.append(_Shown(in_one_line(name), tuple(cells), named=True))
    if any(row["period"] is not None for row in rows):
        found.append(_Shown("Period", tuple(row["period"] or "all" for row in rows), named=True))
    found += [_Shown(heading, tuple(in_one_line(text(row)) for row in rows)) for heading, text in columns]
    return [one for one in found if one.named or any(one.cells)]


def _fitted(shown: Sequence[_Shown], room: int) -> tuple[list[_Shown], list[str]]:
    """Return the columns that fit into a window, and the headings of those that are left out."""
    kept, lost = list(shown), []
    spare = [one for one in kept if one.heading == "Period" and len(set(one.cells)) == 1 and len(one.cells) > 1]
    for start in _LEAST_NEEDED:
        named = (one for one in reversed(kept) if not one.named and f"{one.heading} ".startswith(f"{start} "))
        spare += [one for one in named if one not in spare]
    for one in spare:
        if _needed([each.width(folded=True) for each in kept], _NARROW_GAP) <= room:
            break
        kept.remove(one)
        lost.append(one.heading if one.heading != "Period" else f"Period ({one.cells[0]})")
    return kept, lost


def _needed(widths: Sequence[int], gap: int) -> int:
    return sum(widths) + gap * (len(widths) - 1)


def _table(shown: Sequence[_Shown]) -> Table:
    from rich import box
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 0, 0, 1))
    for one in shown:
        wraps = one.is_text and one.width(folded=True) < one.width()
        heading = one.heading
        if not wraps and max(map(len, one.cells), default=0) < len(heading):
            heading = _folded(heading, one.width(folded=True))
        table.add_column(
            Text(heading),
            justify="left" if one.is_text else "right",
            no_wrap=not wraps,
            min_width=one.width(folded=True),
        )
    for cells in zip(*(one.cells for one in shown), strict=True):
        # a p-value in brackets is not parted where words are wrapped
        texts = (cell.replace("(p ", f"(p{_NO_BREAK}") for cell in cells)
        # what is indented stays so in its further lines
        table.add_row(
            *(
                Padding(Text(text.lstrip()), (0, 0, 0, len(text) - len(text.lstrip())))
                if text.startswith(" ")
                else Text(text)
                for text in texts
            )
        )
    return table


def _folded(heading: str, width: int) -> str:
    """Return a heading over several lines of at most so many characters."""
    lines = [""]
    for word in heading.split(" "):
        together = f"{lines[-1]} {word}".strip()
        if len(together) <= width:
            lines[-1] = together
        else:
            lines.append(word)
    return "\n".join(line for line in lines if line)
