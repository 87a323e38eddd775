"""What a person may change, and what programs change when they save a file, is no finding."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cards
import cases
import office
import pytest
import shared
import tampering
import tamperings
from lxml import etree
from sampled import one_in, quick_where
from tamperings import MAIN, Forgery

from partnerkpi import periods
from partnerkpi._version import __version__
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner, for_review
from partnerkpi.settings import Options, Settings
from partnerkpi.verify import Report, recovered, verify
from partnerkpi.verify.rebuilt import Rebuilt
from partnerkpi.workbook.build import write_workbook
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.translation import in_language

#: Names at which programs have stumbled: what begins or ends them is nothing to see.
ODD_STARTS = (
    *("\u200bAcme", "\ufeffBolt", "\tCog", "\nDelta", "Echo\n", "\u200b", "Fox\tTrot", " Gamma", "_x000D_", "A\r\nB"),
    *("\u202eevil", "\u00a0Hard", "x" * 300, "\u0301Iota", "\u2028Kappa"),
)


def other_cards() -> dict[str, Scorecard]:
    """Return cards beside those of all tests: odd names, packs, reviews, other languages."""
    usual, tiers = cards.odd_cards()["segments"], cards.odd_cards()["tiers with benchmarks of their own"]
    fiscal = ("FY2026-Q4", "FY2027-Q1", "FY2027-Q2")
    made = {
        "odd starts": cards.card(cards.filled((*ODD_STARTS, None))),
        "pack": for_partner(usual, "Acme"),
        "review": for_review(usual, "Café"),
        "German": cases.speaking(cards.odd_cards()["usual"], "de"),
        "French": cases.speaking(usual, "fr"),
        "Spanish": cases.speaking(usual, "es"),
        "tiers of all time": replace(
            cards.odd_cards()["all time"],
            partners=tiers.partners,
            tier_benchmarks=tiers.tier_benchmarks,
        ),
        "financial quarters": replace(
            cards.card(cards.filled((*cards.NAMES, None), fiscal), periods=fiscal),
            period_kind=periods.fiscal("quarter", 4),
        ),
        "other windows": replace(
            cards.odd_cards()["two years"],
            settings=Settings(options=Options(rolling=2, duplicates="all")),
            options={"duplicates": "all"},
        ),
    }
    return {name: replace(card, version=__version__) for name, card in made.items()}


OTHERS = (
    *("odd starts", "pack", "review", "German", "French", "Spanish"),
    *("tiers of all time", "financial quarters", "other windows"),
)
#: Cards of whose figures more hangs on what the sheets do not say.
LESS_ON_SHEETS = ("all time", "years", "money", "tiers with benchmarks of their own", "two years", *OTHERS[-3:])
NAMES = (*cases.CASES, *OTHERS)
TOGETHER = 3  # workbooks in one call of LibreOffice


def path_of(name: str) -> Path:
    """Return the workbook of a card."""
    if name in cases.CASES:
        return cases.book(name)

    def write() -> Path:
        path = Path(tempfile.mkdtemp(dir=os.environ[shared.FOLDER]), f"{name.replace(' ', '_')}.xlsx")
        write_workbook(other_cards()[name], path)
        return path

    return shared.once(f"allowed {name}", write)


def saved(name: str) -> Path:
    """Return the workbook of a card as LibreOffice saves it, with its neighbours in one call."""
    start = NAMES.index(name) // TOGETHER * TOGETHER
    group = NAMES[start : start + TOGETHER]

    def save() -> list[Path]:
        folder = Path(tempfile.mkdtemp(dir=os.environ[shared.FOLDER]))
        return office.convert_together([path_of(one) for one in group], "xlsx", folder)

    return shared.once(f"allowed saved {start}", save)[group.index(name)]


def findings(report: Report) -> list[str]:
    """Return what was found."""
    return [finding.line for finding in report.findings]


@pytest.mark.parametrize("name", one_in(2, OTHERS))
def test_an_untouched_workbook_is_right(name: str) -> None:
    """Names that begin with what nobody sees, packs, reviews and other languages are right as they were written."""
    report = verify(path_of(name))
    assert findings(report) == []
    assert report.changed == report.not_judged == report.notes == []


@pytest.mark.parametrize("name", quick_where(lambda name: name in NAMES[:TOGETHER], zip(NAMES, strict=True)))
def test_what_libreoffice_saved_again_is_right(name: str) -> None:
    """LibreOffice writes every part anew, and all of it means the same."""
    report = verify(saved(name))
    assert findings(report) == []
    assert report.changed == []
    assert report.recomputed == report.formulas
    assert any("saved again by LibreOffice" in note for note in report.notes)
    assert any("charts" in one for one in report.not_judged)


@pytest.mark.parametrize(
    "name",
    # a partner's own workbook has no tallies to recompute it from
    quick_where(lambda name: name in LESS_ON_SHEETS, [(name,) for name in NAMES if name != "pack"]),
)
def test_a_workbook_without_its_record_has_no_figure_that_is_called_wrong(name: str, tmp_path: Path) -> None:
    """The sheets alone do not give every figure again: what rests on more is not recomputed, and never an alarm."""
    relation = re.compile(r"<Relationship [^>]*customXml/item1.xml[^>]*/>")
    changes = {"xl/_rels/workbook.xml.rels": lambda text: relation.sub("", text)}
    bare = tampering.changed(path_of(name), tmp_path / "bare.xlsx", changes, without="customXml/")
    report = verify(bare)
    assert [(finding.kind, finding.place) for finding in report.findings] == [("provenance", "record")]
    assert report.recomputed > report.formulas // 4


def book(change: Callable[[Forgery], None], folder: Path, name: str = "segments") -> Report:
    """Return what is said of a workbook that a person changed."""
    forged = Forgery(path_of(name))
    change(forged)
    return verify(forged.write(folder / "changed.xlsx"))


def test_a_persons_own_sheet_is_not_judged(tmp_path: Path) -> None:
    """A sheet behind ours is told as not judged, with formulas that only calculate."""
    for cell in ("<v>62</v>", "<f>VLOOKUP(1,Data!A6:C9,2)*TODAY()</f><v>62</v>"):
        report = book(lambda made, cell=cell: tamperings.a_sheet(made, "Notes", cell=cell), tmp_path)  # type: ignore[misc]
        assert findings(report) == []
        assert report.not_judged == ["the sheet Notes, which somebody added"]


def test_sizes_and_views_are_anybodys(tmp_path: Path) -> None:
    """Wider and narrower columns, other rows, another zoom, another selected cell and sheet."""

    def change(made: Forgery) -> None:
        for title in ("Scorecard", "Partners", "Data"):
            sheet = made.sheet(title)
            for column in sheet.iter(f"{{{MAIN}}}col"):
                column.set("width", "17.5")
            for row in list(sheet.iter(f"{{{MAIN}}}row"))[:9]:
                row.attrib.update({"ht": "44", "customHeight": "1"})
            for view in sheet.iter(f"{{{MAIN}}}sheetView"):
                view.attrib.update({"zoomScale": "70", "tabSelected": "0"})
            for selection in sheet.iter(f"{{{MAIN}}}selection"):
                selection.attrib.update({"activeCell": "C9", "sqref": "C9:D12"})
        for window in made.book.iter(f"{{{MAIN}}}workbookView"):
            window.attrib.update({"activeTab": "3", "firstSheet": "2"})

    report = book(change, tmp_path)
    assert findings(report) == []
    assert report.changed == []


def test_a_filter_may_hide_rows(tmp_path: Path) -> None:
    """Rows that a filter of a table hides are told; without the filter they are findings."""

    def hide(made: Forgery) -> None:
        rows = [row for row in made.sheet("Actions").iter(f"{{{MAIN}}}row") if row.get("r") in ("6", "7")]
        for row in rows:
            row.set("hidden", "1")

    def change(made: Forgery) -> None:
        hide(made)
        part = next(part for part in made.parts if b'displayName="ActionList"' in made.parts[part])
        for one in made.root(part).iter(f"{{{MAIN}}}autoFilter"):
            column = etree.SubElement(one, f"{{{MAIN}}}filterColumn", colId="1")
            etree.SubElement(etree.SubElement(column, f"{{{MAIN}}}filters"), f"{{{MAIN}}}filter", val="Acme")

    report = book(change, tmp_path)
    assert findings(report) == []
    assert report.changed == ["a filter of Actions hides rows"]
    assert not book(hide, tmp_path).sound


def test_what_others_note_in_a_file_is_told(tmp_path: Path) -> None:
    """Labels of a company and custom XML of a document server stand on no sheet: said to be not judged."""

    def change(made: Forgery) -> None:
        root = made.root("docProps/custom.xml")
        label = etree.fromstring(etree.tostring(root[0]))
        label.attrib.update({"pid": "9", "name": "MSIP_Label_Name"})
        label[0].text = "Internal"
        root.append(label)
        made.add("customXml/item9.xml", b"<server/>", "application/xml")
        made.relate("xl/workbook.xml", "customXml", "../customXml/item9.xml")

    report = book(change, tmp_path)
    assert findings(report) == []
    assert report.not_judged == [
        "the file's own properties MSIP_Label_Name, which others added",
        "custom XML of other programs in customXml/item9.xml",
    ]


def test_a_point_that_libreoffice_writes_down_looks_as_its_series(tmp_path: Path) -> None:
    """It writes each point that has a label of its own: no finding, unless it looks otherwise than the others."""
    filled = f"{{{tamperings.CHART}}}spPr/{{{tamperings.DRAWING}}}solidFill/.."

    def change(made: Forgery, colour: str = "") -> None:
        made.root("docProps/app.xml")[0].text = "LibreOffice"
        charts = [made.root(part) for part in sorted(made.parts) if part.startswith("xl/charts/chart")]
        series = [one for chart in charts for one in chart.iter(f"{{{tamperings.CHART}}}ser")]
        looks = next(found for one in series if (found := one.find(filled)) is not None)
        point = etree.Element(f"{{{tamperings.CHART}}}dPt")
        etree.SubElement(point, f"{{{tamperings.CHART}}}idx", val="0")
        point.append(etree.fromstring(etree.tostring(looks)))
        for one in point.iter(f"{{{tamperings.DRAWING}}}srgbClr"):
            one.set("val", colour or one.get("val", ""))
        looks.addnext(point)

    assert findings(book(change, tmp_path, "German")) == []
    report = book(lambda made: change(made, "00FF00"), tmp_path, "German")
    assert any("colours of points" in line for line in findings(report))


def put(made: Forgery, title: str, ref: str, text: str) -> None:
    """Type a text into a cell."""
    cell = next(cell for cell in made.cells(title) if cell.get("r") == ref)
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    etree.SubElement(etree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = text


@pytest.mark.thorough
def test_the_status_of_a_call_is_chosen(tmp_path: Path) -> None:
    """One of the list may stand there, and the sentence above follows it; something else is a finding."""
    forged = Forgery(path_of("segments"))
    place = next(
        ref
        for (title, ref), value in office.stored_values(path_of("segments")).items()
        if title == "Actions" and ref.startswith("H") and value == "open"
    )
    put(forged, "Actions", place, "done")
    path = forged.write(tmp_path / "chosen.xlsx")
    assert [one for one in findings(verify(path)) if one.startswith("Actions!")]  # not yet calculated
    folder = tmp_path / "calculated"
    folder.mkdir()
    report = verify(office.convert(path, "xlsx", folder))
    assert findings(report) == []
    assert report.changed == ["Actions: what became of calls was typed into 1 cell"]
    other = book(lambda made: put(made, "Actions", place, "NPS 62"), tmp_path)
    assert any(f"Actions!{place}" in one for one in findings(other))


def test_words_in_the_open_cells_of_a_review_are_not_judged(tmp_path: Path) -> None:
    """What was agreed is written into the yellow cells; what stands beside them is judged as ever."""
    forged = Forgery(path_of("review"))
    looks = Forgery(path_of("review")).styles().find(f"{{{MAIN}}}cellXfs")
    assert looks is not None
    opened = [
        cell.get("r", "")
        for cell in forged.cells("Review")
        if (own := looks[int(cell.get("s", "0"))].find(f"{{{MAIN}}}protection")) is not None
        and own.get("locked") == "0"
    ]
    put(forged, "Review", opened[0], "Ann calls by Friday")
    report = verify(forged.write(tmp_path / "agreed.xlsx"))
    assert findings(report) == []
    assert report.not_judged == ["what was written into 1 cell left open for that"]


@pytest.mark.thorough
def test_thresholds_of_tiers_may_be_changed_too(tmp_path: Path) -> None:
    """A threshold of one tier is the reader's as well: recalculated, it is told and no finding."""
    name = "tiers with benchmarks of their own"
    forged = Forgery(path_of(name))
    named = {one.get("name"): one.text or "" for one in forged.book.iter(f"{{{MAIN}}}definedName")}
    title, _, cells = named["NPS_tier_watch"].partition("!")
    ref = cells.replace("$", "").partition(":")[0]
    value = next(cell for cell in forged.cells(title) if cell.get("r") == ref).find(f"{{{MAIN}}}v")
    assert value is not None
    value.text = "-20"
    folder = tmp_path / "calculated"
    folder.mkdir()
    report = verify(office.convert(forged.write(tmp_path / "changed.xlsx"), "xlsx", folder))
    assert findings(report) == []
    assert len(report.changed) == 1
    assert re.search(r"the threshold of watch of .* \(nps\): it says -20", report.changed[0])


@pytest.mark.parametrize("code", ["en", "de"])
def test_partners_stand_where_they_stood_when_a_threshold_is_changed(code: str) -> None:
    """The partners to call first stay in front in any language: the rows are those of the day it was made."""
    usual = cards.odd_cards()["usual"]
    card = cases.speaking(replace(usual, title="Partner scorecard"), code)
    all_called = {
        "nps": Benchmark.from_thresholds("nps", {"watch": 99, "strong": 99.5, "exceptional": 100}, target=100)
    }
    changed = replace(card, benchmarks=dict(card.benchmarks) | all_called)

    def rows(of: Scorecard) -> list[object]:
        sheet = Rebuilt(card, (), None, []).of(of)[names.PARTNERS]
        return [sheet.content((row, 1))[1] for row in range(6, 6 + len(card.partners))]

    with in_language(code):
        assert rows(changed) != rows(card)
        assert rows(changed.with_calls_of(card)) == rows(card)


def test_a_tier_without_a_threshold_of_its_own_follows_that_of_all(tmp_path: Path) -> None:
    """A tier with a benchmark of one KPI has everybody's of the others: changed there, it is changed for the tier."""
    usual = cards.odd_cards()["tiers with benchmarks of their own"]
    own = {"Gold": dict(usual.benchmarks) | {"advocacy": usual.tier_benchmarks["Gold"]["nps"]}}
    path = tmp_path / "card.xlsx"
    write_workbook(replace(usual, tier_benchmarks=own), path)
    forged = Forgery(path)
    named = {one.get("name"): one.text or "" for one in forged.book.iter(f"{{{MAIN}}}definedName")}
    title, _, ref = named["NPS_watch"].replace("$", "").partition("!")
    value = next(cell for cell in forged.cells(title) if cell.get("r") == ref).find(f"{{{MAIN}}}v")
    assert value is not None
    value.text = "21"
    card = recovered(forged.write(tmp_path / "changed.xlsx"))
    assert card is not None
    assert card.benchmark_of("nps", "Gold").thresholds["watch"] == card.benchmarks["nps"].thresholds["watch"] == 21
    assert card.benchmark_of("advocacy", "Gold") == own["Gold"]["advocacy"]


def test_a_workbook_of_another_version_says_so(tmp_path: Path) -> None:
    """What another version lays out otherwise is one line, not as many findings as differ; figures are judged."""
    path = tmp_path / "old.xlsx"
    write_workbook(replace(cards.odd_cards()["two partners"], version="0.0.1"), path)
    assert verify(path).findings == []
    forged = Forgery(path)
    for rule in forged.sheet("Partners").iter(f"{{{MAIN}}}cfRule"):
        rule.set("stopIfTrue", "1")
    (line,) = findings(verify(forged.write(tmp_path / "changed.xlsx")))
    assert f"made with partnerkpi 0.0.1, this is {__version__}: compared by cells only" in line
