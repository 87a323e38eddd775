"""Statuses that a team typed beside its calls go into the next workbook, wherever the rows stand."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from statistics import median

import months
import office
import pytest
from command import Run, run_here
from tamperings import MAIN, Forgery

import partnerkpi
from partnerkpi.verify import verify

Told = tuple[str, dt.date | None, str | None]
TYPED: dict[tuple[str, str, str], Told] = {
    ("Acme", "ann", "detractor"): ("done", dt.date(2026, 4, 1), "invoice corrected"),
    ("Acme", "dee", "detractor"): ("called", dt.date(2026, 4, 2), None),
    ("Bolt & Co", "ann", "detractor"): ("done", dt.date(2026, 4, 3), None),
    ("Café Nord", "fay", "detractor"): ("not reached", None, "on leave"),
}
REASONS = {"ann": "answered 2 on 5 Jan 2026", "dee": "answered 4 on 8 Feb 2026", "fay": "answered 6 on 10 Mar 2026"}


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a quarter's answers, its workbook, and one with statuses typed."""
    folder = tmp_path_factory.mktemp("quarter")
    (folder / "responses.csv").write_text(months.HEAD + months.Q1, encoding="utf-8")
    (folder / "partners.csv").write_text(months.PARTNERS, encoding="utf-8")
    made = build(folder, "q1.xlsx", "--as-of", "2026-03-31")
    assert made.code == 0, made.err
    months.type_with_openpyxl(folder / "q1.xlsx", folder / "typed.xlsx", TYPED)
    return folder


@pytest.fixture
def folder(quarter: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder."""
    return Path(shutil.copytree(quarter, tmp_path, dirs_exist_ok=True))


def build(folder: Path, name: str, *options: str) -> Run:
    """Build the workbook of a folder."""
    files = (folder / "responses.csv", folder / "partners.csv")
    return run_here("scorecard", *files, "-o", folder / name, "--format", "json", *options)


def with_reasons(typed: Mapping[tuple[str, str, str], Told]) -> dict[tuple[str, ...], Told]:
    """Return what was typed as the sheet has it."""
    return {(*call, REASONS[call[1]]): value for call, value in typed.items()}


def append(folder: Path, rows: str) -> None:
    """Append the next export."""
    with (folder / "responses.csv").open("a", encoding="utf-8") as out:
        out.write(rows)


def test_a_workbook_of_the_same_quarter_has_them_at_their_calls(folder: Path) -> None:
    """Status, day and note stand beside the same call, though more answers came in and rows moved."""
    append(folder, "Acme,aaa,2026-03-30,0\nZed,zoe,2026-03-30,1\n")
    made = build(folder, "next.xlsx", "--as-of", "2026-03-31", "--carry-on", str(folder / "typed.xlsx"))
    assert made.code == 0, made.err
    assert months.statuses(folder / "next.xlsx") == with_reasons(TYPED)
    assert verify(folder / "next.xlsx").sound


def test_rows_that_were_sorted_or_deleted_lose_nothing(folder: Path) -> None:
    """A row is known by what it says, not by where it stands; a deleted one keeps the status of the record."""
    first = build(folder, "first.xlsx", "--as-of", "2026-03-31", "--carry-on", str(folder / "typed.xlsx"))
    assert first.code == 0, first.err
    book = Forgery(folder / "first.xlsx")
    part = next(sheet.part for title, sheet in book_sheets(folder / "first.xlsx").items() if title == "Actions")
    data = book.root(part).find(f"{{{MAIN}}}sheetData")
    assert data is not None
    rows = {row.get("r"): row for row in data}
    one, other = rows["7"], rows["12"]
    for row, number in ((one, "12"), (other, "7")):
        row.set("r", number)
        for cell in row:
            cell.set("r", f"{cell.get('r', '').rstrip('0123456789')}{number}")
    data.remove(rows["8"])
    data[:] = sorted(data, key=lambda row: int(row.get("r", "0")))
    book.write(folder / "sorted.xlsx")
    made = build(folder, "next.xlsx", "--as-of", "2026-03-31", "--carry-on", str(folder / "sorted.xlsx"))
    assert made.code == 0, made.err
    assert "1 call of sorted.xlsx has no row there any more: its status is kept" in made.err
    assert months.statuses(folder / "next.xlsx") == with_reasons(TYPED)


def book_sheets(path: Path) -> dict[str, object]:
    """Return the sheets of a workbook."""
    from partnerkpi.verify.contents import read_contents

    return dict(read_contents(path).sheets)


def test_the_next_quarter_keeps_them_as_earlier_with_what_came_of_them(folder: Path) -> None:
    """An answer of a later quarter is another call; the loop's figures are those that a count by hand gives."""
    append(folder, months.Q2)
    made = build(folder, "q2.xlsx", "--carry-on", str(folder / "typed.xlsx"))
    assert made.code == 0, made.err
    assert months.statuses(folder / "q2.xlsx") == with_reasons(TYPED)
    assert verify(folder / "q2.xlsx").sound
    page = json.loads(made.out)
    now = {(row["group"]["partner"], row["who"], row["kind"]): row["status"] for row in page["actions"]}
    assert set(now.values()) == {"open"}
    loop = page["closed_loop"]
    q1 = next(row for row in loop["periods"] if row["period"] == "2026-Q1")
    # nine detractors in the first quarter: ann, dee, fay of three partners
    assert [q1[key] for key in ("calls", "done", "called", "not_reached", "open")] == [9, 2, 1, 1, 5]
    days = [(dt.date(2026, 4, day) - dt.date(2026, 1, 5)).days for day in (1, 3)]
    assert q1["days_to_close"] == median(days)
    assert q1["closed_share"] == pytest.approx(100 * 2 / 9)
    # ann of two partners answered 9 after the call, dee of Acme 3
    assert (q1["answered_again"], q1["promoters_now"], q1["detractors_now"]) == (3, 2, 1)
    assert loop["total"]["calls"] == 9 + len(page["actions"])
    earlier = {(one["partner"], one["who"]): one for one in loop["earlier_calls"]}
    assert len(earlier) == len(TYPED)
    assert (earlier["Acme", "dee"]["next_score"], earlier["Acme", "dee"]["next_day"]) == (3, "2026-05-08")
    assert earlier["Café Nord", "fay"]["next_score"] is None


@pytest.mark.thorough
def test_they_are_carried_again_and_again(folder: Path) -> None:
    """A status typed beside an earlier call counts, and calls that nobody made are counted in each later workbook."""
    append(folder, months.Q2)
    build(folder, "q2.xlsx", "--carry-on", str(folder / "typed.xlsx"))
    for how in ("with its record", "without"):
        again = folder / "q2.xlsx"
        if how == "without":
            done = ("done", dt.date(2026, 7, 1), None)
            again = months.type_with_openpyxl(again, folder / "again.xlsx", {("Acme", "dee", "detractor"): done})
        made = build(folder, f"{how[:5]}.xlsx", "--carry-on", str(again))
        assert made.code == 0, made.err
        q1 = next(row for row in json.loads(made.out)["closed_loop"]["periods"] if row["period"] == "2026-Q1")
        done = 2  # the first row of Acme, dee is the call of the second quarter
        assert [q1[key] for key in ("calls", "done", "called", "open")] == [9, done, 1, 5]
        assert (q1["answered_again"], q1["promoters_now"]) == (3, 2)
        q2 = json.loads(made.out)["closed_loop"]["periods"][0]
        assert q2["done"] == (how == "without")


def test_libreoffice_keeps_what_was_typed(folder: Path) -> None:
    """Typed as a program does and saved by LibreOffice: record and statuses are there, and it verifies."""
    only: dict[tuple[str, str, str], Told]
    only = {("Acme", "ann", "detractor"): ("done", dt.date(2026, 4, 1), "invoice corrected")}
    months.type_as_a_program(folder / "q1.xlsx", folder / "typed.xlsx", only)
    (folder / "saved").mkdir()
    saved = office.convert(folder / "typed.xlsx", "xlsx", folder / "saved")
    report = verify(saved)
    assert report.sound, report.findings
    assert report.changed == ["Actions: what became of calls was typed into 3 cells"]
    made = build(folder, "next.xlsx", "--as-of", "2026-03-31", "--carry-on", str(saved))
    assert made.code == 0, made.err
    assert "lost its record" not in made.err
    assert months.statuses(folder / "next.xlsx") == with_reasons(only)


def test_a_renamed_partner_keeps_its_statuses(folder: Path) -> None:
    """A spelling is no other partner; a new name is the old one where the file of names says so."""
    answers = (folder / "responses.csv").read_text(encoding="utf-8")
    answers = answers.replace("Acme,", "ACME,").replace("Bolt & Co,", "Thunder,")
    (folder / "responses.csv").write_text(answers, encoding="utf-8")
    listed = months.PARTNERS.replace("Acme,", "ACME,").replace("Bolt & Co,", "Thunder,")
    (folder / "partners.csv").write_text(listed, encoding="utf-8")
    (folder / "names.csv").write_text("as written,partner\nBolt & Co,Thunder\n", encoding="utf-8")
    (folder / "s.toml").write_text('[options]\npartner_names = "names.csv"\n', encoding="utf-8")
    options = ("--as-of", "2026-03-31", "--carry-on", str(folder / "typed.xlsx"))
    made = build(folder, "next.xlsx", *options, "--config", str(folder / "s.toml"))
    assert made.code == 0, made.err
    spelled = {"Acme": "ACME", "Bolt & Co": "Thunder"}
    renamed = {(spelled.get(name, name), *rest): value for (name, *rest), value in TYPED.items()}
    assert months.statuses(folder / "next.xlsx") == {(*call, REASONS[call[1]]): one for call, one in renamed.items()}
    without = json.loads(build(folder, "other.xlsx", *options).out)["closed_loop"]
    assert [one["partner"] for one in without["earlier_calls"]] == ["Bolt & Co"]


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("H", "perhaps", "no status of a call; choose open, called, done, not reached"),
        ("I", "3/4/2026", "day and month cannot be told apart"),
        ("I", "soon", "is no day"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(folder: Path, column: str, value: str, says: str) -> None:
    """A word that is no status and a day that can be two are errors that name file, sheet and row."""
    book, sheet = months.sheet_of(folder / "q1.xlsx")
    row = months.row_of(sheet, "Acme", "ann", "detractor")
    sheet[f"{column}{row}"] = value
    book.save(folder / "typed.xlsx")
    made = build(folder, "next.xlsx", "--carry-on", str(folder / "typed.xlsx"))
    assert made.code in (1, 2)
    assert f"sheet Actions, row {row}" in made.err
    assert says in made.err
    assert not (folder / "next.xlsx").exists()


def test_a_later_workbook_and_one_of_another_kind_are_refused(folder: Path) -> None:
    """Statuses come from the workbook before, which is never the one that is written."""
    append(folder, months.Q2)
    build(folder, "q2.xlsx")
    late = build(folder, "next.xlsx", "--as-of", "2026-03-31", "--carry-on", str(folder / "q2.xlsx"))
    assert late.code == 1
    assert "Q2 2026" in late.err
    same = build(folder, "q2.xlsx", "--carry-on", str(folder / "q2.xlsx"))
    assert same.code == 1
    assert "would be lost" in same.err
    other = build(folder, "next.xlsx", "--carry-on", str(folder / "responses.csv"))
    assert other.code == 1


def test_in_another_language(folder: Path) -> None:
    """A workbook in another language is read by its own words, and its statuses go into one in English."""
    (folder / "s.toml").write_text('[options]\nlanguage = "de"\n', encoding="utf-8")
    append(folder, months.Q2)
    last = ("--carry-on", str(folder / "typed.xlsx"), "--config", str(folder / "s.toml"))
    assert build(folder, "other.xlsx", *last).code == 0
    book, sheet = months.sheet_of(folder / "other.xlsx")
    row = months.row_of(sheet, "Acme", "dee", "Detraktor")
    sheet[f"H{row}"] = "erledigt"
    book.save(folder / "again.xlsx")
    made = build(folder, "next.xlsx", "--carry-on", str(folder / "again.xlsx"))
    assert made.code == 0, made.err
    expected = with_reasons(TYPED) | {("Acme", "dee", "detractor", "answered 3 on 8 May 2026"): ("done", None, None)}
    assert months.statuses(folder / "next.xlsx") == expected


def test_statuses_are_carried_on_from_python_too(folder: Path) -> None:
    """`carry_on` of build_scorecard gives the workbook of `--carry-on`, byte for byte."""
    append(folder, months.Q2)
    asked = ("--carry-on", str(folder / "typed.xlsx"), "--as-of", "2026-06-30")
    assert build(folder, "command.xlsx", *asked).code == 0
    files = [folder / "responses.csv", folder / "partners.csv"]
    target = folder / "python.xlsx"
    with pytest.warns(UserWarning, match="has lost its record"):
        card = partnerkpi.build_scorecard(files, target, carry_on=folder / "typed.xlsx", as_of="2026-06-30")
    assert sum(one.status == "done" for one in card.carried or ()) == 2
    assert target.read_bytes() == (folder / "command.xlsx").read_bytes()
