"""What is piped, packed or in a folder is read as the file that it holds; what cannot be is said in one line."""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import lzma
import sys
import zipfile
from pathlib import Path

import pytest
import zstandard
from command import run_here

from partnerkpi.errors import FileProblem, UnsafeFile
from partnerkpi.results import views
from partnerkpi.tables.archive import Limits
from partnerkpi.tables.packed import files_of, plain

ROWS = "".join(f"{('Acme', 'Bolt')[n % 2]},2026-0{n % 6 + 1}-11,{n % 11}\n" for n in range(60))
CSV = f"partner,date,score\n{ROWS}".encode()
PACKINGS = {"gz": gzip.compress, "zst": zstandard.compress, "bz2": bz2.compress, "xz": lzma.compress}


def zipped(**files: bytes) -> bytes:
    """Return a ZIP archive of some files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


class Piped(io.TextIOWrapper):
    """Standard input of a program to which somebody pipes."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))


def nps(*sources: str | Path) -> list[object]:
    rows = run_here("nps", *sources, "--by", "partner", "--format", "json", "--quiet").json["rows"]
    return [(row["group"], row["responses"], row["nps"]) for row in rows]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tmp_path.joinpath("answers.csv").write_bytes(CSV)
    for ending, pack in PACKINGS.items():
        tmp_path.joinpath(f"answers.csv.{ending}").write_bytes(pack(CSV))
    tmp_path.joinpath("answers.zip").write_bytes(zipped(answers_csv=CSV, __MACOSX=b"x"))
    tmp_path.joinpath("several.zip").write_bytes(zipped(answers_csv=CSV, other_csv=CSV[: len(CSV) // 2]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("source", [*(f"answers.csv.{ending}" for ending in PACKINGS), "answers.zip"])
@pytest.mark.usefixtures("folder")
def test_a_packed_file_gives_the_figures_of_what_it_holds(source: str) -> None:
    """However it is packed the figures are those of the plain file, and messages name the file that was given."""
    assert nps(source) == nps("answers.csv")
    wrong = run_here("nps", source, "--score", "scor")
    assert (wrong.code, source in wrong.err, "plain-" in wrong.err) == (2, True, False)


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
@pytest.mark.parametrize("content", [CSV, gzip.compress(CSV)])
def test_a_pipe(name: str, content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is piped is read once, packed or not; it counts beside files, and an empty pipe is said."""
    monkeypatch.setattr(sys, "stdin", Piped(CSV))
    piped = nps(name)
    assert piped == nps("answers.csv")
    assert piped[0][1] == 60  # type: ignore[index]
    (folder / "more.csv").write_text("partner,date,score\nAcme,2026-06-30,10\n")
    monkeypatch.setattr(sys, "stdin", Piped(content))
    if content == CSV:
        assert nps(name, "more.csv")[0][1] == 61  # type: ignore[index]
    monkeypatch.setattr(sys, "stdin", Piped(b""))
    empty = run_here("nps", name)
    assert (empty.code, "standard input is empty" in empty.err) == (1, True)


def test_an_archive_with_several_tables_asks_which(folder: Path) -> None:
    """It lists how each is named; the one that is named counts; a password and a cut archive are said."""
    asked = run_here("nps", "several.zip")
    assert asked.code == 1
    assert "'several.zip#answers.csv', 'several.zip#other.csv'" in asked.err
    assert nps("several.zip#answers.csv") == nps("answers.csv")
    assert "has no file 'third.csv'" in run_here("nps", "several.zip#third.csv").err
    (folder / "cut.csv.gz").write_bytes(gzip.compress(CSV)[:-20])
    (folder / "cut.zip").write_bytes((folder / "answers.zip").read_bytes()[:-30])
    for name in ("cut.csv.gz", "cut.zip"):
        cut = run_here("nps", name)
        assert (cut.code, f"{name} is damaged" in cut.err) == (1, True)


@pytest.mark.parametrize("ending", PACKINGS)
def test_what_unpacks_to_too_much_is_refused(ending: str, tmp_path: Path) -> None:
    """Only so much is unpacked as the limits allow, whatever the file says of itself."""
    path = tmp_path / f"big.csv.{ending}"
    path.write_bytes(PACKINGS[ending](b"score\n" + b"9\n" * 2_000_000))
    with pytest.raises(UnsafeFile, match="unpacks to more than 2 MB"):
        plain(path, None, lambda: tmp_path, Limits(unpacked=2 << 20))


def test_what_is_packed_too_densely_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kilobytes may hold so many rows that they take minutes: no answers are packed like that."""
    monkeypatch.setattr("partnerkpi.tables.packed._MUCH", 1 << 20)
    path = tmp_path / "answers.csv.gz"
    path.write_bytes(gzip.compress(b"partner,score\n" + b"Acme,9\n" * 400_000))
    assert path.stat().st_size < 10_000
    with pytest.raises(UnsafeFile, match="packed more than 200 to 1"):
        plain(path, None, lambda: tmp_path, Limits())


def test_a_folder_is_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One KPI takes the tables of its kind, a scorecard each for what it is; what else lies there is said."""
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "january.csv").write_bytes(CSV)
    (exports / "february.csv").write_text("partner,date,score\nAcme,2026-02-28,10\n")
    (exports / "partners.csv").write_text("partner,tier\nAcme,Gold\nBolt,Silver\n")
    (exports / "readme.txt").write_text("hello")
    (exports / "~$january.xlsx").write_text("a lock")
    monkeypatch.chdir(tmp_path)
    run = run_here("nps", "exports", "--format", "json")
    assert run.json["rows"][0]["responses"] == 61
    assert "passed over" in run.err
    assert "partners.csv" in run.err
    assert "readme.txt" in run.err
    told = run_here("compare", "exports", "--format", "json").json
    assert {source["kind"]: source["rows_used"] for source in told["provenance"]} == {"responses": 61, "partners": 2}
    (tmp_path / "none").mkdir()
    with pytest.raises(FileProblem, match=r"no file that ends in \.csv"):
        files_of(tmp_path / "none")


@pytest.mark.parametrize("ending", sorted({".csv", ".xlsx", ".parquet"}))
@pytest.mark.usefixtures("folder")
def test_figures_as_a_file_are_read_by_others(ending: str) -> None:
    """`-o` writes what CSV prints: pandas reads the same unrounded figures, and formulas as texts."""
    import pandas as pd

    Path("odd.csv").write_bytes(CSV.replace(b"Bolt", b"=1+1"))
    target = f"figures{ending}"
    done = run_here("nps", "odd.csv", "--by", "partner", "-o", target)
    assert (done.code, done.out, f"The figures are in {target}" in done.err) == (0, "", True)
    read = {
        ".csv": pd.read_csv,
        ".xlsx": functools.partial(pd.read_excel, engine="calamine"),
        ".parquet": pd.read_parquet,
    }[ending](target)
    rows = run_here("nps", "odd.csv", "--by", "partner", "--format", "json").json["rows"]
    assert read["nps"].tolist() == [row["nps"] for row in rows]
    assert read["low"].tolist() == pytest.approx([row["low"] for row in rows], abs=1e-12)
    assert read["level"].tolist() == ["whole", "group", "group"]
    assert read["partner"].fillna("").tolist() == ["", "'=1+1" if ending == ".csv" else "=1+1", "Acme"]


@pytest.mark.usefixtures("folder")
def test_figures_as_json_and_markdown() -> None:
    """A .json file holds what --format json prints, a .md file and --format markdown a table with every column."""
    run_here("nps", "answers.csv", "--by", "partner", "-o", "figures.json")
    printed = run_here("nps", "answers.csv", "--by", "partner", "--format", "json")
    assert Path("figures.json").read_text("utf-8") == printed.out
    run_here("nps", "answers.csv", "--by", "partner", "-o", "figures.md")
    table = run_here("nps", "answers.csv", "--by", "partner", "--format", "markdown").out
    assert Path("figures.md").read_text("utf-8") == table
    lines = table.splitlines()
    assert lines[0].startswith("| partner | Responses |")
    assert len({line.count("|") for line in lines}) == 1
    assert len(lines) == 2 + 3
    for ending in ("txt", "xls"):
        assert run_here("nps", "answers.csv", "-o", f"figures.{ending}").code == 2
    assert run_here("nps", "answers.csv", "-o", "figures.csv", "--format", "json").code == 2
    assert run_here("nps", "answers.csv", "-o", "answers.csv").code == 1


def test_columns_of_one_name_are_told_apart() -> None:
    """A group's column may be called as a figure is."""
    assert views.apart(["nps", "level", "NPS", "nps"]) == ["nps", "level", "NPS 2", "nps 3"]
