"""The last periods of a figure as a row of blocks, for the tiles: a formula, so that every program shows it."""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.workbook.figures.base import Figure, OfPeriod, by_number, figure, in_words
from partnerkpi.workbook.model.expression import JOINS, C, Expression, K, applied, joined, tell, when
from partnerkpi.workbook.model.markup import Value
from partnerkpi.workbook.model.phrases import rounded, whole, with_unit
from partnerkpi.workbook.model.translation import translate

BLOCKS = "▁▂▃▄▅▆▇█"
EQUAL = "▄"  # of each, where all periods are alike
GAP = "·"  # a period without data, which is not a low one
PERIODS = 8


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        _sparkline("nps", translate("NPS")),
        _sparkline("advocacy", translate("Active advocates"), " %"),
        _sparkline("influence", translate("Influence share"), " %"),
        _sparkline("response", translate("Response rate"), " %"),
        _sparkline("health", translate("Partner health")),
    ]


def _sparkline(key: str, label: str, unit: str = "") -> Figure:
    def words(number: int) -> OfPeriod:
        return sparkline([figure(key, back) for back in range(min(PERIODS, number) - 1, -1, -1)], unit)

    return in_words(f"{key}_line", translate("{figure}, last periods as blocks", figure=label), by_number(words))


def sparkline(figures: Sequence[Expression[C, K]], unit: str = "") -> Expression[C, K]:
    """Return a block for each figure of a row, with the lowest and the highest; nothing below two figures.

    10, a dash and 20 are "▁·█  10 to 20".
    """
    some = applied(lambda *cells: f"COUNT({_range(cells)})", lambda *values: len(_known(values)), *figures)
    lowest = applied(lambda *cells: f"MIN({_range(cells)})", lambda *values: min(_known(values)), *figures)
    highest = applied(lambda *cells: f"MAX({_range(cells)})", lambda *values: max(_known(values)), *figures)
    blocks = applied(_blocks_formula, _blocks, *figures, binds=JOINS)
    reached = tell("{low} to {high}", low=whole(lowest), high=whole(highest))
    return when(some < 2, "", joined(blocks, "  ", with_unit(reached, unit)))


def _range(cells: Sequence[str]) -> str:
    return f"{cells[0]}:{cells[-1]}"


def _known(values: Sequence[Value]) -> list[float]:
    return [value for value in values if isinstance(value, (int, float))]


def _blocks_formula(*cells: str) -> str:
    lowest, reach = f"MIN({_range(cells)})", f"(MAX({_range(cells)})-MIN({_range(cells)}))"
    names = ",".join(f'"{block}"' for block in BLOCKS)

    def block(cell: str) -> str:
        step = f"1+ROUND(ROUND({len(BLOCKS) - 1}*({cell}-{lowest})/{reach},9),0)"
        return f'IF(ISNUMBER({cell}),IF(ROUND({reach},9)=0,"{EQUAL}",CHOOSE({step},{names})),"{GAP}")'

    return "&".join(map(block, cells))


def _blocks(*values: Value) -> str:
    known = _known(values)
    reach = max(known) - min(known)

    def block(value: Value) -> str:
        if not isinstance(value, (int, float)):
            return GAP
        if rounded(reach, 9) == 0:
            return EQUAL
        return BLOCKS[round(rounded((len(BLOCKS) - 1) * (value - min(known)) / reach))]

    return "".join(map(block, values))
