"""Files that mean harm end the helper process at most; this one goes on, and says why in a sentence."""

import contextlib
import datetime as dt
import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from command import run_here
from sampled import one_in

from partnerkpi.errors import FileProblem, PartnerKpiError, UnsafeFile
from partnerkpi.tables import guard, helper
from partnerkpi.tables.engine import Engine
from partnerkpi.tables.guard import Limits
from partnerkpi.tables.helper import Helper
from partnerkpi.tables.read import read_each, read_table
from partnerkpi.tables.workspace import Workspace

pytestmark = pytest.mark.own_helper

ANSWERS = "partner,score\nAcme,9\nBolt,3\n"
SHEET = "xl/worksheets/sheet1.xml"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def cell(place: str, text: object) -> str:
    """Return the XML of a cell with a text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(path: Path, cells: str, before: str = "", **others: str | bytes) -> Path:
    """Write a workbook of one sheet by hand."""
    sheet = f'{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{cells}</worksheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (PARTS | {SHEET: sheet} | others).items():
            package.writestr(name, content)
    return path


def rows(*more: str, dimension: str = "A1:B3") -> str:
    """Return the XML of a small table of answers, with more rows."""
    table = [("partner", "score"), ("Acme", 9), ("Bolt", 3)]
    plain = [f'<row r="{n}">{cell(f"A{n}", a)}{cell(f"B{n}", b)}</row>' for n, (a, b) in enumerate(table, 1)]
    return f'<dimension ref="{dimension}"/><sheetData>{"".join([*plain, *more])}</sheetData>'


def read(path: Path, limits: Limits = Limits()) -> list[tuple[object, ...]]:  # noqa: B008 - a frozen dataclass
    """Return the rows of a file."""
    with Workspace(limits) as workspace:
        return read_table(workspace, [str(path)]).rows.all()


def test_the_workbook_of_these_tests_is_one(tmp_path: Path) -> None:
    """What the tests below change is read as it is."""
    assert read(workbook(tmp_path / "a.xlsx", rows())) == [("Acme", "9"), ("Bolt", "3")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit memory in another way")
def test_a_cell_far_away(tmp_path: Path) -> None:
    """A workbook of 2 KB with one cell at the end of the sheet ends the helper at its limit, and the cell is named."""
    far = f'<row r="1048576">{cell("XFD1048576", "x")}</row>'
    path = workbook(tmp_path / "a.xlsx", rows(far))
    with Workspace(Limits(megabytes=512)) as workspace:
        with pytest.raises(UnsafeFile, match="cell far away at XFD1048576"):
            read_table(workspace, [str(path)])
        good = tmp_path / "good.csv"
        good.write_text(ANSWERS)
        assert read_table(workspace, [str(good)]).rows.all() == [("Acme", "9"), ("Bolt", "3")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit memory in another way")
def test_memory(tmp_path: Path) -> None:
    """A workbook that needs more memory than the limit is refused, with the limit and how to raise it."""
    many = "".join(f'<row r="{n}">{cell(f"A{n}", f"partner {n} " + "x" * 4_000)}</row>' for n in range(4, 40_000))
    path = workbook(tmp_path / "a.xlsx", rows(many))
    with pytest.raises(UnsafeFile, match=r"more than 200 MB of memory.*limits.megabytes"):
        read(path, Limits(megabytes=200, ratio=10_000))


def test_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A helper that does not answer is ended when its time is over: the watch kills it, not a clock in this test."""
    monkeypatch.setattr(helper, "_START", "import sys; [None for _ in iter(lambda: sys.stdin.read(1), '')]")
    path = tmp_path / "a.csv"
    path.write_text(ANSWERS)
    with Helper(Limits(seconds=1)) as reader, pytest.raises(UnsafeFile, match=r"longer than 1 seconds.*limits.seconds"):
        list(reader.parts(path, None, None, tmp_path / "1"))


def test_what_a_library_prints_is_no_answer() -> None:
    """The helper's standard output holds its answers alone: a progress bar of the engine would be taken for one."""
    code = (
        "import os; from partnerkpi.tables import helper_main; helper_main._keep_libraries_quiet(); "
        "os.write(1, b'42% done\\n'); helper_main._send({'end': True})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == '{"end": true}\n'
    assert "42% done" in done.stderr


@pytest.mark.parametrize(
    ("ending", "words"),
    [("import os; os.abort()", "ended the process"), ("raise RuntimeError('crashed')", "crashed")],
)
def test_a_helper_that_crashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, words: str) -> None:
    """A helper that ends without an answer ends nothing else: the file is refused, with its last words."""
    monkeypatch.setattr(helper, "_START", ending)
    path = tmp_path / "a.csv"
    path.write_text(ANSWERS)
    with Helper() as reader, pytest.raises(FileProblem, match=words):
        list(reader.parts(path, None, None, tmp_path / "1"))


def test_too_many_rows(tmp_path: Path) -> None:
    """A sheet with more rows than the limit is refused, with both numbers."""
    with pytest.raises(UnsafeFile, match="3 rows, more than the limit of 2"):
        read(workbook(tmp_path / "a.xlsx", rows()), Limits(rows=2))


def test_limits_of_the_settings(tmp_path: Path) -> None:
    """The limits in partnerkpi.toml are those that files are read with."""
    path, settings = workbook(tmp_path / "a.xlsx", rows()), tmp_path / "partnerkpi.toml"
    settings.write_text("[limits]\nrows = 2\n")
    result = run_here("check", path, "--config", settings)
    assert result.code == 1
    assert "more than the limit of 2" in result.err


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', "declares entities"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "declares entities"),
        ('<!DOCTYPE x SYSTEM "http://example.com/x.dtd">', "declares entities"),
    ],
)
def test_entities(tmp_path: Path, before: str, words: str) -> None:
    """Entity bombs and external entities are refused before a parser sees them."""
    with pytest.raises(UnsafeFile, match=words):
        read(workbook(tmp_path / "a.xlsx", rows(), before))


def test_a_stale_dimension(tmp_path: Path) -> None:
    """A sheet that says that it is smaller, or much larger, than it is, is read as it is."""
    for dimension in ("A1", "A1:XFD1048576"):
        assert read(workbook(tmp_path / "a.xlsx", rows(dimension=dimension))) == [("Acme", "9"), ("Bolt", "3")]


def test_zip_bomb(tmp_path: Path) -> None:
    """A part packed a thousand times is refused before it is unpacked; a package within a package is not opened."""
    with pytest.raises(UnsafeFile, match="zip bomb"):
        read(workbook(tmp_path / "a.xlsx", rows(), **{"xl/media/a.bin": b"\0" * (20 << 20)}))
    inner = (tmp_path / "a.xlsx").read_bytes()
    assert len(read(workbook(tmp_path / "b.xlsx", rows(), **{"xl/embeddings/a.xlsx": inner}))) == 2
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w") as package:
        package.writestr("b.zip", inner)
    with pytest.raises(FileProblem, match="ZIP archive without a workbook"):
        read(tmp_path / "c.xlsx")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit memory in another way")
def test_a_lie_about_the_size(tmp_path: Path) -> None:
    """A part that unpacks to more than it declares does no harm: it is refused, or cut where it said."""
    path = workbook(tmp_path / "a.xlsx", rows("<!-- " + "x" * (30 << 20) + " -->"))
    content = bytearray(path.read_bytes())
    size = len(f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{rows()}</worksheet>')
    with zipfile.ZipFile(path) as package:
        info = package.getinfo(SHEET)
    real = struct.pack("<L", info.file_size)
    for start in (info.header_offset + 22, content.rindex(SHEET.encode()) - 46 + 24):
        assert content[start : start + 4] == real
        content[start : start + 4] = struct.pack("<L", size)
    path.write_bytes(content)
    with contextlib.suppress(PartnerKpiError):
        assert len(read(path, Limits(megabytes=256))) <= 2


def test_many_columns(tmp_path: Path) -> None:
    """Ten thousand columns are no table of answers and are refused with their number; four hundred are read."""
    path = tmp_path / "wide.csv"
    for columns in (400, 10_000):
        names = [f"column name {n}" for n in range(columns - 1)]
        path.write_text(",".join(["score", *names]) + "\n" + ",".join(["9", *("x" for _ in names)]) + "\n")
        if columns == 400:
            assert len(read(path)[0]) == columns
    with pytest.raises(UnsafeFile, match="10,000 columns"):
        read(path)


def test_no_query_groups_by_hundreds_of_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database takes minutes to group by thousands of columns, and a file of 600 kB can have so many of words."""
    asked = list[str]()
    query = Engine.query
    monkeypatch.setattr(Engine, "query", lambda self, sql: asked.append(sql) or query(self, sql))
    names = [f"How likely {n}" for n in range(60)]
    rows = [",".join([f"P{n % 4}", str(n % 11), *("maybe" for _ in names)]) for n in range(24)]
    path = tmp_path / "wide.csv"
    path.write_text("\n".join([",".join(["partner", "score", *names]), *rows, ""]))
    assert run_here("nps", path, "--by", "partner").code == 0
    assert asked
    assert max(len(sql.rpartition("GROUP BY")[2].split(",")) for sql in asked if "GROUP BY" in sql) < len(names)


def test_an_endless_line(tmp_path: Path) -> None:
    """A file of 2 GB without the end of a line is refused after a few megabytes of it."""
    path = tmp_path / "long.csv"
    with path.open("wb") as stream:
        stream.write(b"partner,score\nAcme,9\n" + b"x" * (17 << 20))
        stream.truncate(2 << 30)  # the rest is a hole, which takes no room on the disk
    with pytest.raises(UnsafeFile, match="without the end of a line"):
        read(path)


def test_more_partners_than_a_scorecard_takes(tmp_path: Path) -> None:
    """A small file can name so many that their formulas take minutes: one sentence names the limit and the column."""
    (tmp_path / "answers.csv").write_text("partner,score\n" + "".join(f"P{n},9\n" for n in range(12)))
    settings = tmp_path / "partnerkpi.toml"
    settings.write_text("[limits]\npartners = 11\n")
    arguments = ("scorecard", tmp_path / "answers.csv", "-o", tmp_path / "card.xlsx", "--config", settings)
    refused = run_here(*arguments)
    assert refused.code == 1
    assert "12 partners are more than the 11 that a scorecard takes" in refused.err
    assert "raise limits.partners" in refused.err
    settings.write_text("[limits]\npartners = 12\n")
    assert run_here(*arguments).code == 0


def test_zeros(tmp_path: Path) -> None:
    """A few zero bytes in a text are left out; a file of them is no text."""
    path = tmp_path / "zeros.csv"
    path.write_bytes(b"partner,score\nAc\0me,9\nBolt,3\0\n")
    assert read(path) == [("Acme", "9"), ("Bolt", "3")]
    path.write_bytes(b"\0" * 5000)
    with pytest.raises(FileProblem, match="binary data"):
        read(path)


@pytest.mark.skipif(os.name != "posix", reason="there are no such files")
@pytest.mark.parametrize("word", ["Total ", "how likely ", "KW", '","', "a "])
def test_a_heading_without_end(tmp_path: Path, word: str) -> None:
    """What a heading is told by grows with its length: of 60,000 characters it took minutes."""
    path = tmp_path / "heading.csv"
    path.write_text(word * (60_000 // len(word)) + "\n9\n", encoding="utf-8")
    assert run_here("check", path).code in (0, 1, 2)


def test_a_small_text_needs_no_other_process(tmp_path: Path) -> None:
    """A text of up to 64 KB is looked at in this process, every other file in its own."""
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    small.write_text("score\n9\n", encoding="utf-8")
    large.write_text("score\n" + "9\n" * (guard.SMALL // 2), encoding="utf-8")
    with Workspace() as workspace:
        for path, starts in ((small, False), (large, True)):
            read_table(workspace, [str(path)])
            assert (workspace.helper._running is not None) == starts
    for name, head in {"a.xlsx": b"PK\x03\x04", "a.parquet": b"PAR1", "a.duckdb": b"12345678DUCK"}.items():
        (tmp_path / name).write_bytes(head + bytes(20))
        assert not guard.is_small_text(tmp_path / name)
    assert not guard.is_small_text(tmp_path)


def test_links_and_devices(tmp_path: Path) -> None:
    """A link to a file is that file; a link to a device, to itself or to nothing is refused without being opened."""
    path = tmp_path / "a.csv"
    path.write_text(ANSWERS)
    for name, target in {"good": path, "zero": "/dev/zero", "self": "self.csv", "gone": "nowhere"}.items():
        (tmp_path / f"{name}.csv").symlink_to(target)
    assert len(read(tmp_path / "good.csv")) == 2
    for name, words in {"zero": "device or a pipe", "self": "cannot be read", "gone": "does not exist"}.items():
        with pytest.raises(FileProblem, match=words):
            read(tmp_path / f"{name}.csv")


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
@pytest.mark.parametrize("head", [b"%PDF-1.7\n", b"GIF89a", b"\x7fELF"])
def test_polyglots(tmp_path: Path, head: bytes, name: str) -> None:
    """A workbook behind the head of another kind of file is that other kind, and refused."""
    path = workbook(tmp_path / name, rows())
    path.write_bytes(head + path.read_bytes())
    with pytest.raises(FileProblem):
        read(path)


def test_a_view_that_looks_around(tmp_path: Path) -> None:
    """A DuckDB file may hold a view that reads other files of this machine: it is left out."""
    import duckdb

    (tmp_path / "secret.csv").write_text("score,secret\n9,x\n")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        database.execute("CREATE TABLE answers AS SELECT 9 AS score")
        database.execute(f"CREATE VIEW all_answers AS SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")
        database.execute("CREATE VIEW good AS SELECT score + 1 AS score FROM answers")
    with Workspace() as workspace:
        labels = [table.label.partition("#")[2] for table in read_each(workspace, str(tmp_path / "a.duckdb"))]
        assert labels == ["answers", "good"]
        with pytest.raises(FileProblem, match="cannot be read"):
            read_table(workspace, [f"{tmp_path / 'a.duckdb'}#all_answers"])


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    """Return a Parquet file of answers."""
    import duckdb

    path = tmp_path / "a.parquet"
    duckdb.execute(f"COPY (SELECT 'P' || range AS partner, range % 11 AS score FROM range(50000)) TO '{path}'")
    return path


def test_a_damaged_parquet_file(parquet: Path) -> None:
    """A Parquet file with a changed page is refused, or gives rows; it ends nothing."""
    content = bytearray(parquet.read_bytes())
    for start in range(40, len(content) - 1000, len(content) // 8):
        broken = content.copy()
        broken[start : start + 60] = b"\xff" * 60
        parquet.write_bytes(broken)
        with contextlib.suppress(PartnerKpiError):
            assert read(parquet)


def test_a_folder_that_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative name is looked up in the folder that the program is in when it asks."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.csv").write_text(f"partner,score\n{name},9\n")
    monkeypatch.chdir(tmp_path / "one")
    with Workspace() as workspace:
        assert read_table(workspace, ["a.csv"]).rows.all() == [("one", "9")]
        monkeypatch.chdir(tmp_path / "two")
        assert read_table(workspace, ["a.csv"]).rows.all() == [("two", "9")]


def test_one_text_in_very_many_cells(tmp_path: Path) -> None:
    """A small workbook that unpacks to gigabytes of text is refused, and the message says which limit and how."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relations = PARTS["xl/_rels/workbook.xml.rels"].replace(
        "</Rel", f'<Relationship Id="s" Type="{kind}" Target="sharedStrings.xml"/></Rel'
    )
    more = [f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c>{cell(f"B{n}", 9)}</row>' for n in range(4, 1500)]
    shared = f'<sst xmlns="{main}"><si><t>{"x" * 1_000_000}</t></si></sst>'
    parts = {"xl/_rels/workbook.xml.rels": relations, "xl/sharedStrings.xml": shared}
    path = workbook(tmp_path / "a.xlsx", rows(*more), **parts)
    assert path.stat().st_size < 50_000
    for limits in (Limits(), Limits(text=2)):
        with (
            Workspace(limits) as workspace,
            pytest.raises(UnsafeFile, match=f"{limits.text} MB of text .* limits.text"),
        ):
            read_table(workspace, [str(path)])


@pytest.mark.parametrize("score", [300, 11, -3])
@pytest.mark.parametrize("day", one_in(3, ["2026-03-02", "9999-03-02", "1850-03-02"]))
def test_a_parquet_file_is_not_believed_its_own_statistics(tmp_path: Path, score: int, day: str) -> None:
    """Values outside the lowest and highest that the file names are found like those of a text file."""
    import duckdb

    as_day = "DATE '2026-03-01' + (i % 3)::INTEGER"
    rows = f"SELECT 'Acme' AS partner, i % 11 AS score, {as_day} AS day FROM range(220) AS t(i)"
    duckdb.execute(f"COPY ({rows}) TO '{tmp_path / 'answers.parquet'}' (COMPRESSION uncompressed)")
    content = (tmp_path / "answers.parquet").read_bytes()
    changes = [(2, score, 8)] if day == "2026-03-02" else []
    changes.append((_days("2026-03-02"), _days(day), 4))
    for old, new, size in changes:
        stored = old.to_bytes(size, "little")
        assert stored in content
        content = content.replace(stored, new.to_bytes(size, "little", signed=True), 1)
    (tmp_path / "answers.parquet").write_bytes(content)
    told = (
        f"SELECT partner, CASE score WHEN 2 THEN {changes[0][1] if len(changes) > 1 else 2} ELSE score END AS score, "
    )
    told += f"CASE day WHEN DATE '2026-03-02' THEN DATE '{day}' ELSE day END AS day FROM ({rows})"
    duckdb.execute(f"COPY ({told}) TO '{tmp_path / 'answers.csv'}'")
    ours, theirs = (run_here("nps", tmp_path / f"answers.{ending}") for ending in ("parquet", "csv"))
    assert (ours.code, ours.out) == (theirs.code, theirs.out)
    assert ours.err.replace(".parquet", ".csv") == theirs.err


def _days(day: str) -> int:
    return (dt.date.fromisoformat(day) - dt.date(1970, 1, 1)).days


def test_a_year_that_no_calendar_has_is_no_date(tmp_path: Path) -> None:
    """A day of the year 16309 or 5301547, which Parquet can hold, is like a text that cannot be read."""
    import duckdb

    path = tmp_path / "answers.parquet"
    days = "CASE i WHEN 3 THEN DATE '16309-03-02' WHEN 4 THEN DATE '5301547-07-16' ELSE DATE '2026-03-01' END"
    duckdb.execute(f"COPY (SELECT i % 11 AS score, {days} AS day FROM range(110) AS t(i)) TO '{path}'")
    done = run_here("nps", path, "--period", "year")
    assert (done.code, done.out.count("2026"), done.out.count("108")) == (0, 1, 1)
    assert "2 answers have no readable date: they count for all time and in no period" in done.err
