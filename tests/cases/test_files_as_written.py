"""Files are read as their program wrote them: separators, quotation marks, encodings, parts of a workbook."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from command import Run, rows_by, run_here

CASES = Path(__file__).parents[3] / "shared" / "cases"
ANSWERS = [("Alder", 10), ("Alder", 9), ("Birk", 8), ("Birk", 3)]


def case(name: str) -> Path:
    """Return a file of the cases; the test is skipped where they are not there."""
    path = CASES / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path


def by_partner(path: Path, *options: str) -> Run:
    """Return NPS by partner as JSON."""
    return run_here("nps", path, "--by", "partner", "--format", "json", *options)


def scores(result: Run) -> dict[str, float]:
    """Return the NPS of each partner."""
    return {row["group"]["partner"]: row["nps"] for row in result.json["rows"] if row["group"]}


# Separators


@pytest.mark.parametrize("name", ["seg_nps.csv", "seg_nps2.csv"])
def test_semicolons_inside_a_comma_file(name: str) -> None:
    """The separator is that which the header has, however many others stand in a remark."""
    whole = run_here("nps", case(f"60-semicolons-inside-a-comma-file/{name}"), "--format", "json").json["rows"][0]
    assert (whole["responses"], whole["promoters"], whole["passives"], whole["detractors"]) == (12, 7, 2, 3)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("inside", [",", ";", "|", ", "])
@pytest.mark.parametrize("title", ["", "Survey of 2026"])
def test_a_remark_full_of_separators(tmp_path: Path, separator: str, inside: str, title: str) -> None:
    """Remarks with the same number of signs in every row are no columns, also below a title."""
    remark = inside.join("abcdefgh")
    rows = [f"P{n % 3}{separator}{10 - n % 4}{separator}" + f'"{remark} {n}"' for n in range(20)]
    text = "\n".join([*([title] if title else []), separator.join(("partner", "nps", "remark")), *rows])
    (tmp_path / "a.csv").write_text(text)
    whole = by_partner(tmp_path / "a.csv").json["rows"][0]
    assert (whole["responses"], whole["promoters"], whole["passives"]) == (20, 10, 10)


def test_decimal_commas_in_a_semicolon_file(tmp_path: Path) -> None:
    """A comma in each row and none in the header is part of a number."""
    (tmp_path / "a.csv").write_text("partner;nps;value\n" + "".join(f"P{n};{n};{n},5\n" for n in range(11)))
    assert by_partner(tmp_path / "a.csv").json["rows"][0]["responses"] == 11


def test_names_with_a_comma_and_a_blank(tmp_path: Path) -> None:
    """Müller, Anna is a name: where two signs cut all rows alike, the one with blanks behind it is prose."""
    (tmp_path / "a.csv").write_text("Family, first;nps\nMüller, Anna;9\nRuiz, Ana;3\n", encoding="utf-8")
    assert run_here("nps", tmp_path / "a.csv", "--format", "json").json["rows"][0]["responses"] == 2


# Lines that are quoted as a whole


def wrapped(lines: list[str], *, header: bool = True, tail: str = "") -> str:
    """Return lines each of which is one quoted cell."""
    quoted = ['"' + line.replace('"', '""') + '"' + tail for line in lines]
    return "\n".join([quoted[0] if header else lines[0], *quoted[1:]]) + "\n"


def test_lines_quoted_as_a_whole() -> None:
    """A file each line of which is one quoted cell is read, and that is said."""
    result = by_partner(case("62-lines-quoted-as-a-whole/quoted.csv"))
    assert scores(result) == {"Alder": 100, "Birk": -50}
    assert "quoted as a whole" in result.err


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("tail", ["", ";;", ",,"])
def test_ways_of_quoting_lines(tmp_path: Path, separator: str, header: bool, tail: str) -> None:
    """Cells that are quoted within, a header that is not, and separators behind the quotation marks change nothing."""
    lines = [separator.join(("partner", "nps", "comment"))]
    lines += [separator.join((name, str(score), f'"good{separator} nice"')) for name, score in ANSWERS]
    (tmp_path / "a.csv").write_text(wrapped(lines, header=header, tail=tail))
    result = by_partner(tmp_path / "a.csv")
    assert scores(result) == {"Alder": 100, "Birk": -50}
    assert "quoted as a whole" in result.err


def test_a_column_of_comments_is_no_quoted_line(tmp_path: Path) -> None:
    """Quoted comments with commas in a file of one column stay what they are."""
    (tmp_path / "a.csv").write_text('nps\n"9"\n"3"\n')
    assert run_here("nps", tmp_path / "a.csv", "--format", "json").json["rows"][0]["nps"] == 0
    (tmp_path / "b.csv").write_text('comment\n"good, nice"\n"bad, slow, dear"\n"fair"\n')
    (found,) = run_here("check", tmp_path / "b.csv", "--format", "json").json["tables"]
    assert found["columns"] == ["comment"]


# Encodings


@pytest.mark.parametrize(
    ("name", "partners", "words"),
    [
        ("cp1250", {"Łódź Systemy": 100, "Żubr": -100}, "Windows-1250"),
        ("cp1251", {"Восток": 100, "Запад": -100}, "Windows-1251"),
        ("sjis", {"東京商事": 100, "大阪物産": -100}, "Shift JIS"),
    ],
)
def test_other_encodings(name: str, partners: dict[str, int], words: str) -> None:
    """The words tell the encoding, and every command names it."""
    path = case(f"23-other-encodings/{name}.csv")
    result = by_partner(path)
    assert scores(result) == partners
    assert words in result.err
    assert words in run_here("check", path).out


PARTNERS = {
    "cp1252": ["Café Müller", "Ação São Paulo", "Ørsted", "L’Oréal", "Crème Brûlée", "FRANÇOIS", "España"],
    "cp1250": ["Dvořák", "Plzeň", "Škoda Žižka", "Győri Keksz", "Wrocław"],
    "cp1251": ["Ромашка", "Москва", "Київ"],
    "cp1253": ["Αθήνα", "Θεσσαλονίκη"],
    "cp1256": ["شركة الشرق", "النور"],
    "gb18030": ["深圳市腾讯计算机系统有限公司", "北京"],
    "big5": ["台北公司", "高雄貿易"],
    "cp949": ["삼성전자", "현대자동차"],
    "mac_roman": ["Café", "L’été"],
    "cp850": ["Müller", "Café"],
    "koi8_r": ["Восток", "Запад"],
    "utf-16": ["Łódź", "東京"],
}


@pytest.mark.parametrize("encoding", PARTNERS)
def test_encodings_are_told_by_their_words(tmp_path: Path, encoding: str) -> None:
    """Names stay what they are in the encodings that programs write; the encoding is named."""
    rows = [f"{name},{score}" for name in PARTNERS[encoding] for score in (9, 10)]
    (tmp_path / "a.csv").write_bytes("\n".join(["partner,nps", *rows, ""]).encode(encoding))
    result = by_partner(tmp_path / "a.csv")
    assert scores(result) == dict.fromkeys(PARTNERS[encoding], 100)
    assert "read as" in result.err


def test_what_the_words_do_not_tell_is_asked(tmp_path: Path) -> None:
    """Turkish and Icelandic have each other's letters: the command shows both readings, and the option answers."""
    (tmp_path / "a.csv").write_bytes("partner,nps\nIşık,9\nKadıköy,3\n".encode("cp1254"))
    stopped = by_partner(tmp_path / "a.csv")
    assert stopped.code == 2
    (question,) = json.loads(stopped.out)["questions"]
    assert "--encoding NAME" in question
    assert "Işık" in question
    assert scores(by_partner(tmp_path / "a.csv", "--encoding", "cp1254")) == {"Işık": 100, "Kadıköy": -100}
    (tmp_path / "partnerkpi.toml").write_text('[options]\nencoding = "cp1254"\n')
    told = by_partner(tmp_path / "a.csv", "--config", str(tmp_path / "partnerkpi.toml"))
    assert scores(told) == {"Işık": 100, "Kadıköy": -100}


def test_an_encoding_is_of_files_that_are_not_utf8(tmp_path: Path) -> None:
    """Of several files those that are UTF-8 are read as such; a name that nobody knows is refused."""
    (tmp_path / "a.csv").write_bytes("partner,nps\nŻubr,9\n".encode("cp1250"))
    (tmp_path / "b.csv").write_bytes("partner,nps\nŻubr,9\n".encode())
    both = run_here(
        "nps", tmp_path / "a.csv", tmp_path / "b.csv", "--by", "partner", "--format", "json", "--encoding", "cp1250"
    )
    assert rows_by(both.json)["Żubr", None]["responses"] == 2
    refused = by_partner(tmp_path / "a.csv", "--encoding", "cp99999")
    assert refused.code == 2
    assert "--encoding 'cp99999'" in refused.err


def test_one_bad_byte_costs_its_row(tmp_path: Path) -> None:
    """In a UTF-8 file a byte that is no letter costs the row that holds it, and no name in the others."""
    rows = [f"Łódź,{score}\n".encode() for score in (9, 10, 3)]
    (tmp_path / "a.csv").write_bytes(b"partner,nps\n" + rows[0] + b"Caf\xe9,9\n" + rows[1] + rows[2])
    aside = tmp_path / "aside.csv"
    result = by_partner(tmp_path / "a.csv", "--set-aside", str(aside))
    assert result.json["provenance"]["set_aside"] == {"bytes that are not readable": 1}
    assert rows_by(result.json)["Łódź", None]["responses"] == 3
    assert "bytes that are not readable" in aside.read_text(encoding="utf-8-sig")


def test_a_file_of_two_encodings_is_asked_about(tmp_path: Path) -> None:
    """Where as many lines are UTF-8 as are not, nobody but the user knows."""
    lines = ["Łódź,9\n".encode(), "Łódź,9\n".encode("cp1250")] * 3
    (tmp_path / "a.csv").write_bytes(b"partner,nps\n" + b"".join(lines))
    stopped = by_partner(tmp_path / "a.csv")
    assert stopped.code == 2
    assert "3 of its lines are UTF-8, 3 are not" in stopped.err


# Workbooks


def test_parts_that_nobody_reads() -> None:
    """Power Query keeps its queries in UTF-16: no reader opens them, so they are no reason to refuse a workbook."""
    whole = run_here("nps", case("01-power-query/x_powerquery.xlsx"), "--format", "json").json["rows"][0]
    assert (whole["responses"], whole["nps"]) == (8, 25)


def with_part(path: Path, name: str, content: bytes) -> Path:
    """Write a workbook of four answers with one more part."""
    book = openpyxl.Workbook()
    for row in [("partner", "nps"), *ANSWERS]:
        book.active.append(row)
    book.save(path)
    with zipfile.ZipFile(path) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for one, data in (parts | {name: content}).items():
            package.writestr(one, data)
    return path


@pytest.mark.parametrize("name", ["customXml/item1.xml", "docProps/core.xml", "docProps/custom.xml"])
def test_parts_in_utf16(tmp_path: Path, name: str) -> None:
    """Items and properties in UTF-16 are read past; a sheet in UTF-16, which readers misread, is refused."""
    markup = '<?xml version="1.0" encoding="utf-16"?><a xmlns="b"/>'.encode("utf-16")
    assert scores(by_partner(with_part(tmp_path / "a.xlsx", name, markup))) == {"Alder": 100, "Birk": -50}
    refused = by_partner(with_part(tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", markup))
    assert refused.code == 1
    assert "unusual encoding" in refused.err


def test_entities_in_utf16_properties_are_refused(tmp_path: Path) -> None:
    """What a reader does look at is refused with entities in any encoding."""
    markup = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")
    refused = by_partner(with_part(tmp_path / "a.xlsx", "docProps/core.xml", markup))
    assert refused.code == 1
    assert "declares entities" in refused.err


@pytest.mark.parametrize(
    "command", ["nps", "advocacy", "retention", "scorecard", "actions", "prospect", "check", "mail"]
)
def test_every_command_takes_an_encoding(command: str) -> None:
    """Whoever reads tables can be told what they are written in."""
    assert "--encoding" in run_here(command, "--help").out


# Wide tables


def test_many_columns_of_bands(tmp_path: Path) -> None:
    """Of a thousand columns of bands the nearest to the score are compared with it, all at once."""
    names = [f"band {n}" for n in range(1_000)]
    rows = [
        ",".join((partner, *["Detractor"] * 500, str(score), *["Promoter" if score > 8 else "Passive"] * 500))
        for partner, score in ANSWERS
    ]
    header = ",".join(("partner", *names[:500], "nps", *names[500:]))
    (tmp_path / "a.csv").write_text("\n".join([header, *rows]))
    result = by_partner(tmp_path / "a.csv")
    assert scores(result) == {"Alder": 100, "Birk": -50}
    said = [line for line in result.err.splitlines() if "band " in line]
    assert len(said) == 5
    assert sum("contradicts the score in 1 of 4 rows" in line for line in said) == 2


def test_names_that_come_thousands_of_times(tmp_path: Path) -> None:
    """Names that repeat get a number each, and so do those that look like them already."""
    (tmp_path / "a.csv").write_text("partner,nps" + ",a" * 3_000 + ",a 2\nAlder,9" + ",x" * 3_001 + "\n")
    (found,) = run_here("check", tmp_path / "a.csv", "--format", "json").json["tables"]
    assert found["columns"][2:5] == ["a", "a 2", "a 3"]
    assert found["columns"][-1] == "a 2 2"
    assert len({name.casefold() for name in found["columns"]}) == 3_003
