"""A scorecard that somebody received: what was changed is named, what is right is called right."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import cards
import cases
import office
import openpyxl
import pytest
import rebuilding
import tampering
from command import run_here
from openpyxl.utils.cell import get_column_letter
from sampled import one_in, quick_where

import partnerkpi
from partnerkpi.errors import DataProblem, FileProblem, UnsafeFile
from partnerkpi.scorecard.plain import as_dict
from partnerkpi.tally.used_answers import PersonAnswer
from partnerkpi.verify import Report, verify
from partnerkpi.workbook.build import write_workbook
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.layout import FIRST_ROW, TALLIES
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.provenance import read_page

DETRACTORS = f"C{FIRST_ROW}"


@pytest.fixture(autouse=True)
def _records_are_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilding.keep(monkeypatch)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Return the workbook of a usual scorecard, untouched."""
    path = tmp_path / "scorecard.xlsx"
    write_workbook(cards.odd_cards()["usual"], path)
    return path


def tamper(path: Path, title: str, ref: str, value: str) -> Report:
    """Put another stored value into a cell and look at the copy."""
    target = path.with_name("changed.xlsx")
    part = tampering.part_of(path, title)
    return verify(tampering.changed(path, target, {part: tampering.stored(ref, value)}))


def formula_cell(path: Path, title: str) -> tuple[str, str]:
    """Return a formula cell of a sheet whose value is a number other than 0, and its text."""
    values = office.stored_values(path)
    return next(
        (ref, formula)
        for (sheet, ref), formula in office.formulas(path).items()
        if sheet == title and isinstance(values.get((sheet, ref)), (int, float)) and values[sheet, ref]
    )


@pytest.mark.parametrize("name", quick_where(lambda name: name in cases.QUICK, zip(cases.CASES, strict=True)))
def test_an_untouched_workbook_is_right(name: str) -> None:
    """Every workbook that we write is found right, and each of its formulas is recomputed."""
    path, fingerprint = cases.book(name), cases.fingerprint(name)
    report = verify(path, fingerprint)
    assert report.findings == []
    assert report.notes == []
    assert report.recomputed == report.formulas == len(office.formulas(path))
    assert report.fingerprint == fingerprint


def test_a_changed_figure_is_named(sound: Path) -> None:
    """A stored figure that does not follow from the tallies: its cell, what it says and what it should say."""
    ref, _ = formula_cell(sound, names.SCORECARD)
    should = office.stored_values(sound)[names.SCORECARD, ref]
    report = tamper(sound, names.SCORECARD, ref, "77.7")
    (finding,) = report.findings
    assert (finding.kind, finding.place) == ("figure", f"Scorecard!{ref}")
    assert finding.says == 77.7
    assert finding.should_say == pytest.approx(should)


def test_a_changed_tally_is_named(sound: Path) -> None:
    """A tally that is not the recorded one is a finding; figures are judged by what Data says, so they differ too."""
    report = tamper(sound, names.DATA, DETRACTORS, "99")
    tally = report.in_order[0]
    assert (tally.kind, tally.place, tally.says) == ("tally", f"Data!{DETRACTORS}", 99)
    assert "detractors of Acme in Q1 2026" in tally.line
    assert any(finding.kind == "figure" for finding in report.findings)


def test_a_tally_that_excel_calculated_on_leaves_its_tests_behind(sound: Path) -> None:
    """Where somebody corrects a tally and a program recalculates all, what Data stores without a formula is left."""
    part = tampering.part_of(sound, names.DATA)
    changed = tampering.changed(sound, sound.with_name("changed.xlsx"), {part: tampering.stored(DETRACTORS, "9")})
    folder = sound.parent / "calculated"
    folder.mkdir()
    report = verify(office.convert(changed, "xlsx", folder))
    tally, *tests = report.in_order
    assert (tally.kind, tally.place) == ("tally", f"Data!{DETRACTORS}")
    # p of Acme's change to the next quarter and of that of all, and clustered errors
    places = {one.place for one in tests}
    assert {"Data!P7", "Data!Z85"} <= places
    assert {(one.kind, one.place.partition("!")[0]) for one in tests} == {("figure", names.DATA)}
    assert any("saved again" in note for note in report.notes)


def test_a_changed_p_value_is_named(sound: Path) -> None:
    """A p-value has no formula, and is recomputed from the tallies all the same: with the record and without it."""
    for place in ("P7", "Z85"):
        should = office.stored_values(sound)[names.DATA, place]
        report = tamper(sound, names.DATA, place, "0.0012")
        (finding,) = report.findings
        assert (finding.kind, finding.place, finding.says) == ("figure", f"Data!{place}", 0.0012)
        assert finding.should_say == pytest.approx(should)


def test_changed_persons_are_named(tmp_path: Path) -> None:
    """Fewer persons of both periods than were counted are a finding, and so is the p that was made with them."""
    rows = [
        {
            "partner": partner,
            "respondent": f"r{number}",
            "date": day,
            "score": 10 if number * 7 % 10 < few else 3,
        }
        for partner in ("Acme", "Bolt")
        for number in range(30)
        for day, few in (("2026-03-30", 8), ("2026-06-29", 5))
    ]
    path = tmp_path / "card.xlsx"
    partnerkpi.build_scorecard(rows, path)
    assert verify(path).findings == []
    persons, p_value = f"{LETTERS['Persons in the period before too']}7", f"{LETTERS['p of the change']}7"
    assert openpyxl.load_workbook(path)[names.DATA][persons].value == 30
    kinds = {(one.kind, one.place): one for one in tamper(path, names.DATA, persons, "29").findings}
    assert kinds["tally", f"Data!{persons}"].should_say == 30
    assert kinds["figure", f"Data!{p_value}"].says == openpyxl.load_workbook(path)[names.DATA][p_value].value


LETTERS = {head: get_column_letter(place) for place, head in enumerate(TALLIES, 1)}


@pytest.mark.thorough
def test_a_changed_threshold_is_told_and_figures_follow_it(sound: Path) -> None:
    """A threshold is the reader's to change: it is told, and figures that do not follow it are findings."""
    workbook = openpyxl.load_workbook(sound)
    title, ref = next(workbook.defined_names["NPS_target"].destinations)
    ref = ref.replace("$", "")
    part = tampering.part_of(sound, title)
    changed = tampering.changed(sound, sound.with_name("changed.xlsx"), {part: tampering.stored(ref, "10")})
    report = verify(changed)
    assert report.changed == [f"{title}!{ref}, the target of nps: it says 10, made with 50"]
    assert {finding.kind for finding in report.findings} == {"figure"}
    folder = sound.parent / "calculated"
    folder.mkdir()
    calculated = verify(office.convert(changed, "xlsx", folder))
    assert [finding.line for finding in calculated.findings] == []
    assert calculated.changed == report.changed


@pytest.mark.thorough
def test_another_period_is_no_finding(sound: Path) -> None:
    """To choose a period is what the workbook is for: recalculated, it is right, and a note says so."""
    card = cards.odd_cards()["usual"]
    first = period_name(card.periods[0])
    workbook = openpyxl.load_workbook(sound)
    title, ref = next(workbook.defined_names[names.PERIOD].destinations)
    cell = ref.replace("$", "")
    strings = tampering.changed(
        sound,
        sound.with_name("chosen.xlsx"),
        {
            tampering.part_of(sound, title): lambda text: re.sub(
                rf'(<c r="{cell}" s="\d+") t="s"><v>\d+</v>', rf'\1 t="inlineStr"><is><t>{first}</t></is>', text
            )
        },
    )
    folder = sound.parent / "calculated"
    folder.mkdir()
    report = verify(office.convert(strings, "xlsx", folder))
    assert [finding.line for finding in report.findings] == []
    assert f"the period cell says {first}; made with {period_name(card.current)}" in report.changed


def test_a_changed_source_line_is_named(sound: Path) -> None:
    """The number of rows read, and what was set aside, cannot be changed on About without being seen."""
    place = next(place for place, value in office.stored_values(sound).items() if place[0] == "About" and value == 120)
    report = tamper(sound, names.ABOUT, place[1], "119")
    assert ("text", f"About!{place[1]}", 119, 120) in [
        (finding.kind, finding.place, finding.says, finding.should_say) for finding in report.findings
    ]


def test_a_changed_text_is_named(sound: Path) -> None:
    """A word in the table of texts changes each cell that shows it."""
    changed = tampering.changed(
        sound,
        sound.with_name("changed.xlsx"),
        {"xl/sharedStrings.xml": lambda text: text.replace("blank score", "nothing")},
    )
    (finding,) = verify(changed).findings
    assert finding.line.endswith('says "nothing", should say "blank score": the text was changed')


def test_a_changed_formula_is_named(sound: Path) -> None:
    """A formula that was replaced by its value, or written otherwise, is a finding."""
    ref, formula = formula_cell(sound, names.SCORECARD)
    part = tampering.part_of(sound, names.SCORECARD)
    target = sound.with_name("changed.xlsx")
    cut = {part: lambda text: re.sub(rf'(<c r="{ref}"[^>]*>)<f>[^<]*</f>', r"\1", text)}
    (finding,) = verify(tampering.changed(sound, target, cut)).findings
    assert (finding.kind, finding.should_say) == ("formula", formula)
    other = {part: lambda text: re.sub(rf'(<c r="{ref}"[^>]*>)<f>[^<]*</f>', r"\1<f>1+1</f>", text)}
    (finding,) = verify(tampering.changed(sound, target, other)).findings
    assert (finding.kind, finding.says) == ("formula", "=1+1")


@pytest.mark.parametrize(
    ("formula", "said"),
    one_in(
        3,
        [
            ("NOW()", "NOW is not among"),
            ("INDIRECT(&quot;A1&quot;)", "INDIRECT is not among"),
            ("[1]Sheet1!A1", "reach outside"),
        ],
    ),
)
def test_a_formula_that_is_not_safe_is_named(formula: str, said: str, sound: Path) -> None:
    """Volatile functions and references to other workbooks are findings of their own."""
    ref, _ = formula_cell(sound, names.SCORECARD)
    part = tampering.part_of(sound, names.SCORECARD)
    change = {part: lambda text: re.sub(rf'(<c r="{ref}"[^>]*>)<f>[^<]*</f>', rf"\1<f>{formula}</f>", text)}
    report = verify(tampering.changed(sound, sound.with_name("changed.xlsx"), change))
    assert any(finding.kind == "structure" and said in finding.what for finding in report.findings)


def test_errors_and_missing_values_are_named(sound: Path) -> None:
    """An error other than a deliberate #N/A, and a formula without a stored value, are findings."""
    ref, _ = formula_cell(sound, names.SCORECARD)
    part = tampering.part_of(sound, names.SCORECARD)
    target = sound.with_name("changed.xlsx")
    error = {
        part: lambda text: re.sub(
            rf'<c r="{ref}"([^>]*)>(<f>[^<]*</f>)<v>[^<]*', rf'<c r="{ref}"\1 t="e">\2<v>#REF!', text
        )
    }
    assert "shows the error #REF!" in [
        finding.what for finding in verify(tampering.changed(sound, target, error)).findings
    ]
    bare = {part: lambda text: re.sub(rf'(<c r="{ref}"[^>]*><f>[^<]*</f>)<v>[^<]*</v>', r"\1", text)}
    (finding,) = verify(tampering.changed(sound, target, bare)).findings
    assert finding.what.startswith("1 formula has no stored value")


@pytest.mark.parametrize(
    ("part", "what"),
    one_in(
        4,
        [
            ("xl/vbaProject.bin", "holds macros"),
            ("xl/externalLinks/externalLink1.xml", "refers to another workbook"),
            ("xl/connections.xml", "fetches data"),
            ("xl/embeddings/oleObject1.bin", "embedded object"),
        ],
    ),
)
def test_parts_that_run_or_reach_outside_are_named(part: str, what: str, sound: Path) -> None:
    """Macros, embedded objects and links to elsewhere have no place in a scorecard."""
    changed = tampering.changed(sound, sound.with_name("changed.xlsx"), {}, **{part: b"<x/>"})
    (finding,) = verify(changed).findings
    assert what in finding.what
    assert finding.place == part


def test_a_chart_that_draws_something_else_is_named(sound: Path) -> None:
    """What a chart has stored must be what its cells hold."""
    change = {
        "xl/charts/chart1.xml": lambda text: re.sub(
            r"(<(?:c:)?v>)-?\d+\.\d+(</(?:c:)?v>)", r"\g<1>99.5\2", text, count=1
        )
    }
    report = verify(tampering.changed(sound, sound.with_name("changed.xlsx"), change))
    assert [finding.kind for finding in report.findings if finding.place != "version"] == ["chart"]


def test_a_hidden_or_added_sheet_is_named(sound: Path) -> None:
    """A sheet that somebody hid or added is no part of the scorecard."""
    hidden = {"xl/workbook.xml": lambda text: text.replace('name="About"', 'name="About2"')}
    places = [
        finding.place for finding in verify(tampering.changed(sound, sound.with_name("changed.xlsx"), hidden)).findings
    ]
    assert {"About", "About2"} <= set(places)  # it could be taken for the one that is missing


def test_a_changed_record_does_not_fit_its_fingerprint(sound: Path) -> None:
    """Who changes the record without the fingerprint is found out; who changes both, by the one that was told."""
    change = {"customXml/item1.xml": lambda text: text.replace('"min_responses":5', '"min_responses":6')}
    changed = tampering.changed(sound, sound.with_name("changed.xlsx"), change)
    assert "it was changed after the fingerprint was taken" in [one.what for one in verify(changed).findings]
    told = verify(sound, "0" * 64)
    assert [one.kind for one in told.findings] == ["provenance"]


def test_a_workbook_without_its_record_is_recomputed_all_the_same(tmp_path: Path) -> None:
    """Without the record the figures are checked against Data, and the missing provenance is the finding."""
    path = tmp_path / "scorecard.xlsx"
    write_workbook(cards.demo_card(), path)
    relation = re.compile(r"<Relationship [^>]*customXml/item1.xml[^>]*/>")
    changes = {"xl/_rels/workbook.xml.rels": lambda text: relation.sub("", text)}
    bare = tampering.changed(path, tmp_path / "bare.xlsx", changes, without="customXml/")
    report = verify(bare)
    assert [(finding.kind, finding.place) for finding in report.findings] == [("provenance", "record")]
    assert report.fingerprint is None
    assert report.recomputed > 0.75 * report.formulas  # without the sheets of segments and comments
    ref, _ = formula_cell(path, names.PARTNERS)
    part = tampering.part_of(path, names.PARTNERS)
    again = verify(tampering.changed(bare, tmp_path / "again.xlsx", {part: tampering.stored(ref, "77.7")}))
    assert (("figure", f"Partners!{ref}")) in [(finding.kind, finding.place) for finding in again.findings]


def test_what_openpyxl_saved_again_has_no_values(sound: Path) -> None:
    """A file that lost values and record says so once a sheet, not once a cell."""
    changed = sound.with_name("changed.xlsx")
    openpyxl.load_workbook(sound).save(changed)
    report = verify(changed)
    assert 1 < len(report.findings) < 40
    assert any("no stored value" in finding.what for finding in report.findings)


def test_hostile_and_foreign_files_are_refused(tmp_path: Path) -> None:
    """What must not be opened is not opened; a workbook of somebody else is told to be one."""
    for name, error in (
        ("hostile/poi_poc-xmlbomb.xlsx", UnsafeFile),
        ("hostile/calamine_pass_protected.xlsx", FileProblem),
    ):
        with pytest.raises(error):
            verify(office.shared_file(name))
    foreign = tmp_path / "foreign.xlsx"
    openpyxl.Workbook().save(foreign)
    with pytest.raises(DataProblem, match="no scorecard of partnerkpi"):
        verify(foreign)
    text = tmp_path / "text.csv"
    text.write_text("a,b\n1,2\n")
    with pytest.raises(FileProblem, match="an Excel workbook"):
        verify(text)


def test_the_page_inside_is_the_page_that_is_printed(sound: Path) -> None:
    """Other programs read the current period from the file: the object that `--format json` prints, and whose it is."""
    page = read_page(sound)
    expected: dict[str, Any] = json.loads(json.dumps(as_dict(cards.odd_cards()["usual"])))
    assert page.pop("partner") is None
    assert [source.pop("sources") for source in page["provenance"]] == [["answers.csv"]]  # without its folder
    for source in expected["provenance"]:
        source.pop("sources")
    assert page == expected


def test_nobody_is_in_the_record_whom_no_sheet_names(tmp_path: Path) -> None:
    """A respondent stands in the file only where a reader can see the name."""
    card = replace(cards.odd_cards()["usual"], to_call=(PersonAnswer("Acme", "jane@example.com", None, 3.0),))
    path = tmp_path / "scorecard.xlsx"
    write_workbook(card, path)
    shown = "jane@example.com" in set(map(str, office.stored_values(path).values()))
    contents = "".join(part.decode("utf-8", "replace") for part in tampering.parts_of(path).values())
    assert ("jane@example.com" in contents) == shown


@pytest.mark.thorough
def test_both_validators_accept_the_custom_part(sound: Path) -> None:
    """The Open XML SDK and the schema checker find nothing wrong with record, page and property."""
    assert office.open_xml_sdk(sound) == []
    assert [line for line in office.validate(sound) if line.startswith("ERROR")] == []


def test_the_command_has_an_exit_code_and_a_line_for_each_finding(sound: Path) -> None:
    """Exit 0 and a verdict where all is right; 1 and the places where not; JSON holds the same."""
    right = run_here("verify", sound)
    assert right.code == 0
    assert right.out.startswith("All is right; ")
    part = tampering.part_of(sound, names.DATA)
    changed = tampering.changed(sound, sound.with_name("changed.xlsx"), {part: tampering.stored(DETRACTORS, "99")})
    wrong = run_here("verify", changed)
    assert wrong.code == 1
    assert wrong.out.splitlines()[0].startswith(f"Data!{DETRACTORS} says 99, should say ")
    found = json.loads(run_here("verify", changed, "--format", "json").out)
    assert list(found) == [
        *("file", "sound", "fingerprint", "made_with", "signature", "formulas", "recomputed", "findings"),
        *("changed", "not_judged", "notes"),
    ]
    assert list(found["findings"][0]) == ["kind", "place", "what", "says", "should_say"]
    assert run_here("verify", sound, "--fingerprint", "abc").code == 1
    assert run_here("verify", sound.with_name("missing.xlsx")).code == 1
