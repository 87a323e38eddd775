"""Targets reached, and bars, on the sheet of partners."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import books
import cards
import office
import pytest
from lxml import etree
from openpyxl.utils.cell import get_column_letter

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_review
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.workbook.build import build, write_workbook
from partnerkpi.workbook.columns import all_columns
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.layout import FIRST_ROW, HEAD_ROW
from partnerkpi.workbook.model.values import Value

NAMES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
}


def letter(card: Scorecard, key: str) -> str:
    """Return the column of a partner's figure."""
    return get_column_letter([column.key for column in all_columns(card)].index(key) + 1)


def row_of(card: Scorecard, place: int = 0) -> dict[str, Value]:
    """Return the values of the formulas of a partner's row, by key."""
    values = build(card).values()
    keys = [column.key for column in all_columns(card)]
    cells = {key: (names.PARTNERS, f"{get_column_letter(at)}{FIRST_ROW + place}") for at, key in enumerate(keys, 1)}
    return {key: values[cell] for key, cell in cells.items() if cell in values}


def one(counts: Counts, **changes: object) -> Scorecard:
    """Return the scorecard of one partner in one period."""
    return replace(cards.card({("Acme", "2026-Q3"): counts}, periods=("2026-Q3",)), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scores", "activities", "reached"),
    [
        (ScoreTally(3, 5, 12), 0, 100 * 0.4 * 0.9 / 0.7),  # NPS 45 is 90 of 100, weights .4 and .3
        (ScoreTally(3, 5, 12), 2, 100 * (0.4 * 0.9 + 0.3) / 0.7),
        (ScoreTally(0, 0, 9), 1, 100.0),
        (ScoreTally(9, 0, 0), 0, 0.0),
        (ScoreTally(), 1, 100.0),  # no answers: no NPS, which is not a 0
        (ScoreTally(), 0, 0.0),
    ],
)
def test_a_partner_reaches_of_its_targets_what_its_nps_and_its_activity_do(
    scores: ScoreTally, activities: int, reached: float
) -> None:
    """Weights .4 and .3, NPS from 0 to 50, one partner active or not; retained customers do not count."""
    assert row_of(one(Counts(scores, 20, activities, 10, 9)))["health"] == pytest.approx(reached, abs=1e-9)


def test_a_kpi_without_data_does_not_count() -> None:
    """Without activities, without a list, or off the list, it is the NPS alone; without that it is a dash."""
    counts = Counts(ScoreTally(3, 5, 12), 20, 0, 10, 9)
    for card in (
        one(counts, has_activities=False),
        one(counts, has_partner_list=False),
        one(counts, partners=(Partner("Acme", listed=False),)),
    ):
        assert row_of(card)["health"] == 90.0
    assert row_of(one(Counts(), has_activities=False))["health"] == "–"


def test_the_share_of_targets_is_that_of_the_partners_own_workbook() -> None:
    """One number, everywhere: the row on Partners and the pack."""
    card = cards.demo_card()
    view = card.view()
    for partner in card.partners:
        own = for_review(card, partner.name).total_line(card.current)
        assert view.partners[partner.name].health == own.health


def test_a_column_says_what_it_is_made_of() -> None:
    """Who selects the head reads it; Excel allows 255 characters."""
    card = cards.odd_cards()["usual"]
    sheet = books.opened(build(card))[names.PARTNERS]
    prompts = {str(rule.sqref): rule.prompt for rule in sheet.data_validations.dataValidation}
    assert set(prompts) == {f"{letter(card, 'health')}{HEAD_ROW}"}
    assert all(len(prompt) <= 255 for prompt in prompts.values())


# --- bars -----------------------------------------------------------------------------------------------------------


def part_of(card: Scorecard, title: str) -> etree._Element:
    """Return a sheet's part."""
    model = build(card)
    number = list(model.sheets).index(title) + 1
    return etree.fromstring(books.parts(books.written(model))[f"xl/worksheets/sheet{number}.xml"])


def test_bars_are_solid_without_numbers_and_have_fixed_ends() -> None:
    """Of the NPS from -100 to 100, of the answers from 0; each rule is tied to its extension by a name of its own."""
    card = cards.odd_cards()["usual"]
    root = part_of(card, names.PARTNERS)
    bars = root.xpath("//x14:cfRule", namespaces=NAMES)
    links = root.xpath("//m:cfRule[@type='dataBar']//x14:id/text()", namespaces=NAMES)
    assert [bar.get("id") for bar in bars] == links
    assert len(set(links)) == 2
    ends = {}
    for bar in bars:
        drawn = bar.find("x14:dataBar", NAMES)
        assert (drawn.get("gradient"), drawn.get("showValue"), drawn.get("minLength")) == ("0", "0", "0")
        assert drawn.find("x14:negativeFillColor", NAMES).get("rgb") == "FFC44536"
        where = bar.getparent().findtext("xm:sqref", namespaces=NAMES)
        ends[where[:2].rstrip("0123456789")] = [
            (end.get("type"), end.findtext("xm:f", namespaces=NAMES)) for end in drawn.findall("x14:cfvo", NAMES)
        ]
    assert ends == {
        letter(card, "nps_bar"): [("num", "-100"), ("num", "100")],
        letter(card, "answers_bar"): [("num", "0"), ("max", None)],
    }


def test_a_bar_stands_beside_its_figure_and_never_for_few_answers() -> None:
    """Four answers have an NPS in grey, and no bar: nothing is drawn of what may be chance."""
    few = row_of(one(Counts(ScoreTally(0, 0, 4), 20, 1, 10, 9)))
    assert (few["nps"], few["nps_bar"], few["answers_bar"], few["note"]) == (100, "", 4, "few answers")
    enough = row_of(one(Counts(ScoreTally(0, 0, 5), 20, 1, 10, 9)))
    assert (enough["nps"], enough["nps_bar"], enough["answers_bar"], enough["note"]) == (100, 100, 5, "")


def test_bars_open_without_repair(tmp_path: Path) -> None:
    """The Open XML SDK and the schemas find nothing in them."""
    path = tmp_path / "bars.xlsx"
    write_workbook(cards.odd_cards()["usual"], path)
    assert office.open_xml_sdk(path) == []
    assert office.validate(path) == []
