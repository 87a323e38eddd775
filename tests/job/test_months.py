"""Months acted out: exports are appended, a team types statuses, and each month is one run.

The figures are those of one run over all that came in, each status stands where it belongs, and `diff` names exactly
what changed.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import months
import office
import pytest
from command import run_here

from partnerkpi.demo import write_demo_data
from partnerkpi.job.differences import read_made
from partnerkpi.scorecard.plain import as_dict
from partnerkpi.verify import verify

Told = tuple[str, dt.date | None, str | None]
Call = tuple[str, str | None, str, str]


def typed(calls: Sequence[Call], number: int, day: dt.date) -> dict[Call, Told]:
    """Return what a team types beside some calls."""
    draw = random.Random(number)
    words: list[Told] = [
        ("done", day, "credit note sent"),
        ("called", day, None),
        ("not reached", None, "on leave"),
        ("done", None, None),
    ]
    return {one: words[place % 4] for place, one in enumerate(draw.sample(list(calls), number))}


def without_reason(told: dict[Call, Told]) -> dict[tuple[str, str | None, str], Told]:
    """Return the calls as they are looked up in a sheet."""
    return {call[:3]: what for call, what in told.items()}


def job(folder: Path, *options: str) -> dict[str, Any]:
    """Do a month's run."""
    done = run_here("run", "--config", folder / "partnerkpi.toml", "--format", "json", *options)
    assert done.code == 0, done.err
    page: dict[str, Any] = json.loads(done.out)
    return page


def figures(workbook: str) -> tuple[Any, Any]:
    """Return the figures of all together and of each partner."""
    page = as_dict(read_made(Path(workbook)).card)
    return page["total"], page["partners"]


def late_of(page: dict[str, Any]) -> set[tuple[str, str | None, str]]:
    """Return which earlier figures changed."""
    return {(one["period"], one["partner"], one["figure"]) for one in page["changed"]["diff"]["late"]}


@pytest.mark.thorough
def test_a_quarter_of_the_demo(tmp_path: Path) -> None:
    """Three months of the demo's exports, statuses typed with openpyxl and through LibreOffice."""
    files = write_demo_data(tmp_path / "all")
    with files.responses.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(stream)
    late = [
        "a-late",
        "2026-05-20",
        "Halden, Brook & Sons",
        "EMEA",
        "Strategic",
        "Analytics",
        "r-late",
        "0",
        "",
        "e-mail",
    ]
    ends = ["2026-07-31", "2026-08-31", "2026-09-30"]
    where = {name: place for place, name in enumerate(head)}
    parts: list[list[list[str]]] = [[], [], []]
    for row in rows:
        parts[sum(row[where["date"]][:10] > end for end in ends[:2])].append(row)
    parts[1].append(late)
    folder = tmp_path / "job"
    (folder / "exports").mkdir(parents=True)
    for name in ("activities.csv", "customers.csv", "partners.csv"):
        shutil.copy(files.responses.with_name(name), folder)
    (folder / "partnerkpi.toml").write_text(
        '[sources]\nresponses = "exports/*.csv"\nactivities = "activities.csv"\ncustomers = "customers.csv"\n'
        'partners = "partners.csv"\n',
        encoding="utf-8",
    )
    pages, expected = [], dict[Call, Told]()
    for number, (part, end) in enumerate(zip(parts, ends, strict=True)):
        with (folder / "exports" / f"{end}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([head, *part])
        pages.append(job(folder, "--as-of", end, "--today", end))
        book = Path(pages[-1]["workbook"])
        assert months.statuses(book) == expected
        if number == 2:
            break
        told = typed(months.calls_of(book), 12, dt.date.fromisoformat(end) + dt.timedelta(days=3))
        expected |= told
        if number == 0:
            months.type_with_openpyxl(book, book, without_reason(told))
            continue
        (tmp_path / "saved").mkdir()
        months.type_as_a_program(book, tmp_path / "typed.xlsx", without_reason(told))
        saved = office.convert(tmp_path / "typed.xlsx", "xlsx", tmp_path / "saved")
        assert verify(saved).sound
        shutil.copy(saved, book)
    assert [page["period"] for page in pages] == ["2026-Q2", "2026-Q3", "2026-Q3"]
    assert late_of(pages[1]) == {("2026-Q2", None, "nps"), ("2026-Q2", late[2], "nps")}
    assert late_of(pages[2]) == set()
    for page in pages[1:]:
        diff = page["changed"]["diff"]
        assert [diff[key] for key in ("partners_new", "partners_gone", "definitions", "partner_list")] == [[]] * 4
    whole = next(
        one for one in pages[2]["changed"]["diff"]["moves"] if one["partner"] is None and one["figure"] == "nps"
    )
    exports = str(folder / "exports" / "*.csv")
    for key, end in (("before", ends[1]), ("now", ends[2])):
        asked = ("nps", exports, "--period", "quarter", "--as-of", end, "--format", "json")
        rows_of = run_here(*asked).json["rows"]
        assert whole[key] == pytest.approx(next(row["nps"] for row in rows_of if row["period"] == "2026-Q3"))
    once = tmp_path / "once"
    shutil.copytree(folder, once, ignore=shutil.ignore_patterns("runs", "*.xlsx"))
    assert figures(job(once, "--as-of", ends[2], "--today", ends[2])["workbook"]) == figures(pages[2]["workbook"])


AIRLINES = ("Aurora Jet", "Blue Wing", "Cirrus Lines", "Delta Nord", "Echo Air", "Fjord Fly")


def airline_rows(month: int, number: int) -> list[str]:
    """Return rows of a month as a review site exports them; days up to the 12th alone tell no day from a month."""
    draw = random.Random(month)
    scores = (1, 3, 5, 7, 8, 9, 10, 10)
    return [
        f"{airline},{draw.randint(1, 12):02d}/{month:02d}/2026,{draw.choice(scores)},f{month}{place}-{turn}"
        for place, airline in enumerate(AIRLINES)
        for turn in range(number)
    ]


@pytest.mark.thorough
def test_airlines_with_a_question_a_new_name_and_late_answers(tmp_path: Path) -> None:
    """A question stops the first month until the settings answer it; a renamed airline keeps what was typed."""
    head = "Airline Name,Review Date,Recommendation Score,Flyer ID"
    exports = tmp_path / "exports"
    exports.mkdir()
    sources = '[sources]\nresponses = "exports/*.csv"\n[columns]\npartner = "Airline Name"\n'
    sources += 'respondent = "Flyer ID"\n[options]\nperiod = "month"\n'
    config = tmp_path / "partnerkpi.toml"
    config.write_text(sources, encoding="utf-8")

    def export(name: str, rows: list[str]) -> None:
        (exports / name).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")

    export("1.csv", airline_rows(1, 8))
    asked = run_here("run", "--config", config)
    assert asked.code == 2
    assert "day" in asked.err
    assert not list(tmp_path.glob("*.xlsx"))
    answered = sources + "day_first = true\n"
    config.write_text(answered, encoding="utf-8")
    first = job(tmp_path, "--as-of", "2026-01-31", "--today", "2026-02-02")
    expected = typed(months.calls_of(Path(first["workbook"])), 9, dt.date(2026, 2, 3))
    expected |= {one: ("done", dt.date(2026, 2, 4), None) for one in expected if one[0] == "Blue Wing"}
    months.type_with_openpyxl(Path(first["workbook"]), Path(first["workbook"]), without_reason(expected))
    assert any(one[0] == "Blue Wing" for one in expected)

    renamed = [row.replace("Blue Wing,", "BlueWing,") for row in airline_rows(2, 8)]
    late = ["Echo Air,09/01/2026,1,late-1", "Echo Air,10/01/2026,2,late-2"]
    export("2.csv", [*renamed, *late])
    (tmp_path / "names.csv").write_text("as written,partner\nBlue Wing,BlueWing\n", encoding="utf-8")
    config.write_text(answered + 'partner_names = "names.csv"\n', encoding="utf-8")
    second = job(tmp_path, "--as-of", "2026-02-28", "--today", "2026-03-02")
    assert verify(Path(second["workbook"]), second["fingerprint"]).sound
    now = {("BlueWing" if one[0] == "Blue Wing" else one[0], *one[1:]): what for one, what in expected.items()}
    assert months.statuses(Path(second["workbook"])) == now
    diff = second["changed"]["diff"]
    # The file of names says that both are one.
    assert (diff["partners_new"], diff["partners_gone"], diff["perhaps_renamed"]) == ([], [], [])
    assert late_of(second) == {("2026-01", None, "nps"), ("2026-01", "Echo Air", "nps")}
    assert [one["what"] for one in diff["definitions"]] == []
    changed = next(one for one in diff["late"] if one["partner"] == "Echo Air")
    scores = [int(row.split(",")[2]) for row in (*airline_rows(1, 8), *late) if row.startswith("Echo Air,")]
    assert changed["answers"] == [8, 10]
    assert changed["now"] == pytest.approx(
        100 * (sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)) / len(scores)
    )

    export("3.csv", [row.replace("Blue Wing,", "BlueWing,") for row in airline_rows(3, 8)])
    book = Path(second["workbook"])
    more = typed([one for one in months.calls_of(book) if one not in now], 5, dt.date(2026, 3, 3))
    months.type_with_openpyxl(book, book, without_reason(more))
    third = job(tmp_path, "--as-of", "2026-03-31", "--today", "2026-04-02")
    assert months.statuses(Path(third["workbook"])) == now | more
    assert late_of(third) == set()
    once = tmp_path / "once"
    shutil.copytree(tmp_path, once, ignore=shutil.ignore_patterns("runs", "*.xlsx", "once"))
    assert figures(job(once, "--as-of", "2026-03-31", "--today", "2026-04-02")["workbook"]) == figures(
        third["workbook"]
    )
