"""Promoters and detractors, and the ratings, differ in grey, for every eye, and beside a red brand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import cards
import pytest
from books import opened, parts, written
from lxml import etree

from partnerkpi.scorecard.packs import for_partner, for_review
from partnerkpi.settings import Brand, Settings
from partnerkpi.workbook.build import build
from partnerkpi.workbook.model.brand import Palette, contrast
from partnerkpi.workbook.model.theme import BLOCKS, DETRACTOR, INK, PASSIVE, PROMOTER, RATINGS
from partnerkpi.workbook.writer.brand import recolour

Matrix = tuple[tuple[float, float, float], ...]
#: Of linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.0.
NORMAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
PROTANOPIA = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
TRITANOPIA = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))
EYES = [NORMAL, DEUTERANOPIA, PROTANOPIA, TRITANOPIA]


def linear(colour: str) -> tuple[float, ...]:
    """Return the linear red, green and blue of RRGGBB (IEC 61966-2-1)."""
    parts_of = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return tuple(one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts_of)


def lightness(rgb: tuple[float, ...]) -> float:
    """Return L* of CIE 1976, 0 to 100, of linear RGB: the grey that a printer makes of it."""
    luminance = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
    return 116 * luminance ** (1 / 3) - 16


def seen(colour: str, eye: Matrix) -> float:
    """Return the lightness of RRGGBB as an eye sees it."""
    rgb = linear(colour)
    return lightness(
        tuple(min(1.0, max(0.0, sum(weight * one for weight, one in zip(row, rgb, strict=True)))) for row in eye)
    )


@pytest.mark.parametrize(("eye", "steps"), [(NORMAL, 15), (DEUTERANOPIA, 15), (PROTANOPIA, 10), (TRITANOPIA, 15)])
def test_the_three_bands_differ_in_grey(eye: Matrix, steps: int) -> None:
    """Each two are 15 steps of 100 apart in lightness, 10 where red is seen as dark; 2 to 3 can just be seen."""
    greys = sorted(seen(colour, eye) for colour in (PROMOTER, PASSIVE, DETRACTOR))
    assert min(greys[1] - greys[0], greys[2] - greys[1]) >= steps


@pytest.mark.parametrize("eye", EYES)
def test_the_grounds_of_ratings_differ_in_grey(eye: Matrix) -> None:
    """The worst is the darkest, 12 steps from the best, beside which it stands in the heat table; each two differ."""
    greys = {name: seen(rating.fill, eye) for name, rating in RATINGS.items()}
    assert min(greys, key=lambda name: greys[name]) == "investigate"
    assert greys["exceptional"] - greys["investigate"] >= 12
    assert min(abs(one - other) for one, other in combinations([*greys.values(), seen("FFFFFF", eye)], 2)) >= 1.5
    ratings = [grey for name, grey in greys.items() if name != "no data"]
    assert min(abs(one - other) for one, other in combinations(ratings, 2)) >= 4


def test_what_a_rating_says_can_be_read_on_its_ground_and_on_white() -> None:
    """At 4.8 to 1, where WCAG 2 asks for 4.5."""
    for rating in RATINGS.values():
        assert min(contrast(rating.text, rating.fill), contrast(rating.text, "FFFFFF")) >= 4.8


@pytest.mark.parametrize("brand", [None, {"accent": "#f2b705", "ink": "3A2A10"}, {"accent": "#C8102E"}])
def test_every_text_can_be_read_on_the_ground_of_its_cell(brand: dict[str, str] | None) -> None:
    """On all sheets, of a pack and of a review too, in a brand's colours too: 4.5 to 1."""
    card = cards.odd_cards()["usual"]
    if brand is not None:
        card = replace(card, settings=Settings.model_validate({"brand": brand}))
    partner = card.partners[0].name
    for one in (card, for_review(card, partner), for_partner(card, partner)):
        found = {
            (cell.font.color.rgb[2:], cell.fill.fgColor.rgb[2:] if cell.fill.patternType else "FFFFFF", sheet.title)
            for sheet in opened(build(one), values=True)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None and cell.font.color is not None and isinstance(cell.font.color.rgb, str)
        }
        assert len(found) > 10
        assert not [pair for pair in found if contrast(*pair[:2]) < 4.5]


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
    blocks = etree.fromstring(f'<font><color rgb="FF{BLOCKS}"/></font>')  # letters that are bars
    recolour(blocks, palette)
    assert blocks[0].get("rgb") == "FF" + (INK if drawn == INK else palette.text)


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
