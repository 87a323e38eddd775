"""The last periods of a figure as a row of blocks, for the tiles: a formula, so that every program shows it."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.scorecard.card import Line
from partnerkpi.workbook.figures.base import Column, Figure, PeriodFigures, kpis_of
from partnerkpi.workbook.model.phrases import rounded, whole, whole_text
from partnerkpi.workbook.model.translation import translate, translate_formula

BLOCKS = "▁▂▃▄▅▆▇█"
EQUAL = "▄"  # of each, where all periods are alike
GAP = "·"  # a period without data, which is not a low one
PERIODS = 8


def figures() -> list[Figure]:
    """Return the figures in the order of their rows."""
    return [
        _sparkline("nps", translate("NPS"), "", lambda line: line.scores.nps),
        _sparkline("advocacy", translate("Active advocates"), " %", lambda line: kpis_of(line)[1]),
        _sparkline("influence", translate("Influence share"), " %", lambda line: line.influence_share),
        _sparkline("response", translate("Response rate"), " %", lambda line: line.response_rate),
        _sparkline("health", translate("Partner health"), "", lambda line: line.health.score),
    ]


def _sparkline(key: str, label: str, unit: str, value: Callable[[Line], float | None]) -> Figure:
    """Return the blocks of up to eight periods with their lowest and highest figure; nothing below two figures."""

    def formula(c: Column) -> str:
        cells = [c.back(key, back) for back in range(min(PERIODS, c.number) - 1, -1, -1)]
        among = f"{cells[0]}:{cells[-1]}"
        lowest, reach = f"MIN({among})", f"(MAX({among})-MIN({among}))"
        names = ",".join(f'"{block}"' for block in BLOCKS)

        def block(cell: str) -> str:
            step = f"1+ROUND(ROUND({len(BLOCKS) - 1}*({cell}-{lowest})/{reach},9),0)"
            return f'IF(ISNUMBER({cell}),IF(ROUND({reach},9)=0,"{EQUAL}",CHOOSE({step},{names})),"{GAP}")'

        reached = translate_formula("{low} to {high}", low=whole(lowest), high=whole(f"MAX({among})"))
        ends = f'"  "&{reached}' + (f'&"{unit}"' if unit else "")
        return f'IF(COUNT({among})<2,"",{"&".join(map(block, cells))}&{ends})'

    def text(m: PeriodFigures) -> str:
        return blocks([value(line) for line in m.lines[-PERIODS:]], unit)

    return Figure(f"{key}_line", translate("{figure}, last periods as blocks", figure=label), formula, text)


def blocks(figures: list[float | None], unit: str = "") -> str:
    """Return a block for each figure between the lowest and the highest, and these; nothing below two figures.

    10, None, 20 is "▁·█  10 to 20".
    """
    known = [figure for figure in figures if figure is not None]
    if len(known) < 2:
        return ""
    lowest, highest = min(known), max(known)

    def block(figure: float | None) -> str:
        if figure is None:
            return GAP
        if rounded(highest - lowest, 9) == 0:
            return EQUAL
        return BLOCKS[round(rounded((len(BLOCKS) - 1) * (figure - lowest) / (highest - lowest)))]

    reached = translate("{low} to {high}", low=whole_text(lowest), high=whole_text(highest))
    return f"{''.join(map(block, figures))}  {reached}{unit}"
