"""Promoters and detractors differ in grey, for those who cannot tell red from green, and beside a red brand."""

from __future__ import annotations

import cards
import pytest
from books import parts, written
from lxml import etree

from partnerkpi.scorecard.packs import for_partner, for_review
from partnerkpi.settings import Brand
from partnerkpi.workbook.build import build
from partnerkpi.workbook.model.brand import Palette
from partnerkpi.workbook.model.theme import DETRACTOR, INK, PASSIVE, PROMOTER

#: Deuteranopia, of linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.0.
DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))


def linear(colour: str) -> tuple[float, ...]:
    """Return the linear red, green and blue of RRGGBB (IEC 61966-2-1)."""
    parts_of = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return tuple(one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts_of)


def lightness(rgb: tuple[float, ...]) -> float:
    """Return L* of CIE 1976, 0 to 100, of linear RGB: the grey that a printer makes of it."""
    luminance = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
    return 116 * luminance ** (1 / 3) - 16


def seen(rgb: tuple[float, ...]) -> tuple[float, ...]:
    """Return what somebody with deuteranopia sees."""
    return tuple(
        min(1.0, max(0.0, sum(weight * one for weight, one in zip(row, rgb, strict=True)))) for row in DEUTERANOPIA
    )


@pytest.mark.parametrize("eye", [lambda rgb: rgb, seen])
def test_the_three_bands_differ_in_grey(eye: object) -> None:
    """Each two are 15 steps of 100 apart in lightness; 2 to 3 can just be seen."""
    assert callable(eye)
    greys = sorted(lightness(eye(linear(colour))) for colour in (PROMOTER, PASSIVE, DETRACTOR))
    assert min(greys[1] - greys[0], greys[2] - greys[1]) >= 15


@pytest.mark.parametrize(
    ("accent", "drawn"),
    [
        ("C8102E", INK),
        ("E30613", INK),
        ("C44536", INK),
        ("F2B705", "F2B705"),
        ("0A7D4F", "0A7D4F"),
        ("888888", "888888"),
    ],
)
def test_a_red_brand_draws_no_lines_and_bars_in_red(accent: str, drawn: str) -> None:
    """Red in a chart is what detractors are: a red brand's lines are drawn in its ink, others in the accent."""
    palette = Palette.of(Brand(accent=f"#{accent}"))
    assert palette is not None
    assert palette.accent == drawn


@pytest.mark.parametrize("name", ["usual", "one period", "no partner named", "no answers at all", "one partner"])
def test_every_drawing_of_every_sheet_is_told_in_words(name: str) -> None:
    """Also in a review and in what a partner receives."""
    card = cards.odd_cards()[name]
    own = [for_review(card, card.partners[0].name), for_partner(card, card.partners[0].name)] if card.partners else []
    for one in (card, *own):
        found = parts(written(build(one)))
        words = [
            element.get("descr", "")
            for part in found
            if part.startswith("xl/drawings/drawing")
            for element in etree.fromstring(found[part]).iter("{*}cNvPr")
        ]
        assert all(words), name
