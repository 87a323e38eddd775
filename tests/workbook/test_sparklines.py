"""The blocks: eight periods of a figure, between the lowest and the highest of them."""

from __future__ import annotations

from dataclasses import replace

import cards
import pytest

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.packs import for_review
from partnerkpi.scorecard.parts import Counts
from partnerkpi.workbook.build import build
from partnerkpi.workbook.figures.charts import BLOCKS, EQUAL, GAP, sparkline
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.expression import given
from partnerkpi.workbook.model.phrases import shown

TILE_ROW = 10  # of the blocks of a review, below the change
ROWS = range(7, 12)  # of the KPIs on the first page, whose blocks stand in G
TILES = "ACEGI"


def line(figures: list[float | None]) -> str:
    """Return the blocks of some figures, a dash for one without data."""
    return str(sparkline([given("A1", shown(figure)) for figure in figures]).value(None))


@pytest.mark.parametrize(
    ("figures", "drawn"),
    [
        ([0.0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█  0 to 7"),
        ([-100.0, 100.0], "▁█  −100 to 100"),
        ([10.0, None, 20.0], "▁·█  10 to 20"),
        ([0.0, 49.9, 100.0], "▁▄█  0 to 100"),  # 7 x 0.499 is 3.493, the fourth block
        ([0.0, 50.0, 100.0], "▁▅█  0 to 100"),  # 3.5 is rounded away from zero
        ([33.3, 33.3, None], "▄▄·  33"),
        ([5.0], ""),
        ([None, 5.0, None], ""),
        ([], ""),
    ],
)
def test_the_lowest_is_the_smallest_block_and_the_highest_the_largest(
    figures: list[float | None], drawn: str
) -> None:  # fmt: skip
    """A period without data is a dot, never the block of the lowest; one figure alone is no course."""
    assert line(figures) == drawn
    assert (len(BLOCKS), EQUAL in BLOCKS, GAP in BLOCKS) == (8, True, False)


def test_each_of_five_rows_has_its_blocks_at_the_same_place() -> None:
    """They end with the chosen period, and go back eight at most."""
    card = cards.demo_card()
    values = build(card).values()
    drawn = [str(values[names.SCORECARD, f"G{row}"]) for row in ROWS]
    assert [len(text.split("  ")[0]) for text in drawn] == [min(8, len(card.periods))] * 5
    nps = [card.total_line(period).scores.nps for period in card.periods[-8:]]
    assert drawn[0] == line(nps)
    earlier = replace(card, current=card.periods[2])
    assert len(str(build(earlier).values()[names.SCORECARD, f"G{ROWS[0]}"]).split("  ")[0]) == 3


def test_no_more_than_eight_periods_are_drawn() -> None:
    """Of nine months the first is left out: the scale is that of the others."""
    months = tuple(f"2026-0{number}" for number in range(1, 10))
    counts = {("Acme", month): Counts(ScoreTally(0, 10 - place, place)) for place, month in enumerate(months)}
    counts["Acme", months[0]] = Counts(ScoreTally(10, 0, 0))
    card = cards.card(counts, periods=months, period_kind="month")
    assert build(card).values()[names.SCORECARD, f"G{ROWS[0]}"] == "▁▂▃▄▅▆▇█  10 to 80"


def test_a_partners_own_workbook_has_them_too() -> None:
    """Score, activities, retention rate, customers and response rate of one partner have their course."""
    pack = for_review(cards.demo_card(), cards.demo_card().partners[0].name)
    values = build(pack).values()
    drawn = [values[names.SCORECARD, f"{letter}{TILE_ROW}"] for letter in TILES]
    assert all("█" in str(one) for one in drawn)
    assert str(drawn[2]).endswith("75 to 100 %")
