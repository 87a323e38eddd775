"""A chart that is not made yet: its function and what it is given, so that equal charts can be told and made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from openpyxl.chart import BarChart, LineChart
from openpyxl.worksheet.worksheet import Worksheet

P = ParamSpec("P")
Chart = LineChart | BarChart


@dataclass(frozen=True)
class Drawing:
    """A chart of what stands on the sheet `title`. Equal drawings give equal charts."""

    function: Callable[..., Chart]
    title: str
    given: tuple[Any, ...]

    def made(self, sheet: Worksheet) -> Chart:
        """Return the chart; `sheet` is the one whose cells it draws."""
        return self.function(sheet, *self.given)


def drawn(function: Callable[Concatenate[Any, P], Chart]) -> Callable[Concatenate[Any, P], Drawing]:
    """Let a function that makes a chart of a sheet's cells return its drawing instead."""

    @wraps(function)
    def drawing(sheet: Any, /, *given: P.args, **named: P.kwargs) -> Drawing:
        if named:
            raise TypeError("a chart is given everything by place")
        return Drawing(function, sheet.title, given)

    return drawing
