"""A refused or wrong file: what must not be sent is not, with the reason."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from command import run_here

from partnerkpi.errors import FileProblem, UnsafeFile
from partnerkpi.mail.workbook import digest, refuse_stale, refuse_unfit


def changed(book: Path, target: Path, change: dict[str, bytes | None]) -> Path:
    """Copy a workbook with some of its parts replaced (`old -> new` within a part) or added."""
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            replaced = change.pop(name, None)
            new.writestr(name, replaced if replaced is not None else content)
        for name, content in change.items():
            new.writestr(name, content or b"")
    return target


def part(book: Path, name: str) -> bytes:
    with zipfile.ZipFile(book) as package:
        return package.read(name)


def test_our_own_are_fit(book: Path, pack: Path) -> None:
    """A workbook of ours, and a pack, pass."""
    refuse_unfit(book, 10)
    refuse_unfit(pack, 10)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("xl/vbaProject.bin", "holds macros"),
        ("XL/VBAPROJECT.BIN", "holds macros"),
        ("xl/macrosheets/sheet1.xml", "holds macros"),
        ("xl/intlMacrosheets/sheet1.xml", "holds macros"),
        ("xl/activeX/activeX1.xml", "a control"),
        ("xl/embeddings/oleObject1.bin", "embedded object"),
        ("xl/externalLinks/externalLink1.xml", "refers to another workbook"),
        ("xl/connections.xml", "fetches data"),
        ("xl/queryTables/queryTable1.xml", "fetches data"),
        ("customUI/customUI.xml", "add-in"),
        ("xl/webextensions/taskpanes.xml", "add-in"),
    ],
)
def test_foreign_parts(name: str, words: str, book: Path, tmp_path: Path) -> None:
    """A workbook with macros, controls, embedded files, links, connections or add-ins is not sent, in any spelling."""
    wrong = changed(book, tmp_path / "wrong.xlsx", {name: b"<x/>"})
    with pytest.raises(UnsafeFile, match=words):
        refuse_unfit(wrong, 10)


def test_links_to_the_outside(book: Path, tmp_path: Path) -> None:
    """A relation to something outside, such as a picture on a server, is not sent."""
    relation = b'<Relationships><Relationship Id="r" Type="t" Target="http://x" TargetMode="External"/></Relationships>'
    wrong = changed(book, tmp_path / "wrong.xlsx", {"xl/worksheets/_rels/sheet9.xml.rels": relation})
    with pytest.raises(UnsafeFile, match="links to something outside"):
        refuse_unfit(wrong, 10)


def test_macros_by_another_name(book: Path, tmp_path: Path) -> None:
    """An .xlsm is not sent, nor is one that calls itself .xlsx."""
    other = tmp_path / "book.xlsm"
    shutil.copy(book, other)
    with pytest.raises(FileProblem, match=r"only workbooks that end in \.xlsx"):
        refuse_unfit(other, 10)
    types = part(book, "[Content_Types].xml").replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
    types = (
        types.replace(b"spreadsheetml.sheet.macroEnabled", b"spreadsheetml.sheet.macroEnabled") + b"<!--macroEnabled-->"
    )
    with pytest.raises(UnsafeFile, match="macros"):
        refuse_unfit(changed(book, tmp_path / "wrong.xlsx", {"[Content_Types].xml": types}), 10)


def test_the_shipped_workbook_with_macros_is_refused() -> None:
    """scorecard.xlsm, which does hold macros, is refused under a harmless name as well."""
    shipped = Path(__file__).parents[2] / "scorecard.xlsm"
    with pytest.raises(FileProblem):
        refuse_unfit(shipped, 100)


def test_formulas_without_values(book: Path, tmp_path: Path) -> None:
    """A formula without its value would be blank in a preview; an error other than #N/A is shown to nobody."""
    name = "xl/worksheets/sheet1.xml"
    sheet = part(book, name)
    bare, number = re.subn(rb"(<c [^>]*>)(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1\2", sheet, count=1)
    assert number == 1
    with pytest.raises(FileProblem, match=r"a formula carries no value \(xl/worksheets/sheet1.xml, [A-Z]+[0-9]+\)"):
        refuse_unfit(changed(book, tmp_path / "bare.xlsx", {name: bare}), 10)
    broken, number = re.subn(
        rb'<c (r="[A-Z0-9]+")[^>]*>(<f>[^<]*</f>)<v>[^<]*</v>', rb'<c \1 t="e">\2<v>#REF!</v>', sheet, count=1
    )
    assert number == 1
    with pytest.raises(FileProblem, match="shows #REF!"):
        refuse_unfit(changed(book, tmp_path / "broken.xlsx", {name: broken}), 10)
    missing = broken.replace(b"#REF!", b"#N/A")
    refuse_unfit(changed(book, tmp_path / "missing.xlsx", {name: missing}), 10)


def test_too_large(book: Path) -> None:
    """A workbook over the limit of the settings is refused with both sizes."""
    with pytest.raises(FileProblem, match=r"has 0\.\d MB, more than the 0\.01 MB"):
        refuse_unfit(book, 0.01)


def test_not_a_workbook(tmp_path: Path) -> None:
    """A text, a cut-off file and a missing one are refused as what they are."""
    text = tmp_path / "text.xlsx"
    text.write_text("hello")
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(b"PK\x03\x04" + b"\0" * 100)
    for path in (text, cut, tmp_path / "missing.xlsx"):
        with pytest.raises(FileProblem):
            refuse_unfit(path, 10)


def test_older_than_its_data(book: Path, tmp_path: Path) -> None:
    """A workbook whose data have changed since is refused; data that were only copied are not changed."""
    copy = tmp_path / "book.xlsx"
    shutil.copy(book, copy)
    data = tmp_path / "answers.csv"
    data.write_text("score\n9\n")
    listed = {"answers.csv": digest(data)}
    refuse_stale(copy, listed, [data])
    refuse_stale(copy, listed, [])
    with pytest.raises(FileProblem, match=r"was not made from other\.csv; About lists answers\.csv"):
        refuse_stale(copy, listed, [tmp_path / "other.csv"])
    later = copy.stat().st_mtime + 10
    os.utime(data, (later, later))
    refuse_stale(copy, listed, [])  # touched, and the same
    data.write_text("score\n9\n10\n")
    os.utime(data, (later, later))
    for given in ([], [data]):
        with pytest.raises(FileProblem, match=r"answers\.csv has changed since it was made"):
            refuse_stale(copy, listed, given)


def test_a_pack_and_its_data(pack: Path, tmp_path: Path) -> None:
    """A pack lists nothing, as it could tell of others: it must not be older than the data that are named."""
    copy = tmp_path / "Acme.xlsx"
    shutil.copy(pack, copy)
    data = tmp_path / "answers.csv"
    data.write_text("score\n9\n")
    now = copy.stat().st_mtime
    os.utime(data, (now - 10, now - 10))
    refuse_stale(copy, {}, [data])
    with pytest.raises(FileProblem, match=r"was not made from answers\.csv; About lists pandas DataFrame"):
        refuse_stale(copy, {}, [data], ["pandas DataFrame"])
    os.utime(data, (now + 10, now + 10))
    with pytest.raises(FileProblem, match=r"is older than .*answers\.csv"):
        refuse_stale(copy, {}, [data])
    with pytest.raises(FileProblem, match="cannot be read"):
        refuse_stale(copy, {}, [tmp_path / "missing.csv"])


def test_the_command_refuses(tmp_path: Path) -> None:
    """From data to mail: what was built from these files goes, and once they change it does not."""
    answers = tmp_path / "answers.csv"
    answers.write_text("partner,date,score\n" + "".join(f"Acme,2026-0{1 + n % 9}-10,{n % 11}\n" for n in range(60)))
    book = tmp_path / "book.xlsx"
    assert run_here("scorecard", answers, "-o", book, "--quiet").code == 0
    question = ("mail", book, "--to", "ana@example.com", "--data", answers)
    assert run_here(*question).code == 0
    answers.write_text(answers.read_text() + "Acme,2026-09-11,10\n")
    result = run_here(*question)
    assert result.code == 1
    assert "has changed since it was made. Build it again" in result.err
    assert len(result.err.splitlines()) == 1
