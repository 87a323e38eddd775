"""Heads of tables keep their words whole, in languages that have longer ones as well."""

from __future__ import annotations

import pytest

from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.page import set_widths, widen_for_heads


def _sheet(head: str, width: float) -> SheetModel:
    model = WorkbookModel()
    sheet = model.sheet("Sheet")
    model.put(sheet, "B3", head)
    set_widths(sheet, {"B": width})
    widen_for_heads(sheet, 3)
    return sheet


@pytest.mark.parametrize("head", ["Rücklaufquote", "NPS\nRücklaufquote", "Rücklaufquote, %"])
def test_a_column_is_as_wide_as_the_longest_word_of_its_head(head: str) -> None:
    """A word is never broken somewhere: 13 letters need about 13 characters, whatever stands beside them."""
    assert 12.5 <= _sheet(head, 9.8).widths["B"] <= 14


@pytest.mark.parametrize("head", ["Response rate", "Base\nshare", "Partner-Gesundheit", "NPS", ""])
def test_a_head_whose_words_fit_leaves_the_column_as_it_is(head: str) -> None:
    """A head of several words takes several lines, also where a hyphen joins them; no column becomes narrower."""
    assert _sheet(head, 11.0).widths["B"] == 11.0
